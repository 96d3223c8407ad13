"""Who may come in: host names, sign-in by token, a reader named by a proxy, and what is written down about it."""

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket

from kb.serve.options import Options
from tests.serve.running import Running, start

TOKEN = "a-token-of-the-clinic"
EVERYTHING = [
    "", "about", "ingredient?ingredient=minoxidil", "fragment/0/about", "suggest?text=x", "release", "data-docs/index.html",
    "api/v1", "api/v1/pages/minoxidil", "notebook/about", "voila/render/about.ipynb", "nonsense", "precheck",
]  # fmt: skip


@pytest.fixture(scope="module")
def guarded(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    options = {"token": TOKEN, "hosts": ("kb.example.org",), "kernels": 0}
    running = start(snapshot, tmp_path_factory.mktemp("guarded") / "log", options=options)
    yield running
    running.stop()


def audited(server: Running) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    return [line for line in lines if line["log"] == "kb.audit"]


def ask(server: Running, host: str, path: str = "/about", method: str = "GET", **headers: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    line.request(method, path, headers={"Host": host, **headers})
    return line.getresponse().status


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8866", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]", "", "a b"],
)
def test_a_page_of_another_name_cannot_read_ours(server: Running, host: str) -> None:
    """DNS rebinding: the name of the attacker's page leads to this machine, so origin and host agree."""
    for method, path in (
        ("GET", "/about"),
        ("GET", "/notebook/about"),
        ("GET", "/static/base.css"),
        ("POST", "/review"),
    ):
        assert ask(server, host, path, method, Origin=f"http://{host}") in (400, 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.0.0.1:1", "[::1]:80", "localhost."])
def test_names_of_this_machine_and_names_it_was_told_are_ours(server: Running, host: str) -> None:
    assert ask(server, host) == 200


def test_a_name_it_was_told_is_ours_too(guarded: Running) -> None:
    assert ask(guarded, "kb.example.org", Authorization=f"Bearer {TOKEN}") == 200
    assert ask(guarded, "kb.example.net", Authorization=f"Bearer {TOKEN}") == 421


@pytest.mark.parametrize("path", EVERYTHING)
def test_without_a_token_nothing_is_shown_but_the_way_to_sign_in(guarded: Running, path: str) -> None:
    answer = guarded.get(path)
    assert answer.status == 401
    assert "Minoxidil" not in answer.text
    assert guarded.get(path, Authorization="Bearer wrong").status == 401
    assert guarded.get(path, Authorization=f"Basic {TOKEN}").status == 401


def test_a_line_to_a_kernel_needs_it_too(guarded: Running) -> None:
    url = f"ws://localhost:{guarded.port}/api/kernels/00000000-0000-0000-0000-000000000000/channels"
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(url, timeout=120)
    assert refused.value.status_code == 401


def test_who_brings_the_token_reads_and_a_browser_keeps_it_half_a_day(guarded: Running) -> None:
    assert "Minoxidil" in guarded.get(EVERYTHING[2], Authorization=f"Bearer {TOKEN}").text
    form = guarded.get(EVERYTHING[2])
    assert 'name="token"' in form.text
    assert 'value="/ingredient?ingredient=minoxidil"' in form.text
    sent = f"token={TOKEN}&next=%2Fingredient%3Fingredient%3Dminoxidil".encode()
    answer = guarded.get("sign-in", "POST", sent)
    assert (answer.status, answer.headers["Location"]) == (303, "/ingredient?ingredient=minoxidil")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    held = cookie.split(";")[0]
    assert "Minoxidil" in guarded.get(EVERYTHING[2], Cookie=held).text
    name, value = held.split("=", 1)
    assert guarded.get("about", Cookie=f"{name}={value[:-3]}abc").status == 401
    assert "signed in" in [line["event"] for line in audited(guarded)]
    assert TOKEN not in guarded.log


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(guarded: Running, wanted: str) -> None:
    answer = guarded.get("sign-in", "POST", f"token={TOKEN}&next={wanted}".encode())
    assert answer.headers["Location"] == "/"


def test_tokens_cannot_be_tried_one_after_the_other(snapshot: Path, tmp_path: Path) -> None:
    server = start(snapshot, tmp_path / "log", options={"token": TOKEN, "kernels": 0}, sign_ins=3, sign_in_every=3600)
    try:
        tried = [server.get("sign-in", "POST", f"token=guess-{n}".encode()).status for n in range(5)]
        assert tried == [401, 401, 401, 429, 429]
        assert server.get("sign-in", "POST", f"token={TOKEN}".encode()).status == 429
        refused = ["sign-in refused"] * 3 + ["too many tokens tried"] * 3
        server.wait_until(lambda: [line["event"] for line in audited(server)] == refused)
        assert "guess-" not in server.log
    finally:
        server.stop()


def test_probes_need_neither_name_nor_token_and_say_nothing_of_content(guarded: Running) -> None:
    for path in ("healthz", "readyz"):
        assert ask(guarded, "10.0.0.7:8866", f"/{path}") == 200
        assert len(guarded.get(path).text) < 100


def test_metrics_count_and_are_for_this_machine_or_the_token_only(guarded: Running, server: Running) -> None:
    server.get("about?condition=query-of-a-reader")
    text = server.get("metrics").text
    assert re.search(r'kb_requests_total\{method="GET",page="about",status="200"\} [1-9]', text)
    assert "query-of-a-reader" not in text
    assert server.get("metrics", **{"X-Forwarded-For": "198.51.100.7"}).status == 404
    assert guarded.get("metrics").status == 404
    assert guarded.get("metrics", Authorization=f"Bearer {TOKEN}").status == 200


def test_a_proxy_names_the_reader_and_whom_it_speaks_for(snapshot: Path, tmp_path: Path) -> None:
    options = {"user_header": "X-Remote-User", "proxy": True, "kernels": 0}
    server = start(snapshot, tmp_path / "log", options=options, work=3, work_every=3600)
    try:
        assert server.get("about").status == 401
        assert server.get("about", **{"X-Remote-User": "dr.jones"}).status == 200
        told = {"method": "GET", "page": "about", "status": 200, "user": "dr.jones"}
        server.wait_until(lambda: any(told.items() <= line.items() for line in server.requests))
        named = {"X-Remote-User": "dr.jones"}
        for n in range(9):  # each address has its share, however many stand behind the proxy
            address = {"X-Real-Ip": f"198.51.100.{n % 3}"}
            assert server.get(f"claims?n={n}", **named, **address).status == 200
        assert server.get("claims?n=9", **named, **{"X-Real-Ip": "198.51.100.0"}).status == 429
        server.wait_until(lambda: [line["client"] for line in audited(server)][-1:] == ["198.51.100.0"])
    finally:
        server.stop()


def test_without_a_proxy_nobody_can_choose_the_address_he_comes_from(snapshot: Path, tmp_path: Path) -> None:
    server = start(snapshot, tmp_path / "log", options={"kernels": 0}, work=3, work_every=3600)
    try:
        answers = [server.get(f"claims?n={n}", **{"X-Real-Ip": f"198.51.100.{n}"}).status for n in range(5)]
        assert answers == [200, 200, 200, 429, 429]
    finally:
        server.stop()


def test_beyond_this_machine_readers_sign_in_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    def options(**given: Any) -> Options:
        return Options(root=tmp_path, snapshot=tmp_path / "kb.sqlite", **given)

    assert options().sign_in == ""
    assert options(host="::1").sign_in == ""
    assert len(options(host="0.0.0.0").sign_in) >= 32
    assert options(host="0.0.0.0").sign_in != options(host="0.0.0.0").sign_in
    assert options(host="0.0.0.0", token="").sign_in == ""
    assert options(token="t").sign_in == "t"
    with pytest.raises(ValueError, match="proxy on this machine"):
        options(host="0.0.0.0", user_header="X-Remote-User", proxy=True)
    with pytest.raises(ValueError, match="--proxy"):
        options(user_header="X-Remote-User")
    for path in ("kb", "//kb", "/kb?x", "/k b", '/"'):
        with pytest.raises(ValueError, match="base URL"):
            options(base_url=path)


def test_it_lives_under_any_path(snapshot: Path, tmp_path: Path) -> None:
    server = start(snapshot, tmp_path / "log", options={"base_url": "/mesotherapy/", "kernels": 0})
    try:
        html = server.get("ingredient?ingredient=minoxidil").text
        shell = re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)"', html.split("<main")[0])
        assert all(address.startswith("/mesotherapy/static/") for address in shell)
        for address in shell:
            assert server.get(address.removeprefix("/mesotherapy/")).status == 200
        links = set(re.findall(r'href="((?!#|https?:)[^"]+)"', html))
        assert [link for link in links if link.startswith("/") and not link.startswith("/mesotherapy/")] == []
        assert '"baseUrl": "/mesotherapy/"' in html
        assert ask(server, "localhost", "/about") == 404
        assert server.get("about/").headers["Location"] == "/mesotherapy/about"
        assert json.loads(server.get(f"fragment/{server.release()}/about").text)["status"] == 200
    finally:
        server.stop()
