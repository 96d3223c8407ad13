"""Two authors at once on one machine, each in a Jupyter kernel, killed at random moments: is anything lost or damaged?

    python benchmarks/two_authors.py --seconds 180
    python benchmarks/two_authors.py --edits 10000 --seconds 300

Each author is a real kernel, as JupyterLab starts it, that opens records, types, and saves: words into one list both write to, one field
both overwrite, and records of their own. What a save has acknowledged is written down by the author; what has been typed,
too. At the end every acknowledged save must be found in the file or, for the field both overwrite, in its history; every
file must read; and after every kill the draft must hold what was typed a second before.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

FILE = "formulary/ingredients/minoxidil.yaml"


@dataclass
class Result:
    seconds: float = 0.0
    rounds: int = 1
    typed: int = 0
    saves: int = 0
    merges: int = 0
    conflicts: int = 0
    kills: int = 0
    drafts_restored: int = 0
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    stale_drafts: list[str] = field(default_factory=list)

    @property
    def edits(self) -> int:
        """Words typed into a draft, and saves acknowledged."""
        return self.typed + self.saves

    def add(self, other: Result) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def fine(self) -> bool:
        return not (self.lost or self.damaged or self.stale_drafts)


def _as_late(restored: str, settled: str) -> bool:
    """Whether a draft holds what was typed last or something after it; a kill between the draft and its entry here leaves it later."""
    *whose, count = settled.split()
    *restored_whose, restored_count = restored.split() or [""]
    return whose == restored_whose and restored_count.isdigit() and int(restored_count) >= int(count)


def author(root: Path, name: str, log: Path, seed: int) -> None:
    """What one kernel does until it is killed."""
    from kb.author.session import Conflicted, Saved, Session
    from kb.author.target import Target
    from kb.author.workbench import Workbench

    chance = random.Random(seed)
    bench = Workbench(root)
    shared = Target("ingredient", FILE, "minoxidil")
    contested = Target("finding", FILE, "moftah2013-minoxidil-hair-loss")
    with open(log, "a", encoding="utf-8", buffering=1) as book:

        def note(**what: Any) -> None:
            book.write(json.dumps({"at": time.time(), **what}) + "\n")
            book.flush()
            os.fsync(book.fileno())

        typing = Session.open(bench, Target("caution", FILE), name, draft_key=f"typing.{name}")
        if typing.restored:
            note(restored=typing.values.get("why", ""))
        count = 0
        while True:
            count += 1
            word = f"{name} {os.getpid()} {count}"
            typing.set(("why",), word)
            note(typed=word)
            kind = chance.choice(["list", "field", "own"])
            if kind == "list":
                session = Session.open(bench, shared, name, draft_key=f"list.{name}")
                session.replace({**session.values, "synonyms": [*session.values.get("synonyms", []), word]})
            elif kind == "field":
                session = Session.open(bench, contested, name, draft_key=f"field.{name}")
                session.set(("limitations",), word)
            else:
                session = Session.open(bench, Target("caution", FILE), name, draft_key=f"own.{name}")
                slug = "c-" + word.lower().replace(" ", "-")
                values = {
                    "id": slug,
                    "trigger": "pregnancy",
                    "severity": "inform",
                    "action": "A.",
                    "why": word,
                    "strength": "S.",
                }
                session.replace(values)
            session.message = f"Say {word}"
            time.sleep(chance.random() * 0.2)
            for _ in range(20):
                done = session.save()
                if isinstance(done, Conflicted):
                    note(conflict=word)
                    session.resolve(done, {c.path: "mine" for c in done.conflicts})
                    continue
                break
            if isinstance(done, Saved):
                note(saved=word, kind=kind, merged=len(done.taken))
            session.close()


@dataclass
class Kernel:
    """A kernel in which one author is at work."""

    manager: KernelManager
    client: BlockingKernelClient
    pid: int

    @classmethod
    def start(cls, root: Path, name: str, log: Path, seed: int) -> Kernel:
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(cwd=str(root), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=600)
        code = (
            f"import sys; sys.path[:0] = [{str(PROJECT)!r}, {str(PROJECT / 'benchmarks')!r}]\n"
            f"from pathlib import Path; from two_authors import author\n"
            f"author(Path({str(root)!r}), {name!r}, Path({str(log)!r}), {seed})"
        )
        client.execute(code, store_history=False)
        return cls(manager, client, manager.provisioner.pid)  # type: ignore[union-attr]

    def ended(self) -> str:
        """Why the author is no longer at work; empty while it is."""
        if not self.manager.is_alive():
            return "the kernel is gone"
        while True:
            try:
                reply = self.client.get_shell_msg(timeout=0)
            except Empty:
                return ""
            if reply["content"]["status"] == "error":
                return "\n".join(reply["content"]["traceback"])

    def kill(self) -> None:
        """At once, as a crash would."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def run(root: Path, seconds: float, seed: int = 0, kill_every: float = 4.0) -> Result:
    """Let two authors work on `root` for so long, killing one of them every now and then, and look at what is left."""
    chance = random.Random(seed)
    result = Result(seconds=seconds)
    names = ["Ada", "Bo"]
    logs = {name: root.parent / f"{name}.log" for name in names}

    def start(name: str) -> Kernel:
        return Kernel.start(root, name, logs[name], chance.randrange(10**9))

    running = {name: start(name) for name in names}
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            time.sleep(min(kill_every * (0.5 + chance.random()), max(0.1, ends - time.monotonic())))
            name = chance.choice(names)
            if ended := running[name].ended():
                result.damaged.append(f"{name} ended by itself: {ended}")
            running[name].kill()
            result.kills += 1
            running[name] = start(name)
    finally:
        for kernel in running.values():
            kernel.kill()
    time.sleep(1)  # a git that outlived its author finishes
    _judge(root, logs, result)
    return result


