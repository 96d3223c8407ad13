"""Words as people type them lead to the right thing, and members of a class reach it: read from names.yaml beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.search import Index
from tests import whole

HERE = Path(__file__).resolve().parent
NAMES: dict[str, Any] = whole.table(HERE / "names.yaml")
WORDS = [
    (word, [ids] if isinstance(ids, str) else ids)
    for group, words in NAMES.items()
    if group not in {"members", "unalike"}
    for word, ids in words.items()
]
MEMBERS = [(member, broad) for broad, members in NAMES["members"].items() for member in members]


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return whole.base()


@pytest.fixture(scope="module")
def index(shipped: KnowledgeBase) -> Index:
    return Index.of(shipped)


@pytest.mark.parametrize(("word", "ids"), WORDS, ids=[word for word, _ in WORDS])
def test_a_word_means_what_people_mean_by_it(index: Index, word: str, ids: list[str]) -> None:
    assert set(ids) <= set(index.named(word))
    assert index.search(word)[0].id in index.named(word)


@pytest.mark.parametrize(("member", "broad"), MEMBERS)
def test_a_member_reaches_its_class(shipped: KnowledgeBase, member: str, broad: str) -> None:
    reached, queue = {member}, [member]
    while queue:
        for parent in shipped.substances[queue.pop()].parents:
            if parent not in reached:
                reached.add(parent)
                queue.append(parent)
    assert broad in reached


@pytest.mark.parametrize("word", NAMES["unalike"])
def test_a_word_without_a_record_finds_nothing_that_only_looks_alike(index: Index, word: str) -> None:
    found = [hit for hit in index.search(word) if hit.kind not in {"reference", "claim"}]
    assert [hit.id for hit in found if hit.kind in {"substance", "ingredient"} or not hit.alike] == []
