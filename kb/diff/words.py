"""Differences in words: one line a change, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kb.diff.fields import ABSENT, Change, Path
from kb.model.terms import Severity

if TYPE_CHECKING:
    from kb.diff.clinical import ClinicalDiff, Item

LONGEST = 160


def counted(n: int, one: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{n} {one if n == 1 else one + 's'}"


def value_text(value: Any) -> str:
    """A plain value as people read it: `a: 1, b: 2`, one entry of a list a line, `nothing` for what is absent."""
    if value is ABSENT or value is None or value == "":
        return "nothing"
    if isinstance(value, Mapping):
        return "; ".join(f"{k.replace('_', ' ')}: {value_text(v)}" for k, v in value.items())
    if isinstance(value, list):
        return (
            "\n".join(value_text(v) for v in value)
            if any(isinstance(v, Mapping) for v in value)
            else ", ".join(map(str, value))
        )
    return str(value)


_ONE = {"outcomes": "outcome", "arms": "arm", "cautions": "caution", "protocols": "schedule", "references": "reference"}
_CALLED = {"n": "people (n)", "p": "p value", "seen_at": "page", "with": "together with"}


def field_name(path: Path) -> str:
    """A field as people name it: `outcome 1`, `caution minoxidil-pregnancy, severity`, `interval low`."""
    told: list[str] = []
    for place, step in enumerate(path):
        one = _ONE.get(str(path[place - 1]), "") if place else ""
        if isinstance(step, int):
            number = str(step + 1)
            told[-1:] = [f"{one or told[-1]} {number}"] if told else [number]
        elif one:
            told[-1] = f"{one} {step}"
        else:
            told.append(_CALLED.get(step, step.replace("_", " ")))
    return ", ".join(told)


def change_line(change: Change) -> str:
    """`n: 60 → 61`, `dose: added 5 mg`, `synonyms: + Rogaine`; of a part only what differs in it."""
    field, old, new = field_name(change.path) or "record", change.old, change.new
    if old is ABSENT or old is None:
        return f"{field}: added {_short(new)}" if change.path else "added"
    if new is ABSENT or new is None:
        return f"{field}: removed (was {_short(old)})" if change.path else "removed"
    if isinstance(old, Mapping) and isinstance(new, Mapping) and change.path:
        return f"{field}{_about(new)}: {_inside(old, new)}"
    if _words(old) and _words(new):
        more = [f"+ {x}" for x in new if x not in old]
        less = [f"− {x}" for x in old if x not in new]
        return f"{field}: {', '.join([*more, *less]) or 'in another order'}"
    if _parts(old) and _parts(new):
        more = [f"+ {_short(x)}" for x in new if x not in old]
        less = [f"− {_short(x)}" for x in old if x not in new]
        return f"{field}: {' | '.join([*more, *less]) or 'in another order'}"
    return f"{field}: {_short(old)} → {_short(new)}"


def _about(part: Mapping[str, Any]) -> str:
    """What a part is of: ` (regrowth, placebo)`."""
    named = [str(part[name]) for name in ("measure", "arm", "name", "at") if part.get(name)]
    return f" ({', '.join(named)})" if named else ""


def _inside(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The fields of a part that differ: `events 20 → 21, n added 30`."""
    told = []
    for name in [*new, *(k for k in old if k not in new)]:
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        called = _CALLED.get(name, name.replace("_", " "))
        if was is None:
            told.append(f"{called} added {_short(now)}")
        elif now is None:
            told.append(f"{called} removed (was {_short(was)})")
        else:
            told.append(f"{called} {_short(was)} → {_short(now)}")
    return ", ".join(told) or "fields in another order"


def _parts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, Mapping) for x in value)


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(x, str) for x in value)


def _short(value: Any) -> str:
    text = " | ".join(value_text(value).splitlines())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


_TITLES = {
    "assessment": "Bottom lines",
    "caution": "Cautions",
    "finding": "Findings",
    "regulation": "Regulatory status",
    "mixing": "Mixing",
    "protocol": "Schedules",
    "claim": "Popular claims",
    "subject": "Ingredients, techniques and exposures",
    "reference": "References",
}
"""Kinds in the order in which an editor wants them: what readers act on first."""


