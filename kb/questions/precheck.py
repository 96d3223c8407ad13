"""The pre-procedure check: what in a cocktail and a technique speaks against treating this patient, and what to do.

Pure look-up: cautions stand in the formulary with their evidence; this module only finds those that apply. A caution
applies when the patient has its trigger, a narrower term of it (warfarin for anticoagulants), or a term said to be the
same (anticoagulant therapy); or when another part of the plan is its trigger. Ingredients and techniques also carry the
cautions of their broader ones. docs/precheck.md says what each record does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kb.model.terms import GRAVE, Compatibility
from kb.questions import allergies, doses, notices, status
from kb.questions.answer import (
    ORDER,
    Alert,
    Answer,
    Meaning,
    Notice,
    Pair,
    Question,
    Silent,
    Unresolved,
    cards,
    timeline,
    weight,
)
from kb.questions.plan import Fact, Plan, Reader
from kb.questions.rulebook import Reached, Rulebook
from kb.questions.rules import rules
from kb.questions.shapes import Duplicate

__all__ = ["ORDER", "Alert", "Answer", "Pair", "Precheck", "rules", "timeline"]

Words = Iterable[str]


class Precheck(Rulebook):
    """The check over a rulebook: one answer for every door."""

    def check(
        self,
        ingredients: Words = (),
        technique: str | Words | None = None,
        conditions: Words = (),
        substances: Words = (),
        *,
        allergic_to: Words = (),
        done: Words = (),
        coming: Words = (),
        sites: Words = (),
        years: float | None = None,
        kg: float | None = None,
        sex: str | None = None,
        amounts: Mapping[str, str] | None = None,
        jurisdictions: Words = (),
    ) -> Answer:
        """The whole answer. Words may be ids, names, brands, lay words or phrases; what is not understood is told, never guessed.

        `done` and `coming` hold phrases with a time (`filler 3 weeks ago`, `operation in 5 days`); `amounts` maps a word of
        `ingredients` to what is given of it (`5 mL of 2 %`); `kg` is body weight; `jurisdictions` limits the status shown.
        """
        reader = Reader(self)
        reader.ingredients(ingredients)
        reader.techniques([technique] if isinstance(technique, str) else technique or ())
        reader.sites(sites)
        reader.facts(conditions, "condition")
        reader.facts(substances, "substance")
        reader.allergies(allergic_to)
        reader.facts(done, "done")
        reader.facts(coming, "coming")
        reader.person(years, kg, sex)
        reader.settle()
        return self.answer(reader.plan, amounts or {}, self._places(jurisdictions, reader.plan))

    def alerts(self, ingredients: Words = (), technique: str | None = None, conditions: Words = ()) -> list[Alert]:
        """The alerts of `check` alone, for who asks of very many plans and reads nothing else of the answer."""
        reader = Reader(self)
        reader.ingredients(ingredients)
        reader.techniques([technique] if technique else ())
        reader.facts(conditions, "condition")
        reader.settle()
        return self._alerts_of(reader.plan)[0]

    def answer(self, plan: Plan, amounts: Mapping[str, str], places: list[str]) -> Answer:
        """The answer to a plan that has been read."""
        found = Answer(given=plan.given, unresolved=plan.unresolved, not_counted=plan.not_counted, jurisdictions=places)
        known = {"years": plan.years, "kg": plan.kg, "sex": plan.sex}
        found.patient = {k: v for k, v in known.items() if v is not None}
        found.alerts, passed = self._alerts_of(plan)
        found.status = status.of(self, plan, places)
        found.mixing = self._pairs(plan)
        found.duplicates = self._duplicates(plan)
        told = status.elsewhere(self, plan, places, found.status)
        found.notices = [*notices.of(self, plan, found.alerts), *passed, *told]
        found.doses, found.maxima = doses.of(self, plan, amounts)
        found.notices += doses.over(found.maxima)
        found.cards = cards(found.alerts, {i: t.get("beside", ()) for i, t in self.terms.items()})
        found.timeline = timeline(found.alerts)
        unasked = self._unasked(plan, found.alerts)
        found.silent = self._silent(plan, found)
        found.notices += self._say_which(found, unasked)
        found.bare = self._bare(plan)
        found.ask = [*unasked, *doses.still_to_ask(self, plan, found.maxima)]
        return found

    def _places(self, words: Words, plan: Plan) -> list[str]:
        places = []
        for said in words:
            matches = self.resolver.find(said, "jurisdiction")
            places += [m.id for m in matches]
            if said.strip() and not matches:
                plan.unresolved.append(Unresolved(said, "jurisdiction", self.resolver.near(said, "jurisdiction")))
        return list(dict.fromkeys(places))

    def _alerts_of(self, plan: Plan) -> tuple[list[Alert], list[Notice]]:
        """Alerts, gravest first, and the cautions whose days have passed."""
        alerts: list[Alert] = []
        passed: dict[str, Notice] = {}
        sites = [s for s in plan.sites if s in self.terms]
        for subject in plan.subjects:
            facts = [*plan.facts, *(s for s in sites if s not in plan.facts)]
            if subject in plan.tools:
                facts += [t for t in plan.tools if t != subject]
                reached = {**self._unfit(subject, plan), **self.reach(facts)}
            else:
                # What is given is taken, too: a second local anaesthetic counts, whether it is in the syringe or at home.
                others = [i for i in plan.ingredients if i != subject and i not in plan.facts]
                facts += [i for i in others if subject not in plan.ingredients or plan.meet(subject, i)]
                reached = self.reach([*facts, *plan.tools])
            recorded = self._alerts(subject, reached, plan, passed)
            alerts += allergies.joined(recorded, allergies.alerts(self, subject, plan), plan)
        alerts.sort(key=weight)
        return alerts, list(passed.values())

    def _unfit(self, technique: str, plan: Plan) -> Reached:
        """Ingredients that must not or should not be given by this technique, as triggers.

        Milder words on a medicine, and those on a class of medicines, are about what a patient takes: nobody asks for vitamin E to be
        stopped that is to be injected. A trigger that is an ingredient and no medicine is about the syringe, whatever its severity.
        """
        found: Reached = {}
        for caution in (c for holder in self.lineage(technique) for c in self.cautions.get(holder, ())):
            trigger = caution["trigger"]
            if trigger not in self.subjects:
                hit = [i for i in plan.ingredients if i == trigger and caution["severity"] in GRAVE]
            elif trigger in self.terms and caution["severity"] not in GRAVE:
                hit = []
            else:
                hit = [i for i in plan.ingredients if trigger in self.lineage(i)]
            if hit:
                found[trigger] = hit
        return found

    def _about(self, subject: str, caution: Mapping[str, Any], plan: Plan) -> str | None:
        """How a caution that names products is about this part of the plan: "" when it is, "if X is used" when the plan leaves the product
        open, None when another product was chosen."""
        products = caution.get("products", ())
        if not products or subject not in plan.ingredients:
            return ""
        items = [i for i in plan.syringe if i.id == subject]
        names = [self.name(p) for p in products]
        if any(i.product in products for i in items):
            return ""
        if all(i.product or (i.brand and i.brand not in names) for i in items):
            return None
        return f"if {' or '.join(names)} is used"

    def _fits(self, caution: Mapping[str, Any], plan: Plan) -> bool:
        """Whether a caution that names ingredients or sites is about this plan. What the plan leaves open counts as fitting."""
        only = set(caution.get("only_with", ()))
        if only and plan.ingredients and not any(only & set(self.climb(i)) for i in plan.ingredients):
            return False
        sites = caution.get("sites", ())
        if not sites or not plan.sites:
            return True
        planned = {s for site in plan.sites for s in self.climb(site)}
        return any(s in planned or set(plan.sites) & set(self.climb(s)) for s in sites)

    def _alerts(self, subject: str, reached: Reached, plan: Plan, passed: dict[str, Notice]) -> list[Alert]:
        alerts: dict[tuple[str, str], Alert] = {}
        for holder in self.lineage(subject):
            for caution in self.cautions.get(holder, ()):
                rule = caution["trigger"]
                about = self._about(subject, caution, plan)
                if rule not in reached or about is None or not self._fits(caution, plan):
                    continue
                facts = [f for f in reached[rule] if not self._clear(caution, plan.facts.get(f))]
                if not facts:
                    told = self._passed(subject, caution, [plan.facts[f] for f in reached[rule]])
                    passed.setdefault(f"{caution['id']} {reached[rule]}", told)
                    continue
                alert = self._alert(subject, holder, caution, facts, about)
                # The subject's own caution goes before one it inherits for the same fact, unless that one is graver.
                held = alerts.get((rule, facts[0]))
                if held is None or ORDER.index(alert.severity) < ORDER.index(held.severity):
                    alerts[rule, facts[0]] = alert
        return self._settled(list(alerts.values()))

    def _clear(self, caution: Mapping[str, Any], fact: Fact | None) -> bool:
        """Whether the days that a caution asks to keep clear lie between the fact and the session."""
        window = caution["window_days"] or {}
        if fact is None or self.lasts(fact.id)["always"]:
            return False
        before, after = window.get("before"), window.get("after")
        if fact.days_ago is not None and before is not None:
            return bool(fact.days_ago >= before)
        return bool(fact.days_ahead is not None and after is not None and fact.days_ahead >= after)

    def _alert(self, subject: str, holder: str, caution: Mapping[str, Any], facts: list[str], about: str) -> Alert:
        rule, (fact, *also) = caution["trigger"], facts
        name, rule_name = self.name(subject), self.name(rule)
        given = " and ".join(self.name(f) for f in facts if f != rule)
        said = self.name(fact) if fact == rule else f"{given} ({rule_name})"
        return Alert(
            severity=caution["severity"],
            subject=subject,
            subject_name=name,
            trigger=fact,
            trigger_name=self.name(fact),
            also=also,
            also_names=[self.name(f) for f in also],
            rule=rule,
            rule_name=rule_name,
            message=f"{name}{f' ({about})' if about else ''} and {said}: {caution['why']}",
            action=f"{about[:1].upper()}{about[1:]}: {lowered(caution['action'])}" if about else caution["action"],
            why=caution["why"],
            strength=caution["strength"],
            routes=list(caution["routes"]),
            sites=list(caution.get("sites", ())),
            window_days=caution["window_days"],
            evidence_for=list(caution["evidence_for"]),
            evidence_against=list(caution["evidence_against"]),
            references=list(caution["references"]),
            caution=caution["id"],
            inherited_from=None if holder == subject else holder,
            basis=caution["basis"],
        )

    def _passed(self, subject: str, caution: Mapping[str, Any], facts: list[Fact]) -> Notice:
        window, name = caution["window_days"], self.name(subject)
        side = "before" if facts[0].days_ago is not None else "after"
        said = " and ".join(f.said for f in facts)
        text = f"{name} and {said}: the {window[side]} days to keep clear {side} the session are kept."
        return Notice("window-passed", subject, name, text, list(caution["references"]))

    def _settled(self, alerts: list[Alert]) -> list[Alert]:
        """Without those that a narrower one makes needless; the narrower one keeps their ids."""
        gone: dict[str, list[str]] = {}
        kept = []
        for n, alert in enumerate(alerts):
            settling = next((o for i, o in enumerate(alerts) if i != n and self._settles(o, alert, i < n)), None)
            if settling is None:
                kept.append(alert)
            else:
                gone.setdefault(settling.caution, []).append(alert.caution)
        return [replace(a, settles=gone[a.caution]) if a.caution in gone else a for a in kept]

    def _settles(self, narrow: Alert, broad: Alert, first: bool) -> bool:
        """Whether the word on the narrower term, as grave or graver, leaves nothing to ask about the broader one, for the same facts.

        *Contraindicated in severe kidney impairment* settles *kidney disease: find out how severe*; *no reason to stop fish oil*
        settles *supplements can be left out*. Of two rules that mean the same (epilepsy, seizures) the graver stays, or else the one that
        stands first. One that names other routes or sites, or days that the narrower one lacks, stays.
        """
        return (
            ORDER.index(narrow.severity) <= ORDER.index(broad.severity)
            and {broad.trigger, *broad.also} <= {narrow.trigger, *narrow.also}
            and broad.rule != narrow.rule
            and broad.rule in self.climb(narrow.rule)
            and (narrow.rule not in self.climb(broad.rule) or narrow.severity != broad.severity or first)
            and (not narrow.routes or set(broad.routes) == set(narrow.routes))
            and (not narrow.sites or set(broad.sites) == set(narrow.sites))
            and (broad.window_days is None or narrow.window_days is not None)
        )

    def _pairs(self, plan: Plan) -> list[Pair]:
        pairs = []
        unique = list(dict.fromkeys(i.id for i in plan.syringe if i.role == "active" and i.id in self.subjects))
        for i, a in enumerate(unique):
            for b in (x for x in unique[i + 1 :] if plan.meet(a, x)):
                known = [m for x, y in ((a, b), (b, a)) for m in self.mixing.get(x, ()) if m["other"] == y]
                # A tested pair goes before a note that nobody tested it; a tested clash before anything.
                rank = [c.value for c in Compatibility]
                known.sort(key=lambda m: rank.index(m["compatibility"]))
                best: Mapping[str, Any] = (
                    known[0]
                    if known
                    else {"compatibility": Compatibility.NO_DATA.value, "summary": NO_DATA, "references": []}
                )
                names = (self.name(a), self.name(b))
                pairs.append(Pair(a, b, *names, best["compatibility"], best["summary"], list(best["references"])))
        return pairs

    def _duplicates(self, plan: Plan) -> list[Duplicate]:
        """Ingredients that share a broader ingredient, or are broader and narrower of each other; and what the patient takes already."""
        found: dict[str, list[str]] = {}
        for slug in plan.ingredients:
            for holder in self.lineage(slug):
                found.setdefault(holder, []).append(slug)
        return [
            {"action": holder, "action_name": self.name(holder), "ingredients": slugs}
            for holder, slugs in found.items()
            if len(slugs) > 1
        ]

    def _silent(self, plan: Plan, answer: Answer) -> list[Silent]:
        """Facts that raised nothing, each with what is known about that."""
        raising = {fact for a in answer.alerts for fact in (a.trigger, *a.also)}
        raising |= {a.allergen for a in answer.alerts if a.allergen}
        # `allergic to benzocaine` is an allergy of that name and benzocaine itself: one statement, and it raised something.
        told = {plan.allergies[f] for f in raising if f in plan.allergies}
        told |= {f.said for f in plan.facts.values() if f.id in raising and f.said in plan.allergies.values()}
        told |= {f.said for f in plan.facts.values() if f.id in raising and f.said in plan.left}
        silent = [
            Silent(f.id, self.name(f.id), f.said, *self._why_silent(f.id, plan))
            for f in plan.facts.values()
            if f.id not in raising and f.id not in plan.exposures and f.said not in told
        ]
        for allergen, said in plan.allergies.items():
            if allergen not in raising and allergen not in plan.facts and said not in told:
                why = "Nothing in this plan is recorded as containing it."
                silent.append(Silent(allergen, self.name(allergen), said, why))
        return silent

    def _say_which(self, answer: Answer, unasked: Sequence[Question]) -> list[Notice]:
        """Broad facts that raised nothing although a narrower one would (heart disease: pacemaker); they are silent no more."""
        found = []
        for fact in list(answer.silent):
            narrower = [q.name for q in unasked if q.about != fact.id and fact.id in self.climb(q.about)]
            if narrower:
                message = f"{fact.name} raised nothing as such, but this plan has a caution for: {'; '.join(narrower)}. Say which it is."
                found.append(Notice("say-which", fact.id, fact.name, message, []))
                answer.silent.remove(fact)
        return found

    def _why_silent(self, fact: str, plan: Plan) -> tuple[str, bool, list[str]]:
        """Why a fact raised nothing, whether that was looked for, and where."""
        looked = [
            (f"{self.name(s)}: {known['why']}", known["looked"])
            for s in plan.subjects
            for holder in self.lineage(s)
            if (known := self._looked_for(fact, holder))
        ]
        if looked:
            return " ".join(why for why, _ in looked), True, list(dict.fromkeys(r for _, rs in looked for r in rs))
        if note := self.terms.get(fact, {}).get("nothing_found"):
            return str(note), True, []
        if fact not in self.terms and fact not in self.subjects:
            return "A complaint, a harm or a use, which no caution names: give the disorder behind it.", False, []
        if not self.triggers & set(self.climb(fact)):
            return "No caution names it, with any ingredient or technique.", False, []
        return "No caution names it with this plan.", False, []

    def _looked_for(self, fact: str, holder: str) -> Mapping[str, Any] | None:
        """What was found to be said nowhere of a fact, or of a broader one: nothing on vitamin K antagonists is nothing on warfarin."""
        known = self.looked_up.get(holder, {})
        return next((known[f] for f in self.climb(fact) if f in known), None)

    def _bare(self, plan: Plan) -> list[Meaning]:
        return [
            Meaning(s, self.name(s), self.subjects.get(s, {}).get("kind", "substance"))
            for s in [*plan.ingredients, *plan.tools]
            if not any(self.cautions.get(holder) for holder in self.lineage(s))
        ]

    def _unasked(self, plan: Plan, alerts: Sequence[Alert]) -> list[Question]:
        """Facts of the patient that would raise a further alert with this plan, each once, gravest first."""
        known = self.reach([*plan.facts, *plan.ingredients])
        raised = {a.caution for a in alerts}
        questions: dict[str, Question] = {}
        sites: list[str] = []
        at_sites: list[str] = []
        for subject in plan.subjects:
            for caution in (c for holder in self.lineage(subject) for c in self.cautions.get(holder, ())):
                trigger = caution["trigger"]
                term = self.terms.get(trigger)
                if (term and term.get("group") == "site") or (caution.get("sites") and not plan.sites):
                    sites.append(self.name(subject))
                    at_sites.append(caution["severity"])
                if term is None or term.get("group") == "site" or trigger in known or caution["id"] in raised:
                    continue
                if self._fits(caution, plan):
                    asked = questions.setdefault(trigger, Question(trigger, term["name"], caution["severity"], []))
                    name = self.name(subject).split(" (")[0]
                    subjects = [*asked.subjects, *([name] if name not in asked.subjects else [])]
                    gravest = min(str(asked.gravest), caution["severity"], key=ORDER.index)
                    questions[trigger] = replace(asked, gravest=gravest, subjects=subjects)
        if sites and not plan.sites:
            why, gravest = "Some cautions hold at certain sites only.", min(at_sites, key=ORDER.index)
            questions["site"] = Question("site", "Site", gravest, list(dict.fromkeys(sites)), why)
        return sorted(questions.values(), key=lambda q: (ORDER.index(str(q.gravest)), q.name.casefold()))


def lowered(text: str) -> str:
    """A sentence within a sentence: its first letter small, unless it begins with an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


NO_DATA = "No data found on these two in one syringe. That is not a statement that they may be mixed."
"""What is said of a pair that no record is about."""
