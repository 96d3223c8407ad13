"""The base as a NetworkX graph, and its summary.

A finding is a node, so that its citation hangs on it: `ingredient -has_finding-> finding -about-> indication`,
`finding -cites-> reference`. Every node has `kind` and `name`.
"""

from __future__ import annotations

import networkx as nx

from kb.appraisal import certainty
from kb.model.terms import Certainty, Kind, Relation
from kb.records import Records, kinds


def build(base: Records) -> nx.MultiDiGraph[str]:
    """The whole graph. Edges are keyed by their relation: has_finding, about, cites, broader, with, warns_of, says, claims, contains."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for slug, all_kinds in kinds(base).items():
        graph.add_node(slug, kind=all_kinds[0], kinds=tuple(all_kinds), name=base.name(slug))
    for key, reference in base.references.items():
        graph.add_node(
            key, kind=Kind.REFERENCE.value, name=reference.title, design=reference.design.value, year=reference.year
        )
    for vocabulary in base.formulary.vocabularies.values():
        for term in vocabulary.values():
            _broader(graph, term.id, term.parents)
    for ingredient in base.ingredients.values():
        _broader(graph, ingredient.id, ingredient.parents)
    for technique in base.techniques.values():
        _broader(graph, technique.id, technique.parents)
    for subject in base.subjects.values():
        for finding in subject.findings:
            graph.add_node(
                finding.id,
                kind=Kind.FINDING.value,
                name=f"{subject.name} {finding.relation.value.replace('-', ' ')} {base.name(finding.object)}",
                subject=subject.id,
                object=finding.object,
                relation=finding.relation.value,
                direction=finding.direction.value,
                route=finding.route.value,
                summary=finding.summary,
            )
            graph.add_edge(subject.id, finding.id, key="has_finding", relation="has_finding")
            graph.add_edge(finding.id, finding.object, key="about", relation="about")
            graph.add_edge(finding.id, finding.reference, key="cites", relation="cites")
            for other in finding.co_ingredients:
                graph.add_edge(finding.id, other, key="with", relation="with")
            if finding.technique and finding.technique != subject.id:
                graph.add_edge(finding.id, finding.technique, key="by", relation="by")
        for caution in subject.cautions:
            graph.add_edge(
                subject.id,
                caution.trigger,
                key="warns_of",
                relation="warns_of",
                caution=caution.id,
                severity=caution.severity.value,
            )
    _claims(graph, base)
    _products(graph, base)
    # A link to something that could not be read makes a node without a kind; the loader has told of it already.
    graph.remove_nodes_from([node for node, data in graph.nodes(data=True) if "kind" not in data])
    return graph


def _claims(graph: nx.MultiDiGraph[str], base: Records) -> None:
    for claim in base.claims.values():
        graph.add_node(claim.id, kind=Kind.CLAIM.value, name=claim.says, verdict=claim.verdict.value)
        graph.add_edge(claim.id, claim.subject, key="says", relation="says")
        if claim.object:
            graph.add_edge(claim.id, claim.object, key="about", relation="about")
        for finding_id in claim.findings:
            graph.add_edge(claim.id, finding_id, key="judged_by", relation="judged_by")
        for key in claim.references:
            graph.add_edge(claim.id, key, key="cites", relation="cites")
        for other in claim.contradicts:
            graph.add_edge(claim.id, other, key="contradicts", relation="contradicts")


def _products(graph: nx.MultiDiGraph[str], base: Records) -> None:
    for product in base.products.values():
        told = {"maker": product.maker or "", "references": list(product.references)}
        graph.add_node(product.id, kind=Kind.PRODUCT.value, name=product.name, **told)
        for part in product.composition:
            if part.ingredient:
                graph.add_edge(product.id, part.ingredient, key="contains", relation="contains", role=part.role.value)
        if product.whole:
            graph.add_edge(product.id, product.whole, key="contains", relation="contains", role="active")


def _broader(graph: nx.MultiDiGraph[str], slug: str, parents: list[str]) -> None:
    for parent in parents:
        graph.add_edge(slug, parent, key="broader", relation="broader")


def summary(base: Records) -> nx.DiGraph[str]:
    """Subject to indication and subject to adverse effect, one edge each, with what stands behind it.

    Edge attributes: `relation` (treats or causes), `findings` (count), `directions` (direction to count), `designs`
    (design to count), `references` (sorted keys), `certainty` (the best certainty assessed, or None) and `routes`.
    """
    plain: nx.DiGraph[str] = nx.DiGraph()
    kinds_of = kinds(base)
    for subject in base.subjects.values():
        for finding in subject.findings:
            if finding.relation not in {Relation.TREATS, Relation.CAUSES}:
                continue
            for slug in (subject.id, finding.object):
                if slug not in plain:
                    plain.add_node(slug, kind=kinds_of[slug][0], kinds=tuple(kinds_of[slug]), name=base.name(slug))
            if not plain.has_edge(subject.id, finding.object):
                plain.add_edge(
                    subject.id,
                    finding.object,
                    relation=finding.relation.value,
                    findings=0,
                    directions={},
                    designs={},
                    references=[],
                    routes=[],
                    certainty=None,
                )
            edge = plain.edges[subject.id, finding.object]
            design = base.references[finding.reference].design.value
            edge["findings"] += 1
            edge["directions"][finding.direction.value] = edge["directions"].get(finding.direction.value, 0) + 1
            edge["designs"][design] = edge["designs"].get(design, 0) + 1
            edge["references"] = sorted({*edge["references"], finding.reference})
            edge["routes"] = sorted({*edge["routes"], finding.route.value})
        for assessment in subject.assessments:
            if plain.has_edge(subject.id, assessment.object):
                edge = plain.edges[subject.id, assessment.object]
                found = certainty(assessment)
                if edge["certainty"] is None or found.level > Certainty(edge["certainty"]).level:
                    edge["certainty"] = found.value
    return plain
