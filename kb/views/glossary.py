"""The words of the field in our own words, by group; one of them when `term` names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kb.questions.search import fold
from kb.views import reading, words
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]

GROUPS = {
    "certainty": "How sure",
    "figures": "Figures",
    "studies": "Kinds of studies",
    "harms": "Harms and cautions",
    "regulation": "Regulation",
    "technique": "Technique",
    "codes": "Codes and classifications",
}


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    terms: dict[str, Value] = snapshot.document("glossary")
    asked = reading.first(params, "term")
    if asked and asked not in terms:
        asked = next((i for i, t in terms.items() if fold(asked) in {fold(n) for n in (t["term"], *t["also"])}), asked)
    if asked and asked not in terms:
        near = sorted(terms.values(), key=lambda t: str(t["term"]).casefold())
        html = draw(
            "glossary",
            one=None,
            asked=words.cut(asked, 80),
            shelves=[("All terms", "all", near)],
            terms=terms,
            citer=reading.citer(snapshot),
        )
        return Fragment("Glossary", html, 404)
    shelves = [
        (
            title,
            group,
            sorted((t for t in terms.values() if t["group"] == group), key=lambda t: str(t["term"]).casefold()),
        )
        for group, title in {
            **GROUPS,
            **{t["group"]: words.say(t["group"]) for t in terms.values() if t["group"] not in GROUPS},
        }.items()
    ]
    one = terms.get(asked)
    html = draw(
        "glossary",
        one=one,
        asked="",
        shelves=[s for s in shelves if s[2]],
        terms=terms,
        citer=reading.citer(snapshot),
    )
    return Fragment(one["term"] if one else "Glossary", html)
