"""`kb show`"""

from __future__ import annotations

from typing import Any

import click

from kb.cli.common import console, json_option, meant, print_json, snapshot, unknown
from kb.model.terms import Certainty, Severity
from kb.questions.printed import printed


@click.command("show")
@click.argument("slug", metavar="ID")
@json_option
@click.pass_context
def command(ctx: click.Context, slug: str, as_json: bool) -> None:
    """The monograph of an ingredient, a technique, an indication, a condition or a medicine."""
    snap = snapshot(ctx, as_json)
    try:
        page = snap.monograph(meant(slug, snap, snap.ids))
    except KeyError:
        unknown(slug, snap, as_json)
    if as_json:
        print_json(printed(page))
    else:
        _print(page)


def _print(page: dict[str, Any]) -> None:
    from rich.markup import escape
    from rich.table import Table

    out = console()
    out.print(f"[bold]{escape(page['name'])}[/]  [dim]{page['kind']} · {page['id']}[/]")
    if page["synonyms"] or page["brands"]:
        out.print(f"[dim]{escape(', '.join([*page['synonyms'], *page['brands']]))}[/]")
    if page["summary"]:
        out.print(escape(page["summary"]))
    if page["evidence_note"]:
        out.print(f"[yellow]{escape(page['evidence_note'])}[/]")
    for entry in page["regulatory"]:
        where = f"{entry['jurisdiction_name']}: [bold]{entry['status']}[/] ({entry['route']}) {escape(entry['use'])}"
        out.print(f"  {where} [dim]{entry['as_of']}, {', '.join(entry['references'])}[/]")
    if page["assessments"]:
        table = Table(title="Bottom lines", title_justify="left", show_lines=True)
        for head in ("Indication", "Route", "Certainty", "Bottom line"):
            table.add_column(head)
        for a in page["assessments"]:
            subject = "" if a["subject"] == page["id"] else f"{a['subject_name']}: "
            sign = f"{Certainty(a['certainty']).marks} {a['certainty']}"
            table.add_row(escape(subject + a["object_name"]), a["route"], sign, escape(a["bottom_line"]))
        out.print(table)
    cautions = [*page["cautions"], *page["inherited_cautions"]]
    if cautions:
        table = Table(title="Cautions", title_justify="left", show_lines=True)
        for head in ("Severity", "Trigger", "Action", "Rests on"):
            table.add_column(head)
        for c in sorted(cautions, key=lambda c: Severity(c["severity"]).rank):
            severity = f"[{Severity(c['severity']).colour}]{c['severity']}[/]"
            whose = "" if c["subject"] == page["id"] else f" ({c['subject_name']})"
            table.add_row(severity, escape(c["trigger_name"] + whose), escape(c["action"]), escape(c["strength"]))
        out.print(table)
    for group in page["harms"]:
        out.print(f"[bold]{group['title']} harms[/]")
        for h in group["items"]:
            share = f" {h['percent']} %" if h["percent"] is not None else f" {h['events']}/{h['n']}" if h["n"] else ""
            out.print(f"  {escape(h['object_name'])}: {h['band']}{share} [dim]({h['direction']}; {h['reference']})[/]")
    if page["findings"]:
        table = Table(title=f"{len(page['findings'])} findings", title_justify="left")
        for head in ("Relation", "Object", "Route", "Direction", "Design", "n", "Reference"):
            table.add_column(head)
        for f in page["findings"]:
            n = "" if f["n"] is None else str(f["n"])
            row = (
                f["relation"],
                escape(f["object_name"]),
                f["route"],
                f["direction"],
                f["design"] or "",
                n,
                f["reference"],
            )
            table.add_row(*row)
        out.print(table)
    for r in page["references"]:
        out.print(f"[dim]{r['key']}[/] {escape(r['citation'])}")
