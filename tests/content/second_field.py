"""A base of another field, begun with `kb init` and filled with 20 invented subjects; no code knows of it."""

from __future__ import annotations

from pathlib import Path

import yaml
from click.testing import CliRunner

from kb.cli import main

NAME, SUBJECT = "Lamp repair knowledge base", "lamp repair"
REVIEW = {"last": "2026-01-02", "by": "editorial team", "due": "2027-01-02"}
INGREDIENTS, TECHNIQUES = 17, 3


def begin(root: Path) -> Path:
    """The folder of the base, with 17 ingredients, 3 techniques, their findings, assessments and cautions."""
    done = CliRunner().invoke(main, ["init", str(root), "--subject", SUBJECT, "--id", "lamp-kb"])
    assert done.exit_code == 0, done.output
    folder = root / "formulary"
    field = yaml.safe_load((folder / "field.yaml").read_text(encoding="utf-8"))
    field |= {
        "usual_technique": "method-1",
        "shelves": [{"id": "light", "title": "Light", "indications": ["flicker"]}],
        "comparisons": [{"title": "Two oils", "items": ["oil-1", "oil-2"]}],
        "starts": ["oil-1"],
        "questions": [{"a": "oil-1", "b": "flicker"}],
        "hints": {"ingredient": "Oil 1…", "technique": "Method 1…", "condition": "Rust…", "substance": "Paint…"},
    }
    _save(folder / "field.yaml", field)
    for name, terms in _VOCABULARIES.items():
        _save(folder / "vocabulary" / f"{name}.yaml", {"terms": terms})
    for number in range(1, INGREDIENTS + 1):
        _save(folder / "ingredients" / f"oil-{number}.yaml", _oil(number))
    for number in range(1, TECHNIQUES + 1):
        method = {"id": f"method-{number}", "name": f"Method {number}", "review": REVIEW}
        _save(folder / "techniques" / f"method-{number}.yaml", method)
    (root / "references.bib").write_text(_REFERENCE, encoding="utf-8")
    return root


_VOCABULARIES = {
    "indications": [{"id": "flicker", "name": "Flicker", "group": "light"}],
    "adverse-effects": [{"id": "smoke", "name": "Smoke"}],
    "conditions": [{"id": "rust", "name": "Rust"}],
    "substances": [{"id": "paint", "name": "Paint"}],
    "jurisdictions": [{"id": "atlantis", "name": "Atlantis"}],
}

_REFERENCE = """@article{adams2001,
  author = {Adams, Ann},
  title = {Oils for lamps: a trial},
  journal = {Journal of Lamps},
  year = {2001},
  doi = {10.1000/adams2001},
  design = {rct},
  seenat = {https://example.org/adams2001},
  verifiedon = {2026-01-02},
}
"""


def _oil(number: int) -> dict[str, object]:
    id_ = f"oil-{number}"
    shared = {
        "reference": "adams2001",
        "route": "topical",
        "basis": "abstract",
        "seen_at": "https://example.org/adams2001",
    }
    findings = [
        {"id": f"adams2001-{id_}-{target}", "relation": relation, "object": target, "direction": "supports", "n": 20 + number,
         "summary": f"What the trial of Oil {number} says of {target}.", **shared}
        for relation, target in (("treats", "flicker"), ("causes", "smoke"))
    ]  # fmt: skip
    assessment = {
        "id": f"{id_}-topical-flicker", "object": "flicker", "route": "topical", "findings": [f"adams2001-{id_}-flicker"],
        "starts": "high", "down": [{"reason": "imprecision", "levels": 2, "why": "Few lamps."}], "certainty": "low",
        "direction": "supports", "bottom_line": f"Oil {number} may steady a flame.", "would_change": "A larger trial.",
    }  # fmt: skip
    caution = {
        "id": f"{id_}-rust", "trigger": "rust", "severity": "avoid", "action": "Clean first.", "why": "The trial says so.",
        "references": ["adams2001"], "strength": "One trial.",
    }  # fmt: skip
    role = {"value": "principal", "why": "Given for its own effect."}
    return {
        "id": id_, "name": f"Oil {number}", "kind": "other", "role": role, "summary": "An invented oil.",
        "findings": findings, "assessments": [assessment], "cautions": [caution], "review": REVIEW,
    }  # fmt: skip


def _save(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
