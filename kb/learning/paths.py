"""What a step of a guided path shows, looked up in the base, and what it names that the base no longer has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kb.learning.records import What

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = Mapping[str, Any]

_LISTS = {
    What.BOTTOM_LINE: "assessments",
    What.COMPARISON: "assessments",
    What.EFFECT: "findings",
    What.FINDING: "findings",
    What.CAUTION: "cautions",
    What.PROTOCOL: "protocols",
}
"""Kinds of things that stand on the page of an owner, and the list they stand in."""


def found(show: Mapping[str, Any], snapshot: Snapshot) -> tuple[list[Any], list[str]]:
    """The values a `Show` names, in its order, and the ids that are gone (or have nothing of the kind to show)."""
    what = What(show["what"])
    values, gone = [], []
    for id_ in show["ids"]:
        value = _LOOK[what](id_, snapshot) if what in _LOOK else _listed(id_, _LISTS[what], snapshot)
        if value is None or (what is What.HARMS and not _has_harms(value, show["only"])):
            gone.append(id_)
        else:
            values.append(value)
    return values, gone


def missing(paths: list[Value], snapshot: Snapshot) -> Iterator[str]:
    """One sentence for everything that any step names and the base does not have."""
    for path in paths:
        for step in path["steps"]:
            for show in step["show"]:
                for id_ in found(show, snapshot)[1]:
                    yield f"path {path['id']}, step {step['id']}: the base has no {show['what']} {id_} to show"
                for harm in show["only"]:
                    if not any(_has_harms(v, [harm]) for v in found({**show, "only": []}, snapshot)[0]):
                        yield f"path {path['id']}, step {step['id']}: none of {show['ids']} has the harm {harm}"


def _listed(id_: str, place: str, snapshot: Snapshot) -> Value | None:
    owner = snapshot.document("owners").get(id_)
    if owner is None:
        return None
    page = _page(owner, snapshot)
    value = next((x for x in (page or {}).get(place, ()) if x["id"] == id_), None)
    if value is None and page is not None and place == "findings":
        # A finding of an exposure stands on the pages of what it is about as well as on its own.
        value = next((x for x in page["compared_with"] if x["id"] == id_), None)
    return value


def _page(id_: str, snapshot: Snapshot) -> Value | None:
    try:
        return snapshot.monograph(id_)
    except KeyError:
        return None


def _with(field: str) -> Any:
    def look(id_: str, snapshot: Snapshot) -> Value | None:
        page = _page(id_, snapshot)
        return page if page and page[field] else None

    return look


def _claim(id_: str, snapshot: Snapshot) -> Value | None:
    return next((c for c in snapshot.document("claims") if c["id"] == id_), None)


def _term(id_: str, snapshot: Snapshot) -> Value | None:
    term: Value | None = snapshot.document("glossary").get(id_)
    return term


def _question(id_: str, snapshot: Snapshot) -> Value | None:
    return next((q for q in snapshot.document("questions") if q["id"] == id_), None)


def _depth(id_: str, snapshot: Snapshot) -> Value | None:
    page = _page(id_, snapshot)
    return page if page and (page["profile"] or {}).get("depth") else None


def _has_harms(page: Value, only: list[str]) -> bool:
    harms = {h["object"] for g in page["harms"] for h in g["items"]}
    return bool(harms & set(only) if only else harms)


_LOOK: dict[What, Any] = {
    What.HARMS: _page,
    What.POOLED: _with("pooled"),
    What.REGULATION: _with("regulatory"),
    What.TRAITS: _with("profile"),
    What.LAYERS: _depth,
    What.PAGE: _page,
    What.CLAIM: _claim,
    What.TERM: _term,
    What.QUESTION: _question,
}
