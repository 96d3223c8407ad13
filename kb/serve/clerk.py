"""Drawing pages one after the other, beside the server's own loop, with a queue that ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Drawn = TypeVar("Drawn")


class BusyError(Exception):
    """So much is waiting already that one more would only wait in vain."""


class Clerk:
    """One thread that draws. Work whose asker is cancelled while it waits is never begun."""

    def __init__(self, queue: int) -> None:
        self.queue = queue
        self.waiting = 0
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "pages")

    async def do(self, work: Callable[[], Drawn]) -> Drawn:
        """The result of `work`. Raises BusyError when the queue is full."""
        if self.waiting >= self.queue:
            raise BusyError
        self.waiting += 1
        try:
            async with self._turn:
                return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self.waiting -= 1

    @property
    def is_idle(self) -> bool:
        return self.waiting == 0

    def stop(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
