"""The graph in the exchange format of KGX, on the Biolink model: `nodes.tsv`, `edges.tsv`, and which ids have which codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.exports.codes import curie
from kb.exports.data import Data, Record
from kb.model.terms import Direction

MISSING = (
    "Figures, arms and outcomes of findings, claims of popular pages, protocols: see the formats csv and json.",
    "The Biolink model has no predicate for null results: whatever was studied as a treatment is `studied_to_treat`, with what came "
    "out in the column `direction`. Of the other relations only a finding that supports its statement says it; one that refutes it "
    "is `negated`, and one that points neither way is `related_to`.",
    "What is contraindicated with a medicine is `contraindicated_in`, as the note of that predicate says, though its range in the "
    "model is a biological entity; broader terms are `subclass_of`, whose ends the model calls ontology classes. The prefixes MKB "
    "(ids of ours), ATC and ICD11 (codes of the MMS) are not among the model's.",
    "Codes of what no terminology was found to name, such as the ways of doing a technique: `ids.tsv` lists them as `none`, or "
    "with the code of what they are a kind of as `broader`; `coverage.tsv` counts them.",
)

MATCHES = ("exact", "approximate", "broader", "none")
NODE_COLUMNS = ("id", "category", "name", "synonym", "xref", "description", "provided_by")
EDGE_COLUMNS = (
    "id", "subject", "predicate", "object", "category", "negated", "publications", "primary_knowledge_source", "knowledge_level",
    "agent_type", "direction", "route", "certainty", "severity", "original_predicate",
)  # fmt: skip

_CATEGORIES = {
    "ingredient": "biolink:ChemicalEntity", "technique": "biolink:Procedure|biolink:Treatment", "indication": "biolink:Disease",
    "adverse-effect": "biolink:PhenotypicFeature", "condition": "biolink:DiseaseOrPhenotypicFeature",
    "substance": "biolink:ChemicalEntity", "topic": "biolink:NamedThing", "jurisdiction": "biolink:GeographicLocation",
}  # fmt: skip
_FINDING = {
    "causes": "biolink:has_adverse_event", "contraindicated-in": "biolink:contraindicated_in",
    "interacts-with": "biolink:interacts_with",
}  # fmt: skip
_STUDIED, _RELATED = "biolink:studied_to_treat", "biolink:related_to"
_TREATMENTS = ("ingredient", "technique", "substance")
"""Kinds that may have adverse events in the model; a deficiency or tap water contributes to what comes of it."""


def write(data: Data, folder: Path, progress: Callable[[str], None]) -> list[Path]:
    """`nodes.tsv` and `edges.tsv`; `ids.tsv`, every id of ours with its codes or without, and `coverage.tsv`, its counts."""
    ids = _Ids(data)
    nodes = _each_once(dict(zip(NODE_COLUMNS, row, strict=True)) for row in _nodes(data, ids))
    edges = _each_once(_edges(data, ids))
    covered = [row for slug in sorted(data.kinds) for row in ids.covered(slug)]
    files = {
        "nodes.tsv": _tsv(NODE_COLUMNS, nodes),
        "edges.tsv": _tsv(EDGE_COLUMNS, edges),
        "ids.tsv": _tsv(("id", "kind", "name", "code", "match", "of"), covered),
        "coverage.tsv": _tsv(("kind", "things", *MATCHES), _counts(covered)),
    }
    for name, text in files.items():
        write_text(folder / name, text)
    progress(f"{len(nodes)} nodes, {len(edges)} edges")
    return [folder / name for name in files]


def _each_once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first row of each id: a thing of two vocabularies has its broader terms twice, and two keys may be one paper."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["id"], row)
    return list(found.values())


class _Ids:
    """Our slugs as CURIEs of our own; codes of others are `xref`, so that no two things of ours fall together."""

    def __init__(self, data: Data) -> None:
        self.data, self.source = data, f"infores:{data.base}"

    def of(self, slug: str) -> str:
        return f"MKB:{slug}"

    def codes(self, slug: str) -> list[str]:
        return [curie(scheme, code) for scheme, codes in self.data.identifiers(slug).items() for code in codes]

    def paper(self, key: str) -> str:
        reference = self.data.references[key]
        for field, prefix in (("pmid", "PMID"), ("doi", "doi"), ("pmcid", "PMC")):
            if reference.get(field):
                return f"{prefix}:{str(reference[field]).removeprefix('PMC')}"
        return f"MKB:{key}"

    def covered(self, slug: str) -> list[dict[str, Any]]:
        """A row for each code of a thing: its own, else the nearest there is, else one row that says there is none."""
        about = {"id": self.of(slug), "kind": self.data.kinds[slug], "name": self.data.name(slug)}
        near = [curie(scheme, code) for scheme, codes in self.data.approximate(slug).items() for code in codes]
        own = [*((c, "exact", "") for c in self.codes(slug)), *((c, "approximate", "") for c in near)]
        found = own or self._above(slug) or [("", "none", "")]
        return [{**about, "code": code, "match": match, "of": of} for code, match, of in found]

    def _above(self, slug: str) -> list[tuple[str, str, str]]:
        """The codes of the nearest broader things that have some, each with the id it belongs to."""
        level, seen = self.data.broader(slug), {slug}
        while level:
            coded = [(code, "broader", self.of(above)) for above in dict.fromkeys(level) for code in self.codes(above)]
            if coded:
                return coded
            seen |= set(level)
            level = [up for above in level for up in self.data.broader(above) if up not in seen]
        return []


def _counts(covered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each kind of thing, how many have an exact code, and how the others are covered; each thing is counted once."""
    best: dict[str, tuple[str, str]] = {}
    for row in covered:
        best.setdefault(row["id"], (row["kind"], row["match"]))  # exact codes come first
    counts = Counter(best.values())
    totals = Counter(kind for kind, _ in best.values())
    return [
        {"kind": kind, "things": totals[kind], **{m: str(counts[kind, m]) for m in MATCHES}} for kind in sorted(totals)
    ]


