"""Words as clinicians type them are understood, and two medicines are never taken for each other."""

from __future__ import annotations

import pytest

from kb.questions import phrases
from kb.questions.phrases import Person, Phrase
from kb.questions.words import key, slip


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Anaemias", "anemia"),
        ("haemophilia", "hemophilia"),
        ("oedema", "edema"),
        ("depigmentisation", "depigmentization"),
        ("tumour", "tumor"),
        ("St John’s wort", "st johns wort"),
        ("Bell's palsy", "bells palsy"),
        ("eggs", "egg"),
        ("gentamycin", "gentamicin"),
        ("ibuprophen", "ibuprofen"),
        ("immunosupression", "immunosuppression"),
        ("café au lait", "CAFE AU LAIT"),
    ],
)
def test_spelling_habits_make_no_difference(typed: str, written: str) -> None:
    assert key(typed) == key(written)


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("wafarin", "warfarin"),
        ("isotretinion", "isotretinoin"),
        ("rivoroxiban", "rivaroxaban"),
        ("finastride", "finasteride"),
    ],
)
def test_a_slip_in_a_medicine_is_forgiven(typed: str, known: str) -> None:
    assert slip(key(typed), key(known), medicine=True)


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("sertraline", "tetracycline"),
        ("clonidine", "lidocaine"),
        ("nifedipine", "nimodipine"),
        ("quinine", "quinidine"),
        ("lamotrigine", "amlodipine"),
        ("Rogaine", "procaine"),
        ("cefepime", "cefixime"),
        ("tinzaparin", "enoxaparin"),
    ],
)
def test_medicines_that_look_alike_stay_two(typed: str, known: str) -> None:
    assert slip(key(typed), key(known), medicine=True) is None


def test_opposites_are_no_slip_of_each_other() -> None:
    assert slip(key("hypotension"), key("hypertension"), medicine=False) is None
    assert slip(key("hyperthyroidism"), key("hypothyroidism"), medicine=False) is None
    assert slip(key("vitamin b5"), key("vitamin b6"), medicine=False) is None


@pytest.mark.parametrize(
    ("said", "person"),
    [
        ("age 15", Person(years=15)),
        ("15 years old", Person(years=15)),
        ("15yo", Person(years=15)),
        ("16 y.o. girl", Person(years=16, sex="female")),
        ("girl of 15", Person(years=15, sex="female")),
        ("man 64", Person(years=64, sex="male")),
        ("18 months old", Person(years=1.5)),
        ("72.5 kg", Person(kg=72.5)),
        ("weight 60 kg", Person(kg=60)),
        ("male", Person(sex="male")),
        ("pregnant 10 weeks", None),
        ("15 mg", None),
    ],
)
def test_age_weight_and_sex_are_read(said: str, person: Person | None) -> None:
    assert phrases.person(said) == person


@pytest.mark.parametrize(
    ("said", "opened"),
    [
        ("44F platelets 90, Hb 98", ("44F", "platelets 90, Hb 98")),
        ("Male 67 — AF, apixaban", ("Male 67", "AF, apixaban")),
        ("50 Male smoker", ("50 Male", "smoker")),
        ("29 y/o F on HRT", ("29 y/o F", "on HRT")),
        ("67 year old man with AF", ("67 year old man", "AF")),
        ("45 yo female: keloids", ("45 yo female", "keloids")),
        ("10 m ago filler", None),
        ("70 kg on warfarin", None),
        ("40 mg prednisolone", None),
        ("6 months old tattoo", None),
        ("42F, PE 2018", None),
        ("12 f", None),
    ],
)
def test_a_person_at_the_head_of_a_line_is_told_from_the_rest(said: str, opened: tuple[str, str] | None) -> None:
    assert phrases.opening(said) == opened


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("filler 3 weeks ago", 21),
        ("botox yesterday", 1),
        ("peel a week ago", 7),
        ("laser two days ago", 2),
        ("filler 10 d ago", 10),
    ],
)
def test_how_long_ago_is_read(said: str, days: float) -> None:
    timed = phrases.timed(Phrase(said, said))
    assert timed.days_ago == days
    assert timed.word == said.split()[0]


def test_what_is_ahead_and_what_has_ended_is_read() -> None:
    assert phrases.timed(Phrase("", "operation in 2 weeks")).days_ahead == 14
    ended = phrases.timed(Phrase("", "stopped isotretinoin 5 months ago"))
    assert (ended.word, ended.ended, round(ended.days_ago or 0)) == ("isotretinoin", True, 152)
    assert phrases.timed(Phrase("", "isotretinoin ended 5 months ago")).word == "isotretinoin"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("no diabetes", "diabetes"),
        ("denies pregnancy", "pregnancy"),
        ("family history of DVT", "DVT"),
        ("mother had breast cancer", "breast cancer"),
        ("keloids in the family", "keloids"),
        ("has kids", "child"),
        ("3 kids", "child"),
        ("two young children at home", "child"),
        ("mother of 2", "child"),
        ("kids aged 3 and 5", "child"),
        ("works with children", "child"),
        ("has a 5 year old", "child"),
    ],
)
def test_what_is_denied_or_in_the_family_does_not_count(said: str, word: str) -> None:
    found = phrases.denied(Phrase(said, said))
    assert found is not None
    assert (found.word, found.counted) == (word, False)


@pytest.mark.parametrize("said", ["child", "small child", "with child", "mother of 2 on warfarin", "12 year old girl"])
def test_a_child_who_may_be_the_patient_is_not_left_out(said: str) -> None:
    assert phrases.denied(Phrase(said, said)) is None


@pytest.mark.parametrize(
    "said", ["not well controlled diabetes", "not compliant with insulin", "non-small cell cancer"]
)
def test_not_well_controlled_is_no_denial(said: str) -> None:
    assert phrases.denied(Phrase(said, said)) is None


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("Eliquis 5 mg tablets twice daily", "Eliquis"),
        ("lidocaine 2%", "lidocaine"),
        ("adrenaline 1:100 000", "adrenaline"),
        ("not well controlled diabetes", "diabetes"),
        ("voltaren gel", "voltaren"),
    ],
)
def test_strength_and_form_are_taken_off(said: str, word: str) -> None:
    found = phrases.bare(Phrase(said, said))
    assert found is not None
    assert found.word == word
