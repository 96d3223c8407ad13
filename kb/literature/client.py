"""One small, polite client for public services: slow down, wait when told to, keep answers, give up in time.

Nothing leaves the machine but the address that is asked for and the project's name; a contact address only when the
environment variable KB_MAILTO holds one (Crossref and NCBI ask for it, and answer faster then). Answers are kept in the
user's cache directory. No method raises on what the network or a server does: every outcome is an `Answer`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kb.atomic import write_text

if TYPE_CHECKING:
    import httpx

LARGEST = 8_000_000
"""Bytes of an answer; a Crossref record with a thousand references has about one million."""

STAYS_DOWN = 60.0
"""Seconds for which a host that did not answer is not asked again."""

DAY = 86_400.0
MAILTO = "KB_MAILTO"
CACHE = "KB_CACHE"


@dataclass(frozen=True)
class Answer:
    """What came of a request.

    `status` is `ok` (with `body`), `not-found` (the service does not know it), `offline` (no connection, no answer in time,
    or the service cannot answer now: worth trying later) or `refused` (what came back cannot be used: `reason` says why).
    """

    status: str
    reason: str = ""
    body: str = ""
    url: str = ""


@dataclass
class Client:
    """Settings of a client; the defaults suit the public services.

    `gap` is the time between two requests to one host, in seconds (NCBI allows three a second); `timeout` the time to
    connect and between two parts of an answer, `deadline` the time for a whole answer; `keep` how long an answer is
    used again; `cache` the directory of kept answers, None for none. `sleep` and `clock` are there for tests.
    """

    timeout: float = 10.0
    deadline: float = 30.0
    tries: int = 3
    longest_wait: float = 20.0
    gap: float = 0.35
    keep: float = 7 * DAY
    largest: int = LARGEST
    cache: Path | None = field(default_factory=lambda: cache_directory())
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _last: dict[str, float] = field(default_factory=dict, repr=False)
    _down: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)
    _http: httpx.Client | None = field(default=None, repr=False)

    def get(self, url: str, params: Mapping[str, str], accept: tuple[str, ...]) -> Answer:
        """Ask for an address; `accept` lists the media types of an answer that can be used."""
        import httpx

        address = str(httpx.URL(url, params=dict(params)) if params else httpx.URL(url))
        if kept := self._kept(address):
            return kept
        host = urlsplit(address).netloc
        reason, since = self._down.get(host, ("", -STAYS_DOWN))
        if self.clock() - since < STAYS_DOWN:  # one wait for a service that cannot be reached is enough
            return Answer("offline", reason, url=address)
        answer = self._ask(address, accept)
        if answer.status == "offline":
            self._down[host] = (answer.reason, self.clock())
        elif answer.status in ("ok", "not-found"):
            self._store(address, answer)
        return answer

    def close(self) -> None:
        """Close the connections; the client opens new ones when it is used again. Hosts that were down are tried again."""
        self._down.clear()
        if self._http is not None:
            self._http.close()
            self._http = None

    def _ask(self, address: str, accept: tuple[str, ...]) -> Answer:
        """Up to `tries` requests, each after a longer wait."""
        host, answer = urlsplit(address).hostname or address, Answer("offline", "not tried", url=address)
        for attempt in range(self.tries):
            answer, wait = self._once(address, accept, host)
            if wait is None or attempt == self.tries - 1:
                break
            wait = max(wait, 2.0**attempt)
            if wait > self.longest_wait:
                return Answer("offline", f"{host} asks to come back in {wait:.0f} seconds", url=address)
            self.sleep(wait)
        return answer

    def _once(self, address: str, accept: tuple[str, ...], host: str) -> tuple[Answer, float | None]:
        """One request with its redirects: the answer, and how long to wait before another try (None: no other try)."""
        import httpx

        begun, target = self.clock(), httpx.URL(address)
        try:
            for _ in range(5):
                self._slow_down(target.host)
                with self._open().stream("GET", target, headers={"Accept": ", ".join(accept)}) as response:
                    if response.is_redirect:
                        following = target.join(response.headers.get("location", ""))
                        if (following.scheme, following.host, following.port) != (
                            target.scheme,
                            target.host,
                            target.port,
                        ):
                            return Answer("refused", f"{host} points to another site", url=address), None
                        target = following
                        continue
                    return self._read(response, address, accept, host, begun)
            return Answer("refused", f"{host} points in a circle", url=address), None
        except httpx.TimeoutException:
            return Answer("offline", f"{host} did not answer in time", url=address), 1.0
        except (httpx.ConnectError, httpx.ProxyError) as error:
            return Answer("offline", f"{host} cannot be reached ({_reason(error)})", url=address), None
        except httpx.TransportError as error:
            return Answer("offline", f"the connection to {host} broke ({_reason(error)})", url=address), 1.0
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
            return Answer("refused", f"{host} gave an answer that cannot be read ({_reason(error)})", url=address), None

    def _read(
        self, response: httpx.Response, address: str, accept: tuple[str, ...], host: str, begun: float
    ) -> tuple[Answer, float | None]:
        code = response.status_code
        if code in (404, 410):
            return Answer("not-found", f"{host} does not know it", url=address), None
        if code == 429 or code >= 500:
            return Answer("offline", f"{host} cannot answer now (status {code})", url=address), _retry_after(response)
        if code != 200:
            return Answer("refused", f"{host} refused the request (status {code})", url=address), None
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in accept:
            return Answer("refused", f"{host} sent {kind[:60] or 'no type'} instead of {accept[0]}", url=address), None
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > self.largest:
                return Answer("refused", f"{host} sent more than {self.largest // 10**6} MB", url=address), None
            if self.clock() - begun > self.deadline:
                return Answer("offline", f"{host} took longer than {self.deadline:.0f} seconds", url=address), None
        try:
            return Answer("ok", body=bytes(body).decode("utf-8-sig"), url=address), None
        except UnicodeDecodeError:
            return Answer("refused", f"{host} sent text that is not UTF-8", url=address), None

    def _open(self) -> httpx.Client:
        if self._http is None:
            import httpx

            self._http = httpx.Client(
                timeout=self.timeout, follow_redirects=False, headers={"User-Agent": user_agent()}
            )
        return self._http

    def _slow_down(self, host: str) -> None:
        """Keep `gap` seconds between two requests to one host."""
        wait = self._last.get(host, -self.gap) + self.gap - self.clock()
        if wait > 0:
            self.sleep(min(wait, self.gap))
        self._last[host] = self.clock()

    def _file(self, address: str) -> Path | None:
        return self.cache / f"{hashlib.sha256(address.encode()).hexdigest()[:40]}.json" if self.cache else None

    def _kept(self, address: str) -> Answer | None:
        """An answer kept not too long ago; a damaged file is as good as none."""
        path = self._file(address)
        if path is None:
            return None
        try:
            kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if kept["url"] == address and 0 <= time.time() - kept["at"] < self.keep:
                return Answer(str(kept["status"]), str(kept["reason"]), str(kept["body"]), address)
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return None

    def _store(self, address: str, answer: Answer) -> None:
        """Keep an answer. A cache that cannot be written is no reason to fail."""
        path = self._file(address)
        if path is None:
            return
        with contextlib.suppress(OSError, UnicodeEncodeError):
            path.parent.mkdir(parents=True, exist_ok=True)
            kept = {
                "url": address,
                "at": time.time(),
                "status": answer.status,
                "reason": answer.reason,
                "body": answer.body,
            }
            write_text(path, json.dumps(kept))


def cache_directory() -> Path:
    """Where answers are kept: KB_CACHE, else the user's cache directory; never inside the repository by itself."""
    if named := os.environ.get(CACHE):
        return Path(named) / "literature"
    local = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(local) if local else Path.home() / ".cache") / "mesotherapy-kb" / "literature"


