"""What the server answers: pages, assets, the line between a page and its kernel, and nothing else."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import responses
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from voila.configuration import VoilaConfiguration
from voila.handler import BaseVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import ENV_VARIABLE

from kb.serve.kernels import Session, SessionPool
from kb.serve.limits import Bucket, Limits
from kb.serve.renderer import PageRenderer
from kb.serve.security import DOCUMENTS_POLICY, same_origin, set_headers
from kb.views.page import FAILED, PAGE_MIME, PRIVATE, page, params_of
from kb.views.shell import ASSETS, HOME, Fragment, Page, Site, document

INCOMING = frozenset({"comm_open", "comm_msg", "comm_close"})
OUTGOING = INCOMING | {"status"}
SERVED_SUFFIXES = frozenset({".css", ".js", ".svg"})
NOT_FOUND = Fragment(
    "Not found",
    '<div class="empty"><h1>There is no such page</h1><p>The address may be mistyped, or the page may have moved.</p>'
    '<p><a class="button" href="{home}">Home</a></p></div>',
    404,
)


class Reader(IdentityProvider):
    """Everybody is the same nameless reader; no cookie is set."""

    def get_user(self, handler: Any) -> User:
        return User("reader")


@dataclass
class Desk:
    """What the handlers share."""

    site: Site
    views: frozenset[str]
    pool: SessionPool
    limits: Limits
    dashboards: Path
    template_paths: list[str]
    starts: dict[str, Bucket] = field(default_factory=dict)
    clerk: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "pages"))

    async def render(self, view: str, query: str) -> Page:
        """A page rendered by the server itself, one after the other, while the server goes on answering."""
        return await asyncio.get_running_loop().run_in_executor(self.clerk, page, view, params_of(query))

    def may_start(self, client: str, now: float) -> bool:
        """Whether this address may have one more kernel now."""
        if len(self.starts) > 1000:
            self.starts = {name: bucket for name, bucket in self.starts.items() if not bucket.full(now)}
        bucket = self.starts.setdefault(client, Bucket(self.limits.starts_per_client, self.limits.start_every))
        return bucket.take(now)


class Answer(BaseVoilaHandler):
    """Shared by all pages: our headers, and errors in the look of the site without a word about their cause."""

    def initialize(self, desk: Desk, voila_configuration: VoilaConfiguration, **kwargs: Any) -> None:
        super().initialize(voila_configuration=voila_configuration)
        self.desk = desk

    def set_default_headers(self) -> None:
        set_headers(self)
        self.set_header("Cache-Control", "no-store")

    def write_page(self, shown: Page, view: str = "", line: dict[str, Any] | None = None) -> None:
        self.set_status(shown.status)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(document(shown, view, self.desk.site, line))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        if status_code >= 500:
            shown: Page = FAILED
        elif status_code == 404:
            shown = Fragment(NOT_FOUND.title, NOT_FOUND.html.format(home=self.desk.site.home), 404)
        else:
            reason = responses.get(status_code, "Refused")
            shown = Fragment(reason, f'<div class="empty"><h1>{reason}</h1></div>', status_code)
        self.write_page(shown)


class NotFound(Answer):
    async def prepare(self) -> None:
        raise tornado.web.HTTPError(404)


class PageHandler(Answer):
    """`/`, `/ingredient?ingredient=minoxidil`, ...: run the page's notebook in a warm kernel and send what it shows."""

    async def get(self, view: str = "") -> None:
        view = view or HOME
        if view not in self.desk.views:
            raise tornado.web.HTTPError(404)
        if self.desk.may_start(str(self.request.remote_ip), time.monotonic()):
            session = await self.desk.pool.take(self.desk.limits.wait_for_kernel)
            if session is not None:
                await self._run(view, session)
                return
        self.write_page(await self.desk.render(view, self.request.query), view, self._line(None))

    async def head(self, view: str = "") -> None:
        view = view or HOME
        if view not in self.desk.views:
            raise tornado.web.HTTPError(404)
        self.write_page(await self.desk.render(view, self.request.query), view)

    async def post(self, view: str) -> None:
        """A form about a patient, from a browser without script: answered from the body, which is not kept."""
        if view not in PRIVATE or view not in self.desk.views:
            raise tornado.web.HTTPError(405)
        shown = await self.desk.render(view, self.request.body.decode("utf-8", "replace"))
        self.write_page(shown, view, self._line(None))

    def check_xsrf_cookie(self) -> None:
        """A POST changes nothing here, so there is nothing to forge."""

    def _line(self, kernel_id: str | None) -> dict[str, Any]:
        """What the page's script needs to reach its kernel, or to ask for one."""
        names = {"views": sorted(self.desk.views), "home": HOME, "site": self.desk.site.name}
        return {"kernelId": kernel_id, "baseUrl": self.base_url, **names}

    async def _run(self, view: str, session: Session) -> None:
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
        try:
            await renderer.initialize()
            renderer.resources |= {
                "page_mime": PAGE_MIME,
                "failed_page": {"title": FAILED.title, "html": FAILED.html, "status": FAILED.status},
                "site": self.desk.site,
                "view": view,
                "session": self._line(session.kernel_id),
            }
            kernel = self.kernel_manager.get_kernel(session.kernel_id)
            html = await renderer.generate_content_str(session.kernel_id, kernel)
        except Exception:
            await self.desk.pool.end(session.kernel_id)
            raise
        self.set_status(renderer.status)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(html)


