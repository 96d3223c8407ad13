# One door to everything. `make` alone lists the targets; on a fresh machine `make serve` and `make test` also install.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
WORKERS ?= 2

# The scripts' linter comes from npm, where there is one; without it the scripts go unchecked, which is said.
SCRIPTS := tools/scripts/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help install serve lab build check test coverage dist docs lint lint-scripts fmt bench screenshots lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## create .venv with the locked dependencies and the package (PYTHON=python3.12 chooses another Python)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one, e.g. make $(or $(MAKECMDGOALS),install) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
	  || { echo "$(PYTHON) cannot create virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(STAMP)

serve: install ## open the dashboards in a browser (ARGS="--edition trainee --port 8900")
	$(BIN)/kb serve $(ARGS)

lab: install ## open the author notebooks in JupyterLab
	$(BIN)/kb lab $(ARGS)

build: install ## compile the formulary and the bibliography into build/kb.sqlite
	$(BIN)/kb build

check: install ## validate the formulary and the bibliography
	$(BIN)/kb check

test: lint ## everything a contribution must pass (ARGS="-k precheck" chooses tests)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

coverage: install ## branches of what answers questions and appraises that their tests run
	$(BIN)/pytest tests/questions tests/agreement -m "not browser" -n $(WORKERS) --dist loadfile \
	  --cov=kb.questions --cov=kb.appraisal --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100 $(ARGS)

dist: install ## the files of a release with their checksums and bill of materials, into dist/VERSION
	$(BIN)/python tools/release_files.py $(ARGS)

docs: install ## write docs/command-line.md from the program
	$(BIN)/python tools/document_commands.py

lint: install lint-scripts ## style, types and floors of the code, canonical form of the records, spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/kb fmt --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

lint-scripts: ## the scripts that run in a reader's browser
	@command -v npm >/dev/null || { echo "lint-scripts: npm is not installed, so the scripts of the pages were not checked"; exit 0; }; \
	  test $(SCRIPTS) -nt tools/scripts/package-lock.json || npm ci --prefix tools/scripts --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-timeout=30000 \
	    || { echo "lint-scripts: npm could not install the linter, so the scripts of the pages were not checked"; exit 0; }; \
	  tools/scripts/node_modules/.bin/eslint --config tools/scripts/eslint.config.js --max-warnings 0 kb

fmt: install ## put code and records into canonical form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/kb fmt

bench: install ## measure building, searching and opening a page
	$(BIN)/python benchmarks/run.py

screenshots: install ## take the pictures in docs/ again, of the pages and of the author notebooks
	$(BIN)/python tools/screenshots.py
	$(BIN)/python tools/author_screenshots.py

LOCK_ENV := build/lock-env
LOCK := $(LOCK_ENV)/bin/uv --no-config pip compile pyproject.toml --quiet --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)

lock: ## choose the locked versions anew (ARGS=--upgrade for the newest of everything)
	@test -x $(LOCK_ENV)/bin/uv || { $(PYTHON) -m venv $(LOCK_ENV) && $(LOCK_ENV)/bin/pip install --quiet uv; }
	$(LOCK) --extra dev --output-file requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock
	$(BIN)/python tools/lean_lock.py

clean: ## remove what was built, the caches and .venv
	rm -rf build dist .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
