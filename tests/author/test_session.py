"""Saving a record: what is written, what is refused, and what two authors at once get."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.author.checks import LINK, SCHEMA
from kb.author.session import Conflicted, Refused, Saved, Session, UnreadableError
from kb.author.target import Target
from kb.author.workbench import Workbench
from kb.formulary.yamltext import parse
from tests.author.conftest import ASSESSMENT, BIOTIN, CAUTION, CLAIM, FINDING, MINOXIDIL, SUBJECT, git, open_as

FILE = "formulary/ingredients/minoxidil.yaml"


def text_of(root: Path, file: str = FILE) -> str:
    return (root / file).read_text(encoding="utf-8")


def second(root: Path) -> Workbench:
    """Another author's kernel; drafts are kept apart by taking another key."""
    return Workbench(root)


def other(root: Path, target: Target, who: str = "Bo") -> Session:
    session = Session.open(second(root), target, who, draft_key="other-author")
    session.message = "Another change"
    return session


def test_save_changes_the_one_line_and_keeps_comments(bench: Workbench, root: Path) -> None:
    session = open_as(bench, FINDING)
    session.set(("n",), "62")
    saved = session.save()
    assert isinstance(saved, Saved)
    assert saved.changed
    assert text_of(root) == MINOXIDIL.replace("n: 60 # counted", "n: 62 # counted")
    log = git(root, "log", "-1", "--format=%an|%s|%b", "--stat")
    assert log.startswith("Ada|Correct it|Record: finding moftah2013-minoxidil-hair-loss")
    assert "1 file changed, 1 insertion(+), 1 deletion(-)" in log
    assert git(root, "status", "--porcelain").strip() in ("", "?? validation/")


def test_saving_without_a_change_writes_and_commits_nothing(bench: Workbench, root: Path) -> None:
    before = git(root, "rev-parse", "HEAD")
    saved = open_as(bench, FINDING).save()
    assert isinstance(saved, Saved)
    assert not saved.changed
    assert text_of(root) == MINOXIDIL
    assert git(root, "rev-parse", "HEAD") == before


@pytest.mark.parametrize("target", [FINDING, CAUTION, ASSESSMENT, SUBJECT, CLAIM], ids=lambda t: t.kind)
def test_every_kind_of_record_is_saved_into_its_file(bench: Workbench, root: Path, target: Target) -> None:
    field = {
        "finding": "limitations",
        "caution": "why",
        "assessment": "would_change",
        "ingredient": "summary",
        "claim": "why",
    }
    session = open_as(bench, target)
    session.set((field[target.kind],), "Said anew.")
    assert isinstance(session.save(), Saved)
    document, problems = parse(text_of(root, target.file), target.file)
    assert not problems
    assert document is not None
    assert (target.values(document.value) or {})[field[target.kind]] == "Said anew."
    assert "# a comment an author wrote" in text_of(root) or target.file != FILE


def test_a_subject_s_findings_are_no_part_of_its_form_and_stay(bench: Workbench, root: Path) -> None:
    session = open_as(bench, SUBJECT)
    assert "findings" not in session.values
    assert "assessments" not in session.values
    session.set(("synonyms",), ["Minoxidilum"])
    session.save()
    assert text_of(root) == MINOXIDIL.replace("role:\n", "synonyms:\n  - Minoxidilum\nrole:\n")


def test_a_new_record_gets_its_place_in_the_file(bench: Workbench, root: Path) -> None:
    session = open_as(bench, Target("caution", FILE))
    session.replace(
        {
            "id": "minoxidil-breastfeeding",
            "trigger": "breastfeeding",
            "severity": "caution",
            "action": "Ask.",
            "why": "Passes into milk.",
            "references": ["olsen2002"],
            "strength": "Weak.",
        }
    )
    assert isinstance(session.save(), Saved)
    document, _ = parse(text_of(root), FILE)
    assert document is not None
    assert [c["id"] for c in document.value["cautions"]] == ["minoxidil-pregnancy", "minoxidil-breastfeeding"]
    assert not session.is_new


def test_a_new_subject_gets_a_file_with_its_schema(bench: Workbench, root: Path) -> None:
    session = open_as(bench, Target("ingredient", "formulary/ingredients/new.yaml"))
    session.replace(
        {
            "id": "caffeine",
            "name": "Caffeine",
            "kind": "drug",
            "role": {"value": "principal", "why": "For its own effect."},
            "review": {"last": "2026-11-22", "by": "Ada", "due": "2027-11-22"},
        }
    )
    assert isinstance(session.save(), Saved)
    text = text_of(root, "formulary/ingredients/caffeine.yaml")
    assert text.startswith("# yaml-language-server: $schema=../../schema/ingredient.json\nid: caffeine\n")
    assert not (root / "formulary/ingredients/new.yaml").exists()


