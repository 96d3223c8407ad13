"""The pre-procedure check: what in a cocktail and a technique speaks against treating this patient, and what to do.

Pure look-up: cautions stand in the formulary with their evidence; this module only finds those that apply. A caution
applies when the patient has its trigger, a narrower term of it (warfarin for anticoagulants), or a term said to be the
same (anticoagulant therapy). Ingredients and techniques also carry the cautions of their broader ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from kb.model.terms import Compatibility, Severity
from kb.records import Records

ORDER = [s.value for s in Severity]
_GRAVE = frozenset({Severity.CONTRAINDICATED.value, Severity.AVOID.value})


class UnknownSlug(ValueError):
    """A word the base does not know, with the nearest it does."""

    def __init__(self, slug: str, role: str, near: list[str]) -> None:
        hint = f"; did you mean {' or '.join(near)}?" if near else f"; `kb find {slug}` looks for it"
        super().__init__(f"unknown {role} {slug!r}{hint}")
        self.slug, self.role, self.near = slug, role, near


@dataclass(frozen=True)
class Alert:
    """One caution that applies. `window_days` holds days to keep clear before and after the session, or is None."""

    severity: str
    subject: str
    subject_name: str
    trigger: str
    """What the patient has, as it was given (the caution itself may speak of a broader term: `rule`)."""
    trigger_name: str
    also: list[str]
    """Further facts of the patient that set off the same caution (a second anticoagulant)."""
    rule: str
    rule_name: str
    message: str
    action: str
    why: str
    strength: str
    routes: list[str]
    """Routes the caution's source speaks of; empty when it holds whatever the route. It is raised all the same."""
    window_days: dict[str, int | None] | None
    evidence_for: list[str]
    evidence_against: list[str]
    references: list[str]
    caution: str
    inherited_from: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Pair:
    """Two things for one syringe, and what is known about that."""

    a: str
    b: str
    a_name: str
    b_name: str
    compatibility: str
    summary: str
    references: list[str]


