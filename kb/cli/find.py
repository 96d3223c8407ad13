"""`kb find`"""

from __future__ import annotations

import click

from kb.cli.common import console, json_option, print_json, snapshot


@click.command("find")
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, help="Most hits to show.")
@json_option
@click.pass_context
def command(ctx: click.Context, text: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find things by name, synonym, lay word or full text; typing errors are forgiven."""
    query = " ".join(text)
    hits = snapshot(ctx, as_json).search(query, limit)
    if as_json:
        print_json({"query": query, "hits": [h.as_dict() for h in hits]})
    else:
        from rich.markup import escape
        from rich.table import Table

        table = Table("Id", "Kind", "Name", "Found by", box=None)
        for h in hits:
            table.add_row(h.id, h.kind, escape(h.name), "" if h.matched == h.name else escape(h.matched))
        console().print(table if hits else "nothing found")
    raise SystemExit(0 if hits else 1)
