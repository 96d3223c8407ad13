"""`/api/v1`: the HTTP API of `kb api` beside the pages, behind the same gate, with the same limits and headers.

The API is an ASGI application. It is called in the clerk's thread, one question after the other, as pages are drawn; what a
question holds is neither logged nor kept.
"""

from __future__ import annotations

import asyncio
import json
from functools import partial
from http.client import responses
from typing import TYPE_CHECKING, Any

from kb.serve.answers import SAID, Answer
from kb.serve.releases import Release

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from kb.serve.desk import Desk

PROBLEM = "application/problem+json"
_SENT = ("Content-Type", "If-None-Match", "Accept")
_RETURNED = ("content-type", "etag", "allow")


class Api:
    """The API of the release that is shown; made when it is first asked."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._made: dict[str, Any] = {}

    def app(self, release: Release) -> Any:
        if release.id not in self._made:
            from kb.api.answers import Answers
            from kb.api.app import make

            answers = Answers(release.snapshot)
            self._made = {release.id: make(lambda: answers, root_path=self.desk.base.rstrip("/"))}
        return self._made[release.id]

    def ask(self, release: Release, method: str, target: str, headers: MutableMapping[str, str], body: bytes) -> Any:
        """The API's response. For the clerk's thread."""
        import httpx  # the lean server has none, and no API

        async def asked() -> Any:
            transport = httpx.ASGITransport(app=self.app(release))
            async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
                return await client.request(method, target, headers=headers, content=body)

        return asyncio.run(asked())


def is_installed() -> bool:
    """Whether the packages of the extra `api` are there; without them a server has pages only."""
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in ("fastapi", "httpx"))


class ApiHandler(Answer):
    """Questions of programs, and their answers in JSON."""

    route = "api"

    def initialize(self, desk: Any, api: Api) -> None:  # type: ignore[override]
        super().initialize(desk)
        self.api = api

    async def get(self, rest: str = "") -> None:
        self.desk.gate.may_work(self)
        target = f"/api/v1{rest or ''}" + (f"?{self.request.query}" if self.request.query else "")
        headers = {name: self.request.headers[name] for name in _SENT if name in self.request.headers}
        method = "GET" if self.request.method == "HEAD" else str(self.request.method)
        ask = partial(self.api.ask, self.desk.releases.current, method, target, headers, self.request.body)
        told = await self.drawn(ask)
        self.set_status(told.status_code, None if told.status_code in responses else "Refused")
        for name in _RETURNED:
            if name in told.headers:
                self.set_header(name.title(), told.headers[name])
        if method == "GET" and told.status_code in (200, 304):
            self.set_header("Cache-Control", "private, no-cache")  # asked again by its tag
        self.finish(told.content if told.status_code != 304 else None)

    head = get
    post = get

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        title, detail = SAID.get(status_code, (responses.get(status_code, "Refused"), ""))
        if status_code in (429, 503):
            self.set_header("Retry-After", str(self.desk.limits.retry_after))
        self.set_status(status_code, None if status_code in responses else "Refused")
        self.set_header("Content-Type", PROBLEM)
        problem = {"type": "about:blank", "title": title, "status": status_code, "detail": detail or title, "near": []}
        self.finish(json.dumps(problem))
