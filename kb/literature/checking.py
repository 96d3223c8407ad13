"""Stored references beside what the services say: title, year, first author, identifiers, notices, and our figures.

A difference is a problem at the entry's line in `references.bib`. Critical: another work than the DOI or PMID names, or
a retraction we do not record. Warning: anything an author should look at. Info: what could not be checked, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb.bibliography import read
from kb.literature import mend
from kb.literature.client import DAY, Client
from kb.literature.entry import Entry
from kb.literature.figures import FigureReport, compare_figures
from kb.literature.match import same_first_author, same_words
from kb.literature.services import CROSSREF, Found, Services
from kb.model.finding import Finding
from kb.model.record import Place
from kb.model.reference import Reference
from kb.problems import Problem

GRAVE = ("retraction", "expression-of-concern")


@dataclass
class CheckReport:
    """What a check found. `checked` are the keys some service answered for, `unchecked` key to reason of the others;
    `offline` names the services that could not be reached or answer, with the reason."""

    problems: list[Problem] = field(default_factory=list)
    figures: dict[str, list[FigureReport]] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)
    unchecked: dict[str, str] = field(default_factory=dict)
    offline: dict[str, str] = field(default_factory=dict)

    @property
    def success(self) -> bool:
        """No critical problem; being offline is told apart."""
        return not any(problem.severity == "critical" for problem in self.problems)


def check(
    root: Path | str,
    keys: Iterable[str] = (),
    *,
    services: Services | None = None,
    findings: Mapping[str, list[Finding]] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> CheckReport:
    """Compare the references under `root` (all, or those with these keys) with the services. Writes nothing.

    `findings` maps a key to the findings that cite it (default: read from the formulary). Raises KeyError for a key that
    is not in `references.bib`. Problems of the file itself are part of the report.
    """
    root, own = Path(root), services is None
    services = services or Services(Client(keep=DAY))  # notices must not be a week old
    references, problems = read(root / "references.bib", root)
    wanted = list(dict.fromkeys(keys))
    if unknown := [key for key in wanted if key not in references]:
        raise KeyError(unknown[0])
    chosen = [references[key] for key in wanted] or list(references.values())
    report = CheckReport([p for p in problems if not wanted or p.record in wanted])
    cited = findings if findings is not None else _findings(root)
    try:
        pubmed = services.pubmed([r.pmid for r in chosen if r.pmid])
        for number, reference in enumerate(chosen, 1):
            progress(f"{number} of {len(chosen)}: {reference.key}")
            _check_one(report, reference, _ask(services, reference, pubmed), cited.get(reference.key, []))
    finally:
        if own:
            services.client.close()
    report.problems.sort(key=lambda p: (p.line, p.field, p.message))
    return report


def _ask(services: Services, reference: Reference, pubmed: Mapping[str, Found]) -> list[Found]:
    asked = []
    if reference.pmid:
        asked.append(pubmed[reference.pmid])
    if reference.doi:
        asked += [services.crossref(reference.doi), services.europe_pmc("doi", reference.doi)]
    elif reference.pmid or reference.pmcid:
        scheme, value = ("pmid", reference.pmid) if reference.pmid else ("pmcid", reference.pmcid)
        asked.append(services.europe_pmc(scheme, value or ""))
    return asked


def _check_one(report: CheckReport, reference: Reference, asked: list[Found], findings: list[Finding]) -> None:
    entries = [found.entry for found in asked if found.entry is not None]
    for found in asked:
        if found.status == "offline":
            report.offline.setdefault(found.service, found.reason)
    if not asked:
        report.unchecked[reference.key] = "no DOI, PMID or PMCID"
        return
    say = _Teller(report.problems, reference)
    for found in asked:
        if found.status == "refused":
            say("info", "entry", f"{found.service} could not be used: {found.reason}", "check it by hand")
    if not entries:
        states = {found.status for found in asked}
        report.unchecked[reference.key] = "; ".join(dict.fromkeys(found.reason for found in asked))
        if states == {"not-found"}:
            names = ", ".join(n for n in (reference.doi, reference.pmid, reference.pmcid) if n)
            say(
                "warning",
                "doi" if reference.doi else "pmid",
                f"no service knows {names}",
                "open it and correct the identifier",
            )
        return
    report.checked.append(reference.key)
    if reference.doi and any(f.service == CROSSREF and f.status == "not-found" for f in asked):
        say("info", "doi", f"Crossref does not know {reference.doi}", "see whether another agency registered it")
    for entry in entries:
        _compare(say, reference, entry)
    years = set().union(*(entry.years for entry in entries))
    if reference.year and years and reference.year not in years:
        listed = ", ".join(map(str, sorted(years)))
        say("warning", "year", f"the services say {listed}, not {reference.year}", "compare it with the article")
    _agree(say, reference, entries)
    _notices(say, reference, entries)
    abstract = max((entry.abstract for entry in entries), key=len)
    if abstract and findings:
        report.figures[reference.key] = [compare_figures(finding, abstract) for finding in findings]
    _tell_figures(say, report.figures.get(reference.key, []))


class _Teller:
    """Adds problems at the place of one reference, each once."""

    def __init__(self, problems: list[Problem], reference: Reference) -> None:
        self.problems, self.key = problems, reference.key
        self.place = reference.place or Place("references.bib", 0)

    def __call__(self, severity: str, where: str, message: str, cure: str) -> None:
        problem = Problem(self.place.file, self.place.line, where, message, cure, self.key, severity)
        if problem not in self.problems:
            self.problems.append(problem)


def _compare(say: _Teller, reference: Reference, entry: Entry) -> None:
    """Title and first author."""
    title, service = str(entry.fields.get("title", "")), entry.format if entry.format == CROSSREF else entry.source
    alike = same_words(reference.title, title, title=True) or _subtitle_aside(reference.title, title)
    first = same_first_author(reference.authors, entry.fields.get("authors"))
    if not alike:
        grave = first is not True and _likeness(reference.title, title) < 60
        message = f"{service} has {'another work' if grave else 'another title'}: {title[:200]!r}"
        say("critical" if grave else "warning", "title", message, "open both and correct the one that is wrong")
    if first is False:
        theirs = entry.fields["authors"][0]
        say(
            "warning",
            "author",
            f"{service} has {theirs} as first author, not {reference.authors[0]}",
            "compare it with the article",
        )


def _agree(say: _Teller, reference: Reference, entries: list[Entry]) -> None:
    """Whether DOI, PMID and PMCID are one article's, as far as a service gives more than one of them."""
    for entry in entries:
        for name in ("doi", "pmid", "pmcid"):
            stored, found = getattr(reference, name), entry.fields.get(name)
            if found and stored and str(stored).lower() != str(found).lower():
                say(
                    "critical", name, f"{entry.source} gives {found} for this article, not {stored}",
                    "open both; keep the one that shows this title",
                )  # fmt: skip
            elif found and not stored:
                say(
                    "info",
                    name,
                    f"{entry.source} also gives {name.upper()} {found}",
                    f"add it with `kb cite add {found}`",
                )


