"""How much a plan gives: volume times concentration of each ingredient, beside the stated maxima and what was studied.

Amounts are worked out in mg, IU or units of one product; concentrations in mg/mL (1 % is 10 mg/mL; 1:100 000 is 0.01 mg/mL), IU/mL or
units/mL. Units of one botulinum toxin are never compared with those of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.model.amount import UNITS, MaximumKind
from kb.questions.answer import Dose, Notice, Question, Share, Studied, Unresolved
from kb.questions.plan import Item, Plan
from kb.questions.rulebook import Rulebook

_NUMBER = r"\d+(?:[.,]\d+)?"
_RATIO = re.compile(r"\b1 ?[:/] ?(?P<parts>\d{1,3}(?:[ ,.]\d{3})+|\d+)\b")
"""`1:100,000`; a volume that follows it (`1:100000 60 mL`) is no part of it."""
CONTAINERS = "{containers}"
_TYPED = {
    "%": "%", "percent": "%", "per cent": "%", "mg/ml": "mg/mL", "mcg/ml": "ug/mL", "µg/ml": "ug/mL", "μg/ml": "ug/mL",
    "ug/ml": "ug/mL", "g/l": "g/L", "iu/ml": "[iU]/mL", "units/ml": "[arb'U]/mL", "unit/ml": "[arb'U]/mL", "u/ml": "[arb'U]/mL",
    "mg": "mg", "mcg": "ug", "µg": "ug", "μg": "ug", "ug": "ug", "g": "g", "ml": "mL", "cc": "mL",
    "iu": "[iU]", "units": "[arb'U]", "unit": "[arb'U]", "u": "[arb'U]", "injections": "{injections}", "injection": "{injections}",
    "points": "{injections}", "point": "{injections}", "sites": "{injections}", "site": "{injections}",
    **dict.fromkeys(("vial", "vials", "ampoule", "ampoules", "syringe", "syringes", "tube", "tubes", "tablet", "tablets", "capsule",
                     "capsules", "container", "containers"), CONTAINERS),
}  # fmt: skip
"""What people type for a unit, to its UCUM code."""
_FIGURE = re.compile(
    rf"(?P<value>{_NUMBER})(?: ?(?:-|–|to) ?(?P<high>{_NUMBER}))? ?(?P<unit>{'|'.join(sorted(_TYPED, key=len, reverse=True))})(?![\w/])",
    re.IGNORECASE,
)
_ACTIVITY = frozenset({"international units", "units of one product", "USP units"})
_CONCENTRATIONS = {
    "mass concentration": ("mass", "mg"),
    "international units concentration": ("international units", "[iU]"),
    "units of one product concentration": ("units of one product", "[arb'U]"),
    "USP units concentration": ("USP units", "[USP'U]"),
}
"""Quantity of a concentration to the quantity it makes of a millilitre, and its unit."""
_LIMITED_TO_KINDS = frozenset({MaximumKind.LIMIT.value, MaximumKind.RECOMMENDED.value})


@dataclass
class Given:
    """What is given of one item, each figure in base units of its quantity; None where the plan does not say."""

    item: Item
    volume: float | None = None
    concentration: float | None = None
    quantity: str | None = None
    """Of the amount: mass, international units, units of one product."""
    unit: str | None = None
    amount: float | None = None
    injections: float | None = None
    containers: float | None = None
    """Vials, ampoules, syringes: whole ones, as declared by the product."""
    said: str = ""

    @property
    def empty(self) -> bool:
        """Whether no figure was read."""
        return all(v is None for v in (self.volume, self.concentration, self.amount, self.injections, self.containers))


@dataclass
class _Sum:
    value: float | None
    counted: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)


def read(item: Item, text: str) -> Given:
    """The figures of one item: what was typed, and, where that gives no concentration, what its product declares."""
    given = Given(item, said=text)
    for match in _RATIO.finditer(text):
        parts = float(re.sub(r"[ ,.]", "", match["parts"]))
        if parts >= 1000:
            given.concentration, given.quantity, given.unit = 1000 / parts, "mass", "mg"
    for match in _FIGURE.finditer(_RATIO.sub(" ", text)):
        code = _TYPED[re.sub(r"\s", " ", match["unit"].casefold()).replace("percent", "%").replace("per cent", "%")]
        # What is typed for a product in mg is its active ingredient; of an excipient only the volume says something.
        if item.role == "active" or code == CONTAINERS or UNITS[code].quantity in ("volume", "injections"):
            _take(given, float(match["value"].replace(",", ".")), code)
    if given.concentration is None and given.amount is None and item.strength:
        _as_declared(given, item.strength)
    if given.amount is None and given.volume is not None and given.concentration is not None:
        given.amount = given.volume * given.concentration
    return given


def _as_declared(given: Given, strength: Mapping[str, Any]) -> None:
    """The strength of the product: a concentration holds for any volume, an amount for each whole container that is said to be given."""
    value, code = float(strength["value"]), str(strength["unit"])
    if UNITS[code].quantity in _CONCENTRATIONS:
        _take(given, value, code)
    elif given.containers is not None and strength.get("high") is None:
        _take(given, value * given.containers, code)


def _take(given: Given, value: float, code: str) -> None:
    if code == CONTAINERS:
        given.containers = value
        return
    unit = UNITS[code]
    if unit.quantity == "volume":
        given.volume = (given.volume or 0) + value * unit.factor
    elif unit.quantity == "injections":
        given.injections = value
    elif unit.quantity in _CONCENTRATIONS:
        given.quantity, given.unit = _CONCENTRATIONS[unit.quantity]
        given.concentration = value * unit.factor
    elif unit.quantity == "mass" or unit.quantity in _ACTIVITY:  # a share (mg/g) of a syringe is no amount
        given.quantity, given.unit = unit.quantity, {"mass": "mg"}.get(unit.quantity, code)
        given.amount = value * unit.factor


def of(check: Rulebook, plan: Plan, amounts: Mapping[str, str]) -> tuple[list[Dose], list[Share]]:
    """What the plan gives of each ingredient, and its share of each maximum that is stated for it."""
    typed = _typed(check, plan, amounts)
    texts = [" ".join((*item.amounts, *typed.get(n, ()))).strip() for n, item in enumerate(plan.syringe)]
    _as_one_solution(check, plan, texts)
    given = [read(item, text) for item, text in zip(plan.syringe, texts, strict=True)]
    for word, text in amounts.items():
        if text.strip() and read(Item("", ""), text).empty:
            plan.unresolved.append(Unresolved(f"{word}: {text}", "amount", []))
    shares = [s for m in check.maxima if (s := _share(check, plan, given, m))]
    doses = [
        _dose(check, plan, g) for g in given if g.item.role == "active" and (g.said or check.studied.get(g.item.id))
    ]
    return doses, _added_up(check, given, shares)


def _as_one_solution(check: Rulebook, plan: Plan, texts: list[str]) -> None:
    """Adrenaline in the line of a local anaesthetic is one solution with it: `lidocaine 1% with adrenaline 1:100,000 20 mL`.

    The volume holds for both, the ratio for adrenaline alone, and a strength that was read for both for the other alone.
    """
    for n, item in enumerate(plan.syringe):
        others = [m for m, other in enumerate(plan.syringe) if m != n and other.said == item.said]
        if not others or check.known.get("adrenaline") not in check.climb(item.id):
            continue
        line = [texts[m] for m in (n, *others)]
        volumes = list(dict.fromkeys(volume for text in line for volume in _volumes(text)))
        ratios = list(dict.fromkeys(found[0] for text in line for found in _RATIO.finditer(text)))
        for m in (n, *others):
            rest = _without(_RATIO.sub(" ", texts[m]), _volumes(texts[m]))
            if m == n:
                rest = " ".join([*ratios, *([] if texts[m] == line[1] else [rest])])
            texts[m] = " ".join([rest, *(volumes if len(volumes) == 1 else _volumes(texts[m]))]).strip()


def _volumes(text: str) -> list[str]:
    return [m[0] for m in _FIGURE.finditer(_RATIO.sub(" ", text)) if _TYPED.get(m["unit"].casefold()) == "mL"]


def _without(text: str, pieces: Sequence[str]) -> str:
    for piece in pieces:
        text = text.replace(piece, " ")
    return " ".join(text.split())


def _typed(check: Rulebook, plan: Plan, amounts: Mapping[str, str]) -> dict[int, list[str]]:
    """Place in the syringe to what was typed for it; an amount for something that is not in the plan is told as not understood.

    The word may be the one the part was given by, a name of it, or a name of the product or of the class it belongs to.
    """
    key = check.resolver.key
    found: dict[int, list[str]] = {}
    for word, text in amounts.items():
        places = [n for n, item in enumerate(plan.syringe) if key(item.said) == key(word)]
        if not places:
            meant = {m.id for m in check.resolver.find(word, "ingredient")}
            places = [n for n, item in enumerate(plan.syringe) if {item.id, item.product} & meant]
            places = places or [n for n, item in enumerate(plan.syringe) if meant & set(check.climb(item.id))]
        for n in places:
            found.setdefault(n, []).append(text)
        if not places:
            plan.unresolved.append(Unresolved(f"{word}: {text}" if text.strip() else word, "amount", []))
    return found


def _dose(check: Rulebook, plan: Plan, given: Given) -> Dose:
    name = check.name(given.item.id)
    per_kg = given.amount / plan.kg if given.amount is not None and plan.kg else None
    studied = _studied(check, given)
    return Dose(
        ingredient=given.item.id,
        ingredient_name=name,
        said=given.said,
        volume_ml=given.volume,
        concentration=given.concentration,
        concentration_unit=f"{_shown(given.unit)}/mL" if given.concentration is not None else None,
        amount=given.amount,
        unit=given.unit,
        per_kg=per_kg,
        studied=studied,
        message=_said(name, given, per_kg, studied),
    )


def _said(name: str, given: Given, per_kg: float | None, studied: Sequence[Studied]) -> str:
    unit = _shown(given.unit)
    if given.amount is not None:
        text = f"{name}: {figure(given.amount)} {unit} this session"
        if given.volume is not None and given.concentration is not None:
            text += f" ({figure(given.volume)} mL of {figure(given.concentration)} {unit}/mL)"
        if per_kg is not None:
            text += f", {figure(per_kg)} {unit}/kg"
    elif given.volume is not None:
        text = f"{name}: {figure(given.volume)} mL this session, its concentration not given"
    elif given.concentration is not None:
        text = f"{name}: {figure(given.concentration)} {unit}/mL, its volume not given"
    else:
        text = f"{name}: no amount given"
    if given.said and not studied:
        text += ". No studied amount is recorded to compare it with"
    return f"{text}."


def _studied(check: Rulebook, given: Given) -> list[Studied]:
    """Amounts of findings and protocols in the quantities that the plan gives: amount first, then concentration, then volume."""
    found = []
    for a in check.studied.get(given.item.id, ()):
        unit = UNITS.get(a["unit"])
        if unit is None or unit.quantity not in ("mass", "volume", "mass concentration", *_ACTIVITY):
            continue
        high = a["high"] if a["high"] is not None else a["value"]
        base = {"mass": "mg", "volume": "mL", "mass concentration": "mg/mL"}.get(unit.quantity, a["unit"])
        low, high = a["value"] * unit.factor, high * unit.factor
        found.append(Studied(low, high, base, a["per"], a["record"], a["reference"], a["route"]))
    return found


def _share(check: Rulebook, plan: Plan, given: Sequence[Given], m: Mapping[str, Any]) -> Share | None:
    """The plan beside one maximum; None when the maximum is about something else."""
    members = [
        g
        for g in given
        if m["of"] in check.climb(g.item.id)
        and (not m["product"] or m["product"] == g.item.product)
        and _goes(check, plan, g.item, m["routes"])
    ]
    if not members or not _concerns(check, plan, m):
        return None
    planned = _planned(check, members, m, plan)
    share = planned.value / m["value"] if planned.value is not None else None
    place = check.jurisdictions.get(m["jurisdiction"]) if m["jurisdiction"] else None
    of_name = check.name(m["of"])
    return Share(
        maximum=m["id"],
        of=m["of"],
        of_name=of_name,
        kind=m["kind"],
        says=m["says"],
        limit=m["value"],
        unit=m["unit"],
        per=m["per"],
        planned=planned.value,
        share=share,
        counted=planned.counted,
        needs=planned.needs,
        jurisdiction=m["jurisdiction"],
        population=m["population"],
        with_adrenaline=m["with_adrenaline"],
        message=_share_said(of_name, m, planned, share, place),
        references=list(m["references"]),
    )


def _share_said(of_name: str, m: Mapping[str, Any], planned: _Sum, share: float | None, place: str | None) -> str:
    per = f" per {m['per']}" if m["per"] else ""
    unit = _shown(m["unit"])
    limit = f"{figure(m['value'])} {unit}{per}"
    kinds = {
        "limit": "the maximum of",
        "recommended": "the recommended ceiling of",
        "harm-reported": "a dose at which harm was reported,",
    }
    adrenaline = {True: " with adrenaline", False: " without adrenaline"}.get(m["with_adrenaline"], "")
    who = "; ".join(x for x in (place, m["population"]) if x)
    stated = f"{kinds[m['kind']]} {limit}{adrenaline}{f' ({who})' if who else ''}"
    if planned.value is None or share is None:
        needs = " and ".join(planned.needs) or "the amount"
        return f"{of_name}: {stated}. Give {needs} to compare the plan with it."
    if planned.needs:
        rest = " and ".join(planned.needs)
        return f"{of_name}: at least {figure(planned.value)} {unit}, {share * 100:.0f} % of {stated}. Give {rest} for the whole."
    return f"{of_name}: {figure(planned.value)} {unit} is {share * 100:.0f} % of {stated}."


def _concerns(check: Rulebook, plan: Plan, m: Mapping[str, Any]) -> bool:
    """Whether a maximum holds for this patient, site and mixture (where each part goes is for `_goes`).

    What the plan leaves open counts as fitting, but for children's doses.
    """
    if m["with_adrenaline"] is not None:
        with_it = any(check.known.get("adrenaline") in check.climb(i.id) for i in plan.syringe)
        if with_it != m["with_adrenaline"]:
            return False
    for value, low, high in ((plan.years, m["from_years"], m["below_years"]), (plan.kg, m["from_kg"], m["below_kg"])):
        if value is None and high is not None and check.known.get("child") not in plan.facts:
            return False
        if value is not None and ((low is not None and value < low) or (high is not None and value >= high)):
            return False
    if m["sites"] and plan.sites:
        planned = {s for site in plan.sites for s in check.climb(site)}
        if not planned & set(m["sites"]):
            return False
    return True


def _goes(check: Rulebook, plan: Plan, item: Item, stated: Sequence[str]) -> bool:
    """Whether a part of the plan goes where a maximum is stated for: by its form, or else by the technique."""
    routes = set(item.routes) or {r for t in plan.tools for r in check.subjects.get(t, {}).get("routes", ())}
    return not (stated and routes and not routes & set(stated))


def _planned(check: Rulebook, members: Iterable[Given], m: Mapping[str, Any], plan: Plan) -> _Sum:
    """The members' amounts added up in the unit of the maximum; what is missing is named."""
    unit = UNITS[m["unit"]]
    weighed = unit.quantity.endswith(" per body weight")
    quantity = unit.quantity.removesuffix(" per body weight")
    total = _Sum(0.0)
    each = m["per"] in ("injection", "site")
    for g in members:
        name = check.name(g.item.id)
        value = _in(g, quantity)
        if value is not None and each:
            value = value / g.injections if g.injections else None
        if value is None:
            whole = each and _in(g, quantity) is not None
            total.needs.append("the number of injections" if whole else _missing(g, quantity, name))
        else:
            total.counted.append(name)
            held = total.value or 0.0
            total.value = max(held, value) if quantity == "mass concentration" else held + value
    if weighed and not plan.kg:
        total.needs.append("the body weight")
    if not total.counted or (weighed and not plan.kg):
        total.value = None  # with a part missing, what is known is a lower bound, and told as that
    else:
        total.value = (total.value or 0.0) / unit.factor / (plan.kg if weighed and plan.kg else 1)
    return total


