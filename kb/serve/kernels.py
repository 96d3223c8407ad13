"""Kernels for pages: which one is started, how it is warmed, when it ends.

Voilà can heat kernels itself, but keeps a pool for every notebook, and each of its kernels waits on a websocket for its
request. Fourteen pages would mean fourteen idle Python processes. Here a few warm kernels that have imported everything
and opened the snapshot wait for any page; the page's notebook is run when the page is asked for.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel

from kb.serve.limits import Limits

KERNEL = "python3"
WARM_CODE = "from kb.views.page import warm; warm()"
log = logging.getLogger("kb.serve")
START_SECONDS = 60
REAP_SECONDS = 5


class SessionKernelSpecs(KernelSpecManager):
    """One kernel: this very Python, without history, so that it needs no writable home."""

    def find_kernel_specs(self) -> dict[str, str]:
        return {KERNEL: ""}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        if kernel_name != KERNEL:
            raise NoSuchKernel(kernel_name)
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    def get_all_specs(self) -> dict[str, Any]:
        return {KERNEL: {"resource_dir": "", "spec": self.get_kernel_spec(KERNEL).to_dict()}}


@dataclass
class Session:
    """A kernel and the server's own client to it."""

    kernel_id: str
    client: Any  # jupyter_client's asynchronous client
    given: float = 0.0  # when a page got it
    seen: float = 0.0  # when its page was last connected


class SessionPool:
    """Warm kernels, handed out one to a page and ended when the page is gone.

    `manager` is Jupyter's kernel manager; it starts and stops the processes.
    """

    def __init__(self, manager: Any, limits: Limits, env: Mapping[str, str]) -> None:
        self.manager, self.limits, self.env = manager, limits, dict(env)
        self.lines: dict[str, set[Any]] = {}  # open websockets of each kernel; they close with it
        self._ready: deque[Session] = deque()
        self._given: dict[str, Session] = {}
        self._starting = 0
        self._wake = asyncio.Event()
        self._available = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.ensure_future(self._fill()), asyncio.ensure_future(self._reap())]

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    @property
    def count(self) -> int:
        return len(self._ready) + len(self._given) + self._starting

    async def take(self, timeout: float) -> Session | None:
        """A warm kernel, or None when none gets ready within `timeout` seconds."""
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
        if session is None:
            return
        for line in self.lines.pop(kernel_id, set()):
            line.close(1001, "the session has ended")
        session.client.stop_channels()
        if kernel_id in self.manager:
            await self.manager.shutdown_kernel(kernel_id, now=True)
        self._wake.set()

    def is_given(self, kernel_id: str) -> bool:
        return kernel_id in self._given

    async def _fill(self) -> None:
        """Keep the pool full, one kernel after the other: a page being shown needs the other core."""
        while True:
            self._wake.clear()
            while len(self._ready) < self.limits.warm and self.count < self.limits.sessions:
                self._starting += 1
                try:
                    session = await self._heat()
                except Exception:
                    log.exception("a kernel could not be started")
                    await asyncio.sleep(5)
                    continue
                finally:
                    self._starting -= 1
                async with self._available:
                    self._ready.append(session)
                    self._available.notify()
            await self._wake.wait()

    async def _heat(self) -> Session:
        started = time.monotonic()
        kernel_id = await self.manager.start_kernel(kernel_name=KERNEL, env=self.env)
        try:
            client: Any = self.manager.get_kernel(kernel_id).client()
            client.start_channels()
            await client.wait_for_ready(timeout=START_SECONDS)
            client.allow_stdin = False
            reply = await client.execute_interactive(
                WARM_CODE, silent=True, store_history=False, timeout=START_SECONDS, output_hook=_drop
            )
            if reply["content"]["status"] != "ok":
                raise RuntimeError(f"warming failed: {reply['content'].get('ename')}")
        except BaseException:
            await self.manager.shutdown_kernel(kernel_id, now=True)
            raise
        log.info("a kernel was heated in %.2f s", time.monotonic() - started)
        return Session(kernel_id, client)

    async def _reap(self) -> None:
        while True:
            await asyncio.sleep(REAP_SECONDS)
            for kernel_id in self.overdue(time.monotonic()):
                await self.end(kernel_id)

    def overdue(self, now: float) -> list[str]:
        """Kernels whose page never came, went away, or has been idle too long (or that died)."""
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


def _drop(_message: Mapping[str, Any]) -> None:
    """What a kernel prints while warming is nobody's business."""


def environment_code(values: Mapping[str, str]) -> str:
    """Code that sets environment variables in a kernel. The values travel as JSON text inside a Python literal."""
    return f"import json, os; os.environ.update(json.loads({json.dumps(dict(values))!r}))"