@dataclass
class Answer:
    """Everything the check has to say about one plan."""

    alerts: list[Alert] = field(default_factory=list)
    mixing: list[Pair] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Precheck:
    """The rules in plain values, so that a snapshot can hold them: see `of` for where they come from.

    subjects: slug -> {name, kind, parents, actions}; cautions: subject slug -> list of caution values;
    terms: slug -> {name, parents, same_as} of conditions and substances; mixing: subject slug -> list of pair values.
    """

    subjects: Mapping[str, Mapping[str, Any]]
    cautions: Mapping[str, list[Mapping[str, Any]]]
    terms: Mapping[str, Mapping[str, Any]]
    mixing: Mapping[str, list[Mapping[str, Any]]]

    @classmethod
    def of(cls, base: Records) -> Precheck:
        return cls(**rules(base))

    def check(
        self,
        ingredients: Iterable[str] = (),
        technique: str | None = None,
        conditions: Iterable[str] = (),
        substances: Iterable[str] = (),
    ) -> Answer:
        """Alerts (gravest first), mixing pairs, doubled actions and the timeline. Raises UnknownSlug."""
        syringe = self._known(dict.fromkeys(ingredients), "ingredient")
        tools = self._known([technique] if technique else [], "technique")
        patient = self._facts(conditions, substances)
        answer = Answer(mixing=self._pairs(syringe), duplicates=self._duplicates(syringe))
        for subject in syringe:
            # What is given is taken, too: a second local anaesthetic counts, whether it is in the syringe or at home.
            beside = [s for s in self._given_beside(subject, syringe) if s not in patient]
            answer.alerts += self._alerts(subject, self._reach([*patient, *beside]))
        for subject in tools:
            answer.alerts += self._alerts(subject, self._unfit(subject, syringe) | self._reach(patient))
        answer.alerts.sort(key=lambda a: (ORDER.index(a.severity), a.subject_name, a.trigger_name))
        answer.timeline = timeline(answer.alerts)
        return answer

    def _known(self, slugs: Iterable[str], role: str) -> list[str]:
        for slug in slugs:
            if self.subjects.get(slug, {}).get("kind") != role:
                known = [s for s, v in self.subjects.items() if v["kind"] == role]
                raise UnknownSlug(slug, role, _near(slug, known))
        return list(slugs)

    def _facts(self, conditions: Iterable[str], substances: Iterable[str]) -> list[str]:
        facts = []
        for role, slugs in (("condition", conditions), ("substance", substances)):
            for slug in slugs:
                # Clinicians file a medicine under conditions and the other way round; both lists are looked through.
                if slug not in self.terms:
                    raise UnknownSlug(slug, role, _near(slug, list(self.terms)))
                facts.append(slug)
        return list(dict.fromkeys(facts))

    def _given_beside(self, subject: str, syringe: Iterable[str]) -> list[str]:
        """Other ingredients of the cocktail that cautions speak of as medicines: what is given is taken, too."""
        own = self._lineage(subject)
        return [s for s in syringe if s in self.terms and s not in own and subject not in self._lineage(s)]

    def _unfit(self, technique: str, syringe: Iterable[str]) -> dict[str, list[str]]:
        """Ingredients that must not or should not be given by this technique, as triggers.

        Milder words, and those on a class, are about what a patient takes: nobody asks for vitamin E to be stopped that
        is to be injected.
        """
        grave = {
            c["trigger"]
            for holder in self._lineage(technique)
            for c in self.cautions.get(holder, ())
            if c["severity"] in _GRAVE
        }
        return {s: [s] for s in syringe if s in grave}

    def _reach(self, facts: list[str]) -> dict[str, list[str]]:
        """Every trigger the facts set off -> the facts behind it; a fact named itself goes before a broader reading."""
        reached: dict[str, list[str]] = {fact: [fact] for fact in facts}
        for fact in facts:
            queue = [fact]
            seen = {fact}
            while queue:
                term = self.terms.get(queue.pop(0), {})
                for other in (*term.get("same_as", ()), *term.get("parents", ())):
                    if other not in seen:
                        seen.add(other)
                        queue.append(other)
                        reached.setdefault(other, []).append(fact)
        return reached

    def _alerts(self, subject: str, reached: Mapping[str, list[str]]) -> list[Alert]:
        alerts: dict[tuple[str, str], Alert] = {}
        for holder in self._lineage(subject):
            for caution in self.cautions.get(holder, ()):
                rule = caution["trigger"]
                if rule not in reached:
                    continue
                fact, *also = reached[rule]
                name, fact_name = self.subjects[subject]["name"], self.terms[fact]["name"]
                rule_name = self.terms[rule]["name"]
                given = " and ".join(self.terms[f]["name"] for f in (fact, *also) if f != rule)
                said = fact_name if fact == rule else f"{given} ({rule_name})"
                alert = Alert(
                    severity=caution["severity"],
                    subject=subject,
                    subject_name=name,
                    trigger=fact,
                    trigger_name=fact_name,
                    also=also,
                    rule=rule,
                    rule_name=rule_name,
                    message=f"{name} and {said}: {caution['why']}",
                    action=caution["action"],
                    why=caution["why"],
                    strength=caution["strength"],
                    routes=list(caution["routes"]),
                    window_days=caution["window_days"],
                    evidence_for=list(caution["evidence_for"]),
                    evidence_against=list(caution["evidence_against"]),
                    references=list(caution["references"]),
                    caution=caution["id"],
                    inherited_from=None if holder == subject else holder,
                )
                # The subject's own caution goes before one it inherits for the same fact, unless that one is graver.
                held = alerts.get((rule, fact))
                if held is None or ORDER.index(alert.severity) < ORDER.index(held.severity):
                    alerts[rule, fact] = alert
        return [a for a in alerts.values() if not any(self._settles(other, a) for other in alerts.values())]

    def _settles(self, narrow: Alert, broad: Alert) -> bool:
        """Whether a graver word on the narrower term leaves nothing to ask about the broader one, for the same facts.

        *Contraindicated in severe kidney impairment* settles *kidney disease: find out how severe*. One that names other
        routes, or days that the graver one lacks, stays.
        """
        return (
            ORDER.index(narrow.severity) < ORDER.index(broad.severity)
            and {broad.trigger, *broad.also} <= {narrow.trigger, *narrow.also}
            and broad.rule != narrow.rule
            and broad.rule in self._reach([narrow.rule])
            and (not narrow.routes or set(broad.routes) == set(narrow.routes))
            and (broad.window_days is None or narrow.window_days is not None)
        )

    def _lineage(self, subject: str) -> list[str]:
        line, queue = [subject], [subject]
        while queue:
            for parent in self.subjects.get(queue.pop(0), {}).get("parents", ()):
                if parent not in line and parent in self.subjects:
                    line.append(parent)
                    queue.append(parent)
        return line

    def _pairs(self, syringe: list[str]) -> list[Pair]:
        pairs = []
        for i, a in enumerate(syringe):
            for b in syringe[i + 1 :]:
                known = [m for x, y in ((a, b), (b, a)) for m in self.mixing.get(x, ()) if m["other"] == y]
                # A tested pair goes before a note that nobody tested it; a tested clash before anything.
                rank = [Compatibility.INCOMPATIBLE.value, Compatibility.COMPATIBLE.value, Compatibility.NO_DATA.value]
                known.sort(key=lambda m: rank.index(m["compatibility"]))
                best: Mapping[str, Any] = (
                    known[0]
                    if known
                    else {"compatibility": Compatibility.NO_DATA.value, "summary": _NO_DATA, "references": []}
                )
                names = (self.subjects[a]["name"], self.subjects[b]["name"])
                pairs.append(Pair(a, b, *names, best["compatibility"], best["summary"], list(best["references"])))
        return pairs

    def _duplicates(self, syringe: list[str]) -> list[dict[str, Any]]:
        """Ingredients of one syringe that share a broader ingredient, or are broader and narrower of each other."""
        found: dict[str, list[str]] = {}
        for slug in syringe:
            for holder in self._lineage(slug):
                found.setdefault(holder, []).append(slug)
        return [
            {"action": holder, "action_name": self.subjects[holder]["name"], "ingredients": slugs}
            for holder, slugs in found.items()
            if len(slugs) > 1
        ]


