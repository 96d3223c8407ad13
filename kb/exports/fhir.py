"""FHIR R5 resources as NDJSON: substances, clinical uses (cautions and harms), graded evidence, risk of bias, citations.

ClinicalUseDefinition and SubstanceDefinition follow hl7.org/fhir/R5. Evidence carries what an assessment says and how certain
it is; effect sizes stay in the other formats, since the resource is still moving between FHIR releases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.exports.codes import FHIR_SYSTEMS
from kb.exports.data import Data, Record
from kb.model import codes
from kb.model.appraisal import Domain, Judgement
from kb.model.codes import Code
from kb.model.terms import Certainty, Design, DownReason, Route

MISSING = (
    "Figures of findings (FHIR R5 Evidence.statistic is not stable enough to rely on): see the formats csv and json.",
    "Techniques are plain codes of our own, since R5 has no definition resource for a way of injecting.",
    "Claims of popular pages, protocols, searches and corrections.",
)

_STUDY_DESIGN = "http://hl7.org/fhir/study-design"
"""The system under which FHIR R5 lists SEVCO's codes of designs."""


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """One `<ResourceType>.ndjson` for each type; references between resources resolve inside the folder."""
    makers: dict[str, Callable[[Data], Iterator[dict[str, Any]]]] = {
        "SubstanceDefinition": _substances,
        "ClinicalUseDefinition": _uses,
        "Evidence": _evidence,
        "ArtifactAssessment": _appraisals,
        "Citation": _citations,
    }
    written, count = [], 0
    for kind, make in makers.items():
        lines = [json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in make(data)]
        path = folder / f"{kind}.ndjson"
        write_text(path, "".join(f"{line}\n" for line in lines))
        written.append(path)
        count += len(lines)
    progress(f"{count} resources of {len(makers)} types")
    return written


def fhir_id(slug: str) -> str:
    """Our id when FHIR can take it (64 characters of A-Z a-z 0-9 - .), else its start with a checksum."""
    return slug if len(slug) <= 64 else f"{slug[:51]}-{hashlib.sha256(slug.encode()).hexdigest()[:12]}"


def _substances(data: Data) -> Iterator[dict[str, Any]]:
    for record in data.records["ingredients"].values():
        codes = [
            {"system": FHIR_SYSTEMS[scheme], "value": code}
            for scheme, listed in data.identifiers(record["id"]).items()
            for code in listed
        ]
        names = [{"name": n} for n in (record["name"], *record.get("synonyms", []), *record.get("brands", []))]
        yield {
            "resourceType": "SubstanceDefinition",
            "id": fhir_id(record["id"]),
            **_meta(data),
            "identifier": [{"system": _own(data), "value": record["id"]}, *codes],
            **({"description": record["summary"]} if record.get("summary") else {}),
            "name": names,
        }


def _uses(data: Data) -> Iterator[dict[str, Any]]:
    for record in data.records["cautions"].values():
        yield _caution(data, record)
    for record in data.records["findings"].values():
        if record["relation"] == "causes" and record["direction"] == "supports":
            yield _harm(data, record)


def _caution(data: Data, record: Record) -> dict[str, Any]:
    told = f"{record['severity'].capitalize()}: {record['action']} {record['why']}"
    concept = _concept(data, record["trigger"])
    resource = _use(data, record)
    if data.kinds.get(record["trigger"]) in ("substance", "ingredient"):
        return resource | {
            "type": "interaction",
            "interaction": {"interactant": [{"itemCodeableConcept": concept}], "effect": {"concept": {"text": told}}},
        }
    if record["severity"] == "contraindicated":
        return resource | {
            "type": "contraindication",
            "contraindication": {
                "diseaseSymptomProcedure": {"concept": {**concept, "text": f"{concept['text']}. {told}"}}
            },
        }
    return resource | {"type": "warning", "warning": {"description": f"{concept['text']}. {told}", "code": concept}}


def _harm(data: Data, record: Record) -> dict[str, Any]:
    effect: dict[str, Any] = {"symptomConditionEffect": {"concept": _concept(data, record["object"])}}
    frequency = record.get("frequency", {})
    if frequency.get("events") is not None and frequency.get("n"):
        effect["frequencyOfOccurrence"] = {"text": f"{frequency['events']} of {frequency['n']}"}
    elif frequency.get("percent") is not None:
        effect["frequencyOfOccurrence"] = {"text": f"{frequency['percent']:g} %"}
    return _use(data, record) | {"type": "undesirable-effect", "undesirableEffect": effect}


def _use(data: Data, record: Record) -> dict[str, Any]:
    subject = record["subject"]
    if subject in data.records["ingredients"]:
        who: dict[str, Any] = {"reference": f"SubstanceDefinition/{fhir_id(subject)}", "display": data.name(subject)}
    else:
        who = {"identifier": {"system": _own(data), "value": subject}, "display": data.name(subject)}
    return {
        "resourceType": "ClinicalUseDefinition",
        "id": fhir_id(record["id"]),
        **_meta(data),
        "identifier": [{"system": _own(data), "value": record["id"]}],
        "subject": [who],
        "status": {"coding": [{"system": "http://hl7.org/fhir/publication-status", "code": "active"}]},
    }


