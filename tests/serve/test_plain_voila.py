"""The dashboards are notebooks that Voilà opens by itself, without our server."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.serve.running import PROJECT, free_port


@pytest.mark.slow
def test_plain_voila_shows_a_page(snapshot: Path, tmp_path: Path) -> None:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "voila",
        "--no-browser",
        f"--port={port}",
        str(PROJECT / "notebooks" / "dashboards"),
    ]
    environment = os.environ | {"KB_SNAPSHOT": str(snapshot), "HOME": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
    try:
        address = f"http://localhost:{port}/voila/render/ingredient.ipynb?ingredient=biotin"
        deadline = time.monotonic() + 400
        while True:
            try:
                html = urllib.request.urlopen(address, timeout=120).read().decode()
                break
            except urllib.error.HTTPError as error:
                raise AssertionError((tmp_path / "log").read_text(encoding="utf-8")) from error
            except OSError:
                assert process.poll() is None, (tmp_path / "log").read_text(encoding="utf-8")
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert r"Biotin\u003c/h1\u003e" in html  # Voilà sends outputs as JSON, which its own script draws
        assert "Something went wrong" not in html
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(400)
        finally:
            process.kill()
