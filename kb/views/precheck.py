"""The pre-procedure check: alerts by severity, what was not said, mixing, doubled actions, and the days around a session.

What is chosen may speak of a patient: it is rendered and forgotten, never logged, kept or put into a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kb.views import precheck_plan, reading, words
from kb.views.charts.timeline import Bar, timeline
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.precheck import Alert, Answer, Pair
    from kb.snapshot import Snapshot
    from kb.views.precheck_plan import Plan

Value = dict[str, Any]

_AGAINST = {"contraindicated-in", "precaution", "interacts-with"}

MOST_CITED = 2
"""References shown beside one alert; all of them stand under its evidence."""


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    """Parameters, each any number of times: ingredient, condition, substance; and one technique."""
    plan = precheck_plan.read(params, snapshot)
    answer = snapshot.precheck.check(plan.ingredients, plan.technique, plan.conditions, plan.substances)
    alerts = [_shown(a, snapshot) for a in answer.alerts]
    raising = {fact for alert in answer.alerts for fact in (alert.trigger, *alert.also)}
    citer = reading.citer(snapshot)
    for alert in alerts:  # what is cited in sight gets the first numbers, and these alone are printed
        citer.cite(alert["references"][:MOST_CITED], on_paper=MOST_CITED)
    noted = _noted(plan, answer, snapshot)
    for finding in noted:
        citer.cite([finding["reference"]], on_paper=MOST_CITED)
    for pair in answer.mixing:
        citer.cite(pair.references[:MOST_CITED], on_paper=MOST_CITED)
    html = draw(
        "precheck",
        choosers=precheck_plan.choosers(snapshot, plan),
        plan=plan,
        named={s: reading.name_of(snapshot, s) for s in (*plan.subjects, *plan.facts)},
        said=lambda slugs: words.listed([reading.name_of(snapshot, s) for s in slugs]),
        severities=[
            (severity, [a for a in alerts if a["severity"] == severity])
            for severity in words.SEVERITIES
            if any(a["severity"] == severity for a in alerts)
        ],
        headline=_headline(alerts),
        clashes=sum(pair.compatibility == "tested-incompatible" for pair in answer.mixing),
        noted=noted,
        found=_findings(snapshot, answer.alerts),
        silent=[reading.name_of(snapshot, f) for f in plan.facts if f not in raising],
        bare=[s for s in plan.subjects if not _has_cautions(s, snapshot)],
        unasked=_unasked(plan, answer, snapshot),
        pairs=_pairs(answer),
        duplicates=_duplicates(answer),
        days=_days(alerts),
        chart=timeline(_bars(alerts)),
        windowless=_windowless(alerts),
        meta=snapshot.meta,
        citer=citer,
        most_cited=MOST_CITED,
    )
    return Fragment("Pre-procedure check", html)


def _shown(alert: Alert, snapshot: Snapshot) -> Value:
    facts = [alert.trigger, *alert.also]
    names = [reading.name_of(snapshot, f) for f in facts]
    holder = alert.inherited_from or alert.subject
    caution = next((c for c in snapshot.monograph(holder)["cautions"] if c["id"] == alert.caution), None)
    return alert.as_dict() | {
        "heading": f"{alert.subject_name} · {', '.join(names)}",
        "broad": alert.rule_name if alert.rule not in facts else "",
        "fact_names": names,
        "routes": words.routes_text(caution["routes"]) if caution else "",
        "holder_name": reading.name_of(snapshot, holder) if alert.inherited_from else "",
        "subject_href": reading.link_of(snapshot, alert.subject),
    }


def _headline(alerts: list[Value]) -> list[tuple[str, int]]:
    return [(s, n) for s in words.SEVERITIES if (n := sum(a["severity"] == s for a in alerts))]


def _findings(snapshot: Snapshot, alerts: Iterable[Alert]) -> dict[str, Value]:
    """The findings for and against, by id, wherever they are kept: the cautioned ingredient, another one, or the drug taken."""
    wanted = {f for a in alerts for f in (*a.evidence_for, *a.evidence_against)}
    found: dict[str, Value] = {}
    for alert in alerts:
        for holder in (alert.subject, alert.inherited_from):
            if holder:
                found |= _of_page(snapshot, holder, wanted - found.keys())
    for missing in sorted(wanted - found.keys()):
        for edge in snapshot.neighbours(missing):
            if edge["relation"] == "has_finding" and missing not in found:
                found |= _of_page(snapshot, edge["source"], wanted - found.keys())
    return found


def _of_page(snapshot: Snapshot, slug: str, wanted: set[str]) -> dict[str, Value]:
    if not wanted or slug not in snapshot.ids:
        return {}
    return {f["id"]: f for f in snapshot.monograph(slug)["findings"] if f["id"] in wanted}


def _has_cautions(slug: str, snapshot: Snapshot) -> bool:
    return any(snapshot.precheck.cautions.get(holder) for holder in (slug, *reading.broader(snapshot, slug)))


def _noted(plan: Plan, answer: Answer, snapshot: Snapshot) -> list[Value]:
    """What findings say against two parts of the plan together and no alert rests on.

    Cautions have conditions and substances as their triggers; most ingredients and all techniques are neither.
    """
    weighed = {f for alert in answer.alerts for f in (*alert.evidence_for, *alert.evidence_against)}
    lines = {s: (s, *reading.broader(snapshot, s)) for s in plan.subjects}
    noted: dict[str, Value] = {}
    for subject, line in lines.items():
        others = {holder: s for s in plan.subjects if s != subject for holder in lines[s]}
        for f in (f for holder in line for f in snapshot.monograph(holder)["findings"]):
            if (
                f["id"] not in weighed
                and f["relation"] in _AGAINST
                and f["direction"] != "refutes"
                and f["object"] in others
            ):
                names = [reading.name_of(snapshot, s) for s in (subject, others[f["object"]])]
                noted.setdefault(f["id"], f | {"names": names})
    return list(noted.values())


def _unasked(plan: Plan, answer: Answer, snapshot: Snapshot) -> list[Value]:
    """What else would raise an alert with this cocktail and technique: a question for the patient, asked once.

    A trigger stands under its gravest severity, with every part of the plan that warns of it.
    """
    if not plan.subjects:
        return []
    raised = {(a.subject, a.caution) for a in answer.alerts}
    questions: dict[str, Value] = {}
    # The alerts come gravest first, so the first one of a trigger gives its severity.
    for alert in snapshot.precheck.check(plan.ingredients, plan.technique, snapshot.precheck.terms).alerts:
        if (alert.subject, alert.caution) not in raised:
            entry = questions.setdefault(
                alert.rule, {"name": alert.rule_name, "severity": alert.severity, "subjects": []}
            )
            subject = alert.subject_name.split(" (")[0]  # the plan above has the name in full
            if subject not in entry["subjects"]:
                entry["subjects"].append(subject)
    ordered = sorted(questions.values(), key=lambda q: q["name"].casefold())
    return [
        {"severity": severity, "triggers": found}
        for severity in words.SEVERITIES
        if (found := [q for q in ordered if q["severity"] == severity])
    ]


def _pairs(answer: Answer) -> Value:
    """Tested pairs and noted ones one by one; pairs that nobody has a word on together."""
    bare: list[Pair] = []
    told: list[Pair] = []
    for pair in answer.mixing:
        silent = pair.compatibility == "no-data-found" and not pair.references
        (bare if silent and pair.summary.startswith("No data found on these two") else told).append(pair)
    order = ["tested-incompatible", "no-data-found", "tested-compatible"]
    told.sort(key=lambda p: (order.index(p.compatibility), p.a_name, p.b_name))
    return {"told": told, "bare": bare}


def _duplicates(answer: Answer) -> list[Value]:
    """Doubled actions in sentences: two of one class, or one that is a form of the other."""
    kept = []
    for double in answer.duplicates:
        others = [s for s in double["ingredients"] if s != double["action"]]
        kept.append(double | {"others": others, "within": double["action"] in double["ingredients"]})
    return kept


def _days(alerts: list[Value]) -> list[Value]:
    """What to do on which day, earliest first; the session itself is day 0.

    What several parts of the plan ask for in the same words is said once, with all of them.
    """
    days: dict[int, list[Value]] = {0: []}
    for alert in alerts:
        window = alert["window_days"] or {}
        for day in (-(window["before"] or 0) if window.get("before") is not None else None, window.get("after")):
            if day is None:
                continue
            same = (a for a in days.setdefault(day, []) if _asks(a) == _asks(alert))
            if held := next(same, None):
                held["subjects"].append(alert["subject_name"])
                held["references"] = list(dict.fromkeys([*held["references"], *alert["references"]]))
            else:
                days[day].append(alert | {"subjects": [alert["subject_name"]]})
    return [{"day": day, "alerts": days[day]} for day in sorted(days)] if len(days) > 1 or days[0] else []


def _asks(alert: Mapping[str, Any]) -> tuple[str, list[str]]:
    return alert["action"], alert["fact_names"]


def _windowless(alerts: list[Value]) -> list[str]:
    """Chosen facts with an alert but without a window that a source states."""
    timed = {name for a in alerts if a["window_days"] for name in a["fact_names"]}
    return sorted({name for a in alerts for name in a["fact_names"]} - timed, key=str.casefold)


def _bars(alerts: list[Value]) -> list[Bar]:
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
