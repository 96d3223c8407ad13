"""One to four things and everything they are linked with, drawn so that every label has a line of its own.

The chosen things stand in the middle, their links on both sides under headings; on a phone all links stand on one side.
Every link branches off a trunk that runs down beside its column, so that no two lines lie on each other.
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
_BRANCH, _TRUNK = 34.0, 14.0
"""Length of a branch on a wide screen, and the distance between the trunks of two chosen things."""


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
        end = x - 2 if side else x + column + 2
        inward = -1.0 if side else 1.0
        trunks = [end + inward * (_BRANCH + _TRUNK * i) for i in range(len(roots))]
        reached: list[list[float]] = [[] for _ in roots]
        y = 0.0
        for group in placed:
            y = _group(sheet, group, x, y, column)
            for leaf, at in _rows(group, y):
                for thread, level in _apart(leaf, at):
                    reached[thread.root].append(level)
                    _branch(sheet, thread, trunks[thread.root], level, end)
            y += group.height - _HEAD
        for place, levels in enumerate(reached):
            if levels:
                ends = sorted([*levels, centres[place]])
                _trunk(sheet, left + middle if side else left, centres[place], trunks[place], ends[0], ends[-1], place)
    for root, centre in zip(roots, centres, strict=True):
        _root(sheet, root, left, centre, middle)
    return sheet.svg(width, height, "graph graph-wide", title)


def _trunk(sheet: _Sheet, start: float, centre: float, x: float, top: float, bottom: float, place: int) -> None:
    """From a chosen thing to its trunk, and the trunk from the first link to the last."""
    path = f"M{short(start)} {short(centre)}H{short(x)}M{short(x)} {short(top)}V{short(bottom)}"
    sheet.under.insert(0, Markup(f'<path class="trunk trunk-{place}" d="{path}"/>'))


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
            for thread, level in _apart(leaf, at):
                lowest[thread.root] = level
                _branch(sheet, thread, 6 + trunk * thread.root, level, indent - 2)
        y += group.height - _HEAD
    for i, (start, end) in enumerate(zip(starts, lowest, strict=True)):
        if end:
            x = 6 + trunk * i
            sheet.under.insert(
                0, Markup(f'<path class="trunk trunk-{i}" d="M{short(x)} {short(start)}V{short(end)}"/>')
            )
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


def _apart(leaf: Leaf, at: float) -> list[tuple[Thread, float]]:
    """The links of one thing, each at a height of its own."""
    middle = (len(leaf.threads) - 1) / 2
    return [(thread, at + 7 * (i - middle)) for i, thread in enumerate(sorted(leaf.threads, key=lambda t: t.root))]


def _branch(sheet: _Sheet, thread: Thread, x: float, y: float, end: float) -> None:
    """A link from a trunk to a thing; a dot says that it starts at this trunk and only crosses the others."""
    width = min(1.5 + 0.5 * thread.findings, 6)
    sheet.under.append(
        Markup(
            f'<path class="thread" data-tone="{escape(thread.tone)}" stroke-width="{short(width)}" '
            f'd="M{short(x)} {short(y)}H{short(end)}"/>'
            f'<circle class="joint" cx="{short(x)}" cy="{short(y)}" r="3"/>'
        )
    )
