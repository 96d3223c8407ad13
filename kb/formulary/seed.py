"""The files a new base starts with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import ValidationError

from kb.atomic import write_text
from kb.formulary.read import VOCABULARIES
from kb.formulary.write import canonical
from kb.model.field import KnowledgeField
from kb.model.release import MODEL
from kb.model.schema import schemas

_README = """# {name}

Files are plain text: `formulary/` holds the records, `references.bib` the literature, `learning/` (if there is one) guided
paths and a glossary. `formulary/field.yaml` says what the base is called and what its pages offer to begin with.

    kb check     what is wrong or missing
    kb serve     the pages
    kb export    the data for others
"""


def seed(folder: Path, id_: str, name: str, subject: str) -> list[Path]:
    """Write an empty base into `folder` and return its files.

    Raises ValueError when a base stands there already, or when `id_` is no id (lower-case words joined by hyphens).
    """
    if (folder / "formulary").exists() or (folder / "references.bib").exists():
        raise ValueError(f"{folder}: a base stands there already; choose another folder")
    try:
        field = KnowledgeField(
            id=id_, name=name, short_name=name, subject=subject, creator=f"Contributors of the {name}"
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{first['loc'][0]} {first['input']!r}: {first['msg']}") from error
    said = {"id": field.id, "name": field.name, "short_name": field.short_name, "subject": field.subject}
    lines = [f"{key}: {_quoted(value)}" for key, value in (said | {"creator": field.creator}).items()]
    files = {
        "formulary/field.yaml": _yaml("field", "\n".join(lines) + "\n"),
        "formulary/release.yaml": _yaml(
            "release", f"version: 0.1.0\nmodel: {MODEL}\ndate: {date.today()}\nnotes: Nothing is released yet.\n"
        ),
        "references.bib": "",
        "README.md": _README.format(name=name),
        ".gitignore": "build/\n",
    }
    files |= {f"formulary/vocabulary/{v}.yaml": _yaml("vocabulary", "terms: []\n", 2) for v in VOCABULARIES}
    files |= {f"schema/{schema}.json": text for schema, text in schemas().items()}
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        write_text(folder / file, text)
    return [folder / file for file in files]


def _yaml(schema: str, text: str, depth: int = 1) -> str:
    return canonical(f"# yaml-language-server: $schema={'../' * depth}schema/{schema}.json\n{text}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
