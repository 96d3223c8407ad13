"""A hand-out for patients on one treatment for one problem: does it help, of how many people, what can go wrong, what nobody knows.

Its sentences are made from codes (direction, certainty, why it was rated down), its figures are those of the monograph with
the control beside them. Nothing is rated or worked out here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from kb.model.terms import GRAVE
from kb.questions.care import cards
from kb.views import reading, sections, words
from kb.views.drawing import medium
from kb.views.readability import reading_ease
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.questions.shapes import AssessmentValue, Page
    from kb.snapshot import Snapshot
    from kb.views.shapes import Absolute, Line

Value = dict[str, Any]

HELPS = {
    ("supports", "high"): "It helps.",
    ("supports", "moderate"): "It probably helps.",
    ("supports", "low"): "It may help.",
    ("supports", "very low"): "We do not know if it helps. The few studies there are point that way.",
    ("refutes", "high"): "It does not help.",
    ("refutes", "moderate"): "It probably does not help.",
    ("refutes", "low"): "It may not help.",
    ("refutes", "very low"): "We do not know if it helps. The few studies there are point the other way.",
    ("outcomes-differ", ""): "In the studies it helped in some ways and not in others.",
    ("studies-disagree", ""): "Studies do not agree on whether it helps.",
    ("neither-better", ""): "It has not been shown to be better than what it was compared with.",
    ("insufficient", ""): "We do not know if it helps. There are too few studies.",
}
SURE = {
    "high": "We are sure of this. New studies are not likely to change it.",
    "moderate": "We are fairly sure of this. New studies could change it.",
    "low": "We are not sure of this. New studies may well change it.",
    "very low": "We are very unsure of this.",
}
ROUTES = {
    "intradermal": "injected into the skin",
    "subcutaneous": "injected under the skin",
    "intralesional": "injected into the lump or scar",
    "intramuscular": "injected into a muscle",
    "intravenous": "given into a vein",
    "microneedling": "put on the skin with fine needles",
    "electroporation": "driven into the skin with an electric pulse",
    "topical": "put on the skin",
    "oral": "taken by mouth",
}
UNKNOWN = {
    "risk-of-bias": "The studies had weak points. The real effect may be smaller than they say.",
    "inconsistency": "The studies did not agree with each other.",
    "indirectness": "The people or the mix in the studies may differ from what is planned for you.",
    "imprecision": "Only a few people took part.",
    "publication-bias": "Studies that found no effect may never have been published.",
}
ANY = frozenset({"any", "not-stated"})
NEEDLED = frozenset({"intradermal", "subcutaneous", "intralesional", "intramuscular", "microneedling"})
MOST_HARMS = 6
MOST_TELL = 14
MOST_OTHERS = 5
_PEOPLE = re.compile(r"^(\d+(?:\.\d+)?) per 100$")


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    """Parameter: assessment, the id of a bottom line; none shows what there is a hand-out on."""
    asked = reading.first(params, "assessment")
    if not asked:
        return choice(snapshot)
    slug = snapshot.document("owners").get(asked)
    page = snapshot.monograph(slug) if slug in snapshot.ids else None
    lines = sections.bottom_lines(page, sections.by_id(page), snapshot) if page else []
    line = next((a for a in lines if a["id"] == asked), None)
    if page is None or line is None:
        return reading.not_found(asked, ("indication", "ingredient"), snapshot)
    parts = values(page, line, snapshot)
    return Fragment(f"{parts['title']}: for patients", draw("handout", **parts))


def values(page: Page, line: Line, snapshot: Snapshot) -> Value:
    """What the hand-out says, part by part."""
    how = ROUTES.get(line["route"], "")
    parts: Value = {
        "line": line,
        "title": f"{line['subject_name']} for {_plain_name(line['object_name'])}",
        "how": how,
        "helps": helps(line),
        "sure": SURE.get(line["certainty"], ""),
        "counted": counted(sections.absolute(line)),
        "harms": harms(page, line["route"]),
        "serious": serious(page, line["route"], here=True),
        "serious_elsewhere": serious(page, line["route"], here=False),
        "tell": tell(page, line["route"]),
        "unknown": unknown(line, page),
        "others": others(line, snapshot),
        "signs": signs(line, snapshot),
        "release": snapshot.meta.get("release") or snapshot.meta["version"],
        "date": snapshot.meta["date"],
        "reviewed": (page.get("review") or {}).get("last", ""),
        "since": (page.get("review") or {}).get("content") == "changed since",
        "citer": reading.citer(snapshot),
        "back": reading.link_of(snapshot, page["id"]),
        "code": code(line["id"], snapshot.meta.get("release") or snapshot.meta["version"]),
    }
    parts["ease"] = round(reading_ease(plain_text(parts), names(parts)))
    parts["record"] = for_the_record(parts)
    return parts


def code(assessment: str, release: str) -> Value | None:
    """The address of this page with its release, and its QR code as SVG; None when nobody said where the pages live.

    Whoever opens it later is told when the page has changed since the print.
    """
    whole = medium().outside
    if whole is None:
        return None
    if find_spec("segno") is None:  # installed before it was among what is needed: the page is whole without its code
        return None
    address = whole("handout", {"assessment": [assessment]}, "")
    told = f"{address}{'&' if '?' in address else '?'}{urlencode({'release': release})}"
    return {"address": told, "svg": Markup(_drawn(told))}


@lru_cache(maxsize=4096)
def _drawn(told: str) -> str:
    """The QR code of an address; looking for its pattern takes longer than drawing the page around it."""
    import segno

    drawn: str = segno.make(told, error="m", micro=False).svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass=""
    )
    return drawn


def helps(line: AssessmentValue) -> str:
    direction = line["direction"]
    return HELPS.get((direction, line["certainty"])) or HELPS.get((direction, ""), HELPS["insufficient", ""])


def _plain_name(name: str) -> str:
    """`localised fat` of `Localised fat (localised adiposity)`."""
    plain = name.partition(" (")[0]
    return plain[:1].lower() + plain[1:]


def counted(absolute: Absolute | None) -> Value | None:
    """Arms as people of 100, the control last; None unless both were counted in people."""
    if absolute is None:
        return None
    arms = []
    for arm in absolute["arms"]:
        found = _PEOPLE.match(arm["figure"])
        if found and not arm["contrast"]:
            arms.append({"arm": arm["arm"], "of": found[1], "icons": round(float(found[1])), "control": arm["control"]})
    if len(arms) < 2 or not arms[-1]["control"]:
        return None
    return {"what": absolute["what"], "arms": arms, "reference": absolute["reference"]}


def harms(page: Page, route: str) -> list[Value]:
    """The most frequent harms that were seen and counted on this route, one entry each."""
    found: dict[str, Value] = {}
    items = [h for g in page["harms"] for h in g["items"] if h["direction"] == "supports"]
    for h in sorted(items, key=sections.frequency_order):
        if h["route"] not in {route, *ANY} or not words.frequency_text(h):
            continue
        found.setdefault(
            h["object"],
            {
                "name": h["object_name"],
                "figure": words.frequency_text(h),
                "arm": h["arm"] or "",
                "reference": h["reference"],
            },
        )
    return list(found.values())[:MOST_HARMS]


def serious(page: Page, route: str, *, here: bool) -> list[str]:
    """Serious harms that were seen `here`, given this way or however it is given, or only when given another way."""
    found = [
        h for g in page["harms"] if g["group"] == "rare-serious" for h in g["items"] if h["direction"] != "refutes"
    ]
    own = dict.fromkeys(h["object_name"] for h in found if h["route"] in {route, *ANY})
    other = dict.fromkeys(h["object_name"] for h in found if h["object_name"] not in own)
    return list(own if here else other)[:MOST_HARMS]


def tell(page: Page, route: str) -> list[str]:
    """What a patient should say before treatment: whatever forbids it or speaks against it this way, gravest first."""
    grave = [c for level in GRAVE for c in sections.warned(page) if c["severity"] == level]
    held = [c for c in grave if not c["routes"] or {route, *ANY} & set(c["routes"])]
    return list(dict.fromkeys(c["trigger_name"] for c in held))[:MOST_TELL]


def unknown(line: Line, page: Page) -> list[str]:
    """What nobody knows, from why the evidence was rated down, how long people were followed, and what was counted."""
    told = [UNKNOWN[d["reason"]] for d in line["down"] if d["reason"] in UNKNOWN]
    weeks = [f["follow_up_weeks"] for f in line["rests_on"] if f["follow_up_weeks"]]
    if weeks:
        told.append(f"Nobody knows how long it lasts beyond {_time(max(weeks))}. No study went on for longer.")
    else:
        told.append("No study says how long it lasts.")
    if not page["harms"]:
        told.append("No study recorded here counted its harms. That does not mean that it is safe.")
    status = {r["status"] for r in page["regulatory"] if r["route"] in {line["route"], "any"}}
    if status & {"off-label", "unapproved"}:
        told.append("It is not licensed for this use everywhere. Ask what that means for you.")
    return list(dict.fromkeys(told))


def _time(weeks: float) -> str:
    return words.counted(round(weeks), "week") if weeks < 52 else words.counted(round(weeks / 52), "year")


def others(line: AssessmentValue, snapshot: Snapshot) -> list[Value]:
    """Other treatments of the same problem, or other ways to give this one, that may help; the surest first."""
    found: dict[tuple[str, str], Value] = {}
    for a in sorted(snapshot.monograph(line["object"])["assessments"], key=sections.rank):
        if a["direction"] == "supports" and a["object"] == line["object"] and a["id"] != line["id"]:
            told = {"name": a["subject_name"], "how": ROUTES.get(a["route"], ""), "helps": helps(a)}
            found.setdefault((a["subject"], told["how"]), told)
    return list(found.values())[:MOST_OTHERS]


def signs(line: AssessmentValue, snapshot: Snapshot) -> list[Value]:
    """When to call, as the aftercare records of what is given say it; those for any injection count when a needle is used."""
    subjects = {line["subject"], line["technique"]} - {None}
    found = []
    for card in cards(snapshot).values():
        for_it = subjects & set(card["subjects"]) if card["subjects"] else line["route"] in NEEDLED
        if card["kind"] == "aftercare" and for_it:
            found += [x for x in card["lines"] if x["stage"] == "warning-signs"]
    return found[:MOST_HARMS]


def plain_text(parts: Mapping[str, Any]) -> str:
    """The sentences of the page, for measuring how easy they are."""
    said: list[str] = [parts["helps"], parts["sure"], *parts["unknown"], *SAID]
    said += [f"{o['name']}, {o['how']}: {o['helps']}" for o in parts["others"]]
    said += [*parts["tell"], *(h["name"] for h in parts["harms"]), *parts["serious"], *parts["serious_elsewhere"]]
    said += [line["text"] for line in parts["signs"]]
    if parts["counted"]:
        said += [
            parts["counted"]["what"],
            *(f"About {a['icons']} of 100 with {a['arm']}" for a in parts["counted"]["arms"]),
        ]
    return "\n".join(said)


def names(parts: Mapping[str, Any]) -> frozenset[str]:
    """Words of the names of treatment and problem, which a hand-out has to use."""
    line = parts["line"]
    return frozenset(re.findall(r"[a-z]+", f"{line['subject_name']} {line['object_name']}".casefold()))


SAID = (
    "This page is for you to take home. It does not replace a talk with the person who treats you.",
    "Each figure stands for one person out of 100.",
    "Tell us before we start if any of these is true for you.",
    "You can say no, wait, or choose something else.",
)
"""Fixed sentences of the page, measured with the others."""


def for_the_record(parts: Mapping[str, Any]) -> str:
    """A text for the notes: what was handed out and said, with room for the date and both names."""
    line, told = parts["line"], [parts["helps"], parts["sure"]]
    if parts["counted"]:
        arms = " against ".join(f"{a['of']} of 100 ({a['arm']})" for a in parts["counted"]["arms"])
        told.append(f"{words.capital(parts['counted']['what'])}: {arms}.")
    if parts["harms"]:
        told.append(f"Harms named: {_listed(h['name'] for h in parts['harms'])}.")
    grave = [*parts["serious"], *parts["serious_elsewhere"]]
    if grave:
        told.append(f"Serious harms named: {_listed(grave)}.")
    told.append(f"Not known: {' '.join(parts['unknown'])}")
    how = f", {parts['how']}" if parts["how"] else ""
    when = f"release {parts['release']}, reviewed {parts['reviewed'] or parts['date']}{', changed since' if parts['since'] else ''}"
    head = f"Hand-out given: {parts['title']}{how} ({line['id']}, {when})."
    return "\n".join([head, *told, "Date: ________  Explained by: ________  Patient: ________"])


def _listed(found: Iterable[str]) -> str:
    return words.listed([words.inside(name) for name in found])


def choice(snapshot: Snapshot) -> Fragment:
    """All hand-outs, by problem."""
    groups: dict[str, list[Value]] = {}
    for slug, row in reading.catalogue(snapshot).items():
        if row["kind"] != "indication":
            continue
        lines = snapshot.monograph(slug)["assessments"]
        own = [a for a in sorted(lines, key=sections.rank) if a["object"] == slug]
        if own:
            groups[row["name"]] = [
                {"id": a["id"], "name": a["subject_name"], "how": ROUTES.get(a["route"], "")} for a in own
            ]
    html = draw("handouts", groups=groups, total=sum(len(g) for g in groups.values()))
    return Fragment("Hand-outs for patients", html)
