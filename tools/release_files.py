"""The files of a release, to be put where people fetch them: `python tools/release_files.py [FOLDER]` (`make dist`).

Program and content as wheels, the snapshot, the bill of materials, the citation and `SHA256SUMS` over all of them. The same commit gives
the same bytes. Refused where the version of the program, of the citation and of the records differ, unless `--unreleased` is given.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tomllib
from pathlib import Path

import yaml
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import sbom  # noqa: E402

from kb.compile import ensure  # noqa: E402
from kb.exports import export  # noqa: E402
from kb.snapshot import open_snapshot  # noqa: E402


def said(root: Path) -> dict[str, tuple[str, str]]:
    """What each file says the version is, and the day, where it says one."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    release = yaml.safe_load((root / "formulary" / "release.yaml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    return {
        "formulary/release.yaml": (str(release["version"]), str(release["date"])),
        "CITATION.cff": (str(citation["version"]), str(citation["date-released"])),
        "pyproject.toml": (str(project["version"]), str(release["date"])),
    }


def write(folder: Path) -> list[Path]:
    """Everything, and the checksums last, in the form that `sha256sum --check` reads."""
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty: name a new folder, so that nothing old is handed on")
    folder.mkdir(parents=True, exist_ok=True)
    place = ensure(ROOT)
    made = [Path(next(iter(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"]))))]
    work = folder / ".content"
    for path in export("wheel", open_snapshot(place), work):
        if path.suffix == ".whl":
            made.append(path.rename(folder / path.name))
    shutil.rmtree(work)
    made.append(Path(shutil.copyfile(place, folder / "kb.sqlite")))
    made.append(Path(shutil.copyfile(ROOT / "CITATION.cff", folder / "CITATION.cff")))
    bill = folder / "sbom.json"
    bill.write_text(
        json.dumps(sbom.document(sbom.LOCK), indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )
    sums = folder / "SHA256SUMS"
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted([*made, bill])]
    sums.write_text("".join(lines), encoding="utf-8")
    return [*made, bill, sums]


def main(given: list[str]) -> int:
    told = said(ROOT)
    if len(set(told.values())) > 1 and "--unreleased" not in given:
        listed = ", ".join(f"{file} says {version} of {day}" for file, (version, day) in told.items())
        print(f"not one release: {listed}; run `kb release` first, or add --unreleased", file=sys.stderr)
        return 1
    words = [word for word in given if word != "--unreleased"]
    version = re.sub(r"[^\w.]", "", told["pyproject.toml"][0])
    for path in write(Path(words[0]) if words else ROOT / "dist" / version):
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
