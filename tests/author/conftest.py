"""A small formulary in a git repository of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kb.author.session import Session
from kb.author.target import Target
from kb.author.workbench import Workbench

MINOXIDIL = """\
# yaml-language-server: $schema=../../schema/ingredient.json
id: minoxidil
name: Minoxidil
kind: drug # a comment an author wrote
role:
  value: principal
  why: Given for its own effect on hair.
findings:
  - id: moftah2013-minoxidil-hair-loss
    reference: moftah2013
    relation: treats
    object: hair-loss
    direction: supports
    route: topical
    n: 60 # counted in table 1
    arms:
      - name: minoxidil
        n: 30
      - name: placebo
        n: 30
    outcomes:
      - measure: regrowth
        arm: minoxidil
        role: intervention
        events: 20
        n: 30
      - measure: regrowth
        arm: placebo
        role: placebo
        events: 8
        n: 30
    basis: abstract
    seen_at: https://example.org/page
    summary: More people regrew hair with minoxidil than without it in this trial.
    limitations: Small.
assessments:
  - id: minoxidil-topical-hair-loss
    object: hair-loss
    route: topical
    findings:
      - moftah2013-minoxidil-hair-loss
    starts: high
    down:
      - reason: imprecision
        levels: 1
        why: One small trial.
    certainty: moderate
    direction: supports
    bottom_line: More people regrew hair with topical minoxidil than with placebo in one trial.
    would_change: A larger trial.
cautions:
  - id: minoxidil-pregnancy
    trigger: pregnancy
    severity: avoid
    action: Do not use.
    why: Not studied in pregnancy.
    references:
      - moftah2013
    strength: A label alone.
review:
  last: 2026-11-22
  by: editorial team
  due: 2027-11-22
"""

BIOTIN = """\
# yaml-language-server: $schema=../../schema/ingredient.json
id: biotin
name: Biotin
kind: vitamin
role:
  value: complementary
  why: Added to mixtures.
evidence_note: No controlled evidence.
review:
  last: 2026-11-22
  by: editorial team
  due: 2027-11-22
"""

MICRONEEDLING = """\
# yaml-language-server: $schema=../../schema/technique.json
id: microneedling
name: Microneedling
evidence_note: No controlled evidence.
nothing_found:
  - fact: pregnancy
    why: Made up for the tests.
    looked:
      - a page that is made up
  - fact: breastfeeding
    why: Made up for the tests.
    looked:
      - a page that is made up
review:
  last: 2026-11-22
  by: editorial team
  due: 2027-11-22
"""

CLAIMS = """\
# yaml-language-server: $schema=../../schema/claim-page.json
id: 001_page
title: A popular page
claims:
  - id: c001-001
    says: Minoxidil brings hair back.
    topic: indication
    subject: minoxidil
    relation: treats
    object: hair-loss
    verdict: supported
    why: One small trial found so, and nobody has repeated it.
    findings:
      - moftah2013-minoxidil-hair-loss
"""

VOCABULARIES = {
    "indications": "terms:\n  - id: hair-loss\n    name: Hair loss\n    synonyms:\n      - Alopecia\n    lay_terms:\n      - going bald\n",
    "adverse-effects": "terms:\n  - id: itching\n    name: Itching\n",
    "conditions": "terms:\n  - id: pregnancy\n    name: Pregnancy\n  - id: breastfeeding\n    name: Breastfeeding\n",
    "substances": "terms:\n  - id: aspirin\n    name: Aspirin\n",
    "topics": "terms:\n  - id: mode-of-action\n    name: Mode of action\n",
    "jurisdictions": "terms:\n  - id: united-states\n    name: United States\n",
}

REFERENCES = """\
@article{moftah2013,
  author = {Moftah, N},
  title = {Topical minoxidil in hair loss},
  journal = {J Test},
  year = {2013},
  doi = {10.1111/jdv.14624},
  design = {rct},
  seenat = {https://example.org/page},
  verifiedon = {2026-11-01},
}

@article{olsen2002,
  author = {Olsen, E},
  title = {Minoxidil in men},
  journal = {J Test},
  year = {2002},
  pmid = {12100037},
  design = {rct},
  seenat = {https://example.org/olsen},
  verifiedon = {2026-11-01},
}
"""

RELEASE = """\
# yaml-language-server: $schema=../schema/release.json
version: 0.1.0
date: 2026-11-22
notes: First release.
"""

PROJECT = Path(__file__).resolve().parents[2]


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A Tester", "-c", "user.email=tester@example.org", *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def committed(root: Path) -> Path:
    """The formulary in a repository of its own, with one commit."""
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "formulary", "references.bib")
    git(root, "commit", "-q", "-m", "First state")
    return root


def write_formulary(root: Path) -> None:
    """The small formulary, without git."""
    for folder in ("ingredients", "techniques", "claims", "vocabulary"):
        (root / "formulary" / folder).mkdir(parents=True)
    formulary = root / "formulary"
    (formulary / "ingredients" / "minoxidil.yaml").write_text(MINOXIDIL, encoding="utf-8")
    (formulary / "ingredients" / "biotin.yaml").write_text(BIOTIN, encoding="utf-8")
    (formulary / "techniques" / "microneedling.yaml").write_text(MICRONEEDLING, encoding="utf-8")
    (formulary / "claims" / "001_page.yaml").write_text(CLAIMS, encoding="utf-8")
    (formulary / "release.yaml").write_text(RELEASE, encoding="utf-8")
    for name, text in VOCABULARIES.items():
        (formulary / "vocabulary" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (root / "references.bib").write_text(REFERENCES, encoding="utf-8")
    (root / "validation").mkdir()
    (root / "validation" / "suites").symlink_to(PROJECT / "validation" / "suites")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The formulary in a folder that is no repository."""
    write_formulary(tmp_path)
    return tmp_path


@pytest.fixture
def root(bare: Path) -> Path:
    """The formulary in a git repository with one commit."""
    return committed(bare)


@pytest.fixture
def bench(root: Path) -> Workbench:
    return Workbench(root)


FINDING = Target("finding", "formulary/ingredients/minoxidil.yaml", "moftah2013-minoxidil-hair-loss")
CAUTION = Target("caution", "formulary/ingredients/minoxidil.yaml", "minoxidil-pregnancy")
ASSESSMENT = Target("assessment", "formulary/ingredients/minoxidil.yaml", "minoxidil-topical-hair-loss")
SUBJECT = Target.of_subject("ingredient", "minoxidil")
CLAIM = Target("claim", "formulary/claims/001_page.yaml", "c001-001")


def open_as(bench: Workbench, target: Target, who: str = "Ada", why: str = "Correct it") -> Session:
    session = Session.open(bench, target, who)
    session.message = why
    return session
