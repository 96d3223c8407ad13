"""`kb serve`"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kb.cli.common import fail, fail_with_problems, root_of, say


@click.command("serve")
@click.option("--edition", type=click.Choice(["clinician", "trainee"]), default="clinician", show_default=True)
@click.option("--port", default=8866, show_default=True, help="Port on this machine.")
@click.option("--open/--no-open", "open_browser", default=False, help="Open a browser when it is ready.")
@click.option(
    "--check/--no-check",
    "checked",
    default=True,
    show_default=True,
    help="Run `kb check` beside it when the report on the About page is missing or speaks of other content.",
)
@click.pass_context
def command(ctx: click.Context, edition: str, port: int, open_browser: bool, checked: bool) -> None:
    """Serve the dashboards with Voilà, building the snapshot first if it is stale."""
    from kb.compile import ensure
    from kb.problems import BadData
    from kb.snapshot import DamagedSnapshot, StaleSnapshot

    root = root_of(ctx).resolve()
    try:
        ensure(root, lambda text: say(f"  {text} ..."))
    except BadData as bad:
        fail_with_problems(bad.problems, as_json=False)
    except OSError as error:
        fail(f"{root / 'build'}: cannot be written ({error.strerror}); run `kb build` as a user who may", 1)
    from kb.serve import run
    from kb.serve.app import PortTakenError

    try:
        with _report_beside(root, checked):
            run(edition=edition, port=port, root=root, open_browser=open_browser)
    except (ValueError, OSError, PortTakenError, DamagedSnapshot, StaleSnapshot) as error:
        fail(str(error), 1)


@contextmanager
def _report_beside(root: Path, wanted: bool) -> Iterator[None]:
    """Within the block a check may run, in a process of its own and behind everything else; it ends with the block."""
    build = root / "build"
    if not wanted or not os.access(build, os.W_OK) or _is_told(root):
        yield
        return
    command = [
        sys.executable,
        "-m",
        "kb.cli",
        "--root",
        str(root),
        "check",
        "--json",
        "--docs",
        str(build / "data-docs"),
    ]
    if nice := shutil.which("nice"):
        command = [nice, "-n", "15", *command]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _is_told(root: Path) -> bool:
    """Whether report and Data Docs are there and speak of the files as they are."""
    from kb.snapshot.fingerprint import content_hash

    try:
        report = json.loads((root / "build" / "validation.json").read_text(encoding="utf-8"))
        told = report["content"] == content_hash(root)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return told and (root / "build" / "data-docs" / "index.html").is_file()
