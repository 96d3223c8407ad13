"""Clients that send a byte at a time, or take none of their answer: the others are served, and the slow ones let go."""

import contextlib
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serve.running import Running, start

HEAD = b"GET /about HTTP/1.1\r\nHost: localhost\r\n"
BODY = b"POST /precheck HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60\r\n\r\n"
LARGE = b"GET /ingredient?ingredient=platelet-rich-plasma HTTP/1.1\r\nHost: localhost\r\n\r\n"
EACH = 15
MANY = 1000


@pytest.fixture
def strict(snapshot: Path, tmp_path: Path) -> Iterator[Running]:
    """Room for all slow clients and a few more; whoever is slow has five seconds."""
    short: dict[str, Any] = {"idle_connection": 5, "body_seconds": 5, "answer_seconds": 5}
    running = start(snapshot, tmp_path / "log", options={"kernels": 0}, connections=3 * EACH + 8, **short)
    yield running
    running.stop()


def client(server: Running, said: bytes) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", server.port))
    line.sendall(said)
    return line


def connections(server: Running) -> int:
    with contextlib.suppress(OSError):
        found = re.search(r"^kb_connections (\d+)", server.get("metrics").text, re.M)
        assert found
        return int(found[1])
    return MANY


def served(server: Running, path: str) -> int:
    """The status of a page; asked again where a stalled machine took so long to ask that it counted as slow itself."""
    deadline = time.monotonic() + 240
    while True:
        with contextlib.suppress(OSError):
            return server.get(path).status
        assert time.monotonic() < deadline


def test_slow_clients_keep_nobody_waiting_and_are_let_go(strict: Running) -> None:
    """Who asks again and again and reads nothing once held its connection, and what waited for it, for ever."""
    assert served(strict, "ingredient?ingredient=platelet-rich-plasma") == 200
    slow = [client(strict, said) for said in (HEAD, BODY, LARGE * 60) for _ in range(EACH)]
    assert {served(strict, path) for path in ("", "about", "evidence", "suggest?text=biotin")} == {200}
    deadline = time.monotonic() + 240
    while connections(strict) > 1:  # the one that asks
        assert time.monotonic() < deadline
        for line in slow[: 2 * EACH]:  # each a byte at a time, as long as it is listened to
            with contextlib.suppress(OSError):
                line.send(b"x")
    for line in slow:
        line.close()
    assert served(strict, "about") == 200


def test_who_reads_slowly_and_steadily_gets_the_whole_answer(server: Running) -> None:
    line = client(server, LARGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    got = b""
    while piece := line.recv(512):
        got += piece
    line.close()
    assert b"</html>" in got[-40:]
