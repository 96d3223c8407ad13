"""What a page said when it was last reviewed is kept: a later change is told wherever day and reviewer stand."""

from __future__ import annotations

from pathlib import Path

import yaml

from kb.author.due import changed_most, next_due
from kb.author.session import Saved
from kb.author.workbench import Workbench
from kb.formulary.content import AS_REVIEWED, CHANGED_SINCE, NOT_KNOWN, fingerprint, review_state
from kb.knowledge import load
from kb.views import words as w
from tests.author.conftest import FINDING, SUBJECT, git, open_as
from tests.author.test_bulk import kb

FILE = "formulary/ingredients/minoxidil.yaml"


def reviewed(root: Path) -> Path:
    kb(root, "review", "read", "minoxidil", "--author", "Ada Low")
    return root / FILE


def state(root: Path) -> str:
    return review_state(load(root).subjects["minoxidil"])


def test_a_review_keeps_what_was_read_and_a_later_change_is_seen(root: Path) -> None:
    assert state(root) == NOT_KNOWN
    path = reviewed(root)
    assert state(root) == AS_REVIEWED
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["review"]["by"] == "Ada Low"
    path.write_text(path.read_text(encoding="utf-8").replace("n: 60 # counted", "n: 61 # counted"), encoding="utf-8")
    assert state(root) == CHANGED_SINCE
    assert "minoxidil" in {one.subject.id for one in changed_most(root, load(root))}


def test_layout_order_and_the_review_itself_are_no_change(root: Path) -> None:
    path = reviewed(root)
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    values["findings"].reverse()
    values["review"]["due"] = values["review"]["due"].replace(year=2031)
    path.write_text(yaml.safe_dump(values, sort_keys=True, allow_unicode=True), encoding="utf-8")
    assert state(root) == AS_REVIEWED


def test_a_new_day_in_the_form_notes_what_was_read_and_another_field_does_not(bench: Workbench, root: Path) -> None:
    session = open_as(bench, SUBJECT, "Ada")
    session.set(("review", "last"), "2027-01-05")
    session.set(("review", "by"), "Ada Low")
    assert isinstance(session.save(), Saved)
    assert state(root) == AS_REVIEWED
    session.close()
    other = open_as(Workbench(root), FINDING, "Bo")
    other.set(("n",), 61)
    assert isinstance(other.save(), Saved)
    assert state(root) == CHANGED_SINCE


def test_taking_a_review_back_takes_its_fingerprint_back(root: Path) -> None:
    reviewed(root)
    session = open_as(Workbench(root), SUBJECT, "Ada")
    assert isinstance(session.undo(), Saved)
    assert state(root) == NOT_KNOWN


def test_a_renamed_page_still_says_what_was_read(root: Path) -> None:
    reviewed(root)
    kb(root, "rename", "minoxidil", "minoxidil-base", "--yes", "--author", "Ada")
    assert review_state(load(root).subjects["minoxidil-base"]) == AS_REVIEWED


def test_what_changed_most_since_its_review_stands_first(root: Path) -> None:
    base = load(root)
    assert {one.subject.id for one in changed_most(root, base)} == set(base.subjects)
    path = root / "formulary/ingredients/biotin.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# one\n" * 200, encoding="utf-8")
    git(root, "commit", "-qam", "Later", "--date", "2026-12-24T10:00:00")
    first = changed_most(root, load(root))[0]
    assert (first.subject.id, first.lines >= 200) == ("biotin", True)
    assert next_due(base)[0].review.due == min(s.review.due for s in base.subjects.values())


def test_no_page_pretends_that_a_person_reviewed_it() -> None:
    review = {"last": "2026-11-22", "by": "editorial team", "due": "2027-11-22"}
    shown = w.review_text({**review, "reviewer": "no person named", "content": "changed since"})
    assert shown == "2026-11-22, editorial team (no person named); the page has changed since"
    named = {**review, "by": "Ada Low", "reviewer": "a person by name", "content": "as reviewed"}
    assert w.review_text(named) == "2026-11-22, Ada Low"


def test_the_fingerprint_is_of_the_whole_page(root: Path) -> None:
    before = fingerprint(load(root).subjects["minoxidil"])
    path = root / FILE
    text = path.read_text(encoding="utf-8")
    assert "limitations: Small." in text
    path.write_text(text.replace("limitations: Small.", "limitations: Small and short."), encoding="utf-8")
    assert fingerprint(load(root).subjects["minoxidil"]) != before
