"""Generated references for property tests: any text the model takes, whatever LaTeX or BibTeX would make of it."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from kb.bibliography.read import ENTRY_TYPES
from kb.model.reference import Author, Notice, Reference
from kb.model.terms import Design

# No control characters (the reader refuses them) and no lone surrogates (UTF-8 cannot hold them); line ends are added
# by hand, where a paragraph may hold one.
CHARACTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\u2028\u2029")
MARKUP = st.sampled_from([*"\\{}%$&#_~^-`'\"@,;=()[] ", " and ", "others", "--", "\\textbf{", "\\'e", "; ", ", Jr."])


def lines(longest: int = 30) -> st.SearchStrategy[str]:
    """One-line texts, rich in characters that LaTeX and BibTeX read as mark-up."""
    texts = st.lists(CHARACTERS | MARKUP, min_size=1, max_size=longest).map("".join)
    return texts.map(lambda text: text.strip()).filter(lambda text: bool(text) and text == text.strip())


AUTHORS = st.builds(Author, family=lines(12), given=st.none() | lines(8)) | st.builds(
    Author, family=lines(20), body=st.just(True)
)
KEYS = st.from_regex(r"[a-z]{1,12}(19|20)[0-9]{2}[a-z]{0,4}", fullmatch=True)
SUFFIX = st.text("abcdefgh.-/()<>;:%_~&#$", min_size=1, max_size=12)

REFERENCES = st.builds(
    Reference,
    key=KEYS,
    type=st.sampled_from(ENTRY_TYPES),
    design=st.sampled_from(Design),
    title=lines(),
    authors=st.lists(AUTHORS, max_size=4),
    authors_cut=st.booleans(),
    journal=st.none() | lines(),
    publisher=st.none() | lines(),
    year=st.none() | st.integers(1800, 2100),
    volume=st.none() | lines(8),
    issue=st.none() | lines(8),
    pages=st.none() | lines(8),
    doi=st.none() | SUFFIX.map(lambda end: f"10.1234/{end}"),
    pmid=st.none() | st.integers(1, 999_999_999).map(str),
    pmcid=st.none() | st.integers(1, 999_999_999).map(lambda number: f"PMC{number}"),
    url=st.none() | lines(),
    seen_at=st.lists(lines(), min_size=1, max_size=3),
    verified_on=st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    notice=st.none()
    | st.builds(Notice, kind=st.sampled_from(["retraction", "correction", "expression-of-concern"]), said=lines()),
    note=st.none() | st.lists(lines(), min_size=1, max_size=3).map("\n".join),
)


def plain(references: dict[str, Reference]) -> dict[str, dict[str, object]]:
    """What the references hold, without the place they were read at."""
    return {key: reference.model_dump() for key, reference in references.items()}
