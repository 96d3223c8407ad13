"""Values are spelt one way in sentences: a share with its sign, `12%`. What stands as printed and names stay as they are."""

import re

from kb.knowledge import KnowledgeBase

SPELT = re.compile(r"\d\s+(?:percent\b|per cent\b|%)")


def test_a_share_has_its_sign_in_every_sentence(base: KnowledgeBase) -> None:
    told = [
        *((a.id, t) for a in base.assessments.values() for t in (a.bottom_line, a.would_change, a.publication_bias)),
        *((c.id, t) for c in base.cautions.values() for t in (c.action, c.why, c.strength)),
        *((f.id, t) for f in base.findings.values() for t in (f.summary, f.limitations)),
    ]
    assert [(where, text) for where, text in told if text and SPELT.search(text)] == []
