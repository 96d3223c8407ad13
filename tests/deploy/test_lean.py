"""The lean lock, the bill of materials and the image hold what serving needs, and nothing else."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kb.compile import ensure

ROOT = Path(__file__).resolve().parents[2]
LEAN = ROOT / "deploy" / "requirements-serve.lock"
NOT_FOR_SERVING = {
    "great-expectations",
    "pandas",
    "scipy",
    "statsmodels",
    "jupyterlab",
    "playwright",
    "mypy",
    "pytest",
    "pip",
}

SERVING = """
import json, sys
from importlib.metadata import packages_distributions
from pathlib import Path
import kb.cli.serve, kb.cli.doctor, kb.serve.app, kb.serve.doctor
from kb import views
from kb.snapshot import open_snapshot
from kb.views.drawing import Medium
from kb.views.page import answer_review, views_of
snapshot = open_snapshot(Path(sys.argv[1]))
for edition in ("clinician", "trainee"):
    views.warm(snapshot, views_of(edition), Medium(edition))
answer_review({"card": None, "rating": "good"})
known = packages_distributions()
print(json.dumps(sorted({d for name in {m.split(".")[0] for m in sys.modules} for d in known.get(name, [])})))
"""


def pinned(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", path.read_text(encoding="utf-8"), re.M))


def test_what_serving_imports_is_in_the_lean_lock() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVING, str(ensure(ROOT))], check=True, capture_output=True, text=True, cwd=ROOT
    )
    imported = {re.sub(r"[-_.]+", "-", name).lower() for name in json.loads(done.stdout.splitlines()[-1])}
    # Brought along by the tools of this environment, not by the server: an extra of a package that happens to be here.
    optional = {"setuptools", "mesotherapy-kb", "websockets", "chardet", "lxml"}
    assert imported - pinned(LEAN).keys() - optional == set()


def test_it_is_a_part_of_the_lock_and_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    from lean_lock import lean

    assert LEAN.read_text(encoding="utf-8") == lean(), "run: python tools/lean_lock.py"
    whole = pinned(ROOT / "requirements.lock")
    assert {name: version for name, version in pinned(LEAN).items() if whole.get(name) != version} == {}
    assert not NOT_FOR_SERVING & pinned(LEAN).keys()
    assert len(pinned(LEAN)) < len(whole)


@pytest.mark.parametrize("name", ["pdf", "package", "hub"])
def test_an_extra_is_installed_from_hashes_too_with_the_versions_of_the_lock(name: str) -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    from lean_lock import extra

    path = ROOT / "deploy" / f"requirements-{name}.lock"
    text = path.read_text(encoding="utf-8")
    assert text == extra(name), "run: python tools/lean_lock.py"
    assert "://" not in text
    whole, own = pinned(ROOT / "requirements-dev.lock"), pinned(path)
    assert own and {package: version for package, version in own.items() if whole.get(package) != version} == {}
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_bill_of_materials_names_every_package_with_hashes_and_licence() -> None:
    made = subprocess.run(
        [sys.executable, "tools/sbom.py"], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout
    again = subprocess.run(
        [sys.executable, "tools/sbom.py"], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout
    assert made == again
    bill = json.loads(made)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {c["name"] for c in bill["components"]} == pinned(LEAN).keys()
    assert all(c["properties"] for c in bill["components"])
    licences = [c for c in bill["components"] if "licenses" in c]
    assert len(licences) >= 0.9 * len(bill["components"])
    said = json.dumps([c["licenses"] for c in licences])
    assert not re.search(r"(?<!L)GPL|GNU General", said)


@pytest.mark.parametrize(
    "path", re.findall(r"^COPY (?!--)(.+) \S+$", (ROOT / "deploy/Containerfile").read_text(), re.M)
)
def test_what_the_image_copies_is_there_and_let_through(path: str) -> None:
    through = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    for name in path.split():
        assert f"!{name}" in through
        if not name.startswith("build/"):
            assert (ROOT / name).exists()


def test_the_image_runs_as_nobody_and_holds_no_formulary() -> None:
    text = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 65534", text, re.M)
    assert "formulary" not in re.sub(r"^#.*$", "", text, flags=re.M)
    assert "--require-hashes" in text
