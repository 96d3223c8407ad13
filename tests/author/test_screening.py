"""The work list of screening: reasons shown, decisions saved at once and never asked again, exported as RIS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.author.forms.screening import ScreeningDesk
from kb.author.worklist import WorkList
from kb.screen.decisions import Decided, read
from tests.author.conftest import git

RIS = """\
TY  - JOUR
TI  - Intradermal minoxidil in hair loss: a randomised trial in women
PY  - 2024
DO  - 10.5555/invented.71
ER  -

TY  - JOUR
TI  - Minoxidil and hair loss in mice
PY  - 2023
ER  -
"""


@pytest.fixture
def desk(root: Path) -> ScreeningDesk:
    (root / "search.ris").write_text(RIS)
    made = ScreeningDesk(root)
    made.author.value = "Ada"
    made.place.value = str(root / "search.ris")
    made.look()
    return made


def shown(desk: ScreeningDesk) -> str:
    return " ".join(row.children[0].value for row in desk.rows.children)


def test_each_record_shows_the_reason_of_every_point(desk: ScreeningDesk) -> None:
    assert "2 to decide; 0 decided" in desk.summary.value
    assert "Intradermal minoxidil in hair loss" in shown(desk)
    assert "rct, guessed from the title" in shown(desk)


def test_a_decision_is_saved_committed_and_not_asked_again(desk: ScreeningDesk, root: Path) -> None:
    first: Any = desk.work.left[0]
    desk.decide(first, Decided.ACCEPT, "new finding", "women only")
    assert "1 to decide; 1 decided" in desk.summary.value
    (one,) = read(root).all.values()
    assert (one.decision, one.criterion, one.note, one.by) == (Decided.ACCEPT, "new finding", "women only", "Ada")
    assert one.score == first.weighed.score
    assert "screening/decisions" in git(root, "show", "--stat", "--format=%an %s", "HEAD")
    desk.look()
    assert "Intradermal minoxidil" not in shown(desk)


def test_no_decision_without_a_name_and_a_criterion(desk: ScreeningDesk, root: Path) -> None:
    desk.decide(desk.work.left[0], Decided.REJECT, " ")
    assert "say why" in desk.notice.value
    desk.author.value = ""
    desk.decide(desk.work.left[0], Decided.REJECT, "not in humans")
    assert "write your name" in desk.notice.value
    assert read(root).all == {}


def test_the_second_to_decide_is_told_what_the_first_said(desk: ScreeningDesk, root: Path) -> None:
    record = desk.work.left[0]
    desk.decide(record, Decided.REJECT, "not in humans")
    with pytest.raises(ValueError, match="Ada has decided on .*: reject, not in humans"):
        WorkList(root, "Bo").decide(record, Decided.ACCEPT, "new finding")


def test_all_decisions_as_ris(desk: ScreeningDesk, root: Path) -> None:
    desk.decide(desk.work.left[0], Decided.LATER, "full text not at hand")
    desk.export()
    assert "C1  - later: full text not at hand" in (root / "decisions.ris").read_text()


def test_a_place_that_is_not_there(desk: ScreeningDesk) -> None:
    desk.place.value = "nowhere.xml"
    desk.look()
    assert "no such file or folder" in desk.notice.value
