"""`/widget/...`: pieces of pages that other sites may show in a frame, when the server was told which sites."""

from __future__ import annotations

from functools import partial

import tornado.web

from kb.serve.pages import HTML, OF_A_PATIENT, Drawing
from kb.serve.releases import Release
from kb.serve.security import CONTENT_SECURITY_POLICY
from kb.serve.store import Packed
from kb.views import widgets
from kb.views.page import params_of

_CHECK = "check"


class WidgetHandler(Drawing):
    """A bottom line, an evidence table or a check. No script runs in it and no cookie is set."""

    route = "widget"

    def prepare(self) -> None:
        super().prepare()
        policy = CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'none'")
        if self.desk.embed:
            sites = " ".join(self.desk.embed)
            policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors 'self' {sites}")
            self.clear_header("X-Frame-Options")  # it knows no list of sites; browsers heed the policy
        self.set_header("Content-Security-Policy", policy)

    async def get(self, kind: str) -> None:
        if kind not in widgets.KINDS:
            raise tornado.web.HTTPError(404)
        params = params_of(self.request.query)
        if OF_A_PATIENT & params.keys():
            raise tornado.web.HTTPError(405)
        if kind == _CHECK:
            params = {}
        self.page = kind
        release = self.desk.releases.current
        key = ("widget", release.id, kind, tuple(params.get("id", ())[:1]))
        found = self.desk.store.get(key)
        if found is None:
            self.desk.gate.may_work(self)
            draw = partial(self.widget, release, kind, params)
            found = await self.drawn(partial(self.desk.kept, key, draw))
        self.set_header("Cache-Control", "private, no-cache")
        self.write_packed(found, HTML, release.etag)

    async def post(self, kind: str) -> None:
        """A plan, from the form of the check; answered and forgotten."""
        if kind != _CHECK:
            raise tornado.web.HTTPError(405)
        self.desk.gate.may_work(self)
        params = params_of(self.request.body.decode("utf-8", "replace"))
        self.page = kind
        self.write_packed(await self.drawn(partial(self.widget, self.desk.releases.current, kind, params)), HTML)

    def widget(self, release: Release, kind: str, params: dict[str, list[str]]) -> Packed:
        shown = widgets.render(kind, params, release.snapshot, self.desk.base)
        return Packed.of(shown.html, shown.status)