def _evidence(data: Data) -> Iterator[dict[str, Any]]:
    for record in data.records["assessments"].values():
        grades = [
            {
                "type": _coded("certainty-type", "Overall"),
                "rating": _coded("certainty-rating", Certainty(record["certainty"]).code),
            }
        ]
        grades += [
            {"type": _concept_of(codes.REASONS[DownReason(d["reason"])]), "description": d["why"]}
            for d in record.get("down", [])
        ]
        papers = sorted(
            {data.records["findings"][f]["reference"] for f in record["findings"] if f in data.records["findings"]}
        )
        designs = dict.fromkeys(codes.DESIGNS.get(Design(data.references[k]["design"])) for k in papers)
        route = codes.of_route(Route(record["route"]))
        yield {
            "resourceType": "Evidence",
            "id": fhir_id(record["id"]),
            **_meta(data),
            "identifier": [{"system": _own(data), "value": record["id"]}],
            "version": data.release,
            "title": f"{data.name(record['subject'])} for {data.name(record['object'])}, {record['route'].replace('-', ' ')}",
            "status": "active",
            "date": data.date,
            "assertion": record["bottom_line"],
            **({"useContext": [_route_context(data, route)]} if route else {}),
            **({"studyDesign": found} if (found := [_design(d) for d in designs if d]) else {}),
            "relatedArtifact": [
                {"type": "derived-from", "resourceReference": {"reference": f"Citation/{fhir_id(k)}"}} for k in papers
            ],
            "variableDefinition": [
                {"variableRole": _coded("variable-role", "exposure"), "description": data.name(record["subject"])},
                {"variableRole": _coded("variable-role", "population"), "description": data.name(record["object"])},
            ],
            "certainty": grades,
        }


def _route_context(data: Data, route: Code) -> dict[str, Any]:
    """The route an assessment holds for: R5's Evidence has no element of its own for it."""
    return {"code": {"system": _own(data), "code": "route"}, "valueCodeableConcept": _concept_of(route)}


def _design(code: Code) -> dict[str, Any]:
    """A design under both addresses of SEVCO: FHIR's own and its publisher's."""
    concept = _concept_of(code)
    return {**concept, "coding": [{**concept["coding"][0], "system": _STUDY_DESIGN}, *concept["coding"]]}


def _appraisals(data: Data) -> Iterator[dict[str, Any]]:
    """Risk of bias of one finding's study by one instrument, a component a domain."""
    for record in data.records["findings"].values():
        for appraisal in record.get("appraisals", []):
            name = f"{record['id']}.{appraisal['instrument']}"
            yield {
                "resourceType": "ArtifactAssessment",
                "id": fhir_id(name),
                **_meta(data),
                "identifier": [{"system": _own(data), "value": name}],
                "title": f"Risk of bias ({appraisal['instrument']}) of the study behind {record['id']}",
                "artifactReference": {"reference": f"Citation/{fhir_id(record['reference'])}"},
                "content": [
                    {
                        "informationType": "container",
                        "type": _concept_of(codes.REASONS[DownReason.RISK_OF_BIAS]),
                        "component": [_judged(domain) for domain in appraisal["domains"]],
                    }
                ],
            }


def _judged(domain: Record) -> dict[str, Any]:
    code = codes.DOMAINS.get(Domain(domain["domain"]))
    judgement = codes.JUDGEMENTS.get(Judgement(domain["judgement"]))
    return {
        "informationType": "rating",
        "type": {**(_concept_of(code) if code else {}), "text": domain["domain"].replace("-", " ")},
        "classifier": [
            {**(_concept_of(judgement) if judgement else {}), "text": domain["judgement"].replace("-", " ")}
        ],
        "summary": domain["why"],
    }


def _citations(data: Data) -> Iterator[dict[str, Any]]:
    for key, reference in data.references.items():
        codes = [
            {"system": system, "value": str(reference[field])}
            for field, system in (("doi", "https://doi.org"), ("pmid", "https://pubmed.ncbi.nlm.nih.gov"))
            if reference.get(field)
        ]
        artifact: dict[str, Any] = {"title": [{"text": reference["title"]}]}
        if codes:
            artifact["identifier"] = codes
        if reference.get("url"):
            artifact["webLocation"] = [{"url": reference["url"]}]
        form = {
            "publishedIn": {"title": reference["journal"]} if reference.get("journal") else None,
            "volume": reference.get("volume"),
            "issue": reference.get("issue"),
            "articleDate": str(reference["year"]) if reference.get("year") else None,
            "pageString": reference.get("pages"),
        }
        if any(form.values()):
            artifact["publicationForm"] = [{k: v for k, v in form.items() if v}]
        yield {
            "resourceType": "Citation",
            "id": fhir_id(key),
            **_meta(data),
            "identifier": [{"system": _own(data), "value": key}],
            "status": "active",
            "citedArtifact": artifact,
        }


def _own(data: Data) -> str:
    """The system of our own codes."""
    return f"urn:{data.base}"


def _meta(data: Data) -> dict[str, Any]:
    return {"meta": {"versionId": data.release, "source": f"{_own(data)}:{data.release}"}}


def _concept(data: Data, slug: str) -> dict[str, Any]:
    codes = [
        {"system": FHIR_SYSTEMS[scheme], "code": code}
        for scheme, listed in data.identifiers(slug).items()
        for code in listed
        if scheme in FHIR_SYSTEMS
    ]
    return {"coding": [*codes, {"system": _own(data), "code": slug}], "text": data.name(slug)}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}


def _concept_of(code: Code) -> dict[str, Any]:
    return {"coding": [{"system": code.system, "code": code.code, "display": code.display}]}
