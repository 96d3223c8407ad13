"""The line between a notebook and its kernel is held as long as the page answers, and no longer."""

import os
import signal
import time
from pathlib import Path

import pytest
import websocket

from tests.serve.running import Running, start
from tests.serve.test_lifetime import kernels_of
from tests.serve.test_readonly import comm_data, connect, frame, request

PING = 1.5
"""Three of these, unanswered, end a line: more than a busy machine ever holds a page up."""


@pytest.fixture
def pinging(snapshot: Path, tmp_path: Path) -> Running:
    limits = {"ping": PING, "reap_every": 0.2, "messages": 1_000_000}
    return start(snapshot, tmp_path / "log", until="a kernel was heated", **limits)


def opened(server: Running, kernel: str) -> websocket.WebSocket:
    line = connect(server, kernel)
    line.send(frame("comm_open", {"comm_id": "c", "target_name": "kb", "data": {}}))
    assert comm_data(line) == {"ready": True}
    return line


def ends(line: websocket.WebSocket) -> bool:
    """Whether the server ends the line before the line's own time is out."""
    try:
        while True:
            line.recv()
    except websocket.WebSocketTimeoutException:
        return False
    except (OSError, websocket.WebSocketException):
        return True


def test_a_line_outlives_many_pings_and_ends_when_its_page_no_longer_answers_them(pinging: Running) -> None:
    """The time a page had to answer a ping was once the interval itself, so every line ended with the second ping."""
    line = opened(pinging, pinging.open_session("about"))
    held_until = time.monotonic() + 3.5 * PING
    asked = 0
    while time.monotonic() < held_until:
        asked += 1
        line.send(request(asked, op="suggest", text="minox", kinds=[]))
        assert comm_data(line)["items"]  # reading answers the pings that came meanwhile
    line.pong = lambda *_: None  # from here on this page is dead
    assert ends(line)
    assert pinging.stop() == 0


def test_a_killed_kernel_closes_its_line_and_the_server_answers_instead(pinging: Running) -> None:
    line = opened(pinging, pinging.open_session("about"))
    for pid in kernels_of(pinging.process.pid):
        os.kill(int(pid), signal.SIGKILL)
    assert ends(line)
    pinging.wait_for("a kernel has died while a page was using it")
    assert "Minoxidil" in pinging.get(f"fragment/{pinging.release()}/ingredient?ingredient=minoxidil").text
    assert pinging.stop() == 0
