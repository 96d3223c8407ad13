"""`kb schema`"""

from __future__ import annotations

import click

from kb.cli.common import root_of, say


@click.command("schema")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail if a schema is stale.")
@click.pass_context
def command(ctx: click.Context, only_check: bool) -> None:
    """Write the JSON Schemas: of the record types, from which editors complete the YAML, and of what `--json` prints."""
    from kb.atomic import write_text
    from kb.model.schema import schemas
    from kb.questions.answer_schema import schemas as read_by_program

    folder = root_of(ctx) / "schema"
    stale = []
    for name, text in (schemas() | read_by_program()).items():
        path = folder / f"{name}.json"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not only_check:
                folder.mkdir(exist_ok=True)
                write_text(path, text)
    for path in stale:
        say(f"{path}: {'is stale; run `kb schema`' if only_check else 'written'}")
    raise SystemExit(1 if only_check and stale else 0)
