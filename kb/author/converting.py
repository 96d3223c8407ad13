"""From figures a paper prints to those an outcome needs, with the mark that says so. No widgets; formulas: `kb.appraisal.convert`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kb.model.finding import Conversion
from kb.model.terms import Measure


@dataclass(frozen=True)
class Converter:
    """One way to work a figure out: the figures asked for, what it gives, and the formula in words."""

    name: str
    caption: str
    asks: tuple[tuple[str, str], ...]
    formula: str
    mark: Conversion
    work: Callable[[dict[str, float]], dict[str, Any]]
    printed: str
    """How the figures as printed are told: `SE {se:g}, n {n:g}`."""


def _sd_from_se(v: dict[str, float]) -> dict[str, Any]:
    from kb.appraisal import convert

    return {"sd": convert.sd_from_se(v["se"], int(v["n"])), "n": int(v["n"])}


def _sd_from_interval(v: dict[str, float]) -> dict[str, Any]:
    from kb.appraisal import convert

    return {"sd": convert.sd_from_interval(v["low"], v["high"], int(v["n"]), v["level"]), "n": int(v["n"])}


def _sd_from_p(v: dict[str, float]) -> dict[str, Any]:
    from kb.appraisal import convert

    se = convert.se_from_p(v["difference"], v["p"], int(v["n"]), int(v["control_n"]))
    return {"sd": convert.sd_from_difference(se, int(v["n"]), int(v["control_n"]))}


def _from_iqr(v: dict[str, float]) -> dict[str, Any]:
    from kb.appraisal import convert

    made = convert.from_iqr(v["q1"], v["median"], v["q3"], int(v["n"]))
    return {"kind": Measure.MEAN.value, "value": made.mean, "sd": made.sd, "n": int(v["n"])}


def _from_range(v: dict[str, float]) -> dict[str, Any]:
    from kb.appraisal import convert

    made = convert.from_range(v["lowest"], v["median"], v["highest"], int(v["n"]))
    return {"kind": Measure.MEAN.value, "value": made.mean, "sd": made.sd, "n": int(v["n"])}


def _sd_of_change(v: dict[str, float]) -> dict[str, Any]:
    from kb.appraisal import convert

    return {"sd": convert.sd_of_change(v["baseline_sd"], v["final_sd"], v["correlation"])}


def _events(v: dict[str, float]) -> dict[str, Any]:
    from kb.appraisal import convert

    return {"events": convert.events_from_percent(v["percent"], int(v["n"]), int(v["decimals"])), "n": int(v["n"])}


def _percent(v: dict[str, float]) -> dict[str, Any]:
    from kb.appraisal import convert

    return {
        "kind": Measure.PERCENT.value,
        "value": convert.percent_from_events(int(v["events"]), int(v["n"])),
        "unit": "%",
    }


def _combined(v: dict[str, float]) -> dict[str, Any]:
    from kb.appraisal import convert

    one = convert.Group(int(v["n1"]), v["mean1"], v["sd1"])
    made = convert.combined(one, convert.Group(int(v["n2"]), v["mean2"], v["sd2"]))
    return {"value": made.mean, "sd": made.sd, "n": made.n}


_N = ("n", "n")
CONVERTERS: tuple[Converter, ...] = (
    Converter(
        "se", "SE → SD", (("se", "SE"), _N), "SD = SE × √n (Cochrane Handbook 6.5.2.2)", Conversion.SD_FROM_SE,
        _sd_from_se, "SE {se:g}, n {n:g}",
    ),
    Converter(
        "interval", "confidence interval of a mean → SD",
        (("low", "CI lower end"), ("high", "CI upper end"), ("level", "level, % (95)"), _N),
        "SD = √n × (upper − lower) / (2 × t), t with n − 1 degrees of freedom (Handbook 6.5.2.2)",
        Conversion.SD_FROM_INTERVAL, _sd_from_interval, "{level:g}% CI {low:g} to {high:g}, n {n:g}",
    ),
    Converter(
        "p", "difference of means and its p → SD",
        (("difference", "difference"), ("p", "p value"), _N, ("control_n", "n of the other arm")),
        "SE = |difference| / t(p, n + n′ − 2), SD = SE / √(1/n + 1/n′) (Handbook 6.5.2.3)", Conversion.SD_FROM_P,
        _sd_from_p, "difference {difference:g}, p {p:g}, n {n:g} and {control_n:g}",
    ),
    Converter(
        "iqr", "median and quartiles → mean and SD", (("median", "median"), ("q1", "quartile 1"), ("q3", "quartile 3"), _N),
        "mean by Luo, SD by Wan (Handbook 6.5.2.5); for figures that are about normal", Conversion.FROM_QUARTILES,
        _from_iqr, "median {median:g} ({q1:g} to {q3:g}), n {n:g}",
    ),
    Converter(
        "range", "median and range → mean and SD",
        (("median", "median"), ("lowest", "lowest"), ("highest", "highest"), _N),
        "mean by Luo, SD by Wan; the Handbook (6.5.2.6) advises against it where anything else is printed",
        Conversion.FROM_RANGE, _from_range, "median {median:g} (range {lowest:g} to {highest:g}), n {n:g}",
    ),
    Converter(
        "change", "SD before and after → SD of the change",
        (("baseline_sd", "SD before"), ("final_sd", "SD after"), ("correlation", "correlation")),
        "SD = √(SD₁² + SD₂² − 2 r SD₁ SD₂) (Handbook 6.5.2.8); say where r comes from", Conversion.SD_OF_CHANGE,
        _sd_of_change, "SD before {baseline_sd:g}, after {final_sd:g}, correlation {correlation:g}",
    ),
    Converter(
        "percent", "percentage → events", (("percent", "percent"), _N, ("decimals", "decimals printed (0)")),
        "the one whole number of people that rounds to the percentage (Handbook 6.4.1)", Conversion.EVENTS_FROM_PERCENT,
        _events, "{percent:g}%, n {n:g}",
    ),
    Converter(
        "events", "events → percentage", (("events", "events"), _N), "100 × events / n",
        Conversion.PERCENT_FROM_EVENTS, _percent, "{events:g} of {n:g}",
    ),
    Converter(
        "combine", "two groups → one",
        (("n1", "n"), ("mean1", "mean"), ("sd1", "SD"), ("n2", "n, second"), ("mean2", "mean, second"), ("sd2", "SD, second")),
        "Handbook 6.5.2.10, table 6.5.a", Conversion.COMBINED, _combined,
        "n {n1:g}, mean {mean1:g} (SD {sd1:g}) and n {n2:g}, mean {mean2:g} (SD {sd2:g})",
    ),
)  # fmt: skip
DEFAULTS = {"level": "95", "decimals": "0"}
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)")


def by_name(name: str) -> Converter:
    """The converter of a name. Raises KeyError when there is none."""
    return {c.name: c for c in CONVERTERS}[name]


def converted(converter: Converter, typed: Mapping[str, str]) -> dict[str, Any]:
    """What goes into the outcome: the figures, and `computed` with the figures as printed and the formula.

    Raises ValueError, in a sentence, for a figure that is missing or none, and for what cannot be converted.
    """
    given = {name: _figure(caption, typed.get(name, "") or DEFAULTS.get(name, "")) for name, caption in converter.asks}
    for name in ("n", "control_n", "n1", "n2", "events", "decimals"):
        if name in given and given[name] != int(given[name]):
            raise ValueError(f"{dict(converter.asks)[name]}: {given[name]:g} is not a whole number")
    made = {k: _rounded(v) if isinstance(v, float) else v for k, v in converter.work(given).items()}
    made["computed"] = {"from": converter.printed.format(**given), "formula": converter.mark.value}
    return made


def _figure(caption: str, text: str) -> float:
    plain = text.strip().replace("−", "-").lstrip("<>=≤≥ ")
    if re.fullmatch(r"[-+]?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    if not plain:
        raise ValueError(f"{caption} is missing")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"{caption}: {text.strip()!r} is not a figure")
    return float(plain)


def _rounded(value: float) -> float:
    """Four significant digits: no more is known than the paper printed."""
    return float(f"{value:.4g}")
