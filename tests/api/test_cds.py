"""CDS Hooks, with requests as a hospital's client sends them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.api import cds
from kb.api.answers import Answers
from kb.api.app import make
from kb.compile import ensure
from kb.snapshot import open_snapshot

ROOT = Path(__file__).parents[2]
RXNORM, SNOMED = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"


REQUESTS = Path(__file__).parent / "requests"


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(open_snapshot(ensure(ROOT)))


@pytest.fixture(scope="module")
def client(answers: Answers) -> TestClient:
    return TestClient(make(lambda: answers))


def order(system: str, code: str, text: str) -> dict[str, Any]:
    concept = {"coding": [{"system": system, "code": code, "display": text}], "text": text}
    return {
        "resourceType": "MedicationRequest",
        "id": "order-1",
        "status": "draft",
        "medicationCodeableConcept": concept,
    }


def condition(text: str, system: str = SNOMED, code: str = "0") -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": "c1",
        "code": {"coding": [{"system": system, "code": code, "display": text}], "text": text},
    }


def ask(
    client: TestClient, service: str, hook: str, orders: list[Any], prefetch: dict[str, Any]
) -> list[dict[str, Any]]:
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": o} for o in orders]}
    body = {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/1",
            "patientId": "1",
            "selections": ["MedicationRequest/order-1"],
            "draftOrders": bundle,
        },
        "prefetch": prefetch,
    }
    answer = client.post(f"/cds-services/{service}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["cards"]  # type: ignore[no-any-return]


def test_discovery_lists_two_services(client: TestClient) -> None:
    told = client.get("/cds-services").json()["services"]
    assert [(s["id"], s["hook"]) for s in told] == [
        ("mesotherapy-order-select", "order-select"),
        ("mesotherapy-patient-view", "patient-view"),
    ]


def test_an_order_by_its_rxnorm_code_in_pregnancy_is_critical_and_can_be_removed(client: TestClient) -> None:
    found = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": condition("Pregnancy")}]}
    cards = ask(
        client,
        "mesotherapy-order-select",
        "order-select",
        [order(RXNORM, "25025", "finasteride")],
        {"conditions": found},
    )
    critical = [c for c in cards if c["indicator"] == "critical" and "regnan" in c["summary"]]
    assert critical and "References" in critical[0]["detail"]
    assert critical[0]["suggestions"][0]["actions"][0]["resourceId"] == "MedicationRequest/order-1"
    assert all(len(c["summary"]) <= 140 and c["source"]["label"] for c in cards)


def test_a_code_that_is_not_held_is_said(client: TestClient) -> None:
    cards = ask(
        client, "mesotherapy-order-select", "order-select", [order(RXNORM, "6984", "minoxidil")],
        {"conditions": [condition("Zzyzx syndrome")]},
    )  # fmt: skip
    assert any("Zzyzx syndrome" in c["detail"] and "not checked" in c["detail"] for c in cards)


def test_an_order_of_something_else_raises_nothing_by_a_look_alike(client: TestClient) -> None:
    cards = ask(client, "mesotherapy-order-select", "order-select", [order(RXNORM, "999999999", "Zorblaxine")], {})
    assert all(c["indicator"] == "info" for c in cards)


def test_a_patient_on_warfarin_is_told_before_anything_is_ordered(client: TestClient) -> None:
    medicines = [{**order(RXNORM, "11289", "warfarin"), "id": "m1", "status": "active"}]
    body = {
        "hook": "patient-view",
        "hookInstance": "x",
        "context": {"patientId": "1"},
        "prefetch": {"medications": medicines},
    }
    cards = client.post("/cds-services/mesotherapy-patient-view", json=body).json()["cards"]
    assert any("arfarin" in c["summary"] for c in cards)


def test_the_wrong_hook_and_an_unknown_service_are_refused(client: TestClient) -> None:
    body = {"hook": "patient-view", "hookInstance": "x"}
    assert client.post("/cds-services/mesotherapy-order-select", json=body).status_code == 400
    assert client.post("/cds-services/nothing", json=body).status_code == 404


def test_a_whole_request_of_a_hospital_is_read(client: TestClient) -> None:
    """Authorisation, mixed drafts, drugs coded by strength, a medicine inside its order, records that were withdrawn."""
    body = json.loads((REQUESTS / "order-select.json").read_text(encoding="utf-8"))
    cards = client.post("/cds-services/mesotherapy-order-select", json=body).json()["cards"]
    grave = [c for c in cards if c["indicator"] == "critical"]
    assert any("Finasteride" in c["summary"] and "regnan" in c["summary"] for c in grave)
    assert any("Warfarin" in c["summary"] for c in cards), "a medicine that stands inside its order"
    (unread,) = [c for c in cards if c["summary"].startswith("Not checked")]
    assert "MedicationRequest/no-medicine-named" in unread["detail"]
    assert not any("soriasis" in c["summary"] for c in cards), "a condition that was entered in error"
    removed = {a["resourceId"] for c in grave for s in c.get("suggestions", []) for a in s["actions"]}
    assert removed == {"MedicationRequest/finasteride-draft", "MedicationRequest/pentoxifylline-draft"}


@pytest.mark.parametrize(
    ("system", "code", "fact"),
    [
        ("http://snomed.info/sct", "44054006", "Type 2 diabetes"),
        ("http://hl7.org/fhir/sid/icd-10", "N18.4", "Chronic kidney disease stage 4"),
        ("http://snomed.info/sct", "403236008", "Skin phototype V or VI"),
    ],
)
def test_a_condition_is_known_by_its_code_alone(answers: Answers, system: str, code: str, fact: str) -> None:
    words = cds._words(answers, condition("words that nobody knows", system, code))
    assert fact in [answers.data.name(w) for w in words]


def test_a_code_that_a_harm_shares_means_the_condition(answers: Answers) -> None:
    kinds = {row["id"]: row["kinds"] for row in answers.snapshot.document("catalogue")}
    for slug, of in kinds.items():
        if "condition" in of:
            for scheme, codes in answers.data.identifiers(slug).items():
                assert all(slug in cds._codes(answers)[scheme, code] for code in codes), slug


def test_what_does_not_fit_is_counted_and_never_dropped(client: TestClient, answers: Answers) -> None:
    page = answers.snapshot.monograph("mesotherapy")
    warned = {c["trigger_name"] for c in (*page["cautions"], *page["inherited_cautions"])}
    many = [condition(name) for name in [*sorted(warned) * 3, "Zzyzx syndrome"]]
    assert len(many) > cds.MOST_WORDS
    body = {"hook": "patient-view", "hookInstance": "x", "context": {}, "prefetch": {"conditions": many}}
    cards = client.post("/cds-services/mesotherapy-patient-view", json=body).json()["cards"]
    ranks = [("critical", "warning", "info").index(c["indicator"]) for c in cards[: cds.MOST_CARDS]]
    assert ranks == sorted(ranks), "the gravest come first"
    assert len(cards) == cds.MOST_CARDS + 2
    more, unread = cards[-2:]
    assert "more alerts" in more["summary"] and "Also recorded" in more["detail"]
    assert many[-1]["code"]["text"] in unread["detail"]