def _notices(say: _Teller, reference: Reference, entries: list[Entry]) -> None:
    """Retractions, expressions of concern and corrections that are not recorded, or recorded and not known."""
    notices = {
        notice.kind: f"{notice.said} ({entry.source})" for entry in reversed(entries) for notice in entry.notices
    }
    recorded = reference.notice.kind if reference.notice else None
    for kind in ("retraction", "expression-of-concern", "correction"):
        if kind not in notices or kind == recorded or (recorded == "retraction" and kind != "retraction"):
            continue
        words = kind.replace("-", " ")
        severity = "critical" if kind == "retraction" else "warning"
        say(
            severity,
            "notice",
            f"{words} not recorded: {notices[kind]}",
            f"read it, then add notice = {{{kind}: where and when}}",
        )
    if recorded in GRAVE and recorded not in notices:
        say(
            "info",
            "notice",
            f"no service repeats the recorded {recorded.replace('-', ' ')}",
            "see whether it still stands",
        )


def _tell_figures(say: _Teller, reports: list[FigureReport]) -> None:
    for figures in reports:
        if figures.missing and figures.basis == "abstract":
            listed = ", ".join(f"{f.value} ({f.field})" for f in figures.missing)
            say(
                "warning",
                "figures",
                f"{figures.finding}: not in the abstract: {listed}",
                "compare the finding with its source",
            )


def _likeness(stored: str, found: str) -> float:
    from rapidfuzz import fuzz

    return float(fuzz.token_set_ratio(mend.fold(stored), mend.fold(found)))


def _subtitle_aside(stored: str, found: str) -> bool:
    """Whether one title is the other without its subtitle."""
    shorter, longer = sorted((mend.fold(stored), mend.fold(found)), key=len)
    return len(shorter) >= 20 and longer.startswith(shorter + " ")


def _findings(root: Path) -> dict[str, list[Finding]]:
    """Findings by the key of their reference; those that cannot be read are not looked at."""
    from kb import formulary

    records, _ = formulary.read(root)
    found: dict[str, list[Finding]] = {}
    for subject in records.subjects:
        for finding in subject.findings:
            found.setdefault(finding.reference, []).append(finding)
    return found
