"""What regulators say of the parts of a plan: withdrawn, prohibited, or unapproved for the route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kb.model.terms import RegulatoryState, Route
from kb.questions.answer import Notice, Status
from kb.questions.wording import listed

if TYPE_CHECKING:
    from kb.questions.plan import Plan
    from kb.questions.rulebook import Rulebook

RANK = [RegulatoryState.PROHIBITED.value, RegulatoryState.WITHDRAWN.value, RegulatoryState.UNAPPROVED.value]
CAPTIONS = {
    RegulatoryState.PROHIBITED.value: "prohibited",
    RegulatoryState.WITHDRAWN.value: "authorisation withdrawn or suspended",
    RegulatoryState.UNAPPROVED.value: "not approved",
}
_OPEN = {Route.ANY.value, Route.NOT_STATED.value}


def of(check: Rulebook, plan: Plan, places: Sequence[str]) -> list[Status]:
    """The regulators' words on the plan, gravest first; limited to those that count for `places` (ids of jurisdictions), if any.

    A word of the European Union counts for its member states, and a choice of the Union shows theirs.

    *Unapproved* is shown for the routes of the plan's technique, or for all when the plan names none; *withdrawn* and *prohibited* always.
    What a broader thing inherits down is left out where the subject's own record says it on the same papers.
    """
    around = check.around(places)
    routes = {
        r for t in plan.tools for holder in check.lineage(t)[:1] for r in check.subjects[holder].get("routes", ())
    }
    found: dict[tuple[str, ...], Status] = {}
    for subject in plan.subjects:
        for holder in check.lineage(subject):
            for rule in check.status.get(holder, ()):
                if (places and rule["jurisdiction"] not in around) or not _concerns(rule, routes):
                    continue
                if not _meant(check, rule, plan) or (holder != subject and _told(found.values(), subject, rule)):
                    continue
                key = (holder, rule["state"], rule["jurisdiction"], rule["route"], rule["use"])
                found.setdefault(key, _status(check, subject, holder, rule))
    return sorted(found.values(), key=lambda s: (RANK.index(s.state), s.subject_name, s.jurisdiction_name))


def elsewhere(check: Rulebook, plan: Plan, places: Sequence[str], shown: Sequence[Status]) -> list[Notice]:
    """That the reader's choice of places leaves out what regulators of others say: a choice is no approval."""
    others = [s.jurisdiction_name for s in of(check, plan, ()) if s not in shown] if places else []
    if not others:
        return []
    chosen = listed([_the(check.jurisdictions.get(p, p)) for p in places])
    left_out = listed([_the(name) for name in dict.fromkeys(others)])
    text = f"Only what regulators say in {chosen} is shown. Left out: {left_out}."
    if not shown:
        text = f"No withdrawal, ban or refusal in {chosen} is recorded here for this plan; that is no approval."
        text += f" Recorded elsewhere: {left_out}."
    return [Notice("elsewhere", places[0], check.jurisdictions.get(places[0], places[0]), text, [])]


def _concerns(rule: Mapping[str, Any], routes: set[str]) -> bool:
    if rule["state"] != RegulatoryState.UNAPPROVED.value or not routes:
        return True
    return rule["route"] in routes or rule["route"] in _OPEN


def _told(found: Iterable[Status], subject: str, rule: Mapping[str, Any]) -> bool:
    """Whether the subject's own or a nearer record says the same on the same papers: then a broader one adds a card, no fact."""
    return any(
        s.subject == subject
        and (s.state, s.jurisdiction) == (rule["state"], rule["jurisdiction"])
        and (s.route == rule["route"] or s.route in _OPEN)
        and set(rule["references"]) <= set(s.references)
        for s in found
    )


def _meant(check: Rulebook, rule: Mapping[str, Any], plan: Plan) -> bool:
    """Whether a word on certain ingredients is about this plan: a ban of one fat-dissolving product says nothing of another."""
    only = set(rule.get("only_with", ()))
    return not only or not plan.ingredients or any(only & set(check.climb(i)) for i in plan.ingredients)


def _status(check: Rulebook, subject: str, holder: str, rule: Mapping[str, Any]) -> Status:
    name = check.name(subject)
    of_kind = f" (as {check.name(holder)})" if holder != subject else ""
    place = check.jurisdictions.get(rule["jurisdiction"], rule["jurisdiction"])
    since = "since" if rule["state"] != RegulatoryState.UNAPPROVED.value else "as of"
    message = f"{name}{of_kind}: {CAPTIONS[rule['state']]} in {_the(place)} {since} {rule['since']}: {rule['use']}."
    return Status(
        subject=subject,
        subject_name=name,
        state=rule["state"],
        jurisdiction=rule["jurisdiction"],
        jurisdiction_name=place,
        route=rule["route"],
        use=rule["use"],
        since=rule["since"],
        note=rule["note"],
        references=list(rule["references"]),
        message=message,
    )


def _the(place: str) -> str:
    return f"the {place}" if place.startswith(("European Union", "United", "Philippines", "Netherlands")) else place


def grammar() -> dict[str, Any]:
    """The order and the words of the states as values, for the same answer in another language."""
    return {"rank": RANK, "captions": CAPTIONS, "open": sorted(_OPEN)}
