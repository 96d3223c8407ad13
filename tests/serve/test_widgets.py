"""Widgets in a page of another origin, in a real browser: shown where it was allowed, and nowhere else."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.serve.running import Running, start


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Somebody else's site: its origin, and the folder its pages stand in."""
    folder = tmp_path_factory.mktemp("clinic")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: object) -> None:
            super().__init__(*given, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()


@pytest.fixture(scope="module")
def base(snapshot: Path, clinic: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    options = {"embed": (clinic[0],), "kernels": 0}
    running = start(snapshot, tmp_path_factory.mktemp("widgets") / "log", options=options)
    yield running
    running.stop()


def embedded(page: Page, clinic: tuple[str, Path], base: Running, widget: str) -> None:
    """Open a page of the clinic whose one line of ours is the frame."""
    line = f'<iframe src="{base.url}widget/{widget}" width="600" height="700" title="Evidence"></iframe>'
    (clinic[1] / "page.html").write_text(
        f"<!doctype html><title>Clinic</title><h1>Our page</h1>{line}", encoding="utf-8"
    )
    page.goto(f"{clinic[0]}/page.html")


def test_one_line_puts_a_bottom_line_into_another_page(page: Page, clinic: tuple[str, Path], base: Running) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    embedded(page, clinic, base, "bottom-line?id=minoxidil")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Minoxidil")).to_be_visible()
    expect(frame.locator(".bottom-line").first).to_contain_text("certainty")
    assert all(url.startswith((base.origin, clinic[0])) for url in asked)
    assert page.context.cookies() == []
    assert page.frames[1].evaluate("document.scripts.length") == 0


def test_one_line_puts_an_evidence_table_into_another_page(page: Page, clinic: tuple[str, Path], base: Running) -> None:
    embedded(page, clinic, base, "evidence?id=melasma")
    rows = page.frame_locator("iframe").locator("tbody tr")
    expect(rows.filter(has_text="Tranexamic acid").first).to_be_visible()


def test_a_plan_is_checked_inside_another_page_and_nothing_of_it_is_kept(
    page: Page, clinic: tuple[str, Path], base: Running
) -> None:
    embedded(page, clinic, base, "check")
    frame = page.frame_locator("iframe")
    frame.get_by_label("Ingredients").fill("finasteride")
    frame.get_by_label("Conditions").fill("pregnancy; word-of-a-patient")
    frame.get_by_role("button", name="Check").click()
    expect(frame.locator(".alert").first).to_contain_text("Pregnancy")
    expect(frame.get_by_text("Not checked:").first).to_be_visible()
    assert "word-of-a-patient" not in base.log and "finasteride" not in base.log


def test_a_site_that_was_not_named_shows_no_widget(page: Page, clinic: tuple[str, Path], server: Running) -> None:
    embedded(page, clinic, server, "bottom-line?id=minoxidil")
    deadline = time.monotonic() + 240
    while not (shown := page.frames[1].url):  # the frame has no address until the browser has refused to show it
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
    assert shown.startswith("chrome-error:")
    told = server.get("widget/bottom-line?id=minoxidil")
    assert "frame-ancestors 'none'" in told.headers["Content-Security-Policy"]
    assert told.headers["X-Frame-Options"] == "DENY"


def test_pages_are_framed_by_nobody_even_where_widgets_may_be(base: Running) -> None:
    assert "frame-ancestors 'none'" in base.get("about").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("widget/bottom-line?id=zzyzx", 404), ("widget/nothing", 404), ("widget/check?condition=x", 405)],
)
def test_what_is_no_widget_is_none(base: Running, path: str, status: int) -> None:
    assert base.get(path).status == status


def test_what_a_widget_is_asked_for_is_text(base: Running) -> None:
    told = base.get("widget/check", "POST", b"ingredient=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>" not in told.text
