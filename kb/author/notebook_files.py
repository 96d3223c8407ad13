"""Keeping the author notebooks as they came: what a form shows belongs into drafts and records, never into the notebook.

JupyterLab saves a notebook with everything its cells have shown, by itself every two minutes. Saved so, every author's
checkout would differ, and the next `git pull` would stop over it. `kb lab` gives this hook to Jupyter's server.
"""

from __future__ import annotations

from typing import Any

FOLDER = "notebooks/author/"


def without_output(model: dict[str, Any], path: str, **_: Any) -> None:
    """Take what cells have shown out of an author notebook before it is saved (a `pre_save_hook` of Jupyter's server).

    Other files, and other cells an author adds to other notebooks, are saved as they are.
    """
    if model.get("type") != "notebook" or not path.lstrip("/").startswith(FOLDER):
        return
    content = model.get("content")
    if not isinstance(content, dict):
        return
    metadata = content.get("metadata", {})
    metadata.pop("widgets", None)
    # The version of each author's Python, and what JupyterLab notes of a kernel, are no part of the page.
    metadata["kernelspec"] = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata["language_info"] = {"name": "python"}
    cells = content.get("cells", [])
    while cells and cells[-1].get("cell_type") == "code" and not "".join(cells[-1].get("source", "")).strip():
        del cells[-1]  # Shift+Enter in the last cell makes an empty one below
    for cell in cells:
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
        cell["metadata"] = {k: v for k, v in cell.get("metadata", {}).items() if k not in ("execution", "trusted")}
