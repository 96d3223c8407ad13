"""Where on the body a treatment is given is a fact that warns."""

from __future__ import annotations

import pytest

from kb.knowledge import KnowledgeBase
from kb.model.terms import GRAVE


@pytest.mark.parametrize(
    ("given", "technique", "site", "severities"),
    [
        ("hyaluronic-acid-filler", None, "glabella", {*GRAVE}),
        ("juvederm", "cannula", "between the eyebrows", {*GRAVE}),
        ("hyaluronic-acid-filler", None, "tip of the nose", {*GRAVE}),
        ("hyaluronic-acid-filler", None, "tear trough", {*GRAVE}),
        ("radiesse", None, "lips", {*GRAVE}),
        ("sculptra", None, "under eye", {*GRAVE}),
        ("kybella", None, "abdomen", {*GRAVE}),
        ("kybella", None, "jowls", {*GRAVE}),
        ("kybella", None, "eyelid", {*GRAVE}),
        ("kybella", None, "forehead", {*GRAVE}),
        ("sculptra", None, "temples", {"caution"}),
        ("sculptra", None, "forehead", {*GRAVE}),
        ("kenalog", "intralesional injection", "ear lobe", {"caution"}),
        ("platelet-rich-plasma", "prp-injection", "nasolabial folds", {"caution"}),
        ("kenalog", "intralesional injection", "nose", {"caution"}),
        ("kenalog", "intralesional injection", "eyelid", {*GRAVE}),
        ("platelet-rich-plasma", None, "glabella", {*GRAVE}),
        (None, "prp-injection", "glabella", {*GRAVE}),
        (None, "microneedling", "eyelids", {"caution"}),
        ("lidocaine with adrenaline", None, "fingers", {*GRAVE, "caution"}),
    ],
)
def test_a_site_that_is_dangerous_for_what_is_given_warns(
    base: KnowledgeBase, given: str | None, technique: str | None, site: str, severities: set[str]
) -> None:
    answer = base.precheck([given] if given else [], technique, sites=[site])
    meant = {m.id for g in answer.given if g.role == "site" for m in g.means}
    assert meant
    raised = {a.severity for a in answer.alerts if a.trigger.startswith("site-")}
    assert raised & severities, [(a.trigger, a.severity) for a in answer.alerts]


def test_the_place_a_medicine_is_made_for_raises_nothing(base: KnowledgeBase) -> None:
    answer = base.precheck(["kybella"], None, sites=["under the chin"])
    assert not [a for a in answer.alerts if a.trigger.startswith("site-")]
    answer = base.precheck(["hyaluronic-acid-filler"], None, sites=["cheek"])
    assert not [a for a in answer.alerts if a.trigger.startswith("site-")]
