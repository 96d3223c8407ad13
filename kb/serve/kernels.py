"""Kernels for notebooks: which one is started, how it is warmed, when it ends.

Voilà can heat kernels itself, but keeps a pool for every notebook, and each of its kernels waits on a websocket for its
request. Fourteen pages would mean fourteen idle Python processes. Here a warm kernel that has imported everything and
opened the snapshot waits for any page; the page's notebook is run when it is asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from queue import Empty
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_core.utils import run_sync

from kb.serve.forks import NAME, Nursery
from kb.serve.limits import Limits

KERNEL = "python3"
WARM_CODE = "from kb.views.page import warm; warm()"
log = logging.getLogger("kb.serve")


class SessionKernelSpecs(KernelSpecManager):
    """One kernel: this very Python, without history, so that it needs no writable home; forked where `nursery` can."""

    nursery: Nursery | None = None

    def find_kernel_specs(self) -> dict[str, str]:
        return {KERNEL: ""}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        if kernel_name != KERNEL:
            raise NoSuchKernel(kernel_name)
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False"]
        provisioner = {"provisioner_name": NAME, "config": {"nursery": self.nursery}}
        return KernelSpec(
            argv=argv, display_name="Python 3", language="python", metadata={"kernel_provisioner": provisioner}
        )

    def get_all_specs(self) -> dict[str, Any]:
        return {KERNEL: {"resource_dir": "", "spec": self.get_kernel_spec(KERNEL).to_dict()}}


@dataclass
class Session:
    """A kernel and the server's own client to it."""

    kernel_id: str
    client: Any  # jupyter_client's asynchronous client
    given: float = 0.0  # when a page got it
    seen: float = 0.0  # when its page was last connected
    release: str = ""  # the id of the release it shows
    forked: bool = False


