"""The first values of new records: ids that nobody has, and what follows from the question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from kb.author.target import Target
from kb.knowledge import KnowledgeBase
from kb.model import Subject, Term

FOLDERS = ("ingredients", "techniques", "exposures")
LISTS = ("findings", "assessments", "cautions", "claims", "protocols")
"""Lists of a file whose entries are records with ids."""


def slug(text: str) -> str:
    """`Coenzyme Q10 (Ubidecarenone)` -> `coenzyme-q10-ubidecarenone`"""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:120]


def named(base: KnowledgeBase, word: str, terms: bool = False) -> list[str]:
    """Ids of the subjects (with `terms` also of the vocabulary) that bear a name, synonym or brand, such as `Vitamin H`."""
    wanted = word.strip().casefold()
    things: list[Subject | Term] = [*base.subjects.values()]
    if terms:
        things += [term for vocabulary in base.formulary.vocabularies.values() for term in vocabulary.values()]
    found = [
        one.id
        for one in things
        if wanted in {name.casefold() for name in (one.name, *one.synonyms, *getattr(one, "brands", []))}
    ]
    return list(dict.fromkeys(found))


def free(wanted: str, taken: Iterable[str]) -> str:
    """The id itself, or with -2, -3 ... when it is taken."""
    known = set(taken)
    number, found = 2, wanted
    while found in known:
        found, number = f"{wanted}-{number}", number + 1
    return found


def file_of(base: KnowledgeBase, subject: str) -> str:
    """The file of a subject. Raises KeyError for an id that has none."""
    for folder in FOLDERS:
        if subject in getattr(base, folder):
            return f"formulary/{folder}/{subject}.yaml"
    raise KeyError(subject)


def part_of(base: KnowledgeBase, subject: str, name: str) -> str:
    """A file in the subject's folder, where records added by several people do not meet. Raises KeyError as `file_of`."""
    return f"{file_of(base, subject).removesuffix('.yaml')}/{name}.yaml"


def finding(
    base: KnowledgeBase, reference: str, subject: str, relation: str, object_: str
) -> tuple[Target, dict[str, Any]]:
    """A new finding. Raises KeyError for an unknown subject."""
    record_id = free(slug(f"{reference}-{subject}-{object_}"), base.findings)
    paper = base.references.get(reference)
    pages = [p for p in (paper.seen_at if paper else []) if p.startswith("http")] or list(
        paper.links.values() if paper else []
    )
    values = {"id": record_id, "reference": reference, "relation": relation, "object": object_}
    if pages:
        values["seen_at"] = pages[0].split(" ")[0]  # `https://... (file export.nbib)` says where it came from as well
    return Target("finding", part_of(base, subject, slug(reference))), {k: v for k, v in values.items() if v}


def assessment(
    base: KnowledgeBase, subject: str, object_: str, route: str, technique: str = ""
) -> tuple[Target, dict[str, Any]]:
    """A new assessment with the findings on its question and the level these start at."""
    from kb.appraisal import starting_level
    from kb.author.weighing import with_certainty

    about = [
        f
        for f in base.subjects[subject].findings
        if f.object == object_ and f.relation.value == "treats" and (route == "any" or f.route.value == route)
    ]
    designs = [base.references[f.reference].design for f in about if f.reference in base.references]
    values = {
        "id": free(slug(f"{subject}-{technique or route}-{object_}"), base.assessments),
        "object": object_,
        "route": route,
        "technique": technique,
        "findings": [f.id for f in about],
        "starts": starting_level(designs).value if designs else "",
    }
    return Target("assessment", part_of(base, subject, f"assessment-{values['id']}")), with_certainty(
        {k: v for k, v in values.items() if v}
    )


def caution(base: KnowledgeBase, subject: str, trigger: str) -> tuple[Target, dict[str, Any]]:
    values = {"id": free(slug(f"{subject}-{trigger}"), base.cautions), "trigger": trigger}
    return Target("caution", part_of(base, subject, f"caution-{values['id']}")), values


def subject(
    base: KnowledgeBase, kind: str, name: str, by: str = "", today: date | None = None
) -> tuple[Target, dict[str, Any]]:
    """A new ingredient or technique; its review is due in a year."""
    today = today or date.today()
    record_id = slug(name)
    values: dict[str, Any] = {
        "id": record_id,
        "name": name,
        "review": {"last": today.isoformat(), "by": by, "due": (today + timedelta(days=365)).isoformat()},
    }
    return Target(kind, f"formulary/{kind}s/{record_id or 'new'}.yaml"), values


def claim(base: KnowledgeBase, page: str) -> tuple[Target, dict[str, Any]]:
    """The next claim of a page; ids count on from the page's last. Raises KeyError for an unknown page."""
    listed = [c.id for c in base.formulary.pages[page].claims]
    stem, _, last = (listed[-1] if listed else f"c{page[:3]}-000").rpartition("-")
    width, number = len(last), int(last) + 1 if last.isdigit() else 1
    record_id = f"{stem}-{number:0{width}d}"
    while record_id in base.claims:
        number += 1
        record_id = f"{stem}-{number:0{width}d}"
    place = base.formulary.pages[page].place
    file = place.file if place else f"formulary/claims/{page}.yaml"
    return Target("claim", file), {"id": record_id}


def target_of(base: KnowledgeBase, record: str) -> Target | None:
    """Where the record of this id stands; None for an id of no record that has a form."""
    for kind, folder in (("ingredient", "ingredients"), ("technique", "techniques"), ("exposure", "exposures")):
        if record in getattr(base, folder):
            return Target.of_subject(kind, record)
    for kind, known in (("finding", base.findings), ("assessment", base.assessments), ("caution", base.cautions)):
        if record in known:
            place = known[record].place
            return Target(kind, place.file if place else file_of(base, base.subject_of[record]), record)
    for page in base.formulary.pages.values():
        if page.place and any(c.id == record for c in page.claims):
            return Target("claim", page.place.file, record)
    return None
