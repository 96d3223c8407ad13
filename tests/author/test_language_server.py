"""Help while typing YAML: what is offered, explained and marked, over the protocol and in a real JupyterLab."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.formulary.places import kind_of
from kb.formulary.yamltext import parse
from kb.knowledge import load
from kb.language.help import complete, hover
from kb.language.outline import outline
from kb.language.problems import Mark, marks
from kb.language.spots import spot
from kb.language.words import Words
from tests.author.conftest import MINOXIDIL, PROJECT, write_formulary

FILE = "formulary/ingredients/minoxidil.yaml"


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    root = tmp_path_factory.mktemp("words")
    write_formulary(root)
    return Words(load(root, strict=False))


def offered(words: Words, text: str, file: str = FILE) -> list[str]:
    """Labels offered where `|` stands, best first."""
    before, _, after = text.partition("|")
    kind = kind_of(file)
    assert kind is not None
    found = complete(kind, before + after, before.count("\n"), len(before.rpartition("\n")[2]), words)
    return [offer.label for offer in sorted(found, key=lambda o: o.order)]


def test_fields_that_do_not_stand_there_yet_are_offered_required_first(words: Words) -> None:
    names = offered(words, "id: minoxidil\n|\nname: Minoxidil\n")
    assert names[:3] == ["review", "kind", "role"]
    assert "findings" in names and "id" not in names and "name" not in names


def test_fields_of_a_record_in_a_list_by_the_indentation(words: Words) -> None:
    names = offered(words, "findings:\n  - id: a\n    rel|\n    reference: moftah2013\n  - id: b\nreview:\n")
    assert {"relation", "with"} <= set(names) and not {"reference", "co_ingredients", "id"} & set(names)
    assert "measure" in offered(words, "findings:\n  - id: a\n    outcomes:\n      - |")


def test_values_of_a_closed_list(words: Words) -> None:
    assert "supports" in offered(words, "findings:\n  - direction: |")
    assert offered(words, "findings:\n  - outcomes:\n      - interval:\n          credible: t|") == ["true", "false"]


def test_slugs_follow_the_relation(words: Words) -> None:
    assert offered(words, "findings:\n  - relation: contraindicated-in\n    object: |") == [
        "breastfeeding",
        "itching",
        "microneedling",
        "mode-of-action",
        "pregnancy",
    ]
    assert "aspirin" in offered(words, "findings:\n  - object: |\n    relation: interacts-with\n")


def test_lists_offer_what_they_do_not_hold(words: Words) -> None:
    text = "cautions:\n  - id: a\n    references:\n      - moftah2013\n      - |"
    assert offered(words, text) == ["olsen2002"]
    assert offered(words, "cautions:\n  - references: [moftah2013, |]") == ["moftah2013", "olsen2002"]


def test_findings_of_the_file_come_first_saved_or_not(words: Words) -> None:
    text = "findings:\n  - id: zeta2020-new\nassessments:\n  - findings:\n      - |"
    assert offered(words, text) == ["zeta2020-new", "moftah2013-minoxidil-hair-loss"]


@pytest.mark.parametrize(
    "text",
    ["name: Min|", "summary: |-\n  a text\n  na|", "summary: a text\n  that goes on rel|", "# na|", "findings: |"],
)
def test_nothing_is_offered_in_free_text(words: Words, text: str) -> None:
    if text.startswith("summary: |-"):
        assert complete(kind_of(FILE), "summary: >-\n  a text\n  na", 2, 4, words) == []  # type: ignore[arg-type]
    else:
        assert offered(words, text) == []


def test_lists_of_records_have_their_key_first(words: Words) -> None:
    assert offered(words, "|", "formulary/vocabulary/conditions.yaml") == ["terms"]
    parents = offered(words, "terms:\n  - id: x\n    parents:\n      - |", "formulary/vocabulary/conditions.yaml")
    assert parents == ["breastfeeding", "pregnancy"]


def explained(words: Words, part: str) -> str:
    before = MINOXIDIL[: MINOXIDIL.index(part) + len(part)]
    kind = kind_of(FILE)
    assert kind is not None
    told = hover(kind, MINOXIDIL, before.count("\n"), len(before.rpartition("\n")[2]) - 1, words)
    return told[0] if told else ""


def test_hover_tells_fields_terms_and_references(words: Words) -> None:
    assert "page on which the figures were seen" in explained(words, "seen_at")
    assert "`supports`" in explained(words, "direction")
    assert "**Hair loss** (indications)" in explained(words, "object: hair-loss")
    assert "Topical minoxidil in hair loss" in explained(words, "reference: moftah2013")
    assert explained(words, "name: Minoxidil") == ""


def marked(words: Words, text: str) -> list[tuple[str, Mark]]:
    return [(text.split("\n")[m.line][m.start : m.end], m) for m in marks(kind_of(FILE), FILE, text, words.base)]


def test_a_sound_file_has_no_mark(words: Words) -> None:
    assert marked(words, MINOXIDIL) == []


@pytest.mark.parametrize(
    ("right", "wrong", "word", "said"),
    [
        ("trigger: pregnancy", "trigger: pregnancies", "pregnancies", "did you mean pregnancy?"),
        ("      - moftah2013\n", "      - moftah2031\n", "moftah2031", "did you mean moftah2013?"),
        ("route: topical\n    n", "route: topicl\n    n", "topicl", "did you mean topical?"),
        ("    direction: supports\n    route", "    directon: supports\n    route", "directon", "is not a field"),
        ("name: Minoxidil", "name: [Minoxidil", "", "bracket"),
        ("id: minoxidil\n", "id: minoxidl\n", "minoxidl", "is not the file's name"),
    ],
)
def test_a_mistake_is_marked_at_its_word(words: Words, right: str, wrong: str, word: str, said: str) -> None:
    text = MINOXIDIL.replace(right, wrong, 1)
    assert text != MINOXIDIL
    found = [(there, m) for there, m in marked(words, text) if said in m.message]
    assert found and (not word or found[0][0] == word)


@pytest.mark.parametrize("file", ["ingredients/finasteride.yaml", "protocols.yaml", "vocabulary/topics.yaml"])
def test_the_outline_agrees_with_the_parser_and_every_path_has_its_type(file: str) -> None:
    text = (PROJECT / "formulary" / file).read_text(encoding="utf-8")
    document, _ = parse(text, file)
    kind = kind_of(f"formulary/{file}")
    assert document is not None and kind is not None
    seen = {line.path for line in outline(text).lines}
    assert {path for path in document.lines if path and isinstance(path[-1], str)} <= seen <= set(document.lines)
    assert [p for p in seen if spot(kind, p) is None and "seen_at" not in p] == []


class Client:
    """Raw JSON-RPC to a real process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "kb.language"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, method: str, params: Any, number: int | None = None) -> None:
        body = {"jsonrpc": "2.0", "method": method, "params": params} | ({"id": number} if number else {})
        data = json.dumps(body).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def read(self) -> Any:
        assert self.process.stdout
        length = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            assert line, "the server has ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return json.loads(self.process.stdout.read(length))

    def ask(self, number: int, method: str, params: Any) -> Any:
        self.send(method, params, number)
        while (answer := self.read()).get("id") != number:
            pass
        return answer["result"]


