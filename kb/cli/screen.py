"""`kb screen`"""

from __future__ import annotations

import sys
import time
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
@click.argument("sources", nargs=-1, metavar="[FILE|FOLDER|-]...")
@click.option(
    "--library",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Keep what is read as Parquet in this folder, read no file twice, and screen all that is in it.",
)
@click.option("--ingredient", "ingredients", multiple=True, metavar="ID", help="Only studies of it; repeat.")
@click.option("--technique", "techniques", multiple=True, metavar="ID", help="Only studies of it; repeat.")
@click.option(
    "--indication",
    "indications",
    multiple=True,
    metavar="ID",
    help="Only studies of it, or of this harm or condition; repeat.",
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
@click.option("--humans", is_flag=True, help="Leave out studies of animals or cells alone.")
@click.option("--limit", type=click.IntRange(min=1), default=25, show_default=True, help="Most candidates to keep.")
@click.option("--known", "with_known", is_flag=True, help="Also show what references.bib already holds.")
@click.option("--decided", "with_decided", is_flag=True, help="Also show what was decided about before.")
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True, help="What carries it out."
)
@click.option("--cores", type=click.IntRange(min=1), metavar="N", help="Processor cores to use; all unless given.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.bib|FILE.ris|FILE.csv",
    help="Also write the candidates as BibTeX for `kb cite add`, as RIS with what was decided, or as CSV.",
)
@json_option
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Find candidate studies in bulk literature: which records should be read for this base.

    Takes PubMed XML (also packed, as PubMed's baseline and update files), Europe PMC XML and JSON, PubMed (.nbib), RIS and
    BibTeX of any size, folders of them, and - for standard input. A candidate names an ingredient or a technique
    and an indication, a harm or a condition of the base, or the field itself. Nothing is added anywhere; every point of the
    score has its reason. Papers of references.bib that were retracted or corrected are told.
    """
    _run(ctx, _Asked(**given))


@dataclass(frozen=True)
class _Asked:
    """What was given on the command line."""

    sources: tuple[str, ...]
    library: Path | None
    ingredients: tuple[str, ...]
    techniques: tuple[str, ...]
    indications: tuple[str, ...]
    since: int | None
    designs: tuple[str, ...]
    humans: bool
    limit: int
    with_known: bool
    with_decided: bool
    engine: str
    cores: int | None
    out: Path | None
    as_json: bool


def _run(ctx: click.Context, asked: _Asked) -> None:
    from kb.screen import screen
    from kb.screen.decisions import read as read_decisions
    from kb.screen.extras import MissingExtraError

    root, as_json = root_of(ctx), asked.as_json
    files = _files(asked)
    _check_out(asked.out, root, as_json)
    rarely_collect()
    base = _base(ctx, as_json)
    decisions = read_decisions(root)
    for one in decisions.unsound:
        say(str(one))
    bar = _Progress()
    try:
        result = screen(
            base,
            files,
            filters=_filters(base, asked),
            limit=asked.limit,
            with_known=asked.with_known,
            with_decided=asked.with_decided,
            decisions=decisions,
            library=asked.library,
            engine=asked.engine,
            cores=asked.cores,
            progress=bar,
        )
    except MissingExtraError as error:
        fail(str(error), 1, as_json)
    except OSError as error:
        fail(f"{error.filename or asked.library}: cannot be written: {error.strerror or error}", 1, as_json)
    bar.close()
    _write(base, asked, result)
    if as_json:
        print_json(result.as_dict())
    else:
        _print(base, result, asked.out)
    _tell_damage(result)
    raise SystemExit(1 if result.lost or not result.candidates else 0)


def _files(asked: _Asked) -> list[str]:
    """The files to read; ends with status 2 when one is not there, 1 when a folder holds none."""
    from kb.screen.source import STDIN, files_in

    missing = [s for s in asked.sources if s != STDIN and not Path(s).exists()]
    if missing:
        fail(f"{missing[0]}: no such file or folder; give the file that was saved from PubMed", 2, asked.as_json)
    if not asked.sources and (asked.library is None or not asked.library.is_dir()):
        fail(
            "nothing to screen; give a file or a folder of literature, or --library with what was read before",
            2,
            asked.as_json,
        )
    files = files_in(asked.sources)
    if asked.sources and not files:
        wanted = "it wants .xml, .json, .nbib, .ris or .bib, packed or not"
        fail(f"{asked.sources[0]}: holds no file of literature; {wanted}", 1, asked.as_json)
    return files


def _filters(base: KnowledgeBase, asked: _Asked) -> Filters:
    from kb.screen import Filters

    subjects = [
        *_ids(base, asked.ingredients, base.ingredients, asked.as_json),
        *_ids(base, asked.techniques, base.techniques, asked.as_json),
    ]
    objects = _ids(base, asked.indications, {*base.indications, *base.adverse_effects, *base.conditions}, asked.as_json)
    return Filters(
        frozenset(subjects), frozenset(objects), asked.since, frozenset(map(Design, asked.designs)), asked.humans
    )


def _write(base: KnowledgeBase, asked: _Asked, result: Screening) -> None:
    from kb.screen.export import write

    if asked.out is None or not result.candidates:
        return
    try:
        for line in write(asked.out, result.candidates, base.references):
            say(line)
    except OSError as error:
        fail(f"{asked.out}: cannot be written: {error.strerror or error}", 1, asked.as_json)


def _tell_damage(result: Screening) -> None:
    for one in result.skipped[:MOST_SKIPPED]:
        say(str(one))
    more = result.damaged + result.lost - len(result.skipped[:MOST_SKIPPED])
    if more > 0:
        say(f"... and {more} more damaged records")


def _check_out(out: Path | None, root: Path, as_json: bool) -> None:
    """End with status 2 for a file of another kind, and for the bibliography itself."""
    from kb.screen.export import SUFFIXES

    if out is None:
        return
    if out.suffix.lower() not in SUFFIXES:
        fail(f"{out}: --out writes .bib, .ris or .csv; give the file one of these endings", 2, as_json)
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
    """One line on a terminal, renewed with each file, when reading takes longer than a second."""

    def __init__(self) -> None:
        self._began, self._shown, self._read = time.monotonic(), False, 0

    def __call__(self, file: str, read: int) -> None:
        self._read += read
        if time.monotonic() - self._began > 1 and sys.stderr.isatty():
            self._shown = True
            click.echo(f"\r\033[K  {Path(file).name}: {self._read:,} records read", err=True, nl=False)

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
        f"{result.decided:,} decided before",
        f"{result.found:,} candidate{'' if result.found == 1 else 's'}",
    ]
    shown = f", the best {len(result.candidates):,} shown" if result.found > len(result.candidates) else ""
    screen.print("; ".join(count for count in counts if not count.startswith("0 ")) + shown)
    for alarm in result.alarms:
        if not alarm.recorded:
            screen.print(
                escape(f"{alarm.key}, which is cited: {alarm.kind.replace('-', ' ')}: {alarm.said}"), soft_wrap=True
            )
    if out is not None and result.candidates:
        cure = f"; bring them in with `kb cite add {out}`" if out.suffix.lower() == ".bib" else ""
        screen.print(escape(f"written to {out}{cure}"), soft_wrap=True)


def _study(one: Candidate) -> str:
    """Title, journal, year and number, with what must be seen first: a retraction, or that it is known."""
    from rich.markup import escape

    fields = one.entry.fields
    flags = "[bold red]RETRACTED[/] " if one.weighed.retracted else ""
    flags += f"[dim]known as {one.known}[/] " if one.known else ""
    flags += f"[dim]{one.decision.decision.value}: {escape(one.decision.criterion)}[/] " if one.decision else ""
    number = f"PMID {fields['pmid']}" if fields.get("pmid") else fields.get("doi")
    where = [fields.get("journal"), fields.get("year"), number or f"{one.entry.source}:{one.entry.line}"]
    source = escape(" · ".join(str(part) for part in where if part))
    return f"{flags}{escape(str(fields['title']))}\n[dim]{source}[/]"
