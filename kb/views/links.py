"""Addresses of views, and which outside addresses may be linked.

Every link to a view is made by `href`, so that a site without a server can put file names in their place (`Medium.address`).
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from kb.views.drawing import medium
from kb.views.shell import HOME

_VIEW_OF_KIND = {"indication": "indication", "claim": "claims", "reference": HOME}
_PARAM_OF_KIND = {"indication": "indication", "claim": "claim", "reference": "paper"}


def has_server() -> bool:
    """Whether pages are drawn for a server, which has more to show than views; files without one have not."""
    return medium().served


def href(view: str, anchor: str = "", **params: str | list[str] | None) -> str:
    """The address of a view; false where the medium has no such page.

    Parameters without a value are left out; `anchor` is an id on the page it opens.
    """
    given = {k: v if isinstance(v, list) else [v] for k, v in params.items() if v}
    return medium().address(view, given, anchor)


def href_of(slug: str, kind: str | None = None, anchor: str = "") -> str:
    """The address of the page of one thing; indications, claims and papers have views of their own."""
    view = _VIEW_OF_KIND.get(kind or "", "ingredient")
    return href(view, anchor, **{_PARAM_OF_KIND.get(kind or "", "ingredient"): slug})


def outside(url: str | None) -> str | None:
    """The address when a browser may be sent there (http or https with a host that has a name), else None.

    A page at a bare number says nothing of who keeps it; that a source was seen there stays in the record.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    named = parts.netloc and not _is_number(parts.hostname or "")
    return url.strip() if parts.scheme.lower() in {"http", "https"} and named else None


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
