"""Author lists."""

import pytest
from bibtexparser.middlewares.names import parse_single_name_into_parts
from hypothesis import given
from hypothesis import strategies as st

from kb.bibliography.names import NameListError, format_names, parse_names
from kb.model.reference import Author
from tests.bibliography.generated_references import AUTHORS


def people(text: str) -> list[tuple[str, str | None]]:
    return [(name.family, name.given) for name in parse_names(text)[0]]


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("Moftah, N.", "Moftah", "N."),
        ("Noha Moftah", "Moftah", "Noha"),
        ("Esther J. van Zuuren", "van Zuuren", "Esther J."),
        ("van Zuuren, Esther J.", "van Zuuren", "Esther J."),
        ("Jean de la Fontaine", "de la Fontaine", "Jean"),
        ("de la Fontaine, Jean", "de la Fontaine", "Jean"),
        ("Zapata, Jr., Lucio", "Zapata", "Lucio, Jr."),
        ("Zapata, Lucio, Jr.", "Zapata", "Lucio, Jr."),
        (r"Va{\~n}{\'o}-Galv{\'a}n, Sergio", "Vañó-Galván", "Sergio"),
        (r"Sergio Va\~n\'o-Galv\'an", "Vañó-Galván", "Sergio"),
        (r"{\O}rsted, H. C.", "Ørsted", "H. C."),
        (r"Antonio {\'A}lvarez", "Álvarez", "Antonio"),
        ("{Garcia Bartels}, Natalie", "Garcia Bartels", "Natalie"),
        ("Natalie {Garcia Bartels}", "Garcia Bartels", "Natalie"),
        ("Gupta", "Gupta", None),
        ("Polla Ravi,", "Polla Ravi", None),
        ("van Neste", "van Neste", None),
    ],
)
def test_one_name(text: str, family: str, given: str | None) -> None:
    assert people(text) == [(family, given)]


@pytest.mark.parametrize(
    "text",
    ["Noha Moftah", "Moftah, Noha", "Esther J. van Zuuren", "van Zuuren, Esther J.", "Jean de la Fontaine", "Gupta"],
)
def test_agrees_with_bibtexparser(text: str) -> None:
    parts = parse_single_name_into_parts(text)
    assert people(text) == [(" ".join(parts.von + parts.last), " ".join(parts.first) or None)]


def test_a_name_in_braces_is_a_body() -> None:
    names, cut = parse_names("{U.S. Food and Drug Administration, Center for Devices} and Smith, J. and {Allergan}")
    assert [(name.family, name.body) for name in names] == [
        ("U.S. Food and Drug Administration, Center for Devices", True),
        ("Smith", False),
        ("Allergan", True),
    ]
    assert not cut


def test_others_ends_a_cut_list() -> None:
    names, cut = parse_names("Smith, J. and others")
    assert [name.family for name in names] == ["Smith"]
    assert cut


def test_and_is_any_case_and_any_white_space() -> None:
    assert people("A, B\n   AND  C, D\tand E, F") == [("A", "B"), ("C", "D"), ("E", "F")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "an empty name"),
        ("Smith, J. and and Jones, K.", "an empty name"),
        ("Smith, J. and others and Jones, K.", "`others` comes before the end"),
        ("Smith, J. and", "an `and` with no name beside it"),
        ("and Smith, J.", "an `and` with no name beside it"),
        (", J.", "no family name"),
        ("Smith, J., Jones, K., Brown, L.", "5 commas; write `Family, Given`"),
        ("{Smith, J.", "never closed"),
        ("Smith}, J.", "never opened"),
    ],
)
def test_a_bad_list_says_what_is_wrong(text: str, what: str) -> None:
    with pytest.raises(NameListError, match=what):
        parse_names(text)


@given(st.lists(AUTHORS, max_size=5), st.booleans())
def test_a_list_survives_writing_and_reading(authors: list[Author], cut: bool) -> None:
    text = format_names(authors, cut)
    if not text:
        return
    names, was_cut = parse_names(text)
    assert [Author(family=name.family, given=name.given, body=name.body) for name in names] == authors
    assert was_cut is cut


@given(st.lists(st.sampled_from([*"{}\\,. ab", " and ", "others"]), max_size=40).map("".join))
def test_any_list_parses_or_says_why(text: str) -> None:
    failure = None
    try:
        parse_names(text)
    except ValueError as error:
        failure = str(error)
    assert failure is None or "; " in failure
