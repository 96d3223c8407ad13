"""The fields a clinician enters by (hair, skin and scars, pigment, fat), and the hierarchy of indications within them.

An indication belongs to the field of its broadest term; a new broadest term falls under *other* until it is placed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kb.model.lineage import lineage

FIELDS = {
    "hair": "Hair",
    "skin": "Skin and scars",
    "pigment": "Pigment",
    "fat": "Fat and cellulite",
    "other": "Pain and other",
}

_ROOTS = {
    "hair": ("hair-loss", "hypotrichosis", "dandruff"),
    "skin": (
        "acne-vulgaris", "cosmetic-skin-conditions", "dry-skin", "enlarged-pore", "facial-erythema", "hyperhidrosis", "rosacea",
        "scar", "seborrheic-dermatitis", "skin-aging", "skin-laxity", "striae-distensae", "telangiectasia", "wrinkle",
    ),
    "pigment": ("hyperpigmentation", "dyschromia", "hypopigmentation", "vitiligo"),
    "fat": ("localized-fat", "cellulite", "lipodystrophy", "lipoma", "xanthelasma"),
}  # fmt: skip
_FIELD_OF_ROOT = {root: field for field, roots in _ROOTS.items() for root in roots}

Catalogue = Mapping[str, Mapping[str, Any]]


def broader(catalogue: Catalogue, slug: str) -> list[str]:
    """The term and every broader one, nearest first."""
    return lineage(slug, lambda term: catalogue.get(term, {}).get("parents", ()))


def field_of(catalogue: Catalogue, slug: str) -> str:
    """The field of an indication: that of the nearest broader term whose group names one, or that is placed here."""
    for term in broader(catalogue, slug):
        group = catalogue.get(term, {}).get("group")
        if group in FIELDS:
            return str(group)
        if term in _FIELD_OF_ROOT:
            return _FIELD_OF_ROOT[term]
    return "other"


def indications(catalogue: Catalogue) -> list[str]:
    return [slug for slug, row in catalogue.items() if "indication" in row["kinds"]]


def in_hierarchy(
    catalogue: Catalogue, slugs: Iterable[str], amounts: Mapping[str, int] | None = None
) -> list[tuple[str, int]]:
    """The terms with their depth, each right after the broader term it stands under; siblings by name.

    With `amounts` (term to how much there is on it) those with most, narrower terms included, go before their siblings.
    """
    wanted = set(slugs)
    weight: dict[str, int] = {}
    for slug, amount in (amounts or {}).items():
        for term in broader(catalogue, slug):
            weight[term] = weight.get(term, 0) + amount
    children: dict[str | None, list[str]] = {}
    for slug in sorted(wanted, key=lambda s: (-weight.get(s, 0), str(catalogue.get(s, {}).get("name", s)).casefold())):
        parent = next((p for p in catalogue.get(slug, {}).get("parents", ()) if p in wanted and p != slug), None)
        children.setdefault(parent, []).append(slug)
    ordered: list[tuple[str, int]] = []
    placed: set[str] = set()

    def place(parent: str | None, depth: int) -> None:
        for slug in children.get(parent, ()):
            if slug not in placed:
                placed.add(slug)
                ordered.append((slug, depth))
                place(slug, depth + 1)

    place(None, 0)
    for slug in sorted(wanted - placed):  # a loop of parents has no top; its terms are not lost
        if slug not in placed:
            placed.add(slug)
            ordered.append((slug, 0))
            place(slug, 1)
    return ordered
