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
@json_option
@click.pass_context
def command(ctx: click.Context, version: str, day: str, notes: Path | None, author: str | None, as_json: bool) -> None:
    """Check everything, set version, date and notes in formulary/release.yaml, and build the snapshot."""
    from kb.author import me
    from kb.author.release import NotReleasableError, ReleaseSession
    from kb.author.session import UnreadableError

    root = root_of(ctx).resolve()
    try:
        session = ReleaseSession(root, author or me.name(root))
        said = notes.read_text(encoding="utf-8") if notes else session.draft_notes()
        made = session.release(version, day, said, progress)
    except (NotReleasableError, UnreadableError) as error:
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
