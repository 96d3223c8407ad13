"""Notebooks: a page run in a kernel of its own by Voilà, and the line between the two.

`/notebook/ingredient?ingredient=minoxidil` runs `notebooks/dashboards/ingredient.ipynb` in a warm kernel. What the kernel
cannot give (none is free, it died, it hangs, its page is a fault), the server draws itself; the reason is logged.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from functools import partial
from typing import Any

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from voila.configuration import VoilaConfiguration
from voila.handler import BaseVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import ENV_VARIABLE

from kb.serve.answers import Answer, log_fault, write_error
from kb.serve.clerk import BusyError
from kb.serve.desk import Desk, notebook_site
from kb.serve.gate import same_origin
from kb.serve.kernels import Session, SessionPool
from kb.serve.limits import Bucket
from kb.serve.pages import HTML
from kb.serve.renderer import KernelFault, PageRenderer
from kb.serve.security import set_headers
from kb.views.page import FAILED, PAGE_MIME, fault, params_of
from kb.views.shell import HOME

INCOMING = frozenset({"comm_open", "comm_msg", "comm_close"})
OUTGOING = INCOMING | {"status"}
MOST_COMMS = 4  # open on one line at a time; a page has one
log = logging.getLogger("kb.serve")


class Reader(IdentityProvider):
    """Jupyter's own sign-in is not used: everybody whom the gate lets in is the same nameless reader."""

    def get_user(self, handler: Any) -> User:
        return User("reader")


class NotebookHandler(BaseVoilaHandler):
    """`/notebook/<view>?...`: what the page's notebook shows, with a line to its kernel."""

    route = "notebook"

    def initialize(self, desk: Desk, voila_configuration: VoilaConfiguration) -> None:
        super().initialize(voila_configuration=voila_configuration)
        self.desk = desk

    def set_default_headers(self) -> None:
        set_headers(self)
        self.set_header("Cache-Control", "no-store")

    async def prepare(self) -> None:
        self.desk.gate.admit(self)
        await super().prepare()

    async def get(self, view: str = "") -> None:
        view = view or HOME
        if view not in self.desk.views:
            raise tornado.web.HTTPError(404)
        html = await self._run(view) if self.request.method == "GET" else None
        self.set_header("Content-Type", HTML)
        if html is not None:
            self.finish(html)
            return
        release = self.desk.releases.current
        self.desk.gate.may_work(self)
        try:
            packed = await self.desk.clerk.do(partial(self.desk.document, release, view, params_of(self.request.query)))
        except BusyError:
            raise tornado.web.HTTPError(503) from None
        self.set_status(packed.status)
        self.finish(packed.plain)

    head = get

    async def _run(self, view: str) -> str | None:
        """The page as its notebook gives it, or None when the server has to draw it."""
        pool = self.desk.pool
        if pool is None or not self.desk.gate.may_open_notebook(self):
            return None
        session = await pool.take(self.desk.limits.wait_for_kernel)
        if session is None:
            return None
        seconds = self.desk.limits.run_seconds
        bound = asyncio.timeout(seconds)
        try:
            async with bound:
                html, status = await self._shown(view, session)
        except Exception as error:
            reason = error.reason if isinstance(error, KernelFault) else fault(error)
            if bound.expired():
                reason = f"no answer within {seconds:g} s"
            log.error("the notebook of %s could not be run, the server draws the page: %s", view, reason)
            self.desk.metrics.fallen_back.inc()
            await pool.end(session.kernel_id)
            return None
        self.set_status(status)
        return html

    async def _shown(self, view: str, session: Session) -> tuple[str, int]:
        renderer = PageRenderer(
            session=session,
            request={ENV_VARIABLE.SCRIPT_NAME: self.request.path, ENV_VARIABLE.QUERY_STRING: self.request.query},
            voila_configuration=self.voila_configuration,
            traitlet_config=self.settings["kb_config"],
            notebook=self.desk.dashboards / f"{view}.ipynb",
            template_paths=self.desk.template_paths,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config={},
        )
        await renderer.initialize()
        release = self.desk.releases.by_id(session.release) or self.desk.releases.current
        renderer.resources |= {
            "page_mime": PAGE_MIME,
            "failed_page": {"title": FAILED.title, "html": FAILED.html, "status": FAILED.status},
            "site": notebook_site(self.desk.site(release)),
            "view": view,
            "session": self.desk.line(release, session.kernel_id),
        }
        kernel = self.kernel_manager.get_kernel(session.kernel_id)
        html: str = await renderer.generate_content_str(session.kernel_id, kernel)
        if renderer.status >= 500:
            raise KernelFault(renderer.fault or "it showed no page")
        return html, renderer.status

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        write_error(self, self.desk, status_code)

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        log_fault(self, value)


