"""A client against a server that misbehaves in every way: always an answer, in bounded time, and polite."""

import gzip
import time
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest

from kb.literature.client import Client, cache_directory, user_agent
from tests.literature.conftest import CLOSED_PORT, Handler, Server, Slept

JSON = ("application/json",)


def ask(client: Client, server: Server, path: str = "/x") -> object:
    return client.get(server.url + path, {}, JSON)


def test_an_answer(server: Server, client: Client) -> None:
    server.answering = lambda h: h.say('{"a": 1}', "application/json; charset=utf-8")
    answer = client.get(server.url + "/x", {"q": 'DOI:"10.1/a b"'}, JSON)
    assert (answer.status, answer.body) == ("ok", '{"a": 1}')
    assert server.seen[0][0] == "/x?q=DOI%3A%2210.1%2Fa%20b%22" or "DOI" in server.seen[0][0]


def test_compressed(server: Server, client: Client) -> None:
    server.answering = lambda h: h.say(gzip.compress(b'{"a": 1}'), Content_Encoding="gzip")
    assert ask(client, server).body == '{"a": 1}'


def test_nothing_there(client: Client, slept: Slept) -> None:
    answer = client.get(CLOSED_PORT + "/x", {}, JSON)
    assert answer.status == "offline"
    assert "cannot be reached" in answer.reason
    assert slept == []  # no connection: no use in trying again at once


def test_an_unknown_host(client: Client) -> None:
    assert client.get("http://no-such-host.invalid/x", {}, JSON).status == "offline"


def test_slow_to_begin(server: Server, client: Client) -> None:
    server.answering = lambda h: server.closing.wait(120)
    started = time.monotonic()
    quick = replace(client, timeout=0.3, tries=2)
    answer = ask(quick, server)
    assert answer.status == "offline"
    assert "in time" in answer.reason
    assert time.monotonic() - started < 100, "the server would keep it for two minutes"
    while len(server.seen) < 2:  # it may read a request only when the client has left
        assert time.monotonic() - started < 100
        time.sleep(0.01)
    assert len(server.seen) == 2


def test_slow_drops(server: Server, client: Client) -> None:
    """Each part comes in time; the whole would take for ever."""

    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        while not server.closing.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    server.answering = drip
    answer = ask(replace(client, deadline=0.5), server)
    assert answer.status == "offline"
    assert "longer than" in answer.reason


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_busy_then_well(server: Server, client: Client, slept: Slept, code: int) -> None:
    server.answering = lambda h: h.say("{}") if len(server.seen) > 2 else h.say("busy", "text/plain", code)
    assert ask(client, server).status == "ok"
    assert slept == [1.0, 2.0]


def test_busy_for_good(server: Server, client: Client, slept: Slept) -> None:
    server.answering = lambda h: h.say("busy", "text/plain", 503)
    assert ask(client, server).status == "offline"
    assert len(server.seen) == 3
    assert ask(client, server, "/y").status == "offline"
    assert len(server.seen) == 3  # a host that is down is left alone for a while
    client.close()
    ask(client, server, "/y")
    assert len(server.seen) == 6


def test_retry_after_is_honoured(server: Server, client: Client, slept: Slept) -> None:
    server.answering = lambda h: h.say("{}") if len(server.seen) > 1 else h.say("", "text/plain", 429, Retry_After="7")
    assert ask(client, server).status == "ok"
    assert slept == [7.0]


def test_retry_after_as_a_date(server: Server, client: Client, slept: Slept) -> None:
    when = formatdate(time.time() + 55, usegmt=True)
    server.answering = lambda h: h.say("{}") if len(server.seen) > 1 else h.say("", "text/plain", 503, Retry_After=when)
    assert ask(replace(client, longest_wait=60), server).status == "ok"
    assert 30 < slept[0] <= 55


def test_a_long_wait_is_not_waited(server: Server, client: Client, slept: Slept) -> None:
    server.answering = lambda h: h.say("", "text/plain", 429, Retry_After="3600")
    answer = ask(client, server)
    assert answer.status == "offline"
    assert "3600 seconds" in answer.reason
    assert slept == []


