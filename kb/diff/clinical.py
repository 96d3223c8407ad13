"""Two bases compared: findings, certainty, cautions, regulation, mixing, schedules, claims, references.

A change is *clinical* when a reader would act otherwise for it: direction, figures, dose, severity, status. A change of
wording is told as well, but apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.appraisal import certainty
from kb.diff.fields import Change, changes
from kb.formulary.write import plain
from kb.knowledge import KnowledgeBase
from kb.model import Assessment, Caution, Finding, Mixing, Record, Regulation, Subject
from kb.model.terms import Certainty, Direction, Route, Severity

NEW, CHANGED, WITHDRAWN = "new", "changed", "withdrawn"
KINDS = {
    "subject": "subjects",
    "finding": "findings",
    "assessment": "assessments",
    "caution": "cautions",
    "regulation": "regulatory",
    "mixing": "mixing",
    "protocol": "protocols",
    "claim": "claims",
    "reference": "references",
}
"""Kind of an item to the name under which JSON lists it."""

WORDING = {
    "finding": {"summary", "limitations", "note", "doubt", "seen_at", "population", "risk_of_bias", "trial", "basis"},
    "assessment": {"in_short", "would_change", "publication_bias", "findings", "down", "up", "starts"},
    "caution": {"why", "strength", "references", "evidence_for", "evidence_against"},
    "regulation": {"note", "references", "as_of"},
    "mixing": {"summary", "references"},
    "protocol": {"summary", "findings"},
    "claim": {"says", "why", "topic", "findings", "references", "contradicts"},
    "subject": {
        "name",
        "synonyms",
        "brands",
        "identifiers",
        "summary",
        "review",
        "mechanism",
        "evidence_note",
        "profile",
        "parents",
    },
    "reference": {
        "title",
        "authors",
        "seen_at",
        "verified_on",
        "note",
        "doi",
        "pmid",
        "pmcid",
        "url",
        "journal",
        "pages",
    },
}
"""Fields whose change alone no reader would act on."""


@dataclass(frozen=True)
class Item:
    """One record that is new, changed or withdrawn; `title` names it in words."""

    kind: str
    id: str
    what: str
    title: str
    subject: str = ""
    changes: list[Change] = field(default_factory=list)
    clinical: bool = True
    old_certainty: str | None = None
    new_certainty: str | None = None
    old_severity: str | None = None
    new_severity: str | None = None

    @property
    def certainty_moved(self) -> str:
        """`up`, `down`, or empty."""
        if self.old_certainty is None or self.new_certainty is None or self.old_certainty == self.new_certainty:
            return ""
        risen = Certainty(self.new_certainty).level > Certainty(self.old_certainty).level
        return "up" if risen else "down"

    @property
    def severity_moved(self) -> str:
        """`graver`, `milder`, or empty."""
        if self.old_severity is None or self.new_severity is None or self.old_severity == self.new_severity:
            return ""
        graver = Severity(self.new_severity).rank < Severity(self.old_severity).rank
        return "graver" if graver else "milder"

    def as_dict(self) -> dict[str, Any]:
        value: dict[str, Any] = {
            "kind": self.kind,
            "id": self.id,
            "what": self.what,
            "title": self.title,
            "clinical": self.clinical,
        }
        if self.subject:
            value["subject"] = self.subject
        if self.kind == "assessment":
            value["certainty"] = {
                "old": self.old_certainty,
                "new": self.new_certainty,
                "moved": self.certainty_moved or None,
            }
        if self.kind == "caution":
            value["severity"] = {"old": self.old_severity, "new": self.new_severity}
        value["changes"] = [c.as_dict() for c in self.changes]
        return value


@dataclass
class ClinicalDiff:
    """All that differs, by kind in the order of KINDS; `unreadable` counts records that could not be read on either side."""

    items: list[Item]
    unreadable: tuple[int, int] = (0, 0)
    files: tuple[list[str], list[str]] = ([], [])
    """Files of the older and the newer state of which something could not be read: nothing in them is compared."""

    def of(self, kind: str, what: str = "") -> list[Item]:
        return [i for i in self.items if i.kind == kind and (not what or i.what == what)]

    @property
    def clinical(self) -> list[Item]:
        return [i for i in self.items if i.clinical]

    @property
    def certainty_up(self) -> list[Item]:
        return [i for i in self.items if i.certainty_moved == "up"]

    @property
    def certainty_down(self) -> list[Item]:
        return [i for i in self.items if i.certainty_moved == "down"]

    def as_dict(self) -> dict[str, Any]:
        """Kind (see KINDS) to new, changed and withdrawn items, and what moved in certainty."""
        out: dict[str, Any] = {
            name: {what: [i.as_dict() for i in self.of(kind, what)] for what in (NEW, CHANGED, WITHDRAWN)}
            for kind, name in KINDS.items()
        }
        out["certainty"] = {"up": [i.id for i in self.certainty_up], "down": [i.id for i in self.certainty_down]}
        out["unreadable"] = {"old": self.unreadable[0], "new": self.unreadable[1]}
        out["not_compared"] = {"old": self.files[0], "new": self.files[1]}
        out["clinical"] = len(self.clinical)
        return out


def compare(old: KnowledgeBase, new: KnowledgeBase) -> ClinicalDiff:
    """What a reader of `new` finds otherwise than in `old`."""
    items: list[Item] = []
    unread = (_not_read(old), _not_read(new))

    def add(
        kind: str, was: Mapping[str, Any], now: Mapping[str, Any], title: Callable[[KnowledgeBase, Any], str]
    ) -> None:
        for key in [*now, *(k for k in was if k not in now)]:
            if not (key in was and _held_back(was[key], new, unread[1])) and not (
                key in now and _held_back(now[key], old, unread[0])
            ):
                item = _item(kind, key, was.get(key), now.get(key), old, new, title)
            else:
                item = None
            if item is not None:
                items.append(item)

    add("subject", old.subjects, new.subjects, lambda b, s: s.name)
    add("finding", old.findings, new.findings, _finding)
    add("assessment", old.assessments, new.assessments, _assessment)
    add("caution", old.cautions, new.cautions, _caution)
    add("regulation", _regulations(old), _regulations(new), _regulation)
    add("mixing", _mixing(old), _mixing(new), _pair)
    add("protocol", old.protocols, new.protocols, lambda b, p: f"{b.name(p.indication)}: {p.summary}")
    add("claim", old.claims, new.claims, lambda b, c: c.says)
    add("reference", old.references, new.references, lambda b, r: f"{r.title} ({r.year or 'no date'})")
    unreadable = (_critical(old), _critical(new))
    return ClinicalDiff(items, unreadable, unread)


def _not_read(base: KnowledgeBase) -> list[str]:
    bibliography = {p.file for p in base.problems if p.file == "references.bib" and p.severity == "critical"}
    return sorted({*base.formulary.unread, *bibliography})


def _held_back(record: Record, other: KnowledgeBase, unread: list[str]) -> bool:
    """Whether a record stands in a file of which something could not be read on the other side: it is not withdrawn."""
    if (
        isinstance(record, Finding)
        and record.reference not in other.references
        and "references.bib" in _not_read(other)
    ):
        return True
    place = record.place
    return place is not None and place.file in _not_read(other)


def _critical(base: KnowledgeBase) -> int:
    return sum(p.severity == "critical" for p in base.problems)


def _item(
    kind: str,
    key: str,
    was: Record | None,
    now: Record | None,
    old: KnowledgeBase,
    new: KnowledgeBase,
    title: Callable[[KnowledgeBase, Any], str],
) -> Item | None:
    before, after = _values(kind, was, key, old), _values(kind, now, key, new)
    _same_if_mixed(key, before, after, old, new)
    differing = changes(before, after) if before is not None and after is not None else []
    what = NEW if before is None else WITHDRAWN if after is None else CHANGED
    if what == CHANGED and not differing:
        return None
    wording = WORDING[kind]
    return Item(
        kind=kind,
        id=key,
        what=what,
        title=_titled(kind, key, title(new, now) if now is not None else title(old, was), new if now else old),
        subject=_subject(kind, key, new if now is not None else old),
        changes=differing,
        clinical=what != CHANGED or any(c.path[0] not in wording for c in differing),
        old_certainty=certainty(was).value if isinstance(was, Assessment) else None,
        new_certainty=certainty(now).value if isinstance(now, Assessment) else None,
        old_severity=was.severity.value if isinstance(was, Caution) else None,
        new_severity=now.severity.value if isinstance(now, Caution) else None,
    )


def _same_if_mixed(
    key: str, before: dict[str, Any] | None, after: dict[str, Any] | None, old: KnowledgeBase, new: KnowledgeBase
) -> None:
    """What was *mixed* in an older form and is told apart now says no more than before: that is no change."""
    for one, other, base in ((before, after, old), (after, before, new)):
        if one and other and key in base.formulary.mixed and Direction(other["direction"]).divided:
            one["direction"] = other["direction"]


def _titled(kind: str, key: str, title: str, base: KnowledgeBase) -> str:
    """Regulations and mixtures do not hold the name of what they are about."""
    if kind == "regulation":
        return f"{base.name(_subject(kind, key, base))}, {title}"
    return f"{base.name(_subject(kind, key, base))} {title}" if kind == "mixing" else title


def _values(kind: str, record: Record | None, key: str, base: KnowledgeBase) -> dict[str, Any] | None:
    if record is None:
        return None
    values = plain(record)
    if kind == "subject":
        for apart in ("findings", "assessments", "cautions", "regulatory", "mixing"):
            values.pop(apart, None)
    elif kind in {"finding", "assessment", "caution"}:
        values["subject"] = base.subject_of[key]  # a record that moved to another file says something else
    return values


def _subject(kind: str, key: str, base: KnowledgeBase) -> str:
    if kind in {"finding", "assessment", "caution"}:
        return base.subject_of[key]
    return key.split(" | ")[0] if kind in {"regulation", "mixing"} else ""


def _finding(base: KnowledgeBase, f: Finding) -> str:
    parts = [base.name(base.subject_of[f.id]), f.relation.value.replace("-", " "), base.name(f.object)]
    return f"{' '.join(parts)}, {_route(f.route)}: {f.direction.value} ({f.reference})"


def _route(route: Route) -> str:
    """`topical`; `any route`; `route not stated`."""
    named = {Route.ANY: "any route", Route.NOT_STATED: "route not stated"}
    return named.get(route, route.value.replace("-", " "))


def _assessment(base: KnowledgeBase, a: Assessment) -> str:
    return f"{base.name(base.subject_of[a.id])}, {_route(a.route)}, for {base.name(a.object)}"


def _caution(base: KnowledgeBase, c: Caution) -> str:
    return f"{base.name(base.subject_of[c.id])} with {base.name(c.trigger)}: {c.severity.value}"


def _regulations(base: KnowledgeBase) -> dict[str, Regulation]:
    return {f"{s.id} | {r.jurisdiction} | {r.route.value} | {r.use}": r for s, r in _each(base, "regulatory")}


def _mixing(base: KnowledgeBase) -> dict[str, Mixing]:
    return {f"{s.id} | {m.other}": m for s, m in _each(base, "mixing")}


def _each(base: KnowledgeBase, name: str) -> Iterable[tuple[Subject, Any]]:
    return ((s, entry) for s in base.subjects.values() for entry in getattr(s, name, []))


def _regulation(base: KnowledgeBase, r: Regulation) -> str:
    return f"{base.name(r.jurisdiction)}, {_route(r.route)}, {r.use}: {r.status.value}"


def _pair(base: KnowledgeBase, m: Mixing) -> str:
    return f"mixed with {base.name(m.other)}: {m.compatibility.value.replace('-', ' ')}"
