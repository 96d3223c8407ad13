"""The way in: search, the four fields, what is new, and how complete and how checked the base is.

`?q=` shows search results, `?paper=` one paper and everything the base took from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from kb.questions.search import NOTHING_UNDER_THIS_NAME, only_alike
from kb.views import answered, fields, links, paper_head, reading, sections, words
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import EvidenceCell, Neighbour
    from kb.snapshot import Snapshot

Value = dict[str, Any]

MOST_HITS = 60
BEST = 5
"""Best-evidenced pairs, and indications, named for each field."""


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    paper = reading.first(params, "paper")
    if paper:
        return show_paper(paper, snapshot)
    asked = reading.first(params, "q")
    if asked:
        return results(asked, reading.first(params, "kind"), snapshot)
    counts = reading.counts(snapshot)
    corrections = sorted(snapshot.document("corrections"), key=lambda c: str(c["found_on"]), reverse=True)
    html = draw(
        "home",
        counts=counts,
        shelves=shelves(snapshot),
        corrections=corrections[:3],
        meta=snapshot.meta,
        about=snapshot.field,
        paths=[path["title"] for path in snapshot.document("paths")],
        notes=words.note_blocks(snapshot.meta.get("notes")),
        citer=reading.citer(snapshot),
        certainty=shares(dict.fromkeys(words.CERTAINTY_ORDER, 0) | counts["by_certainty"], words.CERTAINTY_ORDER),
        basis=shares(counts["by_basis"], words.BASES),
        verdicts=shares(counts["by_verdict"], words.VERDICTS),
        without=len(counts["no_controlled_evidence"]),
    )
    return Fragment("", html)


def shares(counts: Mapping[str, int], order: Any) -> list[tuple[str, int, float]]:
    """Word, count and percent of the whole (one decimal), in the order of the vocabulary."""
    whole = sum(counts.values()) or 1
    return [(word, counts[word], round(100 * counts[word] / whole, 1)) for word in order if word in counts]


def shelves(snapshot: Snapshot) -> list[Value]:
    """For each field: its most studied indications and its best-evidenced treatments."""
    rows = reading.catalogue(snapshot)
    found: list[Value] = []
    cells: dict[str, list[EvidenceCell]] = {field: [] for field in fields.titles(snapshot)}
    for cell in reading.evidence_map(snapshot):
        cells[fields.field_of(snapshot, rows, cell["object"])].append(cell)
    for field, title in fields.titles(snapshot).items():
        if field == fields.OTHER:
            continue
        studied: dict[str, int] = {}
        for cell in cells[field]:
            studied[cell["object"]] = studied.get(cell["object"], 0) + cell["findings"]
        rated = [c for c in cells[field] if c["certainty"]]
        rated.sort(key=lambda c: (*sections.rank(c), -c["findings"]))
        found.append(
            {
                "field": field,
                "title": title,
                "indications": [
                    (reading.name_of(snapshot, slug), links.href_of(slug, "indication"), n)
                    for slug, n in sorted(studied.items(), key=lambda item: -item[1])[:BEST]
                ],
                "best": rated[:BEST],
                "subjects": len({c["subject"] for c in cells[field]}),
            }
        )
    return found


def results(asked: str, kind: str, snapshot: Snapshot) -> Fragment:
    """Search results grouped by kind, the groups in the order of their best hit; of one `kind` only when that is found."""
    groups: dict[str, list[Value]] = {}
    hits = snapshot.search(asked, MOST_HITS)
    for hit in hits:
        row = reading.catalogue(snapshot).get(hit.id)
        note = ""
        if hit.kind == "claim":
            note = words.title_of(words.VERDICTS, hit.hint)
        elif hit.kind == "reference":
            note = hit.hint
        elif row and row["summary"]:
            note = words.cut(row["summary"], 160)
        matched = hit.matched if hit.matched.casefold() not in {hit.name.casefold(), hit.id.replace("-", " ")} else ""
        groups.setdefault(hit.kind, []).append(
            {"label": hit.name, "href": links.href_of(hit.id, hit.kind), "note": note, "matched": matched}
        )
    told = {k: words.title_of(words.KINDS_MANY, k) for k in groups}
    chosen = kind if kind in groups else ""
    aside, answers = ("", []) if chosen else answered.told(asked, snapshot)
    filters = [("", "Everything", sum(len(hits) for hits in groups.values()))]
    filters += [(k, told[k], len(hits)) for k, hits in groups.items()]
    html = draw(
        "results",
        asked=words.cut(asked, 80),
        answers=answers,
        aside=aside,
        groups=[(k, told[k], hits) for k, hits in groups.items() if chosen in ("", k)],
        filters=[(k, title, n, links.href("home", q=asked, kind=k)) for k, title, n in filters],
        chosen=chosen,
        citer=reading.citer(snapshot),
        alike=NOTHING_UNDER_THIS_NAME if only_alike(hits) else "",
    )
    return Fragment(f"Search: {words.cut(asked, 60)}", html)


def show_paper(key: str, snapshot: Snapshot) -> Fragment:
    """One paper: its citation, the ways to open it, and every finding, claim and caution that cites it."""
    reference = snapshot.reference(key)
    if reference is None:
        return reading.not_found(key, ("reference",), snapshot)
    citing = [e for e in snapshot.neighbours(key) if e["relation"] == "cites"]
    subjects = {holder["source"] for e in citing for holder in _holders(e, snapshot)}
    took = []
    for slug in sorted(subjects):
        page = snapshot.monograph(slug)
        took += [f for f in page["findings"] if f["reference"] == key and f["subject"] == slug]
    claims = [c for c in snapshot.document("claims") if key in c["references"]]
    html = draw(
        "paper",
        r=reference,
        findings=[{"f": f, "how": sections.how_given(f, snapshot)} for f in took],
        claims=claims,
        citer=reading.citer(snapshot),
        link_of=partial(reading.link_of, snapshot),
    )
    return Fragment(words.cut(reference["title"], 90), html, head=paper_head.head(reference))


def _holders(edge: Neighbour, snapshot: Snapshot) -> list[Neighbour]:
    """The edges by which subjects hold the finding that cites the paper."""
    return [e for e in snapshot.neighbours(edge["source"]) if e["relation"] == "has_finding"]
