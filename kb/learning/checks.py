"""Is a generated question fair? Every rule a question must keep, looked up in the base anew.

The makers of questions choose; these functions judge, without asking the makers how they chose: exactly one right
answer, wrong ones of the same kind that are not true as well, an explanation with citations, and no disputed evidence
without saying so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kb.learning.facts import Facts
from kb.learning.question import KINDS, Question
from kb.model.terms import GRAVE, Certainty, conflicting
from kb.questions.search import fold

LEAST, MOST = 3, 5


def problems(question: Question, facts: Facts) -> list[str]:
    """What is wrong with a question, one sentence each; empty when it is fair."""
    found = [*_form(question, facts), *_citations(question, facts)]
    if sum(o.right for o in question.options) == 1:
        found += _OF_KIND[question.kind](question, facts)
    return [f"{question.id}: {p}" for p in found]


def _form(q: Question, facts: Facts) -> Iterable[str]:
    if q.kind not in KINDS:
        yield f"is of no known kind ({q.kind})"
    right = [o for o in q.options if o.right]
    if len(right) != 1:
        yield f"has {len(right)} right answers"
    if not LEAST <= len(q.options) <= MOST:
        yield f"has {len(q.options)} options"
    for what, values in (("ids", [o.id for o in q.options]), ("texts", [fold(o.text) for o in q.options])):
        if len(set(values)) < len(values):
            yield f"has two options with the same {what}"
    if not all(o.text.strip() for o in q.options) or not q.stem.strip():
        yield "has an empty text"
    yield from (f"speaks of {slug}, which the base does not know" for slug in q.about if slug not in facts.rows)


def _citations(q: Question, facts: Facts) -> Iterable[str]:
    if not any(p.references for p in q.explained):
        yield "is explained without a citation"
    yield from (f"cites {key}, which is not in the bibliography" for key in q.references if key not in facts.references)


def _claim(q: Question, facts: Facts) -> Iterable[str]:
    claim = facts.claim.get(q.data["claim"])
    if claim is None:
        yield "judges a claim that is gone"
        return
    if q.right.id != claim["verdict"].replace(" ", "-"):
        yield f"calls the claim {q.right.id}, the base {claim['verdict']}"
    if len(facts.verdicts[fold(claim["says"])]) > 1:
        yield "judges words that another page says with another verdict"
    directions = {facts.findings[f]["direction"] for f in claim["findings"] if f in facts.findings}
    if conflicting(directions) and not q.disputed:
        yield "rests on findings that do not agree, and does not say so"


def _certainty(q: Question, facts: Facts) -> Iterable[str]:
    a, b = (facts.assessments[i] for i in q.data["assessments"])
    ranks = [Certainty(x["certainty"]).level for x in (a, b)]
    expected = "alike" if ranks[0] == ranks[1] else ("first", "second")[ranks[1] > ranks[0]]
    if q.right.id != expected:
        yield f"says {q.right.id}, the certainties say {expected}"
    if a["object"] != b["object"]:
        yield "compares two indications"
    if b["subject"] in facts.related(a["subject"]):
        yield "compares a thing with a part of itself"
    for x in (a, b):
        directions = {facts.findings[f]["direction"] for f in x["findings"] if f in facts.findings} | {x["direction"]}
        if conflicting(directions) and not q.disputed:
            yield f"rests on {x['id']}, whose findings do not agree, and does not say so"


def _interval(q: Question, facts: Facts) -> Iterable[str]:
    finding = facts.findings.get(q.data["finding"])
    if finding is None:
        yield "reads a finding that is gone"
        return
    d = q.data
    printed = [
        o
        for o in finding["outcomes"]
        if (o.get("kind"), o.get("value")) == (d["kind"], d["value"])
        and (o.get("interval") or {}).get("low") == d["low"]
        and (o.get("interval") or {}).get("high") == d["high"]
    ]
    if not printed:
        yield "shows figures that do not stand in the finding"
    null = 1 if d["kind"].endswith("-ratio") else 0
    true = [name for name, holds in (("above", d["low"] > null), ("below", d["high"] < null)) if holds] or ["inside"]
    if [q.right.id] != true or null in (d["low"], d["high"]):
        yield f"says {q.right.id}, the figures say {true[0]}"
    directions = {f["direction"] for f in facts.about(finding["subject"], finding["object"])}
    if conflicting(directions) and not q.disputed:
        yield "rests on findings that do not agree, and does not say so"


def _harm(q: Question, facts: Facts) -> Iterable[str]:
    if q.data.get("asks") == "cause":
        yield from _cause(q, facts)
        return
    subject = q.about[0]
    family = facts.family(subject) | {subject}
    told = {(f["object"], f["direction"]) for relative in family for f in facts.harms.get(relative, ())}
    for option in q.options:
        assert option.about is not None
        near = facts.related(option.about)
        reported = {(h, d) for h, d in told if h in near}
        kinds = facts.rows[option.about]["kinds"]
        if "adverse-effect" not in kinds:
            yield f"offers {option.about}, which is no harm"
        if option.right:
            harms = [f for h in near for f in facts.about(subject, h) if f["relation"] == "causes"]
            if not any(f["object"] == option.about and f["direction"] == "supports" for f in harms):
                yield f"calls {option.about} right, and no finding supports it"
            if any(f["direction"] != "supports" for f in harms) and not q.disputed:
                yield f"calls {option.about} right, though some findings do not confirm it, and does not say so"
        elif reported:
            yield f"calls {option.about} wrong, though the base has findings on it"
        elif any(facts.mentions(relative, option.about) for relative in family):
            yield f"calls {option.about} wrong, though a page of the family mentions it"


def _cause(q: Question, facts: Facts) -> Iterable[str]:
    """The harm is the same for all options; each option is a thing that may bring it about."""
    harm = q.about[1]
    near = facts.related(harm)
    for option in q.options:
        assert option.about is not None
        family = {option.about} if option.right else facts.family(option.about) | {option.about}
        told = [f for relative in family for f in facts.harms.get(relative, ()) if f["object"] in near]
        if option.right:
            if not any(f["object"] == harm and f["direction"] == "supports" for f in told):
                yield f"calls {option.about} right, and no finding supports it"
            if any(f["direction"] != "supports" for f in told) and not q.disputed:
                yield f"calls {option.about} right, though some findings do not confirm it, and does not say so"
        elif told:
            yield f"calls {option.about} wrong, though the base has findings on it"
        elif any(facts.mentions(relative, harm) for relative in family):
            yield f"calls {option.about} wrong, though a page of the family mentions it"
        elif any(f["route"] not in {"topical", "oral"} for f in facts.pages[option.about]["findings"]):
            yield f"calls {option.about} wrong, though it has been given in other ways than by mouth and on the skin"


def _patient(q: Question, facts: Facts) -> Iterable[str]:
    subject = q.data["subject"]
    for option in q.options:
        assert option.about is not None
        grave = {
            alert.severity
            for relative in ({subject} if option.right else facts.family(subject) | {subject})
            for alert in facts.alerts(relative, option.about)
        }
        if option.right and grave.isdisjoint(GRAVE):
            yield f"calls {option.about} right, and the pre-procedure check does not advise against it"
        if not option.right and grave:
            yield f"calls {option.about} wrong, and the pre-procedure check warns of it"
        if not option.right and facts.mentions(subject, option.about):
            yield f"calls {option.about} wrong, though the page mentions it"
        if not option.right and option.about in facts.related(q.right.about or ""):
            yield f"offers {option.about}, which is a kind of the right answer"
    against = [c for c in facts.precheck.cautions[subject] if c["id"] == q.data["caution"] and _doubted(c)]
    if against and not q.disputed:
        yield "rests on a caution with evidence against it, and does not say so"


def _stop(q: Question, facts: Facts) -> Iterable[str]:
    subject = q.data["subject"]
    caution = next((c for c in facts.precheck.cautions.get(subject, ()) if c["id"] == q.data["caution"]), None)
    if caution is None or caution["window_days"] != q.data["window"]:
        yield "rests on a window that is not in the base"
        return
    if q.right.about is None:  # when: the options are windows
        windows = {str(a.window_days) for a in facts.alerts(subject, caution["trigger"]) if a.window_days}
        if len(windows) != 1:
            yield "asks for one window where the base gives several"
    else:
        for option in q.options:
            assert option.about is not None
            has = any(a.window_days for a in facts.alerts(subject, option.about))
            if has != option.right:
                yield f"calls {option.about} {'right' if option.right else 'wrong'}, and the base says otherwise"
    if _doubted(caution) and not q.disputed:
        yield "rests on a caution with evidence against it, and does not say so"


def _doubted(caution: Mapping[str, Any]) -> bool:
    return bool(caution["evidence_against"] or caution["sources_disagree"])


_OF_KIND: dict[str, Callable[[Question, Facts], Iterable[str]]] = {
    "claim": _claim,
    "certainty": _certainty,
    "interval": _interval,
    "harm": _harm,
    "patient": _patient,
    "stop": _stop,
}
