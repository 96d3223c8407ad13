"""Many records at once: seen first, then changed; a table out and back; a slug carried through all files."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.author.bulk import BulkError, apply, find_and_change, table_in, table_out
from kb.author.rename import RenameError, carry_out, plan
from kb.author.workbench import Workbench
from kb.cli import main
from kb.knowledge import load
from tests.author.conftest import git

FILE = "formulary/ingredients/minoxidil.yaml"


def kb(root: Path, *arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(main, ["--root", str(root), *arguments])
    assert done.exit_code == status, done.output
    return done.output


def test_found_places_are_shown_and_changed_only_when_asked(root: Path) -> None:
    before = (root / FILE).read_text()
    shown = kb(root, "change", "finding", "outcomes.measure", "regrowth", "regrowth of hair")
    assert shown.count("regrowth → regrowth of hair") == 2
    assert (root / FILE).read_text() == before
    kb(root, "change", "finding", "outcomes.measure", "regrowth", "regrowth of hair", "--yes", status=1)  # no reason
    kb(
        root,
        "change",
        "finding",
        "outcomes.measure",
        "regrowth",
        "regrowth of hair",
        "--yes",
        "--why",
        "Plain",
        "--author",
        "Ada",
    )
    assert (root / FILE).read_text() == before.replace("measure: regrowth", "measure: regrowth of hair")
    assert git(root, "log", "-1", "--format=%an: %s").strip() == "Ada: Plain"


def test_a_change_that_makes_no_record_leaves_the_file_whole(root: Path) -> None:
    bench, before = Workbench(root), (root / FILE).read_text()
    edits = find_and_change(bench, "finding", "direction", "supports", "helps")
    done = apply(bench, edits, "Try", "Ada")
    assert done.written == []
    assert "'helps' is not allowed" in done.refused[0]
    assert (root / FILE).read_text() == before
    with pytest.raises(BulkError, match="not a pattern"):
        find_and_change(bench, "finding", "dose", "(", "x", regex=True)
    with pytest.raises(BulkError, match="no kind 'findings'"):
        find_and_change(bench, "findings", "dose", "a", "b")


def test_what_changed_since_the_look_is_not_overwritten(root: Path) -> None:
    bench = Workbench(root)
    edits = find_and_change(bench, "finding", "limitations", "Small", "Tiny")
    path = root / FILE
    path.write_text(path.read_text().replace("limitations: Small.", "limitations: Small and short."))
    assert "changed meanwhile" in apply(bench, edits, "Try", "Ada").refused[0]


def test_a_table_goes_out_and_comes_back_unchanged_or_with_its_changes(root: Path) -> None:
    bench = Workbench(root)
    for kind in ("finding", "assessment", "caution", "claim", "ingredient", "technique"):
        assert table_in(bench, kind, table_out(bench, kind)) == [], kind
    text = table_out(bench, "finding", ["n", "limitations", "route"])
    assert text.splitlines()[0] == "id,n,limitations,route"
    edits = table_in(bench, "finding", text.replace(",60,Small.,", ",61,,"))
    assert [str(e).partition(": ")[2] for e in edits] == ["n: 60 → 61", "limitations: Small. → nothing"]
    assert apply(bench, edits, "Recount", "Ada").written == [FILE]
    assert "n: 61 # counted in table 1" in (root / FILE).read_text()
    assert "limitations" not in (root / FILE).read_text()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name\nx\n", "needs a column `id`"),
        ("id,n\nnobody,3\n", "row 2: no finding has the id 'nobody'"),
        ("id,colour\nmoftah2013-minoxidil-hair-loss,3\n", "column 'colour' is not a field"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(bench: Workbench, text: str, told: str) -> None:
    with pytest.raises(BulkError, match=told):
        table_in(bench, "finding", text)


def test_every_table_of_the_formulary_comes_back_the_same() -> None:
    from tests.author.conftest import PROJECT

    bench = Workbench(PROJECT)
    for kind in ("assessment", "technique"):
        assert table_in(bench, kind, table_out(bench, kind)) == [], kind


def test_a_slug_is_carried_through_all_files(root: Path) -> None:
    part = root / "formulary/ingredients/minoxidil/moftah2013.yaml"
    part.parent.mkdir()
    part.write_text("mixing:\n  - other: minoxidil\n    compatibility: no-data-found\n    summary: minoxidil\n")
    git(root, "add", "formulary")
    git(root, "commit", "-qm", "A part")
    shown = kb(root, "rename", "minoxidil", "minoxidil-base")
    assert "moves to formulary/ingredients/minoxidil-base.yaml" in shown
    assert (root / FILE).exists()
    kb(root, "rename", "minoxidil", "minoxidil-base", "--yes", "--author", "Ada")
    base = load(root, strict=False)
    assert "minoxidil" not in base.ingredients
    assert base.ingredients["minoxidil-base"].findings[0].arms[0].name == "minoxidil"
    assert base.ingredients["minoxidil-base"].mixing[0].summary == "minoxidil"
    assert base.ingredients["minoxidil-base"].mixing[0].other == "minoxidil-base"
    assert base.claims["c001-001"].subject == "minoxidil-base"
    assert not (root / "formulary/ingredients/minoxidil").exists()
    assert git(root, "status", "--porcelain", "--", "formulary") == ""
    assert git(root, "log", "-1", "--format=%an: %s").strip() == "Ada: Rename minoxidil to minoxidil-base"


def test_a_reference_key_and_a_term_are_renamed(root: Path) -> None:
    for old, new in (("moftah2013", "moftah2013a"), ("hair-loss", "alopecia")):
        carry_out(root, plan(root, old, new), "Ada")
    base = load(root, strict=False)
    assert "moftah2013a" in base.references
    finding = base.findings["moftah2013-minoxidil-hair-loss"]
    assert (finding.reference, finding.object) == ("moftah2013a", "alopecia")
    assert not [p for p in base.problems if p.severity == "critical"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minoxidl", "x", "did you mean minoxidil"),
        ("minoxidil", "biotin", "is taken"),
        ("minoxidil", "New Name", "is not a slug"),
        ("moftah2013", "moftah", "is not a reference key"),
    ],
)
def test_a_name_that_does_not_do_is_refused(root: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(RenameError, match=told):
        plan(root, old, new)


def test_a_word_that_no_vocabulary_has_is_not_put_into_records(root: Path) -> None:
    before = (root / FILE).read_text()
    term = root / "formulary/vocabulary/indications/hair.yaml"
    term.parent.mkdir()
    term.write_text("terms:\n  - id: scalp-thinning\n    name: Thinning of the scalp hair\n")
    for new, status in (("scalp-thinnin", 1), ("scalp-thinning", 0)):
        told = kb(
            root, "change", "finding", "object", "hair-loss", new, "--yes", "--why", "More exact", "--author", "Ada",
            status=status,
        )  # fmt: skip
        if status:
            assert (
                "moftah2013-minoxidil-hair-loss object: unknown slug 'scalp-thinnin'; did you mean scalp-thinning"
                in told
            )
            assert (root / FILE).read_text() == before
    assert load(root, strict=False).findings["moftah2013-minoxidil-hair-loss"].object == "scalp-thinning"
    assert git(root, "log", "-1", "--format=%an: %s").strip() == "Ada: More exact"


def test_a_file_that_names_something_unknown_already_can_still_be_changed(root: Path) -> None:
    path = root / FILE
    path.write_text(path.read_text().replace("trigger: pregnancy", "trigger: pregnanc"))
    kb(root, "change", "caution", "why", "Not studied", "Unstudied", "--yes", "--why", "Shorter", "--author", "Ada")
    assert "why: Unstudied in pregnancy." in path.read_text()
    told = kb(
        root, "change", "caution", "references", "moftah2013", "moftah2031", "--yes", "--why", "W", "--author", "Ada",
        status=1,
    )  # fmt: skip
    assert "reference 'moftah2031' is not in references.bib; did you mean moftah2013?" in told
    assert "moftah2031" not in path.read_text()


def test_a_new_record_that_names_something_unknown_is_kept_as_a_draft(root: Path) -> None:
    given = {"subject": "biotin", "trigger": "breastfeeding", "severity": "avoid", "action": "Do not use.", "why": "W."}
    given |= {"strength": "A label.", "references": "moftah2031"}
    told = kb(root, "new", "caution", *(f"--set={n}={v}" for n, v in given.items()), "--author", "Ada", status=1)
    assert "reference 'moftah2031' is not in references.bib; did you mean moftah2013?" in told
    assert "kept as a draft" in told
    assert not load(root, strict=False).ingredients["biotin"].cautions


def test_a_renaming_reads_the_records_once_before_and_once_after(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, read = plan(root, "minoxidil", "minoxidil-base"), []
    monkeypatch.setattr("kb.author.rename.load", lambda *a, **k: read.append(a) or load(*a, **k))
    carry_out(root, made, "Ada")
    assert len(read) == 2


def _cannot(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_slugs_are_renamed_where_the_disk_knows_no_hard_links(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.author.swap.os.link", _cannot)
    kb(root, "rename", "hair-loss", "alopecia", "--yes", "--author", "Ada")
    assert load(root, strict=False).findings["moftah2013-minoxidil-hair-loss"].object == "alopecia"
    assert not list((root / "formulary").rglob("*.tmp"))


def test_what_can_be_taken_back_is_taken_back_and_the_rest_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims, terms = root / "formulary/claims/001_page.yaml", root / "formulary/vocabulary/indications.yaml"
    before, replace = {p: p.read_text() for p in (root / FILE, claims)}, os.replace

    def stuck(here: Path, to: Path) -> None:
        if Path(to) == terms and "alopecia" in terms.read_text():
            _cannot()
        replace(here, to)

    monkeypatch.setattr("kb.author.swap.os.replace", stuck)
    monkeypatch.setattr("kb.author.rename._carry_checks", _cannot)
    told = kb(root, "rename", "hair-loss", "alopecia", "--yes", "--author", "Ada", status=1)
    assert {p: p.read_text() for p in before} == before
    kept = next((root / "formulary").rglob("*.tmp"))
    assert f"indications.yaml could not be given back (Operation not permitted); it is in {kept}" in told
    assert "id: hair-loss" in kept.read_text()


def test_one_word_does_for_a_list(root: Path) -> None:
    given = {"subject": "biotin", "trigger": "breastfeeding", "severity": "avoid", "action": "Do not use.", "why": "W."}
    given |= {"strength": "A label.", "references": "moftah2013"}
    kb(root, "new", "caution", *(f"--set={name}={value}" for name, value in given.items()), "--author", "Ada")
    assert load(root, strict=False).ingredients["biotin"].cautions[0].references == ["moftah2013"]