def _in(g: Given, quantity: str) -> float | None:
    if quantity == "volume":
        return g.volume
    if quantity == "injections":
        return g.injections
    if quantity == "mass concentration" and g.quantity == "mass":
        return g.concentration
    same = quantity == g.quantity or (quantity in _ACTIVITY and g.quantity in _ACTIVITY)
    return g.amount if same else None


def _missing(g: Given, quantity: str, name: str) -> str:
    if quantity == "volume" or (g.volume is None and g.concentration is not None):
        return f"the volume of {name}"
    if quantity == "injections":
        return "the number of injections"
    if quantity == "mass concentration" or g.volume is not None:
        return f"the concentration of {name}"
    return f"the amount of {name}"


def _added_up(check: Rulebook, given: Sequence[Given], shares: list[Share]) -> list[Share]:
    """Each maximum that counts other ingredients, too, with their shares of their own maxima added (toxicity adds up)."""
    found = list(shares)
    by_id = {m["id"]: m for m in check.maxima}
    for share in shares:
        m = by_id[share.maximum]
        if not m["counts_with"] or share.share is None:
            continue
        others: dict[str, Share] = {}
        for other in shares:
            own = by_id[other.maximum]
            if _adds_to(check, m, own, other) and (others.get(other.of, other).share or 0) <= (other.share or 0):
                others[other.of] = other
        if others:
            total = share.share + sum(o.share or 0 for o in others.values())
            names = ", ".join([share.of_name, *(o.of_name for o in others.values())])
            text = f"{names} together: {total * 100:.0f} % of their maxima added up (their toxicity adds up)."
            found.append(_together(share, total, names, text, [r for o in others.values() for r in o.references]))
    return found


