"""Text in drawings: SVG does not wrap lines, so their widths are estimated before they are placed."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

_NARROW = frozenset("iljtfrI.,:;'|!()[]/- ")
_WIDE = frozenset("mwMW@%—⊕◯")


def text_width(text: str, size: float = 12.5) -> float:
    """An upper estimate of the width in pixels of `text` at a font size, for the common sans-serif fonts."""
    units = sum(0.34 if c in _NARROW else 0.93 if c in _WIDE else 0.70 if c.isupper() else 0.585 for c in text)
    return units * size


def wrapped(text: str, width: float, size: float = 12.5, lines: int = 2) -> list[str]:
    """`text` in at most `lines` lines of `width` pixels; what does not fit ends in an ellipsis."""
    rows: list[str] = []
    row = ""
    for word in _words(text, width, size):
        tried = f"{row} {word}" if row else word
        if text_width(tried, size) <= width:
            row = tried
            continue
        if len(rows) == lines - 1:
            return [*rows, _shortened(tried, width, size)]
        rows.append(row)
        row = word
    return [*rows, row] if row else rows or [""]


def _words(text: str, width: float, size: float) -> Iterable[str]:
    """The words, with any word that is wider than a line cut into pieces."""
    for word in text.split():
        while text_width(word, size) > width and len(word) > 1:
            piece = word
            while len(piece) > 1 and text_width(piece, size) > width:
                piece = piece[:-1]
            yield piece
            word = word[len(piece) :]
        yield word


def _shortened(text: str, width: float, size: float) -> str:
    while len(text) > 1 and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def svg_text(text: str, x: float, y: float, classes: str = "") -> Markup:
    """One escaped `<text>` element. Built by hand: a drawing has hundreds, and `Markup.format` is slow."""
    named = f' class="{escape(classes)}"' if classes else ""
    return Markup(f'<text x="{short(x)}" y="{short(y)}"{named}>{escape(text)}</text>')


def short(number: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")