def _judge(root: Path, logs: dict[str, Path], result: Result) -> None:
    from kb.author.session import Session
    from kb.author.target import Target
    from kb.author.workbench import Workbench
    from kb.knowledge import load

    base = load(root, strict=False)
    result.damaged += [str(p) for p in base.problems if p.severity == "critical"]
    found = base.ingredients.get("minoxidil")
    if found is None:
        result.damaged.append("minoxidil cannot be read")
        return
    cautions = {c.why for c in found.cautions}
    contested = Session.open(
        Workbench(root), Target("finding", FILE, "moftah2013-minoxidil-hair-loss"), "judge", draft_key="judge"
    )
    said = {(s.values or {}).get("limitations") for s in contested.states(100_000)}
    for log in logs.values():
        typed: list[tuple[float, str]] = []
        for line in log.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if "typed" in entry:
                typed.append((entry["at"], entry["typed"]))
                result.typed += 1
            elif "restored" in entry:
                result.drafts_restored += 1
                # What was typed at least a second before the last sign of life must be in the draft.
                settled = [w for at, w in typed if at <= typed[-1][0] - 1.0]
                later = (
                    [w for _, w in typed[typed.index(next(t for t in typed if t[1] == settled[-1])) :]]
                    if settled
                    else []
                )
                if (
                    settled
                    and entry["restored"] not in later
                    and not any(_as_late(entry["restored"], w) for w in later)
                ):
                    result.stale_drafts.append(f"{entry['restored']!r} instead of {settled[-1]!r} or later")
            elif "conflict" in entry:
                result.conflicts += 1
            elif "saved" in entry:
                result.saves += 1
                result.merges += bool(entry["merged"])
                where = {"list": found.synonyms, "own": cautions, "field": said}[entry["kind"]]
                if entry["saved"] not in where:
                    result.lost.append(f"{entry['kind']}: {entry['saved']}")


def prepare(folder: Path) -> Path:
    """A small formulary in a repository of its own."""
    from tests.author.conftest import committed, write_formulary

    root = folder / "base"
    root.mkdir()
    write_formulary(root)
    return committed(root)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kill-every", type=float, default=4.0, help="seconds between kills, half as long to half as long again"
    )
    parser.add_argument(
        "--edits", type=int, default=0, help="rounds of so many seconds, each on a new formulary, until so many edits"
    )
    given = parser.parse_args()
    total = Result(rounds=0)
    while not total.rounds or (total.edits < given.edits and total.fine):
        folder = Path(tempfile.mkdtemp(prefix="two-authors-"))
        try:
            total.add(run(prepare(folder), given.seconds, given.seed + total.rounds, given.kill_every))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        print(json.dumps({"edits": total.edits, **asdict(total)}), flush=True)
    return 0 if total.fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
