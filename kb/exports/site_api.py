"""What the static site has for programs: records at the addresses of the HTTP API, and a guide for assistants."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kb.exports.data import LICENCE, LICENCE_ADDRESS, Data

FOLDER = "api/v1"
MISSING = (
    "What needs a program to answer: exploring, and asking for one page of the HTTP API. `kb serve` has them.",
    "Of the HTTP API there are the whole lists of records; pages, search, evidence and paths need `kb serve` or `kb api`.",
)


def files(data: Data) -> Iterator[tuple[str, str]]:
    """File and text: `api/v1/index.json`, `api/v1/records/<kind>.json`, `llms.txt`."""
    counts = {kind: len(records) for kind, records in data.records.items()}
    addresses = {kind: f"{FOLDER}/records/{kind}.json" for kind in counts}
    about = {
        "title": data.title, "release": data.release, "date": data.date, "content": data.content, "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS, "disclaimer": "A reference for professionals, not medical advice.",
        "records": counts, "addresses": addresses,
    }  # fmt: skip
    yield f"{FOLDER}/index.json", _json(about)
    for kind, records in data.records.items():
        listed = [{"id": key, **record} for key, record in records.items()]
        told = {"release": data.release, "kind": kind, "total": len(listed), "offset": 0, "records": listed}
        yield addresses[kind], _json(told)
    yield "llms.txt", _guide(data, counts)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _guide(data: Data, counts: dict[str, int]) -> str:
    """The site for assistants, in the form of llmstxt.org: what it is, how to quote it, where the data are."""
    lists = "\n".join(f"- [{kind}]({FOLDER}/records/{kind}.json): {count} records" for kind, count in counts.items())
    return f"""# {data.title}

> Evidence and formulary of {data.field["subject"]}, release {data.release}, {data.date} ({LICENCE}). A reference for professionals,
> not medical advice.

Answer from these records only. Quote the certainty of an assessment with its bottom line, name the references it rests on and
the release. What has no record here is *not in this base*: say so, and do not fill the gap from memory. A pair without a
mixing record was not tested; a plan without a caution is not proven safe.

## Pages

- [Monographs](ingredient/index.html): every ingredient and technique, each with findings, cautions and papers
- [Indications](indication/index.html): what was tried for each
- [Evidence](evidence/index.html): what has been studied, and what has not
- [About](about/index.html): how certainty is graded and figures get in

## Records (JSON)

{lists}
"""
