"""Kernels that are forked from one warm process: the same pages, alone with themselves, and gone when they should be."""

import asyncio
import dataclasses
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager

from kb.serve.forks import Nursery
from kb.serve.kernels import SessionKernelSpecs, _answering
from kb.serve.limits import CLINICIAN, forks_here
from tests.serve.running import Running, start
from tests.serve.test_lifetime import args_of, kernels_of, originals_of

pytestmark = pytest.mark.skipif(not forks_here(), reason="this system cannot watch a process by descriptor")

ADDRESS = "notebook/ingredient?ingredient=minoxidil"
PATIENT = dataclasses.replace(CLINICIAN, original_seconds=300)


@pytest.fixture
def forking(snapshot: Path, tmp_path: Path) -> Running:
    return start(snapshot, tmp_path / "log", until="a kernel was heated", original_seconds=300)


def shown(server: Running) -> tuple[str, bool]:
    """A page without what is of this kernel alone, and whether a kernel drew it."""
    text = server.get(ADDRESS).text
    told = re.search(r'"kernelId": "([\w-]+)"', text)
    return text.replace(told[1], "") if told else text, told is not None


def eventually(holds: Callable[[], bool], seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
    return holds()


def test_a_forked_kernel_shows_the_same_page(forking: Running, snapshot: Path, tmp_path: Path) -> None:
    plain = start(snapshot, tmp_path / "plain", until="a kernel was heated", forks=False)
    assert "forked" in forking.log
    assert "forked" not in plain.log
    page, by_kernel = shown(forking)
    assert by_kernel
    assert "Minoxidil" in page
    assert (page, True) == shown(plain)
    forking.stop()
    plain.stop()


def test_when_the_process_they_come_from_is_killed_pages_go_on(forking: Running) -> None:
    (original,) = originals_of(forking.process.pid)
    kernels = kernels_of(forking.process.pid)
    os.kill(int(original), signal.SIGKILL)
    assert "Minoxidil" in shown(forking)[0]
    forking.wait_for("the process that kernels are forked from has died")
    assert eventually(lambda: not any(args_of("--pid", pid) for pid in kernels)), "its kernels outlive it"
    forking.wait_until(lambda: forking.get(ADDRESS).status == 200 and '"kernelId": "' in forking.get(ADDRESS).text)
    forking.stop()


def test_without_a_fork_kernels_are_started_the_ordinary_way_and_the_log_says_why(
    snapshot: Path, tmp_path: Path
) -> None:
    damaged = shutil.copy(snapshot, tmp_path / "damaged.sqlite")
    os.truncate(damaged, 100_000)
    before = f"from kb.serve import forks\nforks.FEW_ARENAS = {{'KB_SNAPSHOT': {str(damaged)!r}}}\n"
    server = start(snapshot, tmp_path / "log", before=before, until="a kernel was heated", original_seconds=300)
    said = "a kernel could not be forked, kernels are started the ordinary way for now: DamagedSnapshot"
    assert said in server.log
    assert "started the ordinary way" in server.log
    assert shown(server)[1]
    assert originals_of(server.process.pid) == []
    server.stop()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_server_ends(forking: Running, ending: signal.Signals) -> None:
    """However it ends: a killed one tells nobody."""
    forking.open_session("about")
    left = [*originals_of(forking.process.pid), *kernels_of(forking.process.pid)]
    assert len(left) >= 2
    forking.process.send_signal(ending)
    forking.process.wait(400)
    assert eventually(lambda: not any(args_of("--pid", pid) for pid in left)), "a process outlives its server"


def test_many_visits_leave_nothing(forking: Running) -> None:
    pid = forking.process.pid

    def held() -> tuple[int, int]:
        """Kernels, and open files of the server."""
        return len(kernels_of(pid)), len(os.listdir(f"/proc/{pid}/fd"))

    for _ in range(2):
        forking.end_session(forking.open_session("about"))
    assert eventually(lambda: held()[0] == 1)
    before = held()
    for _ in range(12):
        forking.end_session(forking.open_session("about"))
    assert eventually(lambda: held()[0] == 1), held()
    assert eventually(lambda: held()[1] <= before[1] + 2), (before, held())
    forking.stop()


@asynccontextmanager
async def nursed(snapshot: Path) -> AsyncIterator[tuple[Nursery, Callable[..., Any]]]:
    """A nursery, and how to start a kernel in it: its manager and its client."""
    environment = os.environ | {"KB_SNAPSHOT": str(snapshot), "ONLY_HERE": "1"}
    nursery = Nursery(environment, PATIENT)
    specs = SessionKernelSpecs()
    specs.nursery = nursery
    started = []
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:  # a path of a socket is short

        async def begin(**more: Any) -> tuple[Any, Any]:
            await nursery.prepare()
            file = Path(folder, f"{len(started)}.json")
            manager: Any = AsyncKernelManager(kernel_spec_manager=specs, transport="ipc", connection_file=str(file))
            await manager.start_kernel(env=dict(environment), **more)
            client = manager.client()
            client.start_channels()
            await _answering(client)
            started.append((manager, client))
            return manager, client

        try:
            yield nursery, begin
        finally:
            for manager, client in started:
                client.stop_channels()
                await manager.shutdown_kernel(now=True)
            nursery.end()


async def said_by(client: Any, code: str) -> str:
    """What a kernel prints."""
    heard: list[str] = []

    def keep(message: dict[str, Any]) -> None:
        assert message["msg_type"] != "error", message["content"]
        if message["msg_type"] == "stream":
            heard.append(message["content"]["text"])

    await client.execute_interactive(code, output_hook=keep, timeout=120)
    return "".join(heard).strip()


def test_a_forked_kernel_is_alone_with_itself(snapshot: Path, tmp_path: Path) -> None:
    """Its environment, its folder, its session, its random numbers, its descriptors."""
    code = """
import os, random, uuid, tempfile
from kb.views import page
page.warm()
print(os.environ["ONLY_HERE"], os.getcwd(), os.getsid(0) == os.getpid(), random.random(), uuid.uuid4(), page.opened().file)
"""

    async def ask() -> None:
        async with nursed(snapshot) as (_, begin):
            told = []
            for _ in range(2):
                manager, client = await begin(cwd=str(tmp_path))
                assert manager.provisioner.forked
                told.append((await said_by(client, code)).split(" "))
                target = os.readlink(f"/proc/{manager.provisioner.pid}/fd/0")
                assert target == os.devnull
            assert [t[:3] for t in told] == [["1", str(tmp_path), "True"]] * 2
            assert told[0][3] != told[1][3]
            assert told[0][4] != told[1][4]
            assert told[0][5] == str(snapshot)

    asyncio.run(ask())


def test_a_kernel_of_an_earlier_release_stays_with_its_page(snapshot: Path, tmp_path: Path) -> None:
    other = shutil.copy(snapshot, tmp_path / "other.sqlite")

    async def ask() -> None:
        async with nursed(snapshot) as (nursery, begin):
            _, before = await begin()
            nursery.renew({"KB_SNAPSHOT": str(other)})
            assert (await begin())[0].provisioner.forked is False, "its environment names the release before"
            assert await said_by(before, "from kb.views import page; print(page.opened().file)") == str(snapshot)

    asyncio.run(ask())


def test_a_signal_never_reaches_who_got_its_number_later(snapshot: Path) -> None:
    async def ask() -> None:
        async with nursed(snapshot) as (_, begin):
            manager, _ = await begin()
            kernel = manager.provisioner.process
            os.kill(kernel.pid, signal.SIGKILL)
            assert kernel.wait(120) == 1
            kernel.pid = os.getpid()  # as if it had been given to us
            await manager.provisioner.send_signal(signal.SIGKILL)
            kernel.kill()
            assert not await manager.is_alive()

    asyncio.run(ask())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_kernel_has_no_line_to_the_server(snapshot: Path) -> None:
    """What it could ask there is more processes."""

    async def ask() -> None:
        async with nursed(snapshot) as (nursery, begin):
            manager, _ = await begin()
            assert nursery._line is not None
            original = nursery._line._process
            assert original is not None
            links = {os.readlink(f"/proc/{original.pid}/fd/{n}") for n in os.listdir(f"/proc/{original.pid}/fd")}
            sockets = {link for link in links if link.startswith("socket:")}
            assert len(sockets) == 1
            own = f"/proc/{manager.provisioner.pid}/fd"
            assert sockets.isdisjoint(os.readlink(f"{own}/{n}") for n in os.listdir(own))

    asyncio.run(ask())
