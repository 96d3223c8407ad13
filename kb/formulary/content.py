"""What a subject says as a whole, as a fingerprint: whether it is still what was read when it was last reviewed.

A change of layout, of comments or of the order of findings is none, nor that a record was moved into a file of its own.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from kb.formulary.write import plain
from kb.model import Subject

AS_REVIEWED, CHANGED_SINCE, NOT_KNOWN = "as reviewed", "changed since", "not known"
"""States of a review: the subject says what it said then, it says something else, or nobody noted what it said."""
_NUMBER = re.compile(r"\d+(?:e\d+)?$|0[bo]")
"""What YAML may take for a number: the next digits are taken instead."""
_DERIVED = "sources_disagree"
"""A code of cautions that `kb migrate` works out; a record is not another one for it."""


def fingerprint(subject: Subject) -> str:
    """Sixteen hexadecimal digits of all that a subject says but its review, with its findings, assessments and cautions."""
    values = {name: value for name, value in plain(subject).items() if name != "review"}
    for name, value in values.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) and "id" in one for one in value):
            values[name] = sorted((_without_codes(one) for one in value), key=lambda one: str(one["id"]))
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    parts = (digest[i : i + 16] for i in range(len(digest) - 15))
    return next((part for part in parts if not _NUMBER.match(part)), digest[:16])


def _without_codes(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != _DERIVED}


def review_state(subject: Subject) -> str:
    """One of the three states above."""
    if subject.review.of is None:
        return NOT_KNOWN
    return AS_REVIEWED if subject.review.of == fingerprint(subject) else CHANGED_SINCE
