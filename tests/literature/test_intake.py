"""Bringing entries in: nothing that is there is lost, nothing is overwritten unasked, nothing half-written."""

import multiprocessing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from kb.bibliography import DamagedBibliographyError, format_bib, read
from kb.literature import Action, BibliographyBusyError, Choice, Entry, add, compare, intake, read_any
from kb.literature.intake import merge
from kb.model.reference import Notice, Reference
from kb.model.terms import Design
from tests.literature.conftest import FILES

TODAY = date(2026, 12, 1)


def references(root: Path) -> dict[str, Reference]:
    found, problems = read(root / "references.bib")
    assert problems == []
    return found


def new(number: int = 1, **fields: Any) -> Entry:
    title = f"A wholly invented trial number {number} of nothing in nobody"
    return Entry(
        "a.ris",
        "RIS",
        7,
        "",
        {"type": "article", "title": title, "year": 2024, "doi": f"10.5555/new-{number}"} | fields,
    )


def test_new_entries_are_added_and_all_else_stays(root: Path) -> None:
    before = references(root)
    report = add(root, [*read_any("export.ris", (FILES / "export.ris").read_bytes()), new()], today=TODAY)
    after = references(root)
    assert report.changed
    assert [one.outcome for one in report.done] == ["there", "there", "added", "refused", "added"]
    added = set(report.keys("added"))
    assert set(after) - set(before) == added
    assert {key: after[key] for key in before} == before
    text = (root / "references.bib").read_text()
    assert format_bib(text) == text
    assert text.startswith("% References of the tests")
    one = after[report.done[4].key]
    assert one.design is Design.NOT_STATED
    assert one.seen_at == ["a.ris (RIS)"]
    assert one.verified_on is None  # nobody has compared it yet


def test_nothing_new_leaves_the_file_alone(root: Path) -> None:
    before = (root / "references.bib").read_bytes()
    report = add(root, read_any("all.bib", before), today=TODAY)
    assert not report.changed
    assert {one.outcome for one in report.done} == {"there"}
    assert (root / "references.bib").read_bytes() == before


def test_a_file_fills_empty_fields_only_when_told(root: Path) -> None:
    stored = references(root)["moftah2013"]
    entry = Entry(
        "a.nbib",
        "PubMed",
        1,
        "",
        {"type": "article", "title": stored.title, "doi": stored.doi, "pmid": "999999913", "volume": "99"},
    )
    assert [o.outcome for o in add(root, [entry], today=TODAY).done] == ["there"]
    assert references(root)["moftah2013"] == stored
    report = add(root, [entry], fill=True, today=TODAY)
    assert (report.done[0].outcome, report.done[0].said) == ("merged", "pmid")
    filled = references(root)["moftah2013"]
    assert filled.pmid == "999999913"
    assert filled.volume == stored.volume  # a conflict is the author's to settle
    assert filled.seen_at == [*stored.seen_at, "a.nbib (PubMed)"]
    assert filled.verified_on == stored.verified_on  # a file verifies nothing


def test_an_answer_of_a_service_fills_and_verifies(root: Path) -> None:
    stored = references(root)["moftah2013"]
    notice = Notice(kind="retraction", said="10.5555/notice, 2026-01-01 (Crossref)")
    fields = {"type": "article", "title": stored.title, "doi": stored.doi, "pmid": "999999913"}
    entry = Entry(
        "Crossref", "Crossref", 0, "", fields, seen_at=["https://example.org/x"], verified=True, notices=[notice]
    )
    report = add(root, [entry], today=TODAY)
    filled = references(root)["moftah2013"]
    assert report.done[0].said == "pmid, notice"
    assert filled.verified_on == TODAY
    assert filled.notice == notice


def test_the_author_takes_one_side_of_a_conflict(root: Path) -> None:
    stored = references(root)["moftah2013"]
    entry = Entry(
        "a.ris",
        "RIS",
        1,
        "",
        {"type": "article", "title": stored.title, "doi": stored.doi, "volume": "99", "issue": "9"},
    )
    (match,) = compare(entry, references(root))
    report = add(root, [entry], {0: Choice.merging(match, ["volume"])}, today=TODAY)
    after = references(root)["moftah2013"]
    assert report.done[0].outcome == "merged"
    assert (after.volume, after.issue) == ("99", stored.issue)


