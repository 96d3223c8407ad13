"""What a clinician types (brands, lay words, typing errors, phrases) raises what is recorded for the fact that is meant."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from tests.knowledge.vignettes import Case, put, read, understood_and_raised

VIGNETTES = read("vignettes_words.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=[c["text"][:50] for c in VIGNETTES])
def test_the_word_raises_what_is_meant(base: KnowledgeBase, case: Case) -> None:
    understood_and_raised(put(base, case), case)


@pytest.mark.parametrize(
    "said", ["no diabetes", "denies pregnancy", "mother had breast cancer", "family history of keloids", "NKDA"]
)
def test_what_the_patient_does_not_have_raises_nothing(base: KnowledgeBase, said: str) -> None:
    answer = base.precheck(["minoxidil"], "microneedling", [said])
    assert [n.said for n in answer.not_counted] == [said]
    assert not answer.alerts
    assert answer.understood


@pytest.mark.parametrize(
    ("typed", "never"),
    [
        ("sertraline", "tetracycline"),
        ("clonidine", "lidocaine"),
        ("hydroxyzine", "hydralazine"),
        ("lamotrigine", "amlodipine"),
    ],
)
def test_a_medicine_is_never_taken_for_one_that_looks_alike(base: KnowledgeBase, typed: str, never: str) -> None:
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", [], [typed])
    assert never not in {m.id for g in answer.given for m in g.means}
    assert never not in {n.casefold() for u in answer.unresolved for n in u.near}


@pytest.mark.parametrize(
    ("ingredient", "technique"),
    [
        ("minoxidil", "mesotherapy"),
        ("hyaluronic-acid", "microneedling"),
        ("finasteride", "mesotherapy"),
        ("glycolic-acid", "chemical-peel"),
    ],
)
def test_a_healthy_adult_raises_no_alert(base: KnowledgeBase, ingredient: str, technique: str) -> None:
    assert base.precheck([ingredient], technique, ["healthy", "age 35"]).alerts == []
