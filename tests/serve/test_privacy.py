"""Nothing about a patient is stored or logged: not in addresses, not in logs, not in the browser's storage."""

import pytest

from tests.serve.conftest import Reader
from tests.serve.running import Running


def test_the_log_holds_paths_but_no_queries(server: Running) -> None:
    server.get("ingredient?ingredient=biotin&secret=query-of-a-reader")
    server.get("voila/render/ingredient.ipynb?secret=query-of-a-reader")
    server.get("nowhere?secret=query-of-a-reader")
    assert "GET /ingredient 200" in server.log
    assert "query-of-a-reader" not in server.log


def test_a_form_about_a_patient_is_answered_from_the_body_and_not_logged(server: Running) -> None:
    answer = server.get("precheck", "POST", b"condition=pregnancy&note=body-of-a-reader")
    assert answer.status == 200
    assert "regnancy" in answer.text
    assert "body-of-a-reader" not in server.log


@pytest.mark.browser
def test_a_check_leaves_the_browser_over_the_comm_only(reader: Reader, server: Running) -> None:
    page = reader.open("precheck")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(f"{request.url} {request.post_data or ''}"))
    page.goto(f"{server.url}precheck#condition=pregnancy")
    page.reload()
    page.wait_for_selector("html[data-session=open]")
    page.wait_for_selector("select[name=condition] option[value=pregnancy]:checked", state="attached")
    assert page.url.endswith("precheck#condition=pregnancy")
    assert [request for request in requests if "pregnancy" in request.split("#")[0]] == []
    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])") == '[{},{},""]'
    assert "pregnancy" not in server.log