def test_a_reference_that_changed_since_it_was_shown_is_not_overwritten(root: Path) -> None:
    stored = references(root)["moftah2013"]
    entry = Entry("a.ris", "RIS", 1, "", {"type": "article", "title": stored.title, "doi": stored.doi, "volume": "99"})
    (match,) = compare(entry, references(root))
    path = root / "references.bib"
    path.write_text(path.read_text().replace("volume = {27}", "volume = {28}"))
    report = add(root, [entry], {0: Choice.merging(match, ["volume"])}, today=TODAY)
    assert (report.done[0].outcome, report.changed) == ("skipped", False)
    assert "changed meanwhile" in report.done[0].said
    assert references(root)["moftah2013"].volume == "28"


def test_what_may_be_there_is_not_added_unasked_but_can_be(root: Path) -> None:
    stored = references(root)["moftah2013"]
    entry = Entry(
        "a.ris",
        "RIS",
        1,
        "",
        {"type": "article", "title": stored.title, "authors": stored.authors, "year": 2013, "doi": "10.5555/preprint"},
    )
    assert add(root, [entry], today=TODAY).done[0].outcome == "skipped"
    report = add(root, [entry], {0: Choice(Action.ADD, design=Design.RCT)}, today=TODAY)
    assert (report.done[0].outcome, report.changed) == ("refused", False)  # the bibliography has one entry for a source
    assert "same title and year as moftah2013" in report.done[0].said
    entry.fields["title"] += " (preprint)"
    report = add(root, [entry], {0: Choice(Action.ADD, design=Design.RCT)}, today=TODAY)
    assert report.done[0].key == "moftah2013b"
    assert references(root)["moftah2013b"].design is Design.RCT


def test_keys_stay_unique_and_follow_the_pattern(root: Path) -> None:
    report = add(root, [new(1), new(2), new(3)], {2: Choice(Action.ADD, "No Key")}, today=TODAY)
    assert [o.outcome for o in report.done] == ["added", "added", "refused"]
    assert report.done[1].key == report.done[0].key + "b"
    taken = add(root, [new(4)], {0: Choice(Action.ADD, "moftah2013")}, today=TODAY)
    assert taken.done[0].key != "moftah2013"


def test_a_damaged_bibliography_is_not_written(root: Path) -> None:
    path = root / "references.bib"
    path.write_text(path.read_text().replace("design = {controlled-trial}", "design = {cntrolled-trial}", 1))
    before = path.read_bytes()
    with pytest.raises(DamagedBibliographyError):
        add(root, [new()], today=TODAY)
    assert path.read_bytes() == before


def test_a_bibliography_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DamagedBibliographyError):
        add(tmp_path, [new()], today=TODAY)
    assert not (tmp_path / "references.bib").exists()


def test_a_failing_write_leaves_the_file_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (root / "references.bib").read_bytes()

    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="No space"):
        add(root, [new()], today=TODAY)
    assert (root / "references.bib").read_bytes() == before
    assert [p.name for p in root.iterdir() if p.suffix == ".tmp"] == []


def test_a_busy_bibliography_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LONGEST_WAIT", 0.1)
    (root / "build").mkdir()
    with (
        FileLock(str(root / "build" / "references.bib.lock")),
        pytest.raises(BibliographyBusyError, match="another program"),
    ):
        add(root, [new()], today=TODAY)


def _add_ten(root: Path, who: int) -> None:
    for number in range(10):
        add(root, [new(100 * who + number)], today=TODAY)


def test_two_authors_at_once_lose_nothing(root: Path) -> None:
    before = references(root)
    context = multiprocessing.get_context("spawn")
    authors = [context.Process(target=_add_ten, args=(root, who)) for who in (1, 2)]
    for author in authors:
        author.start()
    for author in authors:
        author.join(100)
        assert author.exitcode == 0
    after = references(root)
    assert len(after) == len(before) + 20
    assert {key: after[key] for key in before} == before


def test_a_design_that_somebody_chose_is_a_change_only_when_it_is_another(root: Path) -> None:
    stored = references(root)["moftah2013"]
    entry = Entry("a.ris", "RIS", 1, "", {"type": "article", "title": stored.title})
    other = next(d for d in Design if d is not stored.design)
    merged, changed = merge(stored, entry, today=TODAY, design=other)
    assert (merged.design, "design" in changed) == (other, True)
    assert merge(stored, entry, today=TODAY, design=stored.design) == (stored, [])
    assert merge(stored, entry, today=TODAY) == (stored, [])
