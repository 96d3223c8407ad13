"""The page of a product: maker, presentation, what it declares to hold, its legal class, what regulators say, and what to heed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.model.amount import UNITS
from kb.questions.doses import figure
from kb.views import reading, words
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]

ROLES = {
    "active": "Declared active",
    "excipient": "Excipient",
    "trace": "Trace of manufacture",
    "container": "Container",
}


def show(slug: str, snapshot: Snapshot) -> Fragment:
    """The page of the product with this id; KeyError when there is none."""
    check = snapshot.precheck
    product = check.products[slug]
    parts = [
        part | {"href": _link(part["id"], snapshot), "said": _strength(part["strength"])} for part in product["parts"]
    ]
    html = draw(
        "product",
        id=slug,
        product=product,
        whole=(reading.name_of(snapshot, product["whole"]), _link(product["whole"], snapshot))
        if product["whole"]
        else None,
        technique=(product["technique"], reading.name_of(snapshot, product["technique"]))
        if product["technique"]
        else None,
        shelves=[(title, held) for role, title in ROLES.items() if (held := [p for p in parts if p["role"] == role])],
        routes=words.routes_text(product["routes"]) if product["routes"] else "",
        cautions=sorted(check.cautions.get(slug, ()), key=lambda c: words.SEVERITY_ORDER[c["severity"]]),
        trigger_name=check.name,
        jurisdictions=check.jurisdictions,
        citer=reading.citer(snapshot),
    )
    return Fragment(product["name"], html)


def _strength(given: Value | None) -> str:
    """`25 mg/g`, `50 to 60 IU per vial`; empty when none is declared."""
    if not given:
        return ""
    unit = UNITS[given["unit"]].shown if given["unit"] in UNITS else str(given["unit"])
    high = f" to {figure(given['high'])}" if given.get("high") else ""
    per = f" per {str(given['per']).replace('-', ' ')}" if given.get("per") else ""
    return f"{figure(given['value'])}{high} {unit}{per}"


def _link(slug: str | None, snapshot: Snapshot) -> str:
    return reading.link_of(snapshot, slug) if slug and slug in snapshot.ids else ""


def holding(slug: str, snapshot: Snapshot) -> list[tuple[str, str]]:
    """Products that hold this ingredient, or that a technique is done with: (id, name), by name."""
    found = [
        (id_, product["name"])
        for id_, product in snapshot.precheck.products.items()
        if slug in (product["whole"], product["technique"], *(part["id"] for part in product["parts"]))
    ]
    return sorted(found, key=lambda item: item[1].casefold())
