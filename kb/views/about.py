"""How the base is made and graded, what this release holds, and what was corrected or left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from kb.views import links, reading, words
from kb.views.changed import held
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
    ("world", "What changed in the world"),
    ("corrections", "Corrections"),
    ("left-out", "Left out"),
    ("licence", "Licence"),
)


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    counts = reading.counts(snapshot)
    bases = [
        f"{words.title_of(words.BASES, basis)}: {words.number(n)}"
        for basis, n in sorted(counts["by_basis"].items(), key=lambda item: -item[1])
    ]
    html = draw(
        "about",
        levels=LEVELS,
        contents=CONTENTS,
        meta=snapshot.meta,
        about=snapshot.field,
        notes=words.note_blocks(snapshot.meta.get("notes")),
        counts=counts,
        bases="; ".join(bases),
        validation=validation(snapshot),
        world=world(snapshot),
        corrections=sorted(snapshot.document("corrections"), key=lambda c: str(c["found_on"]), reverse=True),
        left_out=snapshot.document("left-out"),
        citer=reading.citer(snapshot),
        link_of=partial(reading.link_of, snapshot),
    )
    return Fragment("About", html)


def world(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Events in the world, the newest first, with `place` (None: everywhere) and `about`, the things of each that have a page."""
    return [
        {
            **event,
            "place": reading.name_of(snapshot, event["jurisdiction"]) if event.get("jurisdiction") else None,
            "about": [(reading.name_of(snapshot, s), reading.link_of(snapshot, s)) for s in event["subjects"]],
        }
        for event in sorted(held("changes", snapshot), key=lambda e: (str(e["on"]), e["id"]), reverse=True)
    ]


def validation(snapshot: Snapshot) -> dict[str, Any] | None:
    """What `validation.json` beside the snapshot says (see `kb.validation.report`), or None when none can be read.

    `fits` is false when the report speaks of other content than the snapshot holds.
    """
    try:
        report = json.loads((snapshot.file.parent / "validation.json").read_text(encoding="utf-8"))
        facts = [
            ("Checked on", str(report["date"])),
            ("Expectations", words.number(int(report["expectations"]["evaluated"]))),
            *((f"{words.say(severity)} problems", words.number(int(n))) for severity, n in report["counts"].items()),
        ]
        gaps = [
            {"subject": str(g.get("subject", "")), "record": str(g["record"]), "what": str(g["what"])}
            for g in report.get("gaps", ())
        ]
        return {
            "passed": report["success"] is True,
            "fits": report["content"] == snapshot.meta["content"],
            "facts": facts,
            "gaps": [g | {"name": reading.name_of(snapshot, g["subject"])} for g in gaps],
            "gaps_in_all": int(report.get("gaps_in_all", len(gaps))),
            "docs": links.has_server() and (snapshot.file.parent / "data-docs" / "index.html").is_file(),
        }
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
