"""Two servers behind the shipped nginx, one of them killed while visitors read: nobody asks more than twice."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.test_nginx import NGINX, Front
from tests.programs import ON_CI, needs
from tests.serve.running import PROJECT, Running, start

pytestmark = [
    pytest.mark.skipif(NGINX is None and not ON_CI, reason="no nginx here; install nginx-light"),
    needs("openssl"),
]
PAGES = (
    "ingredient?ingredient=minoxidil",
    "indication?indication=melasma",
    "evidence",
    "about",
    "claims",
    "mixing",
    "",
)
VISITORS, VISITS, BEFORE = 4, 40, 40
"""So many visitors open so many pages each; one server is killed after `BEFORE` pages of all of them."""


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Front, list[Running]]]:
    from kb.compile import ensure

    snapshot = ensure(PROJECT)
    options = {"kernels": 0, "proxy": True}
    servers = [start(snapshot, tmp_path / f"{n}.log", options=options, ahead=True) for n in (1, 2)]
    front = Front(tmp_path, servers[0].port, servers[0].port)
    written = front.folder / "nginx.conf"
    upstream = (PROJECT / "deploy" / "replicas.conf").read_text(encoding="utf-8")
    upstream = upstream.replace("8866", str(servers[0].port)).replace("8876", str(servers[1].port))
    text = written.read_text(encoding="utf-8")
    begins = text.index("upstream kb_clinician {")
    written.write_text(text[:begins] + upstream + text[text.index("}", begins) + 1 :], encoding="utf-8")
    front.run()
    yield front, servers
    front.stop()
    for server in servers:
        if server.process.poll() is None:
            server.stop()


def test_one_of_two_is_killed_under_load_and_no_visitor_asks_more_than_twice(
    two: tuple[Front, list[Running]],
) -> None:
    front, (one, other) = two
    answered, tries, faults = itertools.count(1), [], []
    enough = threading.Event()

    def visit(visitor: int) -> None:
        for n in range(VISITS):
            path = PAGES[(visitor + n) % len(PAGES)]
            for attempt in (1, 2, 3):
                try:
                    assert "</html>" in front.get(path).read().decode()
                    tries.append(attempt)
                    break
                except (OSError, AssertionError) as error:
                    faults.append(f"{path}: {error}")
            if next(answered) >= BEFORE:
                enough.set()

    visitors = [threading.Thread(target=visit, args=(n,)) for n in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    assert enough.wait(300)
    one.process.kill()
    for visitor in visitors:
        visitor.join(300)
    assert len(tries) == VISITORS * VISITS, faults
    assert max(tries) <= 2, faults
    first = [r for r in one.requests if r["page"] != "healthz"]
    assert first, "both answered before one was killed"
    left = VISITORS * VISITS - BEFORE - len(first)
    other.wait_until(lambda: len([r for r in other.requests if r["page"] != "healthz"]) > max(left, 0))


def test_a_check_of_a_patient_is_answered_by_the_server_that_is_left(two: tuple[Front, list[Running]]) -> None:
    import ssl
    import urllib.error
    import urllib.request

    front, (one, other) = two
    one.process.kill()
    one.process.wait(240)
    context = ssl.create_default_context(cafile=str(front.folder / "cert.pem"))
    context.check_hostname = False
    address = f"https://localhost:{front.tls}/fragment/{other.release()}/precheck"
    for _ in range(6):
        request = urllib.request.Request(address, b"condition=pregnancy", {"Origin": f"https://localhost:{front.tls}"})
        try:
            assert urllib.request.urlopen(request, context=context, timeout=120).status == 200
        except urllib.error.HTTPError as error:
            pytest.fail(f"a check was not answered: {error}")