def lines(diff: ClinicalDiff, wording: bool = False) -> Iterator[str]:
    """The differences as Markdown, safety and bottom lines before the rest; `wording` adds changes of wording alone."""
    for kind, title in _TITLES.items():
        items = [i for i in diff.of(kind) if wording or i.clinical]
        told = [line for item in _gravest_first(items) for line in _item_lines(item, wording)]
        if told:
            counts = ", ".join(
                f"{n} {what}" for what in ("new", "changed", "withdrawn") if (n := sum(i.what == what for i in items))
            )
            yield f"## {title}: {counts}"
            yield ""
            yield from told
            yield ""
    rest = len(diff.items) - len(diff.clinical)
    if rest and not wording:
        yield f"{rest} more {'record differs' if rest == 1 else 'records differ'} in wording, sources or review alone."
    for side, count in zip(("older", "newer"), diff.unreadable, strict=True):
        if count:
            problems = "problem" if count == 1 else "problems"
            yield f"The {side} state has {count} critical {problems}; records that cannot be read are not compared."
    for side, files in zip(("older", "newer"), diff.files, strict=True):
        whole = {file.removesuffix(".yaml") for file in files}
        for file in (file for file in files if file.rpartition("/")[0] not in whole):  # a subject's parts wait for it
            yield f"Not compared: {file} cannot be read whole in the {side} state."


def _gravest_first(items: list[Item]) -> list[Item]:
    order = {"withdrawn": 0, "changed": 1, "new": 2}
    grave = {s.value: place for place, s in enumerate(Severity)}

    def key(item: Item) -> tuple[bool, int, int, str]:
        severity = grave.get(item.new_severity or item.old_severity or "", 0)
        return item.certainty_moved != "down", order[item.what], severity, item.title.casefold()

    return sorted(items, key=key)


def _item_lines(item: Item, wording: bool) -> Iterator[str]:
    moved = ""
    if item.certainty_moved:
        moved = f" (certainty {item.certainty_moved}: {item.old_certainty} → {item.new_certainty})"
    elif item.kind == "assessment" and item.what == "new":
        moved = f" ({item.new_certainty} certainty)"
    elif item.severity_moved:
        moved = f" ({item.severity_moved}: {item.old_severity} → {item.new_severity})"
    yield f"- {item.what}: {item.title}{moved}"
    if item.what == "changed":
        for change in item.changes:
            if change.path[0] not in {"certainty", "severity"} and (wording or is_clinical(item.kind, change)):
                yield f"  - {change_line(change)}"


def release_notes(diff: ClinicalDiff) -> str:
    """A first draft of the notes of a release: a sentence of counts, then what changed for readers."""
    counted = []
    for kind, one, many in (
        ("finding", "finding", "findings"),
        ("assessment", "bottom line", "bottom lines"),
        ("caution", "caution", "cautions"),
        ("reference", "reference", "references"),
    ):
        for what in ("new", "changed", "withdrawn"):
            n = sum(i.clinical for i in diff.of(kind, what))
            if n:
                counted.append(f"{n} {what} {one if n == 1 else many}")
    head = f"{', '.join(counted)}." if counted else "Nothing changed for readers."
    body = [line for line in lines(_without_references(diff)) if not line.startswith("The ")]
    return "\n".join([head[:1].upper() + head[1:], "", *body]).strip() + "\n"


def _without_references(diff: ClinicalDiff) -> ClinicalDiff:
    """A list of all new papers belongs to the bibliography, not into the notes."""
    from kb.diff.clinical import ClinicalDiff

    return ClinicalDiff([i for i in diff.items if i.kind != "reference"], diff.unreadable, diff.files)


def is_clinical(kind: str, change: Change) -> bool:
    """Would a reader act on this change?"""
    from kb.diff.clinical import WORDING

    return change.path[0] not in WORDING[kind]
