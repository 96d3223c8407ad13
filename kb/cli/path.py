"""`kb path`"""

from __future__ import annotations

import click

from kb.cli.common import console, json_option, meant, print_json, snapshot, unknown

MOST_TOLD = 3
"""Reasons printed for one step of a way."""


@click.command("path")
@click.argument("a")
@click.argument("b")
@json_option
@click.pass_context
def command(ctx: click.Context, a: str, b: str, as_json: bool) -> None:
    """How two things are connected, through findings to references."""
    snap = snapshot(ctx, as_json)
    try:
        answer = snap.path(*(meant(slug, snap, snap.nodes) for slug in (a, b)))
    except KeyError as missing:
        unknown(str(missing.args[0]), snap, as_json)
    if as_json:
        print_json(answer)
    else:
        from rich.markup import escape

        out = console()
        if not answer["connected"]:
            out.print(f"no connection between {a} and {b}")
        for way in answer["paths"]:
            out.print("[bold]" + escape(" → ".join(n["name"] for n in way["nodes"])) + "[/]")
            for step in way["steps"]:
                for reason in step["because"][:MOST_TOLD]:
                    cited = f" [dim]({', '.join(reason['references'])})[/]" if reason["references"] else ""
                    out.print(f"  {escape(reason['text'])}{cited}")
                if len(step["because"]) > MOST_TOLD:
                    out.print(f"  [dim]and {len(step['because']) - MOST_TOLD} more (--json lists all)[/]")
    raise SystemExit(0 if answer["connected"] else 1)
