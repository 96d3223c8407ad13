"""The static site: no dead link, nothing from outside, records at the addresses of the API, search without a server."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from kb.api.answers import Answers
from kb.api.app import make
from kb.exports import export
from kb.exports.site_data import main_pages, schema_org
from kb.snapshot import Snapshot

MOST_BYTES = 120_000_000  # some 4,300 pages, 2,050 of them papers, their answers, records and pages as JSON and the rules of the check
MARGIN = 500_000


class _Reader(HTMLParser):
    """Links, ids and whatever a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.regions: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        if given.get("role") == "region" and "aria-label" in given:
            self.regions.append(given["aria-label"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and given.get("rel") not in {"canonical"}:
            self.loads.append(given.get("href", ""))
        if tag in {"script", "img", "iframe", "source"} and "src" in given:
            self.loads.append(given["src"])


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, _Reader]:
    found = {}
    for path in sorted(site.rglob("*.html")):
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        found[path] = reader
    return found


def test_no_link_is_dead(site: Path, pages: dict[Path, _Reader]) -> None:
    dead = []
    for path, reader in pages.items():
        for link in reader.links:
            parts = urlsplit(link)
            if parts.scheme in {"http", "https"}:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target not in pages:
                dead.append(f"{path.relative_to(site)} -> {link}")
            elif parts.fragment and parts.fragment not in pages[target].ids and not parts.query:
                dead.append(f"{path.relative_to(site)} -> {link} (no such place on the page)")
    assert not dead, dead[:20]


def test_no_two_regions_of_a_page_share_a_name(site: Path, pages: dict[Path, _Reader]) -> None:
    twice = [
        f"{path.relative_to(site)}: {name}"
        for path, reader in pages.items()
        for name in sorted(set(reader.regions))
        if reader.regions.count(name) > 1
    ]
    assert not twice


def test_nothing_loads_from_outside_the_folder(site: Path, pages: dict[Path, _Reader]) -> None:
    for path, reader in pages.items():
        for load in reader.loads:
            parts = urlsplit(load)
            assert not parts.scheme, f"{path}: {load}"
            assert not parts.netloc, f"{path}: {load}"
            assert (path.parent / parts.path).resolve().is_file(), f"{path}: {load}"
    for sheet in (site / "static").glob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import", sheet.read_text(encoding="utf-8")), sheet


def test_no_citation_is_missing(snapshot: Snapshot, site: Path) -> None:
    for path in (site / "ingredient").glob("*.html"):
        for key in re.findall(r'id="ref-([a-z0-9]+)"', path.read_text(encoding="utf-8")):
            assert (site / "paper" / f"{key}.html").exists(), f"{path.stem} cites {key}"
    text = "".join((site / "ingredient" / f"minoxidil{part}.html").read_text() for part in ("", "--findings"))
    for reference in snapshot.monograph("minoxidil")["references"]:
        assert f'id="ref-{reference["key"]}"' in text, reference["key"]


def test_no_page_is_heavy_over_the_wire(pages: dict[Path, _Reader]) -> None:
    """The aim is 60 kB (benchmarks/weight.py); there is some room for what is recorded between two looks."""
    packed = {p: len(gzip.compress(p.read_bytes(), 6)) for p in pages if p.name != "precheck.html"}
    heaviest = max(packed, key=packed.__getitem__)
    assert packed[heaviest] <= 66_000, f"{heaviest}: {packed[heaviest]}"


def test_of_what_is_much_studied_the_findings_are_a_page_of_their_own(site: Path, snapshot: Snapshot) -> None:
    whole = (site / "ingredient" / "mesotherapy.html").read_text(encoding="utf-8")
    apart = (site / "ingredient" / "mesotherapy--findings.html").read_text(encoding="utf-8")
    rows = {f["id"] for f in snapshot.monograph("mesotherapy")["findings"]}
    assert rows <= set(re.findall(r'<tr id="f-([^"]+)"', apart)) and "<tr id=" not in whole
    led = set(re.findall(r'href="[^"]*mesotherapy--findings\.html#f-([^"]+)"', whole))
    assert led and led <= rows, "what a bottom line rests on is one click away"


def test_records_stand_at_the_addresses_of_the_api(site: Path, snapshot: Snapshot) -> None:
    """A list that the API answers in parts is here whole; the same shape, the same address."""
    answers = Answers(snapshot)
    client = TestClient(make(lambda: answers))
    index = json.loads((site / "api/v1/index.json").read_text(encoding="utf-8"))
    assert index["records"] == client.get("/api/v1").json()["records"]
    for kind, address in index["addresses"].items():
        told = json.loads((site / address).read_text(encoding="utf-8"))
        assert len(told["records"]) == told["total"] == index["records"][kind]
        asked = client.get(f"/{address}", params={"limit": 2}).json()
        assert asked["records"] == told["records"][:2] and asked.keys() == told.keys()


def test_pages_and_names_stand_at_the_addresses_of_the_api(site: Path, snapshot: Snapshot) -> None:
    answers = Answers(snapshot)
    client = TestClient(make(lambda: answers))
    index = json.loads((site / "api/v1/index.json").read_text(encoding="utf-8"))
    there = {p.stem for p in (site / "api/v1/pages").glob("*.json")}
    assert there == set(index["pages"])
    assert {p.stem for p in (site / "indication").glob("*.html")} - {"index"} <= there
    drawn = {p.stem.removesuffix("--findings") for p in (site / "ingredient").glob("*.html")} - {"index"}
    assert drawn - there <= set(answers.data.records["products"]), "products are records, and things are pages"
    for slug in ("minoxidil", "melasma", "mesotherapy", *sorted(there)[::150]):
        address = index["page"].replace("{id}", slug)
        assert json.loads((site / address).read_text(encoding="utf-8")) == client.get(f"/{address}").json(), slug
    names = json.loads((site / index["names"]).read_text(encoding="utf-8"))
    assert names == client.get(f"/{index['names']}").json() == client.get("/api/v1/names").json()
    assert {n["id"] for n in names["names"]} == snapshot.ids
    assert [n["id"] for n in names["names"] if "Rogaine" in n["also"]] == ["minoxidil"]


def test_what_a_page_names_by_id_is_in_the_lists_of_records(site: Path, snapshot: Snapshot) -> None:
    """A program that has the site alone can follow everything from a page to its papers."""

    def listed(kind: str) -> set[str]:
        return {
            r["id"] for r in json.loads((site / f"api/v1/records/{kind}.json").read_text(encoding="utf-8"))["records"]
        }

    papers, cautions = listed("references"), listed("cautions")
    for slug in ("minoxidil", "melasma", "mesotherapy", "biotin"):
        page = json.loads((site / f"api/v1/pages/{slug}.json").read_text(encoding="utf-8"))["page"]
        whole = snapshot.monograph(slug)
        assert page["references"] == [r["key"] for r in whole["references"]] and set(page["references"]) <= papers
        assert page["inherited_cautions"] == [c["id"] for c in whole["inherited_cautions"]]
        assert set(page["inherited_cautions"]) <= cautions
        assert {f["id"] for f in page["findings"]} == {f["id"] for f in whole["findings"]}


def test_the_site_carries_licence_citation_release_and_checksums(site: Path, snapshot: Snapshot) -> None:
    manifest = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["licence"], manifest["release"]) == ("CC-BY-4.0", snapshot.meta["release"]) and manifest[
        "not_carried"
    ]
    sums = dict(line.split("  ")[::-1] for line in (site / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    there = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    assert sums.keys() == there - {"SHA256SUMS", ".kb-site"}
    for file in ("index.html", "llms.txt", "CITATION.cff", "LICENSE.txt"):
        assert hashlib.sha256((site / file).read_bytes()).hexdigest() == sums[file]


def test_the_guide_for_assistants_leads_to_files_that_are_there(site: Path) -> None:
    text = (site / "llms.txt").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert len(targets) > 15 and all((site / t).is_file() for t in targets)
    assert "not in this base" in text


def test_the_sitemap_lists_the_pages_and_metadata_is_json(site: Path, pages: dict[Path, _Reader]) -> None:
    tree = ET.parse(site / "sitemap.xml")
    listed = {
        unquote(urlsplit(e.text or "").path).lstrip("/")
        for e in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    }
    assert listed == {str(p.relative_to(site)) for p in pages} - {"search.html", "offline.html"}
    text = (site / "ingredient" / "minoxidil.html").read_text(encoding="utf-8")
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    about = json.loads(block)["about"]
    assert about["name"] == "Minoxidil"
    assert {"@type": "MedicalCode", "codingSystem": "CAS", "codeValue": "38304-91-5"} in about["code"]


def test_a_reference_manager_takes_a_paper(site: Path) -> None:
    text = (site / "paper" / "olsen2002.html").read_text(encoding="utf-8")
    tags = dict(re.findall(r'<meta name="(citation_[a-z_]+)" content="([^"]*)">', text))
    assert "minoxidil" in tags["citation_title"].lower()
    assert tags["citation_publication_date"] == "2002"
    assert tags["citation_doi"].startswith("10.")
    assert not any(
        "et al" in author
        for p in (site / "paper").glob("a*.html")
        for author in re.findall(r'citation_author" content="([^"]*)"', p.read_text())
    )
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert json.loads(block)["@type"] == "ScholarlyArticle"


def test_every_thing_has_one_address_and_an_answer_as_its_description(site: Path, pages: dict[Path, _Reader]) -> None:
    assert (site / "indication" / "melasma.html").is_file()
    assert not (site / "ingredient" / "melasma.html").exists()
    text = (site / "ingredient" / "minoxidil.html").read_text(encoding="utf-8")
    (description,) = re.findall(r'<meta name="description" content="([^"]*)">', text)
    assert "minoxidil" in description.lower()
    assert re.findall(r'<link rel="canonical" href="([^"]*)">', text) == [
        "https://mesotherapy-kb.example/ingredient/minoxidil.html"
    ]


def test_every_page_says_to_machines_what_it_is(site: Path, pages: dict[Path, _Reader]) -> None:
    wanted = (
        '<meta name="description"', 'property="og:title"', 'property="og:description"', 'property="og:url"',
        '<link rel="canonical"', "application/ld+json",
    )  # fmt: skip
    lacking = []
    for path in pages:
        head = path.read_text(encoding="utf-8").partition("</head>")[0]
        lacking += [f"{path.relative_to(site)}: {words}" for words in wanted if head.count(words) != 1]
    assert lacking == []


def test_a_site_that_does_not_know_where_it_lives_names_no_address(snapshot: Snapshot) -> None:
    told = schema_org(snapshot, "ingredient/minoxidil.html", "Minoxidil", "")
    assert "url" not in told and "isPartOf" not in told


def test_a_medicine_of_which_nothing_is_recorded_leads_to_its_class(snapshot: Snapshot) -> None:
    pages = main_pages(snapshot)
    led = [slug for slug, at in pages.items() if at.view == "ingredient"]
    assert led
    assert all(pages[slug].params["ingredient"][0] not in pages for slug in led)
    assert "minoxidil" not in pages


def test_the_site_fits_on_any_stick(site: Path) -> None:
    assert sum(p.stat().st_size for p in site.rglob("*") if p.is_file()) <= MOST_BYTES - MARGIN


def test_another_export_replaces_the_first_and_spares_what_is_not_its_own(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ValueError, match="not empty"):
        export("site", snapshot, tmp_path)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_it_opens_from_a_file_and_search_forgives(site: Path, opened: Page) -> None:
    errors: list[str] = []
    opened.on("pageerror", lambda e: errors.append(str(e)))
    opened.goto((site / "index.html").as_uri())
    expect(opened.locator("h1")).to_be_visible()
    opened.goto((site / "search.html").as_uri())
    for typed, found in (
        ("dutasterid", "Dutasteride"),
        ("PRP", "Platelet-rich plasma"),
        ("vitamin b7", "Biotin"),
        ("kybella", "Deoxycholic acid"),
    ):
        searched(opened, typed)
        names = opened.locator("#kb-results a").all_inner_texts()[:5]
        assert found in names, (typed, names)
    searched(opened, "moftah")
    expect(opened.locator("#kb-results a").first).to_be_visible()
    searched(opened, "dutasteride")
    opened.locator("#kb-results a").first.click()
    expect(opened.locator("h1")).to_have_text("Dutasteride")
    assert errors == []


def searched(page: Page, typed: str) -> None:
    """Search, and wait until what is listed is the answer to it."""
    page.fill("#kb-q", typed)
    expect(page.locator("#kb-count")).to_contain_text(f"“{typed}”")


def test_results_are_narrowed_to_one_kind_and_the_address_keeps_it(site: Path, opened: Page) -> None:
    opened.goto((site / "search.html").as_uri() + "?q=minoxidil")
    chips = opened.locator("#kb-kinds a")
    expect(chips.first).to_have_text("Everything (60)")
    papers = opened.locator("#kb-kinds a", has_text="Papers")
    told = papers.inner_text()
    papers.click()
    expect(opened.locator("#kb-results h2")).to_have_text(["Papers"])
    listed = re.search(r"\((\d+)\)", told)
    assert listed
    expect(opened.locator("#kb-results li")).to_have_count(int(listed[1]))
    expect(opened.locator("#kb-kinds a[aria-current]")).to_be_focused()
    expect(opened).to_have_url(re.compile(r"\?q=minoxidil&kind=reference$"))
    opened.reload()
    expect(opened.locator("#kb-results h2")).to_have_text(["Papers"])
    opened.fill("#kb-q", "Rogaine side effects")
    expect(opened.locator("#kb-answers a")).to_have_attribute("href", "ingredient/minoxidil.html#harms")
    opened.fill("#kb-q", "anaphylaxis")
    expect(opened.locator("#kb-answers a").first).to_have_attribute("href", "care/anaphylaxis.html")
    opened.fill("#kb-q", "Uzel 2021")
    expect(opened.locator("#kb-answers a").first).to_have_attribute("href", "paper/uzel2021.html")


ANSWERED = {
    "minoxidil pregnancy": (".answer-caution", "Minoxidil: Pregnancy"),
    "Rogaine side effects": (".answer-harms", "Scalp pruritus"),
    "PRP vs minoxidil": (".answer-compared", "Platelet-rich plasma against minoxidil"),
    "lidocaine maximum dose": (".answer-maxima", "4.5 mg/kg"),
    "botulinum toxin androgenetic alopecia": (".answer-evidence", "Outcomes differ"),
    "vitamin c minoxidil mix": (".answer-mixing", "No data found"),
    "vascular occlusion": (".answer-care", "Stop injecting"),
    "phosphatidylcholine approved": (".answer-status", "France"),
    "cellulite": (".answer-treatments", "Collagenase"),
}


def test_search_without_a_server_answers_as_a_server_does(site: Path, opened: Page) -> None:
    errors: list[str] = []
    opened.on("pageerror", lambda e: errors.append(str(e)))
    opened.goto((site / "search.html").as_uri())
    for typed, (card, said) in ANSWERED.items():
        opened.fill("#kb-q", typed)
        expect(opened.locator(f"#kb-cards {card}").first).to_contain_text(said)
    opened.fill("#kb-q", "PRP vs minoxidil")
    offered = opened.locator("#kb-cards .answer-compared .answer-links a")
    expect(offered.get_by_text("Compare side by side")).to_have_attribute(
        "href", re.compile(r"compare\.html\?item=.*&item=")
    )
    mark = opened.locator("#kb-cards a.cite").first
    expect(mark).to_have_text("[1]")
    expect(opened.locator(f"#kb-cards {mark.get_attribute('href')} a")).to_have_attribute("href", re.compile("^paper/"))
    assert errors == []


def test_who_scans_a_print_of_an_older_release_is_told(site: Path, opened: Page) -> None:
    file = next(p for p in sorted((site / "handout").glob("*.html")) if p.name != "index.html")
    opened.goto(file.as_uri() + "?release=0.0.1")
    expect(opened.locator("[data-printed-release]")).to_contain_text("Your print is of release 0.0.1, this page is of")
    told = opened.locator(".print-code p").inner_text()
    assert f"https://mesotherapy-kb.example/handout/{file.name}?release=" in told
    expect(opened.locator(".print-code svg")).to_be_visible()
    opened.goto(file.as_uri())
    expect(opened.locator("[data-printed-release]")).to_be_hidden()


def test_search_as_you_type_on_the_front_page_leads_to_the_page(site: Path, opened: Page) -> None:
    opened.goto((site / "index.html").as_uri())
    box = opened.locator("input[type=search]").first
    box.press_sequentially("minox")
    opened.get_by_role("option").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    opened.wait_for_url("**/ingredient/minoxidil.html")
