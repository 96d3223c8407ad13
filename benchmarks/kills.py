"""Ten thousand kills over every kind of save, draft, decision, release and build: is a confirmed one lost, is a file damaged?

    python benchmarks/kills.py [--share 0.01] [--seed 1] [--only KIND ...]

Each kill ends a process, and all it started, at a random moment of its work with SIGKILL. The process says each time when
a write was confirmed to it; afterwards the files must be whole and hold what was confirmed last, or what came after it.
What is left lying about must be what the next build sweeps; anything else counts as debris.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "benchmarks")]

FILE = "formulary/ingredients/minoxidil.yaml"
Tell = Callable[[int], None]


@dataclass
class Kind:
    """What is killed, how often, and within how many seconds of its beginning."""

    kills: int
    seconds: float
    prepare: Callable[[Path], None]
    work: Callable[[Path, int, Tell], None]
    """Works for ever from a number on, telling each number that was confirmed."""
    held: Callable[[Path], int]
    """The number the files hold; raises when one of them is damaged."""


@dataclass
class Result:
    kills: int = 0
    confirmed: int = 0
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    swept: int = 0
    locks: int = 0
    debris: set[str] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def fine(self) -> bool:
        return not (self.lost or self.damaged or self.debris)


def small_base(root: Path) -> None:
    """A small formulary in a repository of its own."""
    from tests.author.conftest import committed, write_formulary

    write_formulary(root)
    committed(root)


def text(number: int) -> str:
    return f"{number}\n" + "x" * 20_000 + f"\n{number}\n"


def save_work(root: Path, number: int, tell: Tell) -> None:
    from kb.atomic import write_text

    while True:
        write_text(root / "file.txt", text(number))
        tell(number)
        number += 1


def save_held(root: Path) -> int:
    path = root / "file.txt"
    if not path.exists():
        return 0
    found = path.read_text(encoding="utf-8")
    number = int(found.split("\n")[0])
    assert found == text(number)
    return number


def record_work(root: Path, number: int, tell: Tell) -> None:
    from kb.formulary.write import save
    from kb.knowledge import load

    record = load(root, strict=False).ingredients["minoxidil"]
    while True:
        save(root / FILE, record.model_copy(update={"synonyms": [f"word {number}"]}))
        tell(number)
        number += 1


def record_held(root: Path) -> int:
    from kb.formulary.yamltext import parse

    document, problems = parse((root / FILE).read_text(encoding="utf-8"), FILE)
    assert document is not None and not problems, problems
    words = [w for w in document.value.get("synonyms", []) if w.startswith("word ")]
    return int(words[-1].split()[1]) if words else 0


def references_work(root: Path, number: int, tell: Tell) -> None:
    from kb.bibliography import read, write

    found, _ = read(root / "references.bib")
    key = min(found)
    while True:
        changed = found[key].model_copy(update={"note": f"word {number}"})
        write(root / "references.bib", {**found, key: changed})
        tell(number)
        number += 1


def references_held(root: Path) -> int:
    from kb.bibliography import read

    found, problems = read(root / "references.bib")
    assert found and not problems, problems
    note = found[min(found)].note or ""
    return int(note.split()[1]) if note.startswith("word ") else 0


def draft_work(root: Path, number: int, tell: Tell) -> None:
    from kb.author import drafts

    draft, _ = drafts.start(root, "key")
    while True:
        draft.keep({"n": number})
        draft.flush()
        tell(number)
        number += 1


def draft_held(root: Path) -> int:
    from kb.author import drafts

    found = drafts.listed(root)
    files = list((root / ".authoring" / "drafts").glob("*.json")) if (root / ".authoring" / "drafts").exists() else []
    assert len(found) == len(files), "a draft cannot be read"
    return max((int(kept.state["n"]) for kept in found), default=0)


def decision_work(root: Path, number: int, tell: Tell) -> None:
    from datetime import date

    from kb.screen.decisions import Decided, Decision, write

    while True:
        note = f"word {number}"
        told = {"id": "pmid-1", "title": "T", "criterion": "background", "by": "Ed", "on": date(2026, 1, 1)}
        write(root, Decision(decision=Decided.ACCEPT, note=note, **told))  # type: ignore[arg-type]
        tell(number)
        number += 1


def decision_held(root: Path) -> int:
    from kb.screen.decisions import read

    found = read(root)
    assert not found.unsound, found.unsound
    said = found.of({"pmid": "1"}) or next(iter(found.all.values()), None)
    return int(str(said.note).split()[1]) if said and said.note else 0


def session_work(root: Path, number: int, tell: Tell) -> None:
    from kb.author.session import Saved, Session
    from kb.author.target import Target
    from kb.author.workbench import Workbench

    bench = Workbench(root)
    while True:
        session = Session.open(bench, Target("ingredient", FILE, "minoxidil"), "Ed", draft_key="ed")
        session.replace({**session.values, "synonyms": [f"word {number}"]})
        session.message = f"Say {number}"
        if isinstance(session.save(), Saved):
            tell(number)
        session.close()
        number += 1


def released_once(root: Path) -> None:
    """A release before the forks: what it imports on its way would else be imported again by each of them."""
    from kb.author.release import ReleaseSession

    small_base(root)
    ReleaseSession(root, "Ed").release("1.0.0", "2026-12-01", "Notes.", unchecked_by="Ed")


def release_work(root: Path, number: int, tell: Tell) -> None:
    from kb.author.release import ReleaseSession

    while True:
        ReleaseSession(root, "Ed").release(f"1.0.{number}", "2026-12-01", "Notes.", unchecked_by="Ed")
        tell(number)
        number += 1


def release_held(root: Path) -> int:
    """The release of the records. A snapshot of the one before it, where the build was killed, is made anew as `kb build` does."""
    from kb.compile import build
    from kb.knowledge import load

    base = load(root, strict=False)
    assert not [p for p in base.problems if p.severity == "critical"], base.problems
    version = base.formulary.release.version if base.formulary.release else "1.0.0"
    number = int(version.split(".")[2]) if version.startswith("1.0.") else 0
    if (root / "build" / "kb.sqlite").exists():
        told = shown(root)
        assert number - 1 <= told <= number, f"the snapshot shows 1.0.{told}, the records say {version}"
        if told < number:
            build(root)
            assert shown(root) == number, "the snapshot cannot be brought up to the release"
    return number


def shown(root: Path) -> int:
    from kb.snapshot import open_snapshot

    snapshot = open_snapshot(root / "build" / "kb.sqlite")
    release = str(snapshot.meta.get("release") or "")
    snapshot.close()
    return int(release.split(".")[2]) if release.startswith("1.0.") else 0


def built_once(root: Path) -> None:
    """As `released_once`, a build."""
    from kb.compile import build

    small_base(root)
    build(root)


def build_work(root: Path, number: int, tell: Tell) -> None:
    from kb.atomic import write_text
    from kb.compile import build

    path = root / FILE
    while True:
        kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# build ")]
        write_text(path, "\n".join([*kept, f"# build {number}"]) + "\n")
        build(root)
        tell(number)
        number += 1


def build_held(root: Path) -> int:
    from kb.snapshot import open_snapshot
    from kb.snapshot.fingerprint import content_hash

    built = root / "build" / "kb.sqlite"
    lines = [line for line in (root / FILE).read_text(encoding="utf-8").splitlines() if line.startswith("# build ")]
    said = int(lines[-1].split()[2]) if lines else 0
    if not built.exists():
        return 0
    snapshot = open_snapshot(built)
    same = snapshot.meta["content"] == content_hash(root)
    snapshot.close()
    return said if same else max(0, said - 1)


def nothing(root: Path) -> None:
    """Nothing has to be there."""


KINDS = {
    "a text file": Kind(3000, 0.06, nothing, save_work, save_held),
    "a record": Kind(1500, 0.4, small_base, record_work, record_held),
    "references.bib": Kind(1500, 0.25, small_base, references_work, references_held),
    "a draft": Kind(1500, 0.12, nothing, draft_work, draft_held),
    "a decision": Kind(1000, 0.1, nothing, decision_work, decision_held),
    "a save with its commit": Kind(1000, 1.2, small_base, session_work, record_held),
    "a release": Kind(200, 8.0, released_once, release_work, release_held),
    "a build": Kind(1000, 1.2, built_once, build_work, build_held),
}


def killed(kind: Kind, root: Path, number: int, seconds: float) -> tuple[int, int]:
    """Work from `number` on for so long, then SIGKILL; the last number that was confirmed and how many were."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        os.close(reading)
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            if "KB_KILLS_LOUD" not in os.environ:
                os.dup2(nowhere.fileno(), 2)
        try:
            kind.work(root, number, lambda n: os.write(writing, b"%d\n" % n) and None)
        except BaseException:
            import traceback

            traceback.print_exc()
        os._exit(1)
    os.close(writing)
    with contextlib.suppress(OSError):
        os.setpgid(child, child)  # whoever of the two is first
    time.sleep(seconds)
    ended, _ = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as told:
        confirmed = told.read().split()
    if ended:
        raise RuntimeError("the work ended by itself")
    return (int(confirmed[-1]) if confirmed else number - 1), len(confirmed)


