"""`kb find`"""

from __future__ import annotations

from dataclasses import asdict

import click

from kb.cli.common import console, json_option, print_json, snapshot
from kb.questions.asked import LEFT_ASIDE, told
from kb.questions.asked_lines import lines
from kb.questions.printed import printed
from kb.questions.search import NOTHING_UNDER_THIS_NAME, only_alike

MOST_ANSWERS = 2
MOST_LINES = 4


@click.command("find")
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, help="Most hits to show.")
@json_option
@click.pass_context
def command(ctx: click.Context, text: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Answer a question from the records, and find things by name, synonym, lay word or full text; typing errors are forgiven."""
    query = " ".join(text)
    opened = snapshot(ctx, as_json)
    hits, (answered, aside) = opened.search(query, limit), told(query, opened)
    if as_json:
        print_json(
            {
                "query": query,
                "answers": [printed(asdict(a)) for a in answered],
                "left_aside": aside,
                "hits": [h.as_dict() for h in hits],
            }
        )
    else:
        from rich.markup import escape
        from rich.table import Table

        if aside:
            console().print(f"[dim]{LEFT_ASIDE} {escape(', '.join(aside))}[/]")
        for answer in answered[:MOST_ANSWERS]:
            names = [opened.monograph(slug)["name"] if slug in opened.ids else slug for slug in answer.about]
            console().print(f"[bold]{escape(answer.kind.capitalize())}: {escape(', '.join(names))}[/]")
            said = list(lines(answer))
            for line, references in said[:MOST_LINES]:
                console().print(f"  {escape(line)} [dim]{', '.join(references[:MOST_LINES])}[/]")
            if len(said) > MOST_LINES:
                console().print(f"  [dim]and {len(said) - MOST_LINES} more: --json lists all[/]")
        table = Table("Id", "Kind", "Name", "Found by", box=None)
        for h in hits:
            table.add_row(h.id, h.kind, escape(h.name), "" if h.matched == h.name else escape(h.matched))
        if only_alike(hits) and not answered:
            console().print(NOTHING_UNDER_THIS_NAME)
        console().print(table if hits else "nothing found")
    raise SystemExit(0 if hits or answered else 1)
