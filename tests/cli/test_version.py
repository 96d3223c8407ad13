"""One source says the version."""

import tomllib
from pathlib import Path

from click.testing import CliRunner

import kb
from kb.cli import main
from tests import whole

ROOT = Path(__file__).resolve().parents[2]


def test_program_package_and_snapshot_say_the_same_version() -> None:
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert kb.__version__ == said
    assert CliRunner().invoke(main, ["--version"]).output == f"kb, version {said}\n"
    assert '__version__ = "' not in (ROOT / "kb" / "__init__.py").read_text(encoding="utf-8")


def test_the_snapshot_names_the_program_that_made_it() -> None:
    snapshot = whole.snapshot()
    assert snapshot.meta["kb"]
