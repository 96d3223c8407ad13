"""A real server in a process of its own, for tests that speak to it over the network."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


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

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/"

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """One request, the path sent as it is (no normalising, no following of redirects)."""
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers)
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(request, timeout=20) as response:
                return Answer(response.status, dict(response.headers), response.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read().decode("utf-8", "replace"))

    def open_session(self, path: str = "") -> str:
        """Open a page and give the id of its kernel."""
        for _ in range(40):
            found = re.search(r'"kernelId": "([\w-]+)"', self.get(path).text)
            if found:
                return found[1]
            time.sleep(0.25)
        raise AssertionError("no page came with a kernel")

    def end_session(self, kernel: str) -> None:
        assert self.get(f"session/{kernel}/end", "POST", b"", Origin=self.url.rstrip("/")).status == 204

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(75)  # a busy machine takes its time to end a dozen kernels
        finally:
            self.process.kill()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PROGRAM = """
import dataclasses, logging
from pathlib import Path
from kb.serve import app, run

logging.basicConfig(level=logging.INFO)
app.LIMITS[{edition!r}] = dataclasses.replace(app.LIMITS[{edition!r}], **{limits!r})
run({edition!r}, {port}, {root!r}, snapshot=Path({snapshot!r}))
"""


def start(
    snapshot: Path, log_file: Path, edition: str = "clinician", home: Path | None = None, **limits: float
) -> Running:
    """Start a server over `snapshot`, with some limits changed, and wait until it has a warm kernel."""
    port = free_port()
    code = PROGRAM.format(edition=edition, limits=limits, port=port, root=str(PROJECT), snapshot=str(snapshot))
    with log_file.open("wb") as log:
        environment = os.environ | ({"HOME": str(home)} if home else {})
        process = subprocess.Popen([sys.executable, "-c", code], stdout=log, stderr=subprocess.STDOUT, env=environment)
    running = Running(process, port, log_file)
    deadline = time.monotonic() + START_SECONDS
    while "a kernel was heated" not in running.log:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise AssertionError(f"the server did not start:\n{running.log}")
        time.sleep(0.1)
    return running
