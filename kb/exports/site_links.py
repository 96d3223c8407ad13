"""The link builder of the static site: from a view and its parameters to a file, seen from the page that links to it.

A place on another page can be named only when that page is made: whether it has the place, and which page of the ledger
holds a claim, is known at the end. Such a link is written as a mark, and `settled` puts the address in its stead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kb.exports.site_address import CLAIM, Address, address, one_address
from kb.views.drawing import ABSENT, Resolver

_MARK = "kb:place:"
SEARCH = "search.html"


class Links:
    """Links of all pages. `plan` is given every page that is linked to, with the file that links to it."""

    def __init__(self, page_of: Mapping[str, Address], plan: Callable[[Address, str], None]) -> None:
        self._page_of, self._plan = page_of, plan
        self._places: dict[tuple[str, str], int] = {}

    def of(self, file: str) -> Resolver:
        """What links look like on the page `file`."""
        up = "../" * file.count("/")

        def resolve(view: str, params: Mapping[str, list[str]], anchor: str) -> str:
            found = address(view, params)
            if found is None:
                return ABSENT
            if found.file.startswith(CLAIM):
                return self._mark(found.file, "")
            found = one_address(found, self._page_of)
            if found.file != SEARCH:
                self._plan(Address(found.file, found.view, found.params), file)
            place = found.anchor or anchor
            return self._mark(found.file, place) if place else up + found.file + found.query

        return resolve

    def _mark(self, file: str, place: str) -> str:
        return f"{_MARK}{self._places.setdefault((file, place), len(self._places))}:"

    def settled(
        self, pages: Mapping[str, str], place_of_claim: Mapping[str, str], parts: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """The pages with an address for every mark. A place that its page has not is left out: the page alone is linked.

        With `parts` it is these instead: pieces of pages at the top.
        """
        known = {number: _place(*place, pages, place_of_claim) for place, number in self._places.items()}
        if parts is not None:
            return {file: _filled(text, "", known) for file, text in parts.items()}
        return {file: _filled(text, "../" * file.count("/"), known) for file, text in pages.items()}


def _place(file: str, place: str, pages: Mapping[str, str], place_of_claim: Mapping[str, str]) -> str:
    if file.startswith(CLAIM):
        return place_of_claim.get(file.removeprefix(CLAIM), "claims/index.html")
    there = file not in pages or f' id="{place}"' in pages[file]
    return f"{file}#{place}" if there else file


def _filled(text: str, up: str, known: Mapping[int, str]) -> str:
    first, *rest = text.split(_MARK)
    parts = [first]
    for part in rest:
        number, _, after = part.partition(":")
        parts += up + known[int(number)], after
    return "".join(parts)