class NotWarm(Exception):
    """A kernel that could not draw its first pages; `reason` is the program's, no reader has asked anything yet."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SessionPool:
    """Warm kernels, handed out one to a notebook and ended when its page is gone.

    `manager` is Jupyter's kernel manager; it starts and stops the processes. `env` is the environment of kernels, and
    `release` the id of the release they show.
    """

    def __init__(self, manager: Any, limits: Limits, env: Mapping[str, str], release: str = "") -> None:
        self.manager, self.limits, self.env, self.release = manager, limits, dict(env), release
        self.nursery = Nursery(self.env, limits)
        self.lines: dict[str, set[Any]] = {}  # open websockets of each kernel; they close with it
        self._ready: deque[Session] = deque()
        self._given: dict[str, Session] = {}
        self._starting: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._not_before = 0.0
        self._wake = asyncio.Event()
        self._available = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.ensure_future(self._fill()), asyncio.ensure_future(self._reap())]

    def stop(self) -> None:
        """End every kernel at once, also those that are just being started."""
        self.nursery.stop()
        for task in (*self._tasks, *self._starting):
            task.cancel()
        self.manager._pending_kernels.clear()  # of these it would say that they do not exist; the nursery ends them
        give_up_starting(self.manager)
        run_sync(self.manager.shutdown_all)(now=True)
        self.nursery.end()

    @property
    def count(self) -> int:
        return len(self._ready) + len(self._given) + len(self._starting)

    @property
    def most(self) -> int:
        """Kernels at most. One that is not forked takes several times the memory."""
        kernels = (*self._ready, *self._given.values())
        forks = self.nursery.usable and all(session.forked for session in kernels)
        return self.limits.sessions if forks else min(self.limits.sessions, self.limits.unforked)

    @property
    def ready(self) -> int:
        return len(self._ready)

    @property
    def given(self) -> int:
        return len(self._given)

    async def take(self, timeout: float) -> Session | None:
        """A warm kernel, or None when none gets ready within `timeout` seconds, or none can."""
        self._wake.set()
        full = self.count >= self.most or time.monotonic() < self._not_before
        if full and not self._ready and not self._starting:
            return None
        try:
            async with asyncio.timeout(timeout), self._available:
                await self._available.wait_for(lambda: bool(self._ready))
                session = self._ready.popleft()
        except TimeoutError:
            return None
        session.given = session.seen = time.monotonic()
        self._given[session.kernel_id] = session
        self._wake.set()
        return session

    async def end(self, kernel_id: str) -> None:
        """End the kernel of a page; unknown ids (and warm kernels, which no page knows) are left alone."""
        session = self._given.pop(kernel_id, None)
        if session is not None:
            await self._end(session)

    async def _end(self, session: Session) -> None:
        for line in self.lines.pop(session.kernel_id, set()):
            line.close(1001, "the session has ended")
        session.client.stop_channels()
        if session.kernel_id in self.manager:
            await self.manager.shutdown_kernel(session.kernel_id, now=True)
        self._wake.set()

    async def renew(self, release: str, env: Mapping[str, str]) -> None:
        """Kernels show this release from now on: warm ones are ended, those given to a page stay with it."""
        self.release = release
        self.env |= env
        self.nursery.renew(env)
        waiting = list(self._ready)
        self._ready.clear()
        for session in waiting:
            await self._end(session)
        self._wake.set()

    def is_given(self, kernel_id: str) -> bool:
        return kernel_id in self._given

    async def _fill(self) -> None:
        """Keep the pool full, a few kernels at a time; after a failure wait longer each time."""
        while True:
            self._wake.clear()
            while (
                len(self._ready) + len(self._starting) < self.limits.warm
                and self.count < self.most
                and len(self._starting) < self.limits.starting
                and time.monotonic() >= self._not_before
            ):
                task = asyncio.ensure_future(self._start_one())
                self._starting.add(task)
                task.add_done_callback(self._started)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(1.0, self._not_before - time.monotonic())):
                    await self._wake.wait()

    def _started(self, task: asyncio.Task[None]) -> None:
        self._starting.discard(task)
        self._wake.set()

    async def _start_one(self) -> None:
        release = self.release
        try:
            session = await self._heat()
        except Exception as error:
            self._failures += 1
            wait = min(60.0, 2.0**self._failures)
            self._not_before = time.monotonic() + wait
            reason = error.reason if isinstance(error, NotWarm) else type(error).__name__
            log.error("a kernel could not be started, next try in %.0f s: %s", wait, reason)
            return
        self._failures = 0
        if release != self.release:  # a new release went live meanwhile
            await self._end(session)
            return
        async with self._available:
            self._ready.append(session)
            self._available.notify()

    async def _heat(self) -> Session:
        await self.nursery.prepare()
        started = time.monotonic()
        release = self.release
        async with asyncio.timeout(self.limits.start_seconds):
            kernel_id = str(uuid.uuid4())
            try:
                await self.manager.start_kernel(kernel_name=KERNEL, kernel_id=kernel_id, env=dict(self.env))
            except BaseException:
                self.manager._pending_kernels.pop(kernel_id, None)  # it would be remembered for ever
                raise
            try:
                client = await self._warmed(kernel_id)
            except BaseException:
                await self.manager.shutdown_kernel(kernel_id, now=True)
                raise
        forked = bool(getattr(self.manager.get_kernel(kernel_id).provisioner, "forked", False))
        how = "forked" if forked else "started the ordinary way"
        log.info("a kernel was heated in %.2f s, %s", time.monotonic() - started, how)
        return Session(kernel_id, client, release=release, forked=forked)

    async def _warmed(self, kernel_id: str) -> Any:
        """The server's client to a kernel that has drawn its first pages. Raises NotWarm for one that cannot."""
        client: Any = self.manager.get_kernel(kernel_id).client()
        client.start_channels()
        seconds = self.limits.start_seconds
        try:
            await _answering(client)
            client.allow_stdin = False
            reply = await client.execute_interactive(
                WARM_CODE, silent=True, store_history=False, timeout=seconds, output_hook=_drop
            )
        except BaseException:
            client.stop_channels()
            raise
        content = reply["content"]
        if content["status"] != "ok":
            client.stop_channels()
            raise NotWarm(f"{content.get('ename')}: {content.get('evalue')}")
        return client

    async def _reap(self) -> None:
        while True:
            await asyncio.sleep(self.limits.reap_every)
            for kernel_id in self.overdue(time.monotonic()):
                await self.end(kernel_id)
            await self.bury()

    async def bury(self) -> None:
        """End the sessions whose kernel has died: its line closes at once, and the page asks the server instead."""
        for kernel_id in [*self._given]:
            if kernel_id in self.manager and not await self.manager.is_alive(kernel_id):
                log.error("a kernel has died while a page was using it")
                await self.end(kernel_id)
        for session in [*self._ready]:
            if session.kernel_id not in self.manager or not await self.manager.is_alive(session.kernel_id):
                log.error("a warm kernel has died")
                self._ready.remove(session)
                await self._end(session)

    def overdue(self, now: float) -> list[str]:
        """Kernels whose page never came, went away, or has been idle too long (or that were ended elsewhere)."""
        found = []
        for kernel_id, session in self._given.items():
            if kernel_id not in self.manager:
                found.append(kernel_id)
                continue
            connected = self.manager._kernel_connections.get(kernel_id, 0) > 0
            ever = session.seen > session.given
            if connected and not ever:
                session.seen = now
            patience = self.limits.idle if connected else self.limits.disconnected if ever else self.limits.unclaimed
            if now - session.seen > patience:
                found.append(kernel_id)
        return found

    def touch(self, kernel_id: str) -> None:
        """A page used its kernel."""
        if kernel_id in self._given:
            self._given[kernel_id].seen = time.monotonic()


async def _answering(client: Any) -> None:
    """Until the kernel answers and what it shows arrives. The client's own way waits a fifth of a second longer, each time."""
    heard = False
    while not heard:
        client.kernel_info()
        with contextlib.suppress(Empty):
            reply = await client.get_shell_msg(timeout=1)
            if reply["msg_type"] == "kernel_info_reply":
                await client.get_iopub_msg(timeout=1)
                client._handle_kernel_info_reply(reply)
                heard = True


def _drop(_message: Mapping[str, Any]) -> None:
    """What a kernel prints while warming is nobody's business."""


def environment_code(values: Mapping[str, str]) -> str:
    """Code that sets environment variables in a kernel. The values travel as JSON text inside a Python literal."""
    return f"import json, os; os.environ.update(json.loads({json.dumps(dict(values))!r}))"


def give_up_starting(manager: Any) -> None:
    """End kernels whose start is not over. The manager asks each kernel whether its start failed, which one that is being started
    cannot say: a server stopped at that moment ended with a traceback and left the others running."""
    for kernel_id in manager.list_kernel_ids():
        kernel = manager.get_kernel(kernel_id)
        if kernel.ready.done():
            continue
        if kernel.has_kernel:
            run_sync(kernel.provisioner.kill)()
        kernel.ready.set_exception(RuntimeError("The server ended while this kernel was being started."))
