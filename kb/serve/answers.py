"""What all answers have in common: who may have them, their headers, and errors in the look of the site."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from http.client import responses
from typing import Any, TypeVar

import tornado.web

from kb.serve.clerk import BusyError
from kb.serve.desk import Desk
from kb.serve.gate import MISDIRECTED
from kb.serve.security import set_headers
from kb.serve.store import Packed
from kb.views.page import FAILED, fault
from kb.views.shell import Fragment, Page, document

CLIENT_GONE = 499
NOT_FOUND = Fragment(
    "Not found",
    '<div class="empty"><h1>There is no such page</h1><p>The address may be mistyped, or the page may have moved.</p>'
    '<form class="search" role="search" action="{home}" method="get"><div class="search-field">'
    '<input type="search" name="q" aria-label="Search" autocomplete="off"></div>'
    '<button class="button button-primary">Search</button></form>'
    '<p><a href="{home}">Home</a></p></div>',
    404,
)
SAID = {
    429: ("Too many requests", "Please wait a moment and load the page again."),
    503: ("Busy", "More readers are here than can be answered at once. Please load the page again in a moment."),
    MISDIRECTED: ("Misdirected", "This server is not known by that name."),
}
Drawn = TypeVar("Drawn")
log = logging.getLogger("kb.serve")


class Answer(tornado.web.RequestHandler):
    """Base of every handler but those that Voilà's own must stand under (`kb.serve.notebooks`)."""

    route = "other"
    desk: Desk
    _job: asyncio.Future[Any] | None = None

    def initialize(self, desk: Desk) -> None:
        self.desk = desk

    def set_default_headers(self) -> None:
        set_headers(self)
        self.set_header("Cache-Control", "no-store")

    def prepare(self) -> None:
        self.desk.gate.admit(self)
        self.reader = self.desk.gate.user(self)

    def compute_etag(self) -> str | None:
        """Pages set their own; others have none."""
        return None

    def check_xsrf_cookie(self) -> None:
        """A POST changes nothing here, so there is nothing to forge."""

    def on_connection_close(self) -> None:
        if self._job is not None:
            self._job.cancel()

    async def drawn(self, work: Callable[[], Drawn]) -> Drawn:
        """The result of `work` from the clerk; never begun when the reader has left meanwhile."""
        self._job = asyncio.ensure_future(self.desk.clerk.do(work))
        try:
            done: Drawn = await self._job
        except BusyError:
            raise tornado.web.HTTPError(503) from None
        except asyncio.CancelledError:
            raise tornado.web.HTTPError(CLIENT_GONE, reason="Client gone") from None
        return done

    def write_packed(self, packed: Packed, kind: str, etag: str = "") -> None:
        """Send a packed answer as it is, or unpacked to the few who cannot unpack; 304 to who has it already."""
        self.set_status(packed.status)
        self.set_header("Content-Type", kind)
        self.add_header("Vary", "Accept-Encoding")
        if etag and packed.status == 200:
            self.set_header("ETag", etag)
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            body = packed.body
        else:
            body = packed.plain
        self.set_header("Content-Length", str(len(body)))
        self.finish(body)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        write_error(self, self.desk, status_code)

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        log_fault(self, value)


def write_error(handler: tornado.web.RequestHandler, desk: Desk, status: int) -> None:
    """The page of an error, without a word about its cause."""
    site = desk.site(desk.releases.current)
    if status in (429, 503):
        handler.set_header("Retry-After", str(desk.limits.retry_after))
    if status >= 500 and status not in SAID:
        shown: Page = FAILED
    elif status == 404:
        shown = Fragment(NOT_FOUND.title, NOT_FOUND.html.format(home=site.home), 404)
    else:
        title, text = SAID.get(status, (responses.get(status, "Refused"), ""))
        shown = Fragment(title, f'<div class="empty"><h1>{title}</h1><p>{text}</p></div>', status)
    handler.set_status(status, None if status in responses else "Refused")
    handler.set_header("Content-Type", "text/html; charset=UTF-8")
    handler.finish(document(shown, "", site))


def log_fault(handler: tornado.web.RequestHandler, error: BaseException | None) -> None:
    """What failed and where; Tornado's own line would hold the whole address."""
    if error is None or isinstance(error, tornado.web.HTTPError):
        return
    log.error("%s failed: %s", getattr(handler, "route", "a request"), fault(error))


class NotFound(Answer):
    """Every address that is none."""

    route = "unknown"

    def prepare(self) -> None:
        super().prepare()
        raise tornado.web.HTTPError(404)
