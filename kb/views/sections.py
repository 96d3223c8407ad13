"""The parts that monographs and indications share, worked out from the plain values of a page (`kb.questions.page`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from kb.model import printed
from kb.model.terms import ACTORS, Certainty, Compatibility, Design, Verdict
from kb.views import links, reading, words
from kb.views.shapes import Warned

if TYPE_CHECKING:
    from kb.questions.shapes import AssessmentValue, CautionValue, ClaimValue, FindingValue, HarmValue, Json, Page
    from kb.snapshot import Snapshot
    from kb.views.shapes import (
        Absolute,
        ArmFigure,
        Brief,
        BriefLine,
        Cited,
        ClaimsShown,
        EffectLine,
        HarmEntry,
        HarmsShown,
        Labelled,
        Line,
        MixedPair,
        NamedTrigger,
        OutcomeFigure,
        OutcomeGroup,
        Studied,
        SummaryTable,
    )

C = TypeVar("C", bound="CautionValue")

MOST_PLOTS = 8
"""Forest plots on one page, so that none is heavy; a further one is told as numbers among the findings."""
MOST_OUTCOMES = 7
"""GRADE's limit for a summary-of-findings table (Guyatt et al., J Clin Epidemiol 2011;64:383-394)."""

_DIRECTION = {direction: place for place, direction in enumerate(words.DIRECTION_ORDER)}
_BAND = {band: place for place, band in enumerate(words.BANDS)}
_SERIOUS = "rare-serious"
_CHANGES = {"change", "percent-change"}
_MEASURED = {"mean", "change", "median"}
_DIFFERENCES = {"mean-difference", "risk-difference"}
_CLINICAL = {"treats", "compared-with", "pharmacokinetics"}


def rank(assessment: AssessmentValue | Mapping[str, Any]) -> tuple[int, int]:
    """The most certain first; within a certainty what helps before what does not."""
    return Certainty(assessment["certainty"]).rank, _DIRECTION.get(assessment["direction"], 9)


def by_id(page: Page) -> dict[str, FindingValue]:
    """Every finding of a page by its id."""
    return {f["id"]: f for f in (*page["compared_with"], *page["findings"])}


def bottom_lines(page: Page, findings: Mapping[str, FindingValue], snapshot: Snapshot) -> list[Line]:
    """Assessments ranked, each with the designs it rests on and the words of its route and technique."""
    lines: list[Line] = []
    references = snapshot.document("references")
    for a in sorted(page["assessments"], key=rank):
        rests_on = [findings[f] for f in a["findings"] if f in findings]
        designs = {key: references[key]["design"] for key in a["references"] if key in references}
        lines.append(
            {
                **a,
                "how": how_given(a, snapshot),
                "studies": words.designs_text(designs.values()),
                "rests_on": rests_on,
                "labelled": labelled(a, page["protocols"]),
                "trust": trust(rests_on),
            }
        )
    return lines


def trust(rests_on: Iterable[FindingValue]) -> str:
    """What an assessment rests on and how far it could be read: `4 findings: 1 full text, 3 abstract; 2 with an interval`."""
    found = list(rests_on)
    if not found:
        return ""
    read = [f"{n} {name}" for basis, name in _READ.items() if (n := sum(f["basis"] == basis for f in found))]
    sure = sum(any(o.get("interval") for o in f["outcomes"]) for f in found)
    return f"{words.counted(len(found), 'finding')}: {', '.join(read)}; {sure or 'none'} with an interval"


_READ = {"full-text": "full text", "label": "label", "abstract": "abstract", "secondary": "second-hand"}


def labelled(assessment: AssessmentValue, records: Iterable[Json]) -> list[Labelled]:
    """Doses and schedules that a label prints for what was rated: the same substance, use and route."""
    return [
        {"text": text, "reference": p["reference"]}
        for p in records
        if p["says"] == "label"
        and p["indication"] == assessment["object"]
        and p["route"] == assessment["route"]
        and assessment["subject"] in {i["id"] for i in p["ingredients"]}
        and (text := words.protocol_text(p))
    ]


def protocols(records: Iterable[Json]) -> list[Json]:
    """Protocols by who says so: labels first, popular pages last."""
    order = list(words.SAYS)
    return sorted(records, key=lambda p: order.index(p["says"]) if p["says"] in order else len(order))


