"""`kb doctor`"""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.common import json_option, print_json, root_of


@click.command("doctor")
@click.option("--mend", is_flag=True, help="Remove temporary files that killed saves and builds left.")
@click.option(
    "--unit",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A systemd unit: does it allow what the server's limits ask for?",
)
@json_option
@click.pass_context
def command(ctx: click.Context, mend: bool, unit: Path | None, as_json: bool) -> None:
    """Look whether this installation is as it should be: versions, snapshot, leftovers, locks, limits."""
    from kb.serve.doctor import examine

    notes = examine(root_of(ctx).resolve(), unit, mend)
    well = all(note.ok for note in notes)
    if as_json:
        print_json({"success": well, "notes": [note.as_dict() for note in notes]})
    else:
        for note in notes:
            click.echo(f"{'ok  ' if note.ok else 'MEND'} {note.topic}: {note.says}")
            if not note.ok and note.cure:
                click.echo(f"     -> {note.cure}")
    ctx.exit(0 if well else 1)
