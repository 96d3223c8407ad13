"""One thing at a time: what an author types and clicks is taken in the order in which it comes.

JupyterLab may deliver what widgets send through several threads of one kernel ("subshells"), so that a click on Save could
overtake the last word typed, or both run at once in one session. `kb lab` turns that off; this module holds for every
other way to open the notebooks.
"""

from __future__ import annotations

import functools
import threading
from typing import Any

import ipywidgets as w

LOCK = threading.RLock()
"""Held while a page is made, while a message of a widget is handled, and while a form is brought up to date."""


def one_at_a_time() -> None:
    """Let this process handle messages of widgets one by one. May be called again."""
    handle_many = w.Widget._handle_msg
    if getattr(handle_many, "one_at_a_time", False):
        return

    @functools.wraps(handle_many)
    def handle(widget: Any, message: Any) -> Any:
        with LOCK:
            return handle_many(widget, message)

    handle.one_at_a_time = True  # type: ignore[attr-defined]
    w.Widget._handle_msg = handle