def how_given(record: FindingValue | AssessmentValue, snapshot: Snapshot) -> str:
    """`intradermal, mesotherapy`: the route and the technique, when there is one besides."""
    route = words.ROUTES.get(record["route"], str(record["route"]))
    technique = record.get("technique")
    if not technique or technique in {record.get("subject"), record["route"]}:
        return route
    return f"{route}, {reading.name_of(snapshot, technique).lower()}"


def outcome_groups(finding: FindingValue) -> list[OutcomeGroup]:
    """Figures of one finding, arms of the same measure and time together; effects (contrasts) apart from arms."""
    groups: dict[tuple[str, str], OutcomeGroup] = {}
    for o in finding["outcomes"]:
        group = groups.setdefault(
            (o["measure"], o.get("at") or ""),
            {
                "measure": o["measure"],
                "at": o.get("at"),
                "arms": [],
                "effects": [],
                "weight": 9,
                "n": finding["n"],
                "finding": finding,
            },
        )
        text = words.figure_text(o) or o.get("note") or ""
        contrast = o.get("kind") in words.EFFECT_KINDS or " vs " in (o.get("arm") or "")
        entry: OutcomeFigure = {
            "arm": o.get("arm"),
            "text": text,
            "hundred": words.per_hundred(o),
            "kind": o.get("kind"),
            "value": words.value_text(o),
            "note": (o.get("note") or "") if words.figure_text(o) else "",
        }
        group["effects" if contrast else "arms"].append(entry)
        group["weight"] = min(group["weight"], _weight(o))
    return list(groups.values())


def _weight(outcome: Json) -> int:
    """What a reader of a summary wants first: effects with an interval, people counted, other figures; words last."""
    if outcome.get("kind") in words.EFFECT_KINDS and outcome.get("interval"):
        return 0
    if words.per_hundred(outcome) is not None:
        return 1
    return 2 if outcome.get("value") is not None or outcome.get("events") is not None else 8


def controlled(page: Page) -> bool:
    """Does the page list a finding of benefit from a controlled trial or a review of such trials?"""
    return any(
        f["design"] and Design(f["design"]).controlled and f["relation"] in {"treats", "compared-with"}
        for f in page["findings"]
    )


def summary_of_findings(lines: Iterable[Line]) -> list[SummaryTable]:
    """The GRADE table: for each assessment at most seven outcomes with a figure, the strongest designs first."""
    tables: list[SummaryTable] = []
    for line in lines:
        groups = [g for f in line["rests_on"] for g in outcome_groups(f) if g["weight"] < 8]
        groups.sort(key=lambda g: (words.DESIGN_ORDER.get(g["finding"]["design"] or "", 99), g["weight"]))
        if groups:
            tables.append(
                {"line": line, "rows": groups[:MOST_OUTCOMES], "more": len(groups) - len(groups[:MOST_OUTCOMES])}
            )
    return tables


def absolute(line: Line) -> Absolute | None:
    """One outcome of an assessment in absolute terms, the control always with it; None when no honest pair is recorded.

    People counted in both arms come first, per 100; then means and changes of both arms; then a difference against a
    comparator. Within these an outcome that is pooled over trials goes first, then the stronger design. What was
    measured before treatment is no effect and is never shown.
    """
    best: tuple[tuple[int, int, int], Absolute] | None = None
    for f in line["rests_on"]:
        if not _is_of(line, f):
            continue
        design = words.DESIGN_ORDER.get(f.get("design") or "", 99)
        for outcomes in (o for o in _alike(f) if not printed.of_harm(o[0]["measure"])):
            for place, arms in enumerate(_pairs(outcomes)):
                order = (place, 0 if outcomes[0].get("concept") else 1, design)
                if arms and (best is None or order < best[0]):
                    first = outcomes[0]
                    notes = dict.fromkeys(o["note"] for o in outcomes if o.get("note")) if place < 2 else ()
                    what = "; ".join(filter(None, (first["measure"], first.get("at"), *notes)))
                    best = (order, {"what": what, "arms": arms, "reference": f["reference"]})
    return best[1] if best else None


MOST_TREATED = 4


