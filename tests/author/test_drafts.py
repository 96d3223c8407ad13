"""Drafts come back: after a new start of the kernel, a closed tab, a crash at any moment."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from kb.author.folder import NAME, authoring
from kb.author.session import Saved, Session
from kb.author.workbench import Workbench
from tests.author.conftest import FINDING, open_as

PROGRAM = """
import sys, time
from pathlib import Path
from kb.author.session import Session
from kb.author.target import Target
from kb.author.workbench import Workbench
target = Target("finding", "formulary/ingredients/minoxidil.yaml", "moftah2013-minoxidil-hair-loss")
session = Session.open(Workbench(Path(sys.argv[1])), target, "Ada")
text = ""
for letter in "More people regrew hair":
    text += letter
    session.set(("summary",), text)
    time.sleep(0.01)
print("typed", flush=True)
sys.stdin.read()
"""


def typing(root: Path) -> subprocess.Popen[str]:
    """Somebody who has typed and stays at the desk."""
    command = [sys.executable, "-c", PROGRAM, str(root)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "typed\n"
    return process


def wait_for_the_disk(folder: Path, summary: str) -> None:
    """Until a draft holds it, without anything more being typed; at most a minute."""
    for _ in range(1200):
        drafts = [json.loads(path.read_text()) for path in folder.glob("*.json")]
        if summary in [draft["state"]["values"]["summary"] for draft in drafts]:
            return
        time.sleep(0.05)
    raise AssertionError(f"{summary!r} never reached the disk")


def test_a_killed_kernel_loses_nothing_typed_just_before(root: Path) -> None:
    process = typing(root)
    wait_for_the_disk(root / ".authoring" / "drafts", "More people regrew hair")
    process.kill()
    process.wait()
    session = Session.open(Workbench(root), FINDING, "Ada")
    assert session.restored is not None
    assert session.values["summary"] == "More people regrew hair"
    assert session.is_changed


def test_a_draft_somebody_is_at_work_on_is_left_to_them(root: Path) -> None:
    process = typing(root)
    session = Session.open(Workbench(root), FINDING, "Bo")
    assert session.restored is None
    assert [(k.live, k.author) for k in session.others()] == [(True, "Ada")]
    process.kill()
    process.wait()
    assert [k.live for k in session.others()] == [False]


def test_opening_again_in_one_kernel_takes_the_form_over(bench: Workbench) -> None:
    first = open_as(bench, FINDING)
    told: list[bool] = []
    first.draft.on_closed = lambda: told.append(True)
    first.set(("summary",), "Half a sent")
    again = open_as(bench, FINDING)
    assert told == [True]
    assert again.values["summary"] == "Half a sent"
    first.set(("summary",), "typed into the old form")
    assert again.values["summary"] == "Half a sent"
    assert json.loads(again.draft.path.read_text())["state"]["values"]["summary"] == "Half a sent"


def test_what_is_typed_is_kept_exactly(bench: Workbench, root: Path) -> None:
    session = open_as(bench, FINDING)
    session.set(("n",), "6o ")
    session.set(("outcomes", 0, "value"), "12,5")
    session.close()
    again = open_as(Workbench(root), FINDING)
    assert again.values["n"] == "6o "
    assert again.values["outcomes"][0]["value"] == "12,5"


def test_a_draft_is_on_disk_soon_after_a_burst_of_keystrokes(bench: Workbench) -> None:
    session = open_as(bench, FINDING)
    for count in range(50):
        session.set(("summary",), "x" * count)
    wait_for_the_disk(session.draft.path.parent, "x" * 49)


def test_saving_ends_the_draft(bench: Workbench) -> None:
    session = open_as(bench, FINDING)
    session.set(("n",), 62)
    session.set(("n",), 61)
    late = session.draft._timer  # the second keystroke, on its way to the disk
    assert isinstance(session.save(), Saved)
    assert not session.draft.path.exists()
    if late:
        late.join()
    assert not session.draft.path.exists()


def test_a_discarded_draft_can_still_be_found(bench: Workbench, root: Path) -> None:
    session = open_as(bench, FINDING)
    session.set(("n",), 99)
    session.discard()
    assert session.values["n"] == 60
    kept = list((root / ".authoring/drafts/discarded").glob("*.json"))
    assert [json.loads(p.read_text())["state"]["values"]["n"] for p in kept] == [99]


def test_a_damaged_draft_is_left_alone_and_disturbs_nobody(bench: Workbench, root: Path) -> None:
    session = open_as(bench, FINDING)
    session.set(("n",), 99)
    session.close()
    session.draft.path.write_text("{ half")
    again = open_as(bench, FINDING)
    assert again.restored is None
    assert session.draft.path.read_text() == "{ half"


def test_a_draft_survives_a_change_of_its_file_and_is_merged_on_saving(bench: Workbench, root: Path) -> None:
    session = open_as(bench, FINDING)
    session.set(("n",), 61)
    session.close()
    file = root / FINDING.file
    file.write_text(file.read_text().replace("limitations: Small.", "limitations: Short."))
    again = open_as(Workbench(root), FINDING)
    assert again.restored is not None
    saved = again.save()
    assert isinstance(saved, Saved)
    assert "limitations: Short." in file.read_text()
    assert "n: 61" in file.read_text()


def test_nobody_else_on_the_machine_reads_a_draft(root: Path) -> None:
    assert authoring(root, "drafts").is_dir()
    assert (root / NAME).stat().st_mode & 0o077 == 0


def test_drafts_are_out_of_git_s_sight(bench: Workbench, root: Path) -> None:
    from tests.author.conftest import git

    open_as(bench, FINDING).set(("n",), 99)
    assert ".authoring" not in git(root, "status", "--porcelain")
