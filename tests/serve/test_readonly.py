"""Read-only means it: no request runs code, reaches a file, changes the template, or shows a traceback.

Both editions go through the same handlers; the trainee's, open to strangers, is the one attacked here.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket

from kb.serve.limits import TRAINEE
from tests.serve.running import Running, start


def connect(server: Running, kernel: str, **options: Any) -> websocket.WebSocket:
    url = f"ws://localhost:{server.port}/api/kernels/{kernel}/channels?session_id=attacker"
    return websocket.create_connection(url, timeout=120, **options)


def frame(kind: str, content: dict[str, Any], channel: str = "shell") -> str:
    header = {"msg_id": "1", "msg_type": kind, "session": "attacker", "username": "", "version": "5.3", "date": ""}
    message = {
        "channel": channel,
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "buffers": [],
    }
    return json.dumps(message)


def request(id_: int, **fields: Any) -> str:
    return frame("comm_msg", {"comm_id": "c", "data": {"id": id_, **fields}})


def is_closed(line: websocket.WebSocket) -> bool:
    """Whether the server closed the line (what it said before is read away)."""
    try:
        while line.recv():
            pass
    except websocket.WebSocketTimeoutException:
        return False
    except (OSError, websocket.WebSocketException):
        pass
    return True


@pytest.fixture
def kernel(trainee_server: Running) -> Iterator[str]:
    """A kernel that a page was given."""
    kernel = trainee_server.open_session()
    yield kernel
    trainee_server.end_session(kernel)


@pytest.fixture
def line(trainee_server: Running, kernel: str) -> Iterator[websocket.WebSocket]:
    """A line to a kernel as the page's script opens it."""
    line = connect(trainee_server, kernel)
    line.send(frame("comm_open", {"comm_id": "c", "target_name": "kb", "data": {}}))
    assert comm_data(line) == {"ready": True}
    yield line
    line.close()


def comm_data(line: websocket.WebSocket) -> dict[str, Any]:
    """The next thing the kernel says over the comm; everything else that arrives must be a status."""
    while True:
        message = json.loads(line.recv())
        if message["header"]["msg_type"] == "comm_msg":
            data: dict[str, Any] = message["content"]["data"]
            return data
        assert message["header"]["msg_type"] == "status", message


@pytest.mark.parametrize("channel", ["shell", "control", "stdin"])
@pytest.mark.parametrize("kind", ["execute_request", "debug_request", "shutdown_request", "create_subshell_request"])
def test_no_message_runs_code_or_ends_a_kernel(
    line: websocket.WebSocket, tmp_path: Path, channel: str, kind: str
) -> None:
    proof = tmp_path / "proof"
    code = f"open({str(proof)!r}, 'w').write('ran')"
    content = {
        "code": code,
        "silent": False,
        "restart": False,
        "command": "evaluate",
        "arguments": {"expression": code},
    }
    line.send(frame(kind, content, channel))
    line.send(request(1, op="page", view="about", params={}))
    assert comm_data(line)["status"] == 200, "the kernel still answers"
    assert not proof.exists()


def test_the_binary_protocol_is_not_spoken(trainee_server: Running, kernel: str) -> None:
    with pytest.raises(websocket.WebSocketException, match="Header"):
        connect(trainee_server, kernel, subprotocols=["v1.kernel.websocket.jupyter.org"])


