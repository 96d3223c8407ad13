"""Codes of the field for our closed vocabularies: well formed, each word's own, and beside the word in what is handed out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from kb.model import Finding, Reference, codes
from kb.model.appraisal import Domain, DomainJudgement, Judgement
from kb.model.codes import Code
from kb.model.derived import parsed
from kb.model.evidence import RatedDown
from kb.model.terms import Design, DownReason, Route

FORMS = {
    codes.EDQM: r"20\d{6}",
    codes.SEVCO: r"SEVCO:0[01]\d{3}",
    codes.CERTAINTY_TYPE: r"[A-Z][A-Za-z]+",
}
TABLES: list[Mapping[Any, Code]] = [codes.ROUTES, codes.DESIGNS, codes.DOMAINS, codes.JUDGEMENTS, codes.REASONS]


@pytest.mark.parametrize("table", TABLES)
def test_codes_are_well_formed_and_no_two_words_share_one(table: Mapping[StrEnum, Code]) -> None:
    for code in table.values():
        assert re.fullmatch(FORMS[code.system], code.code), code
        assert code.display
    assert len({code.code for code in table.values()}) == len(table)


def test_every_reason_has_a_code_and_what_no_code_means_has_none() -> None:
    assert set(codes.REASONS) == set(DownReason)
    assert codes.of_route(Route.ANY) is codes.of_route(Route.NOT_STATED) is None
    assert Judgement.SOME_CONCERNS not in codes.JUDGEMENTS
    assert Design.NARRATIVE_REVIEW not in codes.DESIGNS


@pytest.mark.parametrize(
    ("route", "code"),
    [
        ("intradermal", "20030000"),
        ("oral", "20053000"),
        ("topical", "20003000"),
        ("microneedling", "20003000"),  # what is needled in is put on the skin; the technique stands beside it
        ("electroporation", "20003000"),
        ("any", None),
    ],
)
def test_a_finding_hands_out_the_code_of_its_route(route: str, code: str | None) -> None:
    finding = Finding.model_validate(
        {"id": "x", "reference": "a2020", "relation": "treats", "object": "y", "direction": "supports", "route": route}
        | {"basis": "abstract", "seen_at": "here", "summary": "So."}
    )
    assert parsed(finding).get("route_code") == code


def test_papers_reasons_and_domains_hand_out_their_codes() -> None:
    paper = {"key": "a2020", "type": "article", "title": "On x", "seen_at": ["here"]}
    assert parsed(Reference.model_validate(paper | {"design": "rct"})) == {"design_code": "SEVCO:01003"}
    assert parsed(Reference.model_validate(paper | {"design": "label"})) == {}
    assert parsed(RatedDown(reason=DownReason.IMPRECISION, levels=1, why="Few.")) == {"reason_code": "Imprecision"}
    unclear = DomainJudgement(domain=Domain.RANDOMISATION, judgement=Judgement.UNCLEAR, why="Not told.")
    assert parsed(unclear) == {"domain_code": "SEVCO:00032", "judgement_code": "SEVCO:00192"}
    some = DomainJudgement(domain=Domain.SEARCH, judgement=Judgement.SOME_CONCERNS, why="One database.")
    assert parsed(some) == {}
