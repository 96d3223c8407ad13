"""What the static site says to machines: the search index, and schema.org metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kb.exports.site_address import Address, address, one_address
from kb.questions.care import cards
from kb.questions.search import NOTHING_UNDER_THIS_NAME
from kb.views import words

if TYPE_CHECKING:
    from kb.questions.shapes import Page
    from kb.snapshot import Snapshot

_VIEW = {"indication": "indication"}


def search_index(
    snapshot: Snapshot, place_of_claim: Mapping[str, str], page_of: Mapping[str, Address]
) -> dict[str, Any]:
    """What `search.js` searches, and what it calls what it finds.

    `rows` are [id, kind, name, file, other names, hint, text] of everything that can be found, as the search of the server has
    them; `cards` [name, file, id] of the emergency and aftercare cards, which answer above the hits; `alike` stands above hits
    that only look like what was typed.
    """
    texts = snapshot.texts()
    rows: list[list[Any]] = []
    for id_, kind, name, aliases, hint in snapshot.entries():
        if kind == "claim":
            file = place_of_claim.get(id_, "claims/index.html")
        else:
            view = _VIEW.get(kind, "ingredient")
            found = address("home", {"paper": [id_]}) if kind == "reference" else address(view, {view: [id_]})
            assert found, id_
            file = one_address(found, page_of).file
        told = hint if kind in {"claim", "reference"} else ""
        rows.append([id_, kind, name, file, json.loads(aliases), told, texts[id_]])
    advice = []
    for card in cards(snapshot).values():
        at = address("care", {"card": [card["id"]]})
        if at:
            advice.append([card["name"], at.file, card["id"]])
    titles = {kind: words.title_of(words.KINDS_MANY, kind) for kind in sorted({row[1] for row in rows})}
    one = {kind: words.title_of(words.KINDS, kind) for kind in titles}
    said = {"titles": titles, "one": one, "verdicts": dict(words.VERDICTS), "alike": NOTHING_UNDER_THIS_NAME}
    return {"rows": rows, "cards": advice, **said}


_SAYS = (
    "summary", "mechanism", "profile", "children", "regulatory", "assessments", "findings", "harms", "cautions",
    "inherited_cautions", "triggers", "mixing", "protocols", "claims", "also_in", "compared_with",
)  # fmt: skip
"""What a page may have to say besides names and codes."""


def _says(page: Page) -> bool:
    return any(value for key, value in page.items() if key in _SAYS)


def main_pages(snapshot: Snapshot) -> dict[str, Address]:
    """Things whose page is another than their name would have it: slug to address.

    An indication has one page, that of indications. A medicine of which nothing is recorded but its name and its class is
    led to the class.
    """
    found: dict[str, Address] = {}
    for row in snapshot.document("catalogue"):
        slug, kinds = row["id"], row["kinds"]
        if row["kind"] == "indication":
            found[slug] = Address(f"indication/{slug}.html", "indication", {"indication": [slug]})
        elif kinds == ["substance"] and row["parents"] and not _says(snapshot.monograph(slug)):
            parent = row["parents"][0]
            found[slug] = Address(f"ingredient/{parent}.html", "ingredient", {"ingredient": [parent]})
    # A class may itself be led to a broader one.
    for slug, at in found.items():
        seen = {slug}
        while (above := at.params.get("ingredient", [""])[0]) in found and above not in seen:
            seen.add(above)
            at = found[above]
        found[slug] = at
    return found


_TYPE = {
    "ingredient": "Substance",
    "technique": "MedicalProcedure",
    "indication": "MedicalCondition",
    "condition": "MedicalCondition",
    "adverse-effect": "MedicalSignOrSymptom",
    "substance": "Substance",
}


MOST_CITED = 20
"""Papers named to machines in the head of a page; the page itself names all."""
_CITING = frozenset({"ingredient", "technique", "indication"})
"""Pages that weigh evidence. Those of a harm or a condition gather what the others say, with the same papers."""


def schema_org(snapshot: Snapshot, file: str, title: str, base_url: str) -> dict[str, Any]:
    """schema.org JSON-LD of a page: what it is about, with its codes and the papers it cites."""
    release = snapshot.meta.get("release") or snapshot.meta["version"]
    page: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": title or snapshot.field["name"],
        **({"url": base_url + file.removesuffix("index.html"), "isPartOf": {"@id": base_url}} if base_url else {}),
        "lastReviewed": snapshot.meta["date"],
    }
    if file == "index.html":
        page["isPartOf"] = {
            "@type": "Dataset",
            **({"@id": base_url} if base_url else {}),
            "name": snapshot.field["name"],
            "version": release,
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "audience": {"@type": "MedicalAudience", "audienceType": "Clinician"},
        }
    folder, _, name = file.rpartition("/")
    slug = name.removesuffix(".html")
    if folder in {"ingredient", "indication"} and slug in snapshot.ids:
        monograph = snapshot.monograph(slug)
        page["about"] = {
            "@type": _TYPE.get(monograph["kind"], "MedicalEntity"),
            "name": monograph["name"],
            "alternateName": [*monograph["synonyms"], *monograph["brands"]],
            "code": [
                {"@type": "MedicalCode", "codingSystem": link["caption"], "codeValue": link["code"]}
                for link in monograph["identifier_links"]
            ],
        }
    if folder in {"ingredient", "indication"} and slug in snapshot.ids and monograph["kind"] in _CITING:
        page["citation"] = [r["links"][0]["url"] for r in monograph["references"] if r["links"]][:MOST_CITED]
    return page
