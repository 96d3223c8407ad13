"""Addresses of views, and which outside addresses may be linked.

Every link to a view is made by `href`, so that a site without a server can put file names in their place
(see `resolved_by`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlencode, urlsplit

HOME = "home"

Resolver = Callable[[str, Mapping[str, list[str]]], str]

_VIEW_OF_KIND = {"indication": "indication", "claim": "claims", "reference": HOME}
_PARAM_OF_KIND = {"indication": "indication", "claim": "claim", "reference": "paper"}


def query_address(view: str, params: Mapping[str, list[str]]) -> str:
    """`ingredient?ingredient=minoxidil`; home is `./`."""
    base = "./" if view == HOME else view
    query = urlencode(params, doseq=True)
    return f"{base}?{query}" if query else base


_resolver: ContextVar[Resolver] = ContextVar("resolver", default=query_address)


@contextmanager
def resolved_by(resolver: Resolver) -> Iterator[None]:
    """Within the block `resolver(view, params)` decides what links look like."""
    token = _resolver.set(resolver)
    try:
        yield
    finally:
        _resolver.reset(token)


def has_server() -> bool:
    """Whether pages are drawn for a server, which has more to show than views; files without one have not."""
    return _resolver.get() is query_address


def href(view: str, anchor: str = "", **params: str | list[str] | None) -> str:
    """The address of a view. Parameters without a value are left out; `anchor` is an id on the page it opens."""
    given = {k: v if isinstance(v, list) else [v] for k, v in params.items() if v}
    address = _resolver.get()(view, given)
    return f"{address}#{anchor}" if anchor and "#" not in address else address


def href_of(slug: str, kind: str | None = None, anchor: str = "") -> str:
    """The address of the page of one thing; indications, claims and papers have views of their own."""
    view = _VIEW_OF_KIND.get(kind or "", "ingredient")
    return href(view, anchor, **{_PARAM_OF_KIND.get(kind or "", "ingredient"): slug})


def outside(url: str | None) -> str | None:
    """The address when a browser may be sent there (http or https with a host), else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme.lower() in {"http", "https"} and parts.netloc else None
