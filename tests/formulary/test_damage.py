"""Whatever happens to a file: problems with file and line, never a traceback, never a hang."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.formulary.validate import validate
from kb.formulary.yamltext import parse
from kb.model import Ingredient
from tests.formulary.conftest import INGREDIENT

DATA = INGREDIENT.encode()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The file with bytes cut out, overwritten, doubled or put in, once or a few times."""
    data = DATA
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 80)))
        data = (
            data[:start]
            + draw(
                st.one_of(
                    st.binary(max_size=12),
                    st.sampled_from([b"", b"\t", b": ", b"- ", b"{", b"&a *a", b"'", data[start:end] * 2]),
                )
            )
            + data[end:]
        )
    return data


@settings(max_examples=400, deadline=None)
@given(damaged())
def test_random_damage_is_told_and_never_raised(data: bytes) -> None:
    text = data.decode("utf-8", errors="replace")
    document, problems = parse(text, "x.yaml")
    if document is not None:
        record, more = validate(Ingredient, document)
        problems = [*problems, *more]
        assert (record is None) == bool(more)
    else:
        assert problems
    lines = text.count("\n") + 2
    for problem in problems:
        assert problem.file == "x.yaml"
        assert 1 <= problem.line <= lines
        assert problem.message
        assert problem.cure


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_told(text: str) -> None:
    document, problems = parse(text, "x.yaml")
    assert (document is None) == bool(problems)
