"""What changed on a page: events in the world about its subject, corrections of what its papers were made to say, papers read last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.questions.shapes import Page
    from kb.snapshot import Snapshot

Value = dict[str, Any]

MOST = 6
"""Entries of each kind that are shown."""


def changed(page: Page, snapshot: Snapshot) -> Value | None:
    """`events`, `corrections`, `read` (papers), the newest first, and `last`, the newest day; None when nothing is known."""
    events = sorted(
        (c for c in held("changes", snapshot) if page["id"] in {*c["subjects"], *c["objects"]}),
        key=lambda c: str(c["on"]),
        reverse=True,
    )
    cited = {r["key"]: r for r in page["references"]}
    corrections = sorted(
        (c for c in held("corrections", snapshot) if c.get("references") and set(c["references"]) <= set(cited)),
        key=lambda c: str(c["found_on"]),
        reverse=True,
    )
    read = sorted(
        (r for r in cited.values() if r["verified_on"]), key=lambda r: (r["verified_on"], r["key"]), reverse=True
    )
    days = [str(c["found_on"]) for c in corrections] + [r["verified_on"] or "" for r in read[:1]]
    if review := page.get("review"):
        days.append(review["last"])
    if not days and not events:
        return None
    found: Value = {"events": events[:MOST], "corrections": corrections[:MOST], "read": read[:MOST]}
    return {**found, "last": max(days, default=""), "papers": len(cited)}


def held(name: str, snapshot: Snapshot) -> list[Value]:
    """A list the snapshot may hold; empty where it was made without."""
    try:
        found: list[Value] = snapshot.document(name)
    except KeyError:
        return []
    return found
