"""The threat model names tests that are there, and the texts on deployment name files that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8"))


def test_the_threat_model_names_tests() -> None:
    assert len(NAMED) > 25


@pytest.mark.parametrize(("file", "test"), NAMED, ids=[test for _, test in NAMED])
def test_each_control_has_the_test_it_names(file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["docs/serving.md", "docs/security.md", "deploy/README.md", "SECURITY.md"])
def test_links_lead_somewhere(text: str) -> None:
    path = ROOT / text
    for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), link
    for name in re.findall(r"^\| `([\w./-]+)` \|", path.read_text(encoding="utf-8"), re.M):
        if text.startswith("deploy"):
            assert (path.parent / name).exists(), name
