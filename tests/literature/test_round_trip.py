"""Written and read again: a reference comes back from every format as it went in, or a warning names the field."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from html import escape

import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.bibliography import read, to_bibtex, to_entry
from kb.exports.literature import csl
from kb.exports.ris import _writer, record
from kb.literature import Entry, read_any
from kb.model.reference import Author, Reference
from kb.model.terms import Design
from tests.literature.conftest import ROOT

FIELDS = ("title", "authors", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid")

WORD = st.from_regex(r"[A-ZÀÉÖ][a-zàéöß]{2,8}", fullmatch=True)
FAMILY = st.builds(
    lambda particle, words: " ".join([*particle, *words]),
    st.sampled_from([[], [], ["van", "der"], ["de"]]),
    st.lists(WORD, min_size=1, max_size=2),
)
GIVEN = st.one_of(WORD, st.from_regex(r"[A-Z]\. [A-Z]\.", fullmatch=True), st.builds("{}, Jr.".format, WORD))
PERSON = st.builds(Author, family=FAMILY, given=GIVEN)
BODY = st.builds(lambda word: Author(family=f"{word} Study Group", body=True), WORD)
PAGES = st.one_of(
    st.none(),
    st.builds(lambda a, b: f"{a}-{a + b}", st.integers(1, 900), st.integers(1, 80)),
    st.builds(lambda a, b: f"S{a}-S{a + b}", st.integers(1, 90), st.integers(1, 8)),
    st.builds(lambda a, b: f"{a}.e1-{a}.e{b}", st.integers(1, 900), st.integers(2, 9)),
    st.integers(1000, 99999).map("e{}".format),
)
TITLE = st.builds(
    lambda words, sign: " ".join(words[:1] + [sign] + words[1:]),
    st.lists(WORD, min_size=3, max_size=6),
    st.sampled_from(["& hair:", "α", "10 % of", "H₂O,", "(“x”)", "5 µg", "a_b", "p < 0.05 and"]),
)
PLAIN = st.builds(
    Reference,
    key=st.just("low2020"),
    type=st.just("article"),
    design=st.just(Design.NOT_STATED),
    title=TITLE,
    authors=st.lists(st.one_of(PERSON, PERSON, BODY), min_size=2, max_size=4),
    journal=st.sampled_from(["J Test", "Skin & Hair", "Größe (Berl)"]),
    year=st.integers(1900, 2026),
    volume=st.integers(1, 99).map(str),
    issue=st.sampled_from(["1", "3-4", "Suppl 1"]),
    pages=PAGES,
    doi=st.from_regex(r"10\.5555/[a-z]{2,6}(_[a-z0-9]{1,4}|\.[0-9]{1,4}|\(9\)[0-9]{1,3}-x)", fullmatch=True),
    pmid=st.integers(1_000_000, 49_999_999).map(str),
    pmcid=st.integers(100_000, 9_999_999).map("PMC{}".format),
    seen_at=st.just(["https://example.org/"]),
)


def full(author: Author) -> str:
    return author.family if author.body else f"{author.family}, {author.given}"


def as_bibtex(one: Reference) -> str:
    return to_entry(one)


def as_csl(one: Reference) -> str:
    return json.dumps([csl(one.model_dump(mode="json", exclude_none=True))])


def as_ris(one: Reference) -> str:
    text: str = rispy.dumps([record(one.model_dump(mode="json", exclude_none=True))], implementation=_writer())
    return text


def as_nbib(one: Reference) -> str:
    lines = [f"PMID- {one.pmid}", f"TI  - {one.title}."]
    lines += [f"CN  - {a.family}" if a.body else f"FAU - {full(a).replace(', Jr.', ' Jr.')}" for a in one.authors]
    lines += [f"JT  - {one.journal}", f"DP  - {one.year} Jan", f"VI  - {one.volume}", f"IP  - {one.issue}"]
    lines += [f"PG  - {one.pages}"] if one.pages else []
    return "\n".join([*lines, f"PMC - {one.pmcid}", f"LID - {one.doi} [doi]", ""])


def as_enw(one: Reference) -> str:
    lines = ["%0 Journal Article", f"%T {one.title}", *(f"%A {full(a)}" for a in one.authors), f"%J {one.journal}"]
    lines += [f"%D {one.year}", f"%V {one.volume}", f"%N {one.issue}", f"%R {one.doi}", f"%2 {one.pmcid}"]
    lines += [f"%P {one.pages}"] if one.pages else []
    return "\n".join([*lines, f"%M PMID: {one.pmid}", ""])


def as_ciw(one: Reference) -> str:
    first, _, last = (one.pages or "").partition("-")
    lines = ["FN Test", "VR 1.0", "PT J", f"TI {one.title}", "AF " + "\n   ".join(map(full, one.authors))]
    lines += [
        f"SO {one.journal}",
        f"PY {one.year}",
        f"VL {one.volume}",
        f"IS {one.issue}",
        f"DI {one.doi}",
        f"PM {one.pmid}",
    ]
    lines += [f"BP {first}"] * bool(first) + [f"EP {last}"] * bool(last)
    return "\n".join([*lines, "ER", "", "EF", ""])


def as_csv(one: Reference) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Title", "Authors", "Journal", "Year", "Volume", "Issue", "Pages", "DOI", "PMID", "PMCID"])
    people = "; ".join(map(full, one.authors))
    writer.writerow(
        [one.title, people, one.journal, one.year, one.volume, one.issue, one.pages, one.doi, one.pmid, one.pmcid]
    )
    return out.getvalue()


def as_endnote_xml(one: Reference) -> str:
    people = "".join(f"<author><style>{escape(full(a))}</style></author>" for a in one.authors)
    return (
        '<xml><records><record><ref-type name="Journal Article">17</ref-type>'
        f"<contributors><authors>{people}</authors></contributors><titles><title>{escape(one.title)}</title>"
        f"<secondary-title>{escape(one.journal or '')}</secondary-title></titles><pages>{one.pages or ''}</pages>"
        f"<volume>{one.volume}</volume><number>{one.issue}</number><dates><year>{one.year}</year></dates>"
        f"<electronic-resource-num>{one.doi}</electronic-resource-num><custom2>{one.pmcid}</custom2>"
        f"<remote-database-name>PubMed</remote-database-name><accession-num>{one.pmid}</accession-num></record></records></xml>"
    )


WRITERS: list[Callable[[Reference], str]] = [as_bibtex, as_csl, as_ris, as_nbib, as_enw, as_ciw, as_csv, as_endnote_xml]
NOT_HELD = {as_ciw: {"pmcid"}}
"""Fields a format has no place for."""


def differing(one: Reference, entry: Entry) -> dict[str, tuple[object, object]]:
    found = {}
    for name in FIELDS:
        was, now = getattr(one, name), entry.fields.get(name)
        if name == "authors":
            was, now = [str(a) for a in was], [str(a) for a in now or []]
        if (was or None) != (now or None):
            found[name] = (was, now)
    return found


@settings(max_examples=60, deadline=None)
@given(PLAIN)
def test_a_reference_comes_back_from_every_format(one: Reference) -> None:
    for write in WRITERS:
        (entry,) = read_any("x", write(one))
        assert not entry.refused, (write.__name__, entry.problems)
        wrong = {k: v for k, v in differing(one, entry).items() if k not in NOT_HELD.get(write, set())}
        assert wrong == {}, write.__name__


def test_our_own_references_come_back_or_the_field_that_differs_is_named() -> None:
    references, _ = read(ROOT / "references.bib")
    values = [one.model_dump(mode="json", exclude_none=True) for one in references.values()]
    written = {
        "bibtex": to_bibtex(references),
        "csl": json.dumps([csl(value) for value in values]),
        "ris": rispy.dumps([record(value) for value in values], implementation=_writer()),
    }
    keys = {"bibtex": sorted(references)}
    for name, text in written.items():
        entries = read_any(name, text)
        assert len(entries) == len(references)
        for key, entry in zip(keys.get(name, list(references)), entries, strict=True):
            said = " ".join(f"{p.field} {p.message}" for p in entry.problems if p.severity == "warning")
            for field, sides in differing(references[key], entry).items():
                assert field.removesuffix("s") in said, (name, key, field, sides)
