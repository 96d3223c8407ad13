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
    if report.depth is not None:
        _print_depth(report.depth, out, gaps)
    rows = ", ".join(f"{n} {name}" for name, n in report.tables.items())
    out.print(f"\n{report.evaluated} expectations on {rows}", soft_wrap=True)
    counts = ", ".join(f"{report.count(level)} {level}" for level in levels)
    verdict = "[bold green]clean of critical problems[/]" if report.success else "[bold red]not fit for release[/]"
    out.print(f"{verdict}: {counts}")


def _print_depth(depth: Any, out: Any, shown: int) -> None:
    """Recall by topic, comparisons with an effect, what assessments rest on, and what to read next."""
    from rich.markup import escape

    out.print("\n[bold]Recall by topic[/] (trials held of those that the widest review of the topic counts)")
    for r in depth.recall:
        names = f"{r.held} held of {r.listed} listed" if r.listed else "names could not be read"
        out.print(f"  {escape(r.search)}: {r.counted} counted, {names}", soft_wrap=True)
    trials = f"trials: {depth.trials_with_effect} of {depth.trials}"
    out.print(
        f"\n[bold]Effects[/] {depth.with_effect} of {depth.comparisons} controlled comparisons of benefit have an effect "
        f"with an interval ({depth.share:.0f}%; {depth.share_of_pooling:.0f}% without reviews that pool nothing and "
        f"rankings; {trials}). The others, by what their source does not print:",
        soft_wrap=True,
    )
    out.print("  " + escape(", ".join(f"{name} {n}" for name, n in depth.missing.items())), soft_wrap=True)
    weak = [t for t in depth.trust if not t.with_effect]
    bare = [t for t in depth.trust if t.appraised < t.findings]
    out.print(
        f"\n[bold]Trust[/] {len(depth.trust)} assessments: {len(weak)} rest on no finding with an effect and interval, "
        f"{len(bare)} on a finding without risk of bias by domain",
        soft_wrap=True,
    )
    out.print("\n[bold]What to read next[/] (weightiest first)")
    for r in depth.read_next[:shown]:
        out.print(f"  {r.weight:5.2f}  {escape(r.record)}: {escape(r.what)}", soft_wrap=True)
    if depth.important:
        out.print("\n[bold]Pooled differences against the smallest that matters[/] (formulary/field.yaml)")
    for i in depth.important:
        interval = f"{i.estimate:.3g} ({i.low:.3g} to {i.high:.3g})"
        out.print(f"  {escape(i.pooled)}: {interval} {escape(i.unit)} against {i.matters:g}: {i.reads}", soft_wrap=True)
    out.print("\n[bold]Nearly pooled[/] (concepts that no two trials share in a form that can be pooled)")
    for near in depth.near:
        lacking = "; ".join(f"{f}: {what}" for f, what in near.lacks.items() if what)
        out.print(
            f"  {escape(near.concept)}: {near.poolable} poolable; {escape(lacking) or 'one trial'}", soft_wrap=True
        )
