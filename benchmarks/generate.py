"""Make a base N times as large as the real one, with its shape: every record N times, each copy a world of its own.

Copy k > 1 has every slug, finding id, claim id and reference key suffixed, so that all links stay inside the copy and
nothing is merged away. DOIs, PMIDs and identifiers are dropped from copies: they must be unique or checksummed.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

import yaml

_DROP_BIB = re.compile(r"^\s*(doi|pmid|pmcid)\s*=.*\n", re.MULTILINE)
_NAMES = {
    "id", "reference", "references", "object", "technique", "trigger", "other", "jurisdiction", "subject", "indication", "page",
    "parents", "same_as", "with", "findings", "evidence_for", "evidence_against", "contradicts", "ingredients",
}  # fmt: skip
"""Fields that hold names of records; prose and closed words are left as they are."""


def generate(root: Path, folder: Path, times: int) -> Path:
    """Write the N-fold base of `root` into `folder` (emptied first) and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("formulary", "validation", "learning"):
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name)
    bibliography = (root / "references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{(\w+),", bibliography, re.MULTILINE))
    files = {p: yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted((root / "formulary").glob("*/*.yaml"))}
    parts = [bibliography]
    for number in range(2, times + 1):
        mark = _letters(number)
        for path, value in files.items():
            target = folder / path.relative_to(root)
            renamed = _renamed(value, mark, keys)
            if path.parent.name == "vocabulary":
                with open(target, "a", encoding="utf-8") as file:
                    file.write(textwrap.indent(_text(renamed["terms"]), "  "))
            else:
                target.with_name(f"{path.stem}-{mark}.yaml").write_text(_text(renamed), encoding="utf-8")
        parts.append(_copied(_DROP_BIB.sub("", bibliography), mark))
    (folder / "references.bib").write_text("\n".join(parts), encoding="utf-8")
    return folder


def _renamed(value: Any, mark: str, keys: set[str], field: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _renamed(v, mark, keys, k) for k, v in value.items() if k != "identifiers"}
    if isinstance(value, list):
        return [_renamed(v, mark, keys, field) for v in value]
    if isinstance(value, str) and field in _NAMES:
        return f"{value}{mark}" if value in keys else f"{value}-{mark}"
    return value


def _text(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10**6)
    return text


def _copied(text: str, mark: str) -> str:
    """Entries under other keys and titles: the same title and year would be the same paper."""
    text = re.sub(r"^(@\w+\{)(\w+),", rf"\g<1>\g<2>{mark},", text, flags=re.MULTILINE)
    return re.sub(r"^(\s*title\s*=\s*\{)", rf"\g<1>{mark.upper()} ", text, flags=re.MULTILINE)


def _letters(number: int) -> str:
    """2 -> xb, 27 -> xaa: reference keys end in letters only."""
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(97 + rest) + out
    return f"x{out}"
