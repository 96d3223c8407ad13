"""The base as linked data: Turtle and JSON-LD on schema.org, SKOS, PROV-O and CiTO, with SHACL shapes to check it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.atomic import write_text
from kb.exports.codes import address, curie
from kb.exports.data import LICENCE_ADDRESS, Data, Record
from kb.model import codes
from kb.model.appraisal import Domain, Judgement
from kb.model.terms import Certainty, Design, Direction, DownReason, Route, Severity

if TYPE_CHECKING:
    from rdflib import Graph, Namespace, URIRef

    from kb.model.codes import Code

MISSING = ("Arms and outcomes of findings, claims, protocols: see the formats csv and json.",)

_CLASSES = {"ingredients": "Substance", "techniques": "MedicalProcedure", "exposures": "MedicalRiskFactor"}
_EVIDENT = frozenset({Direction.SUPPORTS, Direction.REFUTES})
"""Findings in these directions cite their paper as evidence (CiTO); whatever points neither way *discusses* it."""

_SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix mkb: <BASEdef:> .

mkb:FindingShape a sh:NodeShape ; sh:targetClass mkb:Finding ;
  sh:property [ sh:path prov:wasDerivedFrom ; sh:minCount 1 ; sh:maxCount 1 ; sh:class schema:ScholarlyArticle ] ;
  sh:property [ sh:path mkb:subject ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path mkb:object ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path mkb:direction ; sh:in ( DIRECTIONS ) ; sh:minCount 1 ] ;
  sh:property [ sh:path schema:description ; sh:minCount 1 ] .
mkb:AssessmentShape a sh:NodeShape ; sh:targetClass mkb:Assessment ;
  sh:property [ sh:path mkb:certainty ; sh:in ( CERTAINTIES ) ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path mkb:restsOn ; sh:minCount 1 ; sh:class mkb:Finding ] .
mkb:CautionShape a sh:NodeShape ; sh:targetClass mkb:Caution ;
  sh:property [ sh:path mkb:severity ; sh:in ( SEVERITIES ) ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path mkb:trigger ; sh:minCount 1 ] .
mkb:ConceptShape a sh:NodeShape ; sh:targetClass skos:Concept ;
  sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ] .
"""


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`kb.ttl`, `kb.jsonld` (the same triples) and `shapes.ttl`. Addresses are URNs: nobody has been given a domain."""
    graph = triples(data)
    turtle = graph.serialize(format="turtle")
    document = json.loads(graph.serialize(format="json-ld", auto_compact=True))
    document["@graph"].sort(key=lambda node: str(node.get("@id")))
    files = {
        "kb.ttl": turtle,
        "kb.jsonld": json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "shapes.ttl": _shapes(data),
    }
    for name, text in files.items():
        write_text(folder / name, text)
    progress(f"{len(graph):,} triples")
    return [folder / name for name in files]


def _shapes(data: Data) -> str:
    """The SHACL shapes, with the words of the vocabularies as they are allowed."""
    text = _SHAPES.replace("BASE", _base(data))
    for name, words in (("DIRECTIONS", Direction), ("CERTAINTIES", Certainty), ("SEVERITIES", Severity)):
        text = text.replace(name, " ".join(f'"{word.value}"' for word in words))
    return text


def triples(data: Data) -> Graph:
    """Every subject, term, finding, assessment, caution and reference as RDF."""
    from rdflib import Graph, Namespace

    graph = Graph()
    for prefix, space in _spaces(data).items():
        graph.bind(prefix, Namespace(space), replace=True)
    maker = _Maker(data, graph)
    maker.dataset()
    for kind in _CLASSES:
        for record in data.records[kind].values():
            maker.thing(record, _CLASSES[kind])
    for record in data.records["terms"].values():
        maker.thing(record, "")
    for key in data.references:
        maker.reference(key)
    for record in data.records["findings"].values():
        maker.finding(record)
    for record in data.records["assessments"].values():
        maker.assessment(record)
    for record in data.records["cautions"].values():
        maker.caution(record)
    return graph


_SPACES = {
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "cito": "http://purl.org/spar/cito/",
    "dcterms": "http://purl.org/dc/terms/",
}


def _base(data: Data) -> str:
    return f"urn:{data.base}:"


def _spaces(data: Data) -> dict[str, str]:
    return {**_SPACES, "mkb": f"{_base(data)}def:"}


class _Maker:
    def __init__(self, data: Data, graph: Graph) -> None:
        from rdflib import RDF, Namespace

        self.data, self.graph, self.type = data, graph, RDF.type
        spaces: dict[str, Namespace] = {k: Namespace(v) for k, v in _spaces(data).items()}
        self.schema, self.skos, self.prov = spaces["schema"], spaces["skos"], spaces["prov"]
        self.cito, self.terms, self.own = spaces["cito"], spaces["dcterms"], spaces["mkb"]

    def iri(self, record_id: str) -> Any:
        from rdflib import URIRef

        return URIRef(f"{_base(self.data)}{record_id}")

    def say(self, subject: Any, predicate: Any, value: Any) -> None:
        from rdflib import Literal, URIRef

        if value not in (None, ""):
            self.graph.add((subject, predicate, value if isinstance(value, URIRef) else Literal(value)))

    def dataset(self) -> None:
        from rdflib import URIRef

        me = self.iri("dataset")
        self.graph.add((me, self.type, self.schema.Dataset))
        self.say(me, self.schema.name, self.data.title)
        self.say(me, self.schema.version, self.data.release)
        self.say(me, self.schema.datePublished, self.data.date)
        self.say(me, self.schema.license, URIRef(LICENCE_ADDRESS))

    def thing(self, record: Record, kind: str) -> None:
        from rdflib import URIRef

        me = self.iri(record["id"])
        self.graph.add((me, self.type, self.skos.Concept))
        if kind:
            self.graph.add((me, self.type, self.schema[kind]))
        self.say(me, self.skos.prefLabel, record["name"])
        for other in (*record.get("synonyms", []), *record.get("brands", []), *record.get("lay_terms", [])):
            self.say(me, self.skos.altLabel, other)
        self.say(me, self.schema.description, record.get("summary") or record.get("definition"))
        for parent in record.get("parents", []):
            self.say(me, self.skos.broader, self.iri(parent))
        for match, found in (
            (self.skos.exactMatch, self.data.identifiers(record["id"])),
            (self.skos.closeMatch, self.data.approximate(record["id"])),
        ):
            for scheme, listed in found.items():
                for code in listed:
                    self.say(me, match, URIRef(address(curie(scheme, code)).replace(" ", "%20")))

    def reference(self, key: str) -> None:
        from rdflib import URIRef

        me, reference = self.iri(key), self.data.references[key]
        self.graph.add((me, self.type, self.schema.ScholarlyArticle))
        self.say(me, self.schema.name, reference["title"])
        self.code(me, self.own.designCode, codes.DESIGNS.get(Design(reference["design"])))
        self.say(me, self.schema.datePublished, str(reference["year"]) if reference.get("year") else None)
        self.say(me, self.schema.isPartOf, reference.get("journal"))
        for author in reference.get("authors", []):
            self.say(me, self.schema.author, " ".join(p for p in (author.get("given"), author["family"]) if p))
        if reference.get("doi"):
            self.say(me, self.schema.sameAs, URIRef(f"https://doi.org/{_safe(reference['doi'])}"))
        if reference.get("pmid"):
            self.say(me, self.schema.sameAs, URIRef(f"https://pubmed.ncbi.nlm.nih.gov/{reference['pmid']}/"))

    def finding(self, record: Record) -> None:
        me = self.iri(record["id"])
        self.graph.add((me, self.type, self.own.Finding))
        self.say(me, self.own.subject, self.iri(record["subject"]))
        self.say(me, self.own.relation, record["relation"])
        self.say(me, self.own.object, self.iri(record["object"]))
        self.say(me, self.own.direction, record["direction"])
        self.say(me, self.own.route, record["route"])
        self.say(me, self.own.participants, record.get("n"))
        self.say(me, self.schema.description, record["summary"])
        self.say(me, self.prov.wasDerivedFrom, self.iri(record["reference"]))
        self.code(me, self.own.routeCode, codes.of_route(Route(record["route"])))
        said = "citesAsEvidence" if record["direction"] in _EVIDENT else "discusses"
        self.say(me, self.cito[said], self.iri(record["reference"]))
        for appraisal in record.get("appraisals", []):
            for judged in appraisal["domains"]:
                self.judgement(me, record["id"], appraisal["instrument"], judged)

    def judgement(self, finding: URIRef, finding_id: str, instrument: str, judged: Record) -> None:
        """The risk of bias of one domain, with its code where SEVCO has one."""
        me = self.iri(f"{finding_id}.{instrument}.{judged['domain']}")
        self.graph.add((me, self.type, self.own.BiasJudgement))
        self.say(finding, self.own.judged, me)
        self.say(me, self.own.instrument, instrument)
        self.say(me, self.own.domain, judged["domain"])
        self.code(me, self.own.domainCode, codes.DOMAINS.get(Domain(judged["domain"])))
        self.say(me, self.own.judgement, judged["judgement"])
        self.code(me, self.own.judgementCode, codes.JUDGEMENTS.get(Judgement(judged["judgement"])))
        self.say(me, self.schema.description, judged["why"])

    def assessment(self, record: Record) -> None:
        me = self.iri(record["id"])
        self.graph.add((me, self.type, self.own.Assessment))
        self.say(me, self.own.subject, self.iri(record["subject"]))
        self.say(me, self.own.object, self.iri(record["object"]))
        for name in ("route", "certainty", "direction"):
            self.say(me, self.own[name], record[name])
        self.say(me, self.schema.description, record["bottom_line"])
        self.code(me, self.own.routeCode, codes.of_route(Route(record["route"])))
        for down in record.get("down", []):
            self.code(me, self.own.ratedDownFor, codes.REASONS[DownReason(down["reason"])])
        for finding in record["findings"]:
            if (held := self.data.records["findings"].get(finding)) is not None:
                self.say(me, self.own.restsOn, self.iri(finding))
                self.say(me, self.cito[_for_or_against(record["direction"], held["direction"])], self.iri(finding))

    def caution(self, record: Record) -> None:
        me = self.iri(record["id"])
        self.graph.add((me, self.type, self.own.Caution))
        self.say(me, self.own.subject, self.iri(record["subject"]))
        self.say(me, self.own.trigger, self.iri(record["trigger"]))
        self.say(me, self.own.severity, record["severity"])
        self.say(me, self.schema.description, f"{record['action']} {record['why']}")
        for key in record.get("references", []):
            self.say(me, self.prov.wasDerivedFrom, self.iri(key))
        for field, relation in (("evidence_for", "obtainsSupportFrom"), ("evidence_against", "disagreesWith")):
            for finding in record.get(field, []):
                if finding in self.data.records["findings"]:
                    self.say(me, self.cito[relation], self.iri(finding))

    def code(self, me: URIRef, relation: URIRef, code: Code | None) -> None:
        """A code of the field as a concept of its own: what it is written as, what it is called, and whose it is."""
        from rdflib import URIRef

        if code is None:
            return
        concept = self.iri(f"code.{code.code}")
        self.say(me, relation, concept)
        self.graph.add((concept, self.type, self.skos.Concept))
        self.say(concept, self.skos.notation, code.code)
        self.say(concept, self.skos.prefLabel, code.display)
        self.say(concept, self.skos.inScheme, URIRef(code.system))


def _for_or_against(assessment: str, finding: str) -> str:
    """CiTO's relation of an assessment to a finding it rests on: of one mind, of opposite minds, or neither."""
    if finding == assessment:
        return "obtainsSupportFrom"
    return "disagreesWith" if {finding, assessment} == _EVIDENT else "discusses"


def _safe(doi: str) -> str:
    from urllib.parse import quote

    return quote(doi, safe="/:;()._-")