def test_a_figure_that_is_no_number_is_refused_at_its_field_and_kept_as_typed(bench: Workbench, root: Path) -> None:
    session = open_as(bench, FINDING)
    session.set(("outcomes", 0, "events"), "1,2")
    refused = session.save()
    assert isinstance(refused, Refused)
    assert [p.path for p in refused.problems] == [("outcomes", 0, "events")]
    assert text_of(root) == MINOXIDIL
    assert session.values["outcomes"][0]["events"] == "1,2"
    assert session.draft.path.exists()


def test_problems_stand_at_their_fields(bench: Workbench) -> None:
    session = open_as(bench, FINDING)
    session.set(("object",), "hair-los")
    session.set(("reference",), "olsen2020")
    told = {p.path: p for p in session.problems()}
    assert told[("object",)].blocks == LINK
    assert "hair-loss" in told[("object",)].cure
    assert "olsen2002" in told[("reference",)].cure
    session.set(("direction",), "perhaps")
    session.set(("summary",), "")
    told = {p.path: p for p in session.problems()}
    assert told[("direction",)].blocks == SCHEMA
    assert told[("summary",)].message == "is missing"


def test_problems_of_other_records_of_the_file_are_not_told(bench: Workbench, root: Path) -> None:
    path = root / FILE
    path.write_text(text_of(root).replace("trigger: pregnancy", "trigger: pregnanci"), encoding="utf-8")
    assert open_as(bench, FINDING).problems() == []
    assert [p.path for p in open_as(bench, CAUTION).problems()] == [("trigger",)]
    assert [p.path for p in open_as(bench, SUBJECT).problems()] == [("cautions", 0, "trigger")]


def test_a_broken_link_can_be_saved(bench: Workbench) -> None:
    session = open_as(bench, FINDING)
    session.set(("object",), "hair-los")
    assert isinstance(session.save(), Saved)


def test_who_and_why_are_asked_for(bench: Workbench) -> None:
    session = open_as(bench, FINDING, who="", why="x")
    session.set(("n",), 61)
    refused = session.save()
    assert isinstance(refused, Refused)
    assert "author" in refused.problems[0].message
    session.author, session.message = "Ada", " "
    refused = session.save()
    assert isinstance(refused, Refused)
    assert "reason" in refused.problems[0].message


def test_an_id_is_never_changed(bench: Workbench) -> None:
    session = open_as(bench, FINDING)
    session.set(("id",), "another-id")
    refused = session.save()
    assert isinstance(refused, Refused)
    assert refused.problems[0].path == ("id",)


def test_changes_to_different_fields_are_both_kept_and_told(bench: Workbench, root: Path) -> None:
    mine, theirs = open_as(bench, FINDING), other(root, FINDING)
    theirs.set(("limitations",), "Short.")
    assert isinstance(theirs.save(), Saved)
    mine.set(("n",), 61)
    saved = mine.save()
    assert isinstance(saved, Saved)
    assert [(c.path, c.old, c.new) for c in saved.taken] == [(("limitations",), "Small.", "Short.")]
    assert "n: 61 # counted" in text_of(root)
    assert "limitations: Short." in text_of(root)


def test_changes_to_other_records_of_the_file_do_not_disturb(bench: Workbench, root: Path) -> None:
    mine, theirs = open_as(bench, FINDING), other(root, CAUTION)
    theirs.set(("why",), "Nobody knows.")
    theirs.save()
    mine.set(("n",), 61)
    saved = mine.save()
    assert isinstance(saved, Saved)
    assert saved.taken == []
    assert "Nobody knows." in text_of(root)
    assert "n: 61" in text_of(root)


@pytest.mark.parametrize(("choice", "expected"), [("mine", 61), ("theirs", 70)])
def test_a_collision_writes_nothing_until_the_author_chooses(
    bench: Workbench, root: Path, choice: str, expected: int
) -> None:
    mine, theirs = open_as(bench, FINDING), other(root, FINDING)
    theirs.set(("n",), 70)
    theirs.set(("limitations",), "Short.")
    theirs.save()
    mine.set(("n",), 61)
    before = text_of(root)
    conflicted = mine.save()
    assert isinstance(conflicted, Conflicted)
    assert [(c.path, c.base, c.mine, c.theirs) for c in conflicted.conflicts] == [(("n",), 60, 61, 70)]
    assert text_of(root) == before
    assert mine.values["n"] == 61
    mine.resolve(conflicted, {("n",): choice})
    assert isinstance(mine.save(), Saved)
    assert f"n: {expected} # counted" in text_of(root)
    assert "limitations: Short." in text_of(root)


def test_a_file_that_changes_again_after_the_choice_is_compared_again(bench: Workbench, root: Path) -> None:
    mine, theirs = open_as(bench, FINDING), other(root, FINDING)
    theirs.set(("n",), 70)
    theirs.save()
    mine.set(("n",), 61)
    conflicted = mine.save()
    assert isinstance(conflicted, Conflicted)
    theirs.message = "Again"
    theirs.set(("n",), 71)
    theirs.save()
    mine.resolve(conflicted, {("n",): "mine"})
    again = mine.save()
    assert isinstance(again, Conflicted)
    assert again.conflicts[0].theirs == 71


