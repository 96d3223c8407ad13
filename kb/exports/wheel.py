"""The content as a Python package: `pip install` it beside the program, and `kb` works in an empty folder.

The wheel holds the snapshot alone and names itself under the entry point group `kb.content` (`kb.snapshot.installed`).
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from kb.exports.data import LICENCE, LICENCE_ADDRESS, LICENCE_TITLE, Data
from kb.snapshot.installed import FILE_NAME, GROUP

MISSING = ("The files the snapshot was made from, and what changed since: see the repository.",)


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`<name>_content-<release>-py3-none-any.whl`; the same snapshot gives the same bytes."""
    from hatchling.builders.wheel import WheelBuilder

    module = f"{data.base.replace('-', '_')}_content"
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / module).mkdir()
        about = f"{data.title}, release {data.release or 'unreleased'}, {data.date}."
        (root / module / "__init__.py").write_text(f'"""{about}"""\n', encoding="utf-8")
        shutil.copyfile(data.snapshot.file, root / module / FILE_NAME)
        (root / "README.md").write_text(
            f"{about} A reference for professionals, not medical advice.\n", encoding="utf-8"
        )
        (root / "LICENSE.txt").write_text(f"{about}\n{LICENCE_TITLE}\n{LICENCE_ADDRESS}\n", encoding="utf-8")
        (root / "pyproject.toml").write_text(_project(data, module), encoding="utf-8")
        for path in sorted(root.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
            os.utime(path, (1_600_000_000, 1_600_000_000))
        built = next(iter(WheelBuilder(str(root)).build(directory=str(root / "dist"), versions=["standard"])))
        wheel = folder / Path(built).name
        shutil.copyfile(built, wheel)
    progress(f"{wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB")
    return [wheel]


def _project(data: Data, module: str) -> str:
    """The package's description; JSON strings are strings of TOML, too."""
    return f"""[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{data.base}-content"
version = {json.dumps(data.release or "0")}
description = {json.dumps(f"Content of the {data.title}", ensure_ascii=False)}
readme = "README.md"
license = "{LICENCE}"
license-files = ["LICENSE.txt"]
authors = [{{ name = {json.dumps(data.creator, ensure_ascii=False)} }}]
requires-python = ">=3.11"
dependencies = ["mesotherapy-kb"]

[project.entry-points."{GROUP}"]
"{data.base}" = "{module}"

[tool.hatch.build.targets.wheel]
packages = ["{module}"]
"""