def _alike(finding: FindingValue) -> list[list[Json]]:
    """Outcomes of one finding with the same measure and time, those of before treatment left out."""
    groups: dict[tuple[str, str], list[Json]] = {}
    for o in finding["outcomes"]:
        if o.get("kind") in _CHANGES or not printed.before_treatment(o["measure"], o.get("at"), o.get("note")):
            groups.setdefault((o["measure"], o.get("at") or ""), []).append(o)
    return list(groups.values())


def _pairs(outcomes: Sequence[Json]) -> Iterator[list[ArmFigure]]:
    """Arms with their control: as people of 100, as means or changes, and as a difference; empty where none is recorded."""
    between = [
        _arm(o, words.figure_text(o), contrast=True)
        for o in outcomes
        if o.get("kind") in _DIFFERENCES and o.get("value") is not None and o.get("against") in _CONTROLS
    ]
    for figure in (_share_of_hundred, _printed_mean):
        shown: dict[tuple[str, str], list[tuple[Json, str]]] = {}
        for o in outcomes:
            text = figure(o)
            if text and o.get("arm") and not o.get("against"):
                same = ("", "") if figure is _share_of_hundred else (o.get("kind") or "", o.get("unit") or "")
                shown.setdefault(same, []).append((o, text))
        found: list[ArmFigure] = []
        for members in shown.values():
            given = [_arm(o, text) for o, text in members if o.get("role") == "intervention"]
            control = [_arm(o, text) for c in _CONTROLS for o, text in members if o.get("role") == c]
            if given and control and not found:
                found = [*given[:MOST_TREATED], *control, *between[:1]]
        yield found
    yield between[:2]


_CONTROLS = ("placebo", "untreated", "control", "active")
"""Roles of arms that a treatment is held against (`kb.model.terms.ArmRole`), what does nothing of its own first."""


def _arm(outcome: Json, figure: str, *, contrast: bool = False) -> ArmFigure:
    role = outcome.get("role")
    told = {"active": "comparator"}.get(role or "", "control") if role in _CONTROLS else ""
    return {"arm": outcome.get("arm"), "figure": figure, "control": told, "contrast": contrast}


def _is_of(line: AssessmentValue, finding: FindingValue) -> bool:
    """Is the finding about the benefit of what was rated, given the way it was rated?

    A finding of something else, or by mouth where the rating is of what was put on the skin, tells another effect.
    """
    routes = {line.get("route"), finding.get("route")}
    alike = len(routes) == 1 or line.get("route") in {"any", "not-stated"} or finding.get("route") == "not-stated"
    return (
        finding["relation"] in {"treats", "compared-with"} and finding.get("subject") == line.get("subject") and alike
    )


def effect(line: Line) -> EffectLine | None:
    """The printed effect with an interval an assessment rests on, of the strongest design; None when none is printed."""
    best: tuple[int, EffectLine] | None = None
    for f in line["rests_on"]:
        if not _is_of(line, f):
            continue
        place = words.DESIGN_ORDER.get(f.get("design") or "", 99)
        for o in f["outcomes"]:
            known = o.get("kind") in words.EFFECT_KINDS and o.get("value") is not None and o.get("interval")
            if known and o.get("better") and o.get("against") in _CONTROLS and (best is None or place < best[0]):
                what = ", ".join(filter(None, (o["measure"], o.get("at"), o.get("arm"))))
                good = "" if o["kind"] in words.RATIO_KINDS else f" ({o['better']} is better)"
                best = (place, {"figure": words.figure_text(o), "what": what + good, "reference": f["reference"]})
    return best[1] if best else None


def _share_of_hundred(outcome: Json) -> str:
    hundred = words.per_hundred(outcome)
    return f"{hundred} per 100" if hundred is not None else ""


def _printed_mean(outcome: Json) -> str:
    return words.value_text(outcome) if outcome.get("kind") in _MEASURED and outcome.get("value") is not None else ""


def studied(page: Page, snapshot: Snapshot) -> tuple[list[Studied], int]:
    """What was given, for findings that state a dose or a schedule, and how many clinical findings state neither."""
    clinical = [f for f in page["findings"] if f["relation"] in _CLINICAL]
    stated = [f for f in clinical if f["dose"] or f["sessions"] or f["interval_weeks"]]
    rows: list[Studied] = [
        {
            "finding": f,
            "how": how_given(f, snapshot),
            "schedule": words.schedule_text(f),
            "followed": words.weeks(f["follow_up_weeks"]),
        }
        for f in sorted(stated, key=lambda f: (f["object_name"], f["route"]))
    ]
    return rows, len(clinical) - len(stated)