def test_an_outcome_is_never_put_together_from_two_versions(bench: Workbench, root: Path) -> None:
    mine, theirs = open_as(bench, FINDING), other(root, FINDING)
    theirs.set(("outcomes", 0, "events"), 25)
    theirs.save()
    mine.set(("outcomes", 0, "at"), "24 weeks")
    conflicted = mine.save()
    assert isinstance(conflicted, Conflicted)
    assert [c.path for c in conflicted.conflicts] == [("outcomes", 0)]


def test_a_record_that_others_removed_is_a_collision(bench: Workbench, root: Path) -> None:
    mine, theirs = open_as(bench, CAUTION), other(root, CAUTION)
    assert isinstance(theirs.delete(), Saved)
    mine.set(("why",), "New reason.")
    conflicted = mine.save()
    assert isinstance(conflicted, Conflicted)
    assert conflicted.conflicts[0].path == ()
    mine.resolve(conflicted, {(): "mine"})
    assert isinstance(mine.save(), Saved)
    assert "New reason." in text_of(root)


def test_a_new_record_whose_id_was_taken_meanwhile_is_a_collision(bench: Workbench, root: Path) -> None:
    values = {
        "id": "minoxidil-x",
        "trigger": "breastfeeding",
        "severity": "caution",
        "action": "Ask.",
        "why": "A.",
        "strength": "W.",
    }
    mine, theirs = open_as(bench, Target("caution", FILE)), other(root, Target("caution", FILE))
    theirs.replace(values)
    theirs.save()
    mine.replace({**values, "why": "B."})
    conflicted = mine.save()
    assert isinstance(conflicted, Conflicted)
    assert [c.path for c in conflicted.conflicts] == [("why",)]
    mine.set(("id",), "minoxidil-y")
    assert isinstance(mine.save(), Saved)
    assert text_of(root).count("trigger: breastfeeding") == 2


def test_certainty_is_worked_out_anew_when_reasons_are_merged(bench: Workbench, root: Path) -> None:
    mine, theirs = open_as(bench, ASSESSMENT), other(root, ASSESSMENT)
    theirs.set(("starts",), "low")
    theirs.replace(theirs.finish(theirs.values))
    assert theirs.values["certainty"] == "very low"
    theirs.save()
    mine.set(("would_change",), "Two trials.")
    assert isinstance(mine.save(), Saved)
    assert "certainty: very low" in text_of(root)


def test_a_record_is_taken_out_and_brought_back(bench: Workbench, root: Path) -> None:
    session = open_as(bench, CAUTION, why="")
    assert isinstance(session.delete(), Refused)
    session.message = "Rests on nothing"
    assert isinstance(session.delete(), Saved)
    assert "minoxidil-pregnancy" not in text_of(root)
    assert git(root, "log", "-1", "--format=%s").strip() == "Rests on nothing"
    assert isinstance(session.undo(), Saved)
    assert "minoxidil-pregnancy" in text_of(root)


def test_a_damaged_file_is_never_written_into(bench: Workbench, root: Path) -> None:
    session = open_as(bench, FINDING)
    session.set(("n",), 61)
    damaged = text_of(root).replace("name: Minoxidil\n", "<<<<<<< HEAD\nname: Minoxidil\n=======\n")
    (root / FILE).write_text(damaged, encoding="utf-8")
    with pytest.raises(UnreadableError):
        session.save()
    assert text_of(root) == damaged
    assert session.draft.path.exists()
    assert session.problems()[0].message.startswith(f"{FILE}:")


def test_what_others_staged_stays_staged_and_uncommitted(bench: Workbench, root: Path) -> None:
    biotin = root / "formulary/ingredients/biotin.yaml"
    biotin.write_text(BIOTIN.replace("name: Biotin", "name: Biotin (H)"), encoding="utf-8")
    git(root, "add", "formulary/ingredients/biotin.yaml")
    session = open_as(bench, FINDING)
    session.set(("n",), 61)
    session.save()
    assert git(root, "diff", "--cached", "--name-only").split() == ["formulary/ingredients/biotin.yaml"]
    assert git(root, "show", "--name-only", "--format=", "HEAD").split() == [FILE]


def test_edits_by_hand_become_an_entry_of_their_own(bench: Workbench, root: Path) -> None:
    (root / FILE).write_text(MINOXIDIL.replace("limitations: Small.", "limitations: By hand."), encoding="utf-8")
    session = open_as(bench, FINDING)
    session.set(("n",), 61)
    session.save()
    log = git(root, "log", "--format=%an: %s").splitlines()
    assert log[:2] == ["Ada: Correct it", "edited by hand: Keep changes made by hand to minoxidil"]
