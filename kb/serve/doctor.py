"""What `kb doctor` looks at: whether an installation is as it should be, and how to mend what is not."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import kb
from kb.atomic import leftovers, sweep
from kb.serve.limits import CLINICIAN, TRAINEE, Machine, fitted, forks_here
from kb.snapshot import FILE, DamagedSnapshot, StaleSnapshot, open_snapshot

STALE_LOCK_SECONDS = 600
EDITIONS = {"clinician": CLINICIAN, "trainee": TRAINEE}
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}


@dataclass(frozen=True)
class Note:
    """`ok` False for what should be mended; `cure` says how."""

    topic: str
    ok: bool
    says: str
    cure: str = ""

    def as_dict(self) -> dict[str, str | bool]:
        return asdict(self)


def examine(root: Path, unit: Path | None = None, mend: bool = False) -> list[Note]:
    """Everything there is to say about the installation at `root`. With `mend`, leftovers are removed."""
    notes = [*_versions(), *_snapshot(root), *_leftovers(root, mend), *_locks(root), *_limits()]
    return [*notes, *(_unit(unit) if unit else ())]


def _versions() -> Iterator[Note]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Note(
        "program", sys.version_info >= (3, 11), f"kb {kb.__version__}, Python {python}", "use Python 3.11 or newer"
    )


def _snapshot(root: Path) -> Iterator[Note]:
    path = root / FILE
    has_formulary = (root / "formulary").is_dir()
    try:
        snapshot = open_snapshot(path, root if has_formulary else None, whole=True)
    except (DamagedSnapshot, StaleSnapshot) as error:
        yield Note("snapshot", False, str(error), "kb build")
        return
    meta = snapshot.meta
    snapshot.close()
    release = meta.get("release") or "no release"
    yield Note("snapshot", True, f"{release}, built {meta['date']} from {meta['version']}")
    made_by = meta.get("kb", "")
    if made_by and made_by != kb.__version__:
        yield Note("snapshot", False, f"it was made by kb {made_by}, this is kb {kb.__version__}", "kb build")


def _leftovers(root: Path, mend: bool) -> Iterator[Note]:
    places = [p for p in (root / "formulary", root / "build", root / ".authoring") if p.is_dir()]
    found = [path for place in places for path in (sweep(place) if mend else leftovers(place))]
    if not found:
        yield Note("leftovers", True, "no temporary files of killed saves or builds")
    elif mend:
        yield Note("leftovers", True, f"{len(found)} temporary files of killed saves or builds removed")
    else:
        names = ", ".join(p.relative_to(root).as_posix() for p in found[:3])
        yield Note(
            "leftovers", False, f"{len(found)} temporary files of killed saves or builds: {names}", "kb doctor --mend"
        )


def _locks(root: Path) -> Iterator[Note]:
    lock = root / ".git" / "index.lock"
    try:
        age = abs(time.time() - lock.stat().st_mtime)  # the clock may have been set back since
    except OSError:
        yield Note("locks", True, "git is not locked")
        return
    fresh = age < STALE_LOCK_SECONDS
    said = f"git has been locked for {age / 60:.0f} minutes"
    yield Note("locks", fresh, said, f"when no git program runs, remove {lock}")


def _limits() -> Iterator[Note]:
    machine = Machine.here()
    for edition, limits in EDITIONS.items():
        found = fitted(limits, machine, forked=forks_here())
        ordinary = "" if found.unforked == found.sessions else f" ({found.unforked} where kernels cannot be forked)"
        said = f"{edition}: {found.sessions} notebooks{ordinary} and {found.connections} connections at a time here"
        yield Note("limits", True, said)


def _unit(path: Path) -> Iterator[Note]:
    """Whether a systemd unit allows what the server's limits ask for."""
    text = path.read_text(encoding="utf-8")
    edition = "trainee" if "--edition trainee" in text else "clinician"
    limits = EDITIONS[edition]
    machine = Machine(_amount(text, "MemoryMax"), _amount(text, "TasksMax"), _amount(text, "LimitNOFILE"))
    found = fitted(limits, machine, forked=forks_here())
    enough = found.sessions == limits.sessions
    says = f"{path.name} allows {found.sessions} notebooks of {limits.sessions} at a time"
    yield Note(
        "unit", enough, says, "raise MemoryMax, TasksMax or LimitNOFILE, or be content: the server keeps to what it may"
    )


def _amount(unit: str, name: str) -> int | None:
    found = re.search(rf"^{name}=(\d+)([KMGT]?)$", unit, re.MULTILINE)
    return int(found[1]) * _UNITS[found[2]] if found else None
