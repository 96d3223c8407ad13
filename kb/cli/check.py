"""`kb check`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kb.cli.common import console, fail, json_option, print_json, progress, rarely_collect, root_of

_COLOUR = {"critical": "bold red", "warning": "yellow", "info": "cyan"}


@click.command("check")
@json_option
@click.option(
    "--docs",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also build the Data Docs as HTML into this folder.",
)
@click.option(
    "--severity",
    type=click.Choice(["critical", "warning", "info"]),
    default="info",
    show_default=True,
    help="Show from here up.",
)
@click.option("--gaps", default=15, show_default=True, help="How much of the curator's work list to show.")
@click.pass_context
def command(ctx: click.Context, as_json: bool, docs: Path | None, severity: str, gaps: int) -> None:
    """Everything Great Expectations and the schema know, and what is missing. Fails on critical problems."""
    rarely_collect()
    progress("checking (Great Expectations takes a few seconds to start)")
    from kb.validation import check, store

    root = root_of(ctx)
    try:
        report = check(root, docs=docs)
        store(report, root)
    except ValueError as error:
        fail(str(error), 1, as_json)
    if docs:
        click.echo(f"Data Docs: {docs / 'index.html'}", err=True)
    if as_json:
        print_json(report.as_dict())
    else:
        _print(report, severity, gaps)
    raise SystemExit(0 if report.success else 1)


def _print(report: Any, severity: str, gaps: int) -> None:
    from rich.markup import escape

    out = console()
    levels = ["critical", "warning", "info"]
    for problem in report.problems:
        if levels.index(problem.severity) <= levels.index(severity):
            out.print(f"[{_COLOUR[problem.severity]}]{problem.severity}[/] {escape(str(problem))}", soft_wrap=True)
    if report.gaps:
        out.print(f"\n[bold]Work list[/] ({len(report.gaps)} gaps, the weightiest first)")
        for gap in report.gaps[:gaps]:
            out.print(
                f"  {gap.weight:5.1f}  {escape(gap.file)}:{gap.line}  {escape(gap.record)}: {escape(gap.what)}",
                soft_wrap=True,
            )
    rows = ", ".join(f"{n} {name}" for name, n in report.tables.items())
    out.print(f"\n{report.evaluated} expectations on {rows}", soft_wrap=True)
    counts = ", ".join(f"{report.count(level)} {level}" for level in levels)
    verdict = "[bold green]clean of critical problems[/]" if report.success else "[bold red]not fit for release[/]"
    out.print(f"{verdict}: {counts}")
