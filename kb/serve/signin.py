"""Signing in with the token that the server was started with."""

from __future__ import annotations

import html
from urllib.parse import urlsplit

import tornado.web

from kb.serve import journal
from kb.serve.answers import Answer
from kb.serve.desk import Desk
from kb.serve.gate import COOKIE
from kb.serve.security import set_headers
from kb.views.shell import Fragment, document

FORM = """<div class="empty"><h1>Sign in</h1><p>{said}</p>
<form method="post" action="{action}"><p><label for="kb-token">Token</label>
<input id="kb-token" name="token" type="password" autocomplete="current-password" required autofocus>
<input type="hidden" name="next" value="{next}">
<button class="button" type="submit">Sign in</button></p></form></div>"""
ASKED = "The token was printed when the server was started, or comes from whoever runs it."
WRONG = "That is not the token."


class SignIn(Answer):
    """`/sign-in`: the form, and what it sends."""

    route = "sign-in"

    def prepare(self) -> None:
        self.desk.gate.check_host(self)

    def get(self) -> None:
        show_form(self, self.desk, self.desk.base)

    def post(self) -> None:
        gate = self.desk.gate
        if not gate.token:
            raise tornado.web.HTTPError(404)
        gate.may_try_token(self)
        wanted = inside(self.get_body_argument("next", ""), self.desk.base)
        if not gate.is_token(self.get_body_argument("token", "")):
            journal.audit("sign-in refused", self)
            show_form(self, self.desk, wanted, WRONG)
            return
        journal.audit("signed in", self)
        self.desk.gate.let_in(self, "reader", self.desk.base)
        self.redirect(wanted, status=303)


class SignOut(Answer):
    """`/sign-out`: forget the cookie."""

    route = "sign-out"

    def post(self) -> None:
        self.clear_cookie(COOKIE, path=self.desk.base)
        journal.audit("signed out", self)
        self.redirect(f"{self.desk.base}sign-in", status=303)


def inside(address: str, base: str) -> str:
    """An address of our own to go on to; anything else becomes the first page."""
    parts = urlsplit(address.replace("\\", "/"))
    return address if not parts.scheme and not parts.netloc and parts.path.startswith(base) else base


def show_form(handler: tornado.web.RequestHandler, desk: Desk, wanted: str, said: str = ASKED) -> None:
    """The page to sign in on, in the place of the one that was asked for."""
    site = desk.site(desk.releases.current)
    form = FORM.format(said=said, action=f"{desk.base}sign-in", next=html.escape(wanted, quote=True))
    handler.clear()
    set_headers(handler)
    handler.set_header("Cache-Control", "no-store")
    handler.set_status(401)
    handler.set_header("Content-Type", "text/html; charset=UTF-8")
    handler.finish(document(Fragment("Sign in", form, 401), "", site))
