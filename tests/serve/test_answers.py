"""What the kernel answers to a page, without a kernel."""

import logging
from typing import Any

import pytest

from kb.views import page as module
from kb.views.shell import Fragment

SECRET = "pregnancy-of-a-patient"


class Views:
    """Stands in for the views: one that answers, one that fails with what it was asked in its message."""

    @staticmethod
    def render(view: str, params: dict[str, list[str]], _snapshot: object, _medium: object) -> Fragment:
        if view == "claims":
            raise RuntimeError(f"no such {params}")
        return Fragment(view, f"<h1>{view}</h1>{sorted(params.items())}")

    @staticmethod
    def suggest(text: str, kinds: list[str], _snapshot: object, limit: int = 10) -> list[dict[str, str]]:
        return [{"label": text, "kind": ",".join(kinds)}]


@pytest.fixture(autouse=True)
def views(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "views", Views)
    monkeypatch.setattr(module, "_snapshot", lambda: None)
    module._render.cache_clear()


def test_a_page_comes_with_title_status_and_the_number_of_its_request() -> None:
    answer = module.answer({"id": 7, "op": "page", "view": "about", "params": {"a": ["1", "2"]}})
    assert answer == {"id": 7, "title": "about", "html": "<h1>about</h1>[('a', ['1', '2'])]", "status": 200}


def test_suggestions_are_asked_with_a_bounded_text() -> None:
    answer = module.answer({"id": 8, "op": "suggest", "text": "x" * 10_000, "kinds": ["ingredient"]})
    assert answer["items"] == [{"label": "x" * module.MAX_TEXT, "kind": "ingredient"}]


@pytest.mark.parametrize(
    "request_",
    [
        None,
        [],
        "page",
        {},
        {"id": "1", "op": "page"},
        {"id": 1},
        {"id": 1, "op": "execute", "code": "1"},
        {"id": 1, "op": "page", "view": "about", "params": []},
        {"id": 1, "op": "page", "view": "about", "params": {str(n): ["x"] for n in range(1000)}},
        {"id": 1, "op": "page", "view": "about", "params": {"x": ["y"] * 1000}},
        {"id": 1, "op": "suggest", "kinds": 5},
    ],
)
def test_a_request_that_makes_no_sense_is_refused_without_a_traceback(request_: Any) -> None:
    answer = module.answer(request_)
    assert "error" in answer
    assert "Traceback" not in str(answer)


def test_a_view_of_another_edition_is_not_found() -> None:
    assert module.answer({"id": 1, "op": "page", "view": "../author", "params": {}})["status"] == 404


def test_a_fault_becomes_a_page_and_neither_page_nor_log_repeats_the_request(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = module.answer({"id": 1, "op": "page", "view": "claims", "params": {"condition": [SECRET]}})
    assert answer["status"] == 500
    assert "went wrong" in answer["html"]
    assert SECRET not in str(answer)
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_a_page_about_a_patient_is_not_kept() -> None:
    module.answer({"id": 1, "op": "page", "view": "precheck", "params": {"condition": [SECRET]}})
    assert module._render.cache_info().currsize == 0
    module.answer({"id": 1, "op": "page", "view": "about", "params": {"ingredient": ["biotin"]}})
    assert module._render.cache_info().currsize == 1


def test_an_overlong_query_counts_as_none() -> None:
    assert module.params_of("&".join(f"a={n}" for n in range(1000))) == {}
    assert module.params_of("a=1&a=2&b=") == {"a": ["1", "2"]}
