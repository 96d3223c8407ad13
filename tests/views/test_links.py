"""Addresses of views and of the outside."""

from __future__ import annotations

import pytest

from kb.snapshot import Snapshot
from kb.views import links, render, suggest
from kb.views.drawing import ABSENT, Medium, drawn, link
from kb.views.templating import environment


def test_addresses_are_relative_and_clean() -> None:
    assert links.href("home") == "./"
    assert links.href("home", q="hair loss") == "./?q=hair+loss"
    assert links.href("compare", item=["a", "b"]) == "compare?item=a&item=b"
    assert links.href("claims", verdict="", subject=None) == "claims"
    assert links.href("about", "corrections") == "about#corrections"


def test_a_thing_is_linked_to_the_view_of_its_kind() -> None:
    assert links.href_of("melasma", "indication") == "indication?indication=melasma"
    assert links.href_of("c1", "claim") == "claims?claim=c1"
    assert links.href_of("olsen2002", "reference") == "./?paper=olsen2002"
    assert links.href_of("aspirin", "substance") == "ingredient?ingredient=aspirin"


def test_a_site_without_a_server_names_its_own_files(snapshot: Snapshot) -> None:
    files = Medium(address=lambda view, params, _: f"/{view}-{'-'.join(v[0] for v in params.values())}.html")
    html = render("ingredient", {"ingredient": ["alphanol"]}, snapshot, files).html
    with drawn(files):
        assert links.href("home") == "/home-.html"
    assert 'href="/indication-thin-hair.html"' in html
    assert 'href="ingredient?' not in html
    assert links.href("home") == "./"


def test_a_page_that_is_not_there_is_words_and_never_an_address() -> None:
    with drawn(Medium(address=lambda *_: ABSENT)):
        assert not links.href("explore")
        assert link(links.href("explore"), "a < b") == "a < b"
        with pytest.raises(ValueError, match="not there"):
            environment().from_string("<a href=\"{{ href('explore') }}\">Explore</a>").render()


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil", "ftp://x/y", "http:", "", None, "http://[", "vbscript:x"]
    + ["http://192.0.2.7:8081/6193152", "https://[2001:db8::1]/x"],
)
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert links.outside(url) is None


def test_a_web_address_is_linked() -> None:
    assert links.outside(" https://example.org/a?b=c ") == "https://example.org/a?b=c"


def test_suggestions_say_what_matched_and_keep_to_the_kinds_asked_for(snapshot: Snapshot) -> None:
    found = suggest("alphabr", [], snapshot)
    assert found[0] == {
        "label": "Alphanol",
        "kind": "Ingredient",
        "note": "matched: Alphabrand",
        "href": "ingredient?ingredient=alphanol",
        "value": "alphanol",
    }
    assert suggest("thin", ["indication"], snapshot)
    assert all(s["kind"] == "Indication" for s in suggest("thin", ["indication"], snapshot))
    assert len(suggest("a", [], snapshot, limit=3)) <= 3
    assert suggest("", [], snapshot) == []
