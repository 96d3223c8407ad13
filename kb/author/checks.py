"""What is wrong with an unsaved record, each problem at its field, by the same validators that check the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kb.appraisal import rules
from kb.author.target import Target
from kb.author.workbench import Workbench
from kb.diff.fields import dotted
from kb.formulary import check
from kb.formulary.yamltext import Document, Path_
from kb.knowledge import KnowledgeBase
from kb.model import Assessment, Finding
from kb.model.terms import ArmRole, Design
from kb.problems import Problem

SCHEMA, LINK, ADVICE = "schema", "link", "advice"


@dataclass(frozen=True)
class FieldProblem:
    """One problem at one field of the record; the path is empty when the record as a whole is meant.

    `blocks` tells what it keeps the record from: `schema` cannot be saved, `link` can be saved but not released,
    `advice` is for the author to weigh.
    """

    path: Path_
    message: str
    cure: str
    blocks: str

    @property
    def field(self) -> str:
        return dotted(self.path)

    def __str__(self) -> str:
        return f"{self.field + ': ' if self.path else ''}{self.message}; {self.cure}"


def problems(bench: Workbench, target: Target, document: Any, values: Mapping[str, Any]) -> list[FieldProblem]:
    """Everything known against `values` as the record `target` of a file that holds `document` otherwise.

    `values` are clean (see `kb.author.typed`). The checks that need Great Expectations are in `kb.author.expectations`.
    """
    placed = target if target.id else Target(target.kind, target.file, str(values.get("id", "")))
    whole = placed.put(document, values)
    path = placed.path(whole)
    if path is None:  # a record without an id stands last
        path = (target.list, len(whole.get(target.list, [])) - 1)
    base, made, found = bench.with_file(target, whole)
    told = [*_own(made, path, placed, found, SCHEMA), *_nameless(placed, values)]
    if base is None:
        return told or [FieldProblem((), *_elsewhere(found), SCHEMA)]
    links = [p for p in check(base.formulary, base.references) if p.file == target.file]
    told += _own(made, path, placed, links, LINK)
    told += _advice(base, placed)
    return told


def _own(document: Document, at: Path_, target: Target, found: list[Problem], blocks: str) -> Iterator[FieldProblem]:
    """Those problems of the file that concern the record at `at`, with paths that start at the record."""
    paths = {number: path for path, number in document.lines.items()}
    for problem in found:
        place = paths.get(problem.line, ())
        if blocks == LINK:
            place = _field_path(document, place, problem.field)
        elif dotted(place) != problem.field:
            place = _missing(place, problem.field)
        if place[: len(at)] != at:
            continue
        inside = place[len(at) :]
        if inside and inside[0] in target.apart:
            continue
        if inside and problem.message == f"`{inside[-1]}` is missing":
            yield FieldProblem(inside, "is missing", "fill it in", blocks)
            continue
        yield FieldProblem(inside, problem.message, problem.cure, blocks)


def _nameless(target: Target, values: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """A figure of the other side that does not say of what: a reader would take it for any comparison."""
    if target.kind != "finding":
        return
    others = {role.value for role in ArmRole if role.compared_with}
    for place, row in enumerate(values.get("outcomes") or []):
        if isinstance(row, Mapping) and not row.get("arm") and {row.get("role"), row.get("against")} & others:
            cure = "name what it was compared with, under Arms and here"
            yield FieldProblem(("outcomes", place, "arm"), "is missing", cure, SCHEMA)


def _field_path(document: Document, record: Path_, field: str) -> Path_:
    """A link problem names its field from the record on: `mechanism.references`."""
    path = record
    for name in field.split("."):
        path = (*path, name)
    return path


def _missing(place: Path_, field: str) -> Path_:
    """A field that is missing has no number of its own: its problem stands at the nearest part that has one."""
    rest = field.removeprefix(dotted(place)).lstrip(".")
    return (*place, rest) if rest and "." not in rest and "[" not in rest else place


def _elsewhere(found: list[Problem]) -> tuple[str, str]:
    first = found[0]
    return f"another record of {first.file} cannot be read ({first.field}: {first.message})", first.cure


def _advice(base: KnowledgeBase, target: Target) -> Iterator[FieldProblem]:
    if target.kind == "finding":
        record = base.findings.get(target.id)
        if record is not None:
            yield from _of_finding(record, base.design_of(record))
    if target.kind == "assessment":
        assessment = base.assessments.get(target.id)
        if assessment is not None:
            yield from _of_assessment(base, assessment)
    if target.kind == "caution":
        caution = base.cautions.get(target.id)
        if caution is not None and (message := rules.act_fits(caution)):
            yield FieldProblem(("act",), message, "change the severity or the code", LINK)


def _of_finding(finding: Finding, design: Design | None) -> Iterator[FieldProblem]:
    if design is Design.NOT_STATED:
        said = f"the design of {finding.reference} is not stated, and readers see it so"
        cure = "choose it when the reference is brought in, or give its `design` in references.bib"
        yield FieldProblem(("reference",), said, cure, ADVICE)
    if message := rules.direction(finding, design):
        yield FieldProblem(("direction",), message, "choose another direction, or say in the limitations why", ADVICE)
    if message := rules.arms_add_up(finding):
        yield FieldProblem(
            ("n",), message, "compare both with the paper (people treated on both sides count once)", ADVICE
        )
    for place, outcome in enumerate(finding.outcomes):
        for message in filter(None, (rules.value_in_interval(outcome), rules.percent_agrees(outcome))):
            yield FieldProblem(("outcomes", place, "value"), message, "compare with the paper", ADVICE)
        if message := rules.arm_known(finding, outcome):
            yield FieldProblem(("outcomes", place, "arm"), message, "use the name of an arm", ADVICE)


def _of_assessment(base: KnowledgeBase, assessment: Assessment) -> Iterator[FieldProblem]:
    if message := rules.certainty_follows(assessment):
        yield FieldProblem(("certainty",), message, "mend the reasons; the certainty follows from them", LINK)
    if message := rules.starts(assessment, base.designs(assessment)):
        cure = "start high with randomised trials, low without; reviews alone may start at either"
        yield FieldProblem(("starts",), message, cure, LINK)
    if message := rules.up_only_from_low(assessment):
        yield FieldProblem(("up",), message, "only evidence that started low is rated up", LINK)
    directions = [base.findings[f].direction for f in assessment.findings if f in base.findings]
    if message := rules.direction_held(assessment, directions):
        yield FieldProblem(("direction",), message, "choose another direction, or name the finding that shows it", LINK)
