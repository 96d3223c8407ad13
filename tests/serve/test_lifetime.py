"""A server from start to stop: what it leaves behind, and what it says when it cannot start."""

import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.serve import run
from kb.snapshot import DamagedSnapshot
from tests.serve.running import PROJECT, start


def test_a_server_writes_nothing_home_and_stops_cleanly(snapshot: Path, tmp_path: Path, scratch: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    server = start(
        snapshot, tmp_path / "log", home=home, environment={"TMPDIR": str(scratch)}, until="a kernel was heated"
    )
    server.open_session("ingredient?ingredient=biotin")
    assert server.stop() == 0
    assert list(home.rglob("*")) == []
    assert list(scratch.glob("voila_*")) == []
    assert "Traceback" not in server.log


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_its_kernels_however_it_is_asked_to(
    snapshot: Path, tmp_path: Path, scratch: Path, ending: signal.Signals
) -> None:
    """A script that starts it in the background has switched interrupts off; a service manager sends TERM."""
    switched = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        server = start(snapshot, tmp_path / "log", environment={"TMPDIR": str(scratch)}, until="a kernel was heated")
    finally:
        signal.signal(signal.SIGINT, switched)
    server.open_session("about")
    kernels = kernels_of(server.process.pid)
    assert kernels
    server.process.send_signal(ending)
    assert server.process.wait(400) == 0
    for _ in range(
        1200
    ):  # a forked kernel is ended by what it was forked from, once that hears that the server has gone
        if not (left := [pid for pid in kernels if args_of("--pid", pid)]):
            break
        time.sleep(0.1)
    assert left == []
    assert list(scratch.glob("voila_*")) == []


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A temporary folder of the server's own: others on the machine make and leave what they like in theirs.

    Its name is short, because kernels are spoken to through sockets whose path may have a hundred characters.
    """
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:
        yield Path(folder)


def args_of(*which: str) -> str:
    return subprocess.run(["ps", "-o", "pid=,args=", *which], capture_output=True, text=True, check=False).stdout


def kernels_of(parent: int) -> list[str]:
    """Process ids of the kernels of a server: its own children, or those of a process that they are forked from."""
    children = [line.split(maxsplit=1) for line in args_of("--ppid", str(parent)).splitlines()]
    started = [pid for pid, args in children if "ipykernel" in args]
    forked = [line.split()[0] for pid in originals_of(parent) for line in args_of("--ppid", pid).splitlines()]
    return started + forked


def originals_of(parent: int) -> list[str]:
    """Process ids of what a server forks its kernels from."""
    return [line.split()[0] for line in args_of("--ppid", str(parent)).splitlines() if "kb.serve.original" in line]


def test_a_missing_or_damaged_snapshot_is_refused_with_the_cure(tmp_path: Path) -> None:
    damaged = tmp_path / "kb.sqlite"
    with pytest.raises(DamagedSnapshot, match="kb build"):
        run(root=PROJECT, snapshot=damaged)
    damaged.write_bytes(b"SQLite format 3\0" + bytes(4096))
    with pytest.raises(DamagedSnapshot, match="kb build"):
        run(root=PROJECT, snapshot=damaged)


def test_a_wrong_edition_or_root_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="clinician, trainee"):
        run("author")
    with pytest.raises(DamagedSnapshot, match="kb build"):
        run(root=tmp_path)


def test_a_port_in_use_is_said_so(snapshot: Path, tmp_path: Path) -> None:
    from tests.serve import running

    with socket.socket() as taken:  # bound and deaf: who asks it is refused at once
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        log = tmp_path / "log"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(running, "free_port", lambda: port)
            with pytest.raises(AssertionError, match=f"port {port} cannot be used"):
                start(snapshot, log)
