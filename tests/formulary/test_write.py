"""Saving keeps every value, every comment and the order; it writes one canonical form; a kill loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.cli import main
from kb.formulary.validate import validate
from kb.formulary.write import canonical, dump, plain, save
from kb.formulary.yamltext import parse
from kb.model import Ingredient
from kb.model.terms import Basis, CocktailRole, Direction, IngredientKind, Measure, Relation, Route
from tests.formulary.conftest import INGREDIENT

ROOT = Path(__file__).parents[2]

slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,3}", fullmatch=True).filter(lambda s: len(s) < 60)
keys = st.from_regex(r"[a-z]{1,12}(19|20)[0-9]{2}[a-z]?", fullmatch=True)
# Control characters and lone surrogates are no text a curator can type or a page can show.
prose = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"], exclude_characters="\u2028\u2029\ufeff"),
    min_size=1,
    max_size=200,
).filter(lambda s: s.strip() == s)
numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 4))

outcomes = st.fixed_dictionaries(
    {"measure": prose, "value": numbers},
    optional={
        "kind": st.sampled_from([m.value for m in Measure]),
        "arm": prose,
        "unit": st.sampled_from(["percent of patients", "hairs/cm2", "points of 10", "mmol/L", "unit not printed"]),
        "p": st.sampled_from(["<0.001", "< .05", ".03", "0.27", "> .99", "1"]),
        "sd": numbers.map(abs),
    },
)


@st.composite
def ingredients(draw: st.DrawFn) -> Ingredient:
    """Any ingredient with any findings."""
    findings = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "id": slugs,
                    "reference": keys,
                    "relation": st.sampled_from([r.value for r in Relation]),
                    "object": slugs,
                    "direction": st.sampled_from([d.value for d in Direction]),
                    "route": st.sampled_from([r.value for r in Route]),
                    "basis": st.sampled_from([b.value for b in Basis]),
                    "seen_at": prose,
                    "summary": prose,
                    "outcomes": st.lists(outcomes, max_size=3),
                },
                optional={
                    "n": st.integers(0, 10**6),
                    "dose": prose,
                    "note": prose,
                    "with": st.lists(slugs, max_size=3),
                },
            ),
            max_size=4,
        )
    )
    last = draw(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
    value: dict[str, Any] = {
        "id": draw(slugs),
        "name": draw(prose),
        "kind": draw(st.sampled_from([k.value for k in IngredientKind])),
        "synonyms": draw(st.lists(prose, max_size=3)),
        "role": {"value": draw(st.sampled_from([r.value for r in CocktailRole])), "why": draw(prose)},
        "findings": findings,
        "review": {"last": last, "by": draw(prose), "due": last + timedelta(days=30)},
    }
    return Ingredient.model_validate(value)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(record=ingredients())
def test_any_record_survives_save_and_load_unchanged(
    record: Ingredient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("save") / "record.yaml"
    save(path, record)
    text = path.read_text(encoding="utf-8")
    document, problems = parse(text, "record.yaml")
    assert document, problems
    again, problems = validate(Ingredient, document)
    assert again == record, problems
    assert canonical(text) == text
    assert save(path, record) is False, "saving the same record again must not touch the file"


def test_comments_and_order_survive_an_edit(tmp_path: Path) -> None:
    path = tmp_path / "minoxidil.yaml"
    path.write_text(INGREDIENT, encoding="utf-8")
    document, _ = parse(INGREDIENT, "x")
    assert document
    record, _ = validate(Ingredient, document)
    assert record
    record.findings[0].n = 61
    save(path, record)
    text = path.read_text(encoding="utf-8")
    assert text == INGREDIENT.replace("n: 60", "n: 61")


def test_every_record_stands_in_canonical_form() -> None:
    """Asked of the command, which reads again what has changed since it was last asked: by `make lint`, as a rule."""
    done = CliRunner().invoke(main, ["--root", str(ROOT), "fmt", "--check"])
    assert (done.exit_code, done.output) == (0, "")


def test_canonical_form_keeps_values_a_machine_could_misread() -> None:
    tricky = {
        "a": "no",
        "b": "1e3",
        "c": "012",
        "d": "2026-11-22",
        "e": "~",
        "f": "12:30",
        "g": "- x",
        "h": "a: b",
        "i": " #x",
    }
    document, problems = parse(dump(tricky), "x")
    assert document, problems
    assert document.value == tricky


@pytest.mark.parametrize(
    ("text", "as_lines"),
    [
        ("one\ntwo", True),
        ("x\ntwo", True),
        (" one\ntwo", False),
        ("one \ntwo", False),
        ("one\n\ttwo", False),
        ("one\ntwo\n", False),
    ],
)
def test_a_text_of_several_lines_stands_as_lines_where_nothing_of_it_is_lost(text: str, as_lines: bool) -> None:
    written = canonical(dump({"note": text}))
    assert written.startswith("note: |") == as_lines
    document, problems = parse(written, "x")
    assert document, problems
    assert document.value == {"note": text}


WRITER = """
import sys
from pathlib import Path
from kb.atomic import write_text
path = Path(sys.argv[1])
i = 0
print("ready", flush=True)
while True:
    i += 1
    write_text(path, f"{i}\\n" * 20000 + "end\\n")
"""


def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("old\n", encoding="utf-8")
    for attempt in range(12):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=ROOT)
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.003 * attempt)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        assert text == "old\n" or (lines[-2] == "end" and len(set(lines[:-2])) == 1), "half-written file"


def test_plain_values_leave_out_what_is_not_said() -> None:
    document, _ = parse(INGREDIENT, "x")
    assert document
    record, _ = validate(Ingredient, document)
    assert record
    assert "mechanism" not in plain(record)
    assert "synonyms" not in plain(record)
    assert plain(record)["findings"][0]["outcomes"][0]["value"] == 40
