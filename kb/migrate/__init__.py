"""Carrying a checkout from an older form of its files to the present one, step by step.

Each step knows files of any age, leaves alone what is in the new form already, and moves texts without rewording them. A
branch is carried forward by running it there; a release of others, before it is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kb.atomic import write_text
from kb.formulary.write import dump, load
from kb.migrate import codes, directions, parts
from kb.model.release import MODEL

STEPS: tuple[tuple[int, str, Callable[[Path], list[str]]], ...] = (
    (2, "findings, assessments and cautions in files of their own", parts.split),
    (2, "codes beside the words of cautions and outcomes", codes.fill),
    (3, "*mixed* told apart: outcomes differ, studies disagree, neither shown better", directions.split),
)
"""The version a step leads to, what it does, and the function that does it and names the files it wrote."""


def migrate(root: Path) -> list[tuple[str, list[str]]]:
    """Run every step under `root`: what each does and the files it wrote. Run twice, it writes nothing."""
    done = [(what, step(root)) for _, what, step in STEPS]
    path = root / "formulary" / "release.yaml"
    if path.exists():
        text = path.read_text(encoding="utf-8")
        document = load(text)
        if document.get("model", 1) < MODEL:
            document.pop("model", None)
            document.insert(1, "model", MODEL)
            write_text(path, dump(document))
            done.append((f"version {MODEL} of the record types", [path.relative_to(root).as_posix()]))
    return done