def _nodes(data: Data, ids: _Ids) -> Iterator[tuple[str, ...]]:
    named = {
        record["id"]: record
        for kind in ("terms", "exposures", "techniques", "ingredients")
        for record in data.records[kind].values()
    }
    for slug, kind in sorted(data.kinds.items()):
        if kind not in _CATEGORIES:
            continue
        record = named.get(slug, {})
        synonyms = "|".join([*record.get("synonyms", []), *record.get("brands", [])])
        text = record.get("summary") or record.get("definition") or ""
        yield ids.of(slug), _CATEGORIES[kind], data.name(slug), synonyms, "|".join(ids.codes(slug)), text, ids.source
    for key in sorted(data.references):
        xref = data.references[key].get("doi")
        yield (
            ids.paper(key),
            "biolink:Article",
            data.references[key]["title"],
            "",
            f"doi:{xref}" if xref else "",
            "",
            ids.source,
        )


def _edges(data: Data, ids: _Ids) -> Iterator[dict[str, Any]]:
    for record in data.records["findings"].values():
        predicate, negated = _stated(data, record)
        papers = ids.paper(record["reference"])
        more = {
            "negated": negated, "direction": record["direction"], "route": record["route"],
            "original_predicate": record["relation"],
        }  # fmt: skip
        yield _edge(ids, record, predicate, record["object"], papers, more)
    for record in data.records["assessments"].values():
        found = [data.records["findings"][f] for f in record["findings"] if f in data.records["findings"]]
        papers = "|".join(sorted({ids.paper(f["reference"]) for f in found}))
        more = {k: record[k] for k in ("direction", "route", "certainty")} | {"original_predicate": "assessed-for"}
        yield _edge(ids, record, _STUDIED, record["object"], papers, more)
    for record in data.records["cautions"].values():
        forbids = record["severity"] == "contraindicated"
        predicate = _FINDING["contraindicated-in"] if forbids else _RELATED
        papers = "|".join(ids.paper(key) for key in record.get("references", []))
        more = {"severity": record["severity"], "original_predicate": "warns-of"}
        yield _edge(ids, record, predicate, record["trigger"], papers, more)
    yield from _hierarchy(data, ids)


def _stated(data: Data, record: Record) -> tuple[str, str]:
    """The predicate of a finding, and `true` where the finding refutes it: an edge must not say what was not found."""
    if record["relation"] == "treats":
        return _STUDIED, ""
    if record["relation"] not in _FINDING or record["direction"] not in (Direction.SUPPORTS, Direction.REFUTES):
        return _RELATED, ""
    predicate = _FINDING[record["relation"]]
    if record["relation"] == "causes" and data.kinds[record["subject"]] not in _TREATMENTS:
        predicate = "biolink:contributes_to"
    return predicate, "true" if record["direction"] == Direction.REFUTES else ""


def _hierarchy(data: Data, ids: _Ids) -> Iterator[dict[str, Any]]:
    for kind in ("ingredients", "techniques", "terms"):
        for record in data.records[kind].values():
            for parent in record.get("parents", []):
                row = {"subject": record["id"], "id": f"{record['id']}-broader-{parent}"}
                yield _edge(ids, row, "biolink:subclass_of", parent, "", {"original_predicate": "broader"})


def _edge(ids: _Ids, record: Record, predicate: str, target: str, papers: str, more: dict[str, str]) -> dict[str, Any]:
    return {
        "id": f"MKB:{record['id']}",
        "subject": ids.of(record["subject"]),
        "predicate": predicate,
        "object": ids.of(target),
        "category": "biolink:Association",
        "publications": papers,
        "primary_knowledge_source": ids.source,
        "knowledge_level": "knowledge_assertion",
        "agent_type": "manual_agent",
        **more,
    }


def _tsv(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> str:
    lines = ["\t".join(columns)]
    lines += ["\t".join(" ".join(str(row.get(c) or "").split()) for c in columns) for row in rows]
    return "\n".join(lines) + "\n"
