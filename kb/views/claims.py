"""What popular pages say against the evidence, by verdict, page, topic and subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from kb.questions.search import fold
from kb.questions.shapes import ClaimValue
from kb.views import links, reading, words
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

AT_ONCE = 40
"""Claims on one page of the list."""
FILTERS = ("verdict", "topic", "page", "subject", "q")


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    every: list[ClaimValue] = snapshot.document("claims")
    by_id = {c["id"]: c for c in every}
    asked = reading.first(params, "claim")
    if asked and asked not in by_id:
        return reading.not_found(asked, ("claim",), snapshot)
    chosen = {name: reading.first(params, name) for name in FILTERS}
    if asked:
        chosen = dict.fromkeys(FILTERS, "")
    found = [by_id[asked]] if asked else [c for c in every if fits(c, chosen)]
    start = _start(params, found)
    shown = [with_contradictions(c, by_id) for c in found[start : start + AT_ONCE]]
    rest = {k: v for k, v in chosen.items() if v}
    others = {k: v for k, v in rest.items() if k != "verdict"}
    counts = Counter(c["verdict"] for c in every if fits(c, {**chosen, "verdict": ""}))
    html = draw(
        "claims",
        single=by_id.get(asked),
        chosen=chosen,
        verdicts=[(v, counts[v], links.href("claims", verdict=v, **others)) for v in words.VERDICTS],
        everything=links.href("claims", **others),
        subjects=options((c["subject"], c["subject_name"]) for c in every),
        topics=options((c["topic"], words.say(c["topic"])) for c in every),
        pages=options((c["page"], c["page_title"]) for c in every),
        found=len(found),
        total=len(every),
        contradicting=sum(bool(c["contradicts"]) for c in every),
        start=start,
        shown=shown,
        before=links.href("claims", **{**rest, "from": str(start - AT_ONCE)}) if start else None,
        after=links.href("claims", **{**rest, "from": str(start + AT_ONCE)}) if start + AT_ONCE < len(found) else None,
        citer=reading.citer(snapshot),
        link_of=partial(reading.link_of, snapshot),
    )
    return Fragment(_title(by_id.get(asked), chosen, snapshot), html)


def listed(params: Mapping[str, list[str]], snapshot: Snapshot) -> list[str]:
    """The ids of the claims that a page of the list shows, in its order."""
    chosen = {name: reading.first(params, name) for name in FILTERS}
    found = [c for c in snapshot.document("claims") if fits(c, chosen)]
    start = _start(params, found)
    return [c["id"] for c in found[start : start + AT_ONCE]]


def _start(params: Mapping[str, list[str]], found: list[ClaimValue]) -> int:
    return min(_whole(reading.first(params, "from")), max(len(found) - 1, 0)) // AT_ONCE * AT_ONCE


def _title(single: ClaimValue | None, chosen: Mapping[str, str], snapshot: Snapshot) -> str:
    """The title of a selection says what is selected: several may stand open side by side."""
    if single:
        return f"Claim: {words.cut(single['says'], 70)}"
    said = [
        words.title_of(words.VERDICTS, chosen["verdict"]).lower() if chosen["verdict"] else "",
        f"on {reading.name_of(snapshot, chosen['subject'])}" if chosen["subject"] else "",
        words.say(chosen["topic"]).lower(),
        f"“{words.cut(chosen['q'], 40)}”" if chosen["q"] else "",
    ]
    return f"Popular claims{': ' if any(said) else ''}{', '.join(filter(None, said))}"


def fits(claim: ClaimValue, chosen: Mapping[str, str]) -> bool:
    """Does a claim match every filter that is set? A subject matches what a claim is about from either side."""
    if chosen["verdict"] and words.tone(claim["verdict"]) != words.tone(chosen["verdict"]):
        return False
    if chosen["topic"] and claim["topic"] != chosen["topic"]:
        return False
    if chosen["page"] and claim["page"] != chosen["page"]:
        return False
    if chosen["subject"] and chosen["subject"] not in {claim["subject"], claim["object"]}:
        return False
    if not chosen["q"]:
        return True
    text = fold(f"{claim['says']} {claim['why']} {claim['subject_name']} {claim['object_name'] or ''}")
    return all(word in text for word in fold(chosen["q"]).split())


class ClaimShown(ClaimValue):
    """A claim with those it contradicts."""

    others: list[ClaimValue]


def with_contradictions(claim: ClaimValue, by_id: Mapping[str, ClaimValue]) -> ClaimShown:
    return {**claim, "others": [by_id[c] for c in claim["contradicts"] if c in by_id]}


def options(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Choices of a filter, a value and its label for each claim: with how many claims, the most frequent first."""
    counts = Counter(choices)
    return [(value, label, n) for (value, label), n in sorted(counts.items(), key=lambda i: (-i[1], i[0][1]))]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
