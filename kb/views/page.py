"""What a dashboard notebook calls: show a view of the snapshot, then answer the page's requests for other views.

The view is put out as an ordinary display, so the server's first answer already holds the content. After that a comm
named `kb` carries requests from the page's script and answers to it (see `assets/session.js`):

    {"id": 1, "op": "page", "view": "ingredient", "params": {"ingredient": ["biotin"]}}
        -> {"id": 1, "title": "Biotin", "html": "<article>…", "status": 200}
    {"id": 2, "op": "suggest", "text": "rogai", "kinds": []}
        -> {"id": 2, "items": [{"label": …, "kind": …, "note": …, "href": …, "value": …}]}
    {"id": 3, "op": "review", "card": {…} or null, "rating": "good"}
        -> {"id": 3, "card": {…}}, the state the learner's browser keeps (see `kb.learning.cards`)

What a request holds is neither logged nor kept: it may speak of a patient.
"""

from __future__ import annotations

import contextlib
import logging
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from kb import views
from kb.snapshot import FILE, Snapshot, open_snapshot
from kb.views.drawing import Medium, under
from kb.views.shell import NAVIGATION, Fragment, Page

PAGE_MIME = "application/vnd.kb.page+json"
MAX_FIELDS = 200
MAX_TEXT = 200
PRIVATE = frozenset({"precheck"})  # views that are asked about a patient: never kept, sent by POST or comm only
FAILED = Fragment(
    "Something went wrong",
    '<div class="empty"><h1>Something went wrong</h1><p>This page could not be shown. The fault is ours and has been '
    'noted, without what you asked for.</p><p><a class="button" href="./">Home</a></p></div>',
    500,
)


@dataclass(frozen=True)
class Failed(Fragment):
    """The page of a fault, with what failed and where for whoever writes the log."""

    fault: str = ""


NO_SUCH_PAGE = Fragment("Not found", '<div class="empty"><h1>There is no such page</h1></div>', 404)
log = logging.getLogger(__name__)


def edition() -> str:
    return os.environ.get("KB_EDITION", "clinician")


def _medium() -> Medium:
    return Medium(edition(), outside=under(os.environ.get("KB_URL", "")))


def views_of(name: str) -> frozenset[str]:
    """The views an edition may show."""
    return frozenset(item.view for item in NAVIGATION[name])


def fault(error: BaseException) -> str:
    """What failed and where, without the message: that could repeat what a reader asked about a patient."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join([type(error).__name__, *(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))])


@cache
def _snapshot() -> Snapshot:
    """The snapshot named by KB_SNAPSHOT, opened once and read-only; without a name, that of the project we are in."""
    named = os.environ.get("KB_SNAPSHOT")
    here = Path.cwd()
    found = next((folder / FILE for folder in (here, *here.parents) if (folder / FILE).exists()), FILE)
    return open_snapshot(Path(named) if named else found)


def page(view: str, params: Mapping[str, list[str]]) -> Page:
    """Render one view. A fault inside it becomes a page that says so; its cause is logged, the request is not."""
    if view not in views_of(edition()):
        return NO_SUCH_PAGE
    try:
        if view in PRIVATE:
            return views.render(view, params, _snapshot(), _medium())
        return _render(view, tuple((name, tuple(values)) for name, values in sorted(params.items())))
    except Exception as error:
        log.error("view %s failed: %s", view, fault(error))
        return Failed(FAILED.title, FAILED.html, FAILED.status, fault=fault(error))


def page_of(view: str, params: Mapping[str, list[str]], snapshot: Snapshot, edition: str, url: str = "") -> Page:
    """The same from a snapshot of one's own, for an edition that offers the view, reached under `url`; nothing is remembered."""
    try:
        return views.render(view, params, snapshot, Medium(edition, outside=under(url)))
    except Exception as error:
        log.error("view %s failed: %s", view, fault(error))
        return FAILED


@lru_cache(maxsize=32)
def _render(view: str, params: tuple[tuple[str, tuple[str, ...]], ...]) -> Page:
    """A page as last rendered: the snapshot does not change, and readers go back and forth."""
    return views.render(view, {name: list(values) for name, values in params}, _snapshot(), _medium())


