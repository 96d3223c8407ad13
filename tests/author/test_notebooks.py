"""Each notebook is a page: a title and a call; and runs from top to bottom with nothing given."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kb import author
from tests.author.conftest import PROJECT

FOLDER = PROJECT / "notebooks" / "author"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_is_one_for_each_task() -> None:
    assert [n.stem[0] for n in NOTEBOOKS] == list("012345678")
    assert len(author.PAGES) == len(NOTEBOOKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_a_title_and_a_call_without_logic_and_without_output(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    assert cells[0]["source"][0].startswith("# ")
    code = [c for c in cells if c["cell_type"] == "code"]
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in code)
    statements = [s for c in code for s in ast.parse("".join(c["source"])).body]
    assert len(statements) <= 3
    assert all(isinstance(s, ast.ImportFrom | ast.Expr) for s in statements)
    called = [s.value.func.attr for s in statements if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]  # type: ignore[attr-defined]
    assert set(called) <= set(author.PAGES)


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_ROOT", str(root))
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=500, kernel_name="python3", resources={"metadata": {"path": str(root)}}).execute()
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert any("application/vnd.jupyter.widget-view+json" in o.get("data", {}) for o in outputs)
    assert not any(o.output_type == "error" or o.get("name") == "stderr" for o in outputs), outputs


def test_importing_the_package_brings_no_widgets_and_no_great_expectations() -> None:
    import subprocess
    import sys

    code = (
        "import sys, kb.author, kb.author.session; "
        "print([m for m in ('ipywidgets', 'great_expectations', 'scipy', 'kb.views') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == "[]"
