"""The outcomes of a study: one by one, as a table pasted from a spreadsheet, and with figures worked out of those printed."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from kb.author import tablepaste
from kb.author.converting import CONVERTERS, DEFAULTS, by_name, converted
from kb.author.fields import Field
from kb.author.forms.later import settled
from kb.author.forms.layouts import wide
from kb.author.forms.style import note
from kb.author.forms.widgets import Changed, ListField, Surroundings

_PASTE = (
    "Paste rows copied from a spreadsheet, heads first: measure, arm, role, at, n, events, value (or mean), sd, se, low, high, unit, p. "
    "Also taken: 95% CI, mean (SD), events/n."
)


class OutcomesField(ListField):
    """A list of outcomes with a table and converters beside it."""

    def __init__(self, field: Field, value: Any, changed: Changed, around: Surroundings) -> None:
        super().__init__(field, value, changed, around)
        self.table = w.Textarea(placeholder="Paste rows copied from a spreadsheet here", rows=6, layout=wide())
        self.table.add_class("kb-paste")
        self.told = w.HTML()
        take = _button("Add these rows", "plus", lambda: self._take(False))
        replace = _button("Replace all outcomes by these", "", lambda: self._take(True))
        show = _button("Show the outcomes as a table", "table", self._show)
        paste = w.VBox(
            [
                w.HTML(f'<span class="kb-quiet">{escape(_PASTE)}</span>'),
                self.table,
                _row(take, replace, show),
                self.told,
            ]
        )
        fold = w.Accordion(
            [paste, ConverterPanel(self).box],
            titles=["As a table (paste from a spreadsheet)", "Work a figure out"],
            layout=wide(),
        )
        fold.selected_index = None
        self.fold = fold
        self.box.children = (*self.box.children, fold)

    def _show(self) -> None:
        self.table.value = tablepaste.write(self.value)
        lost = tablepaste.left_out(self.value)
        extra = f" Not in the table: {', '.join(lost)}; adding rows keeps them, replacing all does not." if lost else ""
        self.told.value = note(
            f"{len(self.value)} outcomes; copy them, or change them here and replace all.{escape(extra)}"
        )

    def _take(self, whole: bool) -> None:
        found = tablepaste.read(self.table.value)
        told = [*found.problems, *(f"column {head!r} is not known; it is not taken" for head in found.unknown)]
        if found.problems or not found.rows:
            self.told.value = note("Nothing was taken:<br>" + "<br>".join(map(escape, told or ["no rows"])), "bad")
            return
        if whole:
            self.entries.clear()
        for row in found.rows:
            self._append(row, opened=False)
        self._show_rows()
        self._changed()
        self.table.value = ""
        done = f"{len(found.rows)} {'row' if len(found.rows) == 1 else 'rows'} taken; compare them with the paper."
        self.told.value = note("<br>".join(map(escape, [done, *told])), "good")

    def give(self, place: int, made: dict[str, Any]) -> None:
        """Put figures into one outcome (or into a new one, when there is none at that place)."""
        if place < 0 or place >= len(self.entries):
            self.add(made)
            return
        entry = self.entries[place]
        given = dict(entry.value) if isinstance(entry.value, dict) else {}
        fresh = type(entry)(self, {**given, **made}, True)
        self.entries[place] = fresh
        self._show_rows()
        self._changed()

    def captions(self) -> list[tuple[str, int]]:
        """The outcomes as a choice: `1 regrowth · placebo`."""
        rows = []
        for place, entry in enumerate(self.entries):
            value = entry.value if isinstance(entry.value, dict) else {}
            parts = [str(value[k]) for k in ("measure", "arm", "at") if value.get(k)]
            rows.append((f"{place + 1} {' · '.join(parts)[:80]}", place))
        return [*rows, ("a new outcome", -1)]


class ConverterPanel:
    """Choose a conversion, type what is printed, see the figure with its formula, put it into an outcome."""

    def __init__(self, owner: OutcomesField) -> None:
        self.owner = owner
        self.choice = w.Dropdown(options=[(c.caption, c.name) for c in CONVERTERS], description="From", layout=wide())
        self.asks = w.HBox(layout=w.Layout(flex_flow="row wrap"))
        self.told = w.HTML()
        self.into = w.Dropdown(options=owner.captions(), description="Put into", layout=w.Layout(flex="1 1 300px"))
        self.put = _button("Put it there", "check", self._put)
        again = _button("Look again", "refresh", self._refresh)
        self.choice.observe(lambda _: self._ask(), "value")
        self.box = w.VBox([self.choice, self.asks, self.told, _row(self.into, again, self.put)])
        self._ask()

    def _ask(self) -> None:
        converter = by_name(str(self.choice.value))
        self.inputs: dict[str, Any] = {}
        for name, caption in converter.asks:
            field = w.Text(description=caption, value=DEFAULTS.get(name, ""), layout=w.Layout(width="220px"))
            field.observe(lambda _: self._work(), "value")
            self.inputs[name] = field
        self.asks.children = tuple(self.inputs.values())
        self.told.value = f'<span class="kb-quiet">{escape(converter.formula)}</span>'

    def _refresh(self) -> None:
        self.into.options = self.owner.captions()

    def _work(self) -> dict[str, Any] | None:
        converter = by_name(str(self.choice.value))
        try:
            made = converted(converter, {name: field.value for name, field in self.inputs.items()})
        except ValueError as error:
            self.told.value = f'<span class="kb-quiet">{escape(converter.formula)}<br>{escape(str(error))}</span>'
            return None
        shown = ", ".join(f"{k} = {v}" for k, v in made.items() if k != "computed")
        self.told.value = (
            f"<b>{escape(shown)}</b> <span class='kb-quiet'>computed from {escape(made['computed']['from'])}; "
            f"{escape(converter.formula)}</span>"
        )
        return made

    def _put(self) -> None:
        made = self._work()
        if made is not None:
            place = int(self.into.value)
            self.owner.give(place, made)
            self._refresh()


def _button(caption: str, icon: str, action: Callable[[], None]) -> w.Button:
    button = w.Button(description=caption, icon=icon, tooltip=caption, layout=w.Layout(width="auto"))
    press = settled(action)
    button.on_click(lambda _: press())
    return button


def _row(*children: w.Widget) -> w.HBox:
    return w.HBox(list(children), layout=w.Layout(flex_flow="row wrap"))
