"""Everything tried for an indication, the most certain first; without an id the tree of indications by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from kb.model.terms import Certainty
from kb.questions.shapes import HarmValue
from kb.views import fields, links, reading, sections, words
from kb.views.changed import changed
from kb.views.charts import forest
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import Page
    from kb.snapshot import Snapshot
    from kb.views.shapes import ComparedLine

Value = dict[str, Any]

MOST_CLAIMS = 8
MOST_TREATMENTS = 12
"""Treatments whose harms are told in short: reading a monograph costs a few milliseconds."""
MOST_VERDICTS = 3
"""Bottom lines under the title."""


class Unrated(TypedDict):
    """A subject with findings of benefit and no rating: how many, of which designs and directions."""

    id: str
    name: str
    n: int
    designs: list[str | None]
    directions: dict[str, int]
    studies: str


class TreatmentHarms(TypedDict):
    """The gravest and the most frequent harms of a treatment, and the names of what forbids it."""

    id: str
    name: str
    kind: str
    serious: list[HarmValue]
    frequent: list[HarmValue]
    grave: list[str]


class Amount(TypedDict):
    """How much stands behind an indication; `best` is the highest certainty."""

    subjects: int
    findings: int
    best: str | None


class Entry(TypedDict):
    """An indication in the list, `depth` steps below the broadest."""

    id: str
    name: str
    depth: int
    amount: Amount | None
    href: str


class Branch(Entry):
    """An indication in the tree."""

    below: list[Branch]


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    asked = reading.asked(params)
    if not asked:
        return tree(snapshot)
    try:
        page = snapshot.monograph(asked)
    except KeyError:
        return reading.not_found(asked, ("indication",), snapshot)
    return show(page, snapshot)


def show(page: Page, snapshot: Snapshot) -> Fragment:
    """The page of an indication value as `kb.questions.page` gives it."""
    held = sections.by_id(page)
    lines = sections.bottom_lines(page, held, snapshot)
    rows: list[ComparedLine] = [
        {**line, "absolute": sections.absolute(line), "effect": sections.effect(line)} for line in lines
    ]
    short = sections.short_names(snapshot, {f["reference"] for f in held.values()})
    tried = dict.fromkeys(a["subject"] for a in lines)
    parts: Value = {
        "page": page,
        "eyebrow": " · ".join(
            [
                "Indication",
                fields.titles(snapshot)[fields.field_of(snapshot, reading.catalogue(snapshot), page["id"])].lower(),
            ]
            + [words.title_of(words.KINDS, k).lower() for k in page["kinds"][1:]]
        ),
        "field": fields.field_of(snapshot, reading.catalogue(snapshot), page["id"]),
        "ranked": [(level, [r for r in rows if r["certainty"] == level]) for level in words.CERTAINTY_ORDER],
        "lines": rows,
        "verdicts": surest(rows),
        "failed": [r for r in rows if r["direction"] == "refutes"],
        "unsure": [r for r in rows if r["direction"] == "insufficient"],
        "tried": len(tried),
        "unrated": unrated(page, tried),
        "untested": untested(page),
        "treatment_harms": treatment_harms(tried, snapshot),
        "harms_elsewhere": [(slug, reading.name_of(snapshot, slug)) for slug in list(tried)[MOST_TREATMENTS:]],
        "harms": sections.harms(page),
        "plots": forest.printed_plots(page["findings"], short, by_subject=True),
        "most_plots": sections.MOST_PLOTS,
        "protocols": sections.protocols(page["protocols"]),
        "claims": sections.claims(page["claims"], MOST_CLAIMS),
        "studied": {f["subject"] for f in page["findings"]},
        "changed": changed(page, snapshot),
        "citer": reading.citer(snapshot),
        "link_of": partial(reading.link_of, snapshot),
        "triggers": sections.cautions(page["triggers"]),
        "cited_findings": sections.cited_findings(page["triggers"], held, snapshot),
    }
    parts["contents"] = contents(parts)
    html = draw("indication", **parts)
    return Fragment(page["name"], html)


def surest(rows: Sequence[ComparedLine]) -> list[ComparedLine]:
    """The bottom lines under the title: one of each treatment that was shown to help or not to, the surest first."""
    told = [r for r in rows if r["direction"] in ("supports", "refutes")]
    told.sort(key=lambda r: (Certainty(r["certainty"]).rank, r["direction"] != "supports"))
    found: dict[str, ComparedLine] = {}
    for row in told:
        found.setdefault(row["subject"], row)
    return list(found.values())[:MOST_VERDICTS]


def unrated(page: Page, rated: Iterable[str]) -> list[Unrated]:
    """Subjects with findings of benefit and no rating: how many findings, which designs, which directions."""
    known = set(rated)
    found: dict[str, Unrated] = {}
    for f in page["findings"]:
        if f["relation"] not in {"treats", "compared-with"} or f["subject"] in known:
            continue
        entry = found.setdefault(
            f["subject"],
            {"id": f["subject"], "name": f["subject_name"], "n": 0, "designs": [], "directions": {}, "studies": ""},
        )
        entry["n"] += 1
        entry["designs"].append(f["design"])
        entry["directions"][f["direction"]] = entry["directions"].get(f["direction"], 0) + 1
    for entry in found.values():
        entry["studies"] = words.designs_text(entry["designs"])
    return sorted(found.values(), key=lambda e: -e["n"])


def untested(page: Page) -> list[tuple[str, str, int]]:
    """What popular pages say treats it and no finding here speaks of: id, name, how many claims."""
    spoken = {f["subject"] for f in page["findings"]} | {w["id"] for f in page["findings"] for w in f["with"]}
    spoken |= {f["technique"] for f in page["findings"] if f["technique"]} | {page["id"]}
    counts: dict[tuple[str, str], int] = {}
    for c in page["claims"]:
        if c["relation"] == "treats" and c["subject"] not in spoken:
            counts[c["subject"], c["subject_name"]] = counts.get((c["subject"], c["subject_name"]), 0) + 1
    return [(*who, n) for who, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def treatment_harms(subjects: Iterable[str], snapshot: Snapshot) -> list[TreatmentHarms]:
    """For each treatment its gravest and most frequent harms, and what forbids it; the template says what it leaves out."""
    told: list[TreatmentHarms] = []
    for slug in list(subjects)[:MOST_TREATMENTS]:
        try:
            page = snapshot.monograph(slug)
        except KeyError:
            continue
        serious = [h for g in page["harms"] if g["group"] == "rare-serious" for h in g["items"]]
        other = [h for g in page["harms"] if g["group"] != "rare-serious" for h in g["items"]]
        frequent = [h for h in other if h["direction"] == "supports" and h["band"] in {"very common", "common"}]
        frequent.sort(key=sections.frequency_order)
        grave = [c["trigger_name"] for c in sections.warned(page) if c["severity"] == "contraindicated"]
        if page["harms"] or grave:
            told.append(
                {
                    "id": slug,
                    "name": page["name"],
                    "kind": page["kind"],
                    "serious": unique(serious),
                    "frequent": unique(frequent),
                    "grave": list(dict.fromkeys(grave)),
                }
            )
    return told


def unique(harms: Iterable[HarmValue]) -> list[HarmValue]:
    """One entry a harm, its first, in the order given."""
    found: dict[str, HarmValue] = {}
    for h in harms:
        found.setdefault(h["object"], h)
    return list(found.values())


def contents(parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    page = parts["page"]
    entries = (
        ("tried", "What has been tried", True),
        ("without", "Without evidence", parts["unrated"] or parts["untested"]),
        ("treatment-harms", "Harms of these", parts["treatment_harms"]),
        ("harms", "Reported causes", page["harms"]),
        ("triggers", "Listed as a caution for", parts["triggers"]),
        ("plots", "Effects as printed", parts["plots"]),
        ("protocols", "Protocols", page["protocols"]),
        ("claims", "Popular claims", page["claims"]),
        ("changed", "What changed", parts["changed"]),
        ("references", "References", page["references"]),
    )
    return [(id_, label) for id_, label, there in entries if there]


def tree(snapshot: Snapshot) -> Fragment:
    """All indications by field, each with how much stands behind it."""
    rows = reading.catalogue(snapshot)
    amount: dict[str, Amount] = {}
    for cell in reading.evidence_map(snapshot):
        entry = amount.setdefault(cell["object"], {"subjects": 0, "findings": 0, "best": None})
        entry["subjects"] += 1
        entry["findings"] += cell["findings"]
        if cell["certainty"] and (
            entry["best"] is None or Certainty(cell["certainty"]).rank < Certainty(entry["best"]).rank
        ):
            entry["best"] = cell["certainty"]
    shelves = []
    for field, title in fields.titles(snapshot).items():
        members = [i for i in fields.indications(rows) if fields.field_of(snapshot, rows, i) == field]
        entries: list[Entry] = [
            {
                "id": slug,
                "name": rows[slug]["name"],
                "depth": depth,
                "amount": amount.get(slug),
                "href": links.href_of(slug, "indication"),
            }
            for slug, depth in fields.in_hierarchy(rows, members)
        ]
        if entries:
            shelves.append({"field": field, "title": title, "entries": entries, "nested": nested(entries)})
    return Fragment("Indications", draw("indications", shelves=shelves, total=sum(len(s["entries"]) for s in shelves)))


def nested(entries: list[Entry]) -> list[Branch]:
    """The flat hierarchy as a tree: every entry with its `below`."""
    top: list[Branch] = []
    line: list[Branch] = []
    for entry in entries:
        node: Branch = {**entry, "below": []}
        del line[entry["depth"] :]
        (line[-1]["below"] if line else top).append(node)
        line.append(node)
    return top