_NO_DATA = "No data found on these two in one syringe. That is not a statement that they may be mixed."


def timeline(alerts: Iterable[Alert]) -> list[dict[str, Any]]:
    """What to do on which day: `day` is negative before the session, positive after it; earliest first."""
    entries: dict[tuple[int, str, str], dict[str, Any]] = {}
    for alert in alerts:
        window = alert.window_days or {}
        for day, side in ((window.get("before"), -1), (window.get("after"), 1)):
            if day is not None:
                entry = {
                    "day": side * day,
                    "trigger": alert.trigger,
                    "trigger_name": alert.trigger_name,
                    "action": alert.action,
                    "severity": alert.severity,
                    "references": alert.references,
                }
                entries.setdefault((side * day, alert.trigger, alert.action), entry)
    return [entries[key] for key in sorted(entries)]


def rules(base: Records) -> dict[str, Any]:
    """The check's rules as plain values (see Precheck), from the base."""
    terms: dict[str, dict[str, Any]] = {
        t.id: {"name": t.name, "parents": list(t.parents), "same_as": list(t.same_as)}
        for vocabulary in (base.substances, base.conditions)
        for t in vocabulary.values()
    }
    for both in base.conditions.keys() & base.substances.keys():
        for key in ("parents", "same_as"):
            terms[both][key] = [*getattr(base.conditions[both], key), *getattr(base.substances[both], key)]
    for slug in list(terms):  # "the same" holds both ways
        for other in terms[slug]["same_as"]:
            if other in terms and slug not in terms[other]["same_as"]:
                terms[other]["same_as"].append(slug)
    subjects = {
        s.id: {"name": s.name, "kind": kind, "parents": list(s.parents)}
        for kind, group in (("ingredient", base.ingredients), ("technique", base.techniques))
        for s in group.values()
    }
    cautions = {
        s.id: [
            {
                "id": c.id,
                "trigger": c.trigger,
                "severity": c.severity.value,
                "action": c.action,
                "why": c.why,
                "strength": c.strength,
                "routes": [r.value for r in c.routes],
                "window_days": {"before": c.window.before_days, "after": c.window.after_days} if c.window else None,
                "evidence_for": list(c.evidence_for),
                "evidence_against": list(c.evidence_against),
                "references": caution_references(base, c.id),
            }
            for c in s.cautions
        ]
        for s in base.subjects.values()
        if s.cautions
    }
    mixing = {
        i.id: [
            {
                "other": m.other,
                "compatibility": m.compatibility.value,
                "summary": m.summary,
                "references": list(m.references),
            }
            for m in i.mixing
        ]
        for i in base.ingredients.values()
        if i.mixing
    }
    return {"subjects": subjects, "cautions": cautions, "terms": terms, "mixing": mixing}


def caution_references(base: Records, caution_id: str) -> list[str]:
    """Keys a caution rests on: its own, then those of its findings for and against, each once."""
    caution = base.cautions[caution_id]
    findings = (
        base.findings[f].reference for f in (*caution.evidence_for, *caution.evidence_against) if f in base.findings
    )
    return list(dict.fromkeys([*caution.references, *findings]))


def _near(slug: str, known: list[str]) -> list[str]:
    return [w for w, _, _ in process.extract(slug, known, scorer=fuzz.ratio, limit=3, score_cutoff=65)]
