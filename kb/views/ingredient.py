"""The monograph of anything the base has a page for, and without an id the A to Z of ingredients and techniques.

Where much has been studied the findings one by one have a page of their own (`part=findings`), so that no page is heavy.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from kb.model.terms import ACTORS, CocktailRole
from kb.questions.shapes import FindingValue
from kb.views import care, catalogue, dosing, links, product, reading, sections, words
from kb.views.changed import changed
from kb.views.charts import forest
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import Page
    from kb.snapshot import Snapshot

Value = dict[str, Any]

MOST_CLAIMS = 8
MOST_CARDS = 3
"""Emergency and aftercare cards named at the head of a page."""
FIRST_LINES = 3
"""Bottom lines of a route shown before the fold."""
MOST_FINDINGS = 60
"""More findings than this are a page of their own."""
MOST_VERDICTS = 3
"""Verdicts under the title: the best-rated one of each of the first groups of routes."""


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    asked = reading.asked(params)
    if not asked:
        return catalogue.render(params, snapshot)
    try:
        page = snapshot.monograph(asked)
    except KeyError:
        if asked in snapshot.precheck.products:
            return product.show(asked, snapshot)
        return reading.not_found(asked, (), snapshot)
    return findings_alone(page, snapshot) if reading.first(params, "part") == "findings" else show(page, snapshot)


def findings_alone(page: Page, snapshot: Snapshot) -> Fragment:
    """Only the findings of a page value, one by one with their references."""
    rows = findings(page, snapshot)
    html = draw(
        "findings",
        page=page,
        findings=rows,
        citer=reading.citer(snapshot),
        link_of=partial(reading.link_of, snapshot),
        row_of=partial(_row, ""),
    )
    return Fragment(f"Findings on {page['name']}", html)


def show(page: Page, snapshot: Snapshot) -> Fragment:
    """The monograph of a page value as `kb.questions.page` gives it."""
    actor = page["kind"] in ACTORS
    held = sections.by_id(page)
    lines = sections.bottom_lines(page, held, snapshot)
    studied, unstated = sections.studied(page, snapshot) if actor else ([], 0)
    own = sections.warned(page)
    cautions = sections.cautions(own)
    names = {slug: row["name"] for slug, row in reading.catalogue(snapshot).items()}
    short = sections.short_names(snapshot, {f["reference"] for f in held.values()})
    rows = findings(page, snapshot)
    apart = links.href("ingredient", ingredient=page["id"], part="findings") if len(rows) > MOST_FINDINGS else ""
    parts: Value = {
        "page": page,
        "apart": apart,
        "row_of": partial(_row, page["id"] if apart else ""),
        "actor": actor,
        "eyebrow": eyebrow(page),
        "controlled": sections.controlled(page),
        "lines": lines,
        "groups": (groups := dosing.by_route(lines)),
        "verdicts": [g["lines"][0] for g in groups][:MOST_VERDICTS],
        "first_lines": FIRST_LINES,
        "boxes": (boxes := dosing.boxes(page, studied, snapshot) if actor else []),
        "dose": dosing.lead(boxes) if page["kind"] == "ingredient" else None,
        "names": dosing.names(page),
        "studied": studied,
        "unstated": unstated,
        "summary": sections.summary_of_findings(lines) if actor else [],
        "plots": [*forest.pooled_plots(page, short, names), *forest.printed_plots(page["findings"], short)],
        "most_plots": sections.MOST_PLOTS,
        "harms": sections.harms(page),
        "mixing": sections.mixing(page),
        "cautions": cautions,
        "brief": sections.in_brief(cautions),
        "triggers": sections.cautions(page["triggers"]),
        "cited_findings": sections.cited_findings([*own, *page["triggers"]], held, snapshot),
        "protocols": sections.protocols(page["protocols"]),
        "claims": sections.claims(page["claims"], MOST_CLAIMS),
        "findings": rows,
        "also_in": also_in(page),
        "siblings": siblings(page, snapshot),
        "products": product.holding(page["id"], snapshot),
        "profile": [(words.TRAITS[k], v) for k, v in (page["profile"] or {}).items() if v and k in words.TRAITS],
        "care": care.cards_of(page["id"], snapshot)[:MOST_CARDS],
        "changed": changed(page, snapshot),
        "citer": reading.citer(snapshot),
        "link_of": partial(reading.link_of, snapshot),
        "name_of": lambda slug: reading.name_of(snapshot, slug),
    }
    parts["contents"] = contents(parts)
    return Fragment(page["name"], draw("ingredient", **parts))


def eyebrow(page: Page) -> str:
    """`Ingredient · drug`, with the role where a cocktail never holds it."""
    kinds = [words.title_of(words.KINDS, k) for k in page["kinds"]]
    kind = page["ingredient_kind"].replace("-", " ") if page["ingredient_kind"] else ""
    role = words.ROLES[CocktailRole.NOT_USED] if page["role"] and page["role"]["value"] == CocktailRole.NOT_USED else ""
    also = f", also a {words.listed([k.lower() for k in kinds[1:]])}" if kinds[1:] else ""
    return " · ".join(filter(None, (kinds[0] + also, kind, role)))


class FindingRow(TypedDict):
    """A row of the table of findings; `other` when it is another subject's, `filter` the words by which rows are chosen."""

    f: FindingValue
    other: bool
    relation: str
    how: str
    schedule: str
    followed: str
    filter: str
    harm: str


