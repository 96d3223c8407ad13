"""The shipped nginx configuration, run by a real nginx in front of a real server."""

import http.server
import os
import re
import shutil
import signal
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.compile import ensure
from tests.programs import ON_CI, needs
from tests.serve.running import PROJECT, Running, free_port, start

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
pytestmark = [
    pytest.mark.skipif(NGINX is None and not ON_CI, reason="no nginx here; install nginx-light"),
    needs("openssl"),
]


class Front:
    """nginx with the shipped file, its ports and places changed to those of a test."""

    def __init__(self, folder: Path, clinician: int, trainee: int, more: str = "", sign_in: int = 0) -> None:
        self.folder, self.tls, self.plain = folder, free_port(), free_port()
        subject = ["-subj", "/CN=kb.example.org", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
        subprocess.run(made, check=True, capture_output=True)
        text = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        sign = (PROJECT / "deploy" / "sign-in.conf").read_text(encoding="utf-8").replace("4180", str(sign_in))
        text = text.replace("server 127.0.0.1:8866", f"server 127.0.0.1:{clinician}").replace("8867", str(trainee))
        text = text.replace("/etc/ssl/kb.example.org.pem", str(folder / "cert.pem"))
        text = text.replace("/etc/ssl/kb.example.org.key", str(folder / "key.pem"))
        text = text.replace("/var/log/nginx", str(folder))
        text = re.sub(r"listen \[::\]:.*;", "", text)
        text = text.replace("listen 443", f"listen {self.tls}").replace("listen 80;", f"listen {self.plain};")
        if sign_in:
            text = text.replace("    location / {", f"{sign}\n    location / {{")
        temporary = "".join(
            f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = f"daemon off; pid {folder}/pid; error_log {folder}/start.log;\nevents {{}}\nhttp {{\n{temporary}{text}\n{more}}}\n"
        (folder / "nginx.conf").write_text(whole, encoding="utf-8")
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *more: str) -> list[str]:
        assert NGINX is not None
        return [NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), *more]

    def run(self) -> None:
        self.process = subprocess.Popen(self.command(), stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 240
        while True:
            try:
                self.get("healthz")
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                assert self.process.poll() is None, (self.folder / "start.log").read_text(encoding="utf-8")
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def get(self, path: str, **headers: str) -> Any:
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        context.check_hostname = False
        request = urllib.request.Request(f"https://localhost:{self.tls}/{path}", headers=headers)
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), Stay)
        return opener.open(request, timeout=120)

    def status(self, path: str, **headers: str) -> int:
        try:
            return int(self.get(path, **headers).status)
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(240)  # it ends when the last answer is through


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


@pytest.fixture(scope="module")
def snapshot() -> Path:
    given = os.environ.get("KB_SNAPSHOT")
    return Path(given) if given else ensure(PROJECT)


@pytest.fixture
def make(snapshot: Path, tmp_path: Path) -> Iterator[Callable[..., tuple[Front, Running]]]:
    ended: list[Callable[[], Any]] = []

    def made(options: dict[str, Any], sign_in: int = 0, **limits: Any) -> tuple[Front, Running]:
        clinician = start(
            snapshot, tmp_path / "clinician.log", options={"kernels": 0, "proxy": True, **options}, **limits
        )
        ended.append(clinician.stop)
        front = Front(tmp_path, clinician.port, clinician.port, sign_in=sign_in)
        ended.append(front.stop)
        front.run()
        return front, clinician

    yield made
    for end in reversed(ended):
        end()


def test_nginx_accepts_it(tmp_path: Path) -> None:
    """It once held a word that only newer ones know than those of Debian stable and Ubuntu."""
    for sign_in in (0, 4180):
        told = subprocess.run(
            Front(tmp_path, 8866, 8867, sign_in=sign_in).command("-t"), capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr


def test_pages_come_through_with_their_headers_and_nothing_that_was_asked_is_written_down(
    make: Callable[..., tuple[Front, Running]], tmp_path: Path
) -> None:
    front, server = make({})
    answer = front.get("ingredient?ingredient=minoxidil&x=query-of-a-reader")
    assert "Minoxidil" in answer.read().decode()
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert front.status("metrics") == 404
    front.stop()
    for log in (*tmp_path.glob("*.log"), server.log_file):
        assert "query-of-a-reader" not in log.read_text(encoding="utf-8"), log
    assert '"GET /ingredient" 200' in (tmp_path / "kb.log").read_text(encoding="utf-8")


def test_a_client_cannot_choose_its_address_or_its_name(make: Callable[..., tuple[Front, Running]]) -> None:
    front, server = make({}, work=3, work_every=3600)
    tried = [
        front.status(f"claims?n={n}", **{"X-Real-Ip": f"198.51.100.{n}", "X-Forwarded-For": f"198.51.100.{n}"})
        for n in range(6)
    ]
    assert tried == [200, 200, 200, 429, 429, 429]
    assert '"client": "127.0.0.1"' in server.log


def test_a_page_through_the_proxy_is_of_its_own_origin(make: Callable[..., tuple[Front, Running]]) -> None:
    """The port was once dropped on the way, so every check of the origin failed."""
    front, server = make({})
    context = ssl.create_default_context(cafile=str(front.folder / "cert.pem"))
    context.check_hostname = False
    address = f"https://localhost:{front.tls}/fragment/{server.release()}/precheck"
    headers = {"Origin": f"https://localhost:{front.tls}"}
    request = urllib.request.Request(address, b"condition=pregnancy", headers)
    assert urllib.request.urlopen(request, context=context, timeout=120).status == 200


class Provider(http.server.BaseHTTPRequestHandler):
    """Stands in for oauth2-proxy: who brings the cookie is Dr Jones, everybody else is nobody."""

    def do_GET(self) -> None:
        known = "session=jones" in self.headers.get("Cookie", "")
        self.send_response(202 if known else 401)
        if known:
            self.send_header("X-Auth-Request-User", "dr.jones")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


def test_with_the_accounts_of_the_house_only_who_signed_in_reads_and_the_log_names_them(
    make: Callable[..., tuple[Front, Running]],
) -> None:
    provider = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    front, server = make({"user_header": "X-Forwarded-User"}, sign_in=provider.server_port)
    assert front.status("about") == 302
    assert front.status("about", **{"X-Forwarded-User": "dr.jones"}) == 302
    assert front.status("about", Cookie="session=jones") == 200
    assert front.status("about", Cookie="session=jones", **{"X-Forwarded-User": "somebody.else"}) == 200
    server.wait_until(lambda: [r.get("user") for r in server.requests if r["page"] == "about"] == ["dr.jones"] * 2)
    provider.shutdown()
