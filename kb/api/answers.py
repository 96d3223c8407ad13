"""The questions a program may put, as plain values; the HTTP API and the assistants' server both answer with these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kb.api.shapes import (
    About,
    AnswerInLines,
    Checked,
    Cited,
    Compared,
    Evidence,
    Found,
    OneRecord,
    RecordList,
    Release,
    Side,
    Whole,
)
from kb.exports import site_api
from kb.exports.data import LICENCE, LICENCE_ADDRESS, Data
from kb.questions.asked import Told
from kb.questions.asked import told as answer_to
from kb.questions.asked_lines import lines
from kb.questions.printed import printed
from kb.questions.search import fold

if TYPE_CHECKING:
    from kb.snapshot import Snapshot

Value = dict[str, Any]


class NotHere(LookupError):
    """Nothing of that name is recorded; `near` are names that look like it, never an answer by themselves."""

    def __init__(self, what: str, wanted: str, near: list[str]) -> None:
        super().__init__(f"{what} {wanted!r} is not recorded here")
        self.what, self.wanted, self.near = what, wanted, near


class Answers:
    """Answers of one release. Every one of them names the release, so that what is quoted can be found again."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.data = Data(snapshot)

    @cached_property
    def release(self) -> Release:
        return {
            "title": self.data.title,
            "release": self.data.release,
            "date": self.data.date,
            "content": self.data.content,
            "licence": LICENCE,
            "licence_address": LICENCE_ADDRESS,
            "disclaimer": "A reference for professionals, not medical advice.",
        }

    def about(self) -> About:
        """The release, and how many records of each kind it holds."""
        return {**self.release, "records": {kind: len(records) for kind, records in self.data.records.items()}}

    def records(self, kind: str, subject: str | None = None, limit: int = 100, offset: int = 0) -> RecordList:
        """Records of a kind in the order of the files, `limit` from `offset` on. Raises NotHere for an unknown kind."""
        listed = list(self._kind(kind).items())
        if subject is not None:
            listed = [(k, r) for k, r in listed if r.get("subject") == subject]
        page = [{"id": k, **r} for k, r in listed[offset : offset + limit]]
        return {"release": self.data.release, "kind": kind, "total": len(listed), "offset": offset, "records": page}

    def record(self, kind: str, record_id: str) -> OneRecord:
        """One record. Raises NotHere."""
        records = self._kind(kind)
        if record_id not in records:
            raise NotHere(kind, record_id, [])
        return {"release": self.data.release, "kind": kind, "record": {"id": record_id, **records[record_id]}}

    def _kind(self, kind: str) -> dict[str, Value]:
        if kind not in self.data.records:
            raise NotHere("kind", kind, sorted(self.data.records))
        return self.data.records[kind]

    def slug(self, word: str) -> str:
        """The id of what a word names: an id itself, or a name, synonym or brand. Raises NotHere with near names."""
        if word in self.snapshot.ids:
            return word
        hits = [h for h in self.snapshot.search(word, 5) if h.id in self.snapshot.ids]
        for hit in hits:
            if fold(word) in (fold(hit.matched), fold(hit.name)):
                return hit.id
        raise NotHere("thing", word, [h.name for h in hits[:3]])

    def page(self, word: str) -> Whole:
        """The whole page of one thing, as `kb show --json` prints it. Raises NotHere."""
        return {"release": self.data.release, "page": printed(self.snapshot.monograph(self.slug(word)))}

    def filed(self, word: str) -> Value:
        """The page as the static site has it as a file, its papers and inherited cautions by id. Raises NotHere."""
        return site_api.page(self.data, self.slug(word))

    @cached_property
    def names(self) -> Value:
        """Every thing that is recorded, with its other names."""
        return site_api.names(self.data)

    def search(self, text: str, kinds: Iterable[str] = (), limit: int = 20) -> Found:
        """What fits a text, best first; a text that is a question is answered in lines, each with its papers."""
        wanted = set(kinds)
        told = Told([], []) if wanted else answer_to(text, self.snapshot)
        answered: list[AnswerInLines] = [
            {
                "kind": answer.kind,
                "about": answer.about,
                "lines": [{"text": line, "references": references} for line, references in lines(answer)],
            }
            for answer in told.answers
        ]
        hits = [h.as_dict() for h in self.snapshot.search(text, limit if not wanted else 200)]
        found = [h for h in hits if not wanted or h["kind"] in wanted][:limit]
        return {
            "release": self.data.release,
            "query": text,
            "answers": answered,
            "left_aside": told.left_aside,
            "hits": found,
        }

    def evidence(self, subject: str | None = None, object_: str | None = None, route: str | None = None) -> Evidence:
        """Assessments and findings on a subject, an object or both, with the papers they rest on. Raises NotHere."""
        asked = {
            "subject": self.slug(subject) if subject else None,
            "object": self.slug(object_) if object_ else None,
            "route": route,
        }
        found = {
            kind: [r for r in self.data.records[kind].values() if _fits(r, asked)]
            for kind in ("assessments", "findings")
        }
        keys = {r["reference"] for r in found["findings"]}
        for assessment in found["assessments"]:
            keys |= {
                self.data.records["findings"][f]["reference"]
                for f in assessment["findings"]
                if f in self.data.records["findings"]
            }
        return {
            "release": self.data.release,
            "asked": {k: v for k, v in asked.items() if v},
            "answer": "found" if found["findings"] else "no data found",
            "assessments": printed(found["assessments"]),
            "findings": printed(found["findings"]),
            "references": self.citations(keys),
        }

    def path(self, a: str, b: str) -> Value:
        """How two things are connected, through findings and cautions to papers. Raises NotHere."""
        return {"release": self.data.release, **self.snapshot.path(self.slug(a), self.slug(b))}

    def compare(self, words: Iterable[str]) -> Compared:
        """Things side by side: trials that compared them, and the assessments of each by indication. Raises NotHere."""
        slugs = [self.slug(w) for w in words]
        findings = self.data.records["findings"].values()
        direct = [
            f for f in findings if f["relation"] == "compared-with" and f["subject"] in slugs and f["object"] in slugs
        ]
        items: list[Side] = []
        for slug in slugs:
            page = self.snapshot.monograph(slug)
            items.append(
                {
                    "id": page["id"],
                    "kind": page["kind"],
                    "name": page["name"],
                    "summary": page["summary"],
                    "assessments": page["assessments"],
                }
            )
        return {
            "release": self.data.release,
            "items": items,
            "compared_directly": direct,
            "references": self.citations({f["reference"] for f in direct}),
        }

    def check(self, plan: Mapping[str, Any]) -> Checked:
        """The whole answer of the pre-procedure check to a plan with the fields of `kb.api.plan.PlanIn`; nothing is kept."""
        given = {k: v for k, v in plan.items() if k not in _PLACES}
        answer = self.snapshot.precheck.check(*(plan.get(k, ()) for k in _PLACES), **given).as_dict()
        return {"release": self.data.release, "answer": answer, "references": self.citations(_cited(answer))}

    def citations(self, keys: Iterable[str]) -> list[Cited]:
        """Key, whole citation and first address of each reference, by key."""
        found: list[Cited] = []
        for key in sorted(set(keys)):
            value = self.snapshot.reference(key)
            if value is not None:
                links = [link["url"] for link in value["links"]]
                found.append({"key": key, "citation": value["citation"], "address": links[0] if links else None})
        return found


_PLACES = ("ingredients", "techniques", "conditions", "substances")


def _cited(value: Any) -> set[str]:
    """Every reference key anywhere in an answer."""
    if isinstance(value, dict):
        here = set(value["references"]) if isinstance(value.get("references"), list) else set()
        return here.union(*(_cited(inner) for inner in value.values()))
    return set().union(*map(_cited, value)) if isinstance(value, list) else set()


def _fits(record: Value, asked: Value) -> bool:
    return all(
        value is None or record.get(field) == value or (field == "route" and record.get(field) == "any")
        for field, value in asked.items()
    )
