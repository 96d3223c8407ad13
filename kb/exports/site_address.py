"""Which file of the static site holds which view: the same answer for every link, now and in the next release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

CLAIM = "kb:claim:"
"""Stands for the place of one claim until it is known on which page of the ledger it comes to stand."""

_SLUG = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
_NEEDS_A_KERNEL = {"explore"}
CHECK = "precheck.html"


@dataclass(frozen=True)
class Address:
    """A page of the site: its file, and the view and parameters that make it."""

    file: str
    view: str
    params: Mapping[str, list[str]] = field(default_factory=dict)
    anchor: str = ""
    query: str = ""
    """What the page's own script reads from its address, with the question mark."""


def address(view: str, params: Mapping[str, list[str]]) -> Address | None:
    """The page that shows `view` with `params`, the nearest one there is, or None when the site has none."""
    if view in _NEEDS_A_KERNEL:
        return None
    if view == "revise":
        return None if params.get("question") else Address("revise.html", view)
    if view == "compare":
        asked = urlencode([("item", slug) for slug in params.get("item", ())])
        return Address("compare.html", view, query=f"?{asked}" if asked else "")
    if view == "precheck":
        return Address(CHECK, view)  # what is chosen is never put into an address
    given = {k: v for k, v in params.items() if v and v[0]}
    if view == "home":
        return _home(given)
    if view in {"ingredient", "indication"}:
        whole = _one(view, given, view)
        return _findings(whole) if view in whole.params and given.get("part") == ["findings"] else whole
    if view == "evidence":
        if "subject" in given:  # the papers of one cell stand on the subject's page
            return _one("ingredient", {"ingredient": given["subject"]}, "ingredient", "findings")
        return _one(view, {k: v for k, v in given.items() if k == "field" and v != ["all"]}, "field")
    if view == "claims":
        return _claims(given)
    if view == "quiz":
        return _quiz(given)
    if view == "topics" and "step" in given:
        path, step = given["path"][0], given["step"][0]
        return Address(f"topics/{path}--{step}.html", view, {"path": [path], "step": [step]})
    if len(given) == 1 and len(next(iter(given.values()))) == 1:
        return _one(view, given, next(iter(given)))
    return Address(f"{view}/index.html", view) if not given else None


def _home(given: Mapping[str, list[str]]) -> Address:
    if "q" in given:
        return Address("search.html", "home")
    if "paper" in given and _SLUG.match(given["paper"][0]):
        return Address(f"paper/{given['paper'][0]}.html", "home", {"paper": given["paper"]})
    return Address("index.html", "home")


def _one(view: str, given: Mapping[str, list[str]], name: str, anchor: str = "") -> Address:
    value = given.get(name, [""])[0]
    if value and _SLUG.match(value):
        return Address(f"{view}/{value}.html", view, {name: [value]}, anchor)
    return Address(f"{view}/index.html", view)


def _findings(whole: Address) -> Address:
    """The page of all findings on a thing, where they are too many for its own."""
    file = whole.file.removesuffix(".html") + "--findings.html"
    return Address(file, whole.view, {**whole.params, "part": ["findings"]})


def _quiz(given: Mapping[str, list[str]]) -> Address | None:
    """The first set of each kind and field: enough to learn with, where thousands of pages would be too much to carry."""
    if "set" not in given:
        return _one("quiz", given, "field") if set(given) <= {"field"} else None
    if given["set"] != ["1"] or "answer" in given:
        return None
    kind, field, at = (given.get(name, [""])[0] for name in ("kind", "field", "at"))
    kept = {k: v for k, v in given.items() if k in {"kind", "field", "set", "at"}}
    return Address(f"quiz/{kind or 'all'}-{field or 'all'}-{at or '1'}.html", "quiz", kept)


def _claims(given: Mapping[str, list[str]]) -> Address | None:
    if "claim" in given:
        return Address(f"{CLAIM}{given['claim'][0]}", "claims")
    if "subject" in given:  # what pages say of one thing stands on its monograph
        return _one("ingredient", {"ingredient": given["subject"]}, "ingredient", "claims")
    if "page" in given:
        start = given.get("from", ["0"])
        kept = {"page": given["page"]} | ({"from": start} if start != ["0"] else {})
        stem = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(["page", given["page"][0], *kept.get("from", [])]))
        return Address(f"claims/{stem}.html", "claims", kept)
    # The ledger is turned over page by page under its sources; every other way through it would be another copy of it.
    return None if given else Address("claims/index.html", "claims")


def one_address(found: Address, page_of: Mapping[str, Address]) -> Address:
    """The one page a thing has: an indication under that name only, a medicine that nothing is recorded of with its class."""
    slug = next((found.params[v][0] for v in ("ingredient", "indication") if v in found.params), "")
    main = page_of.get(slug)
    return found if main is None else Address(main.file, main.view, main.params, found.anchor)
