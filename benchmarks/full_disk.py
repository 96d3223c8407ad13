"""A disk that fills up while something is saved: is it said in a sentence, is anything lost or left half written?

    python benchmarks/full_disk.py [--steps 40] [--only KIND ...]

A disk of its own in memory (Linux, `unshare -rm`) is filled but for some bytes, from none to more than the work needs; then
the real command runs on it. It has to end well or with a sentence and no traceback. Afterwards the files must be whole and
hold the old state or the new one, with nothing lying about; and once there is room the same command has to succeed.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "benchmarks")]

import kills  # noqa: E402

DISK = 48 << 20
INSIDE = "KB_FULL_DISK_INSIDE"
ONCE = """
import sys
from pathlib import Path
sys.path[:0] = [{project!r}, {benchmarks!r}]
import kills
class Done(Exception): pass
def tell(number):
    raise Done
try:
    kills.KINDS[{name!r}].work(Path({root!r}), {number}, tell)
except Done:
    pass
except OSError as error:
    sys.exit(error.strerror)
"""


@dataclass
class Kind:
    """What is tried: how its place is made ready, the command, and what its files hold."""

    prepare: Callable[[Path], None]
    command: Callable[[Path, int], list[str]]
    held: Callable[[Path], str]
    """A state of the files; raises when they are not whole."""


@dataclass
class Result:
    tries: int = 0
    refused: int = 0
    said: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def kb(*words: str) -> Callable[[Path, int], list[str]]:
    """A command of the program; `{n}` in a word is the number of the try."""
    return lambda root, n: [
        sys.executable,
        "-m",
        "kb.cli",
        "--root",
        str(root),
        *(w.format(n=n, root=root) for w in words),
    ]


def once(name: str) -> Callable[[Path, int], list[str]]:
    """One save of a kind that `kills.py` knows, as the notebooks make it."""
    places = {"project": str(PROJECT), "benchmarks": str(PROJECT / "benchmarks")}
    return lambda root, n: [sys.executable, "-c", ONCE.format(name=name, root=str(root), number=n, **places)]


def numbered(name: str) -> Callable[[Path], str]:
    return lambda root: str(kills.KINDS[name].held(root))


def built(root: Path) -> None:
    """A small base with its snapshot, and a folder exported from it."""
    kills.small_base(root)
    subprocess.run(kb("build")(root, 0), check=True, capture_output=True)


def snapshot(root: Path) -> str:
    from kb.snapshot import open_snapshot

    found = open_snapshot(root / "build" / "kb.sqlite", whole=True)
    content = found.meta["content"]
    found.close()
    return content


def change(root: Path, number: int) -> None:
    """Another base than before, so that what is built or exported from it differs."""
    path = root / kills.FILE
    path.write_text(path.read_text(encoding="utf-8").split("# try")[0] + f"# try {number}\n", encoding="utf-8")


def exported(root: Path) -> str:
    """The checksum of the folder's checksums, each of which holds."""
    folder = root / "out"
    if not folder.exists():
        return "none"
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != ".kb-site")
    if not files:
        return "none"
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8")
    listed = dict(reversed(line.split("  ", 1)) for line in sums.splitlines())
    assert sorted([*listed, "SHA256SUMS"]) == files, set(files) ^ {*listed, "SHA256SUMS"}
    for file, told in listed.items():
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == told, f"{file} is not what was listed"
    return hashlib.sha256(sums.encode()).hexdigest()


KINDS = {
    "a text file": Kind(kills.nothing, once("a text file"), numbered("a text file")),
    "a record": Kind(kills.small_base, once("a record"), numbered("a record")),
    "references.bib": Kind(kills.small_base, once("references.bib"), numbered("references.bib")),
    "a draft": Kind(kills.nothing, once("a draft"), numbered("a draft")),
    "a decision": Kind(kills.nothing, once("a decision"), numbered("a decision")),
    "a save with its commit": Kind(
        kills.small_base, once("a save with its commit"), numbered("a save with its commit")
    ),
    "kb build": Kind(built, kb("build"), snapshot),
    "kb release": Kind(built, kb("release", "1.0.{n}", "--author", "Ed", "--unchecked", "Ed"), numbered("a release")),
    **{
        f"kb export {name}": Kind(built, kb("export", name, "{root}/out"), exported) for name in ("csv", "json", "site")
    },
}


