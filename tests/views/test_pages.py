"""Every page of these views, on a plain and on a hostile formulary: whole, safe, and with what its reader came for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest

from kb import views
from kb.snapshot import Snapshot
from kb.views import dosing, ingredient, reading, render
from kb.views.drawing import Medium
from kb.views.shell import Fragment
from tests.views.formularies import MARKER
from tests.views.markup import Markup

Params = Mapping[str, list[str]]

ADDRESSES: list[tuple[str, Params]] = [
    ("home", {}),
    ("home", {"q": ["alphanol"]}),
    ("home", {"q": ["zzzzqq"]}),
    ("home", {"paper": ["adams2001"]}),
    ("home", {"paper": ["clark2003"]}),
    ("ingredient", {}),
    ("ingredient", {"ingredient": ["nonesuch"]}),
    *(("ingredient", {"ingredient": [i]}) for i in ("alphanol", "betanol", "bruising", "blindness", "pregnancy")),
    *(("ingredient", {"id": [i]}) for i in ("aspirin", "history", "atlantis", "thin-brow")),
    ("ingredient", {"technique": ["needling"]}),
    ("indication", {}),
    ("indication", {"indication": ["thin-hair"]}),
    ("indication", {"indication": ["thin-brow"]}),
    ("indication", {"indication": ["nonesuch"]}),
    ("claims", {}),
    ("claims", {"claim": ["claim-one"]}),
    ("claims", {"verdict": ["contradicted"], "subject": ["alphanol"]}),
    ("claims", {"q": ["zzzzqq"], "subject": ["nonesuch"]}),
    ("about", {}),
]


def name(address: tuple[str, Params]) -> str:
    view, params = address
    return view + "-".join(f"{k}={v[0]}" for k, v in params.items())


def show(snapshot: Snapshot, view: str, **params: str) -> Markup:
    page = render(view, {k: [v] for k, v in params.items()}, snapshot)
    assert page.status == 200
    return Markup(page.html)


@pytest.mark.parametrize("address", ADDRESSES, ids=name)
def test_a_page_is_whole(snapshot: Snapshot, address: tuple[str, Params]) -> None:
    page = render(*address, snapshot)
    markup = Markup(page.html)
    assert markup.faults == []
    assert markup.count("h1") == 1
    assert page.status == (404 if "nonesuch" in address[1].get("ingredient", address[1].get("indication", [])) else 200)


@pytest.mark.parametrize("address", ADDRESSES, ids=name)
def test_hostile_texts_stay_texts(hostile_snapshot: Snapshot, address: tuple[str, Params]) -> None:
    page = render(*address, hostile_snapshot)
    markup = Markup(page.html)
    assert markup.faults == []
    assert markup.count("h1") == 1
    assert "1337" not in page.html, "a text was evaluated as a template"


def test_hostile_texts_are_shown(hostile_snapshot: Snapshot) -> None:
    page = show(hostile_snapshot, "ingredient", ingredient="alphanol")
    assert page.text.count(MARKER) > 30
    assert "<script>alert(1)</script>" in page.text
    assert "{{191*7}}{% if 1 %}" in page.text


@pytest.mark.parametrize("view", ["home", "ingredient", "indication", "claims"])
@pytest.mark.parametrize(
    "value", ['"><script>alert(1)</script>', "javascript:alert(1)", "{{191*7}}", "x" * 5000, "\x00", "%"]
)
def test_hostile_parameters_stay_texts(snapshot: Snapshot, view: str, value: str) -> None:
    for key in ("q", "paper", "ingredient", "indication", "claim", "verdict", "subject", "page", "topic", "from"):
        page = render(view, {key: [value]}, snapshot)
        assert Markup(page.html).faults == []
        assert "1337" not in page.html
        assert page.status in {200, 404}


def test_an_unknown_id_is_answered_with_the_nearest_names(snapshot: Snapshot) -> None:
    page = render("ingredient", {"ingredient": ["alphanoll"]}, snapshot)
    assert page.status == 404
    assert "ingredient?ingredient=alphanol" in Markup(page.html).links()


def test_an_unknown_view_is_a_page_that_says_so(snapshot: Snapshot) -> None:
    assert render("../secrets", {}, snapshot).status == 404


def test_the_monograph_begins_with_the_answer(snapshot: Snapshot) -> None:
    page = show(snapshot, "ingredient", ingredient="alphanol")
    sections = [a["id"] for tag, a in page.tags if tag == "section"]
    assert sections[:4] == ["bottom-line", "dosing", "regulatory", "cautions"]
    head = page.html.partition('id="bottom-line"')[0]
    assert head.index("<h1>") < head.index("It may thicken thin hair.") < head.index("Must not")
    assert "Reviewed 2026-01-02, editorial team (no person named)" in head
    assert "It may thicken thin hair." in page.text
    assert "⊕⊕◯◯" in page.text
    assert "Low certainty" in page.text
    assert "Imprecise estimates, down 2\u00a0levels: Few people." in page.text
    assert {f"#{section}" for section in sections} <= set(page.links()), "a section is not in the contents"


def test_the_injected_route_comes_first_and_every_route_has_its_chip() -> None:
    lines = [{"id": r, "route": r} for r in ("oral", "topical", "microneedling", "intradermal")]
    groups = dosing.by_route(lines)
    assert [g["anchor"] for g in groups] == ["injected", "needled", "topical", "oral"]
    assert {g["lines"][0]["route"] for g in groups} == {"intradermal", "microneedling", "topical", "oral"}


def test_a_dosing_box_says_who_recommends_it_and_what_was_studied(snapshot: Snapshot) -> None:
    page = show(snapshot, "ingredient", ingredient="alphanol")
    box = page.html.partition('id="dosing"')[2].partition("</section>")[0]
    assert "1% solution" in box
    assert "No maximum dose is recorded." in box
    assert "Adams 2001" in box


def test_misspellings_are_no_synonyms() -> None:
    page = {"name": "Tranexamic acid", "synonyms": ["Tranexmic acid", "TXA", "Cyklokapron"], "brands": ["Cyklokapron"]}
    assert dosing.names(page) == ["TXA"]


def test_cautions_stand_by_severity_with_their_window_and_evidence(snapshot: Snapshot) -> None:
    page = show(snapshot, "ingredient", ingredient="alphanol")
    tones = [a["data-tone"] for tag, a in page.tags if tag == "article"]
    assert tones == ["contraindicated", "inform"]
    assert "from 7\u00a0days before until 2\u00a0days after the session" in page.text
    assert "What clark2003-alphanol-pregnancy found" in page.text


def test_a_harm_is_told_with_its_denominator_and_band(snapshot: Snapshot) -> None:
    page = show(snapshot, "ingredient", ingredient="alphanol")
    assert "6 of 40 (15%)" in page.text
    assert ("span", "very-common") in [(tag, a.get("data-tone")) for tag, a in page.tags]


def test_pooled_trials_are_drawn_and_told_as_a_table(snapshot: Snapshot) -> None:
    page = show(snapshot, "ingredient", ingredient="alphanol")
    pooled = snapshot.monograph("alphanol")["pooled"]
    assert [p["k"] for p in pooled] == [2]
    assert page.count("polygon") == 4  # two intervals of the pooled effect, for wide and for narrow screens
    assert f"{pooled[0]['estimate']:.3g} (" in page.text
    assert "As printed, side by side for reading only" in page.text
    assert page.text.count("Favours alphanol →") == page.text.count("← Favours comparator") + page.text.count(
        "← Favours placebo or sham"
    )
    assert "Which side is better is not recorded" not in page.text


def test_an_ingredient_without_evidence_says_exactly_that(snapshot: Snapshot) -> None:
    page = show(snapshot, "ingredient", ingredient="betanol")
    assert "No controlled evidence found." in page.text
    assert "That is not a statement that it is safe." in page.text


def test_no_data_on_mixing_is_shown_from_both_sides(snapshot: Snapshot) -> None:
    for slug in ("alphanol", "betanol"):
        page = show(snapshot, "ingredient", ingredient=slug)
        assert "No data found" in page.text
        assert "It does not mean that two things may be mixed." in page.text


def test_who_warns_of_a_condition_stands_on_its_page(snapshot: Snapshot) -> None:
    page = show(snapshot, "ingredient", ingredient="pregnancy")
    assert "Listed as a caution for" in page.text
    assert "ingredient?ingredient=alphanol" in page.links()


def test_a_harm_names_what_is_reported_to_cause_it(snapshot: Snapshot) -> None:
    page = show(snapshot, "ingredient", ingredient="bruising")
    assert "What is reported to cause it" in page.text
    assert "ingredient?ingredient=alphanol" in page.links()


def test_an_indication_ranks_what_was_tried_with_absolute_effects(snapshot: Snapshot) -> None:
    page = show(snapshot, "indication", indication="thin-hair")
    assert "60 per 100" in page.text
    assert "20 per 100" in page.text
    assert "Bruising" in page.text


def test_references_are_numbered_in_the_order_of_their_first_citation(snapshot: Snapshot) -> None:
    html = render("ingredient", {"ingredient": ["alphanol"]}, snapshot).html
    first_cited = list(dict.fromkeys(re.findall(r'class="cite" href="#ref-(\w+)"', html)))
    listed = re.findall(r'<li id="ref-(\w+)"', html)
    assert listed == first_cited
    assert re.findall(r'class="cite"[^>]*>\[(\d+)\]', html)[0] == "1"


def test_a_reference_can_be_opened_and_copied(snapshot: Snapshot) -> None:
    page = show(snapshot, "ingredient", ingredient="alphanol")
    assert "https://doi.org/10.1000/adams2001" in page.links()
    copies = [a["data-copy"] for tag, a in page.tags if tag == "button" and "data-copy" in a]
    assert any(c.startswith("@article{adams2001") for c in copies)
    # A button without text of its own copies the citation that stands beside it.
    assert "" in copies
    assert re.search(
        r'<span class="citation">Adams A\. A trial by adams2001',
        render("ingredient", {"ingredient": ["alphanol"]}, snapshot).html,
    )


def test_a_paper_shows_what_was_taken_from_it(snapshot: Snapshot) -> None:
    page = show(snapshot, "home", paper="brown2002")
    assert "What brown2002-alphanol-bruising found" in page.text
    assert "What brown2002-alphanol-thin-hair found" in page.text


def test_claims_are_filtered_and_tell_who_disagrees(snapshot: Snapshot) -> None:
    page = show(snapshot, "claims", verdict="contradicted")
    assert "What claim-two says." in page.text
    shown = [a.get("id") for tag, a in page.tags if tag == "article"]
    assert shown == ["claim-two"]
    assert "Pages disagree: 1\u00a0other claim" in page.text
    assert [a.get("id") for tag, a in show(snapshot, "claims", subject="thin-hair").tags if tag == "article"] == [
        "claim-one",
        "claim-two",
    ]


def test_home_tells_what_changed_and_how_sure_the_base_is(snapshot: Snapshot) -> None:
    page = show(snapshot, "home")
    assert "Release 0.2.0 of 2026-01-02" in page.text
    assert "Cautions: 1 new" in page.text
    assert "new: Alphanol and aspirin" in page.text
    for level in ("High", "Moderate", "Low", "Very low"):  # that nothing is of high certainty is told as well
        assert f"{level} certainty" in page.text


def test_about_tells_of_the_release_and_of_corrections(snapshot: Snapshot) -> None:
    page = show(snapshot, "about")
    assert snapshot.meta["content"][:16] in page.text
    assert "It is 5." in page.text
    assert "not available here" in page.text
    assert page.text.count("not medical advice") == 1


def test_about_reads_the_validation_report_beside_the_snapshot(snapshot: Snapshot) -> None:
    report = snapshot.file.parent / "validation.json"
    told = {
        "date": "2026-02-03",
        "content": snapshot.meta["content"],
        "success": True,
        "counts": {"critical": 0, "warning": 2},
        "expectations": {"evaluated": 73, "failed": 1},
        "gaps": [{"record": "betanol", "subject": "betanol", "what": "has no caution at all"}],
        "gaps_in_all": 9,
    }
    try:
        report.write_text(json.dumps(told))
        page = show(snapshot, "about")
        assert "Nothing critical found" in page.text
        assert "made for a different release" not in page.text
        assert "Betanol has no caution at all" in page.text
        report.write_text(json.dumps(told | {"success": False, "content": "of another day"}))
        assert "Critical problems found" in show(snapshot, "about").text
        assert "made for a different release" in show(snapshot, "about").text
        for damaged in ("{not json", "[]", '{"success": true}', '{"date": 1, "counts": 3}'):
            report.write_text(damaged)
            assert "not available here" in show(snapshot, "about").text
    finally:
        report.unlink()


def test_search_results_stand_by_kind(snapshot: Snapshot) -> None:
    page = show(snapshot, "home", q="alphabrand")
    assert "ingredient?ingredient=alphanol" in page.links()
    assert "matched: Alphabrand" in page.text


def test_warming_shows_one_of_each_view_and_only_of_those_asked_for(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: dict[str, list[int]] = {}

    def noted(view: str, params: Params, held: Snapshot, medium: Medium) -> Fragment:
        page = render(view, params, held, medium)
        shown.setdefault(view, []).append(page.status)
        return page

    monkeypatch.setattr(views, "render", noted)
    views.warm(snapshot)
    assert shown.keys() == set(views.VIEWS)
    assert {status for statuses in shown.values() for status in statuses} == {200}
    shown.clear()
    views.warm(snapshot, {"home"})
    assert shown.keys() == {"home"}


def test_the_title_of_a_selection_of_claims_says_what_is_selected(snapshot: Snapshot) -> None:
    def title(**params: str) -> str:
        return render("claims", {k: [v] for k, v in params.items()}, snapshot).title

    assert title() == "Popular claims"
    assert title(verdict="contradicted", subject="alphanol") == "Popular claims: contradicted, on Alphanol"
    assert title(claim="claim-one").startswith("Claim: ")


def test_the_note_on_evidence_never_denies_the_trials_below_it(snapshot: Snapshot) -> None:
    """The note may be about one route only: where the page lists a controlled trial, its heading must not say there is none."""
    page = dict(snapshot.monograph("alphanol"))
    assert any(f["design"] == "rct" for f in page["findings"])
    noted = ingredient.show(page | {"evidence_note": "None found for injection."}, snapshot)
    assert "None found for injection." in noted.html
    assert "About the evidence" in noted.html
    assert "No controlled evidence" not in noted.html
    without = ingredient.show(dict(snapshot.monograph("betanol")), snapshot)
    assert "<h3>No controlled evidence</h3>" in without.html


@pytest.mark.parametrize(
    "slug", ["alphanol", "betanol", "needling", "bruising", "blindness", "pregnancy", "aspirin", "history", "atlantis"]
)
def test_the_contents_name_every_section_of_a_page_and_no_other(snapshot: Snapshot, slug: str) -> None:
    page = show(snapshot, "ingredient", ingredient=slug)
    drawn = [a["id"] for tag, a in page.tags if tag == "section"]
    contents = page.html.partition('aria-label="On this page"')[2].partition("</nav>")[0]
    assert re.findall(r'href="#([^"]+)"', contents) == drawn


def test_a_substance_has_its_part_on_harms_even_when_none_is_recorded(snapshot: Snapshot) -> None:
    def part(slug: str) -> bool:
        return 'href="#harms"' in show(snapshot, "ingredient", ingredient=slug).html

    assert part("alphanol") and part("betanol") and part("needling"), "silence on harms is told, not left out"
    assert part("bruising"), "what is reported to cause it"
    assert not part("aspirin") and not part("history")


def test_the_first_reader_finds_warm_what_is_opened_most(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"i": "ingredient", "t": "technique", "x": "indication"}
    rows = {f"{k}{n}": {"id": f"{k}{n}", "kind": kind, "findings": n} for k, kind in kinds.items() for n in (1, 3, 2)}
    monkeypatch.setattr(reading, "catalogue", lambda _: rows)
    shown = list(views._examples(snapshot))
    assert shown[: len(views.VIEWS)] == [(view, {}) for view in views.VIEWS]
    assert shown[len(views.VIEWS) :] == [
        ("home", {"q": ["warming"]}),
        ("ingredient", {"ingredient": ["i3"]}),
        ("indication", {"indication": ["x3"]}),
        ("compare", {"item": ["i3", "i2"]}),
        ("precheck", {"ingredient": ["i3", "i2"], "technique": ["t3"]}),
        ("explore", {"node": ["i3"]}),
        ("explore", {"a": ["i3"], "b": ["x3"]}),
    ]
