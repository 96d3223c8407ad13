"""The worked notebooks on the public Python API hold no output and run on the formulary as it is; their last cells assert."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.author.conftest import PROJECT

NOTEBOOKS = sorted((PROJECT / "notebooks" / "analysis").glob("*.ipynb"))


def _read(path: Any) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def test_they_are_stored_without_output_and_begin_with_a_title() -> None:
    assert [path.stem[0] for path in NOTEBOOKS] == list("12345")
    for path in NOTEBOOKS:
        cells = _read(path).cells
        assert cells[0].source.startswith("# "), path
        code = [cell for cell in cells if cell.cell_type == "code"]
        assert not any(cell.outputs or cell.execution_count for cell in code), path


@pytest.mark.slow
def test_they_run_from_top_to_bottom() -> None:
    for path in NOTEBOOKS:
        notebook = _read(path)
        assert any("assert " in cell.source for cell in notebook.cells), path
        place = {"metadata": {"path": str(path.parent)}}
        NotebookClient(notebook, timeout=550, kernel_name="python3", resources=place).execute()
        outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
        assert not any(o.output_type == "error" or o.get("name") == "stderr" for o in outputs), (path, outputs)