def fill(root: Path, free: int) -> None:
    """Leave so many bytes on the disk, in whole pages."""
    with open(root.parent / "ballast", "wb", buffering=0) as file:
        left = os.statvfs(root).f_bavail * os.statvfs(root).f_frsize - free
        os.posix_fallocate(file.fileno(), 0, max(1, left))


def attempt(kind: Kind, root: Path, number: int, free: int, got: Result) -> None:
    """One command on a disk with so much room, and again with all of it."""
    before = kind.held(root)
    fill(root, free)
    done = subprocess.run(kind.command(root, number), capture_output=True, text=True, cwd=PROJECT)
    (root.parent / "ballast").unlink()
    got.tries += 1
    told = done.stderr.strip()
    if "Traceback" in told or (done.returncode and not told):
        got.wrong.append(f"{free} bytes: {told[-400:] or 'nothing was said'}")
    try:
        after = kind.held(root)
    except Exception as error:
        got.wrong.append(f"{free} bytes: not whole: {type(error).__name__}: {str(error)[:300]} ({told[-200:]})")
        after = ""
    if done.returncode:
        got.refused += 1
        got.said.add(told.splitlines()[-1].replace(str(root), "...") if told else "")
        looked(root, free, got)
        again = subprocess.run(kind.command(root, number), capture_output=True, text=True, cwd=PROJECT)
        if again.returncode and "does not come after" not in again.stderr:
            got.wrong.append(f"{free} bytes: not even with room: {again.stderr[-300:]}")
        kind.held(root)
    elif after == before and number:
        got.wrong.append(f"{free} bytes: said to be done, and nothing changed")


def looked(root: Path, free: int, got: Result) -> None:
    """What a refused command leaves lying about."""
    result = kills.Result()
    kills.clear(root, result)
    odd = {d for d in result.debris if not d.startswith("out/")}
    if result.swept or result.locks or odd:
        got.wrong.append(f"{free} bytes: left {result.swept} temporary files, {result.locks} locks, {sorted(odd)[:3]}")


def run(name: str, steps: int, root: Path) -> Result:
    """A kind with less and less missing; the first tries leave a page or none, the last ones more than enough."""
    kind, got = KINDS[name], Result()
    kind.prepare(root)
    if kind.held is exported:
        subprocess.run(kind.command(root, 0), check=True, capture_output=True, cwd=PROJECT)
    need = 2 << 20 if name.startswith("kb") else 200_000
    for number in range(1, steps + 1):
        if name.startswith(("kb build", "kb export")):
            change(root, number)
        if name.startswith("kb export"):
            subprocess.run(kb("build")(root, 0), check=True, capture_output=True, cwd=PROJECT)
        share = (number - 1) / max(1, steps - 1)
        attempt(kind, root, number, int(need * share**1.5) // 4096 * 4096, got)
    return got


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--steps", type=int, default=40)
    asked.add_argument("--only", nargs="*", choices=sorted(KINDS), default=list(KINDS))
    given = asked.parse_args()
    if INSIDE not in os.environ:
        return subprocess.run(["unshare", "-rm", sys.executable, *sys.argv], env=os.environ | {INSIDE: "1"}).returncode
    logging.disable(logging.CRITICAL)
    fine = True
    print("| on a full disk | tries | refused | wrong | said |\n|---|---:|---:|---:|---|")
    for name in given.only:
        with tempfile.TemporaryDirectory(prefix="full-") as folder:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", folder], check=True)
            try:
                root = Path(folder) / "base"
                root.mkdir()
                got = run(name, given.steps, root)
            finally:
                subprocess.run(["umount", folder], check=True)
        print(
            f"| {name} | {got.tries} | {got.refused} | {len(got.wrong)} | {'; '.join(sorted(got.said))[:600]} |",
            flush=True,
        )
        for said in got.wrong[:6]:
            print(f"  {name}: {said}", file=sys.stderr, flush=True)
        fine &= not got.wrong
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
