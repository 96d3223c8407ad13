"""`kb screen`"""

from __future__ import annotations

import sys
import time
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.common import (
    console,
    fail,
    fail_with_problems,
    json_option,
    meant,
    print_json,
    rarely_collect,
    root_of,
    say,
    unknown,
)
from kb.model.terms import Design

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase
    from kb.questions.search import Hit, Index
    from kb.screen import Filters, Screening
    from kb.screen.candidate import Candidate

MOST_SKIPPED = 20
"""Damaged records that are printed; `--json` has them all."""


@click.command("screen")
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER|-...")
@click.option("--ingredient", "ingredients", multiple=True, metavar="ID", help="Only studies that speak of it; repeat.")
@click.option("--technique", "techniques", multiple=True, metavar="ID", help="Only studies that speak of it; repeat.")
@click.option(
    "--indication",
    "indications",
    multiple=True,
    metavar="ID",
    help="Only studies that speak of it, or of this harm or condition; repeat.",
)
@click.option("--since", type=click.IntRange(1800, 2100), metavar="YEAR", help="Only studies from this year on.")
@click.option(
    "--design",
    "designs",
    multiple=True,
    metavar="DESIGN",
    type=click.Choice([d.value for d in Design if d is not Design.NOT_STATED]),
    help="Only studies of this design, said or guessed, such as rct or meta-analysis; repeat.",
)
@click.option("--limit", type=click.IntRange(min=1), default=25, show_default=True, help="Most candidates to keep.")
@click.option("--known", "with_known", is_flag=True, help="Also show what stands in references.bib already.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.bib|FILE.csv",
    help="Also write the candidates as BibTeX for `kb cite add`, or as CSV.",
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    sources: tuple[str, ...],
    ingredients: tuple[str, ...],
    techniques: tuple[str, ...],
    indications: tuple[str, ...],
    since: int | None,
    designs: tuple[str, ...],
    limit: int,
    with_known: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Find candidate studies in bulk literature: which records should be read for this base.

    Takes PubMed XML (also packed, as PubMed's baseline), PubMed (.nbib), RIS and BibTeX of any size, folders of them,
    and - for standard input. A candidate speaks of an ingredient or a technique and of an indication, a harm or a
    condition of the base. Nothing is added anywhere; every point of the score has its reason.
    """
    from kb.screen import Filters, screen
    from kb.screen.source import STDIN, files_in

    missing = [s for s in sources if s != STDIN and not Path(s).exists()]
    if missing:
        fail(f"{missing[0]}: no such file or folder; give the file that was saved from PubMed", 2, as_json)
    _check_out(out, root_of(ctx), as_json)
    files = files_in(sources)
    if not files:
        fail(
            f"{sources[0]}: holds no file of literature; it wants .xml, .nbib, .ris or .bib, packed or not", 1, as_json
        )
    rarely_collect()
    base = _base(ctx, as_json)
    filters: Filters = Filters(
        frozenset(
            [*_ids(base, ingredients, base.ingredients, as_json), *_ids(base, techniques, base.techniques, as_json)]
        ),
        frozenset(_ids(base, indications, {*base.indications, *base.adverse_effects, *base.conditions}, as_json)),
        since,
        frozenset(map(Design, designs)),
    )
    bar = _Progress()
    result = screen(base, files, filters=filters, limit=limit, with_known=with_known, progress=bar)
    bar.close()
    if out is not None and result.candidates:
        from kb.screen.export import write

        try:
            for line in write(out, result.candidates, base.references):
                say(line)
        except OSError as error:
            fail(f"{out}: cannot be written: {error.strerror or error}", 1, as_json)
    if as_json:
        print_json(result.as_dict())
    else:
        _print(base, result, out)
    for one in result.skipped[:MOST_SKIPPED]:
        say(str(one))
    more = result.damaged + result.lost - len(result.skipped[:MOST_SKIPPED])
    if more > 0:
        say(f"... and {more} more damaged records")
    raise SystemExit(1 if result.lost or not result.candidates else 0)


def _check_out(out: Path | None, root: Path, as_json: bool) -> None:
    """End with status 2 for a file of another kind, and for the bibliography itself."""
    from kb.screen.export import SUFFIXES

    if out is None:
        return
    if out.suffix.lower() not in SUFFIXES:
        fail(f"{out}: --out writes .bib or .csv; give the file one of these endings", 2, as_json)
    if out.resolve() == (root / "references.bib").resolve():
        fail(f"{out}: candidates come into the bibliography by `kb cite add`; give another file", 2, as_json)


def _base(ctx: click.Context, as_json: bool) -> KnowledgeBase:
    from kb.knowledge import load
    from kb.problems import BadData

    try:
        return load(root_of(ctx))
    except BadData as bad:
        fail_with_problems(bad.problems, as_json)


class _Names:
    """What `meant` and `unknown` ask of a snapshot, from the records that were read anyway."""

    def __init__(self, base: KnowledgeBase) -> None:
        from kb.questions.search import Index

        self.index: Index = Index.of(base)

    def search(self, text: str, limit: int) -> list[Hit]:
        return self.index.search(text, limit)


def _ids(base: KnowledgeBase, given: tuple[str, ...], known: Container[str], as_json: bool) -> list[str]:
    """The ids that were meant; ends with status 2 for one the base does not know."""
    if all(slug in known for slug in given):
        return list(given)
    names, found = _Names(base), []
    for slug in given:
        one = meant(slug, names, known)
        if one not in known:
            unknown(slug, names, as_json)
        found.append(one)
    return found


class _Progress:
    """One line on a terminal, renewed twice a second, when reading takes longer than a second."""

    def __init__(self) -> None:
        self._began = self._told = time.monotonic()
        self._shown = False

    def __call__(self, file: str, read: int, found: int) -> None:
        now = time.monotonic()
        if now - self._began > 1 and now - self._told > 0.5 and sys.stderr.isatty():
            self._told, self._shown = now, True
            click.echo(f"\r\033[K  {Path(file).name}: {read:,} records read, {found:,} candidates", err=True, nl=False)

    def close(self) -> None:
        if self._shown:
            click.echo("\r\033[K", err=True, nl=False)


def _print(base: KnowledgeBase, result: Screening, out: Path | None) -> None:
    from rich.markup import escape
    from rich.table import Table

    screen = console()
    if result.candidates:
        table = Table("", "Score", "Study", "Why", show_lines=True)
        for column, ratio in ((2, 2), (3, 3)):
            table.columns[column].ratio = ratio
        for one in result.candidates:
            table.add_row(str(one.rank), str(one.weighed.score), _study(one), escape("; ".join(one.reasons)))
        screen.print(table)
    else:
        screen.print("no candidate found")
    counts = [
        f"{result.read:,} record{'' if result.read == 1 else 's'} read",
        f"{result.damaged:,} damaged",
        f"{result.repeated:,} repeated",
        f"{result.known:,} in references.bib already",
        f"{result.found:,} candidate{'' if result.found == 1 else 's'}",
    ]
    shown = f", the best {len(result.candidates):,} shown" if result.found > len(result.candidates) else ""
    screen.print("; ".join(count for count in counts if not count.startswith("0 ")) + shown)
    if out is not None and result.candidates:
        cure = f"; bring them in with `kb cite add {out}`" if out.suffix.lower() == ".bib" else ""
        screen.print(escape(f"written to {out}{cure}"), soft_wrap=True)


def _study(one: Candidate) -> str:
    """Title, journal, year and number, with what must be seen first: a retraction, or that it is known."""
    from rich.markup import escape

    fields = one.entry.fields
    flags = "[bold red]RETRACTED[/] " if one.weighed.retracted else ""
    flags += f"[dim]known as {one.known}[/] " if one.known else ""
    number = f"PMID {fields['pmid']}" if fields.get("pmid") else fields.get("doi")
    where = [fields.get("journal"), fields.get("year"), number or f"{one.entry.source}:{one.entry.line}"]
    source = escape(" · ".join(str(part) for part in where if part))
    return f"{flags}{escape(str(fields['title']))}\n[dim]{source}[/]"
