"""`kb path`"""

from __future__ import annotations

import click

from kb.cli.common import console, json_option, meant, print_json, snapshot, unknown


@click.command("path")
@click.argument("a")
@click.argument("b")
@json_option
@click.pass_context
def command(ctx: click.Context, a: str, b: str, as_json: bool) -> None:
    """How two things are connected, through findings to references."""
    snap = snapshot(ctx, as_json)
    try:
        answer = snap.path(*(meant(slug, snap, snap.graph) for slug in (a, b)))
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
                cited = f" [dim]({', '.join(step['references'])})[/]" if step["references"] else ""
                out.print(f"  {escape(step['sentence'])}{cited}")
    raise SystemExit(0 if answer["connected"] else 1)
