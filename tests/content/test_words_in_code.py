"""What a rule of the check needs to know by name stands in field.yaml, is there, and is no word of the code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kb.knowledge import KnowledgeBase
from kb.questions.precheck import Precheck
from tests import whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return whole.base()


def test_every_term_that_the_check_needs_is_named_and_there(base: KnowledgeBase) -> None:
    named = base.formulary.field.check.model_dump()
    assert all(named.values()), [name for name, slug in named.items() if slug is None]
    assert set(named.values()) <= {*base.terms, *base.subjects}


def test_no_term_of_the_check_is_named_in_the_code(base: KnowledgeBase) -> None:
    terms = {f'"{slug}"' for slug in base.formulary.field.check.model_dump().values() if "-" in slug}
    code = [*(ROOT / "kb" / "questions").rglob("*.py"), *(ROOT / "kb" / "exports" / "assets").glob("check*.js")]
    found = [f"{path.name}: {term}" for path in code for term in terms if term in path.read_text(encoding="utf-8")]
    assert found == []


def test_a_field_without_such_terms_still_gets_its_answers(base: KnowledgeBase) -> None:
    check = Precheck.of(base)
    bare = replace(check, known={})
    asked = {"ingredients": ["minoxidil"], "conditions": ["pregnancy"], "years": 12}
    whole, less = check.check(**asked), bare.check(**asked)
    assert {a.trigger for a in whole.alerts} - {a.trigger for a in less.alerts} == {base.formulary.field.check.child}
    assert less.alerts
