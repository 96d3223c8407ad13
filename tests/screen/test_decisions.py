"""Decisions: remembered, never asked twice, mergeable, exported, and learned from."""

from datetime import date
from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.literature import read_any
from kb.screen import screen
from kb.screen.decisions import FOLDER, Decided, Decision, Decisions, name_of, read, write
from kb.screen.design import Study
from kb.screen.export import decisions_as_ris
from kb.screen.learned import MOST, learn
from tests.screen.conftest import ALL


def decision(title: str = "A title", kind: Decided = Decided.REJECT, **more: object) -> Decision:
    fields = {"title": title, "year": 2020, **more}
    return Decision(
        id=name_of(fields),
        decision=kind,
        criterion="not in humans",
        by="Ada",
        on=date(2026, 11, 29),
        **fields,  # type: ignore[arg-type]
    )


def test_written_and_read_again(tmp_path: Path) -> None:
    one = decision(pmid="34082278", note="Only gels: «gélatine»", keywords=["Mesotherapy"])
    assert write(tmp_path, one) == "screening/decisions/pmid-34082278.yaml"
    assert read(tmp_path).all == {"pmid-34082278": one}


@pytest.mark.parametrize(
    "fields", [{"pmid": "34082278"}, {"doi": "10.5555/A.B"}, {"title": "A TITLE!", "year": 2020, "pmid": "1"}]
)
def test_a_record_is_known_by_any_of_its_marks(fields: dict[str, object]) -> None:
    found = Decisions([decision(pmid="34082278", doi="10.5555/a.b")])
    assert found.of(fields) is not None
    assert found.of({"pmid": "2", "title": "Another", "year": 2020}) is None


def test_a_file_that_is_not_sound_is_told_and_the_rest_read(tmp_path: Path) -> None:
    write(tmp_path, decision(pmid="1"))
    (tmp_path / FOLDER / "pmid-2.yaml").write_text("<<<<<<< ours\nid: pmid-2\n=======\n")
    (tmp_path / FOLDER / "pmid-3.yaml").write_text("id: pmid-3\ntitle: T\ndecision: perhaps\n")
    found = read(tmp_path)
    assert list(found.all) == ["pmid-1"]
    assert [one.file for one in found.unsound] == [f"{FOLDER.as_posix()}/pmid-{n}.yaml" for n in (2, 3)]
    assert "decision" in str(found.unsound[1])


def test_never_asked_twice(base: KnowledgeBase) -> None:
    first = screen(base, ALL, cores=1)
    best = first.candidates[0]
    fields = {name: best.entry.fields.get(name) for name in ("title", "year", "pmid", "doi")}
    decided = Decisions([decision(**fields)])  # type: ignore[arg-type]
    again = screen(base, ALL, cores=1, decisions=decided)
    assert best.entry.fields["title"] not in [one.entry.fields["title"] for one in again.candidates]
    assert (again.decided, again.found) == (1, first.found - 1)
    shown = screen(base, ALL, cores=1, decisions=decided, with_decided=True)
    assert shown.found == first.found
    assert shown.candidates[0].as_dict()["decision"] == "reject"


def test_exported_with_the_decision() -> None:
    text = decisions_as_ris([decision(pmid="1", doi="10.5555/a"), decision("Second", Decided.ACCEPT)])
    first, second = read_any("a.ris", text)
    assert (first.fields["title"], first.fields["doi"]) == ("A title", "10.5555/a")
    assert "C1  - reject: not in humans" in text
    assert "C2  - Ada, 2026-11-29" in text
    assert second.fields["title"] == "Second"


HAIR = [
    "Minoxidil in alopecia",
    "Scalp needling for alopecia",
    "Hair density after plasma",
    "Alopecia in women",
    "Scalp injections",
]
HIP = [
    "Hip arthroplasty bleeding",
    "Knee arthroplasty",
    "Spinal fusion bleeding",
    "Arthroplasty transfusion",
    "Fusion surgery",
]


def test_ranking_learns_and_says_from_what() -> None:
    taught = learn([(title, True) for title in HAIR] + [(title, False) for title in HIP])
    assert taught is not None
    ((more, why),) = taught.points(Study("Alopecia of the scalp"))
    ((less, _),) = taught.points(Study("Bleeding in arthroplasty"))
    assert 0 < more <= MOST
    assert -MOST <= less < 0
    assert why.startswith("like what was accepted in 10 decisions (")
    assert "alopecia" in why
    assert taught.points(Study("Quite another thing")) == []


def test_few_decisions_teach_nothing() -> None:
    assert learn([]) is None
    assert learn([("a title", True)] * 20) is None