def test_binary_messages_are_ignored(line: websocket.WebSocket, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    execute = frame("execute_request", {"code": f"open({str(proof)!r}, 'w')", "silent": False}).encode()
    line.send_binary(execute)
    line.send_binary((1).to_bytes(4, "big") + (8).to_bytes(4, "big") + execute)
    line.send(request(1, op="page", view="about", params={}))
    assert comm_data(line)["status"] == 200
    assert not proof.exists()


def test_requests_cannot_name_a_view_or_a_value_that_runs(line: websocket.WebSocket) -> None:
    for number, view in enumerate(["../../author", "os", "__import__('os')", "", "page"]):
        line.send(request(number, op="page", view=view, params={}))
        assert comm_data(line)["status"] == 404
    for number, op in enumerate(["exec", "eval", "__class__", None]):
        line.send(request(number, op=op))
        assert "error" in comm_data(line)


@pytest.mark.parametrize(
    "card",
    [
        "__import__('os')",
        [1],
        {"card_id": "x"},
        {"state": 10**400},
        {"due": "9999-99-99"},
        {"__class__": "y"},
        {"stability": "1e999"},
    ],
)
def test_a_hostile_card_is_refused_and_the_kernel_lives(line: websocket.WebSocket, card: object) -> None:
    line.send(request(1, op="review", card=card, rating="good"))
    assert comm_data(line) == {"id": 1, "error": "the request could not be answered"}
    line.send(request(2, op="review", card=None, rating="../../etc/passwd"))
    assert "error" in comm_data(line)
    line.send(request(3, op="page", view="quiz", params={}))
    assert comm_data(line)["status"] == 200


def test_an_oversized_message_closes_the_line(trainee_server: Running, line: websocket.WebSocket) -> None:
    line.send(request(1, op="suggest", text="x" * 200_000))
    assert is_closed(line)
    assert trainee_server.get("about").status == 200


def test_a_flood_of_messages_closes_the_line(trainee_server: Running, line: websocket.WebSocket) -> None:
    with contextlib.suppress(OSError, websocket.WebSocketException):  # it may be closed while we still send
        for number in range(2000):
            line.send(request(number, op="nothing"))
    assert is_closed(line)
    assert trainee_server.get("about").status == 200


def test_a_kernel_has_few_lines(trainee_server: Running, kernel: str) -> None:
    lines = [connect(trainee_server, kernel) for _ in range(TRAINEE.lines)]
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        connect(trainee_server, kernel)
    assert refused.value.status_code == 429
    for line in lines:
        line.close()


def test_another_site_cannot_connect(trainee_server: Running, kernel: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        connect(trainee_server, kernel, origin="https://elsewhere.example")
    assert refused.value.status_code == 403
    for path in ("review", f"session/{kernel}/end", f"fragment/{trainee_server.release()}/precheck"):
        assert trainee_server.get(path, "POST", b"", Origin="https://elsewhere.example").status == 403
        assert trainee_server.get(path, "POST", b"").status == 403


def test_a_kernel_nobody_was_given_cannot_be_reached(trainee_server: Running) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        connect(trainee_server, "00000000-0000-0000-0000-000000000000")
    assert refused.value.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "api",
        "api/kernels",
        "api/kernelspecs",
        "api/contents",
        "api/contents/home.ipynb",
        "api/sessions",
        "api/terminals",
        "api/status",
        "voila/api/contents/",
        "voila/api/contents/home.ipynb",
        "voila/api/themes/x",
        "voila/tree",
        "voila/tree/",
        "voila/files/home.ipynb",
        "voila/files/../../pyproject.toml",
        "voila/static/voila.js",
        "voila/templates/lab/static/voila.js",
        "voila/templates/../../../etc/passwd",
        "voila/query/00000000-0000-0000-0000-000000000000",
        "voila/execution/00000000-0000-0000-0000-000000000000",
        "voila/render/../../../pyproject.toml",
        "voila/render/%2e%2e%2fpyproject.toml",
        "voila/render/.hidden.ipynb",
        "voila/render/author/ingredient.ipynb",
        "static/",
        "static/shell.html.j2",
        "static/../page.py",
        "static/%2e%2e/page.py",
        "static/..%2fpage.py",
        "static//etc/passwd",
        "static/..\\page.py",
        "static/%00",
        "home.ipynb",
        "author",
        "shell",
        "notebooks/dashboards/home.ipynb",
        "../pyproject.toml",
        "%2e%2e/%2e%2e/etc/passwd",
        "pyproject.toml",
        ".git/config",
        "build/kb.sqlite",
        "login",
        "logout",
        "lab",
        "tree",
        "nonsense/of/any/depth",
    ],
)
def test_nothing_else_is_served(trainee_server: Running, path: str) -> None:
    answer = trainee_server.get(path)
    assert answer.status in (400, 403, 404), answer.text[:300]
    for leak in ("Traceback", "site-packages", "kb/serve", "Tornado", "root:", "from kb"):
        assert leak not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "path",
    ["", "ingredient", "static/kb.css", "voila/render/home.ipynb", "api/contents/x", "notebook/about", "suggest"],
)
def test_nothing_can_be_written(trainee_server: Running, method: str, path: str) -> None:
    assert trainee_server.get(path, method, b"{}").status in (403, 404, 405)


