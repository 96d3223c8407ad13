"""White space of the static site's pages taken out where it shows nothing: a tenth of the site.

The one thing that is done to a page after it was rendered, because white space comes from templates and values alike. Links,
addresses and everything else a page says come from the renderer (`kb.views.drawing.Medium`, `site_links`).
"""

from __future__ import annotations

import re

_BLOCK = (
    r"</?(?:p|li|div|section|tr|td|th|ul|ol|h[1-6]|table|thead|tbody|caption|details|summary|article|aside|header|nav|footer"
    r"|dl|dt|dd|option|select|form|figure|figcaption|main|body|html|head|link|meta|title|svg|g|path|rect|line|circle)\b[^>]*>"
)
_BEFORE, _AFTER = re.compile(rf"\s+({_BLOCK})"), re.compile(rf"({_BLOCK})\s+")
_LOOSE = re.compile(r">(?=[^<]*?(?:\s\s|[^\S ]))[^<]*<")
_RUN = re.compile(r"\s+")
_PRE = re.compile(r"(<(?:pre|textarea|script)\b.*?</(?:pre|textarea|script)>)", re.DOTALL | re.IGNORECASE)


def tight(text: str) -> str:
    """White space that shows nothing taken out; attributes and preformatted text stay as they are."""
    parts = _PRE.split(text)
    for i in range(0, len(parts), 2):
        plain = _BEFORE.sub(r"\1", _AFTER.sub(r"\1", parts[i]))
        parts[i] = _LOOSE.sub(lambda m: _RUN.sub(" ", m[0]), plain)
    return "".join(parts).strip() + "\n"
