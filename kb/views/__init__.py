"""From an answer of the base to what a person sees. No rules of medicine live here.

A view is a module `kb.views.<view>` with `render(params, snapshot) -> Fragment` and a template of the same name. It is
imported when it is first asked for, so that a session pays only for what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kb.views.drawing import Medium, drawn
from kb.views.shell import Fragment

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

    View = Callable[[Mapping[str, list[str]], Snapshot], Fragment]

VIEWS = (
    "home", "ingredient", "indication", "evidence", "compare", "precheck", "explore", "claims", "about",
    "topics", "cases", "quiz", "revise", "techniques", "glossary", "care", "mixing", "handout",
)  # fmt: skip
"""Names of the views, in the order of the navigation."""

SERVED = Medium()
"""Pages that a server answers, for clinicians."""

NO_SUCH_VIEW = Fragment(
    "Not found",
    '<div class="empty"><h1>There is no such page</h1><p><a class="button" href="./">Home</a></p></div>',
    404,
)


@cache
def _view(name: str) -> View:
    render: View = import_module(f"kb.views.{name}").render
    return render


def render(view: str, params: Mapping[str, list[str]], snapshot: Snapshot, medium: Medium = SERVED) -> Fragment:
    """The page of a view for a medium: title, what goes inside `<main>`, and its status (404 for what is not known)."""
    if view not in VIEWS:
        return NO_SUCH_VIEW
    with drawn(medium, snapshot):
        if view in {"ingredient", "indication"}:
            from kb.views.reading import page_view

            view = page_view(view, params, snapshot)
        return _view(view)(params, snapshot)


def suggest(text: str, kinds: Sequence[str], snapshot: Snapshot, limit: int = 10) -> list[dict[str, Any]]:
    """Suggestions while typing, best first: label, kind, note, href, value. No `kinds` means all."""
    from kb.views.reading import suggestions

    return suggestions(text, tuple(kinds), snapshot, limit)


def warm(snapshot: Snapshot, names: Collection[str] = VIEWS, medium: Medium = SERVED) -> None:
    """Show one of each of these views, so that the first reader finds modules, templates and documents in memory."""
    for view, params in _examples(snapshot):
        if view in names:
            render(view, params, snapshot, medium)
    suggest("warming", (), snapshot)


def _examples(snapshot: Snapshot) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Every view without parameters, then those that show a thing, with the things most is known of."""
    from kb.views.reading import catalogue

    fullest: dict[str, list[str]] = {}
    for row in sorted(catalogue(snapshot).values(), key=lambda row: -row["findings"]):
        fullest.setdefault(row["kind"], []).append(row["id"])
    ingredients, indications = fullest.get("ingredient", [])[:2], fullest.get("indication", [])[:1]
    for view in VIEWS:
        yield view, {}
    yield "home", {"q": ["warming"]}
    yield "ingredient", {"ingredient": ingredients[:1]}
    yield "indication", {"indication": indications}
    yield "compare", {"item": ingredients}
    yield "precheck", {"ingredient": ingredients, "technique": fullest.get("technique", [])[:1]}
    yield "explore", {"node": ingredients[:1]}
    yield "explore", {"a": ingredients[:1], "b": indications}
