"""How a server is started: what `kb serve` may be told."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from kb.serve.gate import LOCAL_NAMES, is_loopback

TOKEN_VARIABLE = "KB_TOKEN"


@dataclass(frozen=True)
class Options:
    """`hosts` are names readers know the server by, beside those of this machine. `token` None means: one is made when
    the server can be reached from elsewhere; empty means no sign-in. `kernels` is the most notebooks at a time. `embed` are
    the sites whose pages may show widgets. `url` is where readers reach the pages, printed on what patients take home. `hub`
    means that a JupyterHub signs readers in."""

    root: Path
    snapshot: Path
    edition: str = "clinician"
    host: str = "127.0.0.1"
    port: int = 8866
    base_url: str = "/"
    hosts: tuple[str, ...] = ()
    token: str | None = None
    user_header: str = ""
    proxy: bool = False
    hub: bool = False
    kernels: int | None = None
    embed: tuple[str, ...] = ()
    url: str = ""
    log_requests: bool = True
    open_browser: bool = False
    made: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def __post_init__(self) -> None:
        """Raises ValueError for what makes no sense, or would open the server to everybody by mistake."""
        if not self.base_url.startswith("/") or "//" in self.base_url or set(self.base_url) & set("?#\\ \"'<>"):
            raise ValueError(f"base URL {self.base_url!r}: give a path that begins with /, such as /mesotherapy/")
        if self.url and not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?(/[\w./~-]*)?", self.url):
            raise ValueError(f"{self.url!r}: give the whole address of the pages, such as https://kb.clinic.example/")
        for origin in self.embed:
            if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin):
                raise ValueError(f"{origin!r}: name a site as a browser does, such as https://clinic.example")
        if self.user_header and not is_loopback(self.host):
            raise ValueError("a user header can be trusted only from a proxy on this machine; listen on 127.0.0.1")
        if self.user_header and not self.proxy:
            raise ValueError("a user header comes from a proxy; say so with --proxy")

    @property
    def base(self) -> str:
        return f"{self.base_url.rstrip('/')}/"

    @property
    def sign_in(self) -> str:
        """The token readers sign in with; empty when they need none."""
        if self.hub:
            return ""
        if self.user_header:
            return self.token or ""
        if self.token is not None:
            return self.token
        return "" if is_loopback(self.host) else self.made

    @property
    def names(self) -> frozenset[str]:
        """The hosts a request may name."""
        return LOCAL_NAMES | {name.lower() for name in self.hosts} | {self.host.strip("[]").lower()}


def token_from_environment() -> str | None:
    """The token in KB_TOKEN, or in the file that KB_TOKEN_FILE names. Raises OSError when that cannot be read."""
    if TOKEN_VARIABLE in os.environ:
        return os.environ[TOKEN_VARIABLE].strip()
    named = os.environ.get(f"{TOKEN_VARIABLE}_FILE")
    return Path(named).read_text(encoding="utf-8").strip() if named else None