def _adds_to(check: Rulebook, m: Mapping[str, Any], own: Mapping[str, Any], other: Share) -> bool:
    """Whether the share `other` of the maximum `own` is one of those that `m` counts: of a related drug, over the same time."""
    nested = m["of"] in check.climb(other.of) or other.of in check.climb(m["of"])
    related = not nested and any(c in check.climb(other.of) for c in m["counts_with"])
    return related and own["kind"] in _LIMITED_TO_KINDS and own["per"] == m["per"] and other.share is not None


def _together(share: Share, total: float, names: str, text: str, references: list[str]) -> Share:
    return Share(
        maximum=share.maximum, of=share.of, of_name=names, kind=share.kind, says=share.says, limit=1.0, unit="%", per=share.per,
        planned=total, share=total, counted=names.split(", "), needs=[], jurisdiction=share.jurisdiction, population=share.population,
        with_adrenaline=share.with_adrenaline, message=text, references=list(dict.fromkeys([*share.references, *references])),
    )  # fmt: skip


def over(shares: Iterable[Share]) -> list[Notice]:
    """A notice for each maximum that the plan goes beyond, and for each dose that did harm and that it reaches."""
    found = []
    for s in shares:
        harm = s.kind == MaximumKind.HARM_REPORTED.value
        if s.share is not None and (s.share > 1 or (harm and s.share == 1)):
            head = _HEADS[s.kind]
            kind = "harmful-dose" if harm else "over-maximum"
            found.append(Notice(kind, s.of, s.of_name, f"{head} {s.message}", list(s.references)))
    return found


