"""Random and damaged inputs over everything that reads: files of references, records, streams, pages, checks, messages.

    python benchmarks/fuzz.py [--only NAME ...] [--share 0.001] [--seed 1] [--out build/fuzz.jsonl]

A million inputs are made from real ones by cutting, doubling, splicing and putting in what programs stumble over; `--share`
makes fewer. An input fails when a door that promises an answer raises, when what came of it cannot be written back or
shown, when a page holds a mark of the input as markup, or when it takes more than `SLOW` seconds of the processor. Each
failure is written with its input to `--out`; the table counts all of them.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import resource
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILES = ROOT / "tests" / "literature"
SLOW = 2.0
MARK = "<x-mark onfocus=1>"
PIECES = [
    *(
        "{",
        "}",
        "[",
        "]",
        "&a *a",
        "*a",
        "!!python/object:os.system ",
        "|",
        ">-",
        "- ",
        ": ",
        "\t",
        "\r",
        "\n",
        "\n\n",
        "#",
    ),
    *(
        "'",
        '"',
        "\\",
        "%",
        "@article{",
        "TY  - JOUR",
        "ER  - ",
        "PMID- 1",
        "<",
        ">",
        "&",
        "&amp;",
        "&#0;",
        "]]>",
        "<!--",
    ),
    *("<!DOCTYPE x [<!ENTITY a 'b'>]>", "\x00", "\x1b[0m", "\u202e", "\ufeff", "\u0301", "\u00a0", "é", "ß", "İ", "ﬁ"),
    *(
        "0x1F",
        "1e999",
        "-0",
        "NaN",
        "null",
        "true",
        "2026-02-30",
        "9" * 400,
        "a" * 3000,
        "../../etc/passwd",
        "$(id)",
        MARK,
    ),
    *(
        "' OR 1=1 --",
        "{{7*7}}",
        "{%",
        "javascript:alert(1)",
        "data:text/html,x",
        "\ud800",
        "[" * 200,
        "{" * 200,
        "(" * 500,
    ),
]
Door = Callable[[random.Random], tuple[Any, Callable[[], None]]]


class Broken(Exception):
    """What an input brought about that must not be."""


def damaged(rng: random.Random, seeds: list[str], most: int = 4000) -> str:
    """A real text, or a stretch of it, with one to six mishaps."""
    text = rng.choice(seeds)
    if len(text) > most:
        start = rng.choice((0, rng.randrange(len(text) - most // 2)))
        text = text[start : start + most]
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        a = rng.randint(0, len(text))
        b = min(len(text), a + rng.choice((0, 0, 1, 3, 10, 80)))
        other = rng.choice(seeds)
        at = rng.randrange(len(other) or 1)
        put = rng.choice(
            (
                rng.choice(PIECES),
                rng.choice(PIECES),
                "",
                text[a:b] * 2,
                other[at : at + rng.randint(1, 200)],
                chr(rng.choice((rng.randint(0, 255), rng.randint(0x300, 0x2FFF), rng.randint(0x10000, 0x1FFFF)))),
            )
        )
        text = text[:a] + put + text[b:]
    return text


def texts(*paths: Path) -> list[str]:
    return [path.read_bytes().decode("utf-8", "replace") for path in paths]


def references() -> Door:
    """Files of references: read, planned, and written back."""
    from kb.bibliography import to_entry
    from kb.bibliography.read import read_text
    from kb.literature import plan, read_any

    kinds = ("*.bib", "*.ris", "*.nbib", "*.xml", "*.enw", "*.ciw", "*.json", "*.csv", "*.tsv")
    seeds = texts(*(p for folder in ("files", "inputs") for kind in kinds for p in sorted((FILES / folder).glob(kind))))

    def door(rng: random.Random) -> tuple[Any, Callable[[], None]]:
        text = damaged(rng, seeds)
        data: bytes | str = text if rng.random() < 0.5 else text.encode("utf-8", "replace")
        if isinstance(data, bytes) and rng.random() < 0.2:
            at = rng.randint(0, len(data))
            data = data[:at] + rng.randbytes(rng.randint(1, 8)) + data[at:]

        def run() -> None:
            entries = read_any("file", data)
            if not entries:
                raise Broken("no entry and no reason")
            for planned in plan(entries, {}):
                if planned.choice.action == "add":
                    reference = planned.entry.reference(planned.choice.key or "", today=date(2026, 1, 1))
                    again, problems = read_text(to_entry(reference))
                    if problems or again[reference.key] != reference:
                        raise Broken("not read back as it was written")

        return data, run

    return door


def bibliography() -> Door:
    """`references.bib`: read with places, put into canonical form, and once more the same."""
    from kb.bibliography.read import read_text
    from kb.bibliography.write import format_bib
    from kb.problems import BadData

    whole = (ROOT / "references.bib").read_text(encoding="utf-8")
    seeds = ["\n@" + part for part in whole.split("\n@")[1:]]

    def door(rng: random.Random) -> tuple[Any, Callable[[], None]]:
        text = damaged(rng, seeds) + (rng.choice(seeds) if rng.random() < 0.3 else "")

        def run() -> None:
            _, problems = read_text(text)
            if any(not p.message or not p.cure for p in problems):
                raise Broken("a problem without its cure")
            if problems:
                return
            try:
                tidy = format_bib(text)
            except BadData:
                return
            if format_bib(tidy) != tidy:
                raise Broken("the canonical form is not its own")

        return text, run

    return door


def records() -> Door:
    """A record's YAML: parsed, checked against its model, every problem with line and cure."""
    from kb.formulary.validate import validate
    from kb.formulary.yamltext import parse
    from kb.model import Ingredient, SubjectPart

    seeds = texts(*sorted((ROOT / "formulary" / "ingredients").rglob("*.yaml"))[::5])

    def door(rng: random.Random) -> tuple[Any, Callable[[], None]]:
        text = damaged(rng, seeds, 1500)

        def run() -> None:
            document, problems = parse(text, "x.yaml")
            if document is not None:
                for kind in (Ingredient, SubjectPart):
                    record, told = validate(kind, document)
                    if (record is None) != bool(told):
                        raise Broken("neither a record nor a problem, or both")
                    problems = [*problems, *told]
            elif not problems:
                raise Broken("no document and no problem")
            lines = (
                text.count("\n")
                + text.count("\r")
                + text.count("\x85")
                + text.count("\u2028")
                + text.count("\u2029")
                + 2
            )
            for problem in problems:
                if not (problem.message and problem.cure and 1 <= (problem.line or 1) <= lines):
                    raise Broken(f"a problem without place or cure: {problem}")

        return text, run

    return door


