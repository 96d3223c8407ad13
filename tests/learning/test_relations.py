"""Who counts as related, on a base small enough to see: a wrong answer is never a relative of what is true."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.compile import build
from kb.learning import harms, patients
from kb.learning.facts import Facts
from kb.snapshot import open_snapshot
from tests.questions import small

TERMS: dict[str, list[dict[str, Any]]] = {
    "conditions": [
        {"id": "anticoagulant-therapy", "same_as": ["anticoagulant"]},
        *({"id": i} for i in ("gout", "asthma", "glaucoma", "tinnitus", "vertigo", "snoring")),
    ],
    "substances": [{"id": "anticoagulant"}, {"id": "warfarin", "parents": ["anticoagulant"]}],
    "indications": [{"id": "hair-loss", "group": "hair"}],
    "adverse-effects": [
        {"id": "hearing-loss", "group": "systemic"},
        {"id": "sudden-hearing-loss", "group": "systemic", "parents": ["hearing-loss"]},
        {"id": "blue-nails", "group": "hair"},
        {"id": "night-terrors", "group": "psychiatric"},
        {"id": "milk-teeth", "group": "immune"},
        {"id": "green-tongue", "group": "sexual"},
    ],
}


def harm(slug: str, object_: str, **more: Any) -> dict[str, Any]:
    return small.finding(slug, object_=object_, relation="causes", route="oral", **more)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    """`alpha` has a child `alphine` and a sibling `beta` under `class`; `gamma` is a stranger to all of them."""
    grave = "contraindicated"
    base = small.base(
        small.ingredient("class"),
        small.ingredient(
            "alpha",
            parents=["class"],
            findings=[harm("a1", "hearing-loss")],
            cautions=[small.caution("alpha-anticoagulant", "anticoagulant", grave)],
        ),
        small.ingredient("alphine", parents=["alpha"], findings=[harm("a2", "blue-nails")]),
        small.ingredient(
            "beta",
            parents=["class"],
            findings=[harm("b1", "night-terrors")],
            cautions=[small.caution("beta-gout", "gout", grave)],
        ),
        small.ingredient(
            "gamma",
            findings=[
                harm("g1", "milk-teeth"),
                harm("g2", "green-tongue"),
                harm("g3", "sudden-hearing-loss"),
                harm("g4", "blue-nails"),
            ],
            cautions=[
                small.caution(f"gamma-{t}", t, grave)
                for t in ("warfarin", "anticoagulant-therapy", "asthma", "glaucoma", "tinnitus")
            ],
        ),
        small.ingredient(
            "delta", summary="Said to cure vertigo.", cautions=[small.caution("delta-snoring", "snoring", grave)]
        ),
        terms=TERMS,
    )
    opened = open_snapshot(build(tmp_path_factory.mktemp("small"), base))
    yield Facts(opened)
    opened.close()


def test_related_terms_are_broader_narrower_and_the_same(facts: Facts) -> None:
    assert facts.related("warfarin") == {"warfarin", "anticoagulant", "anticoagulant-therapy"}
    assert facts.related("anticoagulant-therapy") >= {"warfarin", "anticoagulant"}
    assert facts.related("gout") == {"gout"}


def test_a_family_holds_broader_narrower_and_sibling_subjects(facts: Facts) -> None:
    assert facts.family("alpha") == {"class", "alpha", "alphine", "beta"}
    assert facts.family("gamma") == {"gamma"}


def test_a_wrong_note_is_no_relative_of_the_right_one(facts: Facts) -> None:
    silent = {fact for fact in patients.notes(facts) if patients.silent(facts, "alpha", fact)}
    assert silent == {"asthma", "glaucoma", "tinnitus", "snoring"}  # not gout: it stands against the sibling


def test_what_a_page_mentions_is_never_called_harmless(facts: Facts) -> None:
    assert facts.mentions("delta", "vertigo")
    assert not facts.mentions("delta", "tinnitus")
    assert not patients.silent(facts, "delta", "vertigo")


def test_a_wrong_harm_is_neither_the_familys_nor_near_nor_of_its_groups(facts: Facts) -> None:
    pool = harms.told_apart_from_procedures(facts, harms.documented(facts))
    assert set(pool) >= {"milk-teeth", "green-tongue", "sudden-hearing-loss"}
    assert harms.wrong_for(facts, "alpha", pool) == ["green-tongue", "milk-teeth"]


def test_a_harm_seen_after_a_needle_is_nobodys_wrong_answer(tmp_path: Path) -> None:
    needle = small.finding("n1", object_="milk-teeth", relation="causes", route="intradermal")
    base = small.base(
        small.ingredient("alpha", findings=[harm("a1", "hearing-loss")]),
        small.ingredient("nu", findings=[needle]),
        terms=TERMS,
    )
    opened = open_snapshot(build(tmp_path, base))
    facts = Facts(opened)
    assert "milk-teeth" not in harms.told_apart_from_procedures(facts, harms.documented(facts))
    opened.close()
