"""The HTTP API beside the pages: the same answers as `kb api`, behind the gate, with the server's headers and limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.serve.security import HEADERS
from tests.serve.running import Running, start

TOKEN = "a-token-of-the-clinic"
PLAN = {"ingredients": ["finasteride"], "conditions": ["pregnancy", "body-of-a-reader"]}


@pytest.fixture(scope="module")
def guarded(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(snapshot, tmp_path_factory.mktemp("api") / "log", options={"token": TOKEN, "kernels": 0})
    yield running
    running.stop()


def test_a_page_a_search_and_the_description_are_answered(server: Running) -> None:
    page = server.get("api/v1/pages/Rogaine")
    assert page.status == 200 and json.loads(page.text)["page"]["id"] == "minoxidil"
    assert json.loads(server.get("api/v1/search?q=melasma").text)["hits"][0]["id"] == "melasma"
    assert json.loads(server.get("api/v1/openapi.json").text)["openapi"].startswith("3.1")
    for name, value in HEADERS.items():
        assert page.headers[name] == value


def test_a_page_that_is_there_already_is_not_sent_again(server: Running) -> None:
    tag = server.get("api/v1/pages/biotin").headers["Etag"]
    again = server.get("api/v1/pages/biotin", **{"If-None-Match": tag})
    assert again.status == 304 and again.text == ""


def test_a_check_is_answered_and_nothing_of_it_is_written_down(server: Running) -> None:
    told = server.get("api/v1/precheck", "POST", json.dumps(PLAN).encode(), **{"Content-Type": "application/json"})
    answer = json.loads(told.text)["answer"]
    assert any(a["severity"] == "contraindicated" for a in answer["alerts"])
    assert told.headers["Cache-Control"] == "no-store"
    assert "body-of-a-reader" not in server.log


@pytest.mark.parametrize("path", ["api/v1/pages/zzyzx", "api/v1/nothing", "api/v1/search"])
def test_errors_are_problem_details(server: Running, path: str) -> None:
    told = server.get(path)
    assert told.status in (404, 422) and told.headers["Content-Type"] == "application/problem+json"
    assert json.loads(told.text)["status"] == told.status


def test_who_has_not_signed_in_gets_nothing(guarded: Running) -> None:
    refused = guarded.get("api/v1/pages/minoxidil")
    assert refused.status == 401 and json.loads(refused.text)["status"] == 401
    assert guarded.get("api/v1/precheck", "POST", b"{}").status == 401
    assert guarded.get("api/v1", Authorization=f"Bearer {TOKEN}").status == 200


def test_another_host_name_gets_nothing(server: Running) -> None:
    assert server.get("api/v1", Host="evil.example").status == 421


def test_another_site_may_not_read_it_in_a_browser(server: Running) -> None:
    told = server.get("api/v1", Origin="https://evil.example")
    assert "Access-Control-Allow-Origin" not in told.headers