def canonical() -> Door:
    """`kb fmt`: a text is refused as bad YAML, or put into a form that says the same."""
    from ruamel.yaml.error import YAMLError

    from kb.formulary.write import canonical as form
    from kb.formulary.yamltext import parse

    seeds = texts(*sorted((ROOT / "formulary" / "ingredients").rglob("*.yaml"))[::9])

    def door(rng: random.Random) -> tuple[Any, Callable[[], None]]:
        text = damaged(rng, seeds, 800)

        def run() -> None:
            document, problems = parse(text, "x.yaml")
            if document is None or problems:
                return
            try:
                tidy = form(text)
            except YAMLError:  # stricter than the reader: a tab within a value, say; `kb fmt` names the line
                return
            again, problems = parse(tidy, "x.yaml")
            long = max((len(line.split(":")[0]) for line in text.split("\n")), default=0) > 120  # `kb fmt` refuses it
            if (again is None or again.value != document.value) and not long:
                raise Broken("the canonical form says something else")

        return text, run

    return door


def streams() -> Door:
    """Bulk files for screening, in pieces of any size."""
    from kb.screen.records import read_stream
    from kb.screen.source import Unreadable, decoded

    seeds = texts(*(p for p in sorted((ROOT / "tests" / "screen" / "files").glob("search.*"))))

    def door(rng: random.Random) -> tuple[Any, Callable[[], None]]:
        data = damaged(rng, seeds, 6000).encode("utf-8", "replace")
        size = rng.choice((7, 100, 5000))

        def run() -> None:
            pieces = (data[at : at + size] for at in range(0, len(data), size))
            try:
                for _ in read_stream(decoded(pieces), "file", lambda *words: True):
                    pass
            except Unreadable:
                return

        return data, run

    return door


