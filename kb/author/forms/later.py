"""Doing something shortly after the last keystroke, once, on the kernel's own loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from kb.author.forms.serial import LOCK

log = logging.getLogger(__name__)


SETTLE_SECONDS = 0.3
"""The browser holds what is typed back while the kernel is busy, but never a click: this long after a click all has come."""


def settled(action: Callable[[], None]) -> Callable[[], None]:
    """The action, taken when what was typed before the click has arrived."""
    return Later(action, SETTLE_SECONDS).call


class Later:
    """Calls `action` when `call` has not been called for `seconds`; at once where no loop runs (tests, scripts)."""

    def __init__(self, action: Callable[[], None], seconds: float) -> None:
        self.action, self.seconds = action, seconds
        self._handle: asyncio.TimerHandle | None = None

    def call(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._run()
            return
        if self._handle is not None:
            self._handle.cancel()
        self._handle = loop.call_later(self.seconds, self._run)

    def _run(self) -> None:
        self._handle = None
        try:
            with LOCK:
                self.action()
        except Exception:
            # Nobody waits for this call; the draft is on disk, and the next keystroke tries again.
            log.exception("the form could not be brought up to date")
