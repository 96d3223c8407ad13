"""`kb screen` measured: bringing in, screening, memory, and how many of the base's own papers it finds among others.

    python -m benchmarks.screen                                          # 20,000 generated records
    python -m benchmarks.screen --real FILE.xml.gz --records 1000000     # others that are real, again and again
    python -m benchmarks.screen --real FILE.xml.gz --side-by-side        # judged with and without the sieve
    python -m benchmarks.screen --real FILE.xml.gz --titles              # the others by their titles alone, like the base's own
    python -m benchmarks.screen --real FILE.xml.gz --scan                # beside one regular expression of all names

Without `--real` the others are generated in the shape and size of PubMed's (abstracts of 230 words, authors with
affiliations, headings, references), one in a hundred near the subject. With it they are the records of real files of PubMed, each
copied with other numbers until there are as many as asked; so the scores of the others are those of real papers. The
base's own papers are hidden among them (of those without a number in PubMed every article, too)
with what `references.bib` holds: the title and the year, the kind of study where it
stands as a publication type, and no abstract; so they are found by less than PubMed would tell.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import kb
from kb.model.terms import Design
from kb.screen import screen
from kb.screen.gaps import Coverage
from kb.screen.ingest import ingest
from kb.screen.judge import NO_CANDIDATE, Judge
from kb.screen.mentions import Reader
from kb.screen.queries import JUDGED
from kb.screen.rows import COLUMNS, LIST

ROOT = Path(__file__).parents[1]
FIRST = 2_000
"""Within how many of the list a paper of the base is to be found."""

_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi xo ka lu mo ne pi ro su ta ve zi cho phy tri ster cyt".split()  # noqa: SIM905
_COMMON = "the of and in to a with for was were by on that as from patients group study treatment results".split()  # noqa: SIM905
_NEAR = (
    ("Minoxidil", "hypertension"), ("Platelet-rich plasma", "knee osteoarthritis"), ("Hyaluronic acid", "dry eye"),
    ("Tranexamic acid", "bleeding after arthroplasty"), ("Peptide", "prostate cancer"), ("Collagen", "liver fibrosis in mice"),
    ("Vitamin C", "drought of okra"), ("Botulinum toxin", "spasticity"), ("Growth factor", "angiogenesis of tumours"),
    ("Microneedling", "acne scars"), ("Dutasteride", "prostate volume"), ("Carnitine", "heart failure"),
)  # fmt: skip
"""What near-by papers are about; one of them is the field's own matter."""

_TYPES = {
    Design.RCT: "Randomized Controlled Trial", Design.META_ANALYSIS: "Meta-Analysis", Design.CASE_REPORT: "Case Reports",
    Design.SYSTEMATIC_REVIEW: "Systematic Review", Design.NARRATIVE_REVIEW: "Review", Design.GUIDELINE: "Practice Guideline",
}  # fmt: skip


def article(number: int, chance: random.Random, lexicon: list[str]) -> str:
    """One generated article of the shape of PubMed's XML."""

    def text(words: int) -> str:
        return " ".join(chance.choice(_COMMON if chance.random() < 0.4 else lexicon) for _ in range(words))

    near = chance.random() < 0.01
    subject, matter = chance.choice(_NEAR)
    title = f"{subject} in {matter}: {text(4)}" if near else text(13)
    parts = "".join(
        f'<AbstractText Label="{label}">{text(58)}.</AbstractText>'
        for label in ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
    )
    author = (
        f'<Author ValidYN="Y"><LastName>{text(1).title()}</LastName><ForeName>{text(1).title()}</ForeName><Initials>A</Initials>'
        f"<AffiliationInfo><Affiliation>{text(12)}.</Affiliation></AffiliationInfo></Author>"
    )
    mesh = "".join(
        f'<MeshHeading><DescriptorName UI="D{place:06}" MajorTopicYN="N">{name}</DescriptorName></MeshHeading>'
        for place, name in enumerate(("Humans", "Female", "Adult", *(text(2).title() for _ in range(9))))
    )
    cited = f"<Reference><Citation>{text(14)}.</Citation></Reference>" * 12
    pmid, year = 90_000_000 + number, chance.randrange(1990, 2027)
    return f"""<PubmedArticle>
<MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<DateRevised><Year>2026</Year><Month>01</Month><Day>02</Day></DateRevised>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><Volume>1</Volume><PubDate><Year>{year}</Year></PubDate>
</JournalIssue><Title>Generated journal</Title></Journal><ArticleTitle>{title}.</ArticleTitle>
<Abstract>{parts}</Abstract><AuthorList CompleteYN="Y">{author * 5}</AuthorList>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>
<MeshHeadingList>{mesh}</MeshHeadingList></MedlineCitation>
<PubmedData><ReferenceList>{cited}</ReferenceList>
<ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>
"""


def generate(folder: Path, articles: int, files: int = 2) -> list[Path]:
    """Packed files with so many articles together; the same every time."""
    chance = random.Random(20261122)
    lexicon = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(40_000)]
    made = []
    for file in range(files):
        path = folder / f"generated{file}.xml.gz"
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=4) as out:
            out.write('<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n')
            for number in range(file, articles, files):
                out.write(article(number, chance, lexicon))
            out.write("</PubmedArticleSet>\n")
        made.append(path)
    return made


