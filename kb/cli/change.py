"""`kb change` and `kb table`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.common import fail, root_of, say
from kb.cli.group import Group

if TYPE_CHECKING:
    from kb.author.bulk import Edit
    from kb.author.workbench import Workbench


@click.command("change")
@click.argument("kind")
@click.argument("field")
@click.argument("find")
@click.argument("change")
@click.option("--regex", is_flag=True, help="FIND is a regular expression, CHANGE may name its groups.")
@click.option("--whole", is_flag=True, help="Only where the field says exactly FIND.")
@click.option("--yes", is_flag=True, help="Do it; without, only tell what would change.")
@click.option("--why", default="", help="Why, for the history.")
@click.option("--author", help="Your name, for the history.")
@click.pass_context
def command(
    ctx: click.Context,
    kind: str,
    field: str,
    find: str,
    change: str,
    regex: bool,
    whole: bool,
    yes: bool,
    why: str,
    author: str | None,
) -> None:
    """Replace FIND by CHANGE in FIELD (`dose`, `outcomes.unit`) of every record of KIND.

    KIND is finding, assessment, caution, claim, ingredient, technique or exposure. Without --yes nothing is changed.
    """
    from kb.author.bulk import BulkError, find_and_change
    from kb.author.workbench import Workbench

    bench = Workbench(root_of(ctx).resolve())
    try:
        edits = find_and_change(bench, kind, field, find, change, regex=regex, whole=whole)
    except BulkError as error:
        fail(str(error), 2)
    _do(bench, edits, yes, why, author)


def _do(bench: Workbench, edits: list[Edit], yes: bool, why: str, author: str | None) -> None:
    """Show the edits; with `yes` make them."""
    from kb.author import me
    from kb.author.bulk import BulkError, apply
    from kb.author.folder import BusyError
    from kb.diff.words import counted

    for edit in edits:
        click.echo(str(edit))
    if not edits:
        say("nothing to change")
        return
    if not yes:
        say(f"{counted(len(edits), 'change')}; nothing was changed, repeat it with --yes --why REASON")
        return
    try:
        done = apply(bench, edits, why, author or me.name(bench.root))
    except (BulkError, BusyError) as error:
        fail(str(error), 1)
    except OSError as error:
        fail(f"not everything was saved: {error.strerror or error}; what was saved is in the history", 1)
    for line in (*done.notes, *(f"left as it was: {r}" for r in done.refused)):
        say(line)
    click.echo(f"{counted(len(done.written), 'file')} written, {len(done.refused)} left as they were")
    raise SystemExit(1 if done.refused else 0)


@click.group("table", cls=Group)
def table() -> None:
    """A table of records out to a spreadsheet, and back with a preview."""


@table.command("out")
@click.argument("kind")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--column", "columns", multiple=True, help="Only these columns; repeat.")
@click.pass_context
def out(ctx: click.Context, kind: str, file: Path, columns: tuple[str, ...]) -> None:
    """Write the records of KIND into FILE (CSV, or XLSX by its name): one row a record, lists joined by ` | `."""
    from kb.atomic import write_bytes, write_text
    from kb.author.bulk import BulkError, table_out
    from kb.author.workbench import Workbench
    from kb.author.workbook import workbook_out

    try:
        text = table_out(Workbench(root_of(ctx).resolve()), kind, columns)
        if file.suffix.lower() == ".xlsx":
            write_bytes(file, workbook_out(text))
        else:
            write_text(file, "\ufeff" + text)
    except BulkError as error:
        fail(str(error), 2)
    except OSError as error:
        fail(f"{file}: could not be written ({error.strerror or error})", 1)
    click.echo(f"{file}: written")


@table.command("in")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do it; without, only tell what would change.")
@click.option("--why", default="", help="Why, for the history.")
@click.option("--author", help="Your name, for the history.")
@click.pass_context
def in_(ctx: click.Context, kind: str, file: Path, yes: bool, why: str, author: str | None) -> None:
    """Bring the records of KIND to what FILE says (CSV or XLSX). Without --yes nothing is changed."""
    from kb.author.bulk import BulkError, table_in, workbook_in
    from kb.author.workbench import Workbench

    bench = Workbench(root_of(ctx).resolve())
    try:
        edits = table_in(bench, kind, workbook_in(file))
    except BulkError as error:
        fail(str(error), 2)
    _do(bench, edits, yes, why, author)
