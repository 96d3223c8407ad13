"""What a hospital sends: the resources of FHIR in a request, and which of our things they are about.

Read as DSTU2, STU3, R4 and R5 write them, since clients of CDS Hooks are of every age.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from kb.api.answers import Answers, Value
from kb.exports.codes import FHIR_SYSTEMS

_SCHEMES = {system: scheme for scheme, system in FHIR_SYSTEMS.items()}
_CODED = ("code", "medicationCodeableConcept", "medication", "productCodeableConcept")
_CARRIERS = ("condition", "ingredient", "substance", "technique")
"""What a patient or an order may be about, before what is treated or feared: one code may stand for all of them."""
_SAID = ("Medication", "Condition", "AllergyIntolerance")
"""How resources begin that a check must not pass over in silence when they carry neither code nor text."""


def resources(value: Any) -> Iterator[Value]:
    """The resources of a bundle, of a list, of an answer of a batch, or the one resource itself."""
    if isinstance(value, list):
        for entry in value:
            yield from resources(entry)
    elif isinstance(value, dict) and value.get("resourceType") == "Bundle":
        for entry in _dicts(value.get("entry")):
            yield from resources(entry.get("resource"))
    elif isinstance(value, dict) and "resourceType" not in value and isinstance(value.get("resource"), dict):
        yield from resources(value["resource"])  # as clients of DSTU2 sent it: {"response": ..., "resource": ...}
    elif isinstance(value, dict) and value.get("resourceType") and not _denied(value):
        yield value


def sent(value: Any) -> bool:
    """Whether a client sent what was asked for, be it empty: not null, and no account of why it could not be had."""
    return isinstance(value, dict | list) and not any(r["resourceType"] == "OperationOutcome" for r in resources(value))


def _dicts(value: Any) -> list[Value]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _denied(resource: Value) -> bool:
    """Whether a record says of itself that it does not hold: entered in error, refuted, cancelled."""
    verified = resource.get("verificationStatus")
    codings = _dicts(verified.get("coding")) if isinstance(verified, dict) else []
    said = {str(c.get("code")) for c in codings} | {str(resource.get("status"))}
    return bool(said & {"entered-in-error", "refuted", "cancelled"})


def named(answers: Answers, resource: Value) -> list[str]:
    """What a resource is about: our ids for a code that is held, else the text it carries, else the bare code or its own id."""
    for field in _CODED:
        concept = resource.get(field)
        if isinstance(concept, dict):
            inner = concept.get("concept")
            words = _meant(answers, inner if isinstance(inner, dict) else concept)
            if words:
                return words
    own = f"{resource['resourceType']}/{resource.get('id', '')}"[:200]
    return _referred(answers, resource) or [own] * own.startswith(_SAID)


def _referred(answers: Answers, resource: Value) -> list[str]:
    """A medicine that stands in a resource of its own, inside this one; else what the reference to it calls it."""
    for field in ("medicationReference", "medication"):
        led = resource.get(field)
        led = led.get("reference", led) if isinstance(led, dict) else None
        if isinstance(led, dict):  # R5 has the reference one step further down
            return _behind(answers, resource, led)
        if isinstance(led, str):
            return _behind(answers, resource, resource[field])
    return []


def _behind(answers: Answers, resource: Value, reference: Value) -> list[str]:
    wanted = str(reference.get("reference", "")).removeprefix("#")
    inside = [c for c in _dicts(resource.get("contained")) if c.get("id") == wanted]
    concepts = [c["code"] for c in inside if isinstance(c.get("code"), dict)]
    words = [w for concept in concepts for w in _meant(answers, concept)]
    return words or [str(reference[k])[:200] for k in ("display", "reference") if reference.get(k)][:1]


def _meant(answers: Answers, concept: Value) -> list[str]:
    codings = _dicts(concept.get("coding"))
    for coding in codings:
        scheme = _SCHEMES.get(str(coding.get("system", "")))
        slugs = _codes(answers).get((scheme, str(coding.get("code")))) if scheme else None
        if slugs:
            return slugs
    texts = [concept.get("text"), *(c.get("display") for c in codings), *(c.get("code") for c in codings)]
    return [str(t)[:200] for t in texts if t][:1]


@lru_cache(maxsize=4)
def _codes(answers: Answers) -> dict[tuple[str, str], list[str]]:
    """(scheme, code) to the ids that carry it exactly; where a condition does, no harm of the same code is meant."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for slug, of in kinds(answers).items():
        rank = min((_CARRIERS.index(k) for k in of if k in _CARRIERS), default=len(_CARRIERS))
        for scheme, codes in answers.data.identifiers(slug).items():
            for code in codes:
                found.setdefault((scheme, code), {})[slug] = rank
    return {code: [s for s, r in ids.items() if r == min(ids.values())] for code, ids in found.items()}


@lru_cache(maxsize=4)
def kinds(answers: Answers) -> dict[str, list[str]]:
    return {row["id"]: row["kinds"] for row in answers.snapshot.document("catalogue")}