def _snapshot() -> Any:
    from kb.snapshot import open_snapshot

    return open_snapshot(ROOT / "build" / "kb.sqlite")


NAMES = (
    *(
        "ingredient",
        "indication",
        "node",
        "a",
        "b",
        "item",
        "q",
        "kind",
        "field",
        "technique",
        "condition",
        "substance",
        "done",
    ),
    *(
        "allergy",
        "age",
        "weight",
        "sex",
        "site",
        "at",
        "set",
        "answer",
        "path",
        "step",
        "case",
        "term",
        "card",
        "assessment",
    ),
    *(
        "certainty",
        "verdict",
        "group",
        "sort",
        "page",
        "claim",
        "jurisdiction",
        "amount",
        "coming",
        "since",
        "state",
        "route",
    ),
)


def _values(snapshot: Any) -> list[str]:
    ids = sorted(snapshot.ids)
    words = [
        "warfarin",
        "pregnant 12 weeks",
        "2 mL of 5 %",
        "3 weeks ago",
        "1",
        "-1",
        "999999999",
        "all",
        "",
        "hair",
        "above",
    ]
    return [*ids, *words * 20]


def _params(rng: random.Random, values: list[str]) -> dict[str, list[str]]:
    def value() -> str:
        got = rng.choice(values)
        dice = rng.random()
        if dice < 0.3:
            got = damaged(rng, [got or "x"])
        elif dice < 0.4:
            got = rng.choice(PIECES)
        return got[:5000]

    return {rng.choice(NAMES): [value() for _ in range(rng.choice((1, 1, 1, 2, 5)))] for _ in range(rng.randint(0, 4))}


def _whole(shown: Any) -> None:
    if shown.status not in (200, 400, 404):
        raise Broken(f"status {shown.status}: {getattr(shown, 'fault', '')}")
    if MARK in shown.html or MARK in shown.title:
        raise Broken("the input became markup")


def pages() -> Door:
    """Every view of both editions with parameters of any kind."""
    from kb.views import render
    from kb.views.drawing import Medium
    from kb.views.page import views_of

    snapshot = _snapshot()
    values = _values(snapshot)
    offered = [(edition, view) for edition in ("clinician", "trainee") for view in sorted(views_of(edition))]

    def door(rng: random.Random) -> tuple[Any, Callable[[], None]]:
        edition, view = rng.choice(offered)
        params = _params(rng, values)

        def run() -> None:
            _whole(render(view, params, snapshot, Medium(edition)))

        return [edition, view, params], run

    return door


def suggestions() -> Door:
    """Search as typed."""
    from kb import views

    snapshot = _snapshot()
    values = [row[2] for row in snapshot.entries()]

    def door(rng: random.Random) -> tuple[Any, Callable[[], None]]:
        text = rng.choice(values)[: rng.randint(1, 30)]
        text = (damaged(rng, [text]) if rng.random() < 0.7 else text)[:200]

        def run() -> None:
            for item in views.suggest(text, (), snapshot):
                json.dumps(item)

        return text, run

    return door


