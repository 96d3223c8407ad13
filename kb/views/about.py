"""How the base is made and graded, what this release holds, and what was corrected or left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kb.views import reading, words
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

LEVELS = (
    ("high", "More studies would hardly change the picture: take the estimate as the effect."),
    ("moderate", "The estimate is probably near the truth, but a good new study could move it noticeably."),
    ("low", "The truth may well differ from the estimate by an amount that matters; expect it to change."),
    ("very low", "The estimate is little more than a guess; almost any result of a good study is still possible."),
)
"""The four levels in plain words, after Balshem et al., J Clin Epidemiol 2011;64:401-406."""

CONTENTS = (
    ("who", "Who it is for"),
    ("grading", "How certainty is graded"),
    ("figures", "How a figure gets in"),
    ("release", "This release"),
    ("validation", "Validation"),
    ("corrections", "Corrections"),
    ("left-out", "Left out"),
    ("licence", "Licence"),
)
MOST_PROBLEMS = 50


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    counts = snapshot.document("counts")
    bases = [
        f"{words.title_of(words.BASES, basis)}: {words.number(n)}"
        for basis, n in sorted(counts["by_basis"].items(), key=lambda item: -item[1])
    ]
    html = draw(
        "about",
        levels=LEVELS,
        contents=CONTENTS,
        meta=snapshot.meta,
        counts=counts,
        bases="; ".join(bases),
        validation=validation(snapshot),
        corrections=sorted(snapshot.document("corrections"), key=lambda c: str(c["found_on"]), reverse=True),
        left_out=snapshot.document("left-out"),
        citer=reading.citer(snapshot),
    )
    return Fragment("About", html)


def validation(snapshot: Snapshot) -> dict[str, Any] | None:
    """What `build/validation.json` beside the snapshot says, or None when there is no report to read.

    The file holds what `kb check --json` prints: `success` and `problems` with severity, file, line, field, message.
    """
    try:
        report = json.loads((snapshot.file.parent / "validation.json").read_text(encoding="utf-8"))
        problems = [p for p in report.get("problems", []) if isinstance(p, dict)]
        passed = bool(report["success"])
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
    shown = [
        {
            "severity": words.say(str(p.get("severity", ""))),
            "text": ": ".join(str(p[k]) for k in ("file", "line", "field", "message") if p.get(k) is not None),
        }
        for p in problems[:MOST_PROBLEMS]
    ]
    counts = [
        (words.say(key), words.number(value) if isinstance(value, int) else str(value))
        for key, value in report.items()
        if key not in {"success", "problems", "when"} and isinstance(value, (int, str)) and not isinstance(value, bool)
    ]
    return {"passed": passed, "problems": shown, "counts": counts, "when": report.get("when")}
