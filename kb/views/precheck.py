"""The pre-procedure check: alerts by severity, what was not said, mixing, doubled actions, and the days around a session.

What is chosen may speak of a patient: it is rendered and forgotten, never logged, kept or put into a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kb.model.terms import Compatibility
from kb.questions import record
from kb.questions.precheck import NO_DATA
from kb.questions.status import CAPTIONS
from kb.views import precheck_plan, reading, sections, words
from kb.views.charts.doses import doses as dose_chart
from kb.views.charts.timeline import Bar, timeline
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.answer import Alert, Answer, Card, Pair
    from kb.questions.shapes import DayOfPlan
    from kb.snapshot import Snapshot
    from kb.views.shapes import Day

Value = dict[str, Any]

GRAVE_NOTICES = {
    "say-which": "Say which it is",
    "finding": "Parts of the plan together",
    "over-maximum": "Over a stated maximum",
    "harmful-dose": "Dose with reported harm",
}
"""Kinds of notices that are shown as alerts are, with their headings."""

MOST_CITED = 2
"""References shown beside one alert; all of them stand under its evidence."""


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    """Parameters, each any number of times: ingredient, technique, condition, substance, and the fields of `precheck_plan.OWN_WORDS`."""
    plan = precheck_plan.read(params)
    answer = snapshot.precheck.check(**plan.asked)
    alerts = [_shown(a, snapshot) for a in answer.alerts]
    cards = [_card(card, alerts) for card in answer.cards]
    citer = reading.citer(snapshot)
    noted = [n for n in answer.notices if n.kind in GRAVE_NOTICES]
    told = [n for n in answer.notices if n.kind not in GRAVE_NOTICES]
    # What is cited in sight gets the first numbers, and these alone are printed.
    for references in (
        *(s.references for s in answer.status),
        *(a["references"] for a in alerts),
        *(n.references for n in (*noted, *told)),
        *(p.references for p in answer.mixing),
    ):
        citer.cite(references[:MOST_CITED], on_paper=MOST_CITED)
    html = draw(
        "precheck",
        choosers=precheck_plan.choosers(snapshot, plan, answer),
        own_words={n: (label, snapshot.field["hints"][n]) for n, label in precheck_plan.OWN_WORDS.items()},
        base_name=snapshot.field["name"],
        plan=plan,
        answer=answer,
        named=lambda role: words.listed(_names(answer, role)),
        patient_named=_patient(answer),
        read_as=[g for g in answer.given if g.notes or g.how not in ("id", "name")],
        status_captions=CAPTIONS,
        severities=[
            (severity, found)
            for severity in words.SEVERITIES
            if (found := [c for c in cards if c["severity"] == severity and not c["minor"]])
        ],
        minor=[c for c in cards if c["minor"]],
        headline=_headline(cards),
        clashes=sum(Compatibility(pair.compatibility).clash for pair in answer.mixing),
        noted=noted,
        notice_heads=GRAVE_NOTICES,
        told=told,
        looked_for=sum(s.nothing_found for s in answer.silent),
        found=sections.cited_findings(answer.alerts, {}, snapshot),
        unasked=_unasked(answer),
        details=[q for q in answer.ask if q.gravest is None],
        pairs=_pairs(answer),
        duplicates=_duplicates(answer, snapshot),
        days=_days(answer.timeline),
        chart=timeline(bars(alerts)),
        dose_charts=[(d, dose_chart(d)) for d in answer.doses if d.said],
        windowless=_windowless(alerts),
        record_text=record.text(answer),
        meta=snapshot.meta,
        citer=citer,
        most_cited=MOST_CITED,
    )
    return Fragment("Pre-procedure check", html)


def _names(answer: Answer, *roles: str) -> list[str]:
    """What the words of these roles were taken for, each once."""
    return list(dict.fromkeys(m.name for g in answer.given if g.role in roles for m in g.means))


def _patient(answer: Answer) -> list[str]:
    person = answer.patient
    said = [f"{person[k]:g} {unit}" for k, unit in (("years", "years"), ("kg", "kg")) if k in person]
    said += [str(person["sex"])] if "sex" in person else []
    return [*_names(answer, "condition", "substance", "allergy", "done", "coming"), *said]


def _shown(alert: Alert, snapshot: Snapshot) -> Value:
    names = [alert.trigger_name, *alert.also_names]
    return alert.as_dict() | {
        "broad": alert.rule_name if alert.rule not in (alert.trigger, *alert.also) else "",
        "fact_names": names,
        "routes": words.routes_text(alert.routes) if alert.routes else "",
        "holder_name": reading.name_of(snapshot, alert.inherited_from) if alert.inherited_from else "",
        "subject_href": reading.link_of(snapshot, alert.subject) if alert.subject in snapshot.ids else "",
    }


def _card(card: Card, alerts: list[Value]) -> Value:
    """A card with its alerts, those of one caution said once with all the parts of the plan they hold for."""
    parts: dict[str, Value] = {}
    for alert in alerts:
        if card.holds(alert["subject"], alert["caution"], (alert["trigger"], *alert["also"])):
            held = parts.setdefault(alert["caution"], alert | {"subject_names": []})
            held["subject_names"].append(alert["subject_name"])
    found = list(parts.values())
    heading = f"{words.listed(card.subject_names)} · {', '.join([*card.fact_names, *card.beside_names])}"
    return {"severity": card.severity, "heading": heading, "minor": card.minor, "parts": found}


def _headline(cards: list[Value]) -> list[tuple[str, int]]:
    return [(s, n) for s in words.SEVERITIES if (n := sum(c["severity"] == s for c in cards))]


def _unasked(answer: Answer) -> list[Value]:
    """Facts still to ask, under the gravest severity they would raise."""
    return [
        {"severity": severity, "triggers": found}
        for severity in words.SEVERITIES
        if (found := [q for q in answer.ask if q.gravest == severity])
    ]


def _pairs(answer: Answer) -> Value:
    """Tested pairs and noted ones one by one; pairs that nobody has a word on together."""
    bare: list[Pair] = []
    told: list[Pair] = []
    for pair in answer.mixing:
        silent = pair.compatibility == "no-data-found" and not pair.references
        (bare if silent and pair.summary == NO_DATA else told).append(pair)
    told.sort(key=lambda p: (Compatibility(p.compatibility).reading, p.a_name, p.b_name))
    return {"told": told, "bare": bare}


def _duplicates(answer: Answer, snapshot: Snapshot) -> list[Value]:
    """Doubled actions in sentences: two of one class, or one that is a form of the other."""
    kept = []
    for double in answer.duplicates:
        others = [reading.name_of(snapshot, s) for s in double["ingredients"] if s != double["action"]]
        kept.append(double | {"others": others, "within": double["action"] in double["ingredients"]})
    return kept


def _days(timeline: Iterable[DayOfPlan]) -> list[Day]:
    """What the check says to do, day by day; the session itself is day 0 and stands among them."""
    days: dict[int, list[DayOfPlan]] = {}
    for task in timeline:
        days.setdefault(task["day"], []).append(task)
    if days:
        days.setdefault(0, [])
    return [{"day": day, "tasks": days[day]} for day in sorted(days)]


def _windowless(alerts: list[Value]) -> list[str]:
    """Chosen facts with an alert but without a window that a source states."""
    timed = {name for a in alerts if a["window_days"] for name in a["fact_names"]}
    return sorted({name for a in alerts for name in a["fact_names"]} - timed, key=str.casefold)


def bars(alerts: list[Value]) -> list[Bar]:
    """A bar of the drawing of days for each alert that has a window."""
    return [
        Bar(
            f"{words.listed(a['fact_names'])} · {a['subject_name']}",
            -(w.get("before") or 0),
            w.get("after") or 0,
            a["severity"],
        )
        for a in alerts
        if (w := a["window_days"])
    ]
