"""Bringing references in from a notebook: dropped files, pasted identifiers, duplicates, drafts, history."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    desk._dropped([{"name": "export.ris", "content": memoryview(RIS.encode())}])
    shown = " ".join(str(getattr(c, "value", "")) for row in desk.rows.children for c in row.children)
    assert "It is there already: <b>moftah2013</b>" in shown
    assert "Left out" in shown
    desk.save()
    assert "nobody is named" in desk.notice.value
    desk.author.value = "Ada"
    desk.save()
    assert "added: ferraris2021" in desk.notice.value
    assert "refused" in desk.notice.value
