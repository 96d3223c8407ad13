"""What kind of study a record seems to be, and where that was read."""

import pytest

from kb.model.terms import Design
from kb.screen.design import (
    FROM_ABSTRACT,
    FROM_TITLE,
    RECORD,
    Study,
    design,
    in_people,
    is_no_study,
    is_trial,
    of_plants,
)


def entry(title: str = "", types: tuple[str, ...] = (), headings: tuple[str, ...] = (), abstract: str = "") -> Study:
    return Study(title, abstract=abstract, headings="\n".join(headings), types="\n".join(types))


@pytest.mark.parametrize(
    ("one", "found", "said"),
    [
        (entry("X", ("Randomized Controlled Trial",)), Design.RCT, RECORD),
        (entry("A case report", ("Randomized Controlled Trial",)), Design.RCT, RECORD),
        (entry("A randomised split-face comparison"), Design.RCT, FROM_TITLE),
        (entry("A nonrandomized controlled trial"), Design.CONTROLLED_TRIAL, FROM_TITLE),
        (entry("X: systematic review and meta-analysis", ("Review",)), Design.META_ANALYSIS, FROM_TITLE),
        (entry("X: a review", ("Review",)), Design.NARRATIVE_REVIEW, RECORD),
        (entry("X: a review"), Design.NARRATIVE_REVIEW, FROM_TITLE),
        (entry("X", headings=("Humans", "Cohort Studies")), Design.COHORT, RECORD),
        (entry("X", abstract="Patients were randomly assigned."), Design.RCT, FROM_ABSTRACT),
        (entry("X", abstract="Patients were seen."), None, None),
        (entry("X", headings=("Animals", "Mice")), Design.ANIMAL, RECORD),
        (entry("X in 3 patients", headings=("Animals", "Humans")), None, None),
        (entry("X in rats", abstract="Twelve of them."), Design.ANIMAL, FROM_TITLE),
        (entry("X in rats and patients"), None, None),
        (entry("X in the chicken liver", abstract="As in human disease."), Design.ANIMAL, FROM_TITLE),
        (entry("X", abstract="Cultured fibroblasts were used in vitro."), Design.IN_VITRO, FROM_ABSTRACT),
        (entry("X and rats", ("Randomized Controlled Trial",), ("Humans",)), Design.RCT, RECORD),
    ],
)
def test_design(one: Study, found: Design | None, said: str | None) -> None:
    guess = design(one)
    assert (guess.design, guess.said) == (found, said)


def test_what_is_no_study() -> None:
    assert is_no_study(entry(types=("Letter", "Comment"))) == "comment"
    assert is_no_study(entry(types=("Letter", "Case Reports"))) is None, "a case told in a letter is a case"
    assert is_trial(entry(types=("Clinical Trial, Phase II",)))
    assert not is_trial(entry(types=("Journal Article",)))


def test_people_plants_and_neither() -> None:
    assert in_people(entry("X", headings=("Humans",)))
    assert in_people(entry("X", abstract="Twelve women were treated."))
    assert not in_people(entry("X in okra"))
    assert of_plants(entry("Amino acids against drought in okra"))
    assert not of_plants(entry("Soil on the skin of patients"))