def run(name: str, kills: int, seed: int, root: Path) -> Result:
    """So many kills of one kind in a folder of their own."""
    kind, result, rng = KINDS[name], Result(), random.Random(f"{name}/{seed}")
    began = time.monotonic()
    kind.prepare(root)
    at = kind.held(root)
    for _ in range(kills):
        try:
            confirmed, count = killed(kind, root, at + 1, rng.random() * kind.seconds)
        except RuntimeError as error:
            result.damaged.append(str(error))
            clear(root, result)
            continue
        result.kills += 1
        result.confirmed += count
        try:
            held = kind.held(root)
        except Exception as error:  # whatever it is, a reader could not read
            result.damaged.append(f"{type(error).__name__}: {error}")
            break
        if held not in (confirmed, confirmed + 1):
            result.lost.append(f"{confirmed} was confirmed, {held} is there")
        at = max(held, confirmed)
        clear(root, result)
    result.seconds = time.monotonic() - began
    return result


def clear(root: Path, result: Result) -> None:
    """Sweep as the next build would, an hour later, and look what else is left; a lock git left is taken as doctor says."""
    from kb.atomic import sweep

    result.swept += len(sweep(root, older_than=-1))
    for lock in (root / ".git").rglob("*.lock"):
        lock.unlink()
        result.locks += 1
    known = (
        ".git/",
        ".authoring/",
        "build/",
        "formulary/",
        "reviews/",
        "screening/decisions/",
        "references.bib",
        "file.txt",
    )
    for path in root.rglob("*"):
        place = path.relative_to(root).as_posix()
        odd = path.name.endswith((".tmp", "~", ".part", "-journal", "-wal")) or not f"{place}/".startswith(known)
        if odd and not place.startswith(".git/") and path.is_file():
            result.debris.add(place)


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--share", type=float, default=1.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", nargs="*", choices=sorted(KINDS), default=list(KINDS))
    given = asked.parse_args()
    logging.disable(logging.CRITICAL)
    import kb.author.drafts
    import kb.author.release
    import kb.author.twoeyes
    import kb.bibliography
    import kb.compile
    import kb.compile.compiler
    import kb.formulary.write
    import kb.knowledge
    import kb.screen.decisions
    import kb.snapshot
    import kb.validation.run  # noqa: F401 - imported once, before the forks

    fine = True
    print("| killed | kills | confirmed writes | lost | damaged | swept | locks of git | other debris | seconds |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name in given.only:
        with tempfile.TemporaryDirectory(prefix="kills-") as folder:
            got = run(name, max(1, int(KINDS[name].kills * given.share)), given.seed, Path(folder))
        numbers = (got.kills, got.confirmed, len(got.lost), len(got.damaged), got.swept, got.locks, len(got.debris))
        print(f"| {name} | {' | '.join(f'{n:,}' for n in numbers)} | {got.seconds:.0f} |", flush=True)
        for said in (*got.lost[:5], *got.damaged[:5], *sorted(got.debris)[:5]):
            print(f"  {name}: {said[:300]}", file=sys.stderr, flush=True)
        fine &= got.fine
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
