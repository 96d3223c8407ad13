"""What is printed as words, read into values: p values, times, units, and the two sides of a contrast.

The files keep the print; these functions say what it means, and raise ValueError (`what is wrong; how to mend it`) where they
cannot. A month is 52/12 weeks and a year 52, as in `follow_up_weeks`. Units are UCUM (ucum.org); what UCUM has no unit for (hairs,
points of a scale) is an annotation in braces, as UCUM provides.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import NamedTuple

_NUMBERS = {
    word: float(n)
    for n, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
_WEEKS = {"minute": 1 / (7 * 24 * 60), "hour": 1 / (7 * 24), "day": 1 / 7, "week": 1.0, "month": 52 / 12, "year": 52.0}


class P(NamedTuple):
    """A p value: `<0.001` is `("<", 0.001)`. `0.000` stays 0: the print was rounded."""

    sign: str
    """`<`, `≤`, `=`, `≥` or `>`."""
    value: float

    @property
    def limit(self) -> float | None:
        """The figure, or the limit it lies below; None for `>0.05` and for a figure that was rounded to 0 or is 1."""
        return self.value if self.sign in "<≤=" and 0 < self.value < 1 else None

    @property
    def significant(self) -> bool:
        """Is it below 0.05?"""
        return self.value <= 0.05 if self.sign == "<" else self.sign not in "≥>" and self.value < 0.05


_P = re.compile(r"(?:p\s*)?(<=|>=|[<>=≤≥])?\s*(\d*[.·]\d+|\d)(e[-−]\d+)?", re.IGNORECASE)


@cache
def p_value(text: str) -> P:
    """`<0.001`, `.03`, `P = 0.2`, `> .99`, `1e-5` to sign and value."""
    found = _P.fullmatch(text.strip())
    value = float(found[2].replace("·", ".") + (found[3] or "").replace("−", "-")) if found else 2.0
    if found is None or value > 1:
        raise ValueError(
            f"{text!r} is not a p value; write one figure, such as `<0.001` or `0.27`, and anything else in `note`"
        )
    return P({"<=": "≤", ">=": "≥", None: "="}.get(found[1], found[1]), value)


class Since(StrEnum):
    """What a time is counted from."""

    START = "start"
    END = "end"  # of the treatment, or the last session
    EVENT = "event"  # something else that the words name


class Time(NamedTuple):
    """When something was measured: `4 and 8 weeks` are two points. No points where the words give no figure (`third visit`)."""

    points: tuple[float, ...]
    """Weeks, in the order of the words."""
    since: Since

    @property
    def weeks(self) -> float | None:
        """The latest point."""
        return max(self.points, default=None)

    @property
    def first_weeks(self) -> float | None:
        """The earliest point, where there are several."""
        return min(self.points) if len(self.points) > 1 else None


_FIGURE = rf"(?:\d+(?:\.\d+)?|\b(?:{'|'.join(_NUMBERS)})\b)"
_FIGURES = rf"{_FIGURE}(?:(?:, | and | or | to |-|–){_FIGURE})*"
_UNIT = rf"(?P<unit>{'|'.join(_WEEKS)})s?\b"
_TIMES = re.compile(
    rf"(?P<before>{_FIGURES})[ -]{_UNIT}|\b{_UNIT.replace('unit', 'named')} (?P<after>{_FIGURES})", re.IGNORECASE
)
_SHORT = re.compile(r"\d\s?(?:wks?|mos?|mths?|yrs?|hrs?|mins?|[wdhm])\b", re.IGNORECASE)
_ENDED = re.compile(
    r"^end\b|after (?:the )?(?:last|final|end|treatments?$|treatment\b|stopping)|follow-up|\blater\b", re.IGNORECASE
)
_EVENT = re.compile(r"\bafter\b", re.IGNORECASE)


@cache
def time(text: str) -> Time:
    """`24 weeks`, `day 71`, `3 months after the last session` to weeks, and what they are counted from."""
    if short := _SHORT.search(text):
        raise ValueError(f"{text!r} abbreviates a time ({short[0]}); write it out, such as `12 weeks` or `24 hours`")
    outside = re.sub(r"\([^)]*\)", "", text).strip()
    points = _points(outside)
    said = outside if points else text
    points = points or _points(text)
    since = (
        Since.END
        if _ENDED.search(said)
        else Since.EVENT
        if points and _EVENT.search(outside) and said is outside
        else Since.START
    )
    return Time(points, since)


def _points(text: str) -> tuple[float, ...]:
    found: list[float] = []
    for match in _TIMES.finditer(text):
        unit = _WEEKS[(match["unit"] or match["named"]).casefold()]
        figures = re.findall(_FIGURE, match["before"] or match["after"], re.IGNORECASE)
        found += [unit * (_NUMBERS.get(f.casefold()) or float(f)) for f in figures]
    return tuple(found)


class PrintedUnit(NamedTuple):
    """A unit as printed, read."""

    ucum: str | None
    """UCUM code; None where the print gives no unit."""
    population: str | None = None
    """Whom or what a percentage or a count is of: `patients`, `keloids`."""
    scale: str | None = None
    """What is printed of the scale: `10` of `points of 10`, `5-point scale`."""


_KNOWN = {
    "%": "%", "percentage points": "%{points}", "ratio": "1", "fold": "1", "mm": "mm", "cm": "cm", "cm2": "cm2", "micrometres": "um",
    "mg": "mg", "g": "g", "kg": "kg", "mL": "mL", "mg per day": "mg/d", "minutes": "min", "hours": "h", "days": "d", "weeks": "wk",
    "months": "mo", "years": "a", "units": "[arb'U]", "mmHg": "mm[Hg]", "kPa": "kPa", "degrees": "deg", "standard deviations": "{SD}",
    "ng/mL": "ng/mL", "ug/mL": "ug/mL", "mg/mL": "mg/mL", "mg/L": "mg/L", "mg/dL": "mg/dL", "g/dL": "g/dL", "mmol/L": "mmol/L",
    "ng/dL": "ng/dL", "micrograms per litre": "ug/L", "micrograms per dL": "ug/dL", "g/m2": "g/m2", "g/m2/h": "g/m2/h",
}  # fmt: skip
_AREAS = {"cm2": "cm2", "mm2": "mm2", "square inch": "[in_i]2", "square centimetre": "cm2"}
_NO_UNIT = re.compile(r"unit not (?:printed|stated|clear)|(?:^|, )(?:as printed|unit not clear)", re.IGNORECASE)
_SHARE = re.compile(
    r"(?:percent|percentage|%) of (?P<of>.+)|(?:percent|%) (?P<than>better than .+)|(?P<one>percent|percentage)",
    re.IGNORECASE,
)
_PROPORTION = re.compile(r"(?:pooled )?(?:share|proportion|fraction) of (?P<of>.+)", re.IGNORECASE)
_DENSITY = re.compile(rf"(?P<what>[A-Za-z][A-Za-z -]*?)(?: per |/)(?P<area>{'|'.join(_AREAS)})")
_OF_TOTAL = re.compile(r"(?:(?P<what>[A-Za-z][A-Za-z -]*?) )?of (?P<total>\d+)(?: (?P<more>[a-z ]+))?")
_RATIO = re.compile(r".*\b(?:ratio|coefficient|delta)\b.*", re.IGNORECASE)
_WORDS = re.compile(r"[A-Za-z][A-Za-z -]*")


@cache
def unit(text: str) -> PrintedUnit:
    """`percent of patients`, `hairs per cm2`, `points of 10`, `mmol/L` to UCUM code, population and scale."""
    printed = re.sub(r"\s*\bas printed\b", "", text).strip(" ,") or "as printed"
    if printed in _KNOWN:
        return PrintedUnit(_KNOWN[printed])
    if _NO_UNIT.search(text) and not _SHARE.match(printed):
        return PrintedUnit(None)
    head, _, tail = (part.strip() for part in re.sub(r"\s*\((.*)\)$", r", \1", printed).partition(","))
    if found := _SHARE.fullmatch(head):
        return PrintedUnit("%", found["of"], tail or found["than"])
    if found := _PROPORTION.fullmatch(head):
        return PrintedUnit("1", found["of"], tail or None)
    if found := _DENSITY.fullmatch(head):
        return PrintedUnit(f"{_annotation(found['what'])}/{_AREAS[found['area']]}", None, tail or None)
    if found := _OF_TOTAL.fullmatch(head):
        what = found["what"] or found["more"] or "points"
        return PrintedUnit(_annotation(what), None if what.endswith("points") else what, found["total"])
    if _RATIO.fullmatch(head):
        return PrintedUnit("1", None, tail or None)
    if _WORDS.fullmatch(head):
        return PrintedUnit(_annotation(head), head if _counted(head) else None, tail or None)
    raise ValueError(
        f"unit {text!r} is not understood; write `percent of` and of whom, `hairs per cm2`, `points of 10`, what is counted, or one "
        f"of {', '.join(_KNOWN)}"
    )


def _annotation(words: str) -> str:
    """UCUM takes no blanks inside braces."""
    return "{" + re.sub(r"\s+", "_", words.strip()) + "}"


_SCALES = re.compile(r"(?:points?|grades?|value|index|scores?|level)(?: of .*)?$", re.IGNORECASE)


def _counted(words: str) -> bool:
    """Are these things or people that are counted, and not the steps of a scale?"""
    return not _SCALES.search(words)


_PEOPLE = re.compile(r"\bof (patients|participants|people|women|men|adults|subjects|completers|volunteers)\b")


def of_people(unit: str) -> bool:
    """Does a percentage in this unit count people, and not hairs, lesions or doses?"""
    return _PEOPLE.search(unit) is not None


_BEFORE = re.compile(
    r"\bbaseline$|^baseline|\bat baseline|before (?:treatment|the first)|^(?:week|day|month) 0$", re.IGNORECASE
)
_FROM_BEFORE = re.compile(r"\bfrom baseline", re.IGNORECASE)
_HARM = re.compile(r"\badverse|\bwithdr[ae]w|\bdiscontinu|side effect", re.IGNORECASE)


def before_treatment(measure: str, at: str | None, note: str | None) -> bool:
    """Was it measured before treatment, according to any of its words? A change from baseline was not."""
    said = [words for words in (at, measure, note) if words]
    return not any(_FROM_BEFORE.search(words) for words in said) and any(_BEFORE.search(words) for words in said)


def of_harm(measure: str) -> bool:
    """Is the measure, among the outcomes of a finding of benefit, one of harm: adverse events, withdrawals?"""
    return _HARM.search(measure) is not None


_VERSUS = re.compile(r"\s+(?:vs?\.?|versus|against|compared with|minus|over)\s+", re.IGNORECASE)


def sides(arm: str) -> tuple[str, str | None]:
    """The arm a figure is of, and the one it is held against where the words name both: `a vs b` to `a`, `b`."""
    first, *rest = _VERSUS.split(arm, maxsplit=1)
    return first.strip(), rest[0].strip() if rest else None


def arm_id(name: str) -> str:
    """The id of an arm within its study: its name as a slug."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("%", " percent")).strip("-")