def warned(page: Page) -> list[Warned]:
    """The cautions of a page and those it inherits; one that is inherited names its holder."""
    return [
        *(Warned(**c, holder="", holder_name="") for c in page["cautions"]),
        *(Warned(**c, holder=c["subject"], holder_name=c["subject_name"]) for c in page["inherited_cautions"]),
    ]


MOST_NAMED = {"contraindicated": 12, "avoid": 8}
"""Triggers named at the head of a monograph; the rest is counted there and stands below."""


def in_brief(groups: Iterable[tuple[str, list[C]]]) -> Brief:
    """Who must not have it, in one glance: lines by severity of triggers, and how many cautions there are in all.

    What stands on the graver line for every route is not said again on the lighter one.
    """
    lines: list[BriefLine] = []
    total = 0
    graver: set[str] = set()
    for severity, found in groups:
        total += len(found)
        if severity in MOST_NAMED:
            named: dict[tuple[str, tuple[str, ...]], NamedTrigger] = {}
            for c in found:
                if c["trigger"] in graver:
                    continue
                entry: NamedTrigger = {
                    "name": c["trigger_name"],
                    "routes": words.routes_text(c["routes"]),
                    "anchor": c["id"],
                }
                named.setdefault((c["trigger"], tuple(c["routes"])), entry)
            shown = list(named.values())[: MOST_NAMED[severity]]
            if shown:
                lines.append({"severity": severity, "named": shown, "more": len(named) - len(shown)})
            graver |= {c["trigger"] for c in found if not c["routes"]}
    return {"lines": lines, "total": total, "named": sum(len(line["named"]) for line in lines)}


def cautions(records: Iterable[C]) -> list[tuple[str, list[C]]]:
    """Cautions by severity, the gravest first."""
    groups: dict[str, list[C]] = {severity: [] for severity in words.SEVERITIES}
    for c in records:
        groups.setdefault(c["severity"], []).append(c)
    return [(severity, found) for severity, found in groups.items() if found]


class Resting(Protocol):
    """What rests on findings, by id: an alert of the check."""

    @property
    def evidence_for(self) -> list[str]: ...
    @property
    def evidence_against(self) -> list[str]: ...


def cited_findings(
    records: Iterable[CautionValue | Resting], held: Mapping[str, FindingValue], snapshot: Snapshot
) -> dict[str, FindingValue | Cited]:
    """Finding id to finding for all evidence that cautions, or alerts, name; `held` are those of the page that shows them.

    A finding of another page is fetched from there; where that page is missing, it is told by what it is about.
    """
    found: dict[str, FindingValue | Cited] = {}
    for id_ in dict.fromkeys(id_ for record in records for id_ in _rests_on(record)):
        if (known := held.get(id_) or _kept(id_, snapshot)) is not None:
            found[id_] = known
    return found


def _rests_on(record: CautionValue | Resting) -> list[str]:
    if isinstance(record, dict):
        return [*record["evidence_for"], *record["evidence_against"]]
    return [*record.evidence_for, *record.evidence_against]


def _kept(finding: str, snapshot: Snapshot) -> FindingValue | Cited | None:
    """A finding from the page of its subject, or what the graph knows of it; None when it knows nothing."""
    told = {e["relation"]: e for e in snapshot.neighbours(finding)}
    if "has_finding" not in told:
        return None
    holder = told["has_finding"]["source"]
    if holder in snapshot.ids:
        for f in snapshot.monograph(holder)["findings"]:
            if f["id"] == finding:
                return f
    if "cites" not in told:
        return None
    about = told["about"]["name"] if "about" in told else ""
    summary = f"{told['has_finding']['name']}, {about}".rstrip(", ") + "."
    return {"summary": summary, "reference": told["cites"]["target"]}


