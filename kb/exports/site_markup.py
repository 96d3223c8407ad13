"""Markup of the static site made shorter, and rid of what a site without a kernel has not. Nothing a reader sees is lost."""

from __future__ import annotations

import re

from kb.exports.site_address import ABSENT

_LINK = re.compile(rf'<a\b([^>]*)href="{ABSENT}[^"]*"([^>]*)>(.*?)</a>', re.DOTALL)
_WHOLE = re.compile(r'class="[^"]*\b(?:button|card)\b')
_FORM = re.compile(rf'<form\b[^>]*action="{ABSENT}[^"]*".*?</form>', re.DOTALL)


def without_absent(text: str) -> str:
    """Links to what the site has not: buttons and cards go, other links become their own words, forms go whole."""
    text = _FORM.sub("", text)
    return _LINK.sub(lambda m: "" if _WHOLE.search(m[1] + m[2]) else m[3], text)


_BLOCK = (
    r"</?(?:p|li|div|section|tr|td|th|ul|ol|h[1-6]|table|thead|tbody|caption|details|summary|article|aside|header|nav|footer"
    r"|dl|dt|dd|option|select|form|figure|figcaption|main|body|html|head|link|meta|title|svg|g|path|rect|line|circle)\b[^>]*>"
)
_BETWEEN = re.compile(r">[^<]*<")
_COPY = re.compile(r'<button\b[^>]*data-copy="(?:@[^"]*)?"[^>]*>.*?</button>', re.DOTALL)
_PRE = re.compile(r"(<(?:pre|textarea|script)\b.*?</(?:pre|textarea|script)>)", re.DOTALL | re.IGNORECASE)


def tight(text: str) -> str:
    """White space that shows nothing taken out; attributes and preformatted text stay as they are."""
    parts = _PRE.split(text)
    for i in range(0, len(parts), 2):
        plain = _BETWEEN.sub(lambda m: re.sub(r"\s+", " ", m[0]), parts[i])
        parts[i] = re.sub(rf"\s+({_BLOCK})", r"\1", re.sub(rf"({_BLOCK})\s+", r"\1", plain))
    return "".join(parts).strip() + "\n"


_ICONS = {"M4 20V": "logo", "M4 7h16": "menu", "M20 14.5A": "moon", '<circle cx="12" cy="12" r="4.2"': "sun"}
"""How the drawings of the page's head begin, and the classes that draw them from the style sheet (`static.css`)."""
_HEAD_ICON = re.compile(r"<svg\b[^>]*>\s*((?:<path d=\"|<circle)[^>]*>).*?</svg>", re.DOTALL)
_SERVED = re.compile(r' (?:data-view="[a-z]+"|rel="noreferrer"|data-out(?=[ >]))')
_REFERENCE = re.compile(r'(<p class="links[^>]*>)(.*?)</p>', re.DOTALL)
_ON_PAPER = re.compile(r'<p class="print-only">(?:(?!</?p\b).)*</p>\s*<p class="small no-print">', re.DOTALL)
"""A reference in brief for two pages of paper, before the whole one; here the whole one is printed."""
_CITATION = re.compile(r'<span class="citation">(.*?)</span>', re.DOTALL)
_NAMED = re.compile(r'<a class="(?:term|cite)" href="([^"]*)"( title="[^"]*")')


def shorter(text: str, copies: bool) -> str:
    """Without buttons that copy citations (unless `copies`), and with what repeats itself said once."""
    if not copies:
        text = _CITATION.sub(r"\1", _COPY.sub("", text))
    text = _ON_PAPER.sub('<p class="small">', text)
    text = _REFERENCE.sub(lambda m: m[1] + m[2].replace(' class="no-print"', "") + "</p>", text)
    told: set[str] = set()

    def once(link: re.Match[str]) -> str:
        """A term's meaning, a paper's name on hovering over its first use on the page; from the others it is one click away."""
        again = link[1] in told
        told.add(link[1])
        return link[0].replace(link[2], "") if again else link[0]

    return _SERVED.sub("", _NAMED.sub(once, text))


def plain_head(text: str) -> str:
    """A whole page without what only a server needs; the drawings of its head come from the style sheet."""
    head, found, rest = text.partition("<main")

    def icon(drawing: re.Match[str]) -> str:
        name = next((n for start, n in _ICONS.items() if start in drawing[1]), "")
        return f'<i class="icon {name}"></i>' if name else drawing[0]

    return _SERVED.sub("", _HEAD_ICON.sub(icon, head)) + found + rest
