"""2 to 3: *mixed* told apart into *outcomes differ*, *studies disagree* and *neither shown better*.

What is decided is decided by codes and figures: the design of the paper, what the figures compare, and whether an interval or
a p value tells the two sides apart. It is a proposal, to be read with `git diff`: a curator who has read the paper knows better.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kb import bibliography
from kb.appraisal.effects import contrasts, significant
from kb.atomic import write_text
from kb.formulary import Formulary
from kb.formulary.read import MIXED
from kb.formulary.write import dump, load
from kb.model import Finding, Reference
from kb.model.terms import ArmRole, Design, Direction, Relation

_OF_SEVERAL = {
    Design.META_ANALYSIS,
    Design.SYSTEMATIC_REVIEW,
    Design.NARRATIVE_REVIEW,
    Design.GUIDELINE,
    Design.CONSENSUS,
}
"""Papers that tell of several studies."""


def split(root: Path) -> list[str]:
    """Tell *mixed* apart in every record under `root`; the files changed, relative to the root. Twice changes nothing."""
    old = {
        path: load(text)
        for path in sorted((root / "formulary").rglob("*.yaml"))
        if f"direction: {MIXED}" in (text := path.read_text(encoding="utf-8"))
    }
    if not old:
        return []
    references, _ = bibliography.read(root / "references.bib", root) if (root / "references.bib").exists() else ({}, [])
    for document in old.values():
        for finding in document.get("findings") or []:
            if finding.get("direction") == MIXED:
                finding["direction"] = _proposed(finding, references).value
    told = _told(root, old) if any(_divided(document) for document in old.values()) else {}
    for document in old.values():
        for assessment in _divided(document):
            held = [told[f] for f in assessment.get("findings") or [] if f in told]
            assessment["direction"] = of_assessment(held).value
    for path, document in old.items():
        write_text(path, dump(document))
    return [path.relative_to(root).as_posix() for path in old]


def complete(formulary: Formulary, references: Mapping[str, Reference]) -> None:
    """The same for records of an older form that are read already: those the reader found *mixed*."""
    findings = {f.id: f for s in formulary.subjects for f in s.findings}
    for finding in findings.values():
        if finding.id in formulary.mixed:
            finding.direction = of_finding(finding, _design(finding.reference, references))
    for subject in formulary.subjects:
        for assessment in subject.assessments:
            if assessment.id in formulary.mixed:
                held = [findings[f].direction for f in assessment.findings if f in findings]
                assessment.direction = of_assessment(held)


def of_finding(finding: Finding, design: Design | None) -> Direction:
    """How a finding points neither way: two treatments that nothing tells apart, studies that disagree, or outcomes that differ."""
    compared = finding.relation is Relation.COMPARED_WITH or any(o.against is ArmRole.ACTIVE for o in finding.outcomes)
    if (
        compared
        and not any(c.clear for c in contrasts(finding))
        and not any(significant(o.p) for o in finding.outcomes)
    ):
        return Direction.NEITHER_BETTER
    return Direction.STUDIES_DISAGREE if design in _OF_SEVERAL else Direction.OUTCOMES_DIFFER


def of_assessment(directions: Collection[Direction]) -> Direction:
    """The one way in which its findings are divided; *studies disagree* where they are of several minds."""
    found = set(directions)
    if len(found) == 1 and (only := next(iter(found))).divided:
        return only
    return Direction.STUDIES_DISAGREE if len(found) > 1 else Direction.OUTCOMES_DIFFER


def _proposed(finding: Mapping[str, Any], references: Mapping[str, Reference]) -> Direction:
    design = _design(str(finding.get("reference")), references)
    try:
        return of_finding(Finding.model_validate({**finding, "direction": Direction.OUTCOMES_DIFFER}), design)
    except ValidationError:  # it is told of elsewhere, with file and line
        return Direction.STUDIES_DISAGREE if design in _OF_SEVERAL else Direction.OUTCOMES_DIFFER


def _design(reference: str, references: Mapping[str, Reference]) -> Design | None:
    return references[reference].design if reference in references else None


def _divided(document: Mapping[str, Any]) -> list[Any]:
    return [a for a in document.get("assessments") or [] if a.get("direction") == MIXED]


def _told(root: Path, changed: Mapping[Path, Any]) -> dict[str, Direction]:
    """Id of every finding under `root` to its direction."""
    found = {}
    for path in sorted((root / "formulary").rglob("*.yaml")):
        document = changed.get(path) or load(path.read_text(encoding="utf-8"))
        for finding in (document.get("findings") or []) if isinstance(document, Mapping) else []:
            if finding.get("direction") in set(Direction):
                found[str(finding.get("id"))] = Direction(finding["direction"])
    return found
