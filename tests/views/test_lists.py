"""The lists of popular claims and of terms: what a search and a filter leave, and what a word is found by."""

from __future__ import annotations

from typing import Any

import pytest

from kb.snapshot import Snapshot
from kb.views import claims, glossary
from tests.views.markup import Markup

CLAIM: Any = {
    "says": "Alphanol regrows hair.", "why": "Two small trials.", "topic": "indication", "page": "page-one",
    "subject": "alphanol", "subject_name": "Alphanol", "object": "thin-hair", "object_name": "Thin hair",
    "verdict": "partly supported",
}  # fmt: skip


def fits(claim: Any = CLAIM, **chosen: str) -> bool:
    return claims.fits(claim, dict.fromkeys(claims.FILTERS, "") | chosen)


@pytest.mark.parametrize("q", ["regrows", "TRIALS", "alphanol hair", "thin  small"])
def test_a_claim_is_found_by_every_word_of_what_it_says_why_and_of_what_it_is_about(q: str) -> None:
    assert fits(q=q)


@pytest.mark.parametrize("q", ["zzzzqq", "alphanol zzzzqq", "page-one"])
def test_a_claim_without_one_of_the_words_is_not_shown(q: str) -> None:
    assert not fits(q=q)


def test_a_claim_about_one_thing_only_is_not_found_by_a_word_nobody_wrote() -> None:
    alone = CLAIM | {"object": None, "object_name": None}
    assert fits(alone, q="alphanol")
    assert not fits(alone, q="none")
    assert not fits(alone, q="thin")


@pytest.mark.parametrize(
    ("chosen", "other"),
    [
        ({"verdict": "partly supported"}, {"verdict": "contradicted"}),
        ({"topic": "indication"}, {"topic": "harm"}),
        ({"page": "page-one"}, {"page": "page-two"}),
        ({"subject": "alphanol"}, {"subject": "betanol"}),
        ({"subject": "thin-hair"}, {"subject": "thin-brow"}),
    ],
)
def test_every_filter_keeps_what_it_names_and_drops_the_rest(chosen: dict[str, str], other: dict[str, str]) -> None:
    assert fits() and fits(**chosen) and not fits(**other)
    assert fits(q="regrows", **chosen) and not fits(q="regrows", **other), "a search does not lift a filter"
    assert not fits(q="zzzzqq", **chosen)


def term(slug: str, name: str, *also: str, group: str = "figures") -> dict[str, Any]:
    held = {"id": slug, "term": name, "also": list(also), "group": group, "brief": f"Brief on {name}."}
    return held | {"text": f"Text on {name}.", "references": [], "sources": [], "see_also": []}


TERMS = {
    t["id"]: t
    for t in (
        term("risk-ratio", "Risk ratio", "RR", "relative risk"),
        term("sham", "Sham", group="studies"),
        term("gauge", "Gauge", group="needles-here"),
    )
}


class Held:
    """A snapshot with terms and nothing else."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def document(self, name: str) -> Any:
        return TERMS if name == "glossary" else self.snapshot.document(name)


def shown(snapshot: Snapshot, *asked: str) -> Any:
    return glossary.render({"term": list(asked)}, Held(snapshot))  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", ["risk-ratio", "Risk ratio", "rr", "RELATIVE RISK", " Risk Ratio "])
def test_a_term_is_found_by_its_id_its_name_and_its_other_names(snapshot: Snapshot, asked: str) -> None:
    page = shown(snapshot, asked)
    assert (page.status, page.title) == (200, "Risk ratio")
    assert "Text on Risk ratio." in Markup(page.html).text


@pytest.mark.parametrize("asked", ["odds", "rel", "ratio"])
def test_a_word_that_is_no_term_is_never_answered_with_another(snapshot: Snapshot, asked: str) -> None:
    page = shown(snapshot, asked)
    assert (page.status, page.title) == (404, "Glossary")
    text = Markup(page.html).text
    assert f"There is no term “{asked}”." in text
    assert text.index("Brief on Gauge.") < text.index("Brief on Risk ratio.") < text.index("Brief on Sham.")


def test_every_term_stands_once_in_its_group(snapshot: Snapshot) -> None:
    page = shown(snapshot)
    assert (page.status, page.title) == (200, "Glossary")
    drawn = Markup(page.html)
    assert [a["id"] for tag, a in drawn.tags if tag == "section"] == ["figures", "studies", "needles-here"]
    assert [a["id"] for tag, a in drawn.tags if tag == "div" and a.get("id", "").startswith("term-")] == [
        "term-risk-ratio",
        "term-sham",
        "term-gauge",
    ]
    assert "There is no term" not in drawn.text
