"""Points: they add up, each has its reason, and what matters more gets more."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.literature.entry import Entry
from kb.model.reference import Notice
from kb.model.terms import Certainty
from kb.screen import likeness, score
from kb.screen.design import Study
from kb.screen.gaps import Coverage, Pair
from kb.screen.learned import MOST
from kb.screen.mentions import Reader
from kb.screen.score import Weighed, weigh
from tests.screen.conftest import ROOT


@pytest.fixture(scope="module")
def reader(base: KnowledgeBase) -> Reader:
    return Reader.of(base)


class Scale:
    def __init__(self, reader: Reader, coverage: Coverage) -> None:
        self.reader, self.coverage = reader, coverage

    def __call__(self, title: str, abstract: str = "", **more: object) -> Weighed:
        entry = Entry("file", "PubMed", fields={"title": title}, abstract=abstract, **more)  # type: ignore[arg-type]
        found = self.reader.mentions(title, entry.keywords, abstract)
        assert found is not None
        return weigh(Study.of(entry), found, self.reader.things, self.coverage)


@pytest.fixture
def scale(reader: Reader) -> Scale:
    """Weighs against a base that knows one pair, with very low certainty, and one harm."""
    pair, harm = ("dutasteride", "melasma"), ("dutasteride", "bruising")
    return Scale(reader, Coverage({pair: Certainty.VERY_LOW}, {pair: 2, harm: 1}))


def test_points_add_up_and_each_has_a_reason(scale: Scale) -> None:
    one = scale("Intradermal dutasteride in melasma: a randomised trial", "Erythema was seen.")
    assert one.score == sum(reason.points for reason in one.reasons)
    assert [str(reason) for reason in one.reasons] == [
        "+6 Dutasteride (ingredient) in the title",
        "+1 also Intradermal injection",
        "+6 Melasma (indication) in the title",
        "+1 also Erythema",
        "+3 'intradermal' in the title",
        "+2 about skin, hair or cosmetics",
        "+5 rct, guessed from the title",
        "+4 would inform Dutasteride and Melasma: certainty very low, 2 findings",
    ]
    assert one.pairs[0] == Pair("dutasteride", "melasma", Certainty.VERY_LOW, 2)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (("Dutasteride in melasma",), ("Dutasteride", "In melasma.")),
        (("Dutasteride in melasma",), ("Dutasteride and bruising",)),
        (("Dutasteride in melasma",), ("Biotin in melasma",)),
        (("Dutasteride injection in melasma",), ("Dutasteride in melasma",)),
        (("Intradermal dutasteride in melasma",), ("Dutasteride injection in melasma",)),
        (("Dutasteride in melasma: a randomised trial",), ("Dutasteride in melasma: a case series",)),
        (("Dutasteride in melasma",), ("Dutasteride in melasma of mice",)),
        (("Dutasteride and urticaria",), ("Dutasteride and bruising",)),
        (("Dutasteride in melasma of the face", "Skin."), ("Dutasteride in melasma of the face",)),
        (("Dutasteride in melasma", "In patients."), ("Dutasteride in melasma",)),
        (("Mesotherapy of the knee",), ("Injection of the knee", "Mesotherapy.")),
    ],
)
def test_more_and_less(scale: Scale, more: tuple[str, ...], less: tuple[str, ...]) -> None:
    assert scale(*more).score > scale(*less).score


@pytest.mark.parametrize(
    ("certainty", "findings", "points"),
    [(level, 3, score.GAP[level]) for level in Certainty] + [(None, 0, score.GAP[None]), (None, 3, score.GAP[None])],
)
def test_the_less_is_known_the_more_a_study_is_wanted(
    scale: Scale, certainty: Certainty | None, findings: int, points: int
) -> None:
    pair = ("dutasteride", "melasma")
    scale.coverage = Coverage({pair: certainty} if certainty else {}, {pair: findings})
    one = scale("Dutasteride in melasma")
    told = [reason for reason in one.reasons if reason.words.startswith("would inform")]
    assert sum(reason.points for reason in told) == points
    assert score.GAP[Certainty.VERY_LOW] > score.GAP[Certainty.LOW] > score.GAP[Certainty.MODERATE]


def test_a_substance_is_never_what_a_study_is_about(scale: Scale) -> None:
    one = scale("Dutasteride and warfarin", "Melasma was seen.")
    assert one.objects == ("melasma", "warfarin")
    assert [pair.object for pair in one.pairs] == ["melasma"]


def test_a_retraction_is_told_and_weighs(scale: Scale) -> None:
    sound = scale("Dutasteride in melasma")
    taken_back = scale("Dutasteride in melasma", notices=[Notice(kind="retraction", said="J Inv 2024")])
    assert taken_back.retracted
    assert not sound.retracted
    assert taken_back.score == sound.score + score.RETRACTED
    assert f"{score.RETRACTED:+d} retraction: J Inv 2024" in map(str, taken_back.reasons)


def test_a_letter_is_less(scale: Scale) -> None:
    letter = scale("Dutasteride in melasma", publication_types=["Letter"])
    assert letter.score == scale("Dutasteride in melasma").score + score.NO_STUDY


def test_coverage_of_the_base(base: KnowledgeBase) -> None:
    coverage = Coverage.of(base)
    for assessment in list(base.assessments.values())[:20]:
        pair = coverage.pair(base.subject_of[assessment.id], assessment.object)
        assert pair.certainty is not None
        assert pair.state.startswith("certainty ")
    assert coverage.pair("no-such", "thing").state == "no finding yet"
    assert replace(coverage.pair("no-such", "thing"), findings=1).state == "1 finding, not graded"


def test_the_documents_say_the_points() -> None:
    """docs/literature.md has a row for each kind of point, with the numbers of the program."""
    text = (ROOT / "docs" / "literature.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", text[text.index("### The score") :], re.MULTILINE))

    def numbers(row: str) -> list[int]:
        return [int(n.replace("−", "-")) for n in re.findall(r"[−-]?\d+", rows[row])]

    assert numbers("a principal ingredient or a technique") == list(score.LEADING_SUBJECT.values())
    assert numbers("another ingredient") == list(score.OTHER_SUBJECT.values())
    for kind, row in (
        ("indication", "an indication"),
        ("adverse-effect", "a harm"),
        ("condition", "a condition"),
        ("substance", "a substance, beside one of these"),
    ):
        assert numbers(row) == list(score.OBJECT[kind].values())
    assert numbers("a class or a vehicle (title alone)") == list(score.BROAD.values())
    assert numbers("a second ingredient or technique; a second object") == [score.SECOND, score.SECOND]
    assert numbers("a way into the skin (intradermal, mesotherapy, microneedling); or plain injection") == [
        *score.LOCAL_ROUTE.values(),
        *score.INJECTION.values(),
    ]
    assert numbers("skin, hair or cosmetics, or a way into the skin; in the title besides") == [
        score.FIELD,
        score.FIELD_TITLE,
    ]
    assert numbers("no word of skin, hair or a way into the skin") == [score.OTHER_FIELD]
    assert numbers("the field's own name") == list(score.OWN.values())
    assert {f"{points}" for points, _ in score.WAY.values()} == {rows["a title that is enough by itself"]}
    assert numbers("in humans") == [score.PEOPLE]
    assert numbers("crops, soil or feed, and no people") == [score.PLANTS]
    assert numbers("learned from decisions, at most") == [MOST, -MOST]
    alike = numbers("a title like those of `references.bib`, at most; unlike them, at most")
    assert alike == [likeness.MOST, -likeness.MOST]
    gaps = [score.GAP[level] for level in (Certainty.VERY_LOW, Certainty.LOW, Certainty.MODERATE, Certainty.HIGH, None)]
    assert numbers("the pair's certainty: very low; low; moderate; high; not graded or no finding") == gaps
    assert numbers("a harm or condition without a finding for that subject") == [score.HARM_GAP]
    assert numbers("a comment, letter, editorial or erratum") == [score.NO_STUDY]
    assert numbers("retracted; with an expression of concern") == [score.RETRACTED, score.CONCERN]
    for design, points in score.DESIGN.items():
        row = next(row for row in rows if design.value.replace("-", " ") in row.replace("-", " ").lower())
        assert numbers(row) == [points], design
    assert numbers("a clinical trial that says no more") == [score.TRIAL]


def test_modules_stay_small() -> None:
    for path in Path(score.__file__).parent.glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 300, path.name
