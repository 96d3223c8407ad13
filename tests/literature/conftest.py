"""What the tests of this room share: no public network, a cache of their own, and a local server that answers as told."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from kb.literature.client import Client
from kb.literature.services import Addresses, Services

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = HERE / "files"
RECORDED = HERE / "recorded"
STORED = FILES / "stored.bib"
CLOSED_PORT = "http://127.0.0.1:9"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a small references.bib and no formulary."""
    (tmp_path / "references.bib").write_bytes(STORED.read_bytes())
    return tmp_path


Answering = Callable[["Handler"], None]


@pytest.fixture(autouse=True)
def away_from_the_network(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test that forgets its server finds a closed port, never a public service."""
    for name in ("KB_CROSSREF_URL", "KB_EUROPE_PMC_URL", "KB_EUTILS_URL"):
        monkeypatch.setenv(name, CLOSED_PORT)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "KB_MAILTO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KB_CACHE", str(tmp_path_factory.mktemp("cache")))


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the function the test gave."""

    server: "Server"
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
            self.server.answering(self)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def say(self, body: str | bytes = "", kind: str = "application/json", status: int = 200, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    answering: Answering

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def server() -> Iterator[Server]:
    """A local server; a test sets `server.answering`."""
    running = Server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    running.closing.set()
    running.shutdown()
    running.server_close()
    thread.join(5)


class Slept(list[float]):
    """Stands in for waiting: notes how long."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def slept() -> Slept:
    return Slept()


@pytest.fixture
def client(tmp_path: Path, slept: Slept) -> Iterator[Client]:
    """A quick client that never really waits."""
    one = Client(timeout=60.0, deadline=120.0, gap=0.0, largest=200_000, cache=tmp_path / "kept", sleep=slept)
    yield one
    one.close()


def recorded(handler: Handler) -> None:
    """Answer as the three services do, from `recorded/`; 404 for what is not there."""
    address = urlsplit(handler.path)
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    if address.path.startswith("/works/"):
        name = f"crossref-{_safe(unquote(address.path.removeprefix('/works/')))}.json"
        path = RECORDED / name
        if path.is_file():
            handler.say(path.read_bytes(), "application/json")
        else:
            handler.say("Resource not found.", "text/plain", 404)
    elif address.path == "/search":
        wanted = query["query"].replace('"', "").split(" AND ")[0].partition(":")[2]
        path = RECORDED / f"europepmc-{_safe(wanted)}.json"
        empty = json.dumps({"version": "6.9", "hitCount": 0, "resultList": {"result": []}})
        handler.say(path.read_bytes() if path.is_file() else empty, "application/json")
    elif address.path == "/efetch.fcgi":
        articles = [
            path.read_text() for pmid in query["id"].split(",") if (path := RECORDED / f"pubmed-{pmid}.xml").is_file()
        ]
        handler.say((RECORDED / "pubmed-set.xml").read_text().replace("<!--articles-->", "".join(articles)), "text/xml")
    else:
        handler.say("no such page", "text/html", 404)


def _safe(identifier: str) -> str:
    return "".join(c if c.isalnum() or c in ".-" else "_" for c in identifier.lower())


@pytest.fixture
def services(server: Server, client: Client) -> Services:
    """The three services, answered by the local server from `recorded/`."""
    server.answering = recorded
    return Services(client, Addresses(server.url, server.url, server.url))
