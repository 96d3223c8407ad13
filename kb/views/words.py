"""Words for people: figures, intervals and schedules as a sentence would print them, and the names of `kb.views.vocabulary`.

Printed figures are set as they are, never rounded; a share worked out from events and denominator has one decimal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kb.model import printed
from kb.questions.wording import listed as listed
from kb.views.vocabulary import *  # noqa: F403 - templates find names and figures in one place
from kb.views.vocabulary import DESIGN_ORDER, DESIGNS, DIRECTION_TONES, ROUTES

if TYPE_CHECKING:
    from kb.questions.shapes import FindingValue, HarmValue, Json, ReferenceValue

NBSP = "\u00a0"

NOT_SEEN = "Looked for, not found"
"""How often a harm was seen that a source looked for and did not find."""

_EFFECTS = {
    "mean-difference": "mean difference",
    "standardised-mean-difference": "SMD",
    "risk-ratio": "risk ratio",
    "odds-ratio": "odds ratio",
    "hazard-ratio": "hazard ratio",
    "risk-difference": "risk difference",
}
EFFECT_KINDS = frozenset(_EFFECTS)
RATIO_KINDS = frozenset({"risk-ratio", "odds-ratio", "hazard-ratio", "ratio"})

_LENGTH = re.compile(r"^((?:about |at least |median )?\d+(?: to \d+)? (?:day|week|month)s?(?: or more)?)(?=$| for )")
"""An interval that is a length of time: sessions lie that far apart. `weekly` and `weeks 0, 1 and 4` say it themselves."""
_SQUARE = re.compile(r"(?<![A-Za-z])([cmkµu]?m)([23])\b")


def tone(word: str | None) -> str:
    """The value of `data-tone` for a vocabulary word."""
    return DIRECTION_TONES.get(word or "", (word or "").replace(" ", "-"))


def say(word: str | None) -> str:
    """A slug nobody named: hyphens to spaces, a capital in front."""
    text = (word or "").replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]


def capital(text: str | None) -> str:
    """Words for people with a capital in front; unlike `say` it leaves hyphens alone: `Meta-analysis`."""
    text = text or ""
    return text[:1].upper() + text[1:]


def title_of(words: Mapping[str, str], word: str | None) -> str:
    """The name people use for a closed-vocabulary word; the word itself, made readable, when the table lacks it."""
    return words.get(word or "", say(word))


def design(word: str | None, many: bool = False) -> str:
    pair = DESIGNS.get(word or "")
    return pair[many] if pair else say(word) or "design not stated"


def number(value: float | int | None) -> str:
    """A number as text: no trailing `.0`, a true minus, thin groups from 10 000."""
    if value is None:
        return ""
    text = f"{value:d}" if isinstance(value, int) else format(value, ".12g") if abs(value) < 1e15 else str(value)
    whole, dot, rest = text.partition(".")
    sign = "−" if whole.startswith("-") else ""
    whole = whole.removeprefix("-")
    if whole.isdigit() and len(whole) >= 5:
        whole = f"{int(whole):,}".replace(",", "\u202f")
    return sign + whole + dot + rest


def rounded(value: float) -> str:
    """A figure that was worked out here, to three digits: `3.32`, `2460`, `0.0106`."""
    return number(float(f"{value:.3g}"))


def counted(n: int, one: str, many: str | None = None) -> str:
    """`1 study`, `5 studies`."""
    return f"{number(n)}{NBSP}{one if n == 1 else many or one + 's'}"


def review_text(review: Mapping[str, str] | None) -> str:
    """`2026-11-22, editorial team (no person named); changed since`, as it stands wherever a review is shown; `""` without one."""
    if not review:
        return ""
    unnamed = review.get("reviewer") == "no person named"
    told = f"{review['last']}, {review['by']}{' (no person named)' if unnamed else ''}"
    content = review.get("content")
    if content == "changed since":
        return f"{told}; the page has changed since"
    return told if content == "as reviewed" else f"{told}; whether it has changed since is not known"


def unit_text(unit: str | None) -> str:
    """A unit set well: cm² for cm2."""
    return _SQUARE.sub(lambda m: m[1] + {"2": "²", "3": "³"}[m[2]], unit or "")


def p_text(p: str | None) -> str:
    """`p < 0.001`, `p = 0.27`; anything else as printed."""
    if not p:
        return ""
    p = p.strip()
    if p[:1] in "<>≤≥=":
        sign = re.match(r"[<>≤≥=]+", p)
        assert sign is not None
        shown = {"<=": "≤", ">=": "≥"}.get(sign[0], sign[0])
        return f"p{NBSP}{shown}{NBSP}{p[len(sign[0]) :].strip()}"
    return f"p{NBSP}={NBSP}{p}" if p[:1].isdigit() or p[:1] == "." else f"p: {p}"


def interval_text(interval: Mapping[str, Any] | None) -> str:
    """`95% CI 2.31 to 3.85`."""
    if not interval:
        return ""
    name = "CrI" if interval.get("credible") else "CI"
    level = number(interval.get("level", 95))
    return f"{level}%{NBSP}{name} {number(interval['low'])} to {number(interval['high'])}"


def value_text(outcome: Json) -> str:
    """The figure of an outcome with its unit, without arm, interval and p: `70% of patients`, `368 of 513`."""
    kind = outcome.get("kind", "other")
    value, high, unit = outcome.get("value"), outcome.get("high"), unit_text(outcome.get("unit"))
    events, n = outcome.get("events"), outcome.get("n")
    parts = []
    if value is not None:
        shown = number(value) + (f" to {number(high)}" if high is not None else "")
        if outcome.get("baseline") is not None:
            shown = f"from {number(outcome['baseline'])} to {shown}"
        if unit == "percent" or unit.startswith("percent "):
            shown, unit = f"{shown}%", unit.removeprefix("percent").strip()
        elif not unit and kind in {"percent", "percent-change"}:
            shown += "%"
        name = _EFFECTS.get(kind, "")
        parts.append(" ".join(filter(None, (name, shown, unit))))
    if events is not None:
        people = f"{number(events)} of {number(n)}" if n is not None else f"{number(events)} people"
        parts.append(f"({people})" if parts else people)
    return " ".join(parts)


def spread_text(outcome: Json) -> str:
    """Everything that says how sure the figure is: SD, interval, p, I²."""
    parts = [
        f"SD{NBSP}{number(outcome['sd'])}" if outcome.get("sd") is not None else "",
        f"SE{NBSP}{number(outcome['se'])}" if outcome.get("se") is not None else "",
        interval_text(outcome.get("interval")),
        p_text(outcome.get("p")),
        f"I²{NBSP}{number(outcome['i_squared'])}%" if outcome.get("i_squared") is not None else "",
    ]
    return "; ".join(filter(None, parts))


def figure_text(outcome: Json) -> str:
    """An outcome figure with all that says how sure it is, without measure, arm and note."""
    spread = spread_text(outcome)
    value = value_text(outcome)
    text = f"{value} ({spread})" if value and spread else value or spread
    return ", ".join(filter(None, (text, computed_text(outcome))))


def computed_text(outcome: Json) -> str:
    """`computed from SE 1.2, n 30 (SD from standard error)`; empty for a printed figure."""
    computed = outcome.get("computed")
    if not computed:
        return ""
    formula = str(computed["formula"]).replace("-", " ").replace("sd ", "SD ")
    return f"computed from {computed['from']} ({formula})"


def outcome_text(outcome: Json) -> str:
    """A whole outcome figure on one line, without its measure and arm."""
    text, note = figure_text(outcome), outcome.get("note")
    return f"{text}; {note}" if text and note else text or note or ""


def per_hundred(outcome: Json) -> str | None:
    """How many people of 100, when the figure counts people: as printed, or worked out from events and denominator."""
    counted = outcome.get("kind") == "percent" and printed.of_people(outcome.get("unit") or "")
    if counted and outcome.get("value") is not None and outcome.get("high") is None:
        return number(outcome["value"])
    events, n = outcome.get("events"), outcome.get("n")
    if events is not None and n:
        return number(round(100 * events / n, 1))
    return None


def frequency_text(harm: HarmValue | Json) -> str:
    """`368 of 513 (71.7%), deoxycholic acid`; a printed percent stands as printed."""
    events, n, percent = harm.get("events"), harm.get("n"), harm.get("percent")
    if events is not None and n:
        share = number(percent) if percent is not None else number(round(100 * events / n, 1))
        return f"{number(events)} of {number(n)} ({share}%)"
    if percent is not None:
        return f"{number(percent)}%" + (f" of {number(n)}" if n else "")
    return ""


def routes_text(routes: Sequence[str]) -> str:
    """`oral use`, `intradermal or subcutaneous use`; empty when a record speaks of no route in particular."""
    return f"{listed([r.replace('-', ' ') for r in routes], 'or')} use" if routes else ""


def weeks(value: float | None) -> str:
    return f"{number(value)}{NBSP}week{'' if value == 1 else 's'}" if value is not None else ""


def protocol_text(protocol: Mapping[str, Any]) -> str:
    """`0.2 mL per site; up to 6 sessions, at least 1 month apart`, each part as its source has it."""
    sessions, interval = protocol.get("sessions"), protocol.get("interval")
    often = f"{sessions}{NBSP}session{'' if str(sessions) == '1' else 's'}" if sessions else ""
    apart = _LENGTH.sub(r"\1 apart", interval or "")
    return "; ".join(filter(None, (protocol.get("dose") or "", ", ".join(filter(None, (often, apart))))))


def schedule_text(finding: FindingValue) -> str:
    """`3 sessions, every 4 weeks`."""
    parts = []
    if sessions := finding.get("sessions"):
        parts.append(counted(sessions, "session"))
    if gap := finding.get("interval_weeks"):
        parts.append("every week" if gap == 1 else f"every {weeks(gap)}")
    return ", ".join(parts)


def window_text(window: Mapping[str, Any] | None) -> str:
    """`from 7 days before until 2 days after the session`."""
    if not window:
        return ""
    before, after = window.get("before"), window.get("after")
    if before is not None and after is not None:
        return f"from {counted(before, 'day')} before until {counted(after, 'day')} after the session"
    if before is not None:
        return f"from {counted(before, 'day')} before the session"
    return f"until {counted(after, 'day')} after the session" if after is not None else ""


def designs_text(designs: Iterable[str | None]) -> str:
    """`2 randomised trials, 1 case series`, strongest first."""
    counts: dict[str, int] = {}
    for word in designs:
        counts[word or ""] = counts.get(word or "", 0) + 1
    ordered = sorted(counts, key=lambda d: DESIGN_ORDER.get(d, 99))
    return ", ".join(f"{number(counts[d])}{NBSP}{design(d, counts[d] != 1)}" for d in ordered)


def note_blocks(notes: str | None) -> list[tuple[str, list[str]]]:
    """Release notes as blocks: `heading`, `text` or `list`, each with its lines. Headings open with #, items with -.

    An indented line goes on with the item above it.
    """
    blocks: list[tuple[str, list[str]]] = []
    for raw in (notes or "").splitlines():
        line = raw.strip()
        if not line:
            blocks.append(("", []))
            continue
        what = "heading" if line.startswith("#") else "list" if line.startswith(("- ", "* ")) else "text"
        said = line.lstrip("#").strip() if what == "heading" else line[2:].strip() if what == "list" else line
        if what == "text" and raw[0].isspace() and blocks and blocks[-1][0] == "list":
            blocks[-1][1][-1] += f" {line}"
        elif blocks and blocks[-1][0] == what and what != "heading":
            blocks[-1][1].append(said)
        else:
            blocks.append((what, [said]))
    return [block for block in blocks if block[0]]


def short_citation(reference: ReferenceValue | None, key: str) -> str:
    """`Olsen 2002`, `van der Berg 2011`; journal or title when no author was seen."""
    if not reference:
        return key
    year = f" {reference['year']}" if reference.get("year") else ""
    if not reference.get("authors"):
        return (reference.get("journal") or cut(reference.get("title") or key, 30)) + year
    first = reference["people"][0]  # `Olsen, Elise A`; a body has its name alone, whatever commas are in it
    body = first == reference["authors"][0]
    return cut(first if body else first.partition(", ")[0], 40) + year


def brief_citation(reference: ReferenceValue) -> str:
    """What a printed page needs to find the paper again: first author, year, journal or title, and a number or address."""
    doi, pmid = reference.get("doi"), reference.get("pmid")
    codes = (doi and f"doi:{doi}", pmid and f"PMID {pmid}", reference.get("pmcid"), reference.get("url"))
    code = next(filter(None, codes), "")
    title = cut(reference.get("title"), 90)
    where = (
        (reference.get("journal") or title) if reference.get("authors") else title if reference.get("journal") else ""
    )
    return ". ".join(filter(None, (short_citation(reference, reference["key"]), where, code)))


_PROPER = re.compile(r"[ -][A-Z][a-z]")


def inside(name: str) -> str:
    """A name in the middle of a sentence: `minoxidil`, `vitamin B12`; what is a name of its own stays (`Lemon Bottle`, `PRP`)."""
    common = name.partition(" ")[0][1:].islower() and not _PROPER.search(name)
    return name[:1].lower() + name[1:] if common else name


_BOTH = re.compile(r" (?:against|versus|vs?\.?) ")


def two_forms(finding: Mapping[str, Any]) -> str:
    """What was held against what in a finding that compares a thing with itself: `1 mg daily by mouth against topical minoxidil 5%`."""
    given, other = finding["dose"] or "", finding["comparator"] or ""
    if _BOTH.search(given):
        return given
    given = given or title_of(ROUTES, finding["route"])
    return f"{given} against {other}" if other else f"{given}, one form against another"


def cut(text: str | None, length: int) -> str:
    """At most `length` characters, ending between words and with an ellipsis when something is left out."""
    text = (text or "").strip()
    if len(text) <= length:
        return text
    head = text[:length].rsplit(" ", 1)[0] if " " in text[:length] else text[:length]
    return head.rstrip(" ,;.") + "…"
