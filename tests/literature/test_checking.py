"""Stored references beside the services' answers."""

from pathlib import Path

import pytest

from kb.literature import CheckReport, check
from kb.literature.client import Client
from kb.literature.services import Addresses, Services
from kb.model.finding import Finding
from kb.model.terms import Basis
from tests.literature.conftest import CLOSED_PORT, ROOT, Server

MOFTAH = Finding.model_validate(
    {
        "id": "moftah-hair", "reference": "moftah2013", "relation": "treats", "object": "hair-loss", "direction": "supports",
        "n": 126, "arms": [{"name": "treated", "n": 86}, {"name": "controls", "n": 40}],
        "outcomes": [{"measure": "improved", "value": 62.8, "p": "<0.05"}, {"measure": "improved", "value": 17.5}],
        "basis": "abstract", "seen_at": "https://example.org", "summary": "Made for the tests.",
    }
)  # fmt: skip
MELASMA = Finding.model_validate(
    {
        "id": "melasma", "reference": "abdelraouf2023", "relation": "treats", "object": "melasma", "direction": "supports",
        "outcomes": [{"measure": "score", "value": 2.49}, {"measure": "score", "value": 53.66, "unit": "percent"}],
        "basis": "abstract", "seen_at": "https://example.org", "summary": "Made for the tests.",
    }
)  # fmt: skip
FULL_TEXT = MELASMA.model_copy(update={"id": "melasma-full", "basis": Basis.FULL_TEXT})
FINDINGS = {"moftah2013": [MOFTAH], "abdelraouf2023": [MELASMA, FULL_TEXT]}

KEYS = ["moftah2013", "ahmed2025", "abdelraouf2023"]

RETRACTED = """
@article{inventor1999,
  author = {Inventor, Jane},
  title = {An invented article for the tests, five},
  journal = {Journal of Invented Research},
  year = {1999},
  doi = {10.5555/retracted-1},
  pmid = {999999995},
  design = {rct},
  seenat = {https://example.org/},
  verifiedon = {2026-12-01},
}
"""


def edit(root: Path, old: str, new: str) -> None:
    path = root / "references.bib"
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new))


def said(report: CheckReport, severity: str) -> set[tuple[str, str]]:
    return {(p.record, p.field) for p in report.problems if p.severity == severity}


def test_what_agrees_is_quiet(root: Path, services: Services) -> None:
    report = check(root, KEYS, services=services)
    assert report.success
    assert report.checked == KEYS
    assert said(report, "critical") == set()
    assert said(report, "warning") == {("abdelraouf2023", "notice")}
    assert ("moftah2013", "pmid") in said(report, "info")  # Europe PMC knows one we do not have
    assert report.offline == {}


def test_figures_in_the_abstract(root: Path, services: Services) -> None:
    report = check(root, KEYS, services=services, findings=FINDINGS)
    by_finding = {one.finding: one for reports in report.figures.values() for one in reports}
    moftah = by_finding["moftah-hair"]
    assert {"126", "86", "40", "62.8", "17.5", "<0.05"} == {f.value for f in moftah.found}
    assert moftah.missing == ()
    assert [f.value for f in by_finding["melasma"].missing] == ["53.66"]
    assert [f.value for f in by_finding["melasma-full"].missing] == ["53.66"]
    (warning,) = [
        p for p in report.problems if p.field == "figures"
    ]  # a figure of the full text need not be in the abstract
    assert "53.66" in warning.message
    assert warning.file == "references.bib"
    assert warning.line > 1


@pytest.mark.parametrize(
    ("old", "new", "field", "severity"),
    [
        (
            "title = {Mesotherapy using dutasteride-containing preparation in",
            "title = {Quite another thing about feet in",
            "title",
            "warning",
        ),
        ("{Moftah, N. and Abd-Elaziz", "{Stranger, N. and Abd-Elaziz", "author", "warning"),
        (
            "doi = {10.1111/j.1468-3083.2012.04535.x}",
            "doi = {10.1111/j.1468-3083.2012.04535.x},\n  pmid = {999999999}",
            "pmid",
            "critical",
        ),
    ],
)
def test_differences_are_told(root: Path, services: Services, old: str, new: str, field: str, severity: str) -> None:
    edit(root, old, new)
    report = check(root, ["moftah2013"], services=services)
    assert ("moftah2013", field) in said(report, severity)


def test_a_wrong_year_is_told_and_the_online_year_is_not(root: Path, services: Services) -> None:
    entry = "  year = {2013},\n  volume = {27},\n  number = {6},\n  pages = {686-693}"
    edit(root, entry, entry.replace("2013", "2012"))
    assert ("moftah2013", "year") not in said(check(root, ["moftah2013"], services=services), "warning")
    edit(root, entry.replace("2013", "2012"), entry.replace("2013", "2003"))
    assert ("moftah2013", "year") in said(check(root, ["moftah2013"], services=services), "warning")


def test_a_doi_of_another_work_is_critical(root: Path, services: Services) -> None:
    edit(root, "10.1111/j.1468-3083.2012.04535.x", "10.5555/retracted-1")
    report = check(root, ["moftah2013"], services=services)
    assert not report.success
    assert ("moftah2013", "title") in said(report, "critical")


def test_a_retraction_that_is_not_recorded_is_critical(root: Path, services: Services) -> None:
    with (root / "references.bib").open("a") as file:
        file.write(RETRACTED)
    report = check(root, ["inventor1999"], services=services)
    assert not report.success
    notices = [p for p in report.problems if p.field == "notice"]
    assert {p.severity for p in notices} == {"critical", "warning"}
    edit(
        root,
        "  verifiedon = {2026-12-01},\n}\n",
        "  verifiedon = {2026-12-01},\n  notice = {retraction: J Invented Res 2001},\n}\n",
    )
    assert check(root, ["inventor1999"], services=services).success


def test_identifiers_nobody_knows(root: Path, services: Services) -> None:
    edit(root, "10.1111/j.1468-3083.2012.04535.x", "10.5555/no-such")
    report = check(root, ["moftah2013"], services=services)
    assert ("moftah2013", "doi") in said(report, "warning")
    assert "moftah2013" in report.unchecked


def test_all_references_offline(root: Path, client: Client) -> None:
    before = (root / "references.bib").read_bytes()
    report = check(root, services=Services(client, Addresses(CLOSED_PORT, CLOSED_PORT, CLOSED_PORT)))
    assert report.checked == []
    assert set(report.offline) == {"Crossref", "Europe PMC", "PubMed"}
    assert len(report.unchecked) == 5
    assert (root / "references.bib").read_bytes() == before


def test_a_service_that_talks_nonsense_is_told(root: Path, server: Server, client: Client) -> None:
    server.answering = lambda h: h.say("<html>", "text/html")
    report = check(root, KEYS, services=Services(client, Addresses(server.url, server.url, server.url)))
    assert report.checked == []
    assert ("moftah2013", "entry") in said(report, "info")


def test_an_unknown_key(root: Path, services: Services) -> None:
    with pytest.raises(KeyError, match="nobody2000"):
        check(root, ["nobody2000"], services=services)


def test_the_formulary_is_read_for_the_findings_of_a_reference() -> None:
    from kb.literature.checking import _findings

    found = _findings(ROOT)
    assert len(found) > 100
    assert all(finding.reference == key for key, findings in found.items() for finding in findings)
