"""One to four things and everything they are linked with, drawn so that every label has a line of its own.

The chosen things stand in the middle, their links on both sides under headings; on a phone all links stand on one side.
Width of a line: how many findings; colour, dashes and sign: direction or severity; dots: certainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from kb.views.charts.evidence_map import LEVELS
from kb.views.charts.labels import short, svg_text, text_width, wrapped

_ROW, _HEAD, _GAP, _PILL = 34, 30, 14, 28
_TOP, _APART = 80.0, 110.0


@dataclass(frozen=True)
class Thread:
    """A link from one of the chosen things (by its place among them)."""

    root: int
    findings: int
    tone: str
    sign: str = ""
    certainty: str | None = None


@dataclass(frozen=True)
class Leaf:
    """A thing linked with at least one of the chosen ones, under one heading."""

    name: str
    href: str
    label: str
    threads: tuple[Thread, ...]


@dataclass(frozen=True)
class Group:
    title: str
    leaves: tuple[Leaf, ...]
    more: int = 0
    more_href: str = ""

    @property
    def height(self) -> float:
        return _HEAD + _ROW * (len(self.leaves) + bool(self.more)) + _GAP


@dataclass(frozen=True)
class Root:
    name: str
    href: str
    kind: str


@dataclass
class _Sheet:
    """What is drawn: lines lie under pills."""

    under: list[Markup] = field(default_factory=list)
    over: list[Markup] = field(default_factory=list)

    def svg(self, width: float, height: float, classes: str, title: str) -> Markup:
        return Markup(
            '<svg class="{c}" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="group" aria-label="{t}">{u}{o}</svg>'
        ).format(
            c=classes,
            w=short(width),
            h=short(height),
            t=title,
            u=Markup("").join(self.under),
            o=Markup("").join(self.over),
        )


def wide(roots: Sequence[Root], groups: Sequence[Group], title: str) -> Markup:
    """For a desktop: links on both sides of the chosen things."""
    width, column, middle = 1180.0, 370.0, 220.0
    sides: tuple[list[Group], list[Group]] = ([], [])
    heights = [0.0, 0.0]
    for group in groups:
        # What is asked first stands on the right, the rest on whichever side is shorter.
        side = 1 if heights[1] <= heights[0] else 0
        sides[side].append(group)
        heights[side] += group.height
    height = max(*heights, _TOP + _APART * len(roots))
    sheet = _Sheet()
    left = (width - middle) / 2
    centres = [_TOP + _APART * i for i in range(len(roots))]  # near the top, where a reader looks first
    for side, placed in enumerate(sides):
        x = width - column if side else 0.0
        y = 0.0
        for group in placed:
            y = _group(sheet, group, x, y, column)
            start = left + middle if side else left
            end = x - 2 if side else x + column + 2
            for leaf, at in _rows(group, y):
                for thread in leaf.threads:
                    _curve(sheet, thread, start, centres[thread.root], end, at)
            y += group.height - _HEAD
    for root, centre in zip(roots, centres, strict=True):
        _root(sheet, root, left, centre, middle)
    return sheet.svg(width, height, "graph graph-wide", title)


def narrow(roots: Sequence[Root], groups: Sequence[Group], title: str) -> Markup:
    """For a phone: a trunk per chosen thing down the left edge, every link a branch to the right."""
    width, trunk = 344.0, 12.0
    indent = trunk * len(roots) + 14
    sheet = _Sheet()
    y = 0.0
    starts = []
    for i, root in enumerate(roots):
        _root(sheet, root, trunk * i, y + 20, width - trunk * i)
        starts.append(y + 40)
        y += 50
    lowest = [0.0] * len(roots)
    for group in groups:
        y = _group(sheet, group, indent, y, width - indent)
        for leaf, at in _rows(group, y):
            for thread in leaf.threads:
                x = 6 + trunk * thread.root
                lowest[thread.root] = at
                _line(sheet, thread, f"M{short(x)} {short(at)}H{short(indent - 2)}")
        y += group.height - _HEAD
    for i, (start, end) in enumerate(zip(starts, lowest, strict=True)):
        if end:
            x = 6 + trunk * i
            sheet.under.insert(0, Markup(f'<path class="trunk" d="M{short(x)} {short(start)}V{short(end)}"/>'))
    return sheet.svg(width, max(y, 60), "graph graph-narrow", title)


def _rows(group: Group, y: float) -> list[tuple[Leaf, float]]:
    return [(leaf, y + _ROW * i + _PILL / 2) for i, leaf in enumerate(group.leaves)]


def _group(sheet: _Sheet, group: Group, x: float, y: float, width: float) -> float:
    """Heading and pills; returns where the first row starts."""
    sheet.over.append(svg_text(group.title, x + 2, y + 18, "t-bold t-muted"))
    y += _HEAD
    for leaf, centre in _rows(group, y):
        _leaf(sheet, leaf, x, centre, width)
    if group.more:
        at = y + _ROW * len(group.leaves) + 18
        text = f"and {group.more} more"
        link = Markup('<a href="{}" aria-label="{}: {}">{}</a>').format(
            group.more_href, group.title, text, svg_text(text, x + 10, at, "more")
        )
        sheet.over.append(link)
    return y


def _leaf(sheet: _Sheet, leaf: Leaf, x: float, centre: float, width: float) -> None:
    best = max(leaf.threads, key=lambda t: (LEVELS.get(t.certainty or "", 0), t.findings))
    top = centre - _PILL / 2
    dots = _dots(best.certainty, x + width - 40, centre) if best.certainty else Markup("")
    findings = sum(t.findings for t in leaf.threads)
    number = str(findings) if findings else ""
    room = width - 36 - (44 if best.certainty else 8) - (text_width(number) + 10 if number else 0)
    at_number = x + width - (50 if best.certainty else 12)
    shared = " is-shared" if len({t.root for t in leaf.threads}) > 1 else ""
    label = escape(leaf.label)
    sheet.over.append(
        Markup(
            f'<a href="{escape(leaf.href)}" aria-label="{label}" class="leaf{shared}"><title>{label}</title>'
            f'<rect class="pill" x="{short(x + 1)}" y="{short(top)}" width="{short(width - 2)}" height="{_PILL}" rx="14"/>'
            f"{_sign(best, x + 15, centre)}{svg_text(wrapped(leaf.name, room, lines=1)[0], x + 30, centre + 4.5)}"
            f"{svg_text(number, at_number, centre + 4.5, 't-end t-muted') if number else ''}{dots}</a>"
        )
    )


def _sign(thread: Thread, x: float, y: float) -> Markup:
    if not thread.sign:
        return Markup(f'<circle class="plain-dot" cx="{short(x)}" cy="{short(y)}" r="3.5"/>')
    circle = f'<circle class="mark" data-tone="{escape(thread.tone)}" cx="{short(x)}" cy="{short(y)}" r="8"/>'
    return Markup(circle) + svg_text(thread.sign, x, y + 4.5, "t-mid sign")


def _dots(certainty: str, x: float, y: float) -> Markup:
    level = LEVELS.get(certainty, 0)
    return Markup(
        "".join(
            f'<circle class="{"dot" if i < level else "dot dot-open"}" cx="{short(x + 8 * i)}" cy="{short(y)}" r="2.8"/>'
            for i in range(4)
        )
    )


def _root(sheet: _Sheet, root: Root, x: float, centre: float, width: float) -> None:
    lines = wrapped(root.name, width - 24, 15, lines=2)
    height = 36 + 18 * (len(lines) - 1)
    top = centre - height / 2
    sheet.over.append(
        Markup('<a href="{}" class="root" aria-label="{}, {}: its page">').format(root.href, root.name, root.kind)
        + Markup(
            f'<rect class="root-pill" x="{short(x + 1)}" y="{short(top)}" width="{short(width - 2)}" height="{short(height)}" rx="10"/>'
        )
        + Markup("").join(
            svg_text(line, x + width / 2, top + 23 + 18 * i, "t-mid root-name") for i, line in enumerate(lines)
        )
        + Markup("</a>")
    )


def _curve(sheet: _Sheet, thread: Thread, x1: float, y1: float, x2: float, y2: float) -> None:
    bend = (x1 + x2) / 2
    _line(
        sheet,
        thread,
        f"M{short(x1)} {short(y1)}C{short(bend)} {short(y1)} {short(bend)} {short(y2)} {short(x2)} {short(y2)}",
    )


def _line(sheet: _Sheet, thread: Thread, path: str) -> None:
    width = min(1.5 + 0.5 * thread.findings, 6)
    tone = escape(thread.tone)
    sheet.under.append(Markup(f'<path class="thread" data-tone="{tone}" stroke-width="{short(width)}" d="{path}"/>'))
