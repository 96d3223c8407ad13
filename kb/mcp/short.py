"""Answers cut down to what an assistant needs to answer a person, each with its papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kb.api.answers import Answers, Value
from kb.model.terms import GRAVE, Certainty, Severity
from kb.questions.search import NOTHING_UNDER_THIS_NAME

_NO_DATA = "no-data-found"
MOST_FINDINGS = 10
"""Findings in one answer on evidence; `next_start` leads to the others."""
MOST_FIGURES = 8
"""Figures of one finding."""
_PARTS = {"sd": "SD ", "p": "p ", "arm": "", "n": "n ", "at": "at ", "note": ""}
MOST = 15
"""Findings or cautions in one answer; how many there are is always told. Grave cautions are all told, beyond these in short."""

RULE = "Answer from this text only and cite the references. Where it says `no data found`, say so; do not fill the gap from memory."


def monograph(answers: Answers, word: str) -> Value:
    """What is known of one thing: bottom lines with certainty, cautions, harms, doses studied, status, papers."""
    page = answers.page(word)["page"]
    keys: set[str] = set()
    rated = sorted(page["assessments"], key=lambda a: Certainty(a["certainty"]).rank)
    bottom = [_bottom_line(a, answers, keys) for a in rated[:MOST]]
    harms = [f for f in page["findings"] if f["relation"] == "causes"]
    return _sealed(answers, keys, {
        "id": page["id"], "name": page["name"], "kind": page["kind"], "summary": page["summary"],
        "identifiers": {k: v for k, v in (page["identifiers"] or {}).items() if v and k != "seen_at"},
        "evidence_note": page["evidence_note"] or ("" if bottom or page["findings"] else "no data found"),
        "bottom_lines": bottom, "bottom_lines_in_all": len(rated),
        "cautions": _cautions(page["cautions"], keys), "cautions_in_all": len(page["cautions"]),
        "grave_cautions_of_its_kind": [_brief(c) for c in _ranked(page["inherited_cautions"]) if c["severity"] in GRAVE],
        "cautions_of_its_kind_in_all": len(page["inherited_cautions"]),
        "cautions_of_others_about_it": _cautions(page["triggers"], keys), "cautions_of_others_in_all": len(page["triggers"]),
        "harms": [_finding(f, keys) for f in harms[:MOST]], "harms_in_all": len(harms),
        "protocols": [_protocol(p, keys) for p in page["protocols"][:MOST]],
        "mixing": [_mixing(m, keys) for m in page["mixing"] if m["compatibility"] != _NO_DATA][:MOST],
        "mixing_without_data": [m.get("other_name") or m["other"] for m in page["mixing"] if m["compatibility"] == _NO_DATA],
        "regulatory": [_status(r, keys) for r in page["regulatory"]],
    })  # fmt: skip


def evidence(answers: Answers, subject: str | None, object_: str | None, route: str | None, start: int = 0) -> Value:
    """Assessments and findings on a question; the largest studies first, `MOST_FINDINGS` from `start` on."""
    full = answers.evidence(subject, object_, route)
    keys: set[str] = set()
    findings = sorted(full["findings"], key=lambda f: -(f.get("n") or 0))
    named = [_finding(f, keys, answers) for f in findings[start : start + MOST_FINDINGS]]
    bottom = [_bottom_line(a, answers, keys) for a in full["assessments"]]
    return _sealed(answers, keys, {
        "asked": full["asked"], "answer": full["answer"], "bottom_lines": bottom, "findings": named,
        "findings_in_all": len(findings),
        **({"next_start": start + MOST_FINDINGS} if start + MOST_FINDINGS < len(findings) else {}),
    })  # fmt: skip


def compare(answers: Answers, items: Iterable[str]) -> Value:
    """Trials that compared things, and each one's bottom lines."""
    full = answers.compare(items)
    keys: set[str] = set()
    direct = [_finding(f, keys, answers) for f in full["compared_directly"][:MOST]]
    return _sealed(answers, keys, {
        "compared_directly": direct or "no trial that compared them is recorded",
        "compared_directly_in_all": len(full["compared_directly"]),
        "items": [
            {"name": i["name"], "summary": i["summary"], "bottom_lines": [_bottom_line(a, answers, keys) for a in i["assessments"]]}
            for i in full["items"]
        ],
    })  # fmt: skip


