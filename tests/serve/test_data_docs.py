"""Data Docs beside the snapshot: the About page leads to them, and they are paper."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kb.snapshot import open_snapshot
from tests.author.conftest import write_formulary
from tests.serve.conftest import closed_context
from tests.serve.running import PROJECT, Running, free_port, start


@pytest.fixture(scope="module")
def documented(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server whose snapshot has a report and Data Docs beside it, one page of them hostile."""
    folder = tmp_path_factory.mktemp("build")
    copied = Path(shutil.copy(snapshot, folder))
    content = open_snapshot(copied).meta["content"]
    counts = {"critical": 0, "warning": 0, "info": 3}
    report = {"date": "2026-01-01", "content": content, "success": True, "counts": counts}
    report |= {"expectations": {"evaluated": 70, "failed": 1}, "tables": {}, "gaps": []}
    (folder / "validation.json").write_text(json.dumps(report), encoding="utf-8")
    docs = folder / "data-docs"
    docs.mkdir()
    script = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"
    page = f"<title>Docs</title>{script}<style>h1 {{ color: rgb(1, 2, 3) }}</style><h1>Kept</h1>"
    (docs / "index.html").write_text(page, encoding="utf-8")
    (docs / "notes.txt").write_text("secret", encoding="utf-8")
    (docs / "elsewhere.html").symlink_to(PROJECT / "README.md")
    running = start(copied, tmp_path_factory.mktemp("documented") / "log")
    yield running
    running.stop()


def test_the_about_page_leads_to_them_and_nothing_in_them_runs(documented: Running, browser: Browser) -> None:
    refused: list[str] = []
    with closed_context(browser, refused) as context:
        page = context.new_page()
        page.goto(documented.url + "about")
        page.get_by_role("link", name="Data Docs").click()
        page.wait_for_url("**/data-docs/index.html")
        expect(page).to_have_title("Docs")
        expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    assert refused == []


@pytest.mark.parametrize(
    "path",
    [
        "data-docs",
        "data-docs/notes.txt",
        "data-docs/nothing.html",
        "data-docs/elsewhere.html",
        "data-docs/../kb.sqlite",
        "data-docs/%2e%2e/validation.json",
        "data-docs//etc/passwd",
    ],
)
def test_nothing_else_is_reached_through_them(documented: Running, path: str) -> None:
    answer = documented.get(path)
    assert answer.status in (400, 403, 404)
    assert "secret" not in answer.text
    assert "make serve" not in answer.text


def test_a_server_without_them_does_not_lead_to_them(snapshot: Path, tmp_path: Path) -> None:
    bare = start(Path(shutil.copy(snapshot, tmp_path)), tmp_path / "log")
    try:
        assert bare.get("data-docs/index.html").status == 404
        about = bare.get("about").text
        assert "The validation report of this release is not available here" in about
        assert "data-docs" not in about
    finally:
        bare.stop()


@pytest.mark.slow
def test_kb_serve_makes_report_and_data_docs_when_they_are_missing(tmp_path: Path) -> None:
    write_formulary(tmp_path)
    shutil.copytree(PROJECT / "notebooks", tmp_path / "notebooks")
    port = free_port()
    command = [sys.executable, "-m", "kb.cli", "--root", str(tmp_path), "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 400
        while True:
            assert time.monotonic() < deadline, "no Data Docs were made"
            assert process.poll() is None
            try:
                address = f"http://127.0.0.1:{port}/data-docs/index.html"
                with urllib.request.urlopen(address, timeout=120) as response:
                    text = response.read().decode()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        assert "assessments" in text
        assert "<script" not in text
        about = ""
        while 'href="data-docs/index.html"' not in about:  # the report is written after the Data Docs
            assert time.monotonic() < deadline, "the About page never led to the Data Docs"
            time.sleep(0.5)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/about", timeout=120) as response:
                about = response.read().decode()
    finally:
        process.terminate()
        process.wait(400)  # a busy machine takes its time to end kernels
