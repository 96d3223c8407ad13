"""The page around a view, without a server."""

import json
import re

import pytest

from kb.views.shell import NAVIGATION, Fragment, Site, document

HOSTILE = '</title><script>alert(1)</script>" onload="x'


def test_nothing_hostile_gets_out_of_title_release_or_session() -> None:
    site = Site.of("clinician", release=HOSTILE)
    html = document(Fragment(HOSTILE, "<h1>x</h1>"), "home", site, {"kernelId": HOSTILE})
    assert "<script>alert" not in html
    assert '" onload="' not in html


def test_the_current_page_and_no_other_is_marked_in_the_navigation() -> None:
    html = document(Fragment("", ""), "claims", Site.of("clinician"))
    assert re.findall(r'data-view="(\w+)" aria-current="page"', html) == ["claims"]


@pytest.mark.parametrize("edition", NAVIGATION)
def test_every_view_of_an_edition_is_in_its_navigation_once(edition: str) -> None:
    views = [item.view for item in Site.of(edition).nav]
    assert len(views) == len(set(views))
    assert views[0] == "home"


def test_a_base_makes_every_link_of_the_shell_absolute() -> None:
    html = document(Fragment("", ""), "home", Site.of("clinician", base="/kb/"))
    links = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert [link for link in links if not link.startswith(("/kb/", "#"))] == []


def test_without_a_base_every_link_is_relative_so_that_files_work_too() -> None:
    html = document(Fragment("", ""), "home", Site.of("clinician"))
    links = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert [link for link in links if link.startswith("/") or "://" in link] == []


def test_the_document_needs_nothing_inline() -> None:
    html = document(Fragment("t", "<h1>t</h1>"), "home", Site.of("clinician"), {"kernelId": "k"})
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html)
    data = ['<script type="application/ld+json">', '<script type="application/json" id="jupyter-config-data">']
    assert scripts == data  # blocks of data; nothing that runs
    assert "<style" not in html
    assert not re.search(r'\sstyle="', html)


def test_every_page_says_to_machines_what_it_is() -> None:
    lead = "What is known of alphanol, and how sure that is, in one sentence."
    for markup in (f'<p class="lede">{lead}</p>', f"<p>Short.</p><p>{lead}</p>"):
        text = document(Fragment("Alphanol", markup), "ingredient", Site.of("clinician"))
        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
        assert json.loads(block)["name"] == "Alphanol" and json.loads(block)["description"] == lead
        assert f'<meta name="description" content="{lead}">' in text
        assert '<meta property="og:title" content="Alphanol">' in text
    own = Fragment("Paper", "", head='<script type="application/ld+json">{}</script>')
    assert document(own, "home", Site.of("clinician")).count("ld+json") == 1
