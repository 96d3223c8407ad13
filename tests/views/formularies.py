"""Small formularies written to disk and built into a snapshot: a plain one and one whose every text is hostile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from kb.compile import build
from kb.snapshot import Snapshot, open_snapshot

Text = Callable[[str], str]

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{191*7}}{% if 1 %}",
    "</title></svg><svg/onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "W" * 400,
)
MARKER = "kbattack"


def plain(text: str) -> str:
    return text


def hostile(text: str) -> str:
    """The text wrapped in everything that ever became markup somewhere."""
    return f"{text} {MARKER} {' '.join(ATTACKS)}"


def built(root: Path, text: Text = plain) -> Snapshot:
    """A snapshot of the formulary below `root`, its free texts passed through `text`."""
    write(root, text)
    return open_snapshot(build(root))


def write(root: Path, text: Text) -> None:
    folder = root / "formulary"
    save(folder / "ingredients" / "alphanol.yaml", alphanol(text))
    save(folder / "ingredients" / "betanol.yaml", betanol(text))
    save(folder / "techniques" / "needling.yaml", needling(text))
    for name, terms in vocabularies(text).items():
        save(folder / "vocabulary" / f"{name}.yaml", {"terms": terms})
    save(folder / "protocols.yaml", {"protocols": protocols(text)})
    save(folder / "claims" / "page-one.yaml", page("page-one", text, "claim-one", ["claim-two"]))
    save(folder / "claims" / "page-two.yaml", page("page-two", text, "claim-two", ["claim-one"]))
    save(folder / "corrections.yaml", {"corrections": [correction(text)]})
    notes = text("1 new caution.") + "\n\n## Cautions: 1 new\n\n- " + text("new: Alphanol and aspirin") + "\n"
    save(folder / "release.yaml", {"version": "0.2.0", "date": "2026-01-02", "notes": notes})
    save(folder / "field.yaml", field(text))
    save(folder / "left-out.yaml", {"left_out": [left_out(text)]})
    (root / "references.bib").write_text("\n".join(reference(key, text) for key in KEYS), encoding="utf-8")


def save(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100_000), encoding="utf-8")


def field(text: Text) -> dict[str, object]:
    return {
        "id": "test-kb",
        "name": text("Test knowledge base"),
        "short_name": text("Test KB"),
        "subject": text("testing"),
        "creator": text("The testers"),
        "shelves": [{"id": "hair", "title": "Hair", "indications": ["thin-hair"]}],
        "starts": ["alphanol"],
        "questions": [{"a": "alphanol", "b": "thin-hair"}],
    }


REVIEW = {"last": "2026-01-02", "by": "editorial team", "due": "2027-01-02"}
KEYS = ("adams2001", "brown2002", "clark2003")


def reference(key: str, text: Text) -> str:
    # Braces and backslashes belong to BibTeX itself, so the template attack is told in the YAML only.
    title = text(f"A trial by {key}").replace("{", "(").replace("}", ")").replace("%", "percent")
    return (
        f"@article{{{key},\n  author = {{{key[:-4].title()}, Ann}},\n  title = {{{title}}},\n"
        f"  journal = {{Journal of Tests}},\n  year = {{{key[-4:]}}},\n  doi = {{10.1000/{key}}},\n  design = {{rct}},\n"
        f"  seenat = {{https://example.org/{key}}},\n  verifiedon = {{2026-01-02}},\n}}\n"
    )


def finding(id_: str, key: str, relation: str, target: str, text: Text, **more: object) -> dict[str, object]:
    return {
        "id": id_,
        "reference": key,
        "relation": relation,
        "object": target,
        "direction": "supports",
        "route": "intradermal",
        **more,
        "basis": "abstract",
        "seen_at": f"https://example.org/{key}",
        "summary": text(f"What {id_} found"),
    }


def arms(text: Text, events: tuple[int, int], n: int) -> list[dict[str, object]]:
    names = ("alphanol", "placebo")
    return [
        {
            "measure": text("people improved"),
            "kind": "percent",
            "concept": "people-improved",
            "better": "higher",
            "arm": arm,
            "role": "placebo" if arm == "placebo" else "intervention",
            "events": x,
            "n": n,
            "at": text("12 weeks"),
        }
        for arm, x in zip(names, events, strict=True)
    ]


def alphanol(text: Text) -> dict[str, object]:
    effects = [
        {
            "measure": text("response"),
            "kind": "risk-ratio",
            "better": "higher",
            "arm": "alphanol vs placebo",
            "role": "intervention",
            "against": "placebo",
            "value": value,
            "interval": {"low": low, "high": high},
            "p": "<0.001",
        }
        for value, low, high in ((2.5, 1.5, 4.2), (1.2, 0.8, 1.9))
    ]
    shared = {"comparator": "placebo", "dose": text("1% solution"), "sessions": 4, "interval_weeks": 2}
    return {
        "id": "alphanol",
        "name": text("Alphanol"),
        "synonyms": [text("Alpha")],
        "brands": [text("Alphabrand")],
        "kind": "drug",
        "role": {"value": "principal", "why": text("Given for its own effect.")},
        "summary": text("An invented ingredient."),
        "mechanism": {"summary": text("Not known."), "references": ["adams2001"]},
        "findings": [
            finding(
                "adams2001-alphanol-thin-hair",
                "adams2001",
                "treats",
                "thin-hair",
                text,
                n=100,
                follow_up_weeks=12,
                population=text("adults"),
                limitations=text("Small."),
                doubt=text("One doubt."),
                arms=[{"name": text("alphanol"), "n": 50}, {"name": "placebo", "n": 50}],
                outcomes=[*arms(text, (30, 10), 50), *effects],
                **shared,
            ),
            finding(
                "brown2002-alphanol-thin-hair",
                "brown2002",
                "treats",
                "thin-hair",
                text,
                n=80,
                outcomes=arms(text, (24, 12), 40),
                **shared,
            ),
            finding(
                "brown2002-alphanol-bruising",
                "brown2002",
                "causes",
                "bruising",
                text,
                frequency={"events": 6, "n": 40, "arm": "alphanol"},
            ),
            finding("clark2003-alphanol-pregnancy", "clark2003", "contraindicated-in", "pregnancy", text),
        ],
        "assessments": [
            {
                "id": "alphanol-intradermal-thin-hair",
                "object": "thin-hair",
                "route": "intradermal",
                "findings": ["adams2001-alphanol-thin-hair", "brown2002-alphanol-thin-hair"],
                "starts": "high",
                "down": [{"reason": "imprecision", "levels": 2, "why": text("Few people.")}],
                "certainty": "low",
                "direction": "supports",
                "bottom_line": text("It may thicken thin hair."),
                "would_change": text("A larger trial."),
            }
        ],
        "cautions": [
            {
                "id": f"alphanol-{trigger}",
                "trigger": trigger,
                "severity": severity,
                "action": text(f"What to do about {trigger}."),
                "why": text("Because of one report."),
                "window": {"before_days": 7, "after_days": 2},
                "evidence_for": ["clark2003-alphanol-pregnancy"],
                "strength": text("One label."),
            }
            for trigger, severity in (("aspirin", "inform"), ("pregnancy", "contraindicated"))
        ],
        "regulatory": [
            {
                "jurisdiction": "atlantis",
                "status": "off-label",
                "route": "intradermal",
                "use": text("thin hair"),
                "as_of": "2025",
                "references": ["clark2003"],
                "note": text("A note."),
            }
        ],
        "mixing": [{"other": "betanol", "compatibility": "no-data-found", "summary": text("Nobody tested it.")}],
        "review": REVIEW,
    }


def betanol(text: Text) -> dict[str, object]:
    return {
        "id": "betanol",
        "name": text("Betanol"),
        "kind": "vehicle",
        "role": {"value": "complementary", "why": text("It carries.")},
        "evidence_note": text("No controlled evidence found."),
        "review": REVIEW,
    }


def needling(text: Text) -> dict[str, object]:
    return {
        "id": "needling",
        "name": text("Needling"),
        "profile": {"depth": {"value": text("1 mm"), "references": ["adams2001"]}},
        "review": REVIEW,
    }


def vocabularies(text: Text) -> dict[str, list[dict[str, object]]]:
    return {
        "indications": [
            {"id": "thin-hair", "name": text("Thin hair"), "group": "hair", "definition": text("Hair that is thin.")},
            {"id": "thin-brow", "name": text("Thin brow"), "parents": ["thin-hair"]},
        ],
        "adverse-effects": [
            {"id": "bruising", "name": text("Bruising"), "group": "vascular"},
            {"id": "blindness", "name": text("Blindness"), "group": "vascular", "serious": True},
        ],
        "conditions": [{"id": "pregnancy", "name": text("Pregnancy"), "lay_terms": [text("expecting")]}],
        "substances": [{"id": "aspirin", "name": text("Aspirin")}],
        "topics": [{"id": "history", "name": text("History")}],
        "jurisdictions": [{"id": "atlantis", "name": text("Atlantis")}],
    }


def protocols(text: Text) -> list[dict[str, object]]:
    def of(id_: str) -> dict[str, object]:
        return {"id": id_, "technique": "needling", "ingredients": ["alphanol"], "indication": "thin-hair"}

    return [
        {
            **of("alphanol-trial"), "says": "trial", "reference": "adams2001",
            "sessions": text("4"), "interval": text("2 weeks"), "summary": text("Four sessions."),
        },
        {**of("alphanol-page"), "says": "popular-page", "page": "page-one", "summary": text("Ten sessions.")},
    ]  # fmt: skip


def page(id_: str, text: Text, claim: str, contradicts: list[str]) -> dict[str, object]:
    return {
        "id": id_,
        "title": text(f"Title of {id_}"),
        "claims": [
            {
                "id": claim,
                "says": text(f"What {claim} says."),
                "topic": "indication",
                "subject": "alphanol",
                "relation": "treats",
                "object": "thin-hair",
                "verdict": "partly supported" if claim == "claim-one" else "contradicted",
                "why": text("Two small trials."),
                "references": ["adams2001"],
                "contradicts": contradicts,
            }
        ],
    }


def correction(text: Text) -> dict[str, object]:
    return {
        "id": "a-correction",
        "found_on": "2026-01-02",
        "where": text("a headline"),
        "wrong": text("It said 50."),
        "right": text("It is 5."),
        "seen_at": "javascript:alert(1)",
        "references": ["adams2001"],
    }


def left_out(text: Text) -> dict[str, object]:
    return {
        "source": "a-source",
        "reference": "dove2004",
        "subject": "alphanol",
        "relation": "treats",
        "object": "thin-hair",
        "reason": text("Told twice."),
    }
