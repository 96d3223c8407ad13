"""The graph, drawn for reading: what one to four things are linked with, and why two things are connected."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kb.model.terms import Certainty, Compatibility, Severity, Verdict
from kb.views import neighbourhood, reading, words
from kb.views.charts import graph
from kb.views.charts.evidence_map import SIGNS
from kb.views.links import href
from kb.views.neighbourhood import RELATIONS, Link
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import Because
    from kb.snapshot import Snapshot

Value = dict[str, Any]

MOST_ROOTS = 4
MOST_LEAVES = 8
"""Links drawn under one heading before the rest is counted."""
MOST_ALONE = 60
"""The same when one relation is chosen and has the drawing to itself."""
MOST_LISTED = 25
"""Rows of the list under one heading; all of them when one relation is chosen."""
MOST_TOLD = 3
"""Findings told in one hop of a way; the rest is counted."""
NODE_KINDS = ("ingredient", "technique", "indication", "adverse-effect", "condition", "substance", "topic")
CERTAINTIES = {
    "": "Any certainty",
    "very low": "Assessed",
    "low": "Low or better",
    "moderate": "Moderate or better",
    "high": "High",
}
HARMS = {**words.RESULTS, "supports": "Reported", "refutes": "Looked for, not seen"}
"""Directions of findings on harms, in words that cannot be taken for a benefit."""
_HARM_RELATIONS = {"causes", "caused-by", "warned"}
_HARM_TONES = {"supports": ("caution", "!"), "refutes": ("ok", "−")}
_WORD_SIGNS = {
    **{word.value: word.mark for kind in (Severity, Compatibility, Verdict) for word in kind},
    **{"broader": "↑", "narrower": "↓"},
}


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    """Parameters: node (one to four times), relation, direction, certainty; a and b ask why two are connected."""
    missed: list[str] = []
    roots: list[str] = []
    for raw in [*dict.fromkeys(params.get("node", ()))][: MOST_ROOTS + 1]:  # looking a name up takes time
        slug = _resolve(raw, snapshot, missed)
        if slug and slug not in roots:
            roots.append(slug)
    ends = [_resolve(reading.first(params, name), snapshot, missed) for name in ("a", "b")]
    chosen = _chosen(params)
    drawn = _drawn(snapshot, roots[:MOST_ROOTS], chosen) if roots else None
    catalogue = reading.catalogue(snapshot)
    html = draw(
        "explore",
        roots=[_named(snapshot, slug) for slug in roots[:MOST_ROOTS]],
        drops=[_address(roots, chosen, without=slug) for slug in roots[:MOST_ROOTS]],
        too_many=len(roots) > MOST_ROOTS,
        missed=missed,
        chosen=chosen,
        certainties=CERTAINTIES,
        drawn=drawn,
        names=[row["name"] for row in catalogue.values() if row["kind"] in NODE_KINDS],
        ends=[_named(snapshot, slug) if slug else None for slug in ends],
        why=_why(snapshot, ends[0], ends[1]) if ends[0] and ends[1] else None,
        starts=[_named(snapshot, s) | {"explore": href("explore", node=s)} for s in snapshot.field["starts"]],
        questions=[
            {"names": [reading.name_of(snapshot, q[end]) for end in "ab"], "href": href("explore", a=q["a"], b=q["b"])}
            for q in snapshot.field["questions"]
        ],
        most_told=MOST_TOLD,
        citer=reading.citer(snapshot),
    )
    return Fragment(_title(snapshot, roots, ends), html, 404 if missed and not roots and not any(ends) else 200)


def _title(snapshot: Snapshot, roots: list[str], ends: list[str | None]) -> str:
    if ends[0] and ends[1]:
        return f"Why {reading.name_of(snapshot, ends[0])} and {reading.name_of(snapshot, ends[1])} are connected"
    return (
        f"Explore: {words.listed([reading.name_of(snapshot, s) for s in roots[:MOST_ROOTS]])}" if roots else "Explore"
    )


def _resolve(said: str, snapshot: Snapshot, missed: list[str]) -> str | None:
    """The id of what was typed: an id, a name, or the best hit of the search; else it is told as not found."""
    said = said.strip()
    catalogue = reading.catalogue(snapshot)
    if not said or said in catalogue:
        return said or None
    folded = said.casefold()
    named = next((slug for slug, row in catalogue.items() if row["name"].casefold() == folded), None)
    if named is None:
        named = next((h.id for h in snapshot.search(said, 10) if reading.kind_of(snapshot, h.id) in NODE_KINDS), None)
    if named is None:
        missed.append(words.cut(said, 60))
    return named


def _chosen(params: Mapping[str, list[str]]) -> dict[str, str]:
    known: dict[str, Mapping[str, str]] = {
        "relation": RELATIONS,
        "direction": words.DIRECTIONS,
        "certainty": CERTAINTIES,
    }
    return {name: value if (value := reading.first(params, name)) in options else "" for name, options in known.items()}


def _named(snapshot: Snapshot, slug: str) -> Value:
    row = reading.catalogue(snapshot).get(slug)
    kind = words.title_of(words.KINDS, reading.kind_of(snapshot, slug))
    return {
        "id": slug,
        "name": reading.name_of(snapshot, slug),
        "kind": kind,
        "href": reading.link_of(snapshot, slug),
        "summary": row["summary"] if row else None,
    }


def _address(roots: list[str], chosen: Mapping[str, str], without: str = "", add: str = "", **other: str) -> str:
    kept = [r for r in roots if r != without] + ([add] if add and add not in roots else [])
    return href("explore", node=kept[-MOST_ROOTS:], **{**chosen, **other})


def _fits(link: Link, chosen: Mapping[str, str]) -> bool:
    if chosen["direction"] and link.direction != chosen["direction"]:
        return False
    if chosen["certainty"]:
        return link.certainty is not None and Certainty(link.certainty).level >= Certainty(chosen["certainty"]).level
    return True


def _drawn(snapshot: Snapshot, roots: list[str], chosen: Mapping[str, str]) -> Value:
    """The two drawings, the list beside them, and the relations there are to filter by."""
    found: dict[str, dict[str, list[tuple[int, Link]]]] = {}
    counts: dict[str, int] = {}
    for place, root in enumerate(roots):
        for link in neighbourhood.links(snapshot, root):
            if link.other in roots and roots.index(link.other) > place:
                continue  # told once, from the later of the two
            if _fits(link, chosen):
                counts[link.relation] = counts.get(link.relation, 0) + 1
                if chosen["relation"] in {"", link.relation}:
                    found.setdefault(link.relation, {}).setdefault(link.other, []).append((place, link))
    most = MOST_ALONE if chosen["relation"] else MOST_LEAVES
    groups, listed = [], []
    for relation in (r for r in RELATIONS if r in found):
        # What several of the chosen things share stands first.
        things = sorted(found[relation].values(), key=lambda threads: -len(threads))
        leaves = tuple(_leaf(snapshot, roots, chosen, threads) for threads in things[:most])
        more = len(things) - len(leaves)
        groups.append(graph.Group(RELATIONS[relation], leaves, more, _address(roots, chosen, relation=relation)))
        rows = things if chosen["relation"] else things[:MOST_LISTED]
        listed.append(
            {
                "title": RELATIONS[relation],
                "rows": [_listed(snapshot, roots, threads) for threads in rows],
                "more": len(things) - len(rows),
                "more_href": _address(roots, chosen, relation=relation),
            }
        )
    drawn_roots = [graph.Root((n := _named(snapshot, r))["name"], n["href"], n["kind"]) for r in roots]
    title = f"Links of {words.listed([r.name for r in drawn_roots])}"
    return {
        "wide": graph.wide(drawn_roots, groups, title) if groups else None,
        "narrow": graph.narrow(drawn_roots, groups, title) if groups else None,
        "listed": listed,
        "title": title,
        "relations": {
            r: f"{RELATIONS[r]} ({counts.get(r, 0)})" for r in RELATIONS if r in counts or r == chosen["relation"]
        },
        "shared": sum(len({place for place, _ in t}) > 1 for things in found.values() for t in things.values()),
        "links": sum(len(things) for things in found.values()),
    }


def _mark(link: Link) -> tuple[str, str]:
    """Tone and sign of a link: its direction, else the word that says it all."""
    if link.direction:
        usual = (words.tone(link.direction), SIGNS.get(link.direction, ""))
        return _HARM_TONES.get(link.direction, usual) if link.relation in _HARM_RELATIONS else usual
    return words.tone(link.word), _WORD_SIGNS.get(link.word or "", "")


def _leaf(
    snapshot: Snapshot, roots: list[str], chosen: Mapping[str, str], threads: list[tuple[int, Link]]
) -> graph.Leaf:
    first = threads[0][1]
    full = first.other in roots or len(roots) >= MOST_ROOTS
    address = href("explore", node=first.other) if full else _address(roots, chosen, add=first.other)
    said = "; ".join(f"{reading.name_of(snapshot, roots[place])}: {_said(link)}" for place, link in threads)
    lines = tuple(graph.Thread(place, len(link.findings), *_mark(link), link.certainty) for place, link in threads)
    return graph.Leaf(first.name, address, f"{first.name}. {RELATIONS[first.relation]}, {said}. Open its links", lines)


def _said(link: Link) -> str:
    """`5 findings, studies disagree, low certainty` or `caution`."""
    parts = []
    if link.findings:
        parts.append(words.counted(len(link.findings), "claim" if link.relation == "claimed" else "finding"))
    if link.direction:
        parts.append(_direction(link).lower())
    if link.word:
        parts.append(_word(link.word).lower())
    if link.certainty:
        parts.append(words.CERTAINTIES[link.certainty][1].lower())
    return ", ".join(parts) or "linked"


def _direction(link: Link) -> str:
    return words.title_of(HARMS if link.relation in _HARM_RELATIONS else words.DIRECTIONS, link.direction)


def _word(word: str) -> str:
    known = {**words.SEVERITIES, **words.COMPATIBILITIES, **words.VERDICTS}
    return words.title_of(known, word)


def _listed(snapshot: Snapshot, roots: list[str], threads: list[tuple[int, Link]]) -> Value:
    first = threads[0][1]
    return {
        "name": first.name,
        "kind": words.title_of(words.KINDS, first.kind),
        "href": reading.link_of(snapshot, first.other),
        "explore": href("explore", node=first.other),
        "threads": [
            {
                "root": reading.name_of(snapshot, roots[place]),
                "chips": [
                    *([(_mark(link)[0], _direction(link))] if link.direction else []),
                    *([(words.tone(link.word), _word(link.word))] if link.word else []),
                ],
                "certainty": link.certainty,
                "count": len(link.findings),
                "unit": "claim" if link.relation == "claimed" else "finding",
                "note": link.note,
                "references": link.references[:MOST_TOLD],
                "why": href("explore", "why", a=roots[place], b=first.other),
            }
            for place, link in threads
        ],
    }


def _why(snapshot: Snapshot, a: str, b: str) -> Value:
    """The ways between two things with everything a sentence needs."""
    told = []
    for way in snapshot.path(a, b)["paths"]:
        things = [_named(snapshot, node["id"]) | {"name": node["name"]} for node in way["nodes"]]
        hops = []
        for (first, second), step in zip(pairwise(things), way["steps"], strict=True):
            findings = [reason for reason in step["because"] if reason["kind"] == "finding"]
            hops.append(
                {
                    "from": first,
                    "to": second,
                    "findings": [f | {"title": _finding_title(snapshot, f)} for f in findings[:MOST_TOLD]],
                    "more": max(len(findings) - MOST_TOLD, 0),
                    "more_href": href("explore", node=[step["from"], step["to"]]),
                    "sentences": [reason for reason in step["because"] if reason["kind"] != "finding"],
                }
            )
        told.append({"hops": hops, "things": things})
    return {"ways": told, "same": a == b}


def _finding_title(snapshot: Snapshot, finding: Because) -> str:
    """`Benefit: Finasteride · Female pattern hair loss`: what was asked; the chip beside it says what came out."""
    names = (reading.name_of(snapshot, finding[end]) for end in ("subject", "object"))
    return f"{words.title_of(words.RELATIONS, finding['relation'])}: {' · '.join(names)}"
