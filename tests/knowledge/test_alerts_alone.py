"""Who asks for the alerts alone gets those of the whole answer."""

from __future__ import annotations

import random

from kb.knowledge import KnowledgeBase
from kb.questions.precheck import Precheck


def test_alerts_alone_are_those_of_the_whole_answer(base: KnowledgeBase) -> None:
    check, chance = Precheck.of(base), random.Random(20261130)
    facts, raised = sorted(check.terms), 0
    for _ in range(300):
        ingredients = chance.sample(sorted(base.ingredients), chance.randint(0, 2))
        technique = chance.choice([None, *sorted(base.techniques)])
        conditions = chance.sample(facts, 2)
        whole = check.check(ingredients, technique, conditions).alerts
        assert check.alerts(ingredients, technique, conditions) == whole, (ingredients, technique, conditions)
        raised += bool(whole)
    assert raised > 50