@cache
def rehearse() -> None:
    """Do everything that takes time before a reader comes: import, open the snapshot, fill the template caches. Once.

    Raises RuntimeError, naming what failed and where, when a page cannot be drawn.
    """
    try:
        views.warm(_snapshot(), views_of(edition()))
    except Exception as error:
        raise RuntimeError(fault(error)) from None


def warm() -> None:
    """Be ready for a reader. Raises RuntimeError as `rehearse` does: such a kernel must not be handed out."""
    rehearse()
    listen()


def opened() -> Snapshot:
    """The snapshot that pages are drawn from."""
    return _snapshot()


def params_of(query: str) -> dict[str, list[str]]:
    """The parameters of a query string; an overlong one counts as none."""
    try:
        return parse_qs(query, max_num_fields=MAX_FIELDS)
    except ValueError:
        return {}


def show(view: str) -> None:
    """Display `view` with the parameters of the request this kernel was given, and open the line to the page."""
    from IPython.display import display

    if os.environ.get("VOILA_PREHEAT") == "True":  # this kernel is heated by Voilà itself and waits for its request
        from voila.utils import wait_for_request

        with contextlib.suppress(RuntimeError):  # Voilà has no other kernel to give; the page says what it can
            warm()
        wait_for_request()
    shown = page(view, params_of(os.environ.get("QUERY_STRING", "")))
    listen()
    packet = {"title": shown.title, "html": shown.html, "status": shown.status, "view": view}
    packet["fault"] = shown.fault if isinstance(shown, Failed) else ""
    display({"text/html": shown.html, PAGE_MIME: packet}, raw=True)  # type: ignore[no-untyped-call]


def _checked_params(raw: object) -> dict[str, list[str]]:
    if not isinstance(raw, dict) or len(raw) > MAX_FIELDS:
        raise ValueError("params")
    params = {str(name): [str(value) for value in values] for name, values in raw.items() if isinstance(values, list)}
    if sum(map(len, params.values())) > MAX_FIELDS:
        raise ValueError("params")
    return params


def _answer_page(request: Mapping[str, Any]) -> dict[str, Any]:
    shown = page(str(request.get("view")), _checked_params(request.get("params", {})))
    return {"title": shown.title, "html": shown.html, "status": shown.status}


def _answer_suggest(request: Mapping[str, Any]) -> dict[str, Any]:
    text = str(request.get("text", ""))[:MAX_TEXT]
    kinds = [str(kind) for kind in request.get("kinds") or []]
    return {"items": views.suggest(text, kinds, _snapshot())}


def answer_review(request: Mapping[str, Any]) -> dict[str, Any]:
    """The next state of a learner's card after a rating; without a rating, when each would make it due.

    Raises ValueError (or what a hostile card provokes) for anything that is no card.
    """
    from kb.learning.cards import preview, review

    if request.get("rating") is None:
        return {"due": preview(request.get("card"))}
    return {"card": review(request.get("card"), request.get("rating"))}


_ANSWERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "page": _answer_page,
    "suggest": _answer_suggest,
    "review": answer_review,
}


def answer(request: object) -> dict[str, Any]:
    """Answer one request of the page. Whatever it holds, the answer is a plain dictionary and never a traceback."""
    if not isinstance(request, dict) or not isinstance(request.get("id"), int):
        return {"id": 0, "error": "not a request"}
    reply = _ANSWERS.get(str(request.get("op")))
    try:
        if reply is None:
            raise ValueError("op")
        return {"id": request["id"], **reply(request)}
    except Exception as error:
        log.error("request failed: %s", fault(error))
        return {"id": request["id"], "error": "the request could not be answered"}


@cache
def listen() -> None:
    """Answer comms named `kb`. Called again it changes nothing."""
    from comm import get_comm_manager

    def opened(comm: Any, _message: Mapping[str, Any]) -> None:
        comm.on_msg(lambda message: comm.send(answer(message["content"]["data"])))
        comm.send({"ready": True})

    get_comm_manager().register_target("kb", opened)
