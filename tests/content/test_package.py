"""Program and content as wheels in a new environment and an empty folder, as somebody has them who never saw a checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from kb.compile import ensure
from kb.exports import export
from kb.snapshot import open_snapshot
from tests.serve.running import free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder beside an environment that holds the two wheels and, from here, the packages they depend on."""
    place = tmp_path_factory.mktemp("home")
    engine = next(iter(WheelBuilder(str(ROOT)).build(directory=str(place / "engine"), versions=["standard"])))
    content = next(p for p in export("wheel", open_snapshot(ensure(ROOT)), place / "content") if p.suffix == ".whl")
    venv.create(place / "env", with_pip=False)
    site = next((place / "env" / "lib").glob("python*")) / "site-packages"
    for wheel in (engine, content):
        with zipfile.ZipFile(wheel) as file:
            file.extractall(site)
    # A path named in a .pth file brings its packages along, but not the checkout that is installed there as editable.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (place / "empty").mkdir()
    return place


def kb(home: Path, *given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(home, *given), cwd=home / "empty", env=_environment(), capture_output=True, text=True
    )


def _command(home: Path, *given: str) -> list[str]:
    return [str(home / "env" / "bin" / "python"), "-m", "kb.cli", *given]


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "KB_CONTENT", "VIRTUAL_ENV")}


def test_the_program_is_the_one_from_the_wheel(home: Path) -> None:
    told = subprocess.run(
        [str(home / "env" / "bin" / "python"), "-c", "import kb; print(kb.__file__)"],
        cwd=home / "empty", env=_environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.startswith(str(home / "env"))


def test_a_page_and_a_check_are_answered_in_an_empty_folder(home: Path) -> None:
    shown = kb(home, "show", "minoxidil", "--json")
    assert shown.returncode == 0 and json.loads(shown.stdout)["name"] == "Minoxidil", shown.stderr
    checked = kb(home, "precheck", "--ingredient", "finasteride", "--condition", "pregnancy", "--json")
    assert any(a["severity"] == "contraindicated" for a in json.loads(checked.stdout)["alerts"]), checked.stderr
    assert list((home / "empty").iterdir()) == []


def test_the_content_wheel_says_its_licence_and_its_release(home: Path) -> None:
    (about,) = (home / "env").rglob("mesotherapy_kb_content-*.dist-info/METADATA")
    text = about.read_text(encoding="utf-8")
    assert "License-Expression: CC-BY-4.0" in text and "Requires-Dist: mesotherapy-kb" in text
    manifest = json.loads((home / "content" / "manifest.json").read_text(encoding="utf-8"))
    assert f"Version: {manifest['release']}\n" in text


@pytest.fixture
def served(home: Path) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        _command(home, "serve", "--port", str(port), "--kernels", "0", "--no-log"),
        cwd=home / "empty", env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def test_the_pages_are_served_in_an_empty_folder(served: str) -> None:
    assert "Minoxidil" in _asked(f"{served}ingredient?ingredient=minoxidil")


def _asked(address: str) -> str:
    while True:  # until it listens; the test's own time limit ends it
        try:
            with urllib.request.urlopen(address) as answer:
                return str(answer.read().decode("utf-8"))
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)


def test_without_content_it_says_what_is_missing(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "kb.cli", "show", "minoxidil"],
        cwd=tmp_path, env=_environment(), capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 1 and "formulary" in told.stderr
