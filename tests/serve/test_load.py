"""Many readers, or one who asks for too much: everybody else is still answered."""

import http.client
import os
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.serve.running import Running, start

SLOW = """
import time
from pathlib import Path
from kb import views
drawn = views.render
def slow(view, params, snapshot, *medium):
    if "slow" in params:
        while not Path({gate!r}).exists():
            time.sleep(0.01)
    return drawn(view, params, snapshot, *medium)
views.render = slow
"""


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """Pages with `slow` in their address are drawn once this file is there."""
    return tmp_path / "open"


@pytest.fixture
def slow_server(snapshot: Path, tmp_path: Path, gate: Path) -> Iterator[Running]:
    before = SLOW.format(gate=str(gate))
    running = start(snapshot, tmp_path / "log", options={"kernels": 0}, before=before, queue=4)
    yield running
    gate.touch()
    running.stop()


def ask(server: Running, path: str, method: str = "GET") -> http.client.HTTPConnection:
    """Send a request and do not wait for its answer."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    line.request(method, f"/{path}", headers={"Host": "localhost"})
    return line


def waiting(server: Running) -> int:
    found = re.search(r"^kb_pages_waiting (\d+)", server.get("metrics").text, re.M)
    assert found
    return int(found[1])


def wait_until(server: Running, count: int) -> None:
    deadline = time.monotonic() + 240
    while waiting(server) != count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_queue_ends_and_says_when_to_come_back(slow_server: Running, gate: Path) -> None:
    slow_server.get("about")  # kept from now on
    lines = []
    for n in range(4):
        lines.append(ask(slow_server, f"ingredient?ingredient=biotin&slow={n}"))
        wait_until(slow_server, n + 1)
    for path in ("evidence", f"fragment/{slow_server.release()}/evidence", "suggest?text=x", "notebook/evidence"):
        refused = slow_server.get(path)
        assert (refused.status, refused.headers["Retry-After"]) == (503, "2"), path
    assert slow_server.get("readyz").status == 503
    assert slow_server.get("about").status == 200, "what is kept is still answered"
    gate.touch()
    assert [line.getresponse().status for line in lines] == [200] * 4
    assert slow_server.get("evidence").status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_work_of_a_reader_who_has_left_is_never_begun(slow_server: Running, gate: Path, method: str) -> None:
    first = ask(slow_server, "ingredient?ingredient=biotin&slow=0", method)
    wait_until(slow_server, 1)
    gone = [ask(slow_server, f"ingredient?ingredient=minoxidil&slow={n}", method) for n in (1, 2, 3)]
    wait_until(slow_server, 4)
    for line in gone:
        line.close()
    wait_until(slow_server, 1)
    gate.touch()
    assert first.getresponse().status == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "about?x={}"), ("HEAD", "about?x={}"), ("POST", "precheck")])
def test_every_method_has_its_share(snapshot: Path, tmp_path: Path, method: str, path: str) -> None:
    server = start(snapshot, tmp_path / "log", options={"kernels": 0}, work=5, work_every=3600)
    try:
        body = b"condition=pregnancy" if method == "POST" else None
        answers = [server.get(path.format(n), method, body) for n in range(8)]
        assert [a.status for a in answers] == [200] * 5 + [429] * 3
        assert "Retry-After" in answers[-1].headers
    finally:
        server.stop()


def test_what_is_kept_costs_nobody_a_share(snapshot: Path, tmp_path: Path) -> None:
    """A hospital comes from one address: two hundred page views of it were once refused."""
    server = start(snapshot, tmp_path / "log", options={"kernels": 0}, work=5, work_every=3600)
    try:
        assert {server.get("about").status for _ in range(200)} == {200}
    finally:
        server.stop()


def test_a_hundred_readers_at_once_are_all_answered(server: Running) -> None:
    paths = ["", "about", "evidence", "ingredient?ingredient=minoxidil", "indication?indication=melasma"] * 20
    with ThreadPoolExecutor(20) as readers:
        assert {answer.status for answer in readers.map(server.get, paths)} == {200}


def test_more_connections_than_allowed_are_closed_and_the_others_live(snapshot: Path, tmp_path: Path) -> None:
    server = start(snapshot, tmp_path / "log", options={"kernels": 0}, connections=20, body_seconds=1)
    try:
        held = []
        for _ in range(60):
            line = socket.create_connection(("127.0.0.1", server.port))
            line.sendall(b"POST /precheck HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
            held.append(line)
        deadline = time.monotonic() + 240
        while True:  # the unfinished ones are let go after a second
            try:
                assert server.get("about").status == 200
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        for line in held:
            line.close()
        assert os.path.getsize(server.log_file) < 100_000
        assert "Too many open files" not in server.log
    finally:
        server.stop()
