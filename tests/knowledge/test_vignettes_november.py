"""Plans written down before the check was asked raise what was expected; a medicine that is over raises nothing; brands are read."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from tests.knowledge.vignettes import Case, put, read, titles, understood_and_raised

VIGNETTES = read("vignettes_november.yaml")


@pytest.mark.parametrize("case", VIGNETTES, ids=titles(VIGNETTES))
def test_what_was_expected_is_raised(base: KnowledgeBase, case: Case) -> None:
    understood_and_raised(put(base, case), case)


@pytest.mark.parametrize(
    ("cocktail", "said"),
    [
        ("botulinum-toxin-a", "on warfarin, stopped 3 years ago"),
        ("botulinum-toxin-a", "warfarin stopped 18 months ago"),
        ("hyaluronic-acid", "took Roaccutane 10 years ago"),
        ("hyaluronic-acid", "was on isotretinoin 4 years ago"),
        ("tranexamic-acid", "the pill, stopped 5 years ago"),
        ("tranexamic-acid", "used to take the pill 2 years ago"),
    ],
)
def test_a_medicine_that_was_stopped_years_ago_is_told_as_over(base: KnowledgeBase, cocktail: str, said: str) -> None:
    answer = base.precheck([cocktail], "mesotherapy", [said])
    assert [n.why for n in answer.not_counted] == ["over or long past"]
    assert not answer.alerts
    assert answer.understood


@pytest.mark.parametrize(
    ("said", "trigger"),
    [
        ("warfarin stopped 3 months ago", "warfarin"),
        ("warfarin stopped", "warfarin"),
        ("took aspirin this morning", "aspirin"),
        ("started warfarin 3 years ago", "warfarin"),
        ("on warfarin for 3 years", "warfarin"),
    ],
)
def test_a_medicine_that_may_still_act_counts(base: KnowledgeBase, said: str, trigger: str) -> None:
    answer = base.precheck(["hyaluronic-acid-filler"], "cosmetic-injection", [said])
    assert trigger in {a.trigger for a in answer.alerts}


def test_what_stays_in_the_body_counts_however_long_ago(base: KnowledgeBase) -> None:
    def triggers(technique: str, said: str) -> set[str]:
        return {a.trigger for a in base.precheck([], technique, [said]).alerts}

    assert "gold-preparation" in triggers("laser-therapy", "gold injections stopped 20 years ago")
    assert triggers("narrowband-uvb", "stopped acitretin 2 years ago") & {"acitretin"}
    assert not triggers("narrowband-uvb", "stopped acitretin 4 years ago")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("creatinine 220", {"renal-impairment"}),
        ("creatinine 310 µmol/L", {"severe-renal-impairment"}),
        ("creatinine 2.1 mg/dL", {"renal-impairment"}),
        ("serum creatinine 3.4 mg/dL", {"severe-renal-impairment"}),
        ("creatinine 80", set()),
    ],
)
def test_a_creatinine_is_read_by_the_limits_of_labels(base: KnowledgeBase, said: str, meant: set[str]) -> None:
    answer = base.precheck(["tranexamic-acid"], "mesotherapy", [said])
    assert {m.id for g in answer.given if g.role == "condition" for m in g.means} == meant
    assert answer.understood


def test_a_creatinine_that_is_usual_in_men_alone_is_not_called_usual(base: KnowledgeBase) -> None:
    answer = base.precheck(["tranexamic-acid"], "mesotherapy", ["creatinine 100"])
    assert not any("usual" in n.why for n in answer.not_counted)


@pytest.mark.parametrize(
    ("brand", "medicine"),
    [
        ("Fluctin", "fluoxetine"), ("Tryptizol", "amitriptyline"), ("Sirdalud", "tizanidine"), ("Symtuza", "cobicistat"),
        ("Falithrom", "phenprocoumon"), ("Adiro", "aspirin"), ("Saroten", "amitriptyline"), ("Aurorix", "moclobemide"),
        ("Jatrosom", "tranylcypromine"), ("Beloc", "metoprolol"), ("Delix", "ramipril"), ("Seguril", "furosemide"),
        ("Dociton", "propranolol"), ("Epanutin", "phenytoin"), ("Imurek", "azathioprine"), ("Decortin", "prednisone"),
        ("Siofor", "metformin"), ("Quensyl", "hydroxychloroquine"), ("Sortis", "atorvastatin"), ("Cipram", "citalopram"),
    ],
)  # fmt: skip
def test_a_brand_is_read_as_its_medicine(base: KnowledgeBase, brand: str, medicine: str) -> None:
    answer = base.precheck(["hyaluronic-acid"], "mesotherapy", [], [brand])
    assert medicine in {m.id for g in answer.given if g.role == "substance" for m in g.means}
    assert answer.understood
