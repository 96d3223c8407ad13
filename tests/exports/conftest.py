"""The static site, written once, and a browser page that opens files alone."""

from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Page, Route

from kb.exports import export
from kb.snapshot import Snapshot
from tests import whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    return whole.snapshot()


@pytest.fixture(scope="session")
def site(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Written once for all processes of a run; nobody changes it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    folder = shared / "site"
    with FileLock(shared / "site.lock"):
        if not folder.exists():
            export("site", snapshot, folder, base_url="https://mesotherapy-kb.example/")
    return folder


def refuse(route: Route) -> None:
    route.abort() if not route.request.url.startswith("file:") else route.continue_()


@pytest.fixture
def opened(page: Page) -> Page:
    page.route("**/*", refuse)
    return page