def findings(page: Page, snapshot: Snapshot) -> list[FindingRow]:
    """Rows of the findings table: own findings first, then those of others that compare themselves with it."""
    rows: list[FindingRow] = []
    for f in (*page["findings"], *page["compared_with"]):
        relation = words.title_of(words.RELATIONS, f["relation"])
        rows.append(
            {
                "f": f,
                "other": f["subject"] != page["id"],
                "relation": relation,
                "how": sections.how_given(f, snapshot),
                "schedule": words.schedule_text(f),
                "followed": words.weeks(f["follow_up_weeks"]),
                "filter": sections.finding_words(f),
                "harm": words.frequency_text(f["frequency"]) if f["frequency"] else "",
            }
        )
    return rows


def also_in(page: Page) -> list[tuple[str, str, int]]:
    """Subjects whose findings had this in the preparation or as their technique: id, name, how many findings."""
    counts: dict[tuple[str, str], int] = {}
    for x in page["also_in"]:
        counts[x["subject"], x["subject_name"]] = counts.get((x["subject"], x["subject_name"]), 0) + 1
    return [(*who, n) for who, n in sorted(counts.items(), key=lambda item: (-item[1], item[0][1]))]


def siblings(page: Page, snapshot: Snapshot) -> list[tuple[str, str]]:
    """Things of the same kind under the same parents, with the address that compares the two."""
    parents = {p["id"] for p in page["parents"]}
    if page["kind"] not in ACTORS or not parents:
        return []
    found = [
        row
        for row in reading.catalogue(snapshot).values()
        if row["kind"] == page["kind"] and row["id"] != page["id"] and parents & set(row["parents"]) and row["findings"]
    ]
    found.sort(key=lambda row: -row["findings"])
    return [(row["name"], links.href("compare", item=[page["id"], row["id"]])) for row in found[:5]]


def contents(parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The sections the page will have, in order: id and label."""
    page = parts["page"]
    entries = (
        ("bottom-line", "Bottom line", bool(parts["actor"] or parts["lines"])),
        ("dosing", "Dosing", parts["boxes"]),
        ("regulatory", "Regulatory status", page["regulatory"]),
        ("cautions", "Cautions", parts["cautions"]),
        ("nothing-found", "Looked for, nothing found", page["nothing_found"]),
        ("triggers", "Listed as a caution for", page["triggers"]),
        ("harms", "Harms", page["harms"] or parts["actor"]),
        ("summary-of-findings", "Summary of findings", parts["summary"] or parts["plots"]),
        ("studied", "What was studied", parts["studied"]),
        ("mixing", "Mixing", page["mixing"] or page["kind"] == "ingredient"),
        ("protocols", "Protocols", page["protocols"]),
        ("claims", "Popular claims", page["claims"]),
        ("about-it", "What it is", page["mechanism"] or parts["profile"] or page["role"]),
        ("findings", "Findings", parts["findings"]),
        ("changed", "What changed", parts["changed"]),
        ("references", "References", page["references"]),
    )
    return [(id_, label) for id_, label, there in entries if there]


def _row(apart: str, finding: str) -> str:
    """The address of a finding's row: on this page, or on that of all findings on `apart`."""
    anchor = f"f-{finding}"
    return links.href("ingredient", anchor, ingredient=apart, part="findings") if apart else f"#{anchor}"
