"""A real JupyterHub with its real proxy: who gets JupyterLab, who gets which edition, and who gets nothing."""

import contextlib
import http.cookiejar
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest

from kb.compile import ensure
from tests.programs import ON_CI
from tests.serve.running import PROJECT, free_port

NODE = {**os.environ, "NODE_PATH": "/usr/share/nodejs"}  # Debian's proxy with a node from elsewhere


def proxy_runs() -> bool:
    if shutil.which("configurable-http-proxy") is None:
        return False
    told = subprocess.run(["configurable-http-proxy", "--version"], env=NODE, capture_output=True, check=False)
    return told.returncode == 0


pytestmark = pytest.mark.skipif(
    not ON_CI and not proxy_runs(), reason="no configurable-http-proxy here (apt: node-configurable-http-proxy)"
)

TESTED = """
exec(compile(open({shipped!r}, encoding="utf-8").read(), {shipped!r}, "exec"))
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "{word}"
c.JupyterHub.spawner_class = "simple"
c.Spawner.args = ["--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie-secret"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
"""
WORD = "a-word-for-the-tests"
PEOPLE = "authors: [ada]\nclinicians: [clara]\ntrainees: [tom]\n"


class Visitor:
    """A browser without a screen: cookies, redirects, and the form of the hub."""

    def __init__(self, url: str, name: str = "") -> None:
        self.url = url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        if name:
            self.sign_in(name)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, address and text of what is shown in the end."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            answer = self.opener.open(urllib.request.Request(f"{self.url}{path}", data), timeout=120)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.url, answer.read().decode("utf-8", "replace")

    def sign_in(self, name: str) -> None:
        _, _, form = self.ask("hub/login")
        token = re.search(r'name="_xsrf"\s+value="([^"]*)"', form)
        assert token, form[:500]
        self.ask("hub/login", {"username": name, "password": WORD, "_xsrf": token[1]})
        assert any("jupyterhub" in cookie.name for cookie in self.jar)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hub")
    snapshot = ensure(PROJECT)
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    shipped = str(PROJECT / "deploy" / "hub" / "jupyterhub_config.py")
    (folder / "config.py").write_text(TESTED.format(shipped=shipped, folder=folder, word=WORD), encoding="utf-8")
    url = f"http://127.0.0.1:{free_port()}"
    environment = NODE | {
        "KB_ROOT": str(PROJECT),
        "KB_SNAPSHOT": str(snapshot),
        "KB_HUB_PEOPLE": str(folder / "people.yaml"),
        "KB_HUB_URL": url,
        "KB_HUB_INNER_URL": f"http://127.0.0.1:{free_port()}",
        "KB_HUB_PROXY_API": f"http://127.0.0.1:{free_port()}",
        "KB_CLINICIAN_PORT": str(free_port()),
        "KB_TRAINEE_PORT": str(free_port()),
        "HOME": str(folder),
        "PYTHONPATH": str(PROJECT),
    }
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "jupyterhub", "-f", str(folder / "config.py")]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        until = time.monotonic() + 400
        for place in ("hub/health", "services/clinician/healthz", "services/trainee/healthz"):
            while not is_up(f"{url}/{place}"):
                assert process.poll() is None and time.monotonic() < until, (folder / "log").read_text()[-4000:]
                time.sleep(0.2)
        yield f"{url}/"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(240)
        except subprocess.TimeoutExpired:
            process.kill()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def is_up(address: str) -> bool:
    try:
        return int(urllib.request.urlopen(address, timeout=60).status) == 200
    except OSError:
        return False


def test_a_stranger_is_sent_to_the_hub_and_sees_nothing(hub: str) -> None:
    for edition in ("clinician", "trainee"):
        status, address, text = Visitor(hub).ask(f"services/{edition}/ingredient?ingredient=minoxidil")
        assert status == 200 and "/hub/login" in address
        assert "Minoxidil" not in text
    assert Visitor(hub).ask("services/clinician/suggest?text=minox")[0] == 401


@pytest.mark.parametrize(
    ("name", "edition", "other"), [("clara", "clinician", "trainee"), ("tom", "trainee", "clinician")]
)
def test_a_reader_gets_the_edition_of_their_group_and_no_other(hub: str, name: str, edition: str, other: str) -> None:
    visitor = Visitor(hub, name)
    status, address, text = visitor.ask(f"services/{edition}/ingredient?ingredient=minoxidil")
    assert status == 200
    assert address == f"{hub}services/{edition}/ingredient?ingredient=minoxidil"
    assert "Minoxidil" in text
    assert visitor.ask(f"services/{edition}/suggest?text=minox")[0] == 200
    status, _, text = visitor.ask(f"services/{other}/ingredient?ingredient=minoxidil")
    assert status == 403
    assert "Minoxidil" not in text
    assert visitor.ask(f"services/{other}/suggest?text=minox")[0] == 401
    assert visitor.ask(f"hub/spawn/{name}")[0] in (403, 404)


def test_who_is_in_no_group_gets_nothing(hub: str) -> None:
    visitor = Visitor(hub)
    _, _, form = visitor.ask("hub/login")
    token = re.search(r'name="_xsrf"\s+value="([^"]*)"', form)
    assert token
    assert visitor.ask("hub/login", {"username": "mallory", "password": WORD, "_xsrf": token[1]})[0] == 403
    assert "/hub/login" in visitor.ask("services/clinician/about")[1]


def test_an_answer_that_the_hub_did_not_give_signs_nobody_in(hub: str) -> None:
    visitor = Visitor(hub)
    assert visitor.ask("services/clinician/oauth_callback?code=x&state=y")[0] == 403
    assert visitor.ask("services/clinician/oauth_callback")[0] == 403
    assert "/hub/login" in visitor.ask("services/clinician/about")[1]


@pytest.mark.slow
def test_an_author_gets_jupyterlab_and_both_editions(hub: str) -> None:
    visitor = Visitor(hub, "ada")
    for edition in ("clinician", "trainee"):
        assert visitor.ask(f"services/{edition}/about")[1] == f"{hub}services/{edition}/about"
    visitor.ask("hub/spawn")
    until = time.monotonic() + 300
    while True:
        status, address, text = visitor.ask("user/ada/lab")
        if status == 200 and "/user/ada/lab" in address and "JupyterLab" in text:
            break
        assert time.monotonic() < until, (status, address, text[:500])
        time.sleep(0.5)
    assert "/hub/login" in Visitor(hub).ask("user/ada/lab")[1]
    status, address, text = Visitor(hub, "clara").ask("user/ada/lab")
    assert status == 403 or "JupyterLab" not in text
