"""Two pairs of eyes: stages, disagreements, comments, assignment, and the release that asks for a check."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.author import reviews
from kb.author.forms.record import RecordForm
from kb.author.forms.twoeyes import path_of
from kb.author.mergefile import merge_texts
from kb.author.release import NotReleasableError, ReleaseSession
from kb.author.rename import RenameError, carry_out, plan
from kb.author.reviews import ReviewError, Stage
from kb.author.session import Saved, Session
from kb.author.target import Target
from kb.author.twoeyes import Desk, work
from kb.author.workbench import Workbench
from kb.cli import main
from kb.model import Finding, Record
from tests.author.conftest import FINDING, git, open_as

NAME = "moftah2013-minoxidil-hair-loss"
NOTES = f"reviews/findings/{NAME}.yaml"


def stage(root: Path, record: str = NAME) -> Stage:
    return next(e.stage for e in work(root, Workbench(root).base).entries if e.id == record)


def change(root: Path, n: int, who: str = "Ada") -> None:
    session = open_as(Workbench(root), FINDING, who)
    session.set(("n",), n)
    assert isinstance(session.save(), Saved)
    session.close()


def desk(root: Path) -> Desk:
    return Desk(root, Workbench(root).base, NAME)


def test_what_was_released_counts_as_released_and_a_change_wants_a_check(root: Path) -> None:
    assert stage(root) is Stage.RELEASED
    change(root, 61)
    assert stage(root) is Stage.EXTRACTED
    desk(root).mark("Bo", Stage.CHECKED, "Table 1")
    assert stage(root) is Stage.CHECKED
    change(root, 62)
    assert stage(root) is Stage.EXTRACTED
    change(root, 60)
    assert stage(root) is Stage.RELEASED
    assert git(root, "log", "--format=%an: %s", "--", NOTES).strip() == f"Bo: Checked: {NAME}"


def test_a_layout_or_comment_is_no_change(root: Path) -> None:
    path = root / FINDING.file
    path.write_text(path.read_text().replace("n: 60 # counted in table 1", "n: 60   # another comment"))
    assert stage(root) is Stage.RELEASED


@pytest.mark.parametrize("name", ["Ada", " ada "])
def test_who_wrote_a_record_does_not_check_it(root: Path, name: str) -> None:
    change(root, 61)
    with pytest.raises(ReviewError, match="Ada wrote .* another person checks it"):
        desk(root).mark(name, Stage.CHECKED)
    with pytest.raises(ReviewError, match="write your name"):
        desk(root).mark("  ", Stage.CHECKED)


def test_a_dispute_keeps_both_readings_until_one_is_taken(root: Path) -> None:
    change(root, 61)
    form = RecordForm(open_as(Workbench(root), FINDING, "Bo"))
    form.group.nodes["n"].widget.value = "66"
    form.show_review()
    press(form, "I read it otherwise")
    assert stage(root) is Stage.DISPUTED
    assert "n: 61" in (root / FINDING.file).read_text()
    shown = texts(form)
    assert "As recorded" in shown and "61" in shown and "66" in shown
    press(form, "Take what Bo read")
    assert form.group.nodes["n"].widget.value == "66"
    form.save()
    assert "n: 66" in (root / FINDING.file).read_text()
    assert stage(root) is Stage.EXTRACTED


def test_a_dispute_ends_with_a_reason(root: Path) -> None:
    change(root, 61)
    desk(root).mark("Bo", Stage.DISPUTED, "The table says 66.")
    with pytest.raises(ReviewError, match="say why"):
        desk(root).settle("Ada", " ")
    desk(root).settle("Ada", "66 are sides, not people.")
    assert stage(root) is Stage.EXTRACTED


def test_open_comments_stand_against_a_check(root: Path) -> None:
    change(root, 61)
    made = desk(root).comment("Bo", "Is this people or sides?", "n")
    with pytest.raises(ReviewError, match="1 comment is open"):
        desk(root).mark("Bo", Stage.CHECKED)
    desk(root).resolve("Ada", made.id, "People.")
    with pytest.raises(ReviewError, match="no open comment"):
        desk(root).resolve("Ada", made.id)
    desk(root).mark("Bo", Stage.CHECKED)
    assert stage(root) is Stage.CHECKED


def test_my_work_holds_what_is_assigned_and_what_i_am_asked(root: Path) -> None:
    change(root, 61)
    desk(root).assign("Ada", "Cy")
    found = work(root, Workbench(root).base)
    assert [e.id for e in found.mine("cy")] == [NAME]
    assert found.mine("Ada") == []
    desk(root).comment("Ada", "Which table?", "n")
    assert [e.id for e in work(root, Workbench(root).base).mine("Ada")] == [NAME]
    desk(root).resolve("Cy", desk(root).notes.comments[0].id)
    desk(root).mark("Cy", Stage.CHECKED)
    assert work(root, Workbench(root).base).mine("Cy") == []


def test_notes_of_two_branches_join(root: Path) -> None:
    desk(root).comment("Ada", "One.")
    base = (root / NOTES).read_text()
    desk(root).comment("Bo", "Two.")
    ours = (root / NOTES).read_text()
    (root / NOTES).write_text(base)
    desk(root).comment("Cy", "Three.", "n")
    merged = merge_texts(base, ours, (root / NOTES).read_text(), NOTES)
    assert merged.conflicts == []
    (root / NOTES).write_text(merged.text)
    assert [c.says for c in desk(root).notes.comments] == ["One.", "Two.", "Three."]


def test_notes_that_cannot_be_read_are_named(root: Path) -> None:
    desk(root).comment("Ada", "One.")
    (root / NOTES).write_text("record: x\n<<<<<<< ours\nkind: finding\n=======\n>>>>>>> theirs\n")
    told = work(root, Workbench(root).base).trouble
    assert len(told) == 1 and NOTES in told[0] and "merge that is not finished" in told[0]


@pytest.mark.slow
def test_a_release_wants_checks_or_a_name(root: Path) -> None:
    change(root, 61)
    session = ReleaseSession(root, "Ed")
    with pytest.raises(NotReleasableError, match=f"1 record is new or changed and not checked .*: {NAME};"):
        session.release("0.2.0", "2026-12-01", "Notes.")
    assert "0.1.0" in (root / "formulary/release.yaml").read_text()
    ReleaseSession(root, "Ed").release("0.2.0", "2026-12-01", "Notes.", unchecked_by="Ed")
    assert f"- finding/{NAME}" in (root / "reviews/releases/0.2.0.yaml").read_text()
    assert "by: Ed" in (root / "reviews/releases/0.2.0.yaml").read_text()
    assert stage(root) is Stage.RELEASED
    assert git(root, "status", "--porcelain", "--", "formulary", "reviews") == ""


def test_the_command_line_does_it_all(root: Path) -> None:
    change(root, 61)

    def kb(*arguments: str, status: int = 0) -> str:
        done = CliRunner().invoke(main, ["--root", str(root), "review", *arguments])
        assert done.exit_code == status, done.output
        return done.output

    assert f"finding {NAME}: extracted" in kb("list")
    assert "did you mean" in kb("show", NAME + "x", status=2)
    kb("assign", NAME, "Bo", "--author", "Ada")
    assert "assigned to Bo" in kb("list", "--mine", "--author", "Bo")
    kb("comment", NAME, "Sides?", "--field", "n", "--author", "Bo")
    assert "another person" in kb("check", NAME, "--author", "Ada", status=1)
    identity = desk(root).notes.comments[0].id
    kb("resolve", NAME, identity, "--answer", "People", "--author", "Ada")
    kb("check", NAME, "--author", "Bo")
    shown = kb("show", NAME)
    assert "checked; written by Ada" in shown and "resolved by Ada: People" in shown


@pytest.mark.parametrize(
    ("dotted", "path"),
    [("n", ("n",)), ("outcomes[0]", ("outcomes", 0)), ("cautions[a-b].why", ("cautions", "a-b", "why"))],
)
def test_a_written_field_is_a_path_again(dotted: str, path: tuple[str | int, ...]) -> None:
    assert path_of(dotted) == path


def buttons(widget: object) -> list[object]:
    found = [widget] if hasattr(widget, "click") else []
    return found + [b for child in getattr(widget, "children", ()) for b in buttons(child)]


def press(form: RecordForm, caption: str) -> None:
    next(b for b in buttons(form.review) if b.description == caption).click()  # type: ignore[attr-defined]


def texts(form: RecordForm) -> str:
    def inside(widget: object) -> str:
        own = str(getattr(widget, "value", "")) if hasattr(widget, "value") else ""
        return own + " ".join(inside(child) for child in getattr(widget, "children", ()))

    return inside(form.review)


def test_who_renames_a_slug_wrote_nothing_and_what_was_checked_stays_checked(root: Path) -> None:
    change(root, 61)
    desk(root).mark("Bo", Stage.CHECKED, "Table 1")
    for old, new in (("hair-loss", "alopecia"), ("minoxidil", "minoxidil-base"), ("moftah2013", "moftah2013a")):
        assert carry_out(root, plan(root, old, new), "Ed", "A clearer word") == ""
    assert stage(root) is Stage.CHECKED
    assert desk(root).extracted_by[0] == "Ada"
    with pytest.raises(ReviewError, match="Ada wrote"):
        desk(root).mark("Ada", Stage.CHECKED)
    assert git(root, "status", "--porcelain", "--", "reviews", "formulary") == ""
    assert (
        git(root, "log", "-1", "--format=%an: %s; %b").strip() == "Ed: Rename moftah2013 to moftah2013a; A clearer word"
    )


def test_what_was_released_stays_released_when_a_slug_is_renamed(root: Path) -> None:
    for old, new in (("hair-loss", "alopecia"), ("alopecia", "baldness"), ("minoxidil", "minoxidil-base")):
        carry_out(root, plan(root, old, new), "Ed")
    assert {e.stage for e in work(root, Workbench(root).base).entries} == {Stage.RELEASED}
    change_to = Workbench(root)
    session = Session.open(change_to, Target("finding", "formulary/ingredients/minoxidil-base.yaml", NAME), "Ada")
    session.set(("n",), 61)
    session.message = "Recount"
    assert isinstance(session.save(), Saved)
    assert stage(root) is Stage.EXTRACTED


@pytest.mark.parametrize(
    ("old", "new", "record"),
    [
        (NAME, "moftah2013-minoxidil-x", "moftah2013-minoxidil-x"),
        ("minoxidil", "minoxidil-base", "minoxidil-base"),
        ("minoxidil", "minoxidil-base", NAME),
        ("hair-loss", "alopecia", NAME),
    ],
)
def test_a_renaming_does_not_let_a_writer_check_their_own_record(root: Path, old: str, new: str, record: str) -> None:
    assert carry_out(root, plan(root, old, new), "Ed") == ""
    for again, (before, after) in enumerate([(new, f"{new}-2"), (f"{new}-2", new)]):
        here = Desk(root, Workbench(root).base, record)
        assert here.extracted_by == ["A Tester"], again
        with pytest.raises(ReviewError, match="A Tester wrote"):
            here.mark("A Tester", Stage.CHECKED)
        record = after if record == before else record
        carry_out(root, plan(root, before, after), "Ed")
    assert Desk(root, Workbench(root).base, record).mark("Ed", Stage.CHECKED).who == "Ed"


def test_the_words_of_a_renaming_do_not_hide_who_changed_a_record(root: Path) -> None:
    session = open_as(Workbench(root), FINDING, "Ada", "Rename hair-loss to scalp-thinning")
    session.set(("object",), "scalp-thinning")
    assert isinstance(session.save(), Saved)
    session.close()
    with pytest.raises(ReviewError, match="Ada wrote .* another person checks it"):
        desk(root).mark("Ada", Stage.CHECKED)


@pytest.mark.parametrize("digest", ["1234567890123456", "1234567890123e45"])
def test_a_check_stays_whose_fingerprint_reads_like_a_number(
    root: Path, monkeypatch: pytest.MonkeyPatch, digest: str
) -> None:
    real = reviews.digest

    def like_a_number(kind: str, record: Record, renamings: reviews.Renamings = ()) -> str:
        is_before = isinstance(record, Finding) and record.object == "hair-loss"
        return digest if is_before else real(kind, record, renamings)

    monkeypatch.setattr(reviews, "digest", like_a_number)
    desk(root).mark("Bo", Stage.CHECKED)
    assert f"digest: {digest}" not in (root / NOTES).read_text()  # YAML wants it in quotes
    carry_out(root, plan(root, "hair-loss", "alopecia"), "Ed")
    assert [r.who for r in desk(root).checks] == ["Bo"]


def test_a_renaming_wants_a_name(root: Path) -> None:
    with pytest.raises(RenameError, match="write your name"):
        carry_out(root, plan(root, "hair-loss", "alopecia"), " ")
