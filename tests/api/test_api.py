"""The HTTP API, asked as another program would, and attacked by a fuzzer that reads its own description."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings

from kb.api.answers import Answers
from kb.api.app import make
from kb.questions.printed import printed
from tests import whole

ROOT = Path(__file__).parents[2]
ANSWERS = Answers(whole.snapshot())
APP = make(lambda: ANSWERS, origins=["https://clinic.example"])
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(APP)


def test_the_release_is_named_with_its_licence(client: TestClient) -> None:
    told = client.get("/api/v1").json()
    assert told["release"] == ANSWERS.snapshot.meta["release"] and told["licence"] == "CC-BY-4.0"
    assert told["records"]["findings"] > 900


def test_a_page_is_what_kb_show_prints(client: TestClient) -> None:
    assert client.get("/api/v1/pages/Rogaine").json()["page"] == printed(ANSWERS.snapshot.monograph("minoxidil"))


def test_records_come_in_pages_that_join_up(client: TestClient) -> None:
    first = client.get("/api/v1/records/cautions", params={"limit": 300}).json()
    rest = client.get("/api/v1/records/cautions", params={"limit": 1000, "offset": 300}).json()
    ids = [r["id"] for r in first["records"] + rest["records"]]
    assert len(ids) == len(set(ids)) or first["total"] > 1300
    assert len(ids) == min(first["total"], 1300)


def test_evidence_names_its_papers(client: TestClient) -> None:
    told = client.get(
        "/api/v1/evidence", params={"subject": "dutasteride", "object": "female pattern hair loss"}
    ).json()
    assert told["answer"] == "found"
    keys = {r["key"] for r in told["references"]}
    assert {f["reference"] for f in told["findings"]} <= keys
    none = client.get("/api/v1/evidence", params={"subject": "biotin", "object": "wrinkle"}).json()
    assert none["answer"] == "no data found" and none["findings"] == []


def test_comparing_gives_the_trials_that_compared_them(client: TestClient) -> None:
    told = client.get("/api/v1/compare", params={"item": ["tranexamic acid", "hydroquinone"]}).json()
    assert told["compared_directly"], "the base holds trials of the two"
    assert {f["object"] for f in told["compared_directly"]} <= {"hydroquinone", "tranexamic-acid"}


def test_an_unknown_name_is_a_problem_and_never_another_thing(client: TestClient) -> None:
    answer = client.get("/api/v1/pages/zzyzx")
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_a_page_asked_for_again_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/v1/pages/biotin")
    again = client.get("/api/v1/pages/biotin", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    other = client.get("/api/v1/pages/minoxidil", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_only_named_sites_may_ask_from_a_browser(client: TestClient) -> None:
    asked = client.get("/api/v1", headers={"Origin": "https://clinic.example"})
    assert asked.headers["access-control-allow-origin"] == "https://clinic.example"
    assert (
        "access-control-allow-origin" not in client.get("/api/v1", headers={"Origin": "https://evil.example"}).headers
    )


def test_the_description_is_openapi_3_1(client: TestClient) -> None:
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1") and "/api/v1/evidence" in told["paths"]


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_a_fuzzer_sends_breaks_it(case: schemathesis.Case) -> None:
    case.call_and_validate()


def test_a_check_says_what_kb_precheck_says_and_is_kept_nowhere(client: TestClient) -> None:
    plan = {"ingredients": ["finasteride"], "techniques": ["mesotherapy"], "conditions": ["8 weeks pregnant", "zzyzx"]}
    answer = client.post("/api/v1/precheck", json=plan)
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()["answer"]
    direct = ANSWERS.snapshot.precheck.check(plan["ingredients"], plan["techniques"], plan["conditions"]).as_dict()
    assert told["alerts"] == direct["alerts"] and told["alerts"]
    assert [u["said"] for u in told["unresolved"]] == ["zzyzx"]
    assert {k for a in told["alerts"] for k in a["references"]} <= {r["key"] for r in answer.json()["references"]}


def test_a_misspelt_field_of_a_plan_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/precheck", json={"ingredient": ["finasteride"]})
    assert answer.status_code == 422 and "ingredient" in answer.json()["detail"]
