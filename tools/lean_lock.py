"""Write the smaller locks in `deploy/`: what serving needs, and what three extras add (`make lock` runs it).

    python tools/lean_lock.py

`deploy/requirements-serve.in` names what the server imports itself; what those need in turn is read from the installed
packages, for every platform that the lock covers. `deploy/requirements-<extra>.lock` holds what the extras pdf, package and
hub of `pyproject.toml` need, from `requirements-dev.lock`. Versions and hashes are the locks' own.
"""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
ASKED = ROOT / "deploy" / "requirements-serve.in"
LEAN = ROOT / "deploy" / "requirements-serve.lock"
EXTRAS = ("pdf", "package", "hub")
HEAD = "# What serving needs, with hashes; a part of requirements.lock. Made by tools/lean_lock.py.\n"


def blocks(lock: str = "requirements.lock") -> dict[str, list[str]]:
    """The pins of a lock by package name, each with its hashes and without comments."""
    found: dict[str, list[str]] = {}
    text = (ROOT / lock).read_text(encoding="utf-8")
    for block in re.split(r"\n(?=[a-z0-9])", text):
        if re.match(r"[a-z0-9]", block):
            lines = [line for line in block.splitlines() if not line.lstrip().startswith("#")]
            name = canonicalize_name(re.split(r"[=<>!~ ;\[]", lines[0])[0])
            found.setdefault(name, []).append("\n".join(lines).rstrip())
    return found


def needed(wanted: list[str], known: set[str]) -> set[str]:
    """Everything these packages need, on any platform, of what the lock knows."""
    found: set[str] = set()
    queue = [canonicalize_name(Requirement(text).name) for text in wanted]
    while queue:
        name = queue.pop()
        if name in found or name not in known:
            continue
        found.add(name)
        try:
            requires = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # of another platform
        for text in requires:
            requirement = Requirement(text)
            if requirement.marker is None or "extra" not in str(requirement.marker):
                queue += [canonicalize_name(requirement.name), *_of_extras(requirement)]
    return found


def _of_extras(requirement: Requirement) -> list[str]:
    """What a requirement's extras ask for (`jsonschema[format-nongpl]`)."""
    if not requirement.extras:
        return []
    try:
        requires = metadata.requires(requirement.name) or []
    except metadata.PackageNotFoundError:
        return []
    texts = [Requirement(text) for text in requires]
    wanted = [r for r in texts if r.marker and any(r.marker.evaluate({"extra": e}) for e in requirement.extras)]
    return [canonicalize_name(r.name) for r in wanted]


def lean() -> str:
    """The text of the lean lock."""
    pins = blocks()
    asked = [line for line in ASKED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    names = needed(asked, set(pins))
    return HEAD + "\n".join(pin for name in sorted(names) for pin in pins[name]) + "\n"


def extra(name: str) -> str:
    """The text of the lock of an extra: what it adds, and what that needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = blocks("requirements-dev.lock")
    names = needed(project["optional-dependencies"][name], set(pins))
    head = f"# What the extra {name} needs, with hashes; a part of requirements-dev.lock. Made by tools/lean_lock.py.\n"
    return head + "\n".join(pin for found in sorted(names) for pin in pins[found]) + "\n"


if __name__ == "__main__":
    written = {LEAN: lean()} | {ROOT / "deploy" / f"requirements-{name}.lock": extra(name) for name in EXTRAS}
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(re.findall(r'^[a-z0-9]', text, re.MULTILINE))} packages")
