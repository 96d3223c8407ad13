"""What the commands share: the root, opening the snapshot, one way to print JSON and to fail."""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
from collections.abc import Container
from pathlib import Path
from typing import Any, NoReturn

import click

from kb.atomic import because
from kb.problems import Problem

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document on stdout and nothing else."
)


def root_of(ctx: click.Context) -> Path:
    return Path(ctx.find_root().obj or ".")


def rarely_collect() -> None:
    """For commands that read everything once and end: looking for garbage among records that all stay costs a tenth of the time."""
    gc.set_threshold(200_000, 20, 100)


def say(text: str) -> None:
    """Progress and errors go to stderr, so that stdout holds the answer alone."""
    click.echo(text, err=True)


def progress(text: str) -> None:
    """Progress is for people: shown on a terminal, silent in a pipe."""
    if sys.stderr.isatty():
        say(f"  {text} ...")


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=list))


def console() -> Any:
    """A rich console on stdout; colour only where a terminal shows it."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def fail(message: str, status: int, as_json: bool = False) -> NoReturn:
    """End with a message on stderr, and as `{"error": ...}` on stdout for programs."""
    if as_json:
        print_json({"error": message})
    say(message)
    raise SystemExit(status)


def snapshot(ctx: click.Context, as_json: bool = False) -> Any:
    """The fresh snapshot of the root, built first if need be, or that of an installed content package where there is no root.

    Ends with status 1 when the data is bad.
    """
    from kb.snapshot import DamagedSnapshot, StaleSnapshot, open_snapshot

    root = root_of(ctx)
    if file := installed_for(root, as_json):
        try:
            return open_snapshot(file)
        except (DamagedSnapshot, StaleSnapshot) as error:
            fail(f"{error}; or install the content package that goes with this program", 1, as_json)
    from kb.compile import ensure
    from kb.problems import BadData

    try:
        return open_snapshot(ensure(root, progress))
    except BadData as bad:
        fail_with_problems(bad.problems, as_json)
    except (OSError, sqlite3.OperationalError) as error:
        fail(unwritten(root, error), 1, as_json)


def unwritten(root: Path, error: OSError | sqlite3.OperationalError) -> str:
    """A full disk, or a place that may not be written, when a snapshot is built."""
    return (
        f"{root / 'build'}: the snapshot cannot be written ({because(error)}); the old one stays; "
        "make room, or run `kb build` as a user who may"
    )


def installed_for(root: Path, as_json: bool = False) -> Path | None:
    """The snapshot of an installed content package, where `root` holds no formulary of its own."""
    if (root / "formulary").exists():
        return None
    from kb.snapshot.installed import installed

    try:
        return installed()
    except LookupError as error:
        fail(str(error), 1, as_json)


def fail_with_problems(problems: list[Problem], as_json: bool) -> NoReturn:
    for problem in problems:
        say(str(problem))
    if as_json:
        print_json({"error": f"{len(problems)} problems in the data", "problems": [str(p) for p in problems]})
    say(f"{len(problems)} problems; nothing was built")
    raise SystemExit(1)


def meant(slug: str, snap: Any, known: Container[str]) -> str:
    """The id itself, or the one known thing that bears it as a synonym or brand (`vitamin-c`); else what was given."""
    if slug in known:
        return slug
    named = [i for i in snap.index.named(slug) if i in known]
    if len(named) != 1:
        return slug
    say(f"{slug!r} is taken for {named[0]!r}")
    return str(named[0])


def unknown(slug: str, snap: Any, as_json: bool) -> NoReturn:
    """End with status 2 for an id the base does not know, naming the nearest."""
    near = [hit.id for hit in snap.search(slug.replace("-", " "), 5) if hit.kind not in {"reference", "claim"}][:3]
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `kb find TEXT` looks for it"
    fail(f"unknown id {slug!r}{hint}", 2, as_json)