@pytest.mark.parametrize(
    ("body", "kind", "status", "says"),
    [
        ("<html>", "text/html", 200, "text/html instead of application/json"),
        ("{}", "", 200, "no type"),
        ("{}", "application/json", 400, "status 400"),
        ("{}", "application/json", 204, "status 204"),
        (b"\xff\xfe{", "application/json", 200, "not UTF-8"),
        ("x" * 300_000, "application/json", 200, "more than"),
    ],
)
def test_answers_that_cannot_be_used(
    server: Server, client: Client, body: str, kind: str, status: int, says: str
) -> None:
    server.answering = lambda h: h.say(body, kind, status)
    answer = ask(client, server)
    assert answer.status == "refused"
    assert says in answer.reason
    assert len(server.seen) == 1


def test_a_compressed_bomb(server: Server, client: Client) -> None:
    server.answering = lambda h: h.say(gzip.compress(b" " * 20_000_000), Content_Encoding="gzip")
    assert "more than" in ask(client, server).reason


def test_broken_compression(server: Server, client: Client) -> None:
    server.answering = lambda h: h.say(b"not gzip", Content_Encoding="gzip")
    assert ask(client, server).status == "refused"


def test_an_endless_answer(server: Server, client: Client) -> None:
    def pour(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        while not server.closing.is_set():
            handler.wfile.write(b" " * 65_536)

    server.answering = pour
    assert "more than" in ask(client, server).reason


def test_cut_short(server: Server, client: Client) -> None:
    def cut(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"a"')

    server.answering = cut
    answer = ask(client, server)
    assert answer.status == "offline"
    assert "broke" in answer.reason


def test_no_http_at_all(server: Server, client: Client) -> None:
    server.answering = lambda h: h.wfile.write(b"220 mail server ready\r\n") and None
    assert ask(client, server).status == "offline"


def test_redirects(server: Server, client: Client) -> None:
    server.answering = lambda h: h.say("{}") if h.path == "/there" else h.say("", status=301, Location="/there")
    assert ask(client, server).status == "ok"


def test_redirects_in_a_circle(server: Server, client: Client) -> None:
    server.answering = lambda h: h.say("", status=302, Location=h.path)
    assert "circle" in ask(client, server).reason
    assert len(server.seen) == 5


@pytest.mark.parametrize(
    "place",
    ["http://169.254.169.254/latest", "file:///etc/passwd", "https://127.0.0.1/x", "//example.org/", "http://["],
)
def test_redirects_to_another_site_are_not_followed(server: Server, client: Client, place: str) -> None:
    server.answering = lambda h: h.say("", status=302, Location=place)
    assert ask(client, server).status == "refused"
    assert len(server.seen) == 1


def test_answers_are_kept_and_grow_old(server: Server, client: Client) -> None:
    server.answering = lambda h: h.say('{"a": 1}')
    assert ask(client, server) == ask(client, server)
    assert len(server.seen) == 1
    assert ask(replace(client, keep=0), server).status == "ok"
    assert len(server.seen) == 2


def test_failures_are_not_kept(server: Server, client: Client) -> None:
    server.answering = lambda h: h.say("", "text/html", 200)
    ask(client, server)
    server.answering = lambda h: h.say("{}")
    assert ask(client, server).status == "ok"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"url": 1}', b"\xff"])
def test_a_damaged_cache_is_as_good_as_none(server: Server, client: Client, damage: bytes) -> None:
    server.answering = lambda h: h.say("{}")
    ask(client, server)
    assert client.cache is not None
    for file in client.cache.iterdir():
        file.write_bytes(damage)
    assert ask(client, server).status == "ok"
    assert len(server.seen) == 2


def test_a_cache_that_cannot_be_written(server: Server, client: Client, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    server.answering = lambda h: h.say("{}")
    assert ask(replace(client, cache=tmp_path / "file" / "sub"), server).status == "ok"


def test_requests_keep_their_distance(server: Server, slept: Slept) -> None:
    server.answering = lambda h: h.say("{}")
    polite = Client(gap=5.0, cache=None, sleep=slept)
    ask(polite, server, "/1")
    ask(polite, server, "/2")
    polite.close()
    assert len(slept) == 1
    assert 4 < slept[0] <= 5


def test_who_asks(server: Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert user_agent().startswith("mesotherapy-kb/")
    assert "mailto" not in user_agent()
    monkeypatch.setenv("KB_MAILTO", "author@example.org")
    server.answering = lambda h: h.say("{}")
    ask(client, server)
    assert server.seen[0][1]["User-Agent"].endswith("(mailto:author@example.org)")
    monkeypatch.setenv("KB_MAILTO", "x@example.org\r\nX-Evil: 1")
    assert "mailto" not in user_agent()


def test_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KB_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_directory() == tmp_path / "mesotherapy-kb" / "literature"
