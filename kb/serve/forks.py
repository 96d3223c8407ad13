"""Kernels forked from one warm process, through Jupyter's interface for whatever starts kernels.

`Nursery` keeps the original (see `kb.serve.original`) of the release being shown; `ForkProvisioner` asks it for a process
where Jupyter's own would start one. A kernel then shares what the original has in memory and is ready at once. Where that
is not to be had (another system, an original that cannot be warmed, that died, that does not answer), the kernel
is started the ordinary way, and the log says why.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from kb.serve.limits import Limits, forks_here
from kb.serve.original import LARGEST, OK

NAME = "kb-fork"
LAUNCH = (sys.executable, "-m", "ipykernel_launcher")
FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}  # each of a kernel's dozen threads would have pages of its own
END_SECONDS = 2  # an original has nothing to save
log = logging.getLogger("kb.serve")

KernelProvisionerFactory.provisioners[NAME] = EntryPoint(
    NAME, f"{__name__}:ForkProvisioner", KernelProvisionerFactory.GROUP_NAME
)


class NoFork(Exception):
    """No forked kernel is to be had; the message says why."""


class Forked:
    """A forked kernel, with what is used of `subprocess.Popen`. It is another's child, so its end is all that can be told.

    `watch` is a descriptor of the process: signals to it can never reach another one that got its number later.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, watch: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._watch = open(watch, "rb", buffering=0)  # noqa: SIM115 - closed when the process has ended

    def poll(self) -> int | None:
        if self.returncode is None:
            waiting = select.poll()
            waiting.register(self._watch, select.POLLIN)
            if waiting.poll(0):
                self.returncode = 1
                self._watch.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended. Raises TimeoutExpired."""
        if self.poll() is None:
            waiting = select.poll()
            waiting.register(self._watch, select.POLLIN)
            if not waiting.poll(None if timeout is None else 1000 * timeout):
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self.poll() or 0

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._watch.fileno(), number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class Line:
    """The server's end of the line to one original. `env` is what the original was started with."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = dict(env)
        self.open = False
        self._ids = itertools.count(1)
        self._asked: dict[int, asyncio.Future[tuple[dict[str, Any], list[int]]]] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._retired = False

    async def start(self) -> None:
        """Start the original and wait until it is warm. Raises NoFork."""
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.setblocking(False)
        command = [sys.executable, "-m", "kb.serve.original", str(theirs.fileno())]
        try:
            self._process = subprocess.Popen(
                command,
                env=self.env | FEW_ARENAS,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            self._line.close()
            raise NoFork(type(error).__name__) from error
        finally:
            theirs.close()
        self.open = True
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._line.fileno(), self._hear)
        try:
            said, _ = await self._answer(0)
        except asyncio.CancelledError:
            self._process.kill()  # it listens to nobody yet
            self.end()
            raise
        if "refused" in said:
            self.end()
            raise NoFork(str(said["refused"]))

    async def fork(self, arguments: list[str], env: Mapping[str, str], cwd: str | None) -> Forked:
        """A kernel that listens on its connection file. Raises NoFork."""
        number = next(self._ids)
        packet = json.dumps({"id": number, "fork": arguments, "env": dict(env), "cwd": cwd}).encode()
        if self._line is None or not self.open or len(packet) > LARGEST:
            raise NoFork("its environment is too large" if self.open else "it has ended")
        try:
            self._line.send(packet)
        except OSError as error:
            raise NoFork(type(error).__name__) from error
        said, descriptors = await self._answer(number)
        if "pid" not in said:
            raise NoFork(str(said.get("refused")))
        watch, told = descriptors
        kernel = Forked(int(said["pid"]), watch)
        try:
            heard = await _read(told)
        except BaseException:
            kernel.kill()
            raise
        if heard != OK:
            kernel.kill()
            raise NoFork(heard.decode("ascii", "replace") or "the kernel ended")
        return kernel

    async def _answer(self, number: int) -> tuple[dict[str, Any], list[int]]:
        self._asked[number] = asyncio.get_running_loop().create_future()
        try:
            return await self._asked[number]
        finally:
            del self._asked[number]

    def _hear(self) -> None:
        assert self._line is not None
        try:
            packet, descriptors, _, _ = socket.recv_fds(self._line, LARGEST, 2)
        except BlockingIOError:
            return
        except OSError:
            packet, descriptors = b"", []
        if not packet:
            if not self._retired:
                log.error("the process that kernels are forked from has died")
            self.close()
            return
        said = json.loads(packet)
        waiting = self._asked.get(int(said.get("id", 0)))
        if waiting is not None and not waiting.done():
            waiting.set_result((said, descriptors))
        else:  # who asked has stopped waiting
            for place, descriptor in enumerate(descriptors):
                Forked(said["pid"], descriptor).kill() if place == 0 else os.close(descriptor)

    def retire(self) -> None:
        """No more kernels from it; those it has stay until their pages are gone, and then it ends by itself."""
        self._retired = True
        if self._line is not None and self.open:
            with contextlib.suppress(OSError):
                self._line.send(b'{"retire": true}')

    def close(self) -> None:
        """Hang up: the original kills its kernels and ends."""
        if self._line is not None and self.open:
            self.open = False
            if self._loop is not None and not self._loop.is_closed():
                self._loop.remove_reader(self._line.fileno())
            self._line.close()
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_result(({"refused": "it has died"}, []))
        if self._process is not None:
            self._process.poll()

    def end(self) -> None:
        """Hang up and see that it is gone."""
        self._retired = True
        self.close()
        if self._process is not None:
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


