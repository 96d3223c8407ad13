"""Another field's base runs on the same code, under its own name, without a word of this one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from kb import views
from kb.api.answers import Answers
from kb.api.app import make
from kb.cli import main
from kb.compile import build
from kb.exports import FORMATS, export
from kb.problems import BadData
from kb.snapshot import Snapshot, open_snapshot
from tests import whole
from tests.content.second_field import INGREDIENTS, NAME, TECHNIQUES, begin

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begin(tmp_path_factory.mktemp("lamps") / "base")


@pytest.fixture(scope="module")
def lamps(root: Path) -> Snapshot:
    return open_snapshot(build(root))


@pytest.fixture(scope="module")
def foreign() -> re.Pattern[str]:
    """The names of this base's ingredients and techniques, and of its field."""
    names = {
        row["name"] for row in whole.snapshot().document("catalogue") if row["kind"] in ("ingredient", "technique")
    }
    names = {n for n in names if len(n) > 5 and n.lower() not in ("topical", "placebo", "saline")}
    return re.compile(r"mesotherap\w*|\b(?:" + "|".join(map(re.escape, sorted(names))) + r")\b", re.IGNORECASE)


def test_it_holds_its_own_subjects_and_passes_the_checks(lamps: Snapshot, root: Path) -> None:
    counts = lamps.document("counts")
    assert (counts["ingredients"], counts["techniques"]) == (INGREDIENTS, TECHNIQUES)
    told = CliRunner().invoke(main, ["--root", str(root), "check", "--json"])
    assert json.loads(told.stdout)["success"], told.stdout[:2000]


def test_no_page_of_its_site_has_a_word_of_this_field(
    lamps: Snapshot, foreign: re.Pattern[str], tmp_path: Path
) -> None:
    for path in export("site", lamps, tmp_path):
        text = path.read_text(encoding="utf-8") if path.suffix in (".html", ".json", ".txt", ".xml") else ""
        assert not foreign.search(text), (path, foreign.search(text))
    front = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert NAME in front and "What is known in lamp repair" in front


@pytest.mark.parametrize("view", views.VIEWS)
def test_every_view_of_the_server_speaks_of_lamps_alone(lamps: Snapshot, foreign: re.Pattern[str], view: str) -> None:
    shown = views.render(view, {}, lamps)
    assert shown.status == 200 and not foreign.search(shown.html), foreign.search(shown.html)


def test_its_exports_its_interface_and_its_hooks_bear_its_name(
    lamps: Snapshot, foreign: re.Pattern[str], tmp_path: Path
) -> None:
    for name in set(FORMATS) - {"site", "pdf", "wheel", "citations"}:
        for path in export(name, lamps, tmp_path / name):
            if path.suffix != ".parquet" and "schema" not in path.parts:
                assert not foreign.search(path.read_text(encoding="utf-8")), path
    answers = Answers(lamps)
    client = TestClient(make(lambda: answers))
    assert client.get("/api/v1").json()["title"] == NAME
    assert not foreign.search(client.get("/cds-services").text)


def test_a_check_answers_from_its_own_cautions(lamps: Snapshot) -> None:
    told = Answers(lamps).check({"ingredients": ["Oil 3"], "conditions": ["rust"]})["answer"]
    assert [(a["severity"], a["trigger"]) for a in told["alerts"]] == [("avoid", "rust")]


def test_a_thing_the_first_page_offers_and_that_has_gone_is_an_error(tmp_path: Path) -> None:
    root = begin(tmp_path / "base")
    path = root / "formulary" / "field.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("oil-2", "oil-99"), encoding="utf-8")
    with pytest.raises(BadData, match=r"field\.yaml:\d+: comparisons \(Two oils\).*oil-99"):
        build(root)


def test_a_base_is_not_begun_where_one_stands(root: Path) -> None:
    again = CliRunner().invoke(main, ["init", str(root), "--subject", "lamps"])
    assert again.exit_code == 1 and "a base stands there already" in again.output
