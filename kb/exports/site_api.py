"""What the static site has for programs: records, pages and names at the addresses of the HTTP API, and a guide for assistants.

The server gives the same answers at these addresses, so that a program may ask either.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from kb.exports.data import LICENCE, LICENCE_ADDRESS, Data
from kb.questions.printed import printed

FOLDER = "api/v1"
MISSING = (
    "What needs a program to answer: exploring, and the questions of the HTTP API, which are search, evidence by pair, paths, "
    "comparison and the check. `kb serve` has them; here the pages answer in the browser, and `api/v1` holds what they rest on.",
)
_BY_ID = {"references": "key", "inherited_cautions": "id"}
"""Parts of a page that are whole records of the lists, and by what they are found there."""


def page(data: Data, slug: str) -> dict[str, Any]:
    """The page of a thing as a file has it: papers and inherited cautions by their ids, everything else as on the page."""
    told = printed(data.snapshot.monograph(slug))
    return {"release": data.release, "page": told | {p: [r[k] for r in told[p]] for p, k in _BY_ID.items()}}


def names(data: Data) -> dict[str, Any]:
    """Everything that has a name, with its other names: what a program searches to find the id of a thing."""
    listed = [
        {"id": id_, "kind": kind, "name": name, "also": json.loads(also)}
        for id_, kind, name, also, _ in data.snapshot.entries()
        if id_ in data.snapshot.ids
    ]
    return {"release": data.release, "names": listed}


def files(data: Data, led: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """File and text: `api/v1/{index,names}.json`, `api/v1/records/<kind>.json`, `api/v1/pages/<id>.json`, `llms.txt`.

    Things of `led` have no page of their own on the site, and none here.
    """
    counts = {kind: len(records) for kind, records in data.records.items()}
    addresses = {kind: f"{FOLDER}/records/{kind}.json" for kind in counts}
    paged = sorted(data.snapshot.ids - set(led))
    about = {
        "title": data.title, "release": data.release, "date": data.date, "content": data.content, "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS, "disclaimer": "A reference for professionals, not medical advice.",
        "records": counts, "addresses": addresses, "names": f"{FOLDER}/names.json", "page": f"{FOLDER}/pages/{{id}}.json",
        "pages": paged,
    }  # fmt: skip
    yield f"{FOLDER}/index.json", _json(about)
    yield f"{FOLDER}/names.json", _json(names(data))
    for slug in paged:
        yield f"{FOLDER}/pages/{slug}.json", _json(page(data, slug))
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

## Find a thing, and read its page (JSON)

- [names]({FOLDER}/names.json): the id of every thing, with its other names and brands
- `{FOLDER}/pages/<id>.json`: its whole page; papers are named by key and found in the list of references
- [index]({FOLDER}/index.json): which pages there are, and the release

## Records (JSON)

{lists}
"""
