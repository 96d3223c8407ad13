"""A search of the literature is a record: it is read, its links hold, and it adds up."""

from __future__ import annotations

from pathlib import Path

import pytest

import kb
from kb.problems import BadData
from tests.author.conftest import write_formulary

SEARCH = """searches:
  - id: biotin-hair-loss
    question: Does biotin by mouth thicken hair in people without deficiency?
    subjects: [biotin]
    objects: [hair-loss]
    date: 2026-11-29
    words: [biotin hair loss randomised, biotin placebo hair]
    places: [PubMed]
    looked_at: 5
    included: [{included}]
    excluded:
      - title: A trial of nails
        ident: "12345678"
        reason: nails, not hair
    reviews_count:
      - review: moftah2013
        counts: trials of biotin
        counted: {counted}
        seen_at: https://example.org/table/T1
        trials:
          - name: Adams 2001
            held: {held}
          - name: Brown 2002
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_formulary(tmp_path)
    (tmp_path / "formulary/searches").mkdir()
    return tmp_path


def write(root: Path, **given: object) -> Path:
    text = SEARCH.format(**{"included": "moftah2013", "counted": 3, "held": "moftah2013", **given})
    path = root / "formulary/searches/biotin.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_search_says_how_many_of_a_reviews_trials_are_held(root: Path) -> None:
    write(root)
    base = kb.load(root)
    search = base.searches["biotin-hair-loss"]
    assert [(c.counted, c.held) for c in search.reviews_count] == [(3, 1)]
    assert search.not_told == 3
    unread = search.reviews_count[0].model_copy(update={"trials": []})
    assert unread.held is None, "a list nobody could read must not look like a list of which nothing is held"
    row = base.table("searches").iloc[0]
    assert (row["looked_at"], row["included"], row["excluded"], row["counted"], row["held"]) == (5, 1, 1, 3, 1)


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"included": "nobody1999"}, "included", "not in references.bib"),
        ({"held": "nobody1999"}, "reviews_count.trials.held", "not in references.bib"),
        ({"counted": 1}, "searches[0].reviews_count[0]", "2 trials listed, 1 counted"),
    ],
)
def test_what_does_not_hold_is_told_with_its_place(root: Path, wrong: dict[str, object], field: str, says: str) -> None:
    write(root, **wrong)
    with pytest.raises(BadData) as told:
        kb.load(root)
    (problem,) = [p for p in told.value.problems if p.severity == "critical"]
    assert problem.file == "formulary/searches/biotin.yaml"
    assert says in problem.message and problem.field == field and problem.cure


def test_more_taken_than_looked_at_is_refused(root: Path) -> None:
    path = write(root)
    path.write_text(path.read_text().replace("looked_at: 5", "looked_at: 1"))
    with pytest.raises(BadData, match="2 included and excluded, only 1 looked at"):
        kb.load(root)


def test_what_was_left_out_may_stand_in_a_folder(root: Path) -> None:
    before = len(kb.load(root).formulary.left_out)
    folder = root / "formulary/left-out"
    folder.mkdir(exist_ok=True)
    (folder / "made-up.yaml").write_text(
        "left_out:\n  - source: a list\n    reference: Adams 2001\n    subject: biotin\n    relation: treats\n"
        "    object: hair-loss\n    reason: seen in a list of references only\n"
    )
    assert len(kb.load(root).formulary.left_out) == before + 1