_HEADS = {
    MaximumKind.LIMIT.value: "Over the maximum.",
    MaximumKind.RECOMMENDED.value: "Over the recommended ceiling.",
    MaximumKind.HARM_REPORTED.value: "As much as a dose at which harm was reported, or more.",
}


def still_to_ask(check: Rulebook, plan: Plan, shares: Iterable[Share]) -> list[Question]:
    """What must be known before the maxima can be compared with the plan."""
    needs: dict[str, list[str]] = {}
    for share in shares:
        for need in share.needs:
            needs.setdefault(need, []).append(share.of_name)
    why = "A maximum is stated for it."
    return [Question("dose", f"{n[:1].upper()}{n[1:]}", None, list(dict.fromkeys(of)), why) for n, of in needs.items()]


def figure(value: float) -> str:
    """Three significant digits, without needless zeros."""
    text = f"{value:.3g}"
    return text if "e" not in text else f"{value:,.0f}".replace(",", " ")


def _shown(code: str | None) -> str:
    return UNITS[code].shown if code in UNITS else (code or "")


def grammar() -> dict[str, Any]:
    """The patterns and units of this module as values, for the same reckoning in another language."""
    return {
        "figure": _FIGURE.pattern,
        "ratio": _RATIO.pattern,
        "typed": _TYPED,
        "units": {code: list(unit) for code, unit in UNITS.items()},
        "concentrations": {quantity: list(of) for quantity, of in _CONCENTRATIONS.items()},
        "activity": sorted(_ACTIVITY),
        "heads": _HEADS,
    }
