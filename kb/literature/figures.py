"""Which figures of a finding occur in an abstract.

Numbers are compared as numbers, whatever their dress: `3·5`, `3,5` and `3.50`, `1 234` with a thin space and `1,234`,
`.001`, `35%`, `sixty-two`. Signs are left aside, since a text says "decreased by" where a table has a minus.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kb.model.finding import Finding

_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀-₉]+")
_NARROW = "\u00a0\u2007\u2009\u200a\u202f\u205f"
_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9.])(?:"
    rf"(?P<grouped>[0-9]{{1,3}}(?:[,{_NARROW}][0-9]{{3}})+)(?P<rest>[.·][0-9]+)?"
    rf"|(?P<plain>[0-9]*[.·][0-9]+|[0-9]+)"
    rf")(?![0-9])"
)
_DECIMAL_COMMA = re.compile(r"(?<![A-Za-z0-9.,])([0-9]{1,3}),([0-9]{1,3})(?![0-9,])")

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {
    **{word: value for value, word in enumerate(_SMALL)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
    "hundred": 100,
    "thousand": 1000,
}
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})(?:(?:[\s-]+and)?[\s-]+(?:{'|'.join(_WORDS)}))*\b", re.IGNORECASE)


@dataclass(frozen=True)
class Figure:
    """A figure of a finding: the field it stands in (`outcomes[0].value`) and its value as stored."""

    field: str
    value: str


@dataclass(frozen=True)
class FigureReport:
    """Figures of one finding that occur in the abstract of its reference, and those that do not."""

    finding: str
    basis: str
    found: tuple[Figure, ...]
    missing: tuple[Figure, ...]


def numbers(text: str) -> set[Decimal]:
    """Every number of a text, without sign; a decimal comma is also read as two numbers, since it may be a list."""
    plain = "".join(c if c in _NARROW else unicodedata.normalize("NFKC", c) for c in _RAISED.sub(" ", text))
    plain = re.sub(r"(?<=[0-9])[·∙•⋅‧](?=[0-9])", ".", plain)
    found = set()
    for match in _NUMBER.finditer(plain):
        written = match["plain"] or re.sub(rf"[,{_NARROW}]", "", match["grouped"]) + (match["rest"] or "")
        found |= _decimal(written)
    for match in _DECIMAL_COMMA.finditer(plain):
        found |= _decimal(f"{match[1]}.{match[2]}")
    for match in _WORD.finditer(plain):
        found.add(Decimal(_spelled(re.findall(r"[a-z]+", match[0].lower()))))
    return found


def _decimal(written: str) -> set[Decimal]:
    try:
        value = Decimal(written.replace("·", "."))
    except InvalidOperation:  # thousands of digits
        return set()
    return {value.normalize()}


def _spelled(words: list[str]) -> int:
    """`one hundred and twenty-four` -> 124."""
    total = current = 0
    for word in words:
        if word == "thousand":
            total, current = total + (current or 1) * 1000, 0
        elif word == "hundred":
            current = (current or 1) * 100
        elif word != "and":
            current += _WORDS[word]
    return total + current


def figures(finding: Finding) -> list[Figure]:
    """The figures of a finding as they should be printed, each value once; times and doses are not among them."""
    seen: set[Decimal] = set()
    listed = []
    for field, value in _values(finding):
        for number in sorted(numbers(value)):
            if number not in seen:
                seen.add(number)
                listed.append(Figure(field, value))
    return listed


def _values(finding: Finding) -> Iterator[tuple[str, str]]:
    def given(prefix: str, source: object, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        for name in names:
            value = getattr(source, name)
            if value is not None:
                yield f"{prefix}{name}", format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)

    yield from given("", finding, ("n",))
    for place, arm in enumerate(finding.arms):
        yield from given(f"arms[{place}].", arm, ("n",))
    for place, outcome in enumerate(finding.outcomes):
        at = f"outcomes[{place}]."
        yield from given(at, outcome, ("value", "high", "baseline", "events", "n", "sd", "se", "p", "i_squared"))
        if outcome.interval is not None:
            yield from given(f"{at}interval.", outcome.interval, ("low", "high"))
    if finding.frequency is not None:
        yield from given("frequency.", finding.frequency, ("events", "n", "percent"))


def compare_figures(finding: Finding, abstract: str) -> FigureReport:
    """Which of a finding's figures occur in an abstract."""
    printed = numbers(abstract)
    found: list[Figure] = []
    missing: list[Figure] = []
    for figure in figures(finding):
        (found if numbers(figure.value) <= printed else missing).append(figure)
    return FigureReport(finding.id, finding.basis.value, tuple(found), tuple(missing))
