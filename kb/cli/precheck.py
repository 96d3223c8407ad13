"""`kb precheck`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import console, fail, json_option, print_json, say, snapshot
from kb.model.terms import Severity

if TYPE_CHECKING:
    from kb.questions.answer import Answer


@click.command("precheck")
@click.option(
    "--ingredient", "ingredients", multiple=True, metavar="WORD", help="In the syringe, with its amount if you like."
)
@click.option("--technique", "techniques", multiple=True, metavar="WORD", help="How it is given.")
@click.option("--condition", "conditions", multiple=True, metavar="WORD", help="What the patient has.")
@click.option("--substance", "substances", multiple=True, metavar="WORD", help="What the patient takes.")
@click.option("--allergic-to", multiple=True, metavar="WORD", help="An ingredient, an excipient or a class.")
@click.option("--done", multiple=True, metavar="WORD", help="What was done lately: `filler 3 weeks ago`.")
@click.option("--coming", multiple=True, metavar="WORD", help="What is planned: `operation in 5 days`.")
@click.option("--site", "sites", multiple=True, metavar="WORD", help="Where it is given: scalp, lips, under the chin.")
@click.option("--age", "years", type=click.FloatRange(0, 130), metavar="YEARS", help="Age of the patient.")
@click.option("--weight", "kg", type=click.FloatRange(0.3, 500), metavar="KG", help="Body weight.")
@click.option("--sex", type=click.Choice(["female", "male"]), help="Sex of the patient.")
@click.option("--amount", "amounts", multiple=True, metavar="WORD=TEXT", help="`lidocaine=5 mL of 2 %`.")
@click.option(
    "--jurisdiction",
    "jurisdictions",
    multiple=True,
    metavar="PLACE",
    help="Show the regulatory status that counts in this place.",
)
@json_option
@click.pass_context
def command(ctx: click.Context, /, as_json: bool, amounts: tuple[str, ...], **plan: Any) -> None:
    """Check a cocktail, a technique and a patient before the session. Nothing given here is stored.

    Every option but age, weight and sex may be repeated, and takes words as people say them: ids, names, brands, lay words, `pregnant 10
    weeks`, `allergic to lidocaine`. The exit status is 0 when everything was understood, 1 when a word was not (the rest is checked and
    the word listed), 2 when the call itself is wrong.
    """
    if not plan["ingredients"] and not plan["techniques"]:
        fail("nothing to check; give at least one --ingredient or a --technique", 2, as_json)
    given = dict(a.partition("=")[::2] for a in amounts)
    if not all(given.values()):
        fail("--amount needs the form `lidocaine=5 mL of 2 %`", 2, as_json)
    technique = plan.pop("techniques")
    answer: Answer = snapshot(ctx, as_json).precheck.check(technique=technique, amounts=given, **plan)
    if as_json:
        print_json(answer.as_dict())
    else:
        _print(answer)
    for word in answer.unresolved:
        say(f"not checked: {word.said!r} is not known{_near(word.near)}")
    raise SystemExit(0 if answer.understood else 1)


def _near(near: list[str]) -> str:
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _print(answer: Answer) -> None:
    from rich.markup import escape

    out = console()
    _given(answer, out, escape)
    for status in answer.status:
        out.print(
            f"[bold white on red] {status.state.upper()} [/] {escape(status.message)} [dim]{', '.join(status.references)}[/]"
        )
    for notice in answer.notices:
        out.print(f"[bold]Note:[/] {escape(notice.message)} [dim]{', '.join(notice.references)}[/]")
    by_id = {(a.subject, a.caution): a for a in answer.alerts}
    for card in answer.cards:
        heading = f"{' and '.join([*card.fact_names, *card.beside_names])} with {' and '.join(card.subject_names)}"
        out.print(f"[{Severity(card.severity).colour}] {card.severity.upper()} [/] [bold]{escape(heading)}[/]")
        for alert in (a for (s, c), a in by_id.items() if card.holds(s, c, (a.trigger, *a.also))):
            _alert(alert, out, escape)
    for share in answer.maxima:
        out.print(f"Dose: {escape(share.message)} [dim]{', '.join(share.references)}[/]")
    for dose in answer.doses:
        if dose.said:
            out.print(f"Dose: {escape(dose.message)}")
    for pair in answer.mixing:
        names = f"{pair.a_name} with {pair.b_name}"
        out.print(f"Mixing {escape(names)}: [bold]{pair.compatibility}[/]. {escape(pair.summary)}")
    for double in answer.duplicates:
        out.print(f"The same action twice ({escape(double['action_name'])}): {', '.join(double['ingredients'])}")
    for fact in answer.silent:
        out.print(f"[dim]Raised nothing: {escape(fact.said)}. {escape(fact.why)}[/]")
    for part in answer.bare:
        out.print(f"No caution of any kind is recorded for {escape(part.name)}: a gap, not a clean bill.")
    if not answer.alerts:
        out.print("No caution applies to what was given. That is no proof of safety.")


def _given(answer: Answer, out: Any, escape: Any) -> None:
    for given in answer.given:
        names = ", ".join(m.name for m in given.means)
        if given.notes or (given.means and given.how not in ("id", "name")):
            out.print(
                f"[dim]{escape(given.said)}: {escape(names)}. {escape(' '.join(given.notes))}[/]".replace(
                    ". [/]", ".[/]"
                )
            )
    for word in answer.not_counted:
        out.print(f"[bold]Not counted:[/] {escape(word.said)} ({escape(word.why)})")
    for unknown in answer.unresolved:
        out.print(f"[bold red]NOT CHECKED:[/] {escape(unknown.said)} is not known.")


def _alert(alert: Any, out: Any, escape: Any) -> None:
    out.print(f"  {escape(alert.message)}")
    out.print(f"  [bold]Do:[/] {escape(alert.action)}")
    days = alert.window_days or {}
    for side in ("before", "after"):
        if days.get(side) is not None:
            out.print(f"  [bold]Window:[/] {days[side]} days {side} the session")
    balance = f"{len(alert.evidence_for)} findings for, {len(alert.evidence_against)} against"
    out.print(f"  [dim]{escape(alert.strength)} ({balance}; {', '.join(alert.references)})[/]")
