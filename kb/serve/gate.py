"""Who may come in: the host a request names, the address it comes from, and whether the reader has signed in."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import time
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from tornado.web import HTTPError, RequestHandler

from kb.serve import journal
from kb.serve.limits import Buckets, Limits

COOKIE = "kb-sign-in"
SIGNED_IN_DAYS = 0.5
HUB_DAYS = 15 / 1440  # after a quarter of an hour the hub is asked again, which a reader does not notice
MISDIRECTED = 421
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
log = logging.getLogger("kb.serve")


class Door(Protocol):
    """What signs readers in elsewhere: see `kb.serve.hub.HubDoor`."""

    def send(self, handler: RequestHandler) -> None: ...

    async def reader(self, handler: RequestHandler) -> tuple[str, str]: ...


def is_loopback(address: str) -> bool:
    """Whether an address, or a name that stands for one, can be reached from this machine only."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def host_of(said: str) -> str:
    """The name in a Host header, without port and brackets; empty for what is none."""
    try:
        return (urlsplit(f"//{said}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def same_origin(handler: RequestHandler) -> bool:
    """Whether a request that a script sent comes from our own page. Browsers always name the origin of those."""
    origin = handler.request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc.lower() == handler.request.host.lower()


@dataclass
class Gate:
    """`token` is what readers sign in with, empty for no sign-in; `user_header` is what a proxy names the reader in;
    `hub` is the JupyterHub that signs readers in instead."""

    limits: Limits
    hosts: frozenset[str] = LOCAL_NAMES
    token: str = ""
    user_header: str = ""
    hub: Door | None = None
    work: Buckets = field(init=False)
    notebooks: Buckets = field(init=False)
    sign_ins: Buckets = field(init=False)

    def __post_init__(self) -> None:
        self.work = Buckets(self.limits.work, self.limits.work_every)
        self.notebooks = Buckets(self.limits.starts_per_client, self.limits.start_every)
        self.sign_ins = Buckets(self.limits.sign_ins, self.limits.sign_in_every)

    @property
    def cookie_secret(self) -> bytes:
        """Follows from the token, so that a restart signs nobody out and a new token everybody."""
        return hmac.new(self.token.encode(), b"kb sign-in cookie", hashlib.sha256).digest()

    def admit(self, handler: RequestHandler) -> None:
        """Let a request in, or raise the HTTPError it deserves: 421 for a host that is not ours, 401 without sign-in."""
        self.check_host(handler)
        if self.user(handler) is None:
            raise HTTPError(401)

    def check_host(self, handler: RequestHandler) -> None:
        """A page of another name for this machine (DNS rebinding) must not read ours."""
        if host_of(handler.request.host) not in self.hosts:
            journal.audit("host refused", handler)
            raise HTTPError(MISDIRECTED)

    def user(self, handler: RequestHandler) -> str | None:
        """The reader's name: as the proxy says it, `reader` without sign-in or with the right token, else None."""
        if self.hub is not None:
            name = handler.get_signed_cookie(COOKIE, max_age_days=HUB_DAYS)
            return name.decode() if name else None
        if self.user_header:
            return handler.request.headers.get(self.user_header) or None
        if not self.token:
            return "reader"
        scheme, _, given = handler.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.is_token(given.strip()):
            return "reader"
        signed = handler.get_signed_cookie(COOKIE, max_age_days=SIGNED_IN_DAYS)
        return "reader" if signed == b"reader" else None

    def let_in(self, handler: RequestHandler, name: str, path: str) -> None:
        """Remember in a signed cookie for `path` that this reader has signed in."""
        handler.set_signed_cookie(
            COOKIE,
            name.encode(),
            expires_days=HUB_DAYS if self.hub is not None else SIGNED_IN_DAYS,
            path=path,
            httponly=True,
            samesite="Strict",
            secure=handler.request.protocol == "https",
        )

    def is_token(self, given: str) -> bool:
        return bool(self.token) and hmac.compare_digest(given.encode(), self.token.encode())

    def may_work(self, handler: RequestHandler) -> None:
        """Raise 429 when this address has asked for more than its share of what takes time."""
        self._take(self.work, handler, "too many requests")

    def may_open_notebook(self, handler: RequestHandler) -> bool:
        return self.notebooks.take(str(handler.request.remote_ip), time.monotonic())

    def may_try_token(self, handler: RequestHandler) -> None:
        self._take(self.sign_ins, handler, "too many tokens tried")

    def _take(self, buckets: Buckets, handler: RequestHandler, event: str) -> None:
        if not buckets.take(str(handler.request.remote_ip), time.monotonic()):
            journal.audit(event, handler)
            raise HTTPError(429)
