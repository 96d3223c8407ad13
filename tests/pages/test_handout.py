"""Hand-outs for patients: plain, with the control beside every figure, and open about what is not known."""

import re

import pytest

from kb.snapshot import Snapshot
from kb.views import handout, render, sections
from kb.views.drawing import Medium, under
from kb.views.readability import reading_ease, syllables
from tests.views.markup import Markup

INJECTED = "minoxidil-intradermal-female-pattern-hair-loss"
EASY = 55
"""Flesch: 60 to 70 is plain English; the hardest page has names of diseases that have no plain word."""


def every(base: Snapshot) -> list[str]:
    rows = [row["id"] for row in base.document("catalogue") if row["kind"] == "indication"]
    return [a["id"] for slug in rows for a in base.monograph(slug)["assessments"] if a["object"] == slug]


def show(base: Snapshot, assessment: str) -> Markup:
    page = render("handout", {"assessment": [assessment]}, base)
    assert page.status == 200
    return Markup(page.html)


def test_people_are_drawn_with_the_comparison_beside_them(base: Snapshot) -> None:
    page = show(base, INJECTED)
    assert page.faults == []
    assert "About 69 of 100 with intradermal minoxidil 0.5%" in page.text
    assert "About 38 of 100 with intradermal saline 0.9% (comparison)" in page.text
    drawn = [svg.count('class="had"') for svg in page.html.split("<svg")[1:]]
    assert drawn == [2 * 69, 2 * 38]  # head and body


def test_a_print_leads_to_its_page_and_names_its_release_only_where_an_address_is_known(base: Snapshot) -> None:
    import segno

    assert "QR code" not in show(base, INJECTED).html
    medium = Medium(outside=under("https://kb.clinic.example/skin"))
    page = Markup(render("handout", {"assessment": [INJECTED]}, base, medium).html)
    assert page.faults == []
    release = base.meta.get("release") or base.meta["version"]
    told = f"https://kb.clinic.example/skin/handout?assessment={INJECTED}&release={release}"
    assert told in page.text
    drawn = segno.make(told, error="m", micro=False).svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass=""
    )
    assert f'aria-label="QR code of the address of this page">{drawn}<' in page.html


def test_no_arm_stands_without_its_comparison() -> None:
    arm = {"arm": "x", "figure": "60 per 100", "control": "", "contrast": False}
    assert handout.counted({"what": "w", "arms": [arm], "reference": "r"}) is None
    assert handout.counted({"what": "w", "arms": [arm, arm | {"figure": "5 points"}], "reference": "r"}) is None
    both = handout.counted(
        {"what": "w", "arms": [arm, arm | {"figure": "5 per 100", "control": "control"}], "reference": "r"}
    )
    assert both is not None
    assert [a["icons"] for a in both["arms"]] == [60, 5]


def test_what_was_seen_with_tablets_only_is_not_told_of_the_injection(base: Snapshot) -> None:
    page = show(base, INJECTED)
    injected = page.text.partition("Serious, seen when it was given another way:")
    assert "pericardial effusion" in injected[2].lower()
    assert "pericardial effusion" not in injected[0].lower()
    assert "Guanethidine" not in page.text.partition("Text for the record")[0]


@pytest.mark.parametrize(("direction", "certainty", "said"), [
    ("supports", "moderate", "It probably helps."),
    ("supports", "very low", "We do not know if it helps."),
    ("refutes", "low", "It may not help."),
    ("studies-disagree", "low", "Studies do not agree"),
    ("outcomes-differ", "low", "In the studies it helped in some ways and not in others."),
    ("neither-better", "low", "It has not been shown to be better"),
    ("insufficient", "low", "We do not know if it helps."),
])  # fmt: skip
def test_the_verdict_is_no_surer_than_the_evidence(direction: str, certainty: str, said: str) -> None:
    assert handout.helps({"direction": direction, "certainty": certainty}).startswith(said)


def test_every_rated_treatment_has_a_page_that_says_what_nobody_knows_and_is_easy_to_read(base: Snapshot) -> None:
    found = every(base)
    assert len(found) > 150
    for assessment in found[::7]:
        page = show(base, assessment)
        assert "What nobody knows" in page.text
        assert re.search(r"how long it lasts", page.text)
        ease = int(re.search(r"Reading ease (-?\d+)", page.text)[1])  # type: ignore[index]
        assert ease >= EASY, (assessment, ease)


def test_the_text_for_the_record_names_version_figures_and_harms(base: Snapshot) -> None:
    page = base.monograph("minoxidil")
    line = next(a for a in sections.bottom_lines(page, sections.by_id(page), base) if a["id"] == INJECTED)
    record = handout.values(page, line, base)["record"]
    assert "69.2 of 100 (intradermal minoxidil 0.5%) against 37.5 of 100 (intradermal saline 0.9%)" in record
    assert "release" in record
    assert "Date: ____" in record


def test_a_withdrawal_for_harm_is_no_benefit(base: Snapshot) -> None:
    for assessment in every(base):
        slug = base.document("owners")[assessment]
        page = base.monograph(slug)
        for line in sections.bottom_lines(page, sections.by_id(page), base):
            shown = sections.absolute(line)
            assert not shown or not re.search(r"withdr|adverse|discontinu", shown["what"], re.I), line["id"]
        if assessment.startswith("salmeterol"):
            break


def test_reading_ease_follows_its_formula() -> None:
    assert [syllables(w) for w in ("cat", "helps", "people", "wanted", "of")] == [1, 1, 2, 2, 1]
    assert reading_ease("The cat sat on the mat.") == pytest.approx(206.835 - 1.015 * 6 - 84.6, abs=0.1)
    assert reading_ease("") == 0
    assert reading_ease("Minoxidil helps.", frozenset({"minoxidil"})) > reading_ease("Minoxidil helps.")
