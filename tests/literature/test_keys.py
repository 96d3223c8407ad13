"""Keys follow the pattern of `references.bib`, are ASCII and unique."""

import re

from hypothesis import given
from hypothesis import strategies as st

from kb.bibliography import read
from kb.literature.keys import make_key
from kb.model.record import REFERENCE_KEY
from kb.model.reference import Author
from tests.literature.conftest import ROOT


def fields(family: str | None, year: int | None = 2013, **more: object) -> dict[str, object]:
    return {"authors": [Author(family=family)] if family else [], "year": year, "title": "A trial of nothing", **more}


def test_keys() -> None:
    assert make_key(fields("Moftah"), ()) == "moftah2013"
    assert make_key(fields("Moftah"), {"moftah2013"}) == "moftah2013b"
    assert make_key(fields("Moftah"), {"moftah2013", "moftah2013b"}) == "moftah2013c"
    assert make_key(fields("Abd Elraouf", 2023), ()) == "abdelraouf2023"
    assert make_key(fields("Perković-Vukčević", None), ()) == "perkovicvukcevicnd"
    assert make_key(fields(None, publisher="FDA"), ()) == "fda2013"
    assert make_key(fields(None), ()) == "trial2013"
    assert make_key({"authors": [Author(family="王")], "title": "肉毒素", "year": 2020}, ()) == "anon2020"


def test_after_z_comes_aa() -> None:
    taken = {"x2000"} | {f"x2000{chr(c)}" for c in range(ord("b"), ord("z") + 1)}
    assert make_key({"authors": [Author(family="X")], "year": 2000}, taken) == "x2000aa"


def test_most_keys_of_the_bibliography_would_be_made_again() -> None:
    references, _ = read(ROOT / "references.bib")
    named = [r for r in references.values() if r.authors and "not shown" not in r.authors[0].family]
    made = [make_key({"authors": r.authors, "year": r.year, "title": r.title}, ()) for r in named]
    kept = [r.key for r in named]
    assert sum(key.startswith(stem) or stem.startswith(key) for key, stem in zip(kept, made, strict=True)) > 0.75 * len(
        kept
    )


@given(
    family=st.text(max_size=80),
    year=st.one_of(st.none(), st.integers(1800, 2100)),
    title=st.text(max_size=50),
    count=st.integers(1, 60),
)
def test_any_key_follows_the_pattern_and_is_new(family: str, year: int | None, title: str, count: int) -> None:
    taken: set[str] = set()
    for _ in range(count):
        authors = [Author(family=family)] if family.strip() and len(family.strip()) <= 600 else []
        key = make_key({"authors": authors, "year": year, "title": title}, taken)
        assert re.fullmatch(REFERENCE_KEY, key)
        assert len(key) <= 60
        assert key not in taken
        taken.add(key)
