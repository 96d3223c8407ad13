"""`kb migrate`"""

from __future__ import annotations

import click

from kb.cli.common import json_option, print_json, root_of, say


@click.command("migrate")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Carry files of an older release, draft or branch forward to the present record types.

    Safe to run again: what is in the present form already is left alone, and texts are moved, never reworded. Also proposes
    the codes that new cautions and outcomes lack; read them with `git diff`.
    """
    from kb.migrate import migrate

    done = migrate(root_of(ctx))
    if as_json:
        print_json([{"step": what, "files": files} for what, files in done])
        return
    for what, files in done:
        say(f"{what}: {len(files)} file{'' if len(files) == 1 else 's'} written")
