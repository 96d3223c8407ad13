"""The pages of the notebooks 2 to 5: record a study, edit an ingredient or technique, appraise, judge a claim."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any

import ipywidgets as w

from kb.author import pico, start
from kb.author.forms.desk import Desk, button, title
from kb.author.forms.layouts import wide
from kb.author.forms.widgets import LABEL, WordField
from kb.author.target import Target
from kb.model import Finding
from kb.model.terms import ACTORS, Relation, Route

SUBJECTS = ("ingredients", "techniques", "exposures")
_NONE_YET = "choose an ingredient or technique above first"
_FIRST = "choose a study or an ingredient above first"


def _choice(caption: str, options: list[Any]) -> w.Dropdown:
    return w.Dropdown(options=options, description=caption, style=LABEL, layout=wide())


def _offer(dropdown: w.Dropdown, options: list[Any]) -> None:
    """Give a choice other options: what was chosen stays chosen while it is among them, otherwise the first is."""
    if list(dropdown.options) == options:
        return
    chosen = dropdown.value
    dropdown.options = options
    dropdown.value = chosen if chosen in {value for _, value in options} else options[0][1]


def _words(value: StrEnum) -> str:
    return value.value.replace("-", " ")


def _key(kind: str) -> str:
    """A draft of its own for every new record, so that one does not take over another's."""
    return f"{kind}.{uuid.uuid4().hex[:8]}"


ABOUT = {
    Relation.TREATS: "the indication it was given for",
    Relation.CAUSES: "the harm that was seen",
    Relation.COMPARED_WITH: "the other treatment it was compared with",
    Relation.CONTRAINDICATED_IN: "who must not have it",
    Relation.PRECAUTION: "who needs care with it",
    Relation.INTERACTS_WITH: "the medicine it interacts with",
}
"""Question of a finding to what its object is, where that is not plain from the question."""


