"""`kb release`"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kb.cli.common import fail, json_option, print_json, progress, root_of


@click.command("release")
@click.argument("version")
@click.option(
    "--date", "day", default=lambda: date.today().isoformat(), show_default="today", help="Day of the release."
)
@click.option(
    "--notes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the notes; drafted when not given.",
)
@click.option("--author", help="Your name, for the history.")
@click.option(
    "--unchecked",
    metavar="NAME",
    default="",
    help="Name of the editor who releases records no second person has checked.",
)
@json_option
@click.pass_context
def command(
    ctx: click.Context, version: str, day: str, notes: Path | None, author: str | None, unchecked: str, as_json: bool
) -> None:
    """Check everything, set version, date and notes in formulary/release.yaml, and build the snapshot.

    Records that are new or changed since the last release want a check by a second person (`kb review`). Without it nothing
    is released, unless an editor answers for them with --unchecked NAME; the list is kept in `reviews/releases`.
    """
    from kb.author import me
    from kb.author.folder import BusyError
    from kb.author.release import NotReleasableError, ReleaseSession
    from kb.author.reviews import ReviewError
    from kb.author.session import UnreadableError

    root = root_of(ctx).resolve()
    try:
        session = ReleaseSession(root, author or me.name(root))
        said = notes.read_text(encoding="utf-8") if notes else session.draft_notes()
        made = session.release(version, day, said, progress, unchecked)
    except OSError as error:
        fail(f"not released: {error.strerror or error}; what is on disk stays as it was saved", 1, as_json)
    except (NotReleasableError, UnreadableError, BusyError, ReviewError) as error:
        for problem in (p for p in (session.report.problems if session.report else []) if p.severity == "critical"):
            click.echo(str(problem), err=True)
        fail(str(error), 1, as_json)
    if as_json:
        print_json(
            {
                "version": made.version,
                "snapshot": str(made.snapshot),
                "commit": made.saved.commit,
                "note": made.saved.note,
            }
        )
    else:
        click.echo(f"{made.snapshot}: release {made.version}{'; ' + made.saved.note if made.saved.note else ''}")