def mailto() -> str:
    """The contact address to give to the services: KB_MAILTO when it looks like an address, else `""`."""
    address = os.environ.get(MAILTO, "").strip()
    return address if re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,200}", address) else ""


def user_agent() -> str:
    """The project's name and version, with the contact address when there is one."""
    try:
        number = version("mesotherapy-kb")
    except PackageNotFoundError:
        number = "0"
    contact = mailto()
    return f"mesotherapy-kb/{number}" + (f" (mailto:{contact})" if contact else "")


def _retry_after(response: httpx.Response) -> float:
    """Seconds a service asks to wait, in either form of Retry-After (RFC 9110, 10.2.3); 1 when it does not say."""
    said = response.headers.get("retry-after", "").strip()
    if said.isdigit():
        return min(float(said), 1e6)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 1.0


_PLAIN = {
    "name or service not known": "no internet connection",
    "temporary failure in name resolution": "no internet connection",
    "nodename nor servname": "no internet connection",
    "getaddrinfo failed": "no internet connection",
    "no address associated": "no internet connection",
    "network is unreachable": "no internet connection",
    "connection refused": "it takes no connections",
}
"""What the operating system says of a failed connection, in words for people."""


def _reason(error: Exception) -> str:
    """Why a request failed, in a few words."""
    said = str(error).lower()
    for theirs, plain in _PLAIN.items():
        if theirs in said:
            return plain
    return re.sub(r"\s+", " ", str(error))[:120] or type(error).__name__