class StudyDesk(Desk):
    """Record a study: the reference, the question, then the form."""

    kinds = ("finding",)

    def chooser(self) -> list[Any]:
        self.relation_choice = _choice("Question", [(_words(r), r.value) for r in Relation])
        self.reference = self.word("Reference", "references", changed=self._list)
        self.subject = self.word("Ingredient or technique", *SUBJECTS, changed=self._list)
        self.object: WordField = self.word("Indication, harm or comparator", "relation")
        self.relation_choice.observe(lambda _: self._ask(), "value")
        self._ask()
        self.existing = _choice("Or one recorded", [(_FIRST, "")])
        self.kind = _choice("Kind of study", [(caption, name) for name, caption in pico.TEMPLATES.items()])
        return [
            title("Which study, and what did it ask?"),
            self.reference.box,
            self.subject.box,
            self.relation_choice,
            self.object.box,
            self.kind,
            button("Record a new finding", self.begin, primary=True, beside=True),
            self.existing,
            button("Open this finding", self.open_existing, beside=True),
            button("Record a new one with the arms and outcomes of this", self.begin_like, beside=True),
        ]

    @property
    def relation(self) -> str:
        return str(self.relation_choice.value)

    def _ask(self) -> None:
        """What the question is about, in words: of what kind the word in the field is to be."""
        self.object.widget.placeholder = f"{ABOUT.get(Relation(self.relation), 'what it is about')}; type to search"
        self.object.suggest()

    def listed(self) -> None:
        """The findings of what was chosen meanwhile."""
        self._list()

    def _list(self) -> None:
        """The findings already recorded of this reference, or on this subject."""
        if self.waits:
            return
        with self.one_look():
            self._list_recorded()

    def _list_recorded(self) -> None:
        base, reference, subject = self.bench.base, self.reference.value, self.subject.value
        found = [
            f
            for f in base.findings.values()
            if (f.reference == reference or reference not in base.references)
            and (base.subject_of[f.id] == subject or subject not in base.subjects)
        ]
        chosen = reference in base.references or subject in base.subjects
        named = [(self._named(f), f.id) for f in found[:200]] if chosen else []
        _offer(self.existing, named or [("nothing recorded yet" if chosen else _FIRST, "")])

    def _named(self, finding: Finding) -> str:
        """`Tranexamic acid treats Melasma, topical: supports — moftah2013-...`"""
        word = self.words.vocabulary("findings")[finding.id]
        return word.label()

    def begin(self) -> None:
        """Start a new finding on the chosen question."""
        base, subject, reference = self.bench.base, self.subject.value, self.reference.value
        if reference not in base.references:
            self.say(
                f"{reference} is not in the bibliography; bring it in with “Bring references in” on the start page, or choose another"
                if reference
                else "choose the reference first"
            )
        elif subject not in base.subjects:
            self.say(
                f"{subject} is not recorded as an ingredient or technique; add it with “Edit an ingredient or technique” on the"
                " start page, or choose another"
                if subject
                else "choose the ingredient or technique first"
            )
        elif self.object.value and self.object.value not in self.words.all(("relation",), self.relation):
            self.say(f"{self.object.value} is not in the vocabulary; choose a suggestion, or leave it open for now")
        else:
            target, values = start.finding(base, reference, subject, self.relation, self.object.value)
            compares = self.relation == Relation.COMPARED_WITH and self.object.value
            against = base.name(self.object.value) if compares else ""
            shape = pico.template(str(self.kind.value), base.name(subject), against=against)
            self.open(target, {**shape, **values}, _key("finding"))

    def begin_like(self) -> None:
        """Start a finding of the chosen reference with the shape of a recorded one, without its figures."""
        base, reference, chosen = self.bench.base, self.reference.value, str(self.existing.value)
        if reference not in base.references:
            self.say("choose the reference of the new finding first")
        elif chosen not in base.findings:
            self.say("choose the recorded finding first whose arms and outcomes are wanted")
        else:
            shape, subject = pico.like(base, chosen), base.subject_of[chosen]
            target, values = start.finding(base, reference, subject, shape["relation"], shape["object"])
            self.open(target, {**shape, **values}, _key("finding"))

    def open_existing(self) -> None:
        """Open the chosen finding."""
        base, chosen = self.bench.base, self.existing.value
        target = start.target_of(base, chosen)
        if target is not None and target.kind == "finding":
            self.open(target)
        else:
            self.say("choose a reference or an ingredient first, then a finding")


class SubjectDesk(Desk):
    """Add or edit an ingredient or a technique."""

    kinds = ACTORS

    def chooser(self) -> list[Any]:
        self.subject = self.word("Ingredient or technique", "ingredients", "techniques")
        self.kind = _choice("Add", [("a new ingredient", "ingredient"), ("a new technique", "technique")])
        self.name = w.Text(description="Its name", style=LABEL, layout=wide())
        return [
            title("Open what is there"),
            self.subject.box,
            button("Open", self.open_existing, primary=True, beside=True),
            title("Or add a new one"),
            self.kind,
            self.name,
            button("Add", self.begin, beside=True),
        ]

    def open_existing(self) -> None:
        """Open the chosen ingredient or technique."""
        base, chosen = self.bench.base, self.subject.value
        if chosen in base.ingredients:
            self.open(Target.of_subject("ingredient", chosen))
        elif chosen in base.techniques:
            self.open(Target.of_subject("technique", chosen))
        else:
            self.say(
                f"{chosen or 'nothing'} is not recorded as an ingredient or technique; choose a suggestion, or add it below"
            )

    def begin(self) -> None:
        """Start a new ingredient or technique."""
        from kb.author import me

        name = self.name.value.strip()
        slug = start.slug(name)
        if not slug:
            self.say("write its name first")
        elif slug in self.bench.base.subjects:
            self.say(f"{slug} is recorded already; open it above")
        elif same := start.named(self.bench.base, name):
            self.say(f"{name} is a name, synonym or brand of {' and '.join(same)}; open that record above")
        else:
            target, values = start.subject(self.bench.base, str(self.kind.value), name, me.name(self.root))
            self.open(Target(target.kind, target.file), values, _key(target.kind))