UNNUMBERED = 2_000_000_000
"""First of the numbers that articles without one in PubMed are given here."""


def own_papers(base: kb.KnowledgeBase) -> dict[int, Any]:
    """Number in PubMed to reference, of every reference that has one; and of every other article, with a number made up."""
    found = {int(one.pmid): one for one in base.references.values() if one.pmid}
    others = sorted(key for key, one in base.references.items() if one.type == "article" and not one.pmid)
    return found | {UNNUMBERED + place: base.references[key] for place, key in enumerate(others)}


def half(key: str) -> int:
    """In which half a paper is: its titles were looked at while the rules were made (0), or never (1)."""
    return sum(map(ord, key)) % 2


def hide(base: kb.KnowledgeBase, library: Path) -> None:
    """A part with the base's own papers."""
    rows = []
    for number, (pmid, one) in enumerate(sorted(own_papers(base).items())):
        row: dict[str, Any] = {name: "" if kind == "string" else 0 for name, kind in COLUMNS.items()}
        record = {
            "format": "PubMed XML", "fields": {"title": one.title, "year": one.year, "pmid": str(pmid), "authors": []},
            "authors_cut": False, "key": "", "seen_at": [], "years": [], "declared": [], "notices": [],
        }  # fmt: skip
        row |= {
            "part": "own", "row": number, "key": f"pmid:{pmid}", "pmid": pmid, "version": 1, "stamp": 20261129, "gone": False,
            "year": one.year or 0, "title": one.title, "types": LIST.join(filter(None, [_TYPES.get(one.design)])),
            "file": "own", "place": number, "record": json.dumps(record),
        }  # fmt: skip
        rows.append(row)
    pq.write_table(pa.Table.from_pylist(rows, schema=_schema()), library / "own.parquet")


def multiply(parts: list[Path], library: Path, records: int) -> int:
    """Copies of the parts under other numbers and titles until there are so many records; how many there are."""
    count, copy = 0, 0
    while count < records:
        for path in parts:
            if count >= records:
                break
            table = pq.read_table(path).slice(0, records - count)
            name = f"{path.stem}-{copy:03}"
            if copy:
                numbers = [1_000_000_000 + count + place for place in range(len(table))]
                table = _with(table, "pmid", pa.array(numbers, pa.int64()))
                table = _with(table, "key", pa.array([f"pmid:{number}" for number in numbers]))
                table = _with(table, "title", pa.array([f"{t} ({copy})" for t in table["title"].to_pylist()]))
                table = _with(table, "doi", pa.array([""] * len(table)))
            pq.write_table(
                _with(table, "part", pa.array([name] * len(table))), library / f"{name}.parquet", compression="zstd"
            )
            count += len(table)
        copy += 1
    return count


def by_titles(parts: list[Path], folder: Path) -> list[Path]:
    """The parts with nothing but title, year and kind of study, as the base's own papers are hidden."""
    folder.mkdir()
    made = []
    for path in parts:
        table = pq.read_table(path)
        for name in ("abstract", "keywords", "headings"):
            table = _with(table, name, pa.array([""] * len(table)))
        made.append(folder / path.name)
        pq.write_table(table, made[-1], compression="zstd")
    return made


def scan(base: kb.KnowledgeBase, parts: list[Path], most: int = 5_000) -> Iterator[str]:
    """The same records looked through with one regular expression of all names, as one would without this program."""
    reader = Reader.of(base)
    names = sorted({word.text for word in reader._words}, key=len, reverse=True)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b", re.IGNORECASE)
    judge = Judge(reader, Coverage.of(base))
    table = (
        pa.concat_tables([pq.read_table(part, columns=list(JUDGED)) for part in parts]).slice(0, most).combine_chunks()
    )
    columns = [table[name].combine_chunks() for name in JUDGED]
    judge.points_of(*[pa.array([""])] * len(JUDGED))
    began = time.process_time()
    points = judge.points_of(*columns).to_pylist()
    between = time.process_time()
    texts = zip(table["title"].to_pylist(), table["abstract"].to_pylist(), strict=True)
    met = sum(pattern.search(title) is not None or pattern.search(abstract) is not None for title, abstract in texts)
    ended = time.process_time()
    yield "| | records | processor s | a second and core | told |\n|---|---:|---:|---:|---:|"
    for what, seconds, told in (
        ("judged", between - began, f"{sum(one > NO_CANDIDATE for one in points)} candidates"),
        (f"one expression of {len(names):,} names", ended - between, f"{met} records with a name"),
    ):
        yield f"| {what} | {len(points):,} | {seconds:.1f} | {len(points) / seconds:,.0f} | {told} |"


