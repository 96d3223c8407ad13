"""A real server in a process of its own, for tests that speak to it over the network."""

import contextlib
import http.client
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 400


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Running:
    """A server and what it wrote to its log."""

    process: subprocess.Popen[bytes]
    port: int
    log_file: Path
    base: str = "/"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}{self.base}"

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The lines of the log about requests."""
        lines = [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("event") == "request"]

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """One request, the path sent as it is (no normalising, no following of redirects)."""
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=self.headers | headers)
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(request, timeout=120) as response:
                return Answer(response.status, dict(response.headers), response.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read().decode("utf-8", "replace"))

    def post(self, path: str, body: bytes = b"", **headers: str) -> Answer:
        """A POST as the page's own script sends it."""
        return self.get(path, "POST", body, Origin=self.origin, **headers)

    def release(self) -> str:
        """The id of the release that new pages come from."""
        return str(json.loads(self.get("release").text)["id"])

    def open_session(self, path: str = "") -> str:
        """Open a notebook and give the id of its kernel."""
        for _ in range(1200):
            found = re.search(r'"kernelId": "([\w-]+)"', self.get(f"notebook/{path}").text)
            if found:
                return found[1]
            time.sleep(0.25)
        raise AssertionError("no notebook came with a kernel")

    def end_session(self, kernel: str) -> None:
        assert self.post(f"session/{kernel}/end").status == 204

    def wait_for(self, said: str, seconds: float = 300) -> None:
        """Until the log says it."""
        deadline = time.monotonic() + seconds
        while said not in self.log:
            assert time.monotonic() < deadline, f"the log never said {said!r}:\n{self.log[-3000:]}"
            time.sleep(0.05)

    def wait_until(self, holds: Callable[[], bool], seconds: float = 300) -> None:
        """Until it holds: a line of the log is written after the answer it is about has been sent."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"it never came to that:\n{self.log[-3000:]}"
            time.sleep(0.05)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(400)  # a busy machine takes its time to end a dozen kernels
        finally:
            self.process.kill()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


PORTS = itertools.cycle(range(10_000 + os.getpid() % 220 * 100, 10_100 + os.getpid() % 220 * 100))
"""A hundred for this process, below those that systems give to outgoing connections and to whoever asks for any port."""


def free_port() -> int:
    """A port to start a server on.

    One that the system picks may be given to a connection of somebody else's before the server has started.
    """
    for port in itertools.islice(PORTS, 100):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("not one of a hundred ports is free")


STARTED: list[Running] = []
"""Every server of this run, so that none outlives it when a test fails."""


def end_all() -> None:
    for running in STARTED:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGCONT)
            running.stop()


PROGRAM = """
import dataclasses
from pathlib import Path
from kb.serve import app, run

{before}
app.LIMITS[{edition!r}] = dataclasses.replace(app.LIMITS[{edition!r}], **{limits!r})
run({edition!r}, {port}, {root!r}, snapshot=Path({snapshot!r}), **{options!r})
"""


def start(
    snapshot: Path,
    log_file: Path,
    edition: str = "clinician",
    home: Path | None = None,
    options: dict[str, Any] | None = None,
    before: str = "",
    environment: dict[str, str] | None = None,
    root: Path = PROJECT,
    until: str = "",
    **limits: Any,
) -> Running:
    """Start a server over `snapshot`, with some options and limits changed, and wait until it answers.

    `before` is code that runs first in its process; `until` is what its log has to say before anything is asked. A kernel
    may take its time to start and to run a notebook: a busy machine is no fault of theirs.
    """
    port = free_port()
    options = options or {}
    limits = {"ahead": False, "start_seconds": 120, "run_seconds": 120, "unclaimed": 300} | limits
    values = {"edition": edition, "limits": limits, "port": port, "root": str(root), "snapshot": str(snapshot)}
    code = PROGRAM.format(**values, options=options, before=before)
    with log_file.open("wb") as log:
        own = os.environ | ({"HOME": str(home)} if home else {}) | (environment or {})
        process = subprocess.Popen([sys.executable, "-c", code], stdout=log, stderr=subprocess.STDOUT, env=own)
    running = Running(process, port, log_file, options.get("base_url", "/"))
    STARTED.append(running)
    deadline = time.monotonic() + START_SECONDS
    while not _answers(running) or until not in running.log:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise AssertionError(f"the server did not start:\n{running.log}")
        time.sleep(0.1)
    return running


def _answers(running: Running) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)  # asked again until it does
    try:
        line.request("GET", f"{running.base}healthz", headers=running.headers)
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