def check(answers: Answers, plan: dict[str, Any]) -> Value:
    """What speaks against a plan: status, cards by severity, doses over a maximum, what was not checked, what is to ask."""
    full = answers.check(plan)["answer"]
    texts = {a["caution"]: a for a in full["alerts"]}
    keys: set[str] = set()
    cards = []
    for card in full["cards"]:
        alert = texts[card["cautions"][0]]
        keys |= set(alert["references"])
        cards.append({
            "severity": card["severity"], "because_of": card["fact_names"], "ids": card["facts"], "about": card["subject_names"],
            "action": alert["action"], "why": alert["why"], "window_days": alert["window_days"], "references": alert["references"],
        })  # fmt: skip
    for listed in ("status", "notices", "mixing", "maxima"):
        keys |= {key for entry in full[listed] for key in entry["references"]}
    return _sealed(answers, keys, {
        "understood": [{"said": g["said"], "as": [m["name"] for m in g["means"]]} for g in full["given"]],
        "not_checked": [u["said"] for u in full["unresolved"]],
        "status": [s["message"] for s in full["status"]],
        "alerts": cards or "no caution recorded here applies; that does not prove that the plan is safe",
        "notices": [n["message"] for n in full["notices"]],
        "mixing": [{k: p[k] for k in ("a_name", "b_name", "compatibility", "summary")} for p in full["mixing"]],
        "doses": [d["message"] for d in full["doses"]], "maxima": [m["message"] for m in full["maxima"]],
        "raised_nothing": [{"name": s["name"], "why": s["why"]} for s in full["silent"]],
        "without_any_caution": [b["name"] for b in full["bare"]],
        "still_to_ask": [q["name"] for q in full["ask"][:MOST]],
    })  # fmt: skip


def path(answers: Answers, a: str, b: str) -> Value:
    """Why two things are connected, in sentences."""
    full = answers.path(a, b)
    keys: set[str] = set()
    ways = []
    for way in full["paths"][:5]:
        reasons = [why for step in way["steps"] for why in step["because"]]
        keys |= {key for why in reasons for key in why.get("references", [])}
        ways.append({
            "through": [n["name"] for n in way["nodes"]], "ids": [n["id"] for n in way["nodes"]],
            "because": [w["text"] for w in reasons[:4]],
        })  # fmt: skip
    return _sealed(answers, keys, {"connected": full["connected"], "ways": ways or "no data found"})


def search(answers: Answers, text: str, kinds: Iterable[str] = ()) -> Value:
    """Answers to a question in lines, and the ten best hits; without hits nothing of that name is in this base."""
    full = answers.search(text, kinds, 10)
    near = [h for h in full["hits"] if h["score"] >= _NEAR]
    told = [{**a, "lines": a["lines"][:MOST_LINES], "of": len(a["lines"])} for a in full["answers"][:MOST_ANSWERS]]
    keys = {k for a in full["answers"][:MOST_ANSWERS] for line in a["lines"][:MOST_LINES] for k in line["references"]}
    shown = [{k: h[k] for k in ("id", "kind", "name", "hint")} for h in near]
    alike = {"note": NOTHING_UNDER_THIS_NAME} if near and not told and all(h["alike"] for h in near) else {}
    aside = {"left_aside": full["left_aside"]} if full["left_aside"] else {}
    answered = {"answers": told} if told else {}
    return _sealed(answers, keys, {**answered, **aside, **alike, "hits": shown or "not in this base"})


MOST_ANSWERS = 2
MOST_LINES = 4

_NEAR = 60
"""Below this score a hit only looks like the words that were asked for."""


