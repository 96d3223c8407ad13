"""The files for Kubernetes: the same people and rights as the hub of one machine, and words the program takes."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from traitlets.config import Config

from kb.compile import ensure
from tests.serve.running import free_port

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "deploy" / "kubernetes"
VALUES = yaml.safe_load((PLACE / "values.yaml").read_text(encoding="utf-8"))
THINGS = list(yaml.safe_load_all((PLACE / "editions.yaml").read_text(encoding="utf-8")))
EDITIONS = ("clinician", "trainee")


def thing(kind: str, edition: str) -> Any:
    (found,) = [t for t in THINGS if t["kind"] == kind and t["metadata"]["name"] == f"kb-{edition}"]
    return found


def container(edition: str) -> Any:
    (found,) = thing("Deployment", edition)["spec"]["template"]["spec"]["containers"]
    return found


def test_groups_may_do_what_they_may_at_the_hub_of_one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_HUB_PEOPLE", str(ROOT / "deploy" / "hub" / "people.yaml"))
    config = Config()
    source = ROOT / "deploy" / "hub" / "jupyterhub_config.py"
    exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), {"get_config": lambda: config})
    roles = {role["name"]: {k: v for k, v in role.items() if k != "name"} for role in config.JupyterHub.load_roles}
    assert VALUES["hub"]["loadRoles"] == roles
    assert VALUES["hub"]["config"]["JupyterHub"]["load_groups"] == config.JupyterHub.load_groups
    assert set(VALUES["hub"]["config"]["Authenticator"]["allowed_users"]) == config.Authenticator.allowed_users


@pytest.mark.parametrize("edition", EDITIONS)
def test_hub_service_and_server_mean_the_same(edition: str) -> None:
    service, server = thing("Service", edition), container(edition)
    (port,) = service["spec"]["ports"]
    assert VALUES["hub"]["services"][edition]["url"] == f"http://kb-{edition}:{port['port']}"
    assert service["spec"]["selector"] == thing("Deployment", edition)["spec"]["selector"]["matchLabels"]
    token = next(e for e in server["env"] if e["name"] == "JUPYTERHUB_API_TOKEN")["valueFrom"]["secretKeyRef"]
    assert token == {"name": "hub", "key": f"hub.services.{edition}.apiToken"}  # where the chart keeps it


@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_can_be_written_but_the_folder_for_temporary_files(edition: str) -> None:
    pod, server = thing("Deployment", edition)["spec"]["template"]["spec"], container(edition)
    assert server["securityContext"]["readOnlyRootFilesystem"]
    assert {m["mountPath"] for m in server["volumeMounts"] if not m.get("readOnly")} == {"/tmp"}
    claims = [v["persistentVolumeClaim"] for v in pod["volumes"] if "persistentVolumeClaim" in v]
    assert claims == [{"claimName": THINGS[0]["metadata"]["name"], "readOnly": True}]
    assert THINGS[0]["spec"]["accessModes"] == ["ReadOnlyMany"]


def test_the_server_starts_with_these_words_and_sends_readers_to_the_hub(tmp_path: Path) -> None:
    server, port = container("trainee"), free_port()
    env = {e["name"]: str(e.get("value", "a-token")) for e in server["env"]}
    env["JUPYTERHUB_SERVICE_URL"] = env["JUPYTERHUB_SERVICE_URL"].replace("0.0.0.0:8866", f"127.0.0.1:{port}")
    words = [str(ensure(ROOT)) if w == "/snapshot/kb.sqlite" else w for w in server["args"]]
    command = [sys.executable, "-m", "kb.cli", "--root", str(tmp_path), "serve", *words, "--no-open"]
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(command, env=os.environ | env, stdout=log, stderr=log, cwd=ROOT)
    try:
        deadline = time.monotonic() + 400
        while answer(port, server["readinessProbe"]["httpGet"]["path"], "10.0.0.7")[0] != 200:
            assert running.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.2)
        status, to = answer(port, "/services/trainee/about", "kb.example.org")
        assert status == 302
        assert to.startswith("/hub/api/oauth2/authorize?")
        assert "client_id=service-trainee" in to
    finally:
        running.terminate()
        running.wait(120)


def answer(port: int, path: str, host: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", path, headers={"Host": host})
        found = line.getresponse()
        return found.status, found.getheader("Location", "")
    except OSError:
        return 0, ""
    finally:
        line.close()


def schema(name: str) -> Any:
    return json.loads((Path(__file__).parent / "schemas" / name).read_text(encoding="utf-8"))


def complaints(rules: Any, value: Any) -> list[str]:
    found = jsonschema.Draft202012Validator(rules).iter_errors(value)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in found]


def test_the_values_hold_to_the_schema_of_the_chart() -> None:
    rules = schema("z2jh-values.json")
    assert complaints(rules, VALUES) == []
    for slip in ({"hubs": {}}, {"hub": VALUES["hub"] | {"loadRole": {}}}, {"ingress": {"enabled": "yes"}}):
        assert len(complaints(rules, VALUES | slip)) == 1


@pytest.mark.parametrize("number", range(len(THINGS)))
def test_the_editions_hold_to_the_strict_schemas_of_kubernetes(number: int) -> None:
    defined, thing = schema("kubernetes-1.37.json")["$defs"], THINGS[number]
    (kind,) = [name for name in defined if name.endswith(f".{thing['kind']}")]
    rules = {"$ref": f"#/$defs/{kind}", "$defs": defined}
    assert complaints(rules, thing) == []
    assert complaints(rules, thing | {"spec": thing["spec"] | {"replica": 1}}), "a word that Kubernetes does not know"
