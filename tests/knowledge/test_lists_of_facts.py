"""Two facts in one line raise what each of them raises alone, whatever stands between and before them."""

from __future__ import annotations

import random

import pytest

from kb.knowledge import KnowledgeBase

FORMS = {
    "{a}, {b}": "ab",
    "{a}; {b}": "ab",
    "{a} but {b}": "ab",
    "{a} and {b}": "ab",
    "{a} and family history of gout": "a",
    "never smoked, {a}, {b}": "ab",
    "xyzzy, {a}, {b}": "ab",
    "42F, {a}, on {b}": "ab",
    "42F {a}, {b}": "ab",
    "58 year old woman with {a}; {b}": "ab",
    "mother has {a}, {b}": "b",
    "no {a}, {b}": "b",
    "{a}, {b} 2 weeks ago": "a",
}
"""How a line is put together, and which of the two facts are the patient's own, here and now."""
JOINTS = (",", ";", "(", " and ", " with ", " but ", "&", "+")


def raised(base: KnowledgeBase, line: str) -> set[str]:
    answer = base.precheck(["minoxidil"], "microneedling", [line])
    return {fact for a in answer.alerts for fact in (a.trigger, *a.also)}


@pytest.mark.parametrize("form", FORMS)
def test_no_fact_of_a_line_is_lost(base: KnowledgeBase, form: str) -> None:
    draw = random.Random(form)
    names = sorted(
        {t.name for t in (*base.conditions.values(), *base.substances.values()) if not any(j in t.name for j in JOINTS)}
    )
    asked, lost = 0, []
    while asked < 60:
        a, b = draw.sample(names, 2)
        alone = {"a": raised(base, a), "b": raised(base, b)}
        need = set().union(*(alone[which] for which in FORMS[form]))
        if not need:
            continue
        asked += 1
        line = form.format(a=a, b=b)
        if missing := need - raised(base, line):
            lost.append((line, missing))
    assert len(lost) <= 1, lost


def test_what_follows_a_person_without_a_comma_counts(base: KnowledgeBase) -> None:
    answer = base.precheck(["platelet rich plasma"], "mesotherapy", ["44F platelets 90, takes nothing"])
    assert (answer.patient["years"], answer.patient["sex"]) == (44, "female")
    assert "thrombocytopenia" in {a.trigger for a in answer.alerts}
    assert not answer.unresolved
