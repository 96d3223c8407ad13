"""Bringing references in from a notebook: dropped files, pasted identifiers, duplicates, drafts, history."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.author.forms.drop import Drop
from kb.author.forms.references import ReferenceDesk
from kb.author.references import DamagedError, ReferenceSession
from kb.literature import LookUp, read_any
from tests.author.conftest import REFERENCES, git

RIS = """\
TY  - JOUR
AU  - Ferraris, Gino
TI  - Tranexamic acid injected into melasma: a randomised trial
JO  - Test Journal
PY  - 2021
DO  - 10.1000/test.2021
ER  -

TY  - JOUR
AU  - Moftah, N
TI  - Topical minoxidil in hair loss
JO  - J Test
PY  - 2013
DO  - 10.1111/jdv.14624
VL  - 7
ER  -

TY  - JOUR
AU  - Nobody, A
PY  - 2020
ER  -
"""


def offline(identifier: str) -> LookUp:
    return LookUp(identifier, "offline", "no service can be reached")


def found(identifier: str) -> LookUp:
    entry = read_any("answer", RIS.split("\n\n")[0].encode())[0]
    entry.fields["doi"] = identifier
    return LookUp(identifier, "found", "", entry)


def test_new_entries_are_added_known_ones_left_and_bad_ones_refused_with_the_reason(root: Path) -> None:
    session = ReferenceSession(root, "Ada", offline)
    session.take_file("export.ris", RIS.encode())
    plans = session.plans()
    assert [p.choice.action.value for p in plans] == ["add", "skip", "skip"]
    assert plans[1].matches[0].reference.key == "moftah2013"
    assert plans[2].entry.refused
    report, note = session.save()
    assert note == ""
    assert report.keys("added") == ["ferraris2021"]
    assert "ferraris2021" in (root / "references.bib").read_text()
    assert git(root, "log", "-1", "--format=%an: %s").strip() == "Ada: Bring in ferraris2021"
    assert git(root, "show", "--name-only", "--format=", "HEAD").split() == ["references.bib"]
    assert not session.draft.path.exists()


def test_a_choice_of_the_author_is_followed(root: Path) -> None:
    session = ReferenceSession(root, "Ada", offline)
    session.take_file("export.ris", RIS.encode())
    new, known, _ = session.plans()
    session.choose(new.entry, "add", key="ferraris2021trial", design="rct")
    session.choose(known.entry, "merge", key="moftah2013", take=("volume",))
    report, _ = session.save()
    assert report.keys("added") == ["ferraris2021trial"]
    assert report.keys("merged") == ["moftah2013"]
    text = (root / "references.bib").read_text()
    assert "volume = {7}" in text


def test_what_was_dropped_and_chosen_comes_back_after_a_crash(root: Path) -> None:
    session = ReferenceSession(root, "Ada", offline)
    session.take_file("export.ris", RIS.encode())
    session.choose(session.plans()[0].entry, "skip")
    session.pasted = "10.1000/other"
    session.keep()
    session.draft.close()
    again = ReferenceSession(root, "", offline)
    assert again.restored is not None
    assert again.author == "Ada"
    assert again.pasted == "10.1000/other"
    assert again.chosen(again.plans()[0]).action.value == "skip"


def test_pasted_identifiers_are_asked_and_offline_says_so(root: Path) -> None:
    session = ReferenceSession(root, "Ada", offline)
    first, strange, second = sorted(session.look_up("doi:10.1000/abc, 22540889 nonsense"), key=lambda s: s.name)
    assert first.trouble == "offline: no service can be reached"
    assert second.name == "nonsense" or strange.name == "nonsense" or first.name == "nonsense"
    assert session.entries == []
    online = ReferenceSession(root, "Ada", found)
    online.look_up("10.1000/abc")
    assert online.plans()[0].choice.action.value == "add"


def test_a_damaged_bibliography_is_not_written_into(root: Path) -> None:
    (root / "references.bib").write_text(REFERENCES + "@article{half,\n")
    session = ReferenceSession(root, "Ada", offline)
    session.take_file("export.ris", RIS.encode())
    with pytest.raises(DamagedError):
        session.save()
    assert (root / "references.bib").read_text() == REFERENCES + "@article{half,\n"
    assert session.draft.path.exists()


def test_the_page_shows_both_versions_and_saves(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_AUTHOR", "")
    desk = ReferenceDesk(root, ReferenceSession(root, "", offline))
    assert desk.save_button.disabled
    assert "Nothing has been brought" in desk.summary.value
    data = RIS.encode()
    half = len(data) // 2
    for n, piece in enumerate((data[:half], data[half:])):  # as it comes from the browser
        desk.drop._piece(desk.drop, {"name": "export.ris", "piece": n, "of": 2}, [memoryview(piece)])
    assert "3 entries: 1 new, 1 there already or alike, 1 cannot be used." in desk.summary.value
    shown = " ".join(str(getattr(c, "value", "")) for row in desk.rows.children for c in row.children)
    assert "It is there already: <b>moftah2013</b>" in shown
    assert "Left out" in shown
    desk.save()
    assert "no author is named" in desk.notice.value
    desk.author.value = "Ada"
    desk.save()
    assert "added: ferraris2021" in desk.notice.value
    assert "refused" in desk.notice.value
    assert 'href="/lab/tree/notebooks/author/2-record-a-study.ipynb"' in desk.notice.value


def test_designs_are_named_in_words_and_one_that_is_not_stated_is_to_be_weighed(root: Path) -> None:
    desk = ReferenceDesk(root, ReferenceSession(root, "Ada", offline))
    desk.arrived("export.ris", RIS.split("\n\n")[0].replace(": a randomised trial", "").encode())
    _, design, weigh = desk.rows.children[0].children[2].children
    assert ("Randomised trial", "rct") in design.options
    assert design.value == "not-stated"
    assert "what kind of study is it?" in weigh.value
    assert weigh.layout.display != "none"
    design.value = "rct"
    assert weigh.layout.display == "none"


def test_a_piece_out_of_order_is_not_taken_for_a_file(root: Path) -> None:
    came: list[tuple[str, bytes]] = []
    drop = Drop(lambda name, data: came.append((name, data)))
    drop._piece(drop, {"name": "a.bib", "piece": 1, "of": 2}, [b"x"])
    drop._piece(drop, {"name": "a.bib", "piece": 0, "of": 2}, [b"x"])
    drop._piece(drop, {"name": "b.bib", "piece": 0, "of": 1}, [b""])
    assert came == [("b.bib", b"")]
    drop._piece(drop, {"name": "a.bib", "piece": 1, "of": 2}, [b"y"])
    assert came[1:] == [("a.bib", b"xy")]


def test_offline_the_page_says_so_in_plain_words_and_goes_on(root: Path) -> None:
    desk = ReferenceDesk(root, ReferenceSession(root, "Ada", offline))
    desk.pasted.value = "10.1000/abc 22540889"
    desk._look_up()
    assert "No connection: <b>10.1000/abc, 22540889</b> could not be looked up" in desk.summary.value
    assert desk.session.pasted == "10.1000/abc 22540889"
    assert not desk.ask.disabled
    desk.arrived("export.ris", RIS.encode())
    assert not desk.save_button.disabled


def test_many_entries_are_shown_some_at_a_time(root: Path) -> None:
    one = RIS.split("\n\n")[0]
    many = "\n".join(one.replace("2021", str(1950 + n)).replace("melasma", f"melasma {n}" * 3) for n in range(30))
    desk = ReferenceDesk(root, ReferenceSession(root, "Ada", offline))
    desk.arrived("many.ris", many.encode())
    assert len(desk.rows.children) == 25
    assert "5 more" in desk.more_button.description
    desk.more_button.click()
    assert len(desk.rows.children) == 30
    assert desk.more_button.layout.display == "none"
