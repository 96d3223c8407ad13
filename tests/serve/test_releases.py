"""One release at a time: a new snapshot goes live whole, a page stays with its own, and damage changes nothing."""

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kb.snapshot import seal
from tests.serve.conftest import closed_context
from tests.serve.running import Running, start


def changed(snapshot: Path, to: Path, release: str) -> Path:
    """A copy of the snapshot with another release and another name for minoxidil in it."""
    copy = to.with_suffix(".new")
    shutil.copyfile(snapshot, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'content'", (f"{release}-content",))
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('release', ?)", (release,))
        connection.execute(
            "UPDATE page SET json = json_set(json, '$.name', ?) WHERE id = 'minoxidil'", (f"Minoxidil {release}",)
        )
    connection.close()
    seal.stamp(copy)
    return copy


@pytest.fixture
def place(snapshot: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(snapshot, tmp_path / "kb.sqlite"))


@pytest.fixture
def server(place: Path, tmp_path: Path) -> Iterator[Running]:
    running = start(place, tmp_path / "log", options={"kernels": 0}, look_every=0.1)
    yield running
    running.stop()


MINOXIDIL = "ingredient?ingredient=minoxidil"


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.S)
    assert found
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def footer(html: str) -> str:
    found = re.search(r"Release ([^ ·]+)", html.split("site-foot")[-1])
    return found[1] if found else ""


def test_a_new_release_goes_live_and_open_pages_stay_with_theirs(
    server: Running, place: Path, snapshot: Path, tmp_path: Path
) -> None:
    old, tag = server.release(), server.get(MINOXIDIL).headers["Etag"]
    assert server.get(MINOXIDIL, **{"If-None-Match": tag}).status == 304
    os.replace(changed(snapshot, tmp_path / "a", "9.1.0"), place)
    server.wait_for("release 9.1.0")
    new = server.release()
    assert new != old
    page = server.get(MINOXIDIL, **{"If-None-Match": tag})
    assert (page.status, heading(page.text), footer(page.text)) == (200, "Minoxidil 9.1.0", "9.1.0")
    assert json.loads(server.get(f"fragment/{old}/{MINOXIDIL}").text)["title"] == "Minoxidil"
    assert json.loads(server.get(f"fragment/{new}/{MINOXIDIL}").text)["title"] == "Minoxidil 9.1.0"
    os.replace(changed(snapshot, tmp_path / "b", "9.2.0"), place)
    server.wait_for("release 9.2.0")
    assert server.get(f"fragment/{old}/{MINOXIDIL}").status == 410
    assert server.get(f"fragment/{new}/{MINOXIDIL}").status == 200


def test_no_answer_ever_mixes_two_releases(server: Running, place: Path, snapshot: Path, tmp_path: Path) -> None:
    os.replace(changed(snapshot, tmp_path / "a", "9.1.0"), place)
    seen = []
    while not seen or seen[-1] != "9.1.0":
        html = server.get(MINOXIDIL).text
        told = heading(html).removeprefix("Minoxidil").strip()
        assert told in {"", footer(html)} and (told != "" or footer(html) != "9.1.0")
        seen.append(footer(html))
    assert len(set(seen)) <= 2, "never back to the old one"


@pytest.mark.parametrize("damage", ["truncated", "deleted", "overwritten", "one byte", "another format"])
def test_whatever_happens_to_the_file_readers_go_on_reading(server: Running, place: Path, damage: str) -> None:
    before = server.release()
    if damage == "truncated":
        os.truncate(place, 200_000)
    elif damage == "deleted":
        place.unlink()
    elif damage == "one byte":
        data = bytearray(place.read_bytes())
        data[len(data) // 2] ^= 1
        place.write_bytes(data)
    elif damage == "overwritten":
        place.write_bytes(b"SQLite format 3\0" + bytes(100_000))
    else:
        with sqlite3.connect(place) as connection:
            connection.execute("UPDATE meta SET value = '999' WHERE key = 'format'")
        connection.close()
        seal.stamp(place)
    if damage != "deleted":
        server.wait_for("the new snapshot cannot be shown, the old one stays")
    for path in ("", MINOXIDIL, "indication?indication=melasma", "evidence", "suggest?text=biotin"):
        assert server.get(path).status == 200
    assert server.release() == before


def test_a_notebook_shows_the_release_that_is_live(place: Path, snapshot: Path, tmp_path: Path) -> None:
    running = start(place, tmp_path / "log", until="a kernel was heated", look_every=0.1)
    try:
        os.replace(changed(snapshot, tmp_path / "a", "9.1.0"), place)
        running.wait_for("release 9.1.0")
        running.open_session(MINOXIDIL)  # until one is warm
        html = running.get(f"notebook/{MINOXIDIL}").text
        assert (heading(html), footer(html)) == ("Minoxidil 9.1.0", "9.1.0")
    finally:
        running.stop()


def test_an_open_page_says_that_there_is_a_new_release(
    server: Running, place: Path, snapshot: Path, tmp_path: Path, browser: Browser
) -> None:
    with closed_context(browser, []) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(server.url + MINOXIDIL)
        os.replace(changed(snapshot, tmp_path / "a", "9.1.0"), place)
        server.wait_for("release 9.1.0")
        page.clock.fast_forward(130_000)
        expect(page.locator(".line-note")).to_contain_text("new release")
        expect(page.locator("main h1")).to_have_text("Minoxidil")
        page.get_by_role("button", name="Load it").click()
        expect(page.locator("main h1")).to_have_text("Minoxidil 9.1.0")
