"""`kb precheck`"""

from __future__ import annotations

import click

from kb.cli.common import console, fail, json_option, meant, print_json, snapshot

_COLOUR = {"contraindicated": "bold white on red", "avoid": "bold red", "caution": "bold yellow", "inform": "cyan"}


@click.command("precheck")
@click.option("--ingredient", "ingredients", multiple=True, metavar="ID", help="In the syringe; repeat.")
@click.option("--technique", metavar="ID", help="How it is given.")
@click.option("--condition", "conditions", multiple=True, metavar="ID", help="What the patient has; repeat.")
@click.option("--substance", "substances", multiple=True, metavar="ID", help="What the patient takes; repeat.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    ingredients: tuple[str, ...],
    technique: str | None,
    conditions: tuple[str, ...],
    substances: tuple[str, ...],
    as_json: bool,
) -> None:
    """Check a cocktail, a technique and a patient before the session. Nothing given here is stored."""
    from kb.questions.precheck import UnknownSlug

    if not ingredients and not technique:
        fail("nothing to check; give at least one --ingredient or a --technique", 2, as_json)
    snap = snapshot(ctx, as_json)
    check = snap.precheck
    syringe, tools = (
        {s for s, subject in check.subjects.items() if subject["kind"] == k} for k in ("ingredient", "technique")
    )
    try:
        answer = check.check(
            [meant(slug, snap, syringe) for slug in ingredients],
            technique and meant(technique, snap, tools),
            [meant(slug, snap, check.terms) for slug in conditions],
            [meant(slug, snap, check.terms) for slug in substances],
        )
    except UnknownSlug as error:
        fail(str(error), 2, as_json)
    if as_json:
        print_json(answer.as_dict())
        return
    from rich.markup import escape

    out = console()
    for alert in answer.alerts:
        out.print(f"[{_COLOUR[alert.severity]}] {alert.severity.upper()} [/] {escape(alert.message)}")
        out.print(f"  [bold]Do:[/] {escape(alert.action)}")
        days = alert.window_days or {}
        for side, word in (("before", "before"), ("after", "after")):
            if days.get(side) is not None:
                out.print(f"  [bold]Window:[/] {days[side]} days {word} the session")
        balance = f"{len(alert.evidence_for)} findings for, {len(alert.evidence_against)} against"
        out.print(f"  [dim]{escape(alert.strength)} ({balance}; {', '.join(alert.references)})[/]")
    for pair in answer.mixing:
        out.print(
            f"Mixing {escape(pair.a_name)} with {escape(pair.b_name)}: [bold]{pair.compatibility}[/]. {escape(pair.summary)}"
        )
    for double in answer.duplicates:
        out.print(f"The same action twice ({escape(double['action_name'])}): {', '.join(double['ingredients'])}")
    if not answer.alerts:
        out.print("No caution of the base applies to what was given. That is no proof of safety.")
