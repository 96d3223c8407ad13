"""How long a snapshot takes to open, as it is and with every page a hundred times: `python benchmarks/opening.py`.

Three ways in one run, taking turns: as it is opened now, with the checksum of the whole file compared, and with SQLite's own
check that a file is whole (`PRAGMA quick_check`), which every opening waited for until format 7. Each figure comes from a
process of its own, without Python's start and imports; a monograph is read each time. The files are in the system's memory.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from kb.compile import ensure
from kb.snapshot import seal

ROOT = Path(__file__).parents[1]
WAYS = {
    "now": "s = open_snapshot(path)",
    "with the whole checksum": "s = open_snapshot(path, whole=True)",
    "with SQLite's check": "s = open_snapshot(path)\ns._connection.execute('PRAGMA quick_check(1)').fetchone()",
}
_RUN = """
import sys, time
from pathlib import Path
from kb.snapshot import open_snapshot
path = Path(sys.argv[1])
began = time.perf_counter()
{code}
s.monograph('minoxidil')
print(time.perf_counter() - began)
"""


def grown(path: Path, to: Path, times: int) -> Path:
    """A copy with every page `times` times, each copy under an id of its own."""
    shutil.copyfile(path, to)
    connection = sqlite3.connect(to)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    ids = [row[0] for row in connection.execute("SELECT id FROM page")]
    for number in range(2, times + 1):
        new = [(f"{id_}-{number}", id_) for id_ in ids]
        connection.executemany("INSERT INTO page SELECT ?, kind, name, json FROM page WHERE id = ?", new)
        connection.commit()
    connection.close()
    seal.stamp(to)
    return to


def seconds(way: str, path: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _RUN.format(code=WAYS[way]), str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = ensure(ROOT)
        files = {"as it is": small, f"{asked.times}x": grown(small, Path(folder) / "large.sqlite", asked.times)}
        found: dict[tuple[str, str], list[float]] = {}
        for _ in range(asked.runs):
            for name, path in files.items():
                for way in WAYS:
                    found.setdefault((way, name), []).append(seconds(way, path))
        heads = [f"{name}, {path.stat().st_size / 1e6:.0f} MB: ms" for name, path in files.items()]
    print(f"| opened | {' | '.join(heads)} | growth |\n|---|{'---:|' * (len(heads) + 1)}")
    for way in WAYS:
        small_ms, large_ms = (1000 * statistics.median(found[way, name]) for name in files)
        print(f"| {way} | {small_ms:.1f} | {large_ms:.1f} | {large_ms / small_ms:.1f}x |")


if __name__ == "__main__":
    main()