def harms(page: Page) -> list[HarmsShown]:
    """Harms by group, the serious ones first, one entry for each harm with all that was seen of it.

    On the page of a harm or an indication there is one entry for each cause instead.
    """
    own = any(h["subject"] == page["id"] for g in page["harms"] for h in g["items"])
    causes = not own and page["kind"] not in ACTORS
    groups: list[HarmsShown] = []
    for g in sorted(page["harms"], key=lambda g: g["group"] != _SERIOUS):
        entries: dict[str, HarmEntry] = {}
        for h in g["items"]:
            harm, cause = (h["object"], h["object_name"]), (h["subject"], h["subject_name"])
            (slug, name), (other, other_name) = (cause, harm) if causes else (harm, cause)
            entry = entries.setdefault(slug, {"id": slug, "name": name, "band": h["band"], "seen": [], "unseen": 0})
            besides = "" if other == page["id"] else other_name
            entry["seen"].append({**h, "figure": words.frequency_text(h), "besides": besides})
        for entry in entries.values():  # what was seen stands before what was looked for and not seen
            entry["seen"].sort(key=lambda h: h["direction"] != "supports")
            entry["unseen"] = sum(h["direction"] == "refutes" for h in entry["seen"][1:])
        ordered = sorted(entries.values(), key=lambda e: (_BAND.get(e["band"], len(_BAND)), -_share(e["seen"][0])))
        # A serious harm may be common, so its group is not called rare here.
        title = "Serious" if g["group"] == _SERIOUS else g["title"]
        groups.append({"title": title, "entries": ordered, "causes": causes})
    return groups


def frequency_order(harm: HarmValue) -> tuple[int, float]:
    """The most frequent first: by band, and within a band by the printed share."""
    return _BAND.get(harm["band"], len(_BAND)), -_share(harm)


def _share(harm: HarmValue) -> float:
    """The printed share of people with a harm, for the order within a band; 0 when none is printed."""
    percent, events, n = harm.get("percent"), harm.get("events"), harm.get("n")
    if percent is not None:
        return float(percent) / 100
    return events / n if events is not None and n else 0.0


def _test_words(test: Json) -> str:
    """One test of a mixture in a line: concentration, vehicle, container, temperature, time, method, what was read."""
    time = f"{test['days']:g} days" if test["days"] else f"{test['hours']:g} hours" if test["hours"] else None
    told = [test[k] for k in ("concentration", "vehicle", "container", "temperature")]
    read = f"read: {test['basis']}" if test["basis"] else None
    return "; ".join(x for x in (*told, time, test["method"], ", ".join(test["levels"]) or None, read) if x)


def mixing(page: Page) -> list[MixedPair]:
    """Pairs by the other thing, told from either side: the gravest word, and everything that was found."""
    pairs: dict[str, MixedPair] = {}
    for x in page["mixing"]:
        pair = pairs.setdefault(
            x["other"],
            {"other": x["other"], "name": x["other_name"], "word": "no-data-found", "found": [], "tests": []},
        )
        pair["found"].append((x["summary"], x["references"]))
        pair["tests"] += [(_test_words(t), [t["reference"]]) for t in x.get("tests", ())]
        if Compatibility(x["compatibility"]).rank < Compatibility(pair["word"]).rank:
            pair["word"] = x["compatibility"]
    return sorted(pairs.values(), key=lambda p: (Compatibility(p["word"]).rank, p["name"].casefold()))


def claims(records: Iterable[ClaimValue], most: int) -> ClaimsShown:
    """Verdict counts and the first `most` claims, those that the evidence contradicts first."""
    ranked = sorted(records, key=lambda c: Verdict(c["verdict"]).reading)
    counts = {v: n for v in words.VERDICTS if (n := sum(c["verdict"] == v for c in ranked))}
    return {"counts": counts, "shown": ranked[:most], "all": len(ranked)}


def short_names(snapshot: Snapshot, keys: Iterable[str]) -> dict[str, str]:
    """Reference key to `Olsen 2002`."""
    references = snapshot.document("references")
    return {key: words.short_citation(references.get(key), key) for key in keys}


def finding_words(finding: FindingValue) -> str:
    """The words by which the findings table is filtered."""
    return f"{finding['relation']} {finding['direction']} {finding['route']} {finding['design'] or ''}"


def subject_address(finding: FindingValue) -> str:
    return links.href_of(finding["subject"])
