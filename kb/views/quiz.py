"""*How sure are we?* Questions made from the base, in sets of ten or one by one, each answer explained with its papers.

A question's address reopens it: `quiz?question=<id>` for one, `quiz?kind=harm&field=hair&set=2&at=3` within a set. The page
holds the explanation folded away, so that it works without a server; with the browser's script an answer is judged in
place, without it the form asks for the same page with `answer`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from kb.learning.bank import IN_A_SET, chosen, find, in_set
from kb.learning.question import KINDS, Question
from kb.views import links, reading, words
from kb.views.charts import forest
from kb.views.fields import group_titles
from kb.views.shell import Fragment
from kb.views.templating import draw

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]

ABOUT_KINDS = {
    "claim": "What a popular page says, in our words. You give the verdict.",
    "certainty": "Two treatments of one indication. Which rests on firmer ground?",
    "interval": "A printed effect with its interval. Does it exclude no difference?",
    "harm": "One of these is documented, the others belong elsewhere.",
    "patient": "A plan, a patient, four notes. One of them speaks against it.",
    "stop": "How long to keep clear, and what not to stop at all.",
}
MOST_SETS = 1000


def render(params: Mapping[str, list[str]], snapshot: Snapshot) -> Fragment:
    asked = reading.first(params, "question")
    kind, field = (reading.first(params, name) for name in ("kind", "field"))
    kind, field = kind if kind in KINDS else "", field if field in group_titles(snapshot) else ""
    if asked:
        question = find(snapshot, asked)
        if question is None:
            return gone(asked, snapshot)
        return show(question, snapshot, reading.first(params, "answer"), {"question": asked}, None)
    number = _whole(reading.first(params, "set"))
    if not number:
        return overview(kind, field, snapshot)
    ids = in_set(chosen(snapshot.document("questions"), kind, field), number)
    place = {"kind": kind, "field": field, "set": str(number)}
    at = _whole(reading.first(params, "at")) or 1
    question = find(snapshot, ids[at - 1]) if at <= len(ids) else None
    if question is None:
        return finished(place, len(ids), snapshot)
    round_ = {
        "at": at,
        "of": len(ids),
        "key": "-".join(place.values()),
        "next": links.href("quiz", **place, at=str(at + 1)),
        "before": links.href("quiz", **place, at=str(at - 1)) if at > 1 else None,
        "last": at == len(ids),
    }
    return show(question, snapshot, reading.first(params, "answer"), place | {"at": str(at)}, round_)


def overview(kind: str, field: str, snapshot: Snapshot) -> Fragment:
    """What there is to answer, by kind and by field."""
    index = snapshot.document("questions")
    kinds = Counter(q["kind"] for q in index if not field or q["field"] == field)
    fields = Counter(q["field"] for q in index if not kind or q["kind"] == kind)
    html = draw(
        "quiz",
        kinds=[(k, title, ABOUT_KINDS[k], kinds[k]) for k, title in KINDS.items()],
        fields=[(f, title, fields[f]) for f, title in group_titles(snapshot).items()],
        chosen_kind=kind,
        chosen_field=field,
        total=len(index),
        disputed=sum(q["disputed"] for q in index),
        count=len(chosen(index, kind, field)),
        in_a_set=IN_A_SET,
    )
    return Fragment("How sure are we?", html)


def show(
    question: Question, snapshot: Snapshot, answer: str, place: Mapping[str, str], round_: Value | None
) -> Fragment:
    """One question. `place` is what its address holds besides the answer; `round_` where it stands in its set."""
    html = draw("question", round=round_, **parts(question, snapshot, answer, place))
    return Fragment(KINDS[question.kind], html)


def parts(question: Question, snapshot: Snapshot, answer: str, place: Mapping[str, str]) -> Value:
    """What the question card needs; `answer` is an option's id, or anything else for none yet."""
    given = next((o for o in question.options if o.id == answer), None)
    return {
        "q": question,
        "kind_title": KINDS[question.kind],
        "field_title": group_titles(snapshot).get(question.field, ""),
        "given": given,
        "place": place,
        "plot": plot(question, snapshot),
        "names": {slug: reading.name_of(snapshot, slug) for slug in question.about},
        "link_of": partial(reading.link_of, snapshot),
        "citer": reading.citer(snapshot),
        "linked": False,
    }


def plot(question: Question, snapshot: Snapshot) -> forest.Forest | None:
    """The interval to be read, drawn without a word about what it means."""
    if question.kind != "interval":
        return None
    d = question.data
    keys = [k for p in question.explained for k in p.references]
    study = words.short_citation(snapshot.document("references").get(keys[0]), keys[0]) if keys else ""
    note = " · ".join(filter(None, (d["arm"], d["at"])))
    effect = forest.Effect(study, note, d["value"], d["low"], d["high"], keys[0] if keys else None)
    kind = words.say(d["kind"])
    title = f"{d['measure'][:1].upper()}{d['measure'][1:]}"
    return forest.forest(
        "interval", title, d["kind"], d["unit"] or "", [effect], None, f"{kind}, as printed.", forest.NO_SIDES
    )


def finished(place: Mapping[str, str], n: int, snapshot: Snapshot) -> Fragment:
    """The end of a set, or a set without questions."""
    following = {**place, "set": str(int(place["set"]) + 1)}
    html = draw(
        "quiz_end",
        n=n,
        number=place["set"],
        key="-".join(place.values()),
        again=links.href("quiz", **place, at="1"),
        following=links.href("quiz", **following, at="1"),
    )
    return Fragment("End of the set", html, 200 if n else 404)


def gone(asked: str, snapshot: Snapshot) -> Fragment:
    """The base does not give this question (any more)."""
    html = draw("quiz_gone", asked=words.cut(asked, 80), total=len(snapshot.document("questions")))
    return Fragment("Question not found", html, 404)


def _whole(text: str) -> int:
    return min(int(text), MOST_SETS) if text.isascii() and text.isdigit() and len(text) < 7 else 0
