"""The command line as other programs meet it: exact JSON on stdout, errors on stderr, exit status 0, 1 or 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.author.conftest import write_formulary

ROOT = Path(__file__).parents[2]


def kb(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kb.cli", *arguments], capture_output=True, text=True, cwd=cwd, timeout=500
    )


def answer(*arguments: str) -> Any:
    done = kb(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_show_has_the_published_fields() -> None:
    page = answer("show", "dutasteride")
    assert {
        "id", "kind", "name", "synonyms", "identifiers", "role", "regulatory", "assessments", "findings", "cautions",
        "protocols", "claims", "references",
    } <= page.keys()  # fmt: skip
    finding = {"id", "relation", "object", "route", "technique", "direction", "design", "n", "summary", "reference"}
    assert all(finding <= f.keys() for f in page["findings"])
    assert all({"key", "title", "year", "doi", "pmid"} <= r.keys() for r in page["references"])
    cited = {f["reference"] for f in page["findings"]}
    assert cited <= {r["key"] for r in page["references"]}


def test_an_unknown_id_is_a_wrong_call_with_the_nearest() -> None:
    done = kb("show", "minoxidl", "--json")
    assert done.returncode == 2
    assert "minoxidil" in json.loads(done.stdout)["error"]
    assert "did you mean" in done.stderr


def test_a_synonym_that_means_one_thing_is_as_good_as_its_id() -> None:
    done = kb("show", "vitamin-c", "--json")
    assert json.loads(done.stdout)["id"] == "ascorbic-acid"
    assert "'ascorbic-acid'" in done.stderr
    assert answer("path", "botulinum-toxin", "melasma")["a"] == "botulinum-toxin-a"
    alerts = answer("precheck", "--ingredient", "propecia", "--condition", "pregnant")["alerts"]
    assert ("finasteride", "pregnancy") in {(a["subject"], a["trigger"]) for a in alerts}


def test_a_word_that_means_several_things_counts_all_of_them_and_says_so() -> None:
    found = answer("precheck", "--technique", "mesotherapy", "--substance", "blood thinner")
    (given,) = [g for g in found["given"] if g["role"] == "substance"]
    assert {"anticoagulant", "antiplatelet"} <= {m["id"] for m in given["means"]}
    assert any("all of them were counted" in note for note in given["notes"])


def test_an_unknown_word_of_the_patient_does_not_lose_the_rest() -> None:
    done = kb(
        "precheck", "--ingredient", "finasteride", "--condition", "no-such-thing", "--condition", "pregnancy", "--json"
    )
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert [u["said"] for u in found["unresolved"]] == ["no-such-thing"]
    assert [a["trigger"] for a in found["alerts"]] == ["pregnancy"]
    assert "not checked: 'no-such-thing'" in done.stderr


def test_find_answers_and_says_when_there_is_nothing() -> None:
    assert answer("find", "rogaine")["hits"][0]["id"] == "minoxidil"
    assert kb("find", "zzzzqqqq", "--json").returncode == 1
    first = answer("find", "finasteride pregnant")["answers"][0]
    assert first["kind"] == "caution" and first["records"][0]["severity"] == "contraindicated" and first["references"]
    assert "CONTRAINDICATED, Finasteride and Pregnancy" in kb("find", "finasteride pregnant").stdout


def test_path_goes_through_a_finding_to_a_reference() -> None:
    way = answer("path", "dutasteride", "female-pattern-hair-loss")["paths"][0]
    assert way["nodes"][0]["id"] == "dutasteride"
    assert way["nodes"][-1]["id"] == "female-pattern-hair-loss"
    assert any(reason["references"] for step in way["steps"] for reason in step["because"])


def test_precheck_raises_and_has_the_published_fields() -> None:
    alerts = answer("precheck", "--ingredient", "finasteride", "--condition", "pregnancy")["alerts"]
    assert {"severity", "subject", "trigger", "message", "action", "window_days", "references"} <= alerts[0].keys()
    assert ("finasteride", "pregnancy", "contraindicated") in {
        (a["subject"], a["trigger"], a["severity"]) for a in alerts
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("precheck", "--json"),
        ("precheck", "--ingredient", "lidocaine", "--amount", "5 mL"),
        ("precheck", "--ingredient", "lidocaine", "--age", "young"),
        ("path", "minoxidil", "nowhere"),
        ("show",),
        ("no-such-command",),
        ("serve", "--edition", "admin"),
    ],
)
def test_a_wrong_call_ends_with_two_and_a_message(arguments: tuple[str, ...]) -> None:
    done = kb(*arguments)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_bad_data_ends_with_one_and_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "formulary" / "ingredients").mkdir(parents=True)
    (tmp_path / "formulary" / "ingredients" / "x.yaml").write_text("id: x\nname: [\n", encoding="utf-8")
    (tmp_path / "references.bib").write_text("", encoding="utf-8")
    done = kb("--root", str(tmp_path), "build")
    assert done.returncode == 1
    assert "formulary/ingredients/x.yaml:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_build_with_its_check_keeps_the_old_snapshot_when_a_rating_is_not_earned(tmp_path: Path) -> None:
    write_formulary(tmp_path)
    fine = kb("--root", str(tmp_path), "build", "--check", "--json")
    assert fine.returncode == 0, fine.stderr
    answer = json.loads(fine.stdout)
    assert answer["expectations"]["evaluated"] > 50
    snapshot = Path(answer["path"])
    before = snapshot.read_bytes()
    records = tmp_path / "formulary" / "ingredients" / "minoxidil.yaml"
    text = records.read_text(encoding="utf-8")
    records.write_text(text.replace("certainty: moderate", "certainty: high", 1), encoding="utf-8")
    wrong = kb("--root", str(tmp_path), "build", "--check", "--json")
    assert wrong.returncode == 1
    assert "formulary/ingredients/minoxidil.yaml:" in wrong.stderr
    assert json.loads(wrong.stdout)["problems"][0]["severity"] == "critical"
    assert snapshot.read_bytes() == before
    assert kb("--root", str(tmp_path), "build").returncode == 0, "a draft may be built and looked at"


def test_fmt_also_writes_what_trainees_are_shown(tmp_path: Path) -> None:
    (tmp_path / "formulary").mkdir()
    (tmp_path / "learning").mkdir()
    (tmp_path / "references.bib").write_text("", encoding="utf-8")
    text = (ROOT / "learning" / "glossary.yaml").read_text(encoding="utf-8")
    words = tmp_path / "learning" / "glossary.yaml"
    words.write_text(text.replace("    term: GRADE\n", '    term:   "GRADE"\n'), encoding="utf-8")
    assert kb("--root", str(tmp_path), "fmt", "--check").returncode == 1
    assert kb("--root", str(tmp_path), "fmt").returncode == 0
    assert words.read_text(encoding="utf-8") == text


def test_fmt_remembers_what_was_canonical_and_finds_every_later_change(tmp_path: Path) -> None:
    words = tmp_path / "formulary" / "words.yaml"
    words.parent.mkdir()
    (tmp_path / "references.bib").write_text("", encoding="utf-8")
    words.write_text("a: one\nb: two\n", encoding="utf-8")
    memory = tmp_path / "build" / "fmt-settled.txt"
    for _ in range(2):
        assert kb("--root", str(tmp_path), "fmt", "--check").returncode == 0
        assert len(memory.read_text().split()) == 3, "the rules, and two texts"
    words.write_text('a:   "one"\nb: two\n', encoding="utf-8")
    done = kb("--root", str(tmp_path), "fmt", "--check")
    assert done.returncode == 1
    assert "words.yaml" in done.stdout + done.stderr
    words.write_text("a: one\nb: two\n", encoding="utf-8")
    rules, *texts = memory.read_text().split()
    memory.write_text("\n".join(["other rules", *texts]), encoding="utf-8")
    assert kb("--root", str(tmp_path), "fmt", "--check").returncode == 0
    assert memory.read_text().split()[0] == rules
    memory.write_bytes(b"\xff\xfe damaged")
    assert kb("--root", str(tmp_path), "fmt", "--check").returncode == 0


def test_a_folder_without_a_formulary_is_told() -> None:
    done = kb("--root", "/", "show", "minoxidil")
    assert done.returncode == 1
    assert "formulary" in done.stderr


def test_every_command_has_help_and_is_documented() -> None:
    from kb.cli import _COMMANDS

    documented = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    for command in _COMMANDS:
        done = kb(command, "--help")
        assert done.returncode == 0, command
        assert len(done.stdout.splitlines()) > 3
        assert f"kb {command}" in documented, f"docs/command-line.md says nothing of `kb {command}`; run `make docs`"


@pytest.mark.parametrize("command", [(), ("cite",), ("review",)])
def test_help_cuts_no_sentence_off(command: tuple[str, ...]) -> None:
    told = kb(*command, "--help").stdout.partition("Commands:")[2]
    assert len(told.splitlines()) > 3
    assert "..." not in told


def test_human_output_of_show_reads_well() -> None:
    out = kb("show", "minoxidil").stdout
    assert out.index("Bottom lines") < out.index("Cautions") < out.index("findings")
    assert "⊕" in out
