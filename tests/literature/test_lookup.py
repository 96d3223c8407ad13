"""Identifiers looked up against answers in the services' documented formats, and against answers that are odd."""

import json
import subprocess
import sys
import time
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.bibliography import read
from kb.literature import compare, identifiers_in, identify, look_up
from kb.literature.client import Answer, Client
from kb.literature.services import Addresses, Services, _crossref, _europe_pmc, _found
from kb.model.terms import Design
from tests.literature.conftest import CLOSED_PORT, RECORDED, ROOT, STORED, Server, recorded

REFERENCES, _ = read(STORED)


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        ("10.1111/j.1468-3083.2012.04535.x", "moftah2013"),
        ("https://doi.org/10.1111/J.1468-3083.2012.04535.X", "moftah2013"),
        ("40056230", "ahmed2025"),
        ("PMID: 36856856", "abdelraouf2023"),
        ("PMC10338558", "abdelraouf2023"),
    ],
)
def test_found_and_recognised(services: Services, identifier: str, key: str) -> None:
    answer = look_up(identifier, services)
    assert answer.status == "found"
    assert answer.entry is not None
    assert answer.entry.verified
    match = compare(answer.entry, REFERENCES)[0]
    assert match.reference.key == key
    assert match.certain
    assert set(match.conflicts) <= {"journal"}


def test_a_doi_gets_its_pmid_from_europe_pmc(services: Services) -> None:
    entry = look_up("10.1111/j.1468-3083.2012.04535.x", services).entry
    assert entry is not None
    assert entry.fields["pmid"] == "999999913"
    assert entry.years == {2012, 2013}
    assert len(entry.seen_at) == 2
    assert entry.fields["pages"] == "686-693"


def test_design_and_abstract_come_from_pubmed(services: Services) -> None:
    entry = look_up("40056230", services).entry
    assert entry is not None
    assert entry.design is Design.META_ANALYSIS
    assert "631 participants" in entry.abstract
    assert entry.seen_at == ["https://pubmed.ncbi.nlm.nih.gov/40056230/"]


def test_retractions_are_told_by_each_service(services: Services) -> None:
    by_doi = look_up("10.5555/retracted-1", services).entry
    by_pmid = look_up("999999995", services).entry
    assert by_doi is not None
    assert by_pmid is not None
    assert [n.kind for n in by_doi.notices] == ["retraction"]
    assert by_doi.notices[0].said == "10.5555/notice-1, 2001-02-03 (retraction-watch, in Crossref)"
    assert by_pmid.notice is not None
    assert by_pmid.notice.kind == "retraction"
    assert {n.kind for n in by_pmid.notices} == {"retraction", "expression-of-concern"}


def test_not_found(services: Services) -> None:
    for identifier in ("10.5555/no-such", "999999901", "PMC999999901"):
        answer = look_up(identifier, services)
        assert answer.status == "not-found"
        assert answer.entry is None


def test_offline_is_told(client: Client) -> None:
    away = Services(client, Addresses(CLOSED_PORT, CLOSED_PORT, CLOSED_PORT))
    for identifier in ("10.5555/x", "1", "PMC1"):
        answer = look_up(identifier, away)
        assert answer.status == "offline"
        assert "cannot be reached" in answer.reason
    assert look_up("10.5555/x").status == "offline"  # the usual services, in a test


def test_one_service_down_is_not_the_end(server: Server, client: Client) -> None:
    server.answering = lambda h: h.say("", "text/plain", 503) if h.path.startswith("/works") else recorded(h)
    one_down = Services(client, Addresses("http://127.0.0.1:9", server.url, "http://127.0.0.1:9"))
    assert look_up("10.1111/j.1468-3083.2012.04535.x", one_down).status == "found"
    answer = look_up("999999995", one_down)
    assert answer.status == "offline"
    assert [found.status for found in answer.asked] == ["offline", "not-found"]


@pytest.mark.parametrize(
    "text",
    ["", "hello", "10.1/x", "PMC", "99999999999", "see 10.1111/jdv.14624", "../../etc/passwd", "1; DROP", "x" * 10_000],
)
def test_what_is_no_identifier_is_refused(text: str) -> None:
    answer = look_up(text)
    assert answer.status == "refused"
    assert "is not a DOI" in answer.reason


def test_pasted_lists() -> None:
    pasted = "doi: 10.1111/jdv.14624, 22540889; PMID 36875487\nhttps://doi.org/10.1016/S0140-6736(97)11096-0\nPMC7706484 nonsense 22540889"
    found, strange = identifiers_in(pasted)
    assert found == [
        ("doi", "10.1111/jdv.14624"), ("pmid", "22540889"), ("pmid", "36875487"),
        ("doi", "10.1016/S0140-6736(97)11096-0"), ("pmcid", "PMC7706484"),
    ]  # fmt: skip
    assert strange == ["nonsense"]


