"""`kb review`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import fail, json_option, print_json, root_of
from kb.cli.group import Group

if TYPE_CHECKING:
    from kb.author.twoeyes import Desk, Entry

author_option = click.option("--author", help="Your name.")


@click.group("review", cls=Group)
def command() -> None:
    """Two pairs of eyes: what is draft, extracted, disputed, checked or released; comments and who is to deal with it."""


@command.command("list")
@click.option("--mine", is_flag=True, help="Only what is assigned to you, disputed or talked about with you.")
@click.option("--stage", type=click.Choice(["draft", "extracted", "disputed", "checked", "released"]))
@click.option("--subject", help="Only records of this ingredient, technique or exposure.")
@author_option
@json_option
@click.pass_context
def list_(
    ctx: click.Context, mine: bool, stage: str | None, subject: str | None, author: str | None, as_json: bool
) -> None:
    """Records that no second person has checked since the last release; with --stage those of that stage."""
    from kb.author import me
    from kb.author.twoeyes import work
    from kb.diff.words import counted
    from kb.knowledge import load

    root = root_of(ctx).resolve()
    found = work(root, load(root, strict=False))
    who = author or me.name(root)
    chosen = found.mine(who) if mine else found.unchecked
    if stage:
        chosen = [e for e in (found.mine(who) if mine else found.entries) if e.stage.value == stage]
    chosen = [e for e in chosen if not subject or e.subject == subject]
    for line in found.trouble:
        click.echo(line, err=True)
    if as_json:
        print_json({"stages": found.count(), "records": [_entry(e) for e in chosen], "unreadable": found.trouble})
        return
    for e in chosen:
        told = [e.stage.value] + ([f"assigned to {e.notes.assigned}"] if e.notes.assigned else [])
        told += [counted(len(e.notes.open_comments), "open comment")] if e.notes.open_comments else []
        click.echo(f"{e.kind} {e.id}: {', '.join(told)}")
    click.echo(", ".join(f"{count} {name}" for name, count in found.count().items() if count), err=True)


def _entry(e: Entry) -> dict[str, Any]:
    return {
        "kind": e.kind,
        "id": e.id,
        "subject": e.subject,
        "stage": e.stage.value,
        "assigned": e.notes.assigned,
        "open_comments": len(e.notes.open_comments),
    }


@command.command("show")
@click.argument("record")
@json_option
@click.pass_context
def show(ctx: click.Context, record: str, as_json: bool) -> None:
    """Who wrote and who checked a record, what was read otherwise, and the comments on it."""
    from kb.formulary.write import plain

    desk = _desk(ctx, record, as_json)
    if as_json:
        print_json({"stage": desk.stage.value, "written_by": desk.extracted_by, **plain(desk.notes)})
        return
    click.echo(
        f"{desk.kind} {desk.id}: {desk.stage.value}; written by {', '.join(desk.extracted_by) or 'an unknown author'}"
    )
    for r in desk.notes.readings:
        old = "" if r.digest == desk.digest else " (of an earlier wording)"
        click.echo(f"{r.when} {r.who}: {r.stage.value}{old}{'; ' + r.note if r.note else ''}")
        for o in r.otherwise:
            click.echo(f"    {o.field}: recorded {o.recorded!r}, read {o.read!r}")
    for c in desk.notes.comments:
        state = "open" if c.is_open else f"resolved by {c.resolved_by}{': ' + c.answer if c.answer else ''}"
        click.echo(f"[{c.id}] {c.when} {c.who}{', ' + c.field if c.field else ''}: {c.says} ({state})")


@command.command("check")
@click.argument("records", nargs=-1, required=True)
@click.option("--note", default="", help="What you compared.")
@author_option
@click.pass_context
def check(ctx: click.Context, records: tuple[str, ...], note: str, author: str | None) -> None:
    """Say that you compared RECORDS with their sources, field by field. Who wrote a record does not check it."""
    from kb.author.reviews import Stage

    for record in records:
        _act(ctx, record, lambda desk, who: desk.mark(who, Stage.CHECKED, note), author, "checked")


@command.command("read")
@click.argument("subjects", nargs=-1, required=True)
@click.option("--due", help="When it is to be read again (YYYY-MM-DD); without it, as long from now as it was before.")
@click.option(
    "--note", default="Read against its sources", show_default=True, help="The reason that the history keeps."
)
@author_option
@click.pass_context
def read(ctx: click.Context, subjects: tuple[str, ...], due: str | None, note: str, author: str | None) -> None:
    """Say that you read the whole page of SUBJECTS against its sources today. Pages show the day, your name, and later changes."""
    from kb.author import me
    from kb.author.due import DueError, note_reading

    root = root_of(ctx).resolve()
    for subject in subjects:
        try:
            click.echo(note_reading(root, subject, author or me.name(root), due, note))
        except DueError as error:
            fail(str(error), 1)


@command.command("dispute")
@click.argument("record")
@click.option("--note", required=True, help="What you read otherwise, and where.")
@author_option
@click.pass_context
def dispute(ctx: click.Context, record: str, note: str, author: str | None) -> None:
    """Say that you read something otherwise than RECORD has it."""
    from kb.author.reviews import Stage

    _act(ctx, record, lambda desk, who: desk.mark(who, Stage.DISPUTED, note), author, "disputed")


@command.command("settle")
@click.argument("record")
@click.option("--why", required=True, help="Why the record stays as it is.")
@author_option
@click.pass_context
def settle(ctx: click.Context, record: str, why: str, author: str | None) -> None:
    """End a dispute: RECORD stays as it is, and wants a check again."""
    _act(ctx, record, lambda desk, who: desk.settle(who, why), author, "settled; it wants a check")


@command.command("draft")
@click.argument("record")
@author_option
@click.pass_context
def draft(ctx: click.Context, record: str, author: str | None) -> None:
    """Say that RECORD is not finished; it is not to be checked yet."""
    from kb.author.reviews import Stage

    _act(ctx, record, lambda desk, who: desk.mark(who, Stage.DRAFT), author, "marked as a draft")


@command.command("extracted")
@click.argument("record")
@author_option
@click.pass_context
def extracted(ctx: click.Context, record: str, author: str | None) -> None:
    """Say that RECORD is finished and wants a check."""
    from kb.author.reviews import Stage

    _act(ctx, record, lambda desk, who: desk.mark(who, Stage.EXTRACTED), author, "marked as extracted")


@command.command("assign")
@click.argument("record")
@click.argument("name")
@author_option
@click.pass_context
def assign(ctx: click.Context, record: str, name: str, author: str | None) -> None:
    """Ask NAME to deal with RECORD next ("" for nobody)."""
    _act(ctx, record, lambda desk, who: desk.assign(who, name), author, f"assigned to {name or 'no one'}")


@command.command("comment")
@click.argument("record")
@click.argument("text")
@click.option("--field", "field_", default="", help="Field it is about, e.g. `outcomes[0].events`.")
@author_option
@click.pass_context
def comment(ctx: click.Context, record: str, text: str, field_: str, author: str | None) -> None:
    """Add a comment on RECORD, or on one field of it."""
    _act(ctx, record, lambda desk, who: desk.comment(who, text, field_), author, "comment added")


@command.command("resolve")
@click.argument("record")
@click.argument("comment_id")
@click.option("--answer", default="", help="What was done about it.")
@author_option
@click.pass_context
def resolve(ctx: click.Context, record: str, comment_id: str, answer: str, author: str | None) -> None:
    """Close the comment COMMENT_ID of RECORD (`kb review show` lists the ids)."""
    _act(ctx, record, lambda desk, who: desk.resolve(who, comment_id, answer), author, "comment resolved")


def _desk(ctx: click.Context, record: str, as_json: bool = False) -> Desk:
    from kb.author.reviews import ReviewError
    from kb.author.twoeyes import Desk
    from kb.knowledge import load

    root: Path = root_of(ctx).resolve()
    base = ctx.find_root().meta.setdefault("kb.base", None) or load(root, strict=False)
    ctx.find_root().meta["kb.base"] = base  # several records of one call share it
    try:
        return Desk(root, base, record)
    except ReviewError as error:
        fail(str(error), 2, as_json)


def _act(ctx: click.Context, record: str, action: Any, author: str | None, done: str) -> None:
    from kb.author import me
    from kb.author.folder import BusyError
    from kb.author.reviews import ReviewError

    desk = _desk(ctx, record)
    try:
        action(desk, author or me.name(desk.root))
    except (ReviewError, BusyError) as error:
        fail(str(error), 1)
    except OSError as error:
        fail(f"nothing was noted: {error.strerror or error}", 1)
    click.echo(f"{record}: {done}{'; ' + desk.told if desk.told else ''}")
