"""A real JupyterLab over a root of its own, started as authors start it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.author.conftest import PROJECT
from tests.serve.running import free_port

START_SECONDS = 400


@dataclass
class Lab:
    """JupyterLab in a process group of its own; `stop` ends it with its kernels."""

    root: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(120)

    def kernels(self) -> list[int]:
        """Process ids of the kernels of this JupyterLab."""
        done = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True
        )
        return [int(line.split()[0]) for line in done.stdout.splitlines() if "ipykernel" in line]

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook; its form comes by itself."""
        # A workspace of its own, or the tabs of the notebook before would come back too.
        page.goto(f"{self.url}/lab/workspaces/{notebook[0]}/tree/notebooks/author/{notebook}")
        self.stands(page)

    def stands(self, page: Page) -> None:
        """Wait until the form of the page in front stands."""
        page.wait_for_selector(".kb-author-page:not(.lm-mod-hidden) .kb-desk", timeout=240_000)


def start(root: Path) -> Lab:
    """Start `kb lab` on `root`, which gets the notebooks."""
    shutil.copytree(PROJECT / "notebooks" / "author", root / "notebooks" / "author")
    port = free_port()
    home = root.parent / "home"
    home.mkdir()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "KB_"))} | {
        "KB_AUTHOR": "Ada",
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }
    options = [
        "--no-browser",
        f"--port={port}",
        "--port-retries=0",
        "--allow-root",
        "--IdentityProvider.token=",
        "--ServerApp.ip=localhost",
    ]
    log = (root.parent / "lab.log").open("wb")
    command = [sys.executable, "-m", "kb.cli", "--root", str(root), "lab", *options]
    process = subprocess.Popen(command, stdout=log, stderr=log, env=env, start_new_session=True, cwd=PROJECT)
    lab = Lab(root, port, process)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{lab.url}/api/status", timeout=120)
            return lab
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > deadline:
                lab.stop()
                raise RuntimeError((root.parent / "lab.log").read_text(encoding="utf-8")[-2000:]) from None
            time.sleep(0.3)
