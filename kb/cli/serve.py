"""`kb serve`"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from kb.cli.common import fail, fail_with_problems, installed_for, root_of, say, unwritten


@click.command("serve")
@click.option("--edition", type=click.Choice(["clinician", "trainee"]), default="clinician", show_default=True)
@click.option("--port", default=8866, show_default=True, help="Port on this machine.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Beyond this machine readers have to sign in with a token (KB_TOKEN or KB_TOKEN_FILE).",
)
@click.option("--allow-host", "hosts", multiple=True, help="A name readers know the server by; repeat for more.")
@click.option("--base-url", default="/", show_default=True, help="Path the pages live under, such as /mesotherapy/.")
@click.option(
    "--proxy", is_flag=True, help="A reverse proxy on this machine is in front and names the client of each request."
)
@click.option("--user-header", default="", help="Header in which that proxy names the reader who signed in with it.")
@click.option("--hub", is_flag=True, help="A JupyterHub started this as its service and signs readers in (deploy/hub).")
@click.option("--no-sign-in", is_flag=True, help="No token, although the server can be reached from elsewhere.")
@click.option("--url", default="", help="Whole address of the pages, printed with a QR code on hand-outs for patients.")
@click.option("--embed", multiple=True, help="Site whose pages may show widgets, e.g. https://clinic.example; repeat.")
@click.option("--kernels", type=click.IntRange(0), help="Notebooks run at a time, at most; 0 for none.")
@click.option(
    "--snapshot",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Serve this file and build nothing; the formulary need not be here.",
)
@click.option("--log/--no-log", "logged", default=True, show_default=True, help="A line on stderr for every request.")
@click.option("--open/--no-open", "open_browser", default=False, help="Open a browser when it is ready.")
@click.option(
    "--check/--no-check",
    "checked",
    default=True,
    show_default=True,
    help="Run `kb check` beside it when the report on the About page is missing or is about other content.",
)
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Serve the dashboards with Voilà, building the snapshot first if it is stale."""
    root = root_of(ctx).resolve()
    snapshot = given["snapshot"] or installed_for(root)
    if snapshot is None:
        _build(root)
    from kb.serve import serve
    from kb.serve.app import PortTakenError
    from kb.serve.hub import place
    from kb.serve.options import Options, token_from_environment
    from kb.snapshot import DamagedSnapshot, StaleSnapshot

    try:
        if given["hub"]:
            given["base_url"], given["host"], given["port"] = place()
        options = Options(
            root=root,
            snapshot=(snapshot or root / "build" / "kb.sqlite").resolve(),
            edition=given["edition"],
            host=given["host"],
            port=given["port"],
            base_url=given["base_url"],
            hosts=given["hosts"],
            token="" if given["no_sign_in"] else token_from_environment(),
            user_header=given["user_header"],
            proxy=given["proxy"] or given["hub"],
            hub=given["hub"],
            kernels=given["kernels"],
            embed=given["embed"],
            url=given["url"],
            log_requests=given["logged"],
            open_browser=given["open_browser"],
        )
        with _report_beside(root, given["checked"] and snapshot is None):
            serve(options)
    except (ValueError, OSError, PortTakenError, DamagedSnapshot, StaleSnapshot) as error:
        fail(str(error), 1)


def _build(root: Path) -> None:
    from kb.compile import ensure
    from kb.problems import BadData

    try:
        ensure(root, lambda text: say(f"  {text} ..."))
    except BadData as bad:
        fail_with_problems(bad.problems, as_json=False)
    except (OSError, sqlite3.OperationalError) as error:
        fail(unwritten(root, error), 1)


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
