"""Reading beside the page: the page stands at once, and what takes seconds is filled in when it has come."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from kb.author.forms.serial import LOCK

log = logging.getLogger(__name__)
T = TypeVar("T")


def read_beside(read: Callable[[], T], then: Callable[[T], None]) -> None:
    """Call `then` with what `read` gives: from the kernel's own loop after a thread has read it, at once where no loop runs."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        then(read())
        return

    def show(found: T) -> None:
        with LOCK:
            then(found)

    def work() -> None:
        try:
            found = read()
        except Exception:
            log.exception("what the page waits for could not be read")
            return
        loop.call_soon_threadsafe(show, found)

    threading.Thread(target=work, daemon=True).start()