class AppraisalDesk(Desk):
    """Appraise a body of evidence."""

    kinds = ("assessment",)

    def chooser(self) -> list[Any]:
        self.subject = self.word("Ingredient or technique", *SUBJECTS, changed=self._list)
        self.existing = _choice("Its assessments", [(_NONE_YET, "")])
        self.object = self.word("For what", "indications", "adverse-effects")
        self.route = _choice("By route", [(_words(r), r.value) for r in Route])
        return [
            title("Open an assessment"),
            self.subject.box,
            self.existing,
            button("Open this assessment", self.open_existing, primary=True, beside=True),
            title("Or appraise another question on it"),
            self.object.box,
            self.route,
            button("Appraise this", self.begin, beside=True),
        ]

    def listed(self) -> None:
        """The assessments of what was chosen meanwhile."""
        self._list()

    def _list(self) -> None:
        if self.waits:
            return
        subject = self.bench.base.subjects.get(self.subject.value)
        found = subject.assessments if subject else []
        base = self.bench.base
        named = [
            (f"{base.name(a.object)}, {_words(a.route)}: {a.certainty.value} certainty — {a.id}", a.id) for a in found
        ]
        _offer(self.existing, named or [("none yet" if subject else _NONE_YET, "")])

    def open_existing(self) -> None:
        """Open the chosen assessment."""
        base, chosen = self.bench.base, self.existing.value
        target = start.target_of(base, chosen)
        if target is not None and target.kind == "assessment":
            self.open(target)
        else:
            self.say("choose an ingredient or technique first, then an assessment")

    def begin(self) -> None:
        """Start a new assessment of the chosen question."""
        base, subject, object_ = self.bench.base, self.subject.value, self.object.value
        if subject not in base.subjects:
            self.say(f"{subject or 'nothing'} is not recorded as an ingredient or technique; choose a suggestion")
        elif object_ not in base.indications and object_ not in base.adverse_effects:
            self.say(f"{object_ or 'nothing'} is not a recorded indication or adverse effect; choose a suggestion")
        else:
            target, values = start.assessment(base, subject, object_, str(self.route.value))
            self.open(target, values, _key("assessment"))


class ClaimDesk(Desk):
    """Judge a claim of a popular page."""

    kinds = ("claim",)

    def chooser(self) -> list[Any]:
        self.page, self.claim = _choice("Page", [("reading …", "")]), _choice("Claim", [("reading …", "")])
        self.page.observe(lambda _: self._list(), "value")
        if not self.waits:
            self.listed()
        return [
            self.page,
            self.claim,
            button("Judge this claim", self.open_existing, primary=True, beside=True),
            button("Add a claim of this page", self.begin, beside=True),
        ]

    def listed(self) -> None:
        """The pages, and the claims of the first."""
        pages = [(f"{p.title[:90]} — {p.id}", p.id) for p in self.bench.base.formulary.pages.values()]
        _offer(self.page, pages or [("no page yet", "")])
        self._list()

    def _list(self) -> None:
        page = self.bench.base.formulary.pages.get(str(self.page.value))
        claims = page.claims if page else []
        _offer(self.claim, [(f"{c.id}, {c.verdict.value}: {c.says[:110]}", c.id) for c in claims] or [("none yet", "")])

    def open_existing(self) -> None:
        """Open the chosen claim."""
        page = self.bench.base.formulary.pages.get(str(self.page.value))
        if page and page.place and self.claim.value:
            self.open(Target("claim", page.place.file, str(self.claim.value)))
        else:
            self.say("choose a page and a claim first")

    def begin(self) -> None:
        """Start the next claim of the chosen page."""
        if self.page.value in self.bench.base.formulary.pages:
            target, values = start.claim(self.bench.base, str(self.page.value))
            self.open(target, values, _key("claim"))
        else:
            self.say("choose a page first")