async def _read(descriptor: int) -> bytes:
    """What is said through a pipe, once; nothing when its other end closes. The descriptor is closed."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(descriptor, lambda: None if ready.done() else ready.set_result(None))
    try:
        await ready
        return os.read(descriptor, 100)
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


class Nursery:
    """The original of the release being shown, and earlier ones whose kernels still have a page."""

    def __init__(self, env: Mapping[str, str], limits: Limits) -> None:
        self.env, self.limits = dict(env), limits
        self._line: Line | None = None
        self._earlier: list[Line] = []
        self._starting = asyncio.Lock()
        self._not_before = 0.0
        self._closing = False

    @property
    def usable(self) -> bool:
        """Whether the next kernel will be forked, as far as can be told."""
        has_one = self._line is not None and self._line.open
        return self.limits.forks and forks_here() and (has_one or time.monotonic() >= self._not_before)

    async def prepare(self) -> None:
        """See that there is an original to fork from, if one is to be had. It may take as long as drawing its pages does."""
        async with self._starting:
            if not self.usable or (self._line is not None and self._line.open):
                return
            line = self._line = Line(self.env)
            try:
                async with asyncio.timeout(self.limits.original_seconds):
                    await line.start()
            except NoFork as error:
                self._give_up(str(error))
            except TimeoutError:
                self._give_up("it takes too long to get warm")

    async def fork(self, command: list[str], env: Mapping[str, str], cwd: str | None) -> Forked | None:
        """The kernel that `command` asks for, forked; None when it has to be started the ordinary way."""
        line = self._line
        if line is None or not line.open or tuple(command[:3]) != LAUNCH or _ours(env) != _ours(line.env):
            return None
        try:
            return await line.fork(command[3:], env, cwd)
        except NoFork as error:
            self._give_up(str(error))
            return None
        except asyncio.CancelledError:
            self._give_up("it does not answer")
            raise

    def _give_up(self, reason: str) -> None:
        """Do without for a while."""
        self._not_before = time.monotonic() + self.limits.fork_again
        if self._closing:
            return
        log.error("a kernel could not be forked, kernels are started the ordinary way for now: %s", reason)
        if self._line is not None:
            self._line.retire()
            self._earlier.append(self._line)
            self._line = None

    def renew(self, env: Mapping[str, str]) -> None:
        """Kernels of another release from now on."""
        self.env |= env
        self._not_before = 0.0
        self._earlier = [line for line in self._earlier if line.open]
        if self._line is not None:
            self._line.retire()
            self._earlier.append(self._line)
            self._line = None

    def stop(self) -> None:
        """No more kernels: the server is about to end."""
        self._closing = True

    def end(self) -> None:
        """No original is left, nor any kernel of one."""
        self._closing = True
        for line in (*self._earlier, *([self._line] if self._line else ())):
            line.end()
        self._earlier, self._line = [], None


def _ours(env: Mapping[str, str]) -> dict[str, str]:
    """What decides which pages a kernel shows."""
    return {name: value for name, value in env.items() if name.startswith("KB_")}


class ForkProvisioner(LocalProvisioner):
    """Jupyter's provisioner, which asks a nursery first."""

    nursery: Nursery | None = None
    forked = False

    def __init__(self, **kwargs: Any) -> None:
        self.nursery = kwargs.pop("nursery", None)
        super().__init__(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        kernel = None
        if self.nursery is not None:
            kernel = await self.nursery.fork(cmd, kwargs.get("env") or os.environ, kwargs.get("cwd"))
        self.forked = kernel is not None
        if kernel is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = kernel  # type: ignore[assignment]
        self.pid = self.pgid = kernel.pid  # it leads a session
        self.cwd = kwargs.get("cwd")
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        if self.process is not None and self.process.poll() is not None:
            return  # its number may be another's by now
        await super().send_signal(signum)