def _with(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def _schema() -> pa.Schema:
    return pa.schema([(name, pa.bool_() if kind == "bool" else getattr(pa, kind)()) for name, kind in COLUMNS.items()])


class Clock:
    """Wall seconds, processor seconds of this process and its children, and the largest of them in MB."""

    def __enter__(self) -> Clock:
        self._wall, self._cpu = time.perf_counter(), self._used()
        return self

    def __exit__(self, *wrong: object) -> None:
        self.wall, self.cpu = time.perf_counter() - self._wall, self._used() - self._cpu
        kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        self.own, self.child = (resource.getrusage(kind).ru_maxrss / 1024 for kind in kinds)

    def _used(self) -> float:
        kinds = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in kinds)


def side_by_side(base: kb.KnowledgeBase, parts: list[Path]) -> Iterator[str]:
    """Each record judged by itself, and most of them released beforehand by the sieve; the answers must be the same."""
    judge = Judge(Reader.of(base), Coverage.of(base))
    judge.points_of(*[pa.array([""])] * len(JUDGED))
    one_by_one: list[int] = []
    sieved: list[int] = []
    spent = [0.0, 0.0]
    for part in parts:
        for batch in pq.ParquetFile(part).iter_batches(2048, columns=list(JUDGED)):
            columns = [batch.column(name) for name in JUDGED]
            began = time.process_time()
            sieved += judge.points_of(*columns).to_pylist()
            between = time.process_time()
            rows = zip(*(column.to_pylist() for column in columns), strict=True)
            one_by_one += [judge.points(*row) for row in rows]
            spent[0] += time.process_time() - between
            spent[1] += between - began
    found = sum(points > NO_CANDIDATE for points in sieved)
    yield "| | records | processor s | microseconds a record | candidates |\n|---|---:|---:|---:|---:|"
    for what, seconds in zip(("each judged by itself", "released by the sieve first"), spent, strict=True):
        yield f"| {what} | {len(sieved):,} | {seconds:.1f} | {1e6 * seconds / len(sieved):.0f} | {found:,} |"
    yield "the same points" if one_by_one == sieved else "THE POINTS DIFFER"


def recall(base: kb.KnowledgeBase, result: Any) -> Iterator[str]:
    """How many of the hidden papers are in the list, by design, and which are not."""
    own = own_papers(base)
    found = {int(one.entry.fields["pmid"]): one.rank for one in result.candidates if one.entry.fields.get("pmid")}
    numbered = {n for n in own if n < UNNUMBERED}
    for label, wanted in (
        ("all with a number in PubMed", numbered),
        ("of these, in humans", {n for n in numbered if own[n].design not in (Design.ANIMAL, Design.IN_VITRO)}),
        ("other articles, looked at", {n for n in own if n >= UNNUMBERED and half(own[n].key) == 0}),
        ("other articles, never looked at", {n for n in own if n >= UNNUMBERED and half(own[n].key) == 1}),
    ):
        for first in (100, 500, FIRST):
            hits = sum(found.get(number, first + 1) <= first for number in wanted)
            yield f"| {label} | {first:,} | {hits} of {len(wanted)} | {100 * hits / len(wanted):.0f}% |"
    for number in sorted(numbered - set(found)):
        yield f"missed: {number} ({own[number].design.value}) {own[number].title[:120]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--real", nargs="*", default=[], metavar="FILE")
    parser.add_argument("--engine", default="duckdb", choices=["duckdb", "spark"])
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the Parquet goes and stays")
    parser.add_argument("--side-by-side", action="store_true", help="judge the records with and without the sieve")
    parser.add_argument("--titles", action="store_true", help="the others by their titles alone")
    parser.add_argument("--scan", action="store_true", help="beside one regular expression of all names")
    given = parser.parse_args()
    base = kb.load(ROOT)
    with tempfile.TemporaryDirectory() as passing:
        folder = given.folder or Path(passing)
        files = [Path(file) for file in given.real] or generate(Path(passing), min(given.records, 30_000))
        with Clock() as clock:
            parts = ingest(map(str, files), folder / "once", given.cores)
        read = sum(part.read for part in parts)
        print("| | records | wall s | processor s | a second and core | MB, this process | MB, largest worker |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        if clock.cpu > 1:
            _row("brought in", read, clock)
        paths = [Path(part.path) for part in parts]
        if given.side_by_side or given.scan:
            print("\n".join((side_by_side if given.side_by_side else scan)(base, paths)))
            return
        library = folder / f"library-{given.records}"
        if not library.exists():
            library.mkdir(parents=True)
            paths = by_titles(paths, folder / "titles") if given.titles else paths
            multiply(paths, library, given.records)
            hide(base, library)
        with Clock() as clock:
            result = screen(
                base, [], library=library, limit=FIRST, with_known=True, engine=given.engine, cores=given.cores
            )
        _row(f"screened, {given.engine}", given.records, clock)
        print(
            f"\n{result.found:,} candidates\n\n| the base's own papers | within the first | found | |\n|---|---:|---:|---:|"
        )
        print("\n".join(recall(base, result)))


def _row(what: str, records: int, clock: Clock) -> None:
    print(
        f"| {what} | {records:,} | {clock.wall:.1f} | {clock.cpu:.1f} | {records / clock.cpu:,.0f} | {clock.own:.0f} "
        f"| {clock.child:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
