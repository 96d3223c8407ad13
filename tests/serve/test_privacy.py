"""Nothing about a patient is stored or logged: not in addresses, not in logs, not in the browser's storage."""

import json
from pathlib import Path

import pytest

from tests.serve.conftest import Reader
from tests.serve.running import Running, start


def test_the_log_holds_paths_but_no_queries(server: Running) -> None:
    server.get("ingredient?ingredient=biotin&secret=query-of-a-reader")
    server.get("voila/render/ingredient.ipynb?secret=query-of-a-reader")
    server.get("notebook/ingredient?ingredient=biotin&secret=query-of-a-reader")
    server.get("suggest?text=query-of-a-reader")
    server.get("nowhere?secret=query-of-a-reader")
    server.get("query-of-a-reader/mistyped")
    server.get("query-of-a-reader")
    told = {("GET", "ingredient", 200), ("GET", "notebook", 200), ("GET", "unknown", 404)}
    server.wait_until(lambda: told <= {(line["method"], line["page"], line["status"]) for line in server.requests})
    assert "query-of-a-reader" not in server.log


def test_a_fault_is_logged_with_its_place_and_without_what_was_asked(snapshot: Path, tmp_path: Path) -> None:
    """As shipped: the log once had no cause although the page said that the fault had been noted."""
    broken = "from kb import views\ndef broken(*a): raise RuntimeError(str(a))\nviews.render = broken"
    server = start(snapshot, tmp_path / "log", before=broken, options={"kernels": 0})
    try:
        assert server.get("ingredient?ingredient=query-of-a-reader").status == 500
        assert server.get("precheck", "POST", b"condition=body-of-a-reader").status == 500
        assert "view ingredient failed: RuntimeError" in server.log
        assert "-of-a-reader" not in server.log
        assert "Traceback" not in server.log
    finally:
        server.stop()


def test_patient_facts_in_an_address_are_sent_behind_its_fragment(server: Running) -> None:
    answer = server.get("precheck?ingredient=biotin&condition=pregnancy")
    assert (answer.status, answer.headers["Location"]) == (303, "/precheck#ingredient=biotin&condition=pregnancy")
    assert server.get("precheck?ingredient=biotin").status == 200
    assert server.get(f"fragment/{server.release()}/precheck?condition=pregnancy").status == 405


def test_an_answer_about_a_patient_is_kept_nowhere(server: Running) -> None:
    plain = server.get("precheck", "POST", b"condition=pregnancy")
    fragment = server.post(f"fragment/{server.release()}/precheck", b"condition=pregnancy&ingredient=finasteride")
    assert "regnancy" in json.loads(fragment.text)["html"]
    for answer in (plain, fragment):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Etag" not in answer.headers


def test_a_form_about_a_patient_is_answered_from_the_body_and_not_logged(server: Running) -> None:
    answer = server.get("precheck", "POST", b"condition=pregnancy&note=body-of-a-reader")
    assert answer.status == 200
    assert "regnancy" in answer.text
    assert "body-of-a-reader" not in server.log


@pytest.mark.browser
def test_a_check_leaves_the_browser_in_the_body_of_a_request_only(reader: Reader, server: Running) -> None:
    page = reader.open("precheck")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{server.url}precheck#condition=pregnancy")
    page.reload()
    page.wait_for_selector("select[name=condition] option[value=pregnancy]:checked", state="attached")
    assert page.url.endswith("precheck#condition=pregnancy")
    assert [request for request in requests if "pregnancy" in request.split("#")[0]] == []
    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])") == '[{},{},""]'
    assert "pregnancy" not in server.log