def checks() -> Door:
    """The pre-procedure check with words of any kind in every place."""
    snapshot = _snapshot()
    values = _values(snapshot)
    places = ("ingredients", "conditions", "substances")
    named = ("allergic_to", "done", "coming", "sites")

    def door(rng: random.Random) -> tuple[Any, Callable[[], None]]:
        def words() -> list[str]:
            got = [rng.choice(values) for _ in range(rng.choice((0, 1, 1, 2, 4)))]
            return [damaged(rng, [g or "x"])[:400] if rng.random() < 0.3 else g for g in got]

        given: dict[str, Any] = {name: words() for name in (*places, *named) if rng.random() < 0.6}
        given["years"] = rng.choice((None, 0.0, 17.0, 45.0, -1.0, 1e9))
        given["kg"] = rng.choice((None, 0.0, 3.0, 70.0, 1e9))

        def run() -> None:
            json.dumps(snapshot.precheck.check(**given).as_dict())

        return given, run

    return door


def messages() -> Door:
    """What a page sends to its kernel, and a learner's card."""
    from kb.serve.notebooks import checked
    from kb.views.page import answer_review

    message = {
        "channel": "shell",
        "header": {"msg_id": "1", "msg_type": "comm_open", "session": "s", "date": "2026"},
        "content": {"comm_id": "c", "target_name": "kb", "data": {"id": 1, "op": "page", "view": "home", "params": {}}},
    }
    card = answer_review({"card": None, "rating": "good"})["card"]
    seeds = [json.dumps(message), json.dumps({"card": card, "rating": "good"})]

    def door(rng: random.Random) -> tuple[Any, Callable[[], None]]:
        text = damaged(rng, [rng.choice(seeds)])

        def run() -> None:
            told = checked(text, set())
            if told is not None and json.loads(told)["header"]["msg_type"] not in (
                "comm_open",
                "comm_msg",
                "comm_close",
            ):
                raise Broken("another message passed")
            try:
                request = json.loads(text)
            except (ValueError, RecursionError):
                return
            if isinstance(request, dict):
                try:
                    answer_review(request)
                except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
                    return  # what `kb.views.page.answer` and the server turn into a refusal

        return text, run

    return door


DOORS: dict[str, tuple[Callable[[], Door], int]] = {
    "references": (references, 300_000),
    "bibliography": (bibliography, 200_000),
    "records": (records, 200_000),
    "canonical": (canonical, 60_000),
    "streams": (streams, 100_000),
    "pages": (pages, 30_000),
    "suggestions": (suggestions, 30_000),
    "checks": (checks, 30_000),
    "messages": (messages, 50_000),
}


def attempts(name: str, seed: int, inputs: int) -> Iterator[dict[str, Any]]:
    """One row of figures for a door after all its inputs; before it, one for each failure."""
    made = DOORS[name][0]()
    failures, worst, began = 0, 0.0, time.process_time()
    for number in range(inputs):
        rng = random.Random(f"{name}/{seed}/{number}")
        given, run = made(rng)
        at = time.process_time()
        said = ""
        try:
            run()
        except Exception as error:  # whatever it is, it is what is looked for
            frames = traceback.extract_tb(error.__traceback__)[-4:]
            said = f"{type(error).__name__}: {str(error)[:200]} " + " < ".join(
                f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames)
            )
        took = time.process_time() - at
        worst = max(worst, took)
        if said or took > SLOW:
            failures += 1
            yield {
                "door": name,
                "seed": seed,
                "number": number,
                "said": said or f"{took:.1f} s",
                "input": repr(given)[:20_000],
            }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    spent = time.process_time() - began
    yield {"door": name, "inputs": inputs, "failures": failures, "worst": worst, "seconds": spent, "megabytes": memory}


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--only", nargs="*", choices=sorted(DOORS), default=list(DOORS))
    asked.add_argument("--share", type=float, default=1.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path, default=ROOT / "build" / "fuzz.jsonl")
    given = asked.parse_args()
    logging.disable(logging.CRITICAL)
    for name in given.only:
        for row in attempts(name, given.seed, max(1, int(DOORS[name][1] * given.share))):
            with given.out.open("a", encoding="utf-8") as out:
                out.write(json.dumps(row) + "\n")
            if "inputs" in row:
                print(
                    f"| {name} | {row['inputs']:,} | {row['failures']} | {row['worst']:.2f} | {row['seconds']:.0f} "
                    f"| {row['megabytes']} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