@pytest.fixture
def client() -> Iterator[Client]:
    made = Client()
    yield made
    made.process.kill()
    made.process.communicate(timeout=120)


def test_the_server_answers_over_standard_input_and_output(client: Client, bare: Path) -> None:
    client.ask(1, "initialize", {"processId": None, "rootUri": bare.as_uri(), "capabilities": {}})
    client.send("initialized", {})
    uri = (bare / FILE).as_uri()
    text = MINOXIDIL.replace("trigger: pregnancy", "trigger: pregn")
    item = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    client.send("textDocument/didOpen", {"textDocument": item})
    while (told := client.read()).get("method") != "textDocument/publishDiagnostics":
        pass
    (problem,) = told["params"]["diagnostics"]
    assert "unknown slug 'pregn'" in problem["message"]
    line = text[: text.index("trigger: pregn")].count("\n")
    assert problem["range"]["start"] == {"line": line, "character": 13}
    at = {"textDocument": {"uri": uri}, "position": {"line": line, "character": 18}}
    (only,) = client.ask(2, "textDocument/completion", at)["items"]
    assert (only["label"], only["detail"], only["textEdit"]["newText"]) == ("pregnancy", "Pregnancy", "pregnancy")
    told = client.ask(3, "textDocument/hover", at | {"position": {"line": line, "character": 6}})
    assert "that raises it" in told["contents"]["value"]
