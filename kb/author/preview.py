"""The reader's own view of a record that is not saved: the views render it from a base in memory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.author.target import Target
from kb.knowledge import KnowledgeBase
from kb.snapshot import Snapshot

if TYPE_CHECKING:
    import networkx as nx

    from kb.questions.precheck import Precheck
    from kb.questions.search import Index
    from kb.questions.shapes import Connection, Neighbour, Page
    from kb.questions.ways import Network


class LiveSnapshot(Snapshot):
    """What a snapshot of this base would answer, worked out when it is asked."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base
        self.file = Path("unsaved")
        release = base.formulary.release
        self.meta = {
            "version": "unsaved",
            "date": max((str(s.review.last) for s in base.subjects.values()), default=""),
            "content": "",
            "release": release.version if release else "",
            "released": str(release.date) if release else "",
        }
        self._documents: dict[str, Any] = {}

    def close(self) -> None:
        """There is nothing to close."""

    def monograph(self, slug: str) -> Page:
        return self.base.monograph(slug)

    def document(self, name: str) -> Any:  # type: ignore[override] # the parent's is wrapped by lru_cache
        if name == "precheck" and name not in self._documents:
            from kb.questions.rules import rules

            self._documents[name] = rules(self.base)
        if name not in self._documents:
            from kb.compile.documents import documents

            self._documents |= documents(self.base)
        return self._documents[name]

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(self.base.lookup.kinds)

    @cached_property
    def index(self) -> Index:
        from kb.questions.search import Index

        return Index.of(self.base)

    @cached_property
    def precheck(self) -> Precheck:
        from kb.questions.precheck import Precheck

        return Precheck.of(self.base)

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        return self.base.graph

    @cached_property
    def network(self) -> Network:
        return self.base.network

    def path(self, a: str, b: str) -> Connection:
        return self.base.path(a, b)

    def neighbours(self, node: str) -> list[Neighbour]:
        rows: list[Neighbour] = []
        for source, target, data in [*self.graph.out_edges(node, data=True), *self.graph.in_edges(node, data=True)]:
            end = self.graph.nodes[target if source == node else source]
            row: Neighbour = {
                "source": source,
                "target": target,
                "relation": data["relation"],
                "kind": end["kind"],
                "name": end["name"],
            }
            rows.append(row)
        return rows


def view_of(target: Target, values: Mapping[str, Any]) -> tuple[str, dict[str, list[str]], str]:
    """The view that shows a record to readers, its parameters, and the anchor of the record on that page."""
    record_id = target.id or str(values.get("id", ""))
    if target.kind == "claim":
        return "claims", {"claim": [record_id]}, record_id
    subject = target.owner if target.list else record_id
    anchor = {"finding": f"f-{record_id}", "assessment": "bottom-line", "caution": "cautions"}.get(target.kind, "")
    return "ingredient", {"ingredient": [subject]}, anchor


_INSIDE = "#inside"


def page_with(base: KnowledgeBase, view: str, params: Mapping[str, list[str]], anchor: str) -> str:
    """The page on which the anchor stands: findings have a page of their own where there are many of them."""
    drawn = page(base, view, params)
    if not anchor.startswith("f-") or f'id="{anchor}"' in drawn:
        return drawn
    apart = page(base, view, {**params, "part": ["findings"]})
    return apart if f'id="{anchor}"' in apart else drawn


def page(base: KnowledgeBase, view: str, params: Mapping[str, list[str]]) -> str:
    """A whole HTML document of the view, with its style sheets inside and without a way out."""
    from kb import views
    from kb.views.drawing import Medium

    shown = views.render(view, params, LiveSnapshot(base), Medium(address=lambda *_: _INSIDE, served=False))
    # Pages of the base lead nowhere from here; addresses of papers open in a tab of their own.
    html = shown.html.replace(f' href="{_INSIDE}"', "")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><base target="_blank">'
        f'<style>{_styles()}</style></head><body><main id="main">{html}</main></body></html>'
    )


@cache
def _styles() -> str:
    from kb.views.shell import ASSETS, STYLES

    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in STYLES if name != "fonts.css").replace(
        "</", "<\\/"
    )
