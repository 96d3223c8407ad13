"""Make a base N times as large as the real one, with its shape: every file N times, each copy a world of its own.

Copy k > 1 has every slug, finding id, claim id and reference key suffixed, so that all links stay inside the copy and
nothing is merged away. DOIs, PMIDs and identifiers are dropped from copies: they must be unique or checksummed.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

_WORDS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_DROP_BIB = re.compile(r"^\s*(doi|pmid|pmcid)\s*=.*\n", re.MULTILINE)


def generate(root: Path, folder: Path, times: int) -> Path:
    """Write the N-fold base of `root` into `folder` (emptied first) and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree(root / "formulary", folder / "formulary")
    shutil.copytree(root / "validation", folder / "validation")
    bibliography = (root / "references.bib").read_text(encoding="utf-8")
    names = _names(root, bibliography)
    parts = [bibliography]
    for number in range(2, times + 1):
        letters = _letters(number)
        keys = {n: f"{n}{letters}" for n in names["keys"]}
        slugs = {n: f"{n}-{letters}" for n in names["slugs"]}
        renamed = slugs | keys
        for path in sorted((root / "formulary").rglob("*.yaml")):
            if path.parent.name == "formulary":  # single files: the copies' entries would need a second reader
                continue
            text = _rename(path.read_text(encoding="utf-8"), renamed)
            target = folder / path.relative_to(root)
            if path.parent.name == "vocabulary":
                body = text.split("terms:\n", 1)[1] if "terms:\n" in text else ""
                with open(target, "a", encoding="utf-8") as file:
                    file.write(body)
            else:
                stem = slugs.get(path.stem, f"{path.stem}-{letters}")
                target.with_name(f"{stem}.yaml").write_text(text, encoding="utf-8")
        parts.append(_copied(_DROP_BIB.sub("", bibliography), keys, letters.upper()))
    (folder / "references.bib").write_text("\n".join(parts), encoding="utf-8")
    return folder


def _copied(text: str, keys: dict[str, str], mark: str) -> str:
    """Entries under other keys and titles: the same title and year would be the same paper."""
    text = re.sub(r"^(@\w+\{)(\w+),", lambda m: f"{m[1]}{keys.get(m[2], m[2])},", text, flags=re.MULTILINE)
    return re.sub(r"^(\s*title\s*=\s*\{)", rf"\g<1>{mark} ", text, flags=re.MULTILINE)


def _names(root: Path, bibliography: str) -> dict[str, set[str]]:
    """Everything that names a record: reference keys, and the ids of all records."""
    keys = set(re.findall(r"^@\w+\{(\w+),", bibliography, re.MULTILINE))
    slugs: set[str] = set()
    for path in (root / "formulary").rglob("*.yaml"):
        slugs |= set(re.findall(r"^\s*(?:- )?id: '?([^\s']+)'?$", path.read_text(encoding="utf-8"), re.MULTILINE))
    return {"keys": keys, "slugs": slugs}


_FIELDS = re.compile(
    r"^(\s*(?:- )?(?:id|reference|object|technique|trigger|other|jurisdiction|subject|indication|page): |\s*- )'?([A-Za-z0-9_-]+)'?$",
    re.MULTILINE,
)


def _rename(text: str, names: dict[str, str]) -> str:
    """Rename in the fields that hold names, and in lists of names; prose and closed words stay as they are."""
    text = _FIELDS.sub(lambda m: f"{m[1]}{names.get(m[2], m[2])}", text)
    text = re.sub(r"^\s*identifiers:\n(?:(\s+).*\n)(?:\1.*\n)*", "", text, flags=re.MULTILINE)
    return re.sub(r"^name: .*$", lambda m: m[0].rstrip("'"), text, flags=re.MULTILINE)


def _letters(number: int) -> str:
    """2 -> b, 27 -> ba: reference keys end in letters only."""
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(97 + rest) + out
    return f"x{out}"
