"""`kb init`"""

from __future__ import annotations

import re
from pathlib import Path

import click

from kb.cli.common import fail


@click.command("init")
@click.argument("folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--subject", required=True, help="What the knowledge base is about, e.g. `palliative care`; on every page."
)
@click.option("--name", help="Name of the knowledge base on its pages; made from the subject when left out.")
@click.option("--id", "id_", help="Name for machines, in lower case with hyphens; made from the name when left out.")
def command(folder: Path, subject: str, name: str | None, id_: str | None) -> None:
    """Start another field's base in FOLDER: its own name, its own vocabularies, nothing of this one's content."""
    from kb.formulary.seed import seed

    subject = " ".join(subject.split())
    name = name or f"{subject[:1].upper()}{subject[1:]} knowledge base"
    id_ = id_ or re.sub(r"[^a-z0-9]+", "-", name.lower().replace("knowledge base", "kb")).strip("-")
    try:
        written = seed(folder, id_, name, subject)
    except (ValueError, OSError) as error:
        fail(str(error), 1)
    click.echo(f"{folder}: {name}, {len(written)} files")
    click.echo("Fill the lists in formulary/vocabulary, then: kb new ingredient, kb cite add, kb check, kb serve")
