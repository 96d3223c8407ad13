"""Date and reviewer at the top of a page, and what changed on it."""

from kb.snapshot import Snapshot
from kb.views import render
from kb.views.about import world
from kb.views.changed import changed
from tests.views.markup import Markup


def test_a_monograph_says_at_its_top_when_and_by_whom_it_was_reviewed(base: Snapshot) -> None:
    page = base.monograph("minoxidil")
    head = render("ingredient", {"ingredient": ["minoxidil"]}, base).html.partition("</header>")[0]
    assert f"Reviewed {page['review']['last']}, {page['review']['by']}" in head
    assert 'href="#changed"' in head


def test_a_page_that_changed_since_its_review_says_so_and_none_names_a_person_that_is_not_named(base: Snapshot) -> None:
    pages = {slug: base.monograph(slug) for (slug,) in base.rows("table_ingredients", ["id"])}
    by_content = {page["review"]["content"]: slug for slug, page in pages.items() if page["review"]}
    assert "changed since" in by_content
    assert "not known" not in by_content
    for content, slug in by_content.items():
        review = pages[slug]["review"]
        head = Markup(render("ingredient", {"ingredient": [slug]}, base).html.partition("</header>")[0]).text
        assert ("the page has changed since" in head) == (content == "changed since"), slug
        assert ("(no person named)" in head) == (review["by"] == review["by"].lower()), slug


def test_events_in_the_world_stand_on_the_page_they_are_about(base: Snapshot) -> None:
    for event in base.document("changes"):
        for slug in event["subjects"]:
            found = changed(base.monograph(slug), base)
            assert found is not None
            assert event["id"] in [e["id"] for e in found["events"]] or len(found["events"]) == 6, (event["id"], slug)
    page = Markup(render("ingredient", {"ingredient": ["exosome"]}, base).html)
    assert page.faults == []
    assert "Health Canada" in page.text.partition("What changed on this page")[2]


def test_a_correction_stands_where_its_papers_are_cited_and_nowhere_else(base: Snapshot) -> None:
    correction = next(c for c in base.document("corrections") if c["id"] == "alam-prp-primary-outcome-was-negative")
    plasma, minoxidil = (changed(base.monograph(s), base) for s in ("platelet-rich-plasma", "biotin"))
    assert minoxidil is None or correction not in minoxidil["corrections"]
    assert plasma is not None
    assert all(
        set(c["references"]) <= {r["key"] for r in base.monograph("platelet-rich-plasma")["references"]}
        for c in plasma["corrections"]
    )
    days = [c["found_on"] for c in plasma["corrections"]]
    assert days == sorted(days, reverse=True)


def test_a_page_of_which_nothing_is_known_says_nothing(base: Snapshot) -> None:
    blank = {"id": "nonesuch", "references": [], "review": None}
    assert changed(blank, base) is None


def test_about_tells_every_event_in_the_world_the_newest_first(base: Snapshot) -> None:
    page = Markup(render("about", {}, base).html)
    assert page.faults == []
    told = page.text.partition("What changed in the world")[2]
    events = base.document("changes")
    assert events
    for event in events:
        assert event["summary"] in told
    days = [str(e["on"]) for e in world(base)]
    assert days == sorted(days, reverse=True)
    assert len(days) == len(events)
