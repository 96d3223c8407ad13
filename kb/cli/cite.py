"""`kb cite`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import console, fail, json_option, print_json, progress, root_of, say
from kb.cli.group import Group

if TYPE_CHECKING:
    from kb.literature import CheckReport, Entry, Plan, Report
    from kb.model.reference import Reference
    from kb.problems import Problem

_COLOUR = {"critical": "bold red", "warning": "yellow", "info": "cyan"}
_VERDICT_COLOUR = {"conflict": "red", "new field": "green", "same": "dim", "only stored": "dim"}


@click.group("cite", cls=Group)
def command() -> None:
    """Bring references in, and check those that are there."""


@command.command("add")
@click.argument("sources", nargs=-1, required=True, metavar="FILE|DOI|PMID...")
@click.option("--yes", is_flag=True, help="Save without asking.")
@click.option("--fill", is_flag=True, help="Also fill empty fields of references that are there already from files.")
@json_option
@click.pass_context
def add(ctx: click.Context, sources: tuple[str, ...], yes: bool, fill: bool, as_json: bool) -> None:
    """Bring references into references.bib from files and by DOI, PMID or PMCID.

    Files: BibTeX, RIS, PubMed (.nbib, XML), EndNote (.enw, XML), Web of Science (.ciw), CSL-JSON, Europe PMC XML, JATS,
    CSV, TSV and .xlsx of screening programs (Rayyan, Covidence, ASReview), known by their content.

    Shows what was read, what was mended or refused, and what is there already, side by side; then saves, at once or not
    at all. What may be there already is never added unasked. A DOI that a file has the name of is taken for the file.
    """
    import sys

    from kb.literature import plan

    root = root_of(ctx)
    references = _references(root, as_json)
    entries, failed = _gather(sources, as_json)
    plans = plan(entries, references, fill=fill)
    if plans and not as_json:
        _print_plans(plans)
    news = any(one.choice.action != "skip" for one in plans)
    asked = news and not yes and not as_json and sys.stdin.isatty()
    save = news and (yes or (asked and click.confirm("Save to references.bib?", err=True)))
    report = _save(root, entries, fill, as_json) if save else None
    if as_json:
        print_json(_as_dict(plans, report, failed))
    elif report is not None:
        _print_report(report)
    elif news:
        say("nothing saved" + ("" if asked else "; repeat with --yes to save"))
    elif plans:
        say("nothing to save")
    for problem in (p for entry in entries for p in entry.problems if p.severity == "critical"):
        say(str(problem))
    for source, (_, reason) in failed.items():
        say(f"{source}: {reason}")
    lost = failed or any(e.refused for e in entries) or (report is not None and report.keys("refused"))
    raise SystemExit(1 if lost else 0)


def _references(root: Path, as_json: bool) -> dict[str, Reference]:
    from kb.bibliography import read

    path = root / "references.bib"
    if not path.is_file():
        fail(f"{path}: is not there; give the folder that holds it with --root", 2, as_json)
    references, problems = read(path, root)
    if problems:
        _damaged(problems, as_json)
    return references


def _damaged(problems: list[Problem], as_json: bool) -> None:
    for problem in problems:
        say(str(problem))
    fail("references.bib has problems; mend them first, since saving would lose what cannot be read", 1, as_json)


def _gather(sources: tuple[str, ...], as_json: bool) -> tuple[list[Entry], dict[str, tuple[str, str]]]:
    """Entries of all sources, and status and reason of identifiers that gave none. Ends with status 2 for what is neither."""
    from kb.literature import identify, look_up, read_any
    from kb.literature.services import Services

    strange = [s for s in sources if not Path(s).is_file() and identify(s) is None]
    if strange:
        fail(
            f"{strange[0]}: no such file, and no DOI, PMID or PMCID; write it as 10.1111/jdv.14624 or 22540889",
            2,
            as_json,
        )
    services, entries, failed = Services(), [], {}
    for source in sources:
        if Path(source).is_file():
            try:
                entries += read_any(Path(source).name, _read_file(Path(source)))
            except OSError as error:
                fail(f"{source}: cannot be read: {error.strerror or error}", 2, as_json)
            continue
        progress(f"looking {source} up")
        answer = look_up(source, services)
        if answer.entry is not None:
            entries.append(answer.entry)
        else:
            failed[source] = answer.status, f"{answer.status}: {answer.reason}"
    services.client.close()
    return entries, failed


def _read_file(path: Path) -> bytes:
    """Bytes of a file, one more than is looked at when it is too large."""
    from kb.literature.read import LARGEST

    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _save(root: Path, entries: list[Entry], fill: bool, as_json: bool) -> Report:
    from kb.bibliography import DamagedBibliographyError
    from kb.literature import add as add_entries

    try:
        return add_entries(root, entries, fill=fill)
    except DamagedBibliographyError as damaged:
        _damaged(damaged.problems, as_json)
        raise
    except OSError as error:
        fail(f"references.bib: nothing saved: {error}", 1, as_json)


def _print_plans(plans: list[Plan]) -> None:
    from rich.markup import escape
    from rich.table import Table

    out = console()
    table = Table("Entry", "Title", "First author", "Year", "Plan", box=None)
    for planned in plans:
        fields, choice = planned.entry.fields, planned.choice
        authors = fields.get("authors")
        what = f"add as {choice.key}" if choice.action == "add" else planned.reason
        place = f"{planned.entry.source}:{planned.entry.line}" if planned.entry.line else planned.entry.source
        title = str(fields.get("title", ""))[:70]
        first = str(authors[0]) if authors else ""
        table.add_row(*map(escape, (place, title, first, str(fields.get("year", "")), what)))
    out.print(table)
    for planned in plans:
        for problem in planned.entry.problems:
            if problem.severity != "critical":  # those go to stderr
                out.print(f"[{_COLOUR[problem.severity]}]{problem.severity}[/] {escape(str(problem))}", soft_wrap=True)
        for match in planned.matches[:1]:
            if match.conflicts or match.new_fields:
                out.print(_side_by_side(planned.entry, match))


def _side_by_side(entry: Entry, match: Any) -> Any:
    from rich.markup import escape
    from rich.table import Table

    table = Table("Field", f"Stored: {match.reference.key}", f"Found: {escape(entry.source)}", "", box=None)
    for row in match.fields:
        colour = _VERDICT_COLOUR[row.verdict]
        table.add_row(row.field, escape(row.stored), escape(row.found), f"[{colour}]{row.verdict}[/]")
    return table


def _print_report(report: Report) -> None:
    words = {"added": "added", "merged": "filled", "there": "there already", "skipped": "not saved"}
    for outcome, word in words.items():
        for one in report.done:
            if one.outcome == outcome:
                said = f" ({one.said})" if one.said and outcome in ("merged", "skipped") else ""
                click.echo(f"{word}: {one.key or one.entry.label}{said}")


def _as_dict(plans: list[Plan], report: Report | None, failed: dict[str, tuple[str, str]]) -> dict[str, Any]:
    entries = []
    for position, planned in enumerate(plans):
        entry, done = planned.entry, report.done[position] if report else None
        entries.append(
            {
                "source": entry.source,
                "line": entry.line,
                "format": entry.format,
                "fields": {name: [str(a) for a in v] if name == "authors" else v for name, v in entry.fields.items()},
                "plan": "refuse" if entry.refused else planned.choice.action.value,
                "reason": planned.reason,
                "key": (done.key if done else planned.choice.key) or None,
                "outcome": done.outcome if done else None,
                "notices": [{"kind": n.kind, "said": n.said} for n in entry.notices],
                "problems": [_problem(p) for p in entry.problems],
                "matches": [
                    {
                        "key": m.reference.key,
                        "reasons": list(m.reasons),
                        "certain": m.certain,
                        "fields": [
                            {"field": f.field, "stored": f.stored, "found": f.found, "verdict": f.verdict.value}
                            for f in m.fields
                        ],
                    }
                    for m in planned.matches
                ],
            }
        )
    return {
        "saved": bool(report and report.changed),
        "added": report.keys("added") if report else [],
        "merged": report.keys("merged") if report else [],
        "entries": entries,
        "failed": [
            {"identifier": name, "status": status, "reason": reason} for name, (status, reason) in failed.items()
        ],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        "file": problem.file,
        "line": problem.line,
        "record": problem.record,
        "field": problem.field,
        "message": problem.message,
        "cure": problem.cure,
    }


@command.command("check")
@click.argument("keys", nargs=-1, metavar="[KEY...]")
@click.option("--offline-ok", is_flag=True, help="Do not fail because a service cannot be reached.")
@json_option
@click.pass_context
def check(ctx: click.Context, keys: tuple[str, ...], offline_ok: bool, as_json: bool) -> None:
    """Compare references (all, or those with these keys) with Crossref, Europe PMC and PubMed.

    Title, year, first author, whether DOI and PMID name one article, retractions, corrections and expressions of concern;
    and which figures of our findings occur in the abstract. Writes nothing. Fails on critical problems, and offline.
    """
    from kb.literature import check as check_references

    root = root_of(ctx)
    if not (root / "references.bib").is_file():
        fail(f"{root / 'references.bib'}: is not there; give the folder that holds it with --root", 2, as_json)
    progress("asking the services (answers are kept for a day)")
    try:
        report = check_references(root, keys, progress=progress)
    except KeyError as error:
        fail(f"unknown key {error.args[0]!r}; `kb find TEXT` looks for it", 2, as_json)
    if as_json:
        print_json(_check_as_dict(report))
    else:
        _print_check(report)
    for service, reason in report.offline.items():
        say(f"offline: {service}: {reason}; what it knows was not checked")
    raise SystemExit(0 if report.success and (offline_ok or not report.offline) else 1)


def _check_as_dict(report: CheckReport) -> dict[str, Any]:
    return {
        "success": report.success and not report.offline,
        "offline": report.offline,
        "checked": report.checked,
        "unchecked": report.unchecked,
        "problems": [_problem(p) for p in report.problems],
        "figures": [
            {
                "reference": key,
                "finding": one.finding,
                "basis": one.basis,
                "found": [{"field": f.field, "value": f.value} for f in one.found],
                "missing": [{"field": f.field, "value": f.value} for f in one.missing],
            }
            for key, reports in report.figures.items()
            for one in reports
        ],
    }


def _print_check(report: CheckReport) -> None:
    from rich.markup import escape

    out = console()
    for problem in report.problems:
        out.print(f"[{_COLOUR[problem.severity]}]{problem.severity}[/] {escape(str(problem))}", soft_wrap=True)
    for key, reports in report.figures.items():
        for one in reports:
            in_abstract = ", ".join(dict.fromkeys(f.value for f in one.found)) or "none"
            not_there = ", ".join(dict.fromkeys(f.value for f in one.missing)) or "none"
            said = f"in the abstract {in_abstract}; not there {not_there}"
            out.print(escape(f"{key}  {one.finding} ({one.basis}): {said}"), soft_wrap=True)
    by_level = {level: sum(p.severity == level for p in report.problems) for level in _COLOUR}
    counts = ", ".join(f"{number} {level}" for level, number in by_level.items())
    out.print(f"{len(report.checked)} references compared, {len(report.unchecked)} not: {counts}")