@given(text=st.text(max_size=200))
def test_any_pasted_text(text: str) -> None:
    identifiers_in(text)
    identify(text)


def test_requests_are_what_the_services_document(
    server: Server, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_MAILTO", "author@example.org")
    look_up("10.1016/S0140-6736(97)11096-0", services)
    look_up("40056230", services)
    paths = [unquote(path.replace("+", " ")) for path, _ in server.seen]
    assert server.seen[0][0] == "/works/10.1016%2FS0140-6736%2897%2911096-0"
    assert 'query=DOI:"10.1016/S0140-6736(97)11096-0"' in paths[1]
    assert "resultType=core" in paths[1]
    assert "format=json" in paths[1]
    assert paths[2].startswith("/efetch.fcgi?db=pubmed&retmode=xml&tool=mesotherapy-kb&id=40056230")
    assert paths[2].endswith("email=author@example.org")


def test_many_pmids_take_few_requests(server: Server, services: Services) -> None:
    found = services.pubmed([str(n) for n in range(1, 251)] + ["40056230"])
    assert len(server.seen) == 3
    assert found["40056230"].status == "ok"
    assert found["1"].status == "not-found"


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", "null", '"x"', "{}", '{"message": null}', '{"message": []}', '{"message": {"DOI": "10.5555/other"}}',
        '{"message": {"DOI": "10.5555/x"}}', '{"message": {"DOI": "10.5555/x", "title": [1]}}', "[" * 100_000,
    ],
)  # fmt: skip
def test_odd_crossref_answers_are_refused(server: Server, client: Client, body: str) -> None:
    server.answering = lambda h: h.say(body)
    found = Services(client, Addresses(server.url, server.url, server.url)).crossref("10.5555/x")
    assert found.status == "refused"
    assert found.reason.startswith("Crossref")


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"resultList": []}', '{"resultList": {"result": [{"doi": "10.5555/x"}]}}']
)
def test_odd_europe_pmc_answers_are_refused(server: Server, client: Client, body: str) -> None:
    server.answering = lambda h: h.say(body)
    assert (
        Services(client, Addresses(server.url, server.url, server.url)).europe_pmc("doi", "10.5555/x").status
        == "refused"
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<a/>",
        "<html>",
        "<eFetchResult><ERROR>no</ERROR></eFetchResult>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><PubmedArticleSet/>",
    ],
)
def test_odd_pubmed_answers(server: Server, client: Client, body: str) -> None:
    server.answering = lambda h: h.say(body, "text/xml")
    found = Services(client, Addresses(server.url, server.url, server.url)).pubmed(["1"])
    assert found["1"].entry is None
    assert found["1"].status in ("refused", "not-found")


NAMES = st.sampled_from(["date-parts", "family", "name", "DOI", "type", "title", "journal"])
JSON_VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=8,
)
CROSSREF_WORK = json.loads((RECORDED / "crossref-10.5555_retracted-1.json").read_text())["message"]
PMC_ANSWER = json.loads((RECORDED / "europepmc-10.5555_retracted-1.json").read_text())


@given(changes=st.dictionaries(st.sampled_from(sorted(CROSSREF_WORK)), JSON_VALUE, max_size=5))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_crossref_field_may_be_odd(changes: dict[str, object]) -> None:
    found = _found(
        "Crossref",
        Answer("ok"),
        lambda: _crossref(CROSSREF_WORK | changes | {"DOI": "10.5555/retracted-1"}, "10.5555/retracted-1"),
    )
    assert found.status in ("ok", "refused")


@given(changes=st.dictionaries(st.sampled_from(sorted(PMC_ANSWER["resultList"]["result"][0])), JSON_VALUE, max_size=5))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_europe_pmc_field_may_be_odd(changes: dict[str, object]) -> None:
    result = PMC_ANSWER["resultList"]["result"][0] | changes | {"doi": "10.5555/retracted-1"}
    found = _found(
        "Europe PMC",
        Answer("ok"),
        lambda: _europe_pmc({"resultList": {"result": [result]}}, "doi", "10.5555/retracted-1"),
    )
    assert found.status in ("ok", "refused")


def test_recorded_answers_hold_nothing_but_what_the_readme_says() -> None:
    for path in RECORDED.glob("*.json"):
        assert "Made for the tests" in path.read_text()


def test_one_look_up_after_another_keeps_the_pace(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KB_CROSSREF_URL", "KB_EUROPE_PMC_URL", "KB_EUTILS_URL"):
        monkeypatch.setenv(name, server.url)
    server.answering = recorded
    started = time.monotonic()
    assert look_up("999999995").status == look_up("40056230").status == "found"
    assert len(server.seen) == 2
    assert time.monotonic() - started > 0.3


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = "import sys, kb.literature, kb.cli.cite; print(sorted({'httpx', 'rapidfuzz', 'bibtexparser', 'defusedxml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