class VoilaAddress(Answer):
    """Voilà's own address of a notebook leads to ours."""

    route = "notebook"

    def get(self, view: str) -> None:
        if view not in self.desk.views:
            raise tornado.web.HTTPError(404)
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.desk.base}notebook/{'' if view == HOME else view}{query}", status=302)


class SessionEnd(Answer):
    """A page says good-bye, so its kernel can go."""

    route = "session"

    async def post(self, kernel_id: str) -> None:
        if not same_origin(self):
            raise tornado.web.HTTPError(403)
        if self.desk.pool is not None:
            await self.desk.pool.end(kernel_id)
        self.set_status(204)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish()


class SessionConnection(ZMQChannelsWebsocketConnection):
    """The way out: comm messages and the kernel's status; nothing it prints, no errors, no other replies."""

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        _, parts = self.session.feed_identities(outgoing_msg)
        if self.session.unpack(parts[1])["msg_type"] in OUTGOING:
            super().handle_outgoing_message(stream, outgoing_msg)


class SessionSocket(VoilaKernelWebsocketHandler):
    """The line between a page and its kernel. Comm messages pass, in both directions; nothing else does."""

    route = "line"

    def initialize(self, desk: Desk) -> None:
        self.desk = desk
        self.bucket = Bucket(desk.limits.messages, desk.limits.message_every)
        self.comms: set[str] = set()

    def set_default_headers(self) -> None:
        set_headers(self)

    async def prepare(self) -> None:
        self.desk.gate.admit(self)
        await super().prepare()

    @property
    def pool(self) -> SessionPool:
        if self.desk.pool is None:
            raise tornado.web.HTTPError(404)
        return self.desk.pool

    @allow_unauthenticated  # by Jupyter: the gate has let this reader in
    async def get(self, kernel_id: str) -> None:
        if not self.pool.is_given(kernel_id):
            raise tornado.web.HTTPError(404)
        if len(self.pool.lines.get(kernel_id, ())) >= self.desk.limits.lines:
            raise tornado.web.HTTPError(429)
        await super().get(kernel_id=kernel_id)

    async def open(self, kernel_id: str) -> None:
        self.pool.lines.setdefault(kernel_id, set()).add(self)
        await super().open(kernel_id)

    def on_close(self) -> None:
        self.pool.lines.get(self.kernel_id, set()).discard(self)
        super().on_close()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish()

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        log_fault(self, value)

    def select_subprotocol(self, subprotocols: list[str]) -> None:
        """Always Jupyter's JSON messages, which can be checked."""

    def on_message(self, ws_message: str | bytes) -> None:
        if not self.bucket.take(time.monotonic()):
            self.close(1008, "too many messages")
        elif (message := checked(ws_message, self.comms)) is not None:
            self.pool.touch(self.kernel_id)
            super().on_message(message)


def checked(raw: str | bytes, comms: set[str]) -> str | None:
    """A comm message rebuilt from the parts we know, or None for anything else; `comms` are those open on this line."""
    if not isinstance(raw, str):
        return None
    try:
        message = json.loads(raw)
        header, content = message["header"], message["content"]
        kind, comm = header["msg_type"], content["comm_id"]
        if message["channel"] != "shell" or kind not in INCOMING or not isinstance(comm, str):
            return None
        if kind == "comm_open":
            if content.get("target_name") != "kb" or len(comms) >= MOST_COMMS:
                return None
        elif comm not in comms:
            return None
        kept = {name: str(header[name]) for name in ("msg_id", "msg_type", "session")}
        kept |= {"username": "", "version": "5.3", "date": str(header.get("date", ""))}
        whole = {"channel": "shell", "header": kept, "parent_header": {}, "metadata": {}, "content": content}
        json.dumps(whole, ensure_ascii=False).encode()  # a lone surrogate cannot be sent on
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    comms.add(comm) if kind == "comm_open" else None
    if kind == "comm_close":
        comms.discard(comm)
    return json.dumps(whole)
