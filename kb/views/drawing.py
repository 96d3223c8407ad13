"""What one page is drawn for: the medium it will stand in, the records it is drawn from, and what it has said already.

Whoever wants a page hands a `Medium` to `kb.views.render`. Templates, and the small functions that they call in the middle of
a page, ask here; this is the only state of the views that is looked up and not handed on (docs/architecture.md says why).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from kb.views.shell import HOME, NAVIGATION

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Resolver = Callable[[str, Mapping[str, list[str]], str], str]
"""From a view, its parameters and an id on its page (or "") to an address, or to `ABSENT`."""


class Absent(str):
    """The address of a page that this medium has not. It is false, and it is never written: ask before linking."""

    __slots__ = ()

    def __html__(self) -> str:
        raise ValueError("a link to a page that is not there; ask `{% if address %}`, or use `link(address, words)`")


ABSENT = Absent()


def query_address(view: str, params: Mapping[str, list[str]], anchor: str = "") -> str:
    """`ingredient?ingredient=minoxidil#harms`; home is `./`."""
    base = "./" if view == HOME else view
    query = urlencode(params, doseq=True)
    return (f"{base}?{query}" if query else base) + (f"#{anchor}" if anchor else "")


def under(url: str) -> Resolver | None:
    """Whole addresses of pages that a server answers under `url`; None without one."""
    root = url.rstrip("/") + "/"
    return (lambda view, params, anchor: root + query_address(view, params, anchor).removeprefix("./")) if url else None


@dataclass(frozen=True)
class Medium:
    """Where a page will stand."""

    edition: str = "clinician"
    """Pages lead only to views that this edition offers."""
    address: Resolver = query_address
    """What links look like."""
    served: bool = True
    """Whether a server answers, which has more to show than views."""
    compact: bool = False
    """Say once what repeats itself: meanings of words and names of papers on hovering, references in brief for paper."""
    copies: bool = True
    """Whether each reference has buttons that copy it."""
    outside: Resolver | None = None
    """What addresses look like to somebody who holds a print; None when nobody said where the pages live."""


@dataclass
class _Drawing:
    medium: Medium = field(default_factory=Medium)
    snapshot: Snapshot | None = None
    named: set[str] = field(default_factory=set)


_drawing: ContextVar[_Drawing] = ContextVar("drawing")


def _now() -> _Drawing:
    return _drawing.get(None) or _Drawing()


@contextmanager
def drawn(medium: Medium, snapshot: Snapshot | None = None) -> Iterator[None]:
    """Within the block one page is drawn for `medium` from `snapshot`."""
    token = _drawing.set(_Drawing(medium, snapshot))
    try:
        yield
    finally:
        _drawing.reset(token)


def medium() -> Medium:
    """The medium of the page that is being drawn; pages that a server answers for clinicians when none is."""
    return _now().medium


def offers(view: str) -> bool:
    """Has the edition that is being drawn this view?"""
    return any(item.view == view for item in NAVIGATION[medium().edition])


def gloss(term: str) -> dict[str, Any] | None:
    """The glossary's term with its `term` and `brief`, or None when there is no glossary at hand or no such term."""
    snapshot = _now().snapshot
    if snapshot is None:
        return None
    try:
        found: dict[str, Any] | None = snapshot.document("glossary").get(term)
    except KeyError:
        return None
    return found


def hover(address: str, text: str) -> Markup:
    """The `title` of a link to a word or paper: on every link, or, said once, on the first one of the page alone."""
    drawing = _now()
    if drawing.medium.compact:
        if address in drawing.named:
            return Markup("")
        drawing.named.add(address)
    return Markup(' title="{}"').format(text)


def leaves() -> Markup:
    """What a link that leaves the site carries. A compact page says it once, in its head (`referrer`)."""
    return Markup("") if medium().compact else Markup(' rel="noreferrer" data-out')


def link(address: str, words: str) -> str:
    """A link, or its words alone where the page is not there."""
    return Markup('<a href="{}">{}</a>').format(address, words) if address else words
