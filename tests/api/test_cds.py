"""CDS Hooks, asked over HTTP of the program as it is started, with requests as a hospital's client sends them.

`requests/sandbox-*.json` were recorded on 30 November 2026 from the sandbox of CDS Hooks (github.com/cds-hooks/sandbox at 3b7e2554), whose
own code read our discovery, fetched what it asks for from a FHIR server with records of ours, and built the orders; only addresses and the
token were changed after that. `requests/order-select.json` has the form of the example of the specification of that hook.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kb.api.cds import MOST_CARDS, MOST_WORDS
from kb.exports.codes import FHIR_SYSTEMS
from kb.exports.data import Data
from tests import whole
from tests.serve.running import free_port

ROOT = Path(__file__).parents[2]
RXNORM, SNOMED = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"
SANDBOX = "https://sandbox.cds-hooks.org"
NOTHING: dict[str, list[Any]] = {"conditions": [], "medications": [], "allergies": []}

REQUESTS = Path(__file__).parent / "requests"


@pytest.fixture(scope="module")
def data() -> Data:
    return Data(whole.snapshot())


@pytest.fixture(scope="module")
def client(data: Data, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """`kb api` in a process of its own; `data` is asked for first so that the snapshot is there."""
    port, log = free_port(), tmp_path_factory.mktemp("api") / "log"
    command = [sys.executable, "-m", "kb.cli", "--root", str(ROOT), "api", "--port", str(port), "--origin", SANDBOX]
    with log.open("wb") as file:
        running = subprocess.Popen(command, stdout=file, stderr=file, cwd=ROOT)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as asking:
            deadline = time.monotonic() + 300
            while not _up(asking):
                assert running.poll() is None and time.monotonic() < deadline, log.read_text(encoding="utf-8")
                time.sleep(0.1)
            yield asking
    finally:
        running.terminate()
        running.wait(60)


def _up(asking: httpx.Client) -> bool:
    try:
        return asking.get("/api/v1").status_code == 200
    except httpx.TransportError:
        return False


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REQUESTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def cards_for(client: httpx.Client, service: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post(f"/cds-services/{service}", json=body)
    assert answer.status_code == 200, answer.text
    cards: list[dict[str, Any]] = answer.json()["cards"]
    return cards


def view(client: httpx.Client, **prefetch: Any) -> list[dict[str, Any]]:
    body = {"hook": "patient-view", "hookInstance": "x", "context": {"patientId": "1"}, "prefetch": NOTHING | prefetch}
    return cards_for(client, "mesotherapy-patient-view", body)


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


def ask(client: httpx.Client, orders: list[Any], **prefetch: Any) -> list[dict[str, Any]]:
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": o} for o in orders]}
    body = {
        "hook": "order-select",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/1",
            "patientId": "1",
            "selections": ["MedicationRequest/order-1"],
            "draftOrders": bundle,
        },
        "prefetch": NOTHING | prefetch,
    }
    return cards_for(client, "mesotherapy-order-select", body)


def test_discovery_lists_two_services(client: httpx.Client) -> None:
    told = client.get("/cds-services").json()["services"]
    assert [(s["id"], s["hook"]) for s in told] == [
        ("mesotherapy-order-select", "order-select"),
        ("mesotherapy-patient-view", "patient-view"),
    ]


def test_an_order_by_its_rxnorm_code_in_pregnancy_is_critical_and_can_be_removed(client: httpx.Client) -> None:
    found = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": condition("Pregnancy")}]}
    cards = ask(client, [order(RXNORM, "25025", "finasteride")], conditions=found)
    critical = [c for c in cards if c["indicator"] == "critical" and "regnan" in c["summary"]]
    assert critical and "References" in critical[0]["detail"]
    assert critical[0]["suggestions"][0]["actions"][0]["resourceId"] == "MedicationRequest/order-1"
    assert all(len(c["summary"]) <= 140 and c["source"]["label"] for c in cards)


def test_a_code_that_is_not_held_is_said(client: httpx.Client) -> None:
    cards = ask(client, [order(RXNORM, "6984", "minoxidil")], conditions=[condition("Zzyzx syndrome")])
    assert any("Zzyzx syndrome" in c["detail"] and "not checked" in c["detail"] for c in cards)


def test_an_order_of_something_else_raises_nothing_by_a_look_alike(client: httpx.Client) -> None:
    cards = ask(client, [order(RXNORM, "999999999", "Zorblaxine")])
    assert [c["indicator"] for c in cards] == ["info"] and "Zorblaxine" in cards[0]["detail"]


def test_a_patient_on_warfarin_is_told_before_anything_is_ordered(client: httpx.Client) -> None:
    cards = view(client, medications=[{**order(RXNORM, "11289", "warfarin"), "id": "m1", "status": "active"}])
    assert any("arfarin" in c["summary"] for c in cards)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("dstu2", "MedicationOrder/order-123"),
        ("stu3", "MedicationRequest/request-123"),
        ("r4", "MedicationRequest/request-123"),
    ],
)
def test_an_order_of_the_sandbox_is_answered_in_each_release_of_fhir(
    client: httpx.Client, name: str, place: str
) -> None:
    cards = cards_for(client, "mesotherapy-order-select", recorded(f"sandbox-order-{name}"))
    (grave,) = [c for c in cards if c["indicator"] == "critical"]
    assert grave["summary"] == "Finasteride: Pregnancy"
    assert [a["resourceId"] for s in grave["suggestions"] for a in s["actions"]] == [place]
    assert not any(c["summary"].startswith("Not checked") for c in cards)


def test_a_patient_that_the_sandbox_opens_is_answered_with_every_fact(client: httpx.Client) -> None:
    cards = cards_for(client, "mesotherapy-patient-view", recorded("sandbox-patient-r4"))
    assert cards[0]["indicator"] == "critical" and "Pregnancy" in cards[0]["summary"]
    said = " ".join(c["summary"] for c in cards)
    assert "Warfarin" in said and "Lidocaine allergy" in said and "Not checked" not in said


def test_a_browser_of_a_named_site_may_send_the_signature_that_every_call_has(client: httpx.Client) -> None:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    place = "/cds-services/mesotherapy-order-select"
    allowed = client.options(place, headers={"Origin": SANDBOX, **wanted})
    assert allowed.status_code == 200 and allowed.headers["access-control-allow-origin"] == SANDBOX
    assert client.options(place, headers={"Origin": "https://elsewhere.example", **wanted}).status_code == 400
    headers = {"Origin": SANDBOX, "Authorization": "Bearer header.claims.signature"}
    answer = client.post(place, json=recorded("sandbox-order-r4"), headers=headers)
    assert answer.status_code == 200 and answer.headers["access-control-allow-origin"] == SANDBOX


@pytest.mark.parametrize("lost", [None, {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}])
def test_what_a_client_could_not_fetch_is_said_not_to_have_been_checked(client: httpx.Client, lost: Any) -> None:
    body = recorded("sandbox-order-r4")
    body["prefetch"]["conditions"] = lost
    cards = cards_for(client, "mesotherapy-order-select", body)
    (told,) = [c for c in cards if c["summary"] == "Not checked: conditions not received"]
    assert told["indicator"] == "warning"
    assert not any("Pregnancy" in c["summary"] for c in cards)


@pytest.mark.parametrize("sent", [{}, {"prefetch": None}, {"prefetch": {}}])
def test_a_request_without_the_patients_records_is_never_taken_for_a_check_of_them(
    client: httpx.Client, sent: dict[str, Any]
) -> None:
    body = {k: v for k, v in recorded("sandbox-order-r4").items() if k != "prefetch"} | sent
    cards = cards_for(client, "mesotherapy-order-select", body)
    assert cards[-1]["summary"] == "Not checked: conditions, medications, allergies not received"


def test_records_in_the_answers_of_a_batch_are_read(client: httpx.Client) -> None:
    """As the examples of the specification send them for DSTU2: each with the status it was answered with."""
    body = recorded("sandbox-order-dstu2")
    batch = {"response": {"status": "200 OK"}, "resource": body["prefetch"]["conditions"]}
    body["prefetch"]["conditions"] = batch
    assert "Finasteride: Pregnancy" in [c["summary"] for c in cards_for(client, "mesotherapy-order-select", body)]


def test_drafts_are_checked_although_the_client_selects_none_that_is_there(client: httpx.Client) -> None:
    body = recorded("sandbox-order-r4")
    body["context"]["selections"] = ["MedicationRequest/elsewhere"]
    assert "Finasteride: Pregnancy" in [c["summary"] for c in cards_for(client, "mesotherapy-order-select", body)]


def test_the_wrong_hook_and_an_unknown_service_are_refused(client: httpx.Client) -> None:
    body = {"hook": "patient-view", "hookInstance": "x"}
    assert client.post("/cds-services/mesotherapy-order-select", json=body).status_code == 400
    assert client.post("/cds-services/nothing", json=body).status_code == 404


def test_a_whole_request_of_a_hospital_is_read(client: httpx.Client) -> None:
    """Authorisation, mixed drafts, drugs coded by strength, a medicine inside its order, records that were withdrawn."""
    cards = cards_for(client, "mesotherapy-order-select", recorded("order-select"))
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
def test_a_condition_is_known_by_its_code_alone(client: httpx.Client, system: str, code: str, fact: str) -> None:
    cards = view(client, conditions=[condition("words that nobody knows", system, code)])
    assert any(fact in c["summary"] for c in cards)
    assert not any("nobody knows" in c["detail"] for c in cards), "the words beside a code that is held are not tried"


def test_a_code_that_a_harm_shares_means_the_condition(client: httpx.Client, data: Data) -> None:
    kinds = {row["id"]: row["kinds"] for row in data.snapshot.document("catalogue")}
    coded: dict[tuple[str, str], set[str]] = {}
    for slug in kinds:
        for scheme, codes in data.identifiers(slug).items():
            for code in codes:
                coded.setdefault((scheme, code), set()).add(slug)
    shared = {
        place: ids
        for place, ids in coded.items()
        if place[0] in FHIR_SYSTEMS and len(owners := [i for i in ids if "condition" in kinds[i]]) == 1 < len(ids)
        and kinds[owners[0]] == ["condition"]
    }  # fmt: skip
    assert shared
    for (scheme, code), ids in sorted(shared.items())[:12]:
        (owner,) = [i for i in ids if "condition" in kinds[i]]
        by_code = view(client, conditions=[condition("words that nobody knows", FHIR_SYSTEMS[scheme], code)])
        assert by_code == view(client, conditions=[condition(data.name(owner))]), (scheme, code)


def test_what_does_not_fit_is_counted_and_never_dropped(client: httpx.Client, data: Data) -> None:
    page = data.snapshot.monograph("mesotherapy")
    warned = {c["trigger_name"] for c in (*page["cautions"], *page["inherited_cautions"])}
    many = [condition(name) for name in [*sorted(warned) * 3, "Zzyzx syndrome"]]
    assert len(many) > MOST_WORDS
    cards = view(client, conditions=many)
    ranks = [("critical", "warning", "info").index(c["indicator"]) for c in cards[:MOST_CARDS]]
    assert ranks == sorted(ranks), "the gravest come first"
    assert len(cards) == MOST_CARDS + 2
    more, unread = cards[-2:]
    assert "more alerts" in more["summary"] and "Also recorded" in more["detail"]
    assert many[-1]["code"]["text"] in unread["detail"]
