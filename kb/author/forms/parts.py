"""Pieces of the record form: its heading, the choice between two versions, and the list of earlier states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from kb.author.checks import ADVICE, LINK, SCHEMA, FieldProblem
from kb.author.forms.later import settled
from kb.author.forms.style import note
from kb.author.session import Conflicted, RecordState, Session
from kb.diff.fields import Path as FieldPath
from kb.diff.words import change_line, field_name, value_text

_KINDS = {"finding": "Finding", "assessment": "Assessment", "caution": "Caution", "claim": "Claim"}
_BLOCKS = {SCHEMA: "to mend before it can be saved", LINK: "to mend before it can be released", ADVICE: "to weigh"}


def heading(session: Session) -> str:
    """What is being edited, in names: `Finding of Minoxidil`, with the id beside it. HTML."""
    target, base = session.target, session.bench.base
    where = target.owner
    if not target.list:
        title = str(session.values.get("name") or target.id or f"New {target.kind}")
        return _head(title if not session.is_new else f"New {target.kind}: {title}", target.id)
    page = base.formulary.pages.get(where)
    of = page.title if page else base.name(where) if where in base.subjects else where
    of = of if len(of) <= 70 else f"{of[:69]}…"
    kind = _KINDS[target.kind] if not session.is_new else f"New {target.kind}"
    return _head(f"{kind} of {of}", target.id if not session.is_new else "")


def _head(title: str, record_id: str) -> str:
    small = f"<small>{escape(record_id)}</small>" if record_id else ""
    return f"<h2>{escape(title)}{small}</h2>"


def summary(problems: list[FieldProblem], captions: dict[str, str]) -> str:
    """`3 to mend before it can be saved: Direction, Outcomes (2)`; empty when nothing is wrong."""
    told = []
    for blocks, what in _BLOCKS.items():
        found = [p for p in problems if p.blocks == blocks]
        if found:
            fields = (str(p.path[0]) if p.path else "" for p in found)
            names = Counter(captions.get(f, f) or "the record as a whole" for f in fields)
            named = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in names.items())
            told.append(f"{len(found)} {what}: {named}")
    return "; ".join(told)


def second_person(wrote: str, panel: str = "<b>Check and comments</b>") -> str:
    """Who checks what was written, and how they say so. HTML; `panel` is where, empty in the panel itself."""
    where = f", opens {panel} below" if panel else ""
    return (
        f"{escape(wrote)} wrote this; somebody else checks it: that person puts their own name under <b>Your name</b>, beside "
        f"<i>Reason</i>{where}, compares it with its source and presses <b>Checked against the source</b>."
    )


def conflict(
    conflicted: Conflicted,
    decide: Callable[[dict[FieldPath, str]], None],
    wait: Callable[[], None],
    lead: str = "",
    heads: tuple[str, str, str] = ("yours", "theirs, saved meanwhile", "before"),
) -> list[w.Widget]:
    """Both versions of every field in conflict, side by side, to choose from.

    `decide` gets the choices once there is one for every field; until then `wait` is called.
    """
    rows: list[w.Widget] = []
    choices: dict[FieldPath, Any] = {}
    for found in conflicted.conflicts:
        cells = "".join(
            f"<td><pre>{escape(value_text(value))}</pre></td>" for value in (found.mine, found.theirs, found.base)
        )
        head = f"<tr>{''.join(f'<th>{escape(h)}</th>' for h in heads)}</tr>"
        choice = w.ToggleButtons(
            options=[("keep mine", "mine"), ("take theirs", "theirs")],
            value=None,
            style={"button_width": "auto"},
        )
        choices[found.path] = choice
        name = field_name(found.path) or "the whole record"
        table = f'<table class="kb-table"><thead>{head}</thead><tr>{cells}</tr></table>'
        rows += [w.HTML(f"<b>{escape(name[:1].upper() + name[1:])}</b>{table}"), choice]
    button = w.Button(description="Save with these choices", button_style="primary", layout=w.Layout(width="auto"))

    def pressed() -> None:
        chosen = {path: choice.value for path, choice in choices.items()}
        if all(chosen.values()):
            decide({path: str(value) for path, value in chosen.items()})
        else:
            wait()

    press = settled(pressed)
    button.on_click(lambda _: press())
    lead = lead or note(
        "Not saved yet: another author changed the same fields meanwhile. Both versions are kept; choose for each field.",
        "bad",
    )
    return [w.HTML(lead), *rows, button]


def states(session: Session, go_back: Callable[[RecordState], None]) -> list[w.Widget]:
    """The earlier states of a record, the newest first, each with what it changed and a button that brings it back."""
    rows: list[w.Widget] = []
    trouble = session.history.trouble
    if trouble:
        told = f"Git cannot be used here: {escape(trouble)}. States saved from these notebooks are kept all the same."
        rows.append(w.HTML(note(told)))
    found = session.states()
    rows += [_state(state, place == 0, go_back) for place, state in enumerate(found)]
    return rows if found else [*rows, w.HTML("No earlier state.")]


def _state(state: RecordState, newest: bool, go_back: Callable[[RecordState], None]) -> w.Widget:
    why = state.state.why.splitlines()[0] if state.state.why else ""
    shown = [escape(change_line(c)) for c in state.changed[:12]]
    if len(state.changed) > len(shown):
        shown.append(f"and {len(state.changed) - len(shown)} more fields")
    head = f"<b>{state.state.when:%Y-%m-%d %H:%M}</b> {escape(state.state.who)}: {escape(why)}"
    text = w.HTML(f"{head}<br><span class='kb-quiet'>{'<br>'.join(shown)}</span>", layout=w.Layout(flex="1 1 auto"))
    button = w.Button(
        description="As it is now" if newest else "Bring this back",
        layout=w.Layout(width="auto", flex="0 0 auto"),
        disabled=newest,
    )
    button.on_click(lambda _: go_back(state))
    return w.HBox([text, button])
