"""`kb build`"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from kb.cli.common import (
    fail,
    fail_with_problems,
    json_option,
    print_json,
    progress,
    rarely_collect,
    root_of,
    say,
    unwritten,
)


class _Rejected(Exception):
    """The check found critical problems; `args[0]` is its report."""


@click.command("build")
@json_option
@click.option(
    "--check",
    "checked",
    is_flag=True,
    help="Run `kb check` beside it; on critical problems the snapshot that is there stays.",
)
@click.pass_context
def command(ctx: click.Context, as_json: bool, checked: bool) -> None:
    """Compile the formulary and the bibliography into build/kb.sqlite."""
    from kb.compile import build
    from kb.problems import BadData
    from kb.snapshot import open_snapshot

    rarely_collect()
    root = root_of(ctx)
    started = time.perf_counter()
    report: dict[str, Any] = {}
    with ExitStack() as stack:
        beside = stack.enter_context(_check(root)) if checked else None

        def approve() -> None:
            if beside:
                progress("waiting for the check")
                report.update(_answer(beside))
                if not report["success"]:
                    raise _Rejected(report)

        try:
            path = build(root, progress=progress, approve=approve)
        except BadData as bad:
            fail_with_problems(bad.problems, as_json)
        except _Rejected:
            _reject(report, as_json)
        except ValueError as error:
            fail(str(error), 1, as_json)
        except (OSError, sqlite3.OperationalError) as error:  # a full disk, a place that may not be written
            fail(unwritten(root, error), 1, as_json)
    snap = open_snapshot(path)
    seconds = round(time.perf_counter() - started, 2)
    counts = snap.document("counts")
    if as_json:
        value = {
            "path": str(path),
            "bytes": path.stat().st_size,
            "seconds": seconds,
            "meta": snap.meta,
            "counts": counts,
        }
        print_json(value | ({"expectations": report["expectations"], "problems": report["problems"]} if report else {}))
        return
    numbers = ", ".join(
        f"{counts[k]} {k}" for k in ("ingredients", "techniques", "findings", "assessments", "references", "claims")
    )
    click.echo(f"{path}: {numbers}; {path.stat().st_size / 1e6:.1f} MB in {seconds} s")
    click.echo(
        f"version {snap.meta['version']}, content {snap.meta['content'][:12]}, last review of a page {snap.meta['date']}"
    )
    if report:
        click.echo(f"checked: {report['expectations']['evaluated']} expectations, nothing critical")


def _check(root: Path) -> subprocess.Popen[str]:
    """`kb check` in a process of its own: Great Expectations takes as long to start as the whole build."""
    command = [sys.executable, "-m", "kb.cli", "--root", str(root), "check", "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _answer(beside: subprocess.Popen[str]) -> dict[str, Any]:
    """What the check says. Raises ValueError when it could not be run."""
    out, err = beside.communicate()
    try:
        value: dict[str, Any] = json.loads(out)
    except json.JSONDecodeError:
        raise ValueError(f"the check did not run: {err.strip()[-500:]}") from None
    if "error" in value:
        raise ValueError(str(value["error"]))
    return value


def _reject(report: dict[str, Any], as_json: bool) -> None:
    critical = [p for p in report["problems"] if p["severity"] == "critical"]
    for problem in critical:
        say(f"{problem['file']}:{problem['line']}: {problem['field']}: {problem['message']}; {problem['cure']}")
    if as_json:
        print_json({"error": f"{len(critical)} critical problems", "problems": critical})
    say(f"{len(critical)} critical problems; the snapshot was not replaced (`kb check` tells all)")
    raise SystemExit(1)