def _bottom_line(record: Mapping[str, Any], answers: Answers, keys: set[str]) -> Value:
    found = [answers.data.records["findings"].get(f) for f in record["findings"]]
    papers = sorted({f["reference"] for f in found if f})
    keys |= set(papers)
    return {
        "for": answers.data.name(record["object"]), "id": record["object"],
        "of": answers.data.name(record["subject"]), "route": record["route"],
        "certainty": record["certainty"], "direction": record["direction"],
        **({"direction_detail": record["direction_detail"]} if "direction_detail" in record else {}),
        **({"in_short": record["in_short"]} if record.get("in_short") else {}),
        "says": record["bottom_line"], "references": papers,
    }  # fmt: skip


def _finding(record: Value, keys: set[str], answers: Answers | None = None) -> Value:
    keys.add(record["reference"])
    told = {
        k: record.get(k)
        for k in ("relation", "object", "direction", "direction_detail", "route", "n", "dose", "summary", "reference")
    }
    told["figures"] = [_figure(o) for o in record.get("outcomes", [])[:MOST_FIGURES]]
    told["subject"] = record["subject"] if answers is None else answers.data.name(record["subject"])
    return {k: v for k, v in told.items() if v not in (None, "", [])}


def _figure(outcome: Value) -> str:
    """`photographic improvement: 62.8 percent of patients, saline, n 40, at 18 weeks`, as the source printed it."""
    number = " ".join(str(outcome[k]) for k in ("value", "unit") if outcome.get(k) is not None)
    said = [number, f"{outcome['events']} of {outcome.get('n', '?')}" if outcome.get("events") is not None else ""]
    if interval := outcome.get("interval"):
        level = f"{interval.get('level') or 95:g}"
        said.append(f"{level}% CI {interval.get('low')} to {interval.get('high')}")
    said += [f"{label}{outcome[k]}" for k, label in _PARTS.items() if outcome.get(k) not in (None, "")]
    return f"{outcome['measure']}: " + ", ".join(s for s in said if s)


def _ranked(records: Iterable[Value]) -> list[Value]:
    """Cautions, gravest first."""
    return sorted(records, key=lambda c: Severity(c["severity"]).rank)


def _cautions(records: Iterable[Value], keys: set[str]) -> list[Value]:
    """The first with reason and papers, what is grave beyond them with what to do, so that nothing grave is left out."""
    ranked = _ranked(records)
    return [*(_caution(c, keys) for c in ranked[:MOST]), *(_brief(c) for c in ranked[MOST:] if c["severity"] in GRAVE)]


def _brief(record: Value) -> Value:
    return {k: record[k] for k in ("severity", "subject_name", "trigger_name", "action")}


def _caution(record: Value, keys: set[str]) -> Value:
    keys |= set(record["references"])
    fields = ("severity", "subject_name", "trigger_name", "action", "why", "window_days", "references")
    return {k: record[k] for k in fields if record.get(k) not in (None, [])}


def _protocol(record: Value, keys: set[str]) -> Value:
    if record.get("reference"):
        keys.add(record["reference"])
    fields = ("says", "indication_name", "indication", "route", "dose", "sessions", "interval", "summary", "reference")
    return {k: record[k] for k in fields if record.get(k)}


def _mixing(record: Value, keys: set[str]) -> Value:
    keys |= set(record.get("references", []))
    told = ("other_name", "other", "compatibility", "summary", "references", "tests")
    return {k: v for k, v in record.items() if k in told and v}


def _status(record: Value, keys: set[str]) -> Value:
    keys |= set(record.get("references", []))
    fields = ("jurisdiction_name", "jurisdiction", "status", "route", "use", "as_of", "references", "note")
    return {k: record[k] for k in fields if record.get(k)}


def _sealed(answers: Answers, keys: set[str], value: dict[str, Any]) -> Value:
    about = answers.release
    return {
        "source": f"{about['title']}, release {about['release']}, {about['date']} ({about['licence']})",
        "how_to_use": RULE,
        **value,
        "references": [_once(reference) for reference in answers.citations(keys)],
    }


def _once(reference: Mapping[str, Any]) -> Value:
    """A reference without the address that its citation prints already."""
    printed = reference.get("address") and reference["address"] in reference["citation"]
    return {k: v for k, v in reference.items() if not (printed and k == "address")}
