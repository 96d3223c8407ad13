"""Where the base's own papers would stand in the list of a screening, each judged without having been learned from.

    python -m benchmarks.screen_places pubmed21n1298.xml.gz pubmed20n0014.xml.gz [--titles] [--without] [--records 1000000]

A fifth of the base's own papers at a time is hidden among the real records of the files, and likeness is taken from the titles of the
other four fifths. Places are computed from the points (no engine is run): a paper stands behind every record with more points, and
each of those counts as often as the files stand in `--records`. `--titles`: the files' records by title, year and kind of study
alone, as the base's own papers are hidden; `--without`: without likeness, beside it.
"""

from __future__ import annotations

import argparse
import tempfile
from bisect import bisect_left
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq

import kb
from benchmarks.screen import ROOT, UNNUMBERED, by_titles, half, hide, own_papers
from kb.screen.gaps import Coverage
from kb.screen.ingest import ingest
from kb.screen.judge import NO_CANDIDATE, Judge
from kb.screen.likeness import Likeness
from kb.screen.mentions import Reader
from kb.screen.queries import JUDGED

FOLDS = 5
FIRST = (100, 500, 2_000)


def fold(key: str) -> int:
    """Which fifth a paper is in; the same on every machine."""
    return int(sha256(key.encode()).hexdigest(), 16) % FOLDS


def points(judge: Judge, path: Path) -> list[int]:
    """The points of every row of a part."""
    table = pq.read_table(path, columns=list(JUDGED)).combine_chunks()
    return judge.points_of(*[table[name].combine_chunks() for name in JUDGED]).to_pylist()  # type: ignore[no-any-return]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--titles", action="store_true")
    parser.add_argument("--without", action="store_true")
    parser.add_argument("--records", type=int, default=1_000_000)
    given = parser.parse_args()
    base = kb.load(ROOT)
    own = own_papers(base)
    reader, coverage = Reader.of(base), Coverage.of(base)
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(passing)
        parts = [Path(part.path) for part in ingest(given.files, folder / "once", 1)]
        parts = by_titles(parts, folder / "titles") if given.titles else parts
        (folder / "own").mkdir()
        hide(base, folder / "own")
        numbers = pq.read_table(folder / "own" / "own.parquet", columns=["pmid"])["pmid"].to_pylist()
        read = sum(pq.read_metadata(part).num_rows for part in parts)
        places: dict[int, float] = {}
        for chosen in range(FOLDS):
            titles = [one.title for one in own.values() if fold(one.key) != chosen]
            judge = Judge(reader, coverage, likeness=None if given.without else Likeness.to(titles))
            others = sorted(-one for part in parts for one in points(judge, part) if one > NO_CANDIDATE)
            for number, told in zip(numbers, points(judge, folder / "own" / "own.parquet"), strict=True):
                if fold(own[number].key) == chosen and told > NO_CANDIDATE:
                    places[number] = bisect_left(others, -told) * given.records / read
    print(f"{read:,} records read, taken for {given.records:,}; {len(others):,} candidates among them in the last fold")
    for label, wanted in (
        ("with a number in PubMed", {n for n in own if n < UNNUMBERED}),
        ("other articles, looked at", {n for n in own if n >= UNNUMBERED and half(own[n].key) == 0}),
        ("other articles, never looked at", {n for n in own if n >= UNNUMBERED and half(own[n].key) == 1}),
    ):
        found = [sum(places.get(n, given.records) < first for n in wanted) for first in FIRST]
        told = " | ".join(f"{hits} ({100 * hits / len(wanted):.0f}%)" for hits in found)
        print(f"| {label}, {len(wanted)} | {told} | candidates {len(wanted & places.keys())} |")


if __name__ == "__main__":
    main()
