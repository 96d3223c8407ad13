"""The files of `learning/` as documents of the snapshot, and which subject an id belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.learning.read import read
from kb.problems import BadData

if TYPE_CHECKING:
    from kb.records import Records


def documents(base: Records) -> dict[str, Any]:
    """`paths`, `glossary`, `depths` and `cases` as their files say, and `owners`: id of a finding, an assessment, a caution or a
    protocol to the page that shows it. Raises BadData when a file holds errors.
    """
    # A key that is not in the bibliography is told by the checks; pages leave it out, as they do everywhere.
    learning, problems = read(base.root)
    if problems:
        raise BadData(problems)
    return {
        "paths": [p.model_dump(mode="json") for p in learning.paths.values()],
        "glossary": {t.id: t.model_dump(mode="json") for t in learning.glossary.values()},
        "cases": [c.model_dump(mode="json") for c in learning.cases.values()],
        "depths": {d.id: d.model_dump(mode="json") for d in learning.depths.values()},
        "owners": {**base.subject_of, **{p.id: p.indication for p in base.protocols.values()}},
    }
