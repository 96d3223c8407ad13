"""Every address the server answers, in one list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.serve.answers import NotFound
from kb.serve.api import Api, ApiHandler, is_installed
from kb.serve.desk import Desk
from kb.serve.health import Health, MetricsHandler, Ready
from kb.serve.hub import HubSignIn
from kb.serve.notebooks import NotebookHandler, SessionEnd, SessionSocket, VoilaAddress
from kb.serve.pages import (
    AssetHandler,
    Assets,
    DocumentsHandler,
    FragmentHandler,
    PageHandler,
    ReleaseHandler,
    ReviewHandler,
    Slash,
    SuggestHandler,
    WordsHandler,
)
from kb.serve.signin import SignIn, SignOut
from kb.serve.widgets import WidgetHandler

KERNEL_ID = r"(?P<kernel_id>\w{8}-\w{4}-\w{4}-\w{4}-\w{12})"


def routes(desk: Desk, voila_configuration: Any, documents: Path) -> list[Any]:
    """Tornado's table: pattern, handler, what the handler is given. `documents` is the folder of the Data Docs."""
    base, only = desk.base, {"desk": desk}
    with_voila = {"desk": desk, "voila_configuration": voila_configuration}
    api = [(f"{base}api/v1(/.*)?", ApiHandler, {"desk": desk, "api": Api(desk)})] if is_installed() else []
    return [
        *api,
        (f"{base}healthz", Health, only),
        (f"{base}readyz", Ready, only),
        (f"{base}metrics", MetricsHandler, only),
        (f"{base}release", ReleaseHandler, only),
        (f"{base}sign-in", SignIn, only),
        (f"{base}sign-out", SignOut, only),
        (f"{base}oauth_callback", HubSignIn, only),
        (rf"{base}widget/([a-z-]+)", WidgetHandler, only),
        (f"{base}suggest", SuggestHandler, only),
        (f"{base}words/([0-9a-f]+)", WordsHandler, only),
        (f"{base}review", ReviewHandler, only),
        (f"{base}static/(.*)", AssetHandler, {"desk": desk, "assets": Assets()}),
        (f"{base}data-docs/(.*)", DocumentsHandler, {"desk": desk, "folder": documents}),
        (f"{base}fragment/([0-9a-f]+)/([a-z-]+)", FragmentHandler, only),
        (f"{base}notebook/([a-z-]*)", NotebookHandler, with_voila),
        (rf"{base}voila/render/([a-z-]+)(?:\.ipynb)?", VoilaAddress, only),
        (f"{base}api/kernels/{KERNEL_ID}/channels", SessionSocket, only),
        (f"{base}session/{KERNEL_ID}/end", SessionEnd, only),
        (f"{base}([a-z-]+)/", Slash, only),
        (f"{base}([a-z-]*)", PageHandler, only),
    ]


def fallback(desk: Desk) -> tuple[type[NotFound], dict[str, Any]]:
    """What answers every other address."""
    return NotFound, {"desk": desk}