class OldAddress(Answer):
    """Voilà's own address of a notebook leads to the page's clean one."""

    def get(self, view: str) -> None:
        if view not in self.desk.views:
            raise tornado.web.HTTPError(404)
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.base_url}{'' if view == HOME else view}{query}", status=302)


class AssetHandler(tornado.web.StaticFileHandler):
    """Style sheets, scripts and pictures of the package, by suffix."""

    def initialize(self) -> None:  # type: ignore[override]
        super().initialize(path=str(ASSETS))

    def set_default_headers(self) -> None:
        set_headers(self)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if Path(absolute_path).suffix not in SERVED_SUFFIXES:
            raise tornado.web.HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.set_header("Content-Type", "text/plain")
        self.finish(responses.get(status_code, "Error"))


class DocumentsHandler(AssetHandler):
    """Great Expectations' Data Docs, as `kb check --docs build/data-docs` left them: pages to read, nothing else."""

    def initialize(self, folder: Path) -> None:  # type: ignore[override]
        tornado.web.StaticFileHandler.initialize(self, path=str(folder), default_filename="index.html")

    def set_default_headers(self) -> None:
        set_headers(self)
        self.set_header("Content-Security-Policy", DOCUMENTS_POLICY)
        self.set_header("Cache-Control", "no-store")

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if Path(absolute_path).suffix not in {".html", ""}:
            raise tornado.web.HTTPError(404)
        return tornado.web.StaticFileHandler.validate_absolute_path(self, root, absolute_path)


class SessionStart(tornado.web.RequestHandler):
    """A page sent without a kernel, or that lost it, asks for one: `{"kernelId": ...}`, or 503 when none is free."""

    def initialize(self, desk: Desk) -> None:
        self.desk = desk

    def set_default_headers(self) -> None:
        set_headers(self)
        self.set_header("Cache-Control", "no-store")

    async def post(self) -> None:
        if not same_origin(self):
            raise tornado.web.HTTPError(403)
        if not self.desk.may_start(str(self.request.remote_ip), time.monotonic()):
            raise tornado.web.HTTPError(429)
        session = await self.desk.pool.take(self.desk.limits.wait_when_asked)
        if session is None:
            raise tornado.web.HTTPError(503)
        self.finish({"kernelId": session.kernel_id})

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish()


class SessionEnd(tornado.web.RequestHandler):
    """A page says good-bye, so its kernel can go."""

    def initialize(self, desk: Desk) -> None:
        self.desk = desk

    def set_default_headers(self) -> None:
        set_headers(self)

    async def post(self, kernel_id: str) -> None:
        if not same_origin(self):
            raise tornado.web.HTTPError(403)
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

    def initialize(self, desk: Desk) -> None:
        self.desk = desk
        self.bucket = Bucket(desk.limits.messages, desk.limits.message_every)

    async def get(self, kernel_id: str) -> None:
        if not self.desk.pool.is_given(kernel_id):
            raise tornado.web.HTTPError(404)
        if len(self.desk.pool.lines.get(kernel_id, ())) >= self.desk.limits.lines:
            raise tornado.web.HTTPError(429)
        await super().get(kernel_id=kernel_id)

    async def open(self, kernel_id: str) -> None:
        self.desk.pool.lines.setdefault(kernel_id, set()).add(self)
        await super().open(kernel_id)

    def on_close(self) -> None:
        self.desk.pool.lines.get(self.kernel_id, set()).discard(self)
        super().on_close()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish()

    def select_subprotocol(self, subprotocols: list[str]) -> None:
        """Always Jupyter's JSON messages, which can be checked."""

    def on_message(self, ws_message: str | bytes) -> None:
        if not self.bucket.take(time.monotonic()):
            self.close(1008, "too many messages")
        elif (message := checked(ws_message)) is not None:
            self.desk.pool.touch(self.kernel_id)
            super().on_message(message)


def checked(raw: str | bytes) -> str | None:
    """A comm message rebuilt from the parts we know, or None for anything else."""
    if not isinstance(raw, str):
        return None
    try:
        message = json.loads(raw)
        header, content = message["header"], message["content"]
        kind = header["msg_type"]
        if message["channel"] != "shell" or kind not in INCOMING or not isinstance(content, dict):
            return None
        if kind == "comm_open" and content.get("target_name") != "kb":
            return None
        kept = {name: str(header[name]) for name in ("msg_id", "msg_type", "session")}
        kept |= {"username": "", "version": "5.3", "date": str(header.get("date", ""))}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return json.dumps({"channel": "shell", "header": kept, "parent_header": {}, "metadata": {}, "content": content})
