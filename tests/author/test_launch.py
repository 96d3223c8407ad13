"""The page an author begins with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.author.forms.launch import TASKS, LaunchDesk
from kb.author.session import Saved
from kb.author.twoeyes import Desk
from kb.author.workbench import Workbench
from tests.author.conftest import FINDING, PROJECT, open_as


def everything(widget: object) -> str:
    own = str(getattr(widget, "value", "")) if hasattr(widget, "value") else ""
    return own + " ".join(everything(child) for child in getattr(widget, "children", ()))


def test_every_task_leads_to_its_notebook() -> None:
    assert [f"{name}.ipynb" for name, _ in TASKS] == [
        p.name for p in sorted((PROJECT / "notebooks/author").glob("[1-9]*.ipynb"))
    ]


def test_what_waits_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_as(Workbench(root), FINDING, "Ada")
    session.set(("n",), 61)
    assert isinstance(session.save(), Saved)
    session.set(("dose",), "half a do")
    session.close()
    Desk(root, Workbench(root).base, FINDING.id).assign("Ada", "Bo")
    desk = LaunchDesk(root)
    desk.author.value = "Bo"
    desk.look()
    shown = everything(desk.box)
    assert f"finding <b>{FINDING.id}</b>: extracted" in shown
    assert "not checked: 1" in shown
    assert f"Ada: finding <b>{FINDING.id}</b>" in shown  # the draft
    assert "2027-11-22: Biotin (last read 2026-11-22 by editorial team, no person named)" in shown
    assert "A Tester: First state" in shown  # the commit that set the release
    assert "<b>Decide what to read</b> lists candidates" in shown  # by the name on the button
    monkeypatch.setattr("kb.author.forms.launch.now", lambda: datetime(2027, 11, 23, tzinfo=UTC))
    desk.look()
    assert "2027-11-22 (overdue): Biotin" in everything(desk.box)


def test_a_merge_is_decided_on_the_first_page(root: Path) -> None:
    path = root / FINDING.file
    text = path.read_text()
    marks = "<<<<<<< ours\n    limitations: Ours.\n=======\n    limitations: Theirs.\n>>>>>>> theirs\n"
    path.write_text(text.replace("    limitations: Small.\n", marks))
    desk = LaunchDesk(root)
    shown = everything(desk.merge_rows)
    assert "1 field twice" in shown and "Ours." in shown and "Theirs." in shown
    desk.merge_rows.children[2].value = "mine"
    desk.merge_rows.children[-2].click()
    assert "Decided" in everything(desk.merge_rows)
    assert "limitations: Ours." in path.read_text()


def test_what_was_saved_elsewhere_shows_when_the_page_comes_back_into_sight(root: Path) -> None:
    desk = LaunchDesk(root)
    desk.author.value = "Bo"
    desk.look()
    assert FINDING.id not in everything(desk.box)
    session = open_as(Workbench(root), FINDING, "Ada")
    session.set(("dose",), "half a do")
    session.close()
    Desk(root, Workbench(root).base, FINDING.id).assign("Ada", "Bo")
    desk.look_again()
    shown = everything(desk.box)
    assert f"finding <b>{FINDING.id}</b>: released" in shown
    assert f"Ada: finding <b>{FINDING.id}</b>" in shown
