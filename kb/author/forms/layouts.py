"""Layouts that the widgets of one page share.

They belong to a page, never to the process: a page that is loaded again keeps its kernel, and the browser that comes anew knows
nothing of widgets made before it. A field that leant on an older layout would wait for it and not be drawn.
"""

import ipywidgets as w

LABEL_WIDTH = 156
_made: dict[str, w.Layout] = {}


def new_page() -> None:
    """Begin again: what is made from now on shares nothing with what was made before."""
    _made.clear()


def wide() -> w.Layout:
    """As wide as its place."""
    return _one("wide", width="98%")


def beside() -> w.Layout:
    """Below a field, in line with what is typed."""
    return _one("beside", margin=f"0 0 0 {LABEL_WIDTH + 8}px")


def _one(name: str, **traits: str) -> w.Layout:
    if name not in _made:
        _made[name] = w.Layout(**traits)
    return _made[name]
