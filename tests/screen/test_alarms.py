"""Retractions and corrections of papers that are cited."""

from pathlib import Path

from kb.knowledge import KnowledgeBase
from kb.screen import screen
from kb.screen.alarms import alarms
from tests.screen.test_ingest import pubmed, revised


def test_the_record_or_its_notice_raises_the_alarm(base: KnowledgeBase, tmp_path: Path) -> None:
    cited = [one for one in base.references.values() if one.pmid and not one.notice][:2]
    note = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="{}"><RefSource>{}</RefSource>{}</CommentsCorrections>'
        "</CommentsCorrectionsList>"
    )

    def with_note(title: str, pmid: int, kind: str, source: str, about: str = "") -> str:
        number = f'<PMID Version="1">{about}</PMID>' if about else ""
        told = note.format(kind, source, number)
        return revised(title, pmid, "2026-01-01").replace(
            "</Article></MedlineCitation>", f"</Article>{told}</MedlineCitation>"
        )

    file = pubmed(
        tmp_path / "update.xml.gz",
        with_note("A cited paper", int(cited[0].pmid or 0), "RetractionIn", "J Inv. 2026;1:2"),
        with_note("Erratum: another", 990000201, "ErratumFor", "J Inv. 2020;1:1", cited[1].pmid or ""),
        with_note("Somebody's paper", 990000202, "RetractionIn", "J Inv. 2026;1:3"),
        with_note("A comment", 990000203, "CommentOn", "J Inv. 2020;1:1", cited[1].pmid or ""),
    )
    found = screen(base, [file], cores=1).alarms
    assert [(one.key, one.kind, one.recorded) for one in found] == [
        (cited[0].key, "retraction", False),
        (cited[1].key, "correction", False),
    ]
    assert found[0].said == "J Inv. 2026;1:2"
    assert "990000201" in found[1].said


def test_what_is_recorded_is_said_to_be(base: KnowledgeBase) -> None:
    known = next((one for one in base.references.values() if one.notice and one.pmid), None)
    if known is None or known.notice is None:
        row = {"pmid": 1, "doi": "", "title": "T", "notices": "correction\there", "file": "f", "place": 1}
        assert alarms([row], {}) == []
        return
    row = {
        "pmid": int(known.pmid or 0),
        "doi": "",
        "title": "T",
        "notices": f"{known.notice.kind}\there",
        "file": "f",
        "place": 1,
    }
    assert alarms([row], base.references)[0].recorded
