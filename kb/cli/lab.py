"""`kb lab`"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from kb.cli.common import fail, root_of


@click.command("lab", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Open JupyterLab on the author notebooks; further arguments go to JupyterLab."""
    root = root_of(ctx).resolve()
    if not (root / "notebooks" / "author").is_dir():
        fail(f"{root}: there is no notebooks/author here; run kb in the checkout", 2)
    # The whole checkout is the root, so that authors can open formulary/ beside their notebooks.
    start = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        "--LabApp.default_url=/lab/tree/notebooks/author/0-start-here.ipynb",
    ]
    quiet = ["--LabApp.news_url=None", "--LabApp.extension_manager=readonly"]
    quiet += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    # The package's own settings, after the author's: no announcements are fetched from other hosts, and nobody is asked.
    settings = str(Path(__file__).parent.parent / "author" / "lab")
    known = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = f"{known}{os.pathsep}{settings}" if known else settings
    os.execv(sys.executable, [*start, *quiet, *arguments])
