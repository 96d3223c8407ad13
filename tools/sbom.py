"""A software bill of materials in CycloneDX 1.6 (JSON) from a lock file: `python tools/sbom.py [LOCK] > sbom.json`.

The lock is `deploy/requirements-serve.lock` unless another is named. Every component has its version, its package URL and
the SHA-256 of each file the lock accepts; licences are read from the packages that are installed. The same lock gives the
same document.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "deploy" / "requirements-serve.lock"
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def document(lock: Path) -> dict[str, Any]:
    """The bill of materials of a lock file."""
    text = lock.read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    seed = hashlib.sha256(text.encode() + project["version"].encode()).digest()[:16]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=seed, version=4)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "mesotherapy-kb",
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components(text),
    }


def components(text: str) -> list[dict[str, Any]]:
    """One component for each pin of the lock's text; a package may be pinned twice, for different Pythons."""
    starts = [*_PIN.finditer(text)]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    found = []
    for match, end in zip(starts, ends, strict=True):
        name, version = match[1], match[2]
        address = f"pkg:pypi/{name}@{version}"
        component: dict[str, Any] = {
            "type": "library",
            "bom-ref": address,
            "name": name,
            "version": version,
            "purl": address,
        }
        hashes = _HASH.findall(text, match.start(), end)
        component["properties"] = [{"name": "kb:accepted:sha256", "value": value} for value in sorted(hashes)]
        if licence := licence_of(name, version):
            component["licenses"] = [licence]
        found.append(component)
    return found


def licence_of(name: str, version: str) -> dict[str, Any] | None:
    """What the installed package says about its licence: an SPDX expression, or the name it gives."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if said["Version"] != version:
        return None
    if expression := said.get("License-Expression"):
        return {"expression": expression}
    classes = [c.rsplit(" :: ", 1)[1] for c in said.get_all("Classifier") or [] if c.startswith("License :: ")]
    short = (said.get("License") or "").strip().splitlines()
    name_given = classes[0] if classes else short[0] if short and len(short[0]) < 60 else ""
    return {"license": {"name": name_given}} if name_given else None


if __name__ == "__main__":
    made = document(Path(sys.argv[1]) if len(sys.argv) > 1 else LOCK)
    json.dump(made, sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")
