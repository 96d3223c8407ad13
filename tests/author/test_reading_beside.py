"""A page stands before the formulary is read; what was typed meanwhile is kept, and suggestions follow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.author.forms.bulk import BulkDesk
from kb.author.forms.desk import READING, Desk
from kb.author.forms.desks import AppraisalDesk, ClaimDesk, StudyDesk, SubjectDesk
from kb.author.forms.review import ReviewDesk
from kb.author.words import Words
from kb.author.workbench import Workbench
from tests.author.conftest import FINDING, open_as


def opened(make: Callable[[Path], Desk], root: Path, meanwhile: Callable[[Desk], None]) -> Desk:
    """The page as a kernel makes it, after the files were read."""

    async def live() -> Desk:
        desk = make(root)
        assert not desk.bench.is_read  # it was not waited for
        assert READING in desk.notice.value
        meanwhile(desk)
        while desk.waits:
            await asyncio.sleep(0.01)
        return desk

    return asyncio.run(live())


def test_what_was_typed_before_the_files_were_read_is_kept_and_answered(root: Path) -> None:
    def typed(desk: Desk) -> None:
        assert isinstance(desk, StudyDesk)
        desk.reference.widget.value = "olsen"
        desk.subject.widget.value = "minoxidil"

    desk = opened(StudyDesk, root, typed)
    assert isinstance(desk, StudyDesk)
    assert desk.notice.value == ""
    assert desk.reference.widget.value == "olsen"
    assert [b.description for b in desk.reference.near.children] == ["Olsen 2002: Minoxidil in men — olsen2002"]
    assert FINDING.id in [value for _, value in desk.existing.options]


@pytest.mark.parametrize("make", [SubjectDesk, AppraisalDesk, ClaimDesk])
def test_other_pages_stand_at_once_too(make: Callable[[Path], Desk], root: Path) -> None:
    desk = opened(make, root, lambda _: None)
    if isinstance(desk, ClaimDesk):
        assert desk.claim.value == "c001-001"


def test_an_unfinished_draft_is_opened_without_a_page_before_it(root: Path) -> None:
    session = open_as(Workbench(root), FINDING, "Ada")
    session.set(("dose",), "half a do")
    session.close()

    async def live() -> Desk:
        return StudyDesk(root)

    desk = asyncio.run(live())
    assert not desk.waits
    assert desk.form is not None
    assert desk.form.session.values["dose"] == "half a do"


def test_what_cannot_be_read_is_told_where_it_was_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ValueError("no such revision")

    monkeypatch.setattr(ReviewDesk, "_compare", broken)

    async def live() -> ReviewDesk:
        desk = ReviewDesk(root)
        assert "Comparing" in desk.changes.value
        while "Comparing" in desk.changes.value:
            await asyncio.sleep(0.01)
        return desk

    assert "no such revision" in asyncio.run(live()).changes.value


def test_fields_of_a_kind_chosen_before_never_replace_those_of_the_kind_chosen_now(root: Path) -> None:
    desk = BulkDesk(root)
    shown, other = desk.field.options, next(v for _, v in desk.kind.options if v != desk.kind.value)
    assert shown
    desk._offered(other, ["action"])
    assert desk.field.options == shown


def test_letters_typed_quickly_are_answered_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    search = Words.search
    monkeypatch.setattr(Words, "search", lambda *given, **more: asked.append(given[2]) or search(*given, **more))

    async def live() -> Desk:
        desk = StudyDesk(root)
        while desk.waits:
            await asyncio.sleep(0.01)
        asked.clear()
        for typed in ("m", "mi", "min"):
            desk.subject.widget.value = typed
        while not desk.subject.near.children:
            await asyncio.sleep(0.01)
        return desk

    desk = asyncio.run(live())
    assert desk.subject.near.children[0].description == "Minoxidil — minoxidil"
    assert asked == ["min"]


def test_one_look_at_the_files_serves_all_that_is_asked_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Workbench(root)
    before = bench.base.findings[FINDING.id].n
    looks: list[int] = []
    look = Workbench._look
    monkeypatch.setattr(Workbench, "_look", lambda bench: looks.append(1) or look(bench))
    path = root / FINDING.file
    with bench.one_look():
        first = bench.base
        path.write_text(path.read_text().replace("n: 60 #", "n: 61 #"))
        with bench.one_look():
            assert bench.base is first
        assert bench.base is first
    assert len(looks) == 1
    assert (before, bench.base.findings[FINDING.id].n) == (60, 61)
