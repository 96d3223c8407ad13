"""`kb news`"""

from __future__ import annotations

from typing import Any

import click

from kb.cli.common import console, json_option, print_json


@click.command("news")
@click.option("--since", metavar="DATE", default="", help="Only what happened from this year, month or day on.")
@click.option("--in", "place", metavar="JURISDICTION", default="", help="Only what holds there, e.g. united-states.")
@click.option("--about", metavar="SLUG", default="", help="Only what names this ingredient, technique or harm.")
@json_option
@click.pass_context
def command(ctx: click.Context, since: str, place: str, about: str, as_json: bool) -> None:
    """What changed in the world: warnings, bans, laws and approvals, the newest first."""
    from pathlib import Path

    from kb.formulary import read

    formulary, _ = read(Path(ctx.obj))
    found = [
        c
        for c in sorted(formulary.changes.values(), key=lambda c: (c.on, c.id), reverse=True)
        if c.on >= since and place in ("", c.jurisdiction) and (not about or about in (*c.subjects, *c.objects))
    ]
    if as_json:
        rows: list[dict[str, Any]] = [c.model_dump(mode="json", exclude_none=True) for c in found]
        print_json(rows)
    else:
        from rich.markup import escape

        out = console()
        for change in found:
            where = f" ({change.jurisdiction})" if change.jurisdiction else ""
            out.print(f"[bold]{change.on}[/] {escape(change.body + where)}: {escape(change.summary)}")
            out.print(f"  [dim]{', '.join(change.references)}; read on {change.read_on}[/]")
        if not found:
            out.print("nothing on record")
    raise SystemExit(0 if found else 1)
