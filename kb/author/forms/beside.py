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


def loop_runs() -> bool:
    """Whether this is a kernel with a page to show; tests and scripts have none, and wait for what they ask."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def read_beside(read: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
    """Call `then` with what `read` gives, or `failed` with what it raised.

    A thread reads once the page stands, and the kernel's own loop is told; where no loop runs it is read at once.
    """
    if not loop_runs():
        then(read())
        return
    loop = asyncio.get_running_loop()

    def tell(what: Callable[[], None]) -> None:
        with LOCK:
            what()

    def work() -> None:
        try:
            found = read()
        except Exception as error:
            log.exception("what the page waits for could not be read")
            told = error
            loop.call_soon_threadsafe(tell, lambda: failed(told))
            return
        loop.call_soon_threadsafe(tell, lambda: then(found))

    loop.call_soon(threading.Thread(target=work, daemon=True).start)
