"""Great Expectations' Data Docs, kept on this machine.

The pages it builds ask other hosts for style sheets, scripts and fonts; nothing of ours may. Those are taken out and one
small style sheet of our own is put in.
"""

from __future__ import annotations

import re
from pathlib import Path

_OUTSIDE = re.compile(
    r"""<script\b[^>]*\bsrc=["'](?:https?:)?//[^>]*>\s*</script>|<(?:link|img|iframe)\b[^>]*\b(?:href|src)=["'](?:https?:)?//[^>]*>|@import[^;]+;""",
    re.IGNORECASE,
)
_STYLE = """<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 1rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0; } td, th { border: 1px solid #8884; padding: .25rem .5rem; text-align: left; }
nav ul, .breadcrumb { list-style: none; padding: 0; display: flex; gap: .75rem; flex-wrap: wrap; }
img, svg.logo { max-height: 2rem; } .hide { display: none; }
</style></head>"""


def keep_local(folder: Path) -> None:
    """Rewrite every page below `folder` so that it loads nothing from outside the machine."""
    for page in sorted(folder.rglob("*.html")):
        text = _OUTSIDE.sub("", page.read_text(encoding="utf-8"))
        page.write_text(text.replace("</head>", _STYLE, 1), encoding="utf-8")
