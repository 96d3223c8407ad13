"""`kb new`"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kb.cli.common import fail, json_option, print_json, root_of, say

if TYPE_CHECKING:
    from kb.author.checks import FieldProblem
    from kb.author.session import Session
    from kb.author.workbench import Workbench

_NEEDS = {
    "ingredient": ("name",),
    "technique": ("name",),
    "finding": ("subject", "reference", "relation", "object"),
    "caution": ("subject", "trigger"),
    "claim": ("page",),
}
"""What begins a record of each kind, asked first."""


@click.command("new")
@click.argument("kind", type=click.Choice(list(_NEEDS)))
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field, e.g. `role.value=principal` or `outcomes.0.n=30`; repeat.",
)
@click.option("--author", help="Your name, for the history.")
@click.option("--why", help="Why, for the history.")
@click.option("--draft", is_flag=True, help="Keep it as a draft to go on with in the notebook; save nothing.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    kind: str,
    given: tuple[str, ...],
    author: str | None,
    why: str | None,
    draft: bool,
    as_json: bool,
) -> None:
    """Add an ingredient, a technique, a finding, a caution or a claim.

    On a terminal it asks for what is missing; otherwise everything comes from --set. `subject` names the ingredient or
    technique of a finding or a caution, `page` the page of a claim. What cannot be saved yet is kept as a draft.
    """
    from kb.author import me
    from kb.author.session import UnreadableError
    from kb.author.workbench import Workbench

    root = root_of(ctx).resolve()
    values = dict(_pairs(given, as_json))
    asks = sys.stdin.isatty() and not as_json
    bench = Workbench(root)
    for name in _NEEDS[kind]:
        if not values.get(name):
            if not asks:
                fail(f"{name} is missing; give it with --set {name}=...", 2, as_json)
            values[name] = click.prompt(name.capitalize(), err=True)
    try:
        session = _begin(bench, kind, values, author or me.name(root), as_json)
    except UnreadableError as error:
        fail(str(error), 1, as_json)
    session.message = why or f"Add {session.values.get('id', kind)}"
    _fill(
        session,
        {k: v for k, v in values.items() if k not in {"subject", "page"} or (kind == "claim" and k == "subject")},
    )
    if asks and not draft:
        _ask(session)
    if not session.author and asks:
        session.author = click.prompt("Your name", err=True)
    _finish(session, draft, as_json)


def _finish(session: Session, draft: bool, as_json: bool) -> NoReturn:
    """Save the record, or keep it as a draft; say which, with what is wrong."""
    from kb.author.checks import LINK, SCHEMA
    from kb.author.folder import BusyError
    from kb.author.session import Refused, Saved, UnreadableError

    session.keep()
    try:
        # As with `kb change`: what names something that is not there is not put into the records.
        result = None if draft or any(p.blocks == LINK for p in session.problems()) else session.save()
    except (UnreadableError, BusyError) as error:
        fail(str(error), 1, as_json)
    except OSError as error:
        _not_on_disk(error.strerror or str(error), as_json)
    if session.draft.trouble:
        _not_on_disk(session.draft.trouble, as_json)
    session.close()
    problems = result.problems if isinstance(result, Refused) else session.problems()
    problems = [replace(p, cure=_cure(session, p)) if p.path else p for p in problems]
    if as_json:
        told = [{"field": p.field, "message": p.message, "cure": p.cure, "blocks": p.blocks} for p in problems]
        print_json(
            {
                "saved": isinstance(result, Saved),
                "id": session.values.get("id"),
                "file": session.target.file,
                "problems": told,
            }
        )
    for problem in problems:
        hint = " (--author NAME)" if problem.cure == "write your name" else ""
        say(f"{session.target.file}: {problem}{hint}")
    if isinstance(result, Saved):
        if not as_json:
            click.echo(f"{session.target.file}: {session.values.get('id')} {result.note or 'saved'}")
        raise SystemExit(0)
    say(f"kept as a draft: {session.draft.path}; go on with it in the notebook, or repeat with what is missing")
    raise SystemExit(0 if draft and not any(p.blocks == SCHEMA for p in problems) else 1)


def _not_on_disk(reason: str, as_json: bool) -> NoReturn:
    fail(f"nothing was saved, nor kept as a draft: {reason}; make room on the disk and repeat the command", 1, as_json)


def _pairs(given: tuple[str, ...], as_json: bool) -> list[tuple[str, Any]]:
    import json

    found: list[tuple[str, Any]] = []
    for pair in given:
        name, is_there, text = pair.partition("=")
        if not is_there or not name.strip():
            fail(f"{pair!r} is not a field; write --set field=value", 2, as_json)
        value: Any = text
        if text[:1] in "[{":
            try:
                value = json.loads(text)
            except ValueError as error:
                fail(f'--set {name}: {text[:40]!r} is not JSON ({error}); write e.g. \'["a", "b"]\'', 2, as_json)
        found.append((name.strip(), value))
    return found


def _begin(bench: Workbench, kind: str, values: dict[str, Any], author: str, as_json: bool) -> Session:
    import uuid

    from kb.author import start
    from kb.author.session import Session
    from kb.formulary.validate import nearest
    from kb.model.terms import ACTORS

    base = bench.base
    try:
        if kind in ACTORS:
            target, first = start.subject(base, kind, str(values["name"]), author)
            if first["id"] in base.subjects:
                fail(f"{first['id']} exists already; choose another name, or edit it in the notebook", 2, as_json)
            if same := start.named(base, str(values["name"])):
                told = f"{values['name']!r} is a name, synonym or brand of {' and '.join(same)}; edit that record"
                fail(f"{told}, so that everything about it is on one page", 2, as_json)
        elif kind == "finding":
            target, first = start.finding(
                base, *(str(values[n]) for n in ("reference", "subject", "relation", "object"))
            )
        elif kind == "caution":
            target, first = start.caution(base, str(values["subject"]), str(values["trigger"]))
        else:
            target, first = start.claim(base, str(values["page"]))
    except KeyError as error:
        unknown = str(error.args[0])
        near = start.named(base, unknown, terms=True) or nearest(unknown, {*base.subjects, *base.formulary.pages})
        fail(f"unknown {unknown!r}{'; did you mean ' + ' or '.join(near) + '?' if near else ''}", 2, as_json)
    if target.id:
        target = type(target)(target.kind, target.file)
    return Session.open(bench, target, author, first, draft_key=f"{kind}.{uuid.uuid4().hex[:8]}")


def _fill(session: Session, values: dict[str, Any]) -> None:
    from kb.author.fields import LIST, field_at

    for name, value in values.items():
        path = tuple(int(step) if step.isdigit() else step for step in name.split("."))
        field = field_at(session.target.record_type, path)
        if isinstance(value, str) and value and field is not None and field.kind == LIST:
            value = [value]  # one word for a list: `references=olsen2002`
        session.set(path, value)


def _ask(session: Session) -> None:
    """Ask for every required field that is missing, and again for each that is refused."""
    from kb.author.checks import SCHEMA

    for _ in range(100):
        wrong = next((p for p in session.problems() if p.blocks == SCHEMA and p.path), None)
        if wrong is None:
            return
        answer = click.prompt(
            f"{wrong.field} ({wrong.message}; {_cure(session, wrong)})", default="", show_default=False, err=True
        )
        if not answer:
            return
        session.set(wrong.path, answer)


def _cure(session: Session, wrong: FieldProblem) -> str:
    """How to mend it; of a missing field with a closed list, its choices."""
    from kb.author.fields import field_at

    field = field_at(session.target.record_type, wrong.path)
    choices = (field.inner or field).choices if field else ()
    return f"one of {', '.join(choices)}" if choices and wrong.message == "is missing" else wrong.cure