@pytest.mark.parametrize(
    "query", ["template=lab", "voila-template=lab", "theme=dark", "voila-theme=dark", "template=../x", "token=x"]
)
def test_the_query_cannot_change_template_or_theme(trainee_server: Running, query: str) -> None:
    answer = trainee_server.get(f"about?{query}")
    assert answer.status == 200
    assert 'id="main"' in answer.text
    assert "voila.js" not in answer.text
    assert "jp-" not in answer.text


def test_voilas_own_address_of_a_notebook_leads_to_ours(trainee_server: Running) -> None:
    answer = trainee_server.get("voila/render/ingredient.ipynb?ingredient=biotin")
    assert (answer.status, answer.headers["Location"]) == (302, "/notebook/ingredient?ingredient=biotin")
    assert trainee_server.get("voila/render/home.ipynb").headers["Location"] == "/notebook/"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "about",
        "nonsense",
        "static/base.css",
        "voila/render/home.ipynb",
        "notebook/about",
        "suggest?text=x",
        "release",
        "api/kernels/00000000-0000-0000-0000-000000000000/channels",
        "healthz",
        "fragment/0/about",
    ],
)
def test_every_answer_carries_the_security_headers(trainee_server: Running, path: str) -> None:
    headers = trainee_server.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Server"] == "kb"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["about", "notebook/about"])
def test_no_source_of_a_notebook_is_in_a_page(trainee_server: Running, path: str) -> None:
    text = trainee_server.get(path).text
    assert "kb.views.page" not in text
    assert "ipynb" not in text


@pytest.mark.parametrize(
    "value",
    ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "%00", "%ff%fe", "a" * 5000],
)
@pytest.mark.parametrize(
    "name",
    [
        "ingredient?ingredient",
        "?q",
        "indication?indication",
        "explore?node",
        "claims?verdict",
        "topics?path",
        "topics?path=hair-loss&step",
        "quiz?question",
        "quiz?set=1&at=1&answer",
        "quiz?kind",
        "revise?question",
        "techniques?technique",
        "glossary?term",
    ],
)
def test_hostile_parameters_come_back_as_text_or_not_at_all(trainee_server: Running, name: str, value: str) -> None:
    answer = trainee_server.get(f"{name}={value}")
    assert answer.status in (200, 404)
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text


def test_a_body_beyond_bounds_is_refused(trainee_server: Running) -> None:
    try:
        status = trainee_server.get("precheck", "POST", b"condition=" + b"x" * 1_000_000).status
    except OSError:  # the server hangs up while the body is still being sent
        status = 400
    assert status >= 400
    assert trainee_server.get("about").status == 200


def test_a_flood_of_readers_gets_notebooks_but_no_more_kernels_than_allowed(snapshot: Path, tmp_path: Path) -> None:
    server = start(snapshot, tmp_path / "log", "trainee", wait_for_kernel=0.1)
    try:
        answers = [server.get("notebook/about") for _ in range(40)]
        assert {answer.status for answer in answers} == {200}
        assert all("<h1" in answer.text for answer in answers)
        with_kernel = sum('"kernelId": "' in answer.text for answer in answers)
        assert with_kernel <= TRAINEE.sessions
    finally:
        server.stop()
