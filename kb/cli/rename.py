"""`kb rename`"""

from __future__ import annotations

import click

from kb.cli.common import fail, root_of, say


@click.command("rename")
@click.argument("old")
@click.argument("new")
@click.option("--yes", is_flag=True, help="Do it; without, only tell what would change.")
@click.option("--why", default="", help="Why, for the history.")
@click.option("--author", help="Your name, for the history.")
@click.pass_context
def command(ctx: click.Context, old: str, new: str, yes: bool, why: str, author: str | None) -> None:
    """Carry a new slug (or reference key) through every file that names OLD: records, file names, learning, references.bib.

    Words of a language (names, summaries) stay as they are. Without --yes nothing is changed.
    """
    from kb.author import me
    from kb.author.folder import BusyError
    from kb.author.rename import RenameError, carry_out, plan

    root = root_of(ctx).resolve()
    try:
        made = plan(root, old, new)
        for file, count in made.places.items():
            click.echo(f"{file}: {count} {'place' if count == 1 else 'places'}")
        for file, to in made.moves.items():
            click.echo(f"{file} moves to {to}")
        if not yes:
            say("nothing was changed; repeat it with --yes")
            return
        told = carry_out(root, made, author or me.name(root), why)
    except (RenameError, BusyError) as error:
        fail(str(error), 1)
    except OSError as error:
        fail(f"nothing was renamed: {error.strerror or error}", 1)
    click.echo(f"{old} is now {new}{'; ' + told if told else ''}")
