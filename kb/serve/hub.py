"""Signing in at a JupyterHub that runs the server as one of its services (`kb serve --hub`)."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

import tornado.web
from tornado.httputil import url_concat

from kb.serve import journal
from kb.serve.answers import Answer

PREFIX, ADDRESS, TOKEN = "JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_SERVICE_URL", "JUPYTERHUB_API_TOKEN"


def place() -> tuple[str, str, int]:
    """Base path, host and port that the hub gives its service. Raises ValueError when no hub started this program."""
    if not all(os.environ.get(name) for name in (PREFIX, ADDRESS, TOKEN)):
        raise ValueError("--hub is for a service that JupyterHub starts; see deploy/hub")
    address = urlsplit(os.environ[ADDRESS])
    if address.hostname is None or address.port is None:
        raise ValueError(f"{ADDRESS} names no host and port; give the service a url in the hub's configuration")
    return os.environ[PREFIX], address.hostname, address.port


class HubDoor:
    """The hub's own client: where readers are sent, and what the code that they bring back is worth."""

    def __init__(self) -> None:
        from jupyterhub.services.auth import HubOAuth

        self.auth: Any = HubOAuth()

    def send(self, handler: tornado.web.RequestHandler) -> None:
        """To the hub, and back to where the reader wanted to go; the address itself stays here."""
        asked, verifier = {}, None
        if getattr(self.auth, "pkce_enabled", False):
            verifier, asked["code_challenge"], asked["code_challenge_method"] = self.auth.generate_pkce_code_challenge()
        known = {"code_verifier": verifier} if verifier else {}
        asked["state"] = self.auth.set_state_cookie(handler, next_url=handler.request.uri, **known)
        handler.redirect(url_concat(self.auth.login_url, asked))

    async def reader(self, handler: tornado.web.RequestHandler) -> tuple[str, str]:
        """The reader's name at the hub, and the address they wanted. Raises HTTPError for a forged or stale answer."""
        state = handler.get_query_argument("state", "")
        cookie = handler.get_signed_cookie(self.auth.get_state_cookie_name(state))
        if not state or cookie is None or cookie.decode("ascii", "replace") != state:
            raise tornado.web.HTTPError(403)
        wanted = self.auth.get_next_url(state)
        verifier = self.auth.get_code_verifier(state) if hasattr(self.auth, "get_code_verifier") else None
        known = {"code_verifier": verifier} if verifier else {}
        self.auth.clear_oauth_state(state)
        self.auth.clear_oauth_state_cookies(handler)
        code = handler.get_query_argument("code", "")
        if not code:  # the hub says why it did not let the reader pass
            raise tornado.web.HTTPError(403)
        token = await self.auth.token_for_code(code, sync=False, **known)
        user = await self.auth.user_for_token(token, use_cache=False, sync=False)
        if user is None or not self.auth.check_scopes(self.auth.access_scopes, user):
            raise tornado.web.HTTPError(403)
        return str(user["name"]), str(wanted)


class HubSignIn(Answer):
    """`/oauth_callback`: a reader comes back from the hub."""

    route = "sign-in"

    def prepare(self) -> None:
        self.desk.gate.check_host(self)

    async def get(self) -> None:
        door = self.desk.gate.hub
        if door is None:
            raise tornado.web.HTTPError(404)
        try:
            name, wanted = await door.reader(self)
        except tornado.web.HTTPError:
            journal.audit("sign-in refused", self)
            raise
        journal.audit("signed in", self, user=name)
        self.desk.gate.let_in(self, name, self.desk.base)
        self.redirect(wanted, status=303)
