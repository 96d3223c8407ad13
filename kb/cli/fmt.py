"""`kb fmt`"""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.common import progress, root_of, say


@click.command("fmt")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail if a file is not in canonical form.")
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], only_check: bool) -> None:
    """Write the YAML of formulary and learning, and references.bib, in their one canonical form."""
    from ruamel.yaml.error import YAMLError

    from kb.atomic import write_text
    from kb.bibliography import DamagedBibliographyError, format_bib
    from kb.formulary.write import canonical

    root = root_of(ctx)
    listed = list(files) or [
        *sorted((root / "formulary").rglob("*.yaml")),
        *sorted((root / "learning").glob("*.yaml")),
        root / "references.bib",
    ]
    changed, broken = [], 0
    for path in listed:
        progress(f"{path}")
        try:
            text = path.read_text(encoding="utf-8")
            fresh = format_bib(text, path.name) if path.suffix == ".bib" else canonical(text)
        except (YAMLError, DamagedBibliographyError, UnicodeDecodeError, OSError) as error:
            say(f"{path}: cannot be put in canonical form; run `kb check`: {str(error).splitlines()[0]}")
            broken += 1
            continue
        if fresh != text:
            changed.append(path)
            if not only_check:
                write_text(path, fresh)
    for path in changed:
        say(f"{path}: {'is not in canonical form; run `kb fmt`' if only_check else 'written in canonical form'}")
    raise SystemExit(1 if broken or (only_check and changed) else 0)
