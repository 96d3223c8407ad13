"""A JupyterHub for the knowledge base: JupyterLab for authors, the two editions as services behind the hub's sign-in.

    pip install --require-hashes -r requirements-dev.lock   # or the package with its extra `hub`
    apt install node-configurable-http-proxy                # the hub's proxy; elsewhere: npm install -g configurable-http-proxy
    KB_ROOT=/srv/mesotherapy-kb KB_HUB_PEOPLE=/etc/kb/people.yaml jupyterhub -f deploy/hub/jupyterhub_config.py

Who may do what follows from three groups, listed in the file that KB_HUB_PEOPLE names (see people.yaml here): `authors` get
a JupyterLab of their own in the checkout, `clinicians` and `trainees` the edition of that name. Authors read both.
Nobody else gets in. With the accounts of the house put its authenticator in place of PAM (KB_HUB_AUTHENTICATOR: a name or
class that the hub knows, such as `generic-oauth` of oauthenticator) and let it fill the groups.
"""

import os
import sys
from pathlib import Path

import yaml

c = get_config()  # noqa: F821 - the hub puts it here
ROOT = Path(os.environ.get("KB_ROOT", ".")).resolve()
PEOPLE = yaml.safe_load(Path(os.environ["KB_HUB_PEOPLE"]).read_text(encoding="utf-8"))
GROUPS = ("authors", "clinicians", "trainees")
SNAPSHOT = os.environ.get("KB_SNAPSHOT", str(ROOT / "build" / "kb.sqlite"))
NAMES = [word for name in os.environ.get("KB_HUB_NAMES", "").split() for word in ("--allow-host", name)]
PORTS = {
    "clinician": int(os.environ.get("KB_CLINICIAN_PORT", 8866)),
    "trainee": int(os.environ.get("KB_TRAINEE_PORT", 8867)),
}

# Signing in
c.JupyterHub.authenticator_class = os.environ.get("KB_HUB_AUTHENTICATOR", "pam")
c.Authenticator.allowed_users = {name for group in GROUPS for name in PEOPLE.get(group) or ()}
c.Authenticator.admin_users = set(PEOPLE.get("admins") or ())
c.JupyterHub.load_groups = {group: {"users": list(PEOPLE.get(group) or ())} for group in GROUPS}

# The proxy: nothing of it can be reached from elsewhere but the one address readers use.
c.JupyterHub.bind_url = os.environ.get("KB_HUB_URL", "http://127.0.0.1:8000")
c.JupyterHub.hub_bind_url = os.environ.get("KB_HUB_INNER_URL", "http://127.0.0.1:8081")
c.ConfigurableHTTPProxy.api_url = os.environ.get("KB_HUB_PROXY_API", "http://127.0.0.1:8001")

# Readers: each edition is a service that the hub starts, watches and signs in for.
c.JupyterHub.services = [
    {
        "name": edition,
        "url": f"http://127.0.0.1:{port}",
        "command": [
            sys.executable,
            "-m",
            "kb.cli",
            "--root",
            str(ROOT),
            "serve",
            "--hub",
            "--edition",
            edition,
            "--kernels",
            "0",
        ]
        + ["--snapshot", SNAPSHOT, *NAMES],
        "environment": {"HOME": os.environ.get("HOME", "/tmp"), "PYTHONDONTWRITEBYTECODE": "1"},
        "oauth_no_confirm": True,
        "timeout": 300,  # seconds until it has to answer; the hub ends itself when it does not
        "display": True,
    }
    for edition, port in PORTS.items()
]

# Authors: JupyterLab in the checkout, as themselves. Readers have no server at all.
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.notebook_dir = str(ROOT / "notebooks" / "author")
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"KB_ROOT": str(ROOT)}
if os.environ.get("KB_HUB_SPAWNER"):
    c.JupyterHub.spawner_class = os.environ["KB_HUB_SPAWNER"]

own = ["self", "access:services!service=clinician", "access:services!service=trainee"]
c.JupyterHub.load_roles = [
    {
        "name": "user",
        "scopes": ["users:activity!user", "read:users!user"],
    },  # less than the hub's own: no server of one's own
    {"name": "authors", "groups": ["authors"], "scopes": own},
    {"name": "clinicians", "groups": ["clinicians"], "scopes": ["access:services!service=clinician"]},
    {"name": "trainees", "groups": ["trainees"], "scopes": ["access:services!service=trainee"]},
]
