"""The forms as widgets, without a browser: what is typed reaches the session, problems reach the fields."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from kb.author.forms.desks import AppraisalDesk, ClaimDesk, StudyDesk, SubjectDesk
from kb.author.forms.record import RecordForm
from kb.author.session import Session
from kb.author.target import Target
from kb.author.workbench import Workbench
from kb.formulary.yamltext import parse
from tests.author.conftest import CAUTION, FINDING, SUBJECT, git, open_as

FILE = "formulary/ingredients/minoxidil.yaml"


@pytest.fixture(autouse=True)
def _me(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_AUTHOR", "Ada")


def test_a_form_shows_what_the_file_says_and_changes_nothing_by_itself(bench: Workbench) -> None:
    for target in (FINDING, CAUTION, SUBJECT):
        session = open_as(bench, target)
        form = RecordForm(session)
        session.replace(form.typed())
        assert not session.is_changed, target.kind
        session.discard()
        session.close()


def test_every_record_of_the_base_survives_its_form() -> None:
    """No form may lose or change a field it does not understand."""
    from kb.author.fields import fields_of
    from kb.author.forms.widgets import Group
    from kb.author.typed import cleaned, normal
    from kb.author.words import Words
    from kb.formulary.write import plain
    from tests.author.conftest import PROJECT

    base = Workbench(PROJECT).base

    class Around:
        words = Words(base)
        relation = "treats"
        one_look = nullcontext

    subjects = [*list(base.ingredients.values())[::9], *list(base.techniques.values())[::7]]
    records: list[tuple[Any, dict[str, Any]]] = [
        (type(s), {k: v for k, v in plain(s).items() if k not in ("findings", "assessments")}) for s in subjects
    ]
    records += [(type(r), plain(r)) for r in [*list(base.findings.values())[::60], *list(base.claims.values())[::90]]]
    for kind, values in records:
        group = Group(fields_of(kind, without=("findings", "assessments")), values, lambda: None, Around())
        assert normal(kind, cleaned(kind, group.value)) == values


def test_typing_keeps_a_draft_and_shows_problems_at_their_field(bench: Workbench, root: Path) -> None:
    form = RecordForm(open_as(bench, FINDING))
    form.group.nodes["n"].widget.value = "6o"
    assert "Draft kept" in form.state.value
    assert form.session.draft.path.exists()
    assert "not a whole number" in form.group.nodes["n"].problems.value
    form.group.nodes["n"].widget.value = "66"
    assert form.group.nodes["n"].problems.value == ""
    form.save()
    assert "Saved" in form.status.value
    assert "n: 66 # counted" in (root / FILE).read_text()


def test_a_problem_in_an_entry_that_is_closed_marks_it_and_shows_when_opened(bench: Workbench, root: Path) -> None:
    path = root / FILE
    path.write_text(path.read_text().replace("trigger: pregnancy", "trigger: pregnanci"))
    form = RecordForm(open_as(bench, SUBJECT))
    entry = form.group.nodes["cautions"].entries[0]
    assert "⚠" in entry.open_button.description
    entry.toggle()
    node = entry._node.nodes["trigger"]
    assert "pregnancy" in node.problems.value
    node.near.children[0].click()
    assert node.value == "pregnancy"
    assert "⚠" not in entry.open_button.description


def test_an_empty_new_row_does_not_shift_the_problems_of_the_others(bench: Workbench) -> None:
    form = RecordForm(open_as(bench, FINDING))
    outcomes = form.group.nodes["outcomes"]
    outcomes.add()
    outcomes.entries.insert(0, outcomes.entries.pop())
    outcomes.entries[1].toggle()
    outcomes.entries[1]._node.nodes["events"].widget.value = "x"
    assert "not a whole number" in outcomes.entries[1]._node.nodes["events"].problems.value


def test_a_misspelt_word_offers_the_nearest(bench: Workbench) -> None:
    form = RecordForm(open_as(bench, FINDING))
    node = form.group.nodes["object"]
    node.widget.value = "alopezia"
    assert [b.description for b in node.near.children] == ["Hair loss — hair-loss"]
    node.widget.value = "going bald"
    assert "going bald" in node.widget.options[0]
    node.near.children[0].click()
    assert form.session.values["object"] == "hair-loss"


@pytest.mark.parametrize("typed", ["Alopecia", "going bald", "hair loss", "HAIR LOSS"])
def test_a_name_typed_in_full_is_taken_for_its_word(bench: Workbench, typed: str) -> None:
    form = RecordForm(open_as(bench, FINDING))
    form.group.nodes["object"].widget.value = typed
    assert form.session.values["object"] == "hair-loss"
    assert form.group.nodes["object"].problems.value == ""
    form.group.nodes["object"].widget.value = "alopezia"
    assert form.session.values["object"] == "alopezia"


def test_a_conflict_is_shown_field_by_field_and_waits_for_the_choice(bench: Workbench, root: Path) -> None:
    form = RecordForm(open_as(bench, FINDING))
    other = Session.open(Workbench(root), FINDING, "Bo", draft_key="bo")
    other.message = "Recount"
    other.set(("n",), 70)
    other.save()
    form.group.nodes["n"].widget.value = "66"
    form.save()
    assert "n: 70" in (root / FILE).read_text()
    texts = " ".join(getattr(c, "value", None) or "" for c in form.conflict.children)
    assert "66" in texts
    assert "70" in texts
    choice, button = form.conflict.children[2], form.conflict.children[-1]
    button.click()
    assert "Choose" in form.status.value
    choice.value = "mine"
    button.click()
    assert "n: 66" in (root / FILE).read_text()
    assert form.conflict.children == ()


def test_the_preview_is_the_reader_s_own_page_with_the_unsaved_record(bench: Workbench) -> None:
    form = RecordForm(open_as(bench, FINDING))
    form.group.nodes["summary"].widget.value = "A sentence nobody has saved yet, about regrowth."
    assert "A sentence nobody has saved yet" in form.preview.html
    assert 'id="f-moftah2013-minoxidil-hair-loss"' in form.preview.html
    assert form.preview.anchor == "f-moftah2013-minoxidil-hair-loss"
    assert "<script" not in form.preview.html
    assert 'href="#inside' not in form.preview.html


def test_history_lists_states_and_brings_one_back(bench: Workbench, root: Path) -> None:
    form = RecordForm(open_as(bench, FINDING))
    form.group.nodes["n"].widget.value = "66"
    form.save()
    form.show_history()
    assert "60 → 66" in form.history.children[0].children[0].value
    form.history.children[1].children[1].click()
    assert "n: 60 # counted" in (root / FILE).read_text()
    assert form.group.nodes["n"].widget.value == "60"


def test_the_study_page_begins_a_finding_and_computes_its_effect(root: Path) -> None:
    desk = StudyDesk(root)
    desk.begin()
    assert "choose the reference first" in desk.notice.value
    desk.reference.widget.value = "olsen2031"
    desk.begin()
    assert "olsen2031 is not in the bibliography" in desk.notice.value
    assert "Bring references in" in desk.notice.value
    desk.reference.widget.value = "olsen2002"
    desk.begin()
    assert "choose the ingredient or technique first" in desk.notice.value
    desk.subject.widget.value = "minoxidil"
    desk.object.widget.value = "hair-loss"
    desk.begin()
    form = desk.form
    assert form is not None
    assert form.session.values["id"] == "olsen2002-minoxidil-hair-loss"
    for arm, role, events in (("minoxidil", "intervention", "30"), ("placebo", "placebo", "10")):
        row = {"measure": "regrowth", "arm": arm, "role": role, "events": events, "n": "60"}
        form.group.nodes["outcomes"].add(row)
    for name, value in (
        ("direction", "insufficient"),
        ("basis", "abstract"),
        ("summary", "More hair regrew with it than without."),
    ):
        form.group.nodes[name].widget.value = value
    assert "risk ratio 3 (95% CI" in form.effects.value  # type: ignore[attr-defined]
    assert "direction disagrees" in form.effects.value  # type: ignore[attr-defined]
    form.message.value = "From the abstract"
    form.save()
    assert "Saved" in form.status.value
    assert "olsen2002-minoxidil-hair-loss" in git(root, "log", "-1", "--format=%b")
    assert "olsen2002-minoxidil-hair-loss" in [value for _, value in desk.existing.options]
    form.session.undo()
    desk.look_again()  # as when the page comes back into sight after others saved
    assert [value for _, value in desk.existing.options] == [""]


@pytest.mark.parametrize("ended", ["the kernel ended", "the tab was closed and its kernel lives"])
def test_unfinished_work_opens_by_itself(root: Path, ended: str) -> None:
    desk = StudyDesk(root)
    desk.reference.widget.value, desk.subject.widget.value, desk.object.widget.value = (
        "olsen2002",
        "biotin",
        "hair-loss",
    )
    desk.begin()
    assert desk.form is not None
    desk.form.group.nodes["dose"].widget.value = "2 mg a w"
    if ended == "the kernel ended":
        desk.form.session.close()
    again = StudyDesk(root)
    assert again.form is not None
    assert again.form.session.values["dose"] == "2 mg a w"
    assert again.form.session.target.file == "formulary/ingredients/biotin/olsen2002.yaml"
    assert "not saved yet" in again.form.notice.value


def test_a_new_ingredient_is_added(root: Path) -> None:
    desk = SubjectDesk(root)
    desk.name.value = "Coenzyme Q10"
    desk.begin()
    form = desk.form
    assert form is not None
    form.group.nodes["kind"].widget.value = "other"
    role = form.group.nodes["role"].group.nodes
    role["value"].widget.value, role["why"].widget.value = "complementary", "Added to mixtures."
    cas = form.group.nodes["identifiers"].group.nodes["cas"]
    cas.widget.value = "303-98-1"
    assert "check character" in cas.problems.value
    cas.widget.value = "303-98-0"
    assert cas.problems.value == ""
    form.message.value = "Asked for"
    form.save()
    document, _ = parse((root / "formulary/ingredients/coenzyme-q10.yaml").read_text(), "x")
    assert document is not None
    assert document.value["identifiers"] == {"cas": "303-98-0"}
    assert "review" in document.value


def test_the_certainty_follows_the_ticks_and_the_bottom_line_comes_last(root: Path) -> None:
    desk = AppraisalDesk(root)
    desk.subject.widget.value = "minoxidil"
    assert [value for _, value in desk.existing.options] == ["minoxidil-topical-hair-loss"]
    desk.open_existing()
    form: Any = desk.form
    assert "moderate certainty" in form.certainty.value
    tick, levels, why = form.down.rows["risk-of-bias"]
    tick.value = True
    assert "low certainty" in form.certainty.value
    levels.value = 2
    assert "very low certainty" in form.certainty.value
    why.value = "Not blinded."
    form.message.value = "Bias"
    form.save()
    assert "certainty: very low" in (root / FILE).read_text()

    desk.object.widget.value = "hair-loss"
    desk.route.value = "intradermal"
    desk.begin()
    form = desk.form
    assert form.bottom_line.widget.disabled
    assert form.in_short.widget.disabled
    form.evidence.ticks["moftah2013-minoxidil-hair-loss"].value = True
    form.starts.widget.value = "high"
    form.group.nodes["direction"].widget.value = "supports"
    assert not form.bottom_line.widget.disabled
    assert not form.in_short.widget.disabled


def test_a_claim_is_judged_and_the_next_one_gets_the_next_number(root: Path) -> None:
    desk = ClaimDesk(root)
    desk.open_existing()
    assert desk.form is not None
    desk.form.group.nodes["verdict"].widget.value = "partly supported"
    desk.form.message.value = "One small trial"
    desk.form.save()
    assert "verdict: partly supported" in (root / "formulary/claims/001_page.yaml").read_text()
    desk.begin()
    assert desk.form.session.values["id"] == "c001-002"


def test_another_record_opened_meanwhile_leaves_the_first_to_go_on_with(root: Path) -> None:
    desk = StudyDesk(root)
    desk.subject.widget.value = "minoxidil"
    desk.existing.value = "moftah2013-minoxidil-hair-loss"
    desk.open_existing()
    assert desk.form is not None
    desk.form.group.nodes["dose"].widget.value = "1 ml of 5 %"
    desk.reference.widget.value, desk.subject.widget.value = "olsen2002", "biotin"
    desk.object.widget.value = "hair-loss"
    desk.begin()
    (row,) = desk.unfinished.children
    assert "moftah2013-minoxidil-hair-loss" in row.children[1].value
    row.children[0].click()
    assert desk.form.session.values["dose"] == "1 ml of 5 %"


def test_a_word_that_is_none_is_answered_with_a_choice_and_not_with_a_pattern(bench: Workbench, root: Path) -> None:
    form = RecordForm(open_as(bench, FINDING))
    form.group.nodes["object"].widget.value = "Dark patches"
    assert "choose one of the suggestions" in form.group.nodes["object"].problems.value
    assert "hyphen" not in form.group.nodes["object"].problems.value
    desk = StudyDesk(root)
    desk.form = None
    desk.reference.widget.value, desk.subject.widget.value, desk.object.widget.value = "olsen2002", "biotin", "baldnes"
    desk.begin()
    assert "choose a suggestion" in desk.notice.value


def test_what_was_discarded_can_be_brought_back_at_once(bench: Workbench) -> None:
    form = RecordForm(open_as(bench, FINDING))
    assert form.restore_button.layout.display == "none"
    form.group.nodes["dose"].widget.value = "1 ml of 5 %"
    form.discard_button.click()
    assert form.group.nodes["dose"].widget.value == ""
    form.restore_button.click()
    assert form.group.nodes["dose"].widget.value == "1 ml of 5 %"
    assert form.session.values["dose"] == "1 ml of 5 %"
    assert form.restore_button.layout.display == "none"


def test_the_answer_of_save_stays_until_something_is_typed(bench: Workbench) -> None:
    form = RecordForm(open_as(bench, FINDING, why=""))
    form.group.nodes["n"].widget.value = "66"
    form.save()
    assert "Mend this first" in form.status.value
    form.check()  # as it follows every pause in typing
    assert "Mend this first" in form.status.value
    assert "Draft kept" in form.state.value
    form.group.nodes["n"].widget.value = "67"
    assert form.status.value == ""


def test_a_decimal_comma_is_taken_and_a_doubtful_one_asked_about(bench: Workbench, root: Path) -> None:
    form = RecordForm(open_as(bench, FINDING))
    weeks = form.group.nodes["interval_weeks"]
    weeks.widget.value = "4,800"
    assert "may be 4800 or 4.800" in weeks.problems.value
    weeks.widget.value = "4,8"
    assert weeks.problems.value == ""
    form.save()
    assert "interval_weeks: 4.8" in (root / FILE).read_text()


def test_saving_opens_what_is_wrong_and_leaves_out_entries_nobody_filled(bench: Workbench, root: Path) -> None:
    form = RecordForm(open_as(bench, FINDING))
    outcomes = form.group.nodes["outcomes"]
    for _ in range(2):
        outcomes.add()
        outcomes.entries[-1].toggle()
    form.message.value = "A third figure"
    outcomes.entries[3]._node.nodes["unit"].widget.value = "cm"
    assert not outcomes.entries[3].opened
    form.save()
    assert "Not saved" in form.status.value
    assert "Outcomes 3, measure: is missing" in form.status.value
    assert outcomes.entries[3].opened
    assert not outcomes.entries[2].opened
    outcomes.entries[3]._node.nodes["unit"].widget.value = ""
    form.group.nodes["population"].widget.value = "adults"
    form.save()
    assert "Saved" in form.status.value
    assert (root / FILE).read_text().count("measure:") == 2


def test_a_new_appraisal_does_not_ask_for_a_certainty_it_works_out(root: Path) -> None:
    desk = AppraisalDesk(root)
    desk.subject.widget.value = "minoxidil"
    desk.object.widget.value = "hair-loss"
    desk.route.value = "topical"
    desk.begin()
    form: Any = desk.form
    assert "high certainty" in form.certainty.value
    assert not [p for p in form._found if p.path == ("certainty",)]
    form.down.rows["imprecision"][0].value = True
    assert "imprecision, why: " in form.down.problems.value
    form.starts.widget.value = ""
    assert not [p for p in form._found if p.path == ("certainty",)]


def test_a_computed_figure_is_marked_in_the_form(bench: Workbench, root: Path) -> None:
    form = RecordForm(open_as(bench, FINDING))
    entry = form.group.nodes["outcomes"].entries[0]
    entry.toggle()
    mark = entry._node.nodes["computed"]
    assert mark.fold.selected_index is None
    mark.group.nodes["from"].widget.value = "66.7 %, n 30"
    assert "Computed" in form.state.value or "Outcomes" in form.state.value  # the formula is still missing
    mark.group.nodes["formula"].widget.value = "events-from-percentage"
    form.message.value = "Say what is computed"
    form.save()
    assert "Saved" in form.status.value
    text = (root / FILE).read_text()
    assert "computed:" in text
    assert "from: 66.7 %, n 30" in text


def test_records_in_files_of_their_own_are_opened_with_what_they_hold(root: Path) -> None:
    """A finding or an assessment need not stand in the file of its subject."""
    whole = (root / FILE).read_text()
    start, end = whole.index("findings:"), whole.index("cautions:")
    folder = root / "formulary/ingredients/minoxidil"
    folder.mkdir()
    (folder / "moftah2013.yaml").write_text(whole[start:end])
    (root / FILE).write_text(whole[:start] + whole[end:])

    study = StudyDesk(root)
    study.subject.widget.value = "minoxidil"
    study.open_existing()
    form: Any = study.form
    assert form.group.nodes["n"].widget.value == "60"
    appraisal = AppraisalDesk(root)
    appraisal.subject.widget.value = "minoxidil"
    appraisal.open_existing()
    form = appraisal.form
    assert form.evidence.value == ["moftah2013-minoxidil-hair-loss"]
    assert not form.session.is_new


def test_a_subject_with_facts_looked_up_in_vain_takes_a_finding(bench: Workbench, root: Path) -> None:
    part = root / "formulary" / "ingredients" / "minoxidil" / "nothing-found.yaml"
    part.parent.mkdir(exist_ok=True)
    part.write_text("nothing_found:\n  - fact: pregnancy\n    why: Nothing known.\n    looked:\n      - olsen2002\n")
    target = Target("finding", "formulary/ingredients/minoxidil/olsen2002.yaml")
    values = {
        "id": "olsen2002-minoxidil-hair-loss",
        "reference": "olsen2002",
        "relation": "treats",
        "object": "hair-loss",
        "direction": "supports",
        "basis": "abstract",
        "seen_at": "https://example.org/olsen",
        "summary": "More hair regrew with it than with placebo.",
    }
    form = RecordForm(Session.open(bench, target, "Ada", values, "finding.new"))
    form.check()
    assert "More hair regrew with it than with placebo." in form.preview.html
    form.message.value = "From the abstract"
    form.save()
    assert "Saved." in form.status.value
    assert "fact: pregnancy" in part.read_text()


def test_a_check_that_cannot_be_made_is_told(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    form = RecordForm(open_as(bench, FINDING))
    monkeypatch.setattr(form.session, "problems", lambda: 1 / 0)
    form.group.nodes["dose"].widget.value = "1 ml"
    assert "cannot be checked: ZeroDivisionError" in form.state.value


def test_the_preview_shows_a_finding_where_findings_have_a_page_of_their_own(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.views.ingredient.MOST_FINDINGS", 0)
    form = RecordForm(open_as(bench, FINDING))
    form.show_preview()
    assert f'id="f-{FINDING.id}"' in form.preview.html


def begun(root: Path, kind: str, relation: str, object_: str) -> Any:
    """A new study of minoxidil, as the page begins it."""
    desk = StudyDesk(root)
    desk.reference.widget.value, desk.subject.widget.value = "olsen2002", "minoxidil"
    desk.relation_choice.value = relation
    desk.object.widget.value, desk.kind.value = object_, kind
    desk.begin()
    assert desk.form is not None
    return desk.form


def shown(form: Any) -> list[str]:
    """Outcomes and arms as their folded rows say them."""
    entries = [*form.group.nodes["outcomes"].entries, *form.group.nodes["arms"].entries]
    return [entry.open_button.description for entry in entries]


def put(entry: Any, **fields: str) -> None:
    """Type into an entry of a list, letter by letter as a browser sends it."""
    if not entry.opened:
        entry.toggle()
    for name, text in fields.items():
        for end in range(1, len(text) + 1) if name in ("name", "arm") else [len(text)]:
            entry._node.nodes[name].widget.value = text[:end]


@pytest.mark.parametrize("kind", ["events", "means", "split", "review"])
def test_the_second_arm_is_the_chosen_comparator(root: Path, kind: str) -> None:
    form = begun(root, kind, "compared-with", "biotin")
    rows = form.session.values["outcomes"]
    if kind == "review":
        assert [(o["arm"], o["against"]) for o in rows] == [("Minoxidil vs Biotin", "active")]
    else:
        assert [(o["arm"], o["role"]) for o in rows] == [("Minoxidil", "intervention"), ("Biotin", "active")]
        assert form.group.nodes["comparator"].value == "Biotin"
    assert "placebo" not in str(form.session.values).casefold()


@pytest.mark.parametrize("kind", ["events", "means", "split", "review"])
def test_an_unknown_comparator_is_left_open_and_asked_for(root: Path, kind: str) -> None:
    form = begun(root, kind, "treats", "hair-loss")
    assert "placebo" not in str(form.session.values).casefold()
    for entry in form.group.nodes["outcomes"].entries:
        put(entry, measure="regrowth", value="10")
    for name, value in (("direction", "insufficient"), ("basis", "abstract"), ("summary", "More hair regrew with it.")):
        form.group.nodes[name].widget.value = value
    form.message.value = "From the abstract"
    form.save()
    assert "Not saved" in form.status.value
    assert "arm: is missing; name what it was compared with" in form.status.value


@pytest.mark.parametrize(
    ("name", "role"), [("placebo", "placebo"), ("no treatment", "untreated"), ("finasteride", "active")]
)
def test_naming_the_open_arm_names_it_everywhere(root: Path, name: str, role: str) -> None:
    form = begun(root, "events", "treats", "hair-loss")
    put(form.group.nodes["arms"].entries[1], name=name)
    saved = form.session.clean
    assert [a["name"] for a in saved["arms"]] == ["Minoxidil", name]
    assert (saved["outcomes"][1]["arm"], saved["outcomes"][1]["role"]) == (name, role)
    assert saved["comparator"] == name
    form.check()
    assert name in shown(form)[1]


def test_an_arm_that_is_renamed_is_renamed_where_the_form_names_it(root: Path) -> None:
    form = begun(root, "means", "compared-with", "biotin")
    first, second = form.group.nodes["arms"].entries
    outcomes = form.group.nodes["outcomes"]
    outcomes.add(
        {"measure": "density", "kind": "mean-difference", "arm": "Minoxidil vs Biotin", "role": "intervention"}
    )
    outcomes.add({"measure": "density", "arm": "both", "role": "all"})
    put(outcomes.entries[0], measure="density")  # opened; the others stay folded
    put(second, name="Minoxidil 2% foam")  # bears the first arm's name on the way
    put(first, name="Minoxidil 5%")
    assert [o.get("arm") for o in form.session.values["outcomes"]] == [
        "Minoxidil 5%",
        "Minoxidil 2% foam",
        "Minoxidil 5% vs Minoxidil 2% foam",
        "both",
    ]
    assert form.group.nodes["comparator"].value == "Minoxidil 2% foam"
    put(outcomes.entries[1], arm="another arm")
    put(second, name="Foam")
    assert form.session.values["outcomes"][1]["arm"] == "another arm"
    assert form.group.nodes["comparator"].value == "Foam"


def test_an_arm_emptied_while_it_is_renamed_keeps_its_outcomes(root: Path) -> None:
    form = begun(root, "events", "compared-with", "biotin")
    name = form.group.nodes["arms"].entries[1]
    put(name, name="Biotin")
    name._node.nodes["name"].widget.value = ""
    assert form.session.values["outcomes"][1]["arm"] == "Biotin"
    put(name, name="Biotin 5 mg")
    assert form.session.values["outcomes"][1]["arm"] == "Biotin 5 mg"


def test_a_role_the_author_chose_stays(root: Path) -> None:
    form = begun(root, "events", "treats", "hair-loss")
    outcome = form.group.nodes["outcomes"].entries[1]
    put(outcome, role="untreated")
    put(form.group.nodes["arms"].entries[1], name="washed with saline shampoo")
    assert form.session.values["outcomes"][1]["role"] == "untreated"
    assert form.session.values["outcomes"][1]["arm"] == "washed with saline shampoo"


def test_a_save_says_that_a_second_person_checks_it_and_how(bench: Workbench) -> None:
    form = RecordForm(open_as(bench, FINDING))
    form.group.nodes["n"].widget.value = "66"
    form.save()
    assert "Ada wrote this; somebody else checks it" in form.status.value
    for control in (form.review_button.description, form.author.description.removesuffix(" *"), "Checked against the"):
        assert control in form.status.value
    form.show_review()
    assert "Ada wrote this; somebody else checks it" in form.review.children[0].value
    assert "<b>Your name</b>" in form.review.children[0].value


def test_a_study_whose_design_nobody_stated_says_so_and_is_saved(root: Path) -> None:
    bibliography = root / "references.bib"
    bibliography.write_text(bibliography.read_text().replace("design = {rct}", "design = {not-stated}"))
    form = RecordForm(open_as(Workbench(root), FINDING))
    assert "1 to weigh: Reference" in form.state.value
    assert "the design of moftah2013 is not stated" in form.group.nodes["reference"].problems.value
    form.group.nodes["n"].widget.value = "66"
    form.save()
    assert "Saved" in form.status.value


def test_as_many_are_counted_as_are_named(root: Path) -> None:
    form = begun(root, "events", "compared-with", "biotin")
    told = form.state.value.split("</span>")[0]
    assert "5 to mend before it can be saved" in told
    assert "Outcomes (2)" in told
    for name in ("Direction", "Basis", "Summary"):
        assert f"{name}" in told and f"{name} (" not in told
