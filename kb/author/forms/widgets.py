"""One widget per kind of field. Each keeps its value exactly as typed, and shows the problems of its field beneath it.

Every widget here has `box` (what is shown), `value` (as typed) and `show(problems)` with problems whose paths start at
the field itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from html import escape
from typing import Any, Protocol

import ipywidgets as w

from kb.author.checks import ADVICE, FieldProblem
from kb.author.fields import CHOICE, DAY, LIST, PAIRS, PART, TEXT, WORD, YES_NO, Field, fields_of
from kb.author.forms.later import Later, settled
from kb.author.forms.layouts import LABEL_WIDTH, beside, wide
from kb.author.words import Words, slug_of
from kb.diff.words import field_name

Changed = Callable[[], None]
LABEL = {"description_width": f"{LABEL_WIDTH}px"}
NONE_CHOSEN = "—"
SUGGEST_AFTER_SECONDS = 0.15
"""After the last letter: suggestions for the letters before it would come late, and keep the next ones waiting."""


class Surroundings(Protocol):
    """What the fields of one form share."""

    @property
    def words(self) -> Words: ...
    @property
    def relation(self) -> str: ...
    def one_look(self) -> AbstractContextManager[None]: ...


class Node(Protocol):
    """A field of a form."""

    box: w.Widget

    @property
    def value(self) -> Any: ...
    def show(self, problems: list[FieldProblem]) -> None: ...


def said(problems: list[FieldProblem], captions: Mapping[str, str] | None = None) -> str:
    """Problems as HTML: what is wrong, then how to mend it; fields under the names the form gives them."""
    lines = []
    for p in problems:
        tone = "kb-advice" if p.blocks == ADVICE else "kb-wrong"
        named = (captions or {}).get(str(p.path[0]), "") if p.path else ""
        joint = " " if p.path[1:] and isinstance(p.path[1], int) else ", "
        field = f"{named}{joint + field_name(p.path[1:]) if p.path[1:] else ''}" if named else p.field
        where = f"{escape(field)}: " if p.path else ""
        lines.append(f'<div class="{tone}" role="alert">{where}{escape(p.message)}; {escape(p.cure)}</div>')
    return "".join(lines)


def own(problems: list[FieldProblem], step: str | int) -> list[FieldProblem]:
    """Those problems that lie below `step`, with paths that start there."""
    return [FieldProblem(p.path[1:], p.message, p.cure, p.blocks) for p in problems if p.path[:1] == (step,)]


def _labelled(field: Field) -> dict[str, Any]:
    mark = " *" if field.required else ""
    unit = f" ({field.unit})" if field.unit else ""
    tip = (field.help[:1].upper() + field.help[1:]).replace("`", "")
    return {"description": f"{field.caption}{unit}{mark}", "tooltip": tip, "style": LABEL, "layout": wide()}


class Leaf:
    """A line, a paragraph, a number (kept as text), a date, a choice or a tick."""

    def __init__(self, field: Field, value: Any, changed: Changed) -> None:
        self.field = field
        self.widget = self._widget(field, value)
        self.problems = w.HTML(layout=beside())
        self.box = w.VBox([self.widget, self.problems])
        self.widget.observe(lambda _: changed(), "value")

    @staticmethod
    def _widget(field: Field, value: Any) -> Any:
        common = _labelled(field)
        if field.kind == CHOICE:
            named = [(c.replace("-", " "), c) for c in field.choices]
            if value not in (None, "", *field.choices):
                named.append((f"{value} (not allowed)", value))
            return w.Dropdown(options=[(NONE_CHOSEN, ""), *named], value=value or "", **common)
        if field.kind == YES_NO:
            return w.Checkbox(value=bool(value), indent=True, **common)
        if field.kind == DAY and (not value or _day(value)):
            return w.DatePicker(value=_day(value), **common)
        text = "" if value is None else str(value)
        hint = field.help.replace("`", "")
        if field.kind == TEXT:
            return w.Textarea(value=text, rows=min(8, max(3, len(text) // 36 + 1)), placeholder=hint, **common)
        return w.Text(value=text, placeholder=hint, **common)

    @property
    def value(self) -> Any:
        value = self.widget.value
        if isinstance(value, date):
            return value.isoformat()
        if self.field.kind == YES_NO:
            return value or None
        return value

    def show(self, problems: list[FieldProblem]) -> None:
        self.problems.value = said(problems)

    def reveal(self, _: tuple[str | int, ...]) -> None:
        """Bring the field into sight, ready to be typed in."""
        self.widget.focus()


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


class WordField:
    """A word of a vocabulary: type a name, a synonym or the slug; the nearest words are offered while typing."""

    def __init__(self, field: Field, value: Any, changed: Changed, around: Surroundings) -> None:
        self.field, self.around, self._changed = field, around, changed
        self.widget = w.Combobox(
            value=self._label(str(value or "")), placeholder="type to search", ensure_option=False, **_labelled(field)
        )
        self.near = w.HBox(layout=w.Layout(margin=f"0 0 0 {LABEL_WIDTH + 8}px", flex_flow="row wrap"))
        self.problems = w.HTML(layout=beside())
        self.box = w.VBox([self.widget, self.near, self.problems])
        self._help = str(self.widget.tooltip or "")
        self._suggest_later = Later(self.suggest, SUGGEST_AFTER_SECONDS)
        self.suggest()
        self.widget.observe(lambda _: self._typed(), "value")

    def _label(self, slug: str) -> str:
        word = self.around.words.all(self.field.words, self.around.relation).get(slug)
        return word.label() if word else slug

    def _typed(self) -> None:
        with self.around.one_look():
            self._changed()
        self._suggest_later.call()

    def suggest(self) -> None:
        """Offer words for what stands in the field, when these have come or changed."""
        with self.around.one_look():
            self._suggest(str(self.widget.value))

    def _suggest(self, text: str) -> None:
        known = self.around.words.all(self.field.words, self.around.relation)
        found = self.around.words.search(self.field.words, text, self.around.relation)
        chosen = slug_of(text)
        self.widget.tooltip = text if chosen in known else self._help  # a long title is read in full by pointing at it
        if chosen not in known:
            self.widget.options = tuple(dict.fromkeys(word.label(name) for word, name in found))
        offered = [] if not text.strip() or chosen in known else [word for word, _ in found[:4]]
        # What is offered already stays: a button that is drawn anew under the pointer would lose the click.
        shown = {button.description: button for button in self.near.children}
        buttons = tuple(shown.get(word.label()) or self._button(word.slug, word.label()) for word in offered)
        if buttons != tuple(self.near.children):
            self.near.children = buttons

    def _button(self, slug: str, label: str) -> w.Button:
        button = w.Button(description=label, tooltip=f"use {slug}", layout=w.Layout(width="auto", height="26px"))
        # Letters typed last may arrive after the click, and would undo it.
        choose = settled(lambda: setattr(self.widget, "value", self._label(slug)))
        button.on_click(lambda _: choose())
        return button

    @property
    def value(self) -> str:
        """The slug that was chosen, or whose name or synonym was typed in full; what was typed otherwise."""
        typed, names, relation = slug_of(self.widget.value), self.field.words, self.around.relation
        if not typed or typed in self.around.words.all(names, relation):
            return typed
        return self.around.words.exact(names, typed, relation) or typed

    def show(self, problems: list[FieldProblem]) -> None:
        self.problems.value = said([self._plain(p) for p in problems])

    def reveal(self, _: tuple[str | int, ...]) -> None:
        self.widget.focus()

    def _plain(self, problem: FieldProblem) -> FieldProblem:
        """Here nobody is asked to write a slug: words are chosen."""
        if "has the wrong form" not in problem.message:
            return problem
        message = f"{str(self.widget.value)!r} is not in the vocabulary"
        return FieldProblem(problem.path, message, "choose one of the suggestions", problem.blocks)


class PairsField:
    """A mapping of words to lines, typed as `scheme: page`, one a line."""

    def __init__(self, field: Field, value: Any, changed: Changed) -> None:
        lines = "\n".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, Mapping) else str(value or "")
        self.widget = w.Textarea(value=lines, rows=3, **{**_labelled(field), "placeholder": "scheme: page, one a line"})
        self.problems = w.HTML(layout=beside())
        self.box = w.VBox([self.widget, self.problems])
        self.widget.observe(lambda _: changed(), "value")

    @property
    def value(self) -> dict[str, str]:
        pairs = (line.partition(":") for line in self.widget.value.splitlines() if line.strip())
        return {key.strip(): rest.strip() for key, _, rest in pairs}

    def show(self, problems: list[FieldProblem]) -> None:
        self.problems.value = said(problems)

    def reveal(self, _: tuple[str | int, ...]) -> None:
        self.widget.focus()


class PartField:
    """A nested part: its fields under one heading; an optional one opens when it is wanted."""

    def __init__(self, field: Field, value: Any, changed: Changed, around: Surroundings) -> None:
        assert field.part is not None
        self.field = field
        given = value if isinstance(value, Mapping) else {}
        self.group = Group(fields_of(field.part), given, changed, around)
        self.problems = w.HTML()
        caption = f"{field.caption}{' *' if field.required else ''}"
        self.fold = w.Accordion([w.VBox([self.problems, self.group.box])], titles=[caption], layout=wide())
        self.fold.selected_index = 0 if given or field.required else None
        self.box = w.VBox([self.fold])

    @property
    def value(self) -> Any:
        return self.group.value

    def show(self, problems: list[FieldProblem]) -> None:
        here = [p for p in problems if not p.path]
        self.problems.value = said(here) if self.field.required or self.group.filled or here else ""
        self.group.show([p for p in problems if p.path])

    def reveal(self, path: tuple[str | int, ...]) -> None:
        """Unfold the part and bring the field into sight."""
        self.fold.selected_index = 0
        self.group.reveal(path)


class ListField:
    """A list: entries one below the other, each with a button that takes it out, and one that adds."""

    def __init__(self, field: Field, value: Any, changed: Changed, around: Surroundings) -> None:
        assert field.inner is not None
        self.field, self.inner, self._changed, self.around = field, field.inner, changed, around
        self.is_parts = self.inner.kind == PART
        self.entries: list[Entry] = []
        self.rows = w.VBox()
        self.problems = w.HTML()
        self.add_button = w.Button(
            description=f"Add {field.one}", icon="plus", tooltip=field.help, layout=w.Layout(width="auto")
        )
        self.add_button.on_click(lambda _: self.add())
        mark = " *" if field.required else ""
        head = w.HTML(
            f'<div class="kb-list-head" title="{escape(field.help)}">{escape(field.caption)}{mark}</div>',
            layout=w.Layout(width=f"{LABEL_WIDTH}px", margin="0 6px 0 0", flex="0 0 auto"),
        )
        self.problems.layout = beside()
        self.box = w.VBox(
            [w.HBox([head, self.add_button]), self.problems, self.rows], layout=w.Layout(margin="2px 0 6px 0")
        )
        # A field that takes one or many is a list to the form; one stays one.
        self._was_one = value not in (None, "") and not isinstance(value, list)
        for item in value if isinstance(value, list) else [value] if value not in (None, "") else []:
            self._append(item, opened=False)
        self._show_rows()

    def add(self, value: Any = None) -> None:
        """Add an entry, open."""
        self._append(value, opened=True)
        self._show_rows()
        self._changed()

    def _append(self, value: Any, opened: bool) -> None:
        self.entries.append(Entry(self, value, opened))

    def remove(self, entry: Entry) -> None:
        self.entries.remove(entry)
        self._show_rows()
        self._changed()

    def _show_rows(self) -> None:
        for place, entry in enumerate(self.entries):
            entry.number(place + 1)
        self.rows.children = tuple(entry.box for entry in self.entries)

    @property
    def value(self) -> Any:
        values = [entry.value for entry in self.entries]
        return values[0] if self._was_one and len(values) == 1 else values

    def show(self, problems: list[FieldProblem]) -> None:
        self.problems.value = said([p for p in problems if not p.path])
        place = 0
        for entry in self.entries:
            if entry.is_empty:  # it is no entry of the record yet, and the record's entries are counted without it
                entry.show([])
            else:
                entry.show(own(problems, place))
                place += 1

    def reveal(self, path: tuple[str | int, ...]) -> None:
        """Open the entry that is meant; its number counts without empty entries, as in `show`."""
        filled = [entry for entry in self.entries if not entry.is_empty]
        if path and isinstance(path[0], int) and path[0] < len(filled):
            filled[path[0]].reveal(path[1:])
        else:
            self.add_button.focus()


class Entry:
    """One entry of a list. The fields of a part are made when it is first opened: a page of forty stays quick."""

    def __init__(self, owner: ListField, value: Any, opened: bool) -> None:
        self.owner, self._given = owner, value
        self._node: Any = None
        self._wrong: list[FieldProblem] = []
        remove = w.Button(icon="trash", tooltip="take this entry out", layout=w.Layout(flex="0 0 36px", padding="0"))
        remove.on_click(lambda _: owner.remove(self))
        if not owner.is_parts:
            self._node = make(owner.inner, value, owner._changed, owner.around)
            self._node.widget.layout = w.Layout(width="100%", margin="2px 0")
            self._node.box.layout = w.Layout(flex="1 1 auto")
            self.box = w.HBox([self._node.box, remove], layout=wide())
            return
        self.open_button = w.Button(layout=w.Layout(flex="1 1 auto", width="auto"))
        self.open_button.add_class("kb-entry")
        self.open_button.on_click(lambda _: self.toggle())
        self.inside = w.VBox(layout=w.Layout(padding="4px 0 4px 12px"))
        self.box = w.VBox([w.HBox([self.open_button, remove], layout=wide()), self.inside])
        self.opened = False
        if opened:
            self.toggle()

    def toggle(self) -> None:
        """Open or close the entry."""
        self.opened = not self.opened
        if self.opened and self._node is None:
            assert self.owner.inner.part is not None
            given = self._given if isinstance(self._given, Mapping) else {}
            self._node = Group(fields_of(self.owner.inner.part), given, self.owner._changed, self.owner.around)
            self._node.show(self._wrong)
        self.inside.children = (self._node.box,) if self.opened else ()
        self._caption()

    def put(self, name: str, text: str) -> None:
        """Give one field of the entry a value, whether it was opened or not."""
        if self._node is not None:
            self._node.nodes[name].widget.value = text
        else:
            self._given = {**(self._given or {}), name: text}
        self._caption()

    def reveal(self, path: tuple[str | int, ...]) -> None:
        if self.owner.is_parts and not self.opened:
            self.toggle()
        self._node.reveal(path)

    def number(self, number: int) -> None:
        self._number = number
        if not self.owner.is_parts:
            self._node.widget.description = f"{self.owner.field.one[:1].upper()}{self.owner.field.one[1:]} {number}"
        else:
            self._caption()

    def _caption(self) -> None:
        value = self.value if isinstance(self.value, Mapping) else {}
        told = [
            str(v)
            for k, v in value.items()
            if isinstance(v, str | int | float) and not isinstance(v, bool) and v != "" and k != "id"
        ]
        mark = "▾" if self.opened else "▸"
        wrong = " ⚠" if any(p.blocks != ADVICE for p in self._wrong) else ""
        self.open_button.description = (
            f"{mark} {getattr(self, '_number', '')} {' · '.join(told[:4])[:110] or 'new'}{wrong}"
        )

    @property
    def value(self) -> Any:
        return self._given if self._node is None else self._node.value

    @property
    def is_empty(self) -> bool:
        value = self.value
        return value in (None, {}, []) or (isinstance(value, str) and not value.strip())

    def show(self, problems: list[FieldProblem]) -> None:
        self._wrong = problems
        if self._node is not None:
            self._node.show(problems)
        if self.owner.is_parts:
            self._caption()


class Group:
    """Several fields of one part or record, in order."""

    def __init__(self, fields: list[Field], values: Mapping[str, Any], changed: Changed, around: Surroundings) -> None:
        self.nodes: dict[str, Any] = {f.name: make(f, values.get(f.name), changed, around) for f in fields}
        self.unknown = {k: v for k, v in values.items() if k not in self.nodes}
        """Fields this form does not show; they stay as they are."""
        self.problems = w.HTML()
        self.box = w.VBox([self.problems, *(node.box for node in self.nodes.values())])

    @property
    def value(self) -> dict[str, Any]:
        values = {name: node.value for name, node in self.nodes.items()}
        return {**{k: v for k, v in values.items() if v not in (None, "", [], {})}, **self.unknown}

    @property
    def filled(self) -> bool:
        return bool(self.value)

    def show(self, problems: list[FieldProblem]) -> None:
        for name, node in self.nodes.items():
            node.show(own(problems, name))
        self.problems.value = said([p for p in problems if not p.path or p.path[0] not in self.nodes])

    def reveal(self, path: tuple[str | int, ...]) -> None:
        """Bring the field at `path` into sight, opening whatever it is folded in."""
        node = self.nodes.get(str(path[0])) if path else None
        reveal = getattr(node, "reveal", None)  # the reasons and findings of an appraisal are always in sight
        if reveal is not None:
            reveal(path[1:])


SPECIAL: dict[str, Callable[[Field, Any, Changed, Surroundings], Any]] = {}
"""Lists that have a widget of their own (`outcomes`, `appraisals`), by the name of their field; forms register them."""


def make(field: Field, value: Any, changed: Changed, around: Surroundings) -> Any:
    """The widget for a field, holding `value`."""
    if field.name in SPECIAL and field.kind == LIST:
        return SPECIAL[field.name](field, value, changed, around)
    if field.kind == LIST:
        return ListField(field, value, changed, around)
    if field.kind == PART:
        return PartField(field, value, changed, around)
    if field.kind == PAIRS:
        return PairsField(field, value, changed)
    if field.kind == WORD:
        return WordField(field, value, changed, around)
    return Leaf(field, value, changed)
