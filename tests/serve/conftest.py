"""Real Voilà over the real base, and a browser that can reach nothing else."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests import whole
from tests.serve.running import Running, end_all, start

PAGES = {
    "home": "",
    "search": "?q=minoxidil",
    "monographs": "ingredient",
    "ingredient": "ingredient?ingredient=minoxidil",
    "technique": "ingredient?ingredient=microneedling",
    "indications": "indication",
    "indication": "indication?indication=androgenetic-alopecia",
    "evidence": "evidence",
    "compare": "compare?item=minoxidil&item=finasteride",
    "precheck": "precheck",
    "explore": "explore?node=minoxidil",
    "claims": "claims",
    "emergencies": "care",
    "emergency": "care?card=anaphylaxis",
    "mixing": "mixing",
    "mixing-one": "mixing?ingredient=lidocaine",
    "hand-outs": "handout",
    "hand-out": "handout?assessment=minoxidil-intradermal-female-pattern-hair-loss",
    "about": "about",
}

LEARNER_PAGES = {
    "topics": "topics",
    "path": "topics?path=hair-loss",
    "comparison": "topics?path=pigment&step=tranexamic-acid",
    "cautions": "topics?path=safety&step=do-not-stop",
    "layers": "topics?path=technique&step=layers",
    "protocols": "topics?path=technique&step=protocols",
    "regulation": "topics?path=safety&step=legal-status",
    "cases": "cases",
    "case": "cases?case=warfarin-and-needles",
    "questions": "quiz",
    "interval": "quiz?kind=interval&set=1&at=1&answer=above",
    "patient": "quiz?kind=patient&set=1&at=1",
    "end": "quiz?kind=patient&set=1&at=11",
    "revision": "revise",
    "techniques": "techniques",
    "glossary": "glossary",
    "term": "glossary?term=prediction-interval",
}
"""Pages of the trainee edition, besides those of `PAGES`."""
TRAINEE_PAGES = {**PAGES, **LEARNER_PAGES}


@pytest.fixture(scope="session", autouse=True)
def no_server_is_left() -> Iterator[None]:
    yield
    end_all()


@pytest.fixture(scope="session")
def snapshot() -> Path:
    return whole.snapshot_file()


@pytest.fixture(scope="module")
def server(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(snapshot, tmp_path_factory.mktemp("server") / "log")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def trainee_server(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The trainee edition, patient with one address: the tests all come from the same one."""
    log = tmp_path_factory.mktemp("trainee") / "log"
    running = start(snapshot, log, "trainee", starts_per_client=10_000, start_every=0.001, work=100_000)
    yield running
    running.stop()


def closed_context(browser: Browser, refused: list[str], **options: object) -> BrowserContext:
    """A browser context that refuses every host but this machine, and notes what was asked of others."""
    context = browser.new_context(**options)  # type: ignore[arg-type]

    def gate(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("localhost", "127.0.0.1"):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    context.route("**/*", gate)
    return context


class Reader:
    """A page, with everything that went wrong on it."""

    def __init__(self, page: Page, url: str, refused: list[str]) -> None:
        self.page, self.url, self.refused = page, url, refused
        self.complaints: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str, session: bool = True) -> Page:
        self.page.goto(self.url + path)
        if session:
            self.page.wait_for_selector("html[data-session=open]", timeout=120_000)
        return self.page


def reading(browser: Browser, server: Running) -> Iterator[Reader]:
    refused: list[str] = []
    with closed_context(browser, refused, viewport={"width": 1280, "height": 900}) as context:
        yield Reader(context.new_page(), server.url, refused)
    assert refused == [], "something was loaded from outside the machine"


@pytest.fixture
def reader(browser: Browser, server: Running) -> Iterator[Reader]:
    yield from reading(browser, server)


@pytest.fixture
def learner(browser: Browser, trainee_server: Running) -> Iterator[Reader]:
    yield from reading(browser, trainee_server)
