"""What a server keeps after ten thousand visits and two hundred kernels: memory, threads, open files.

    python benchmarks/leak.py [--visits 10000] [--kernels 200]

The real server with the real base; a new connection for each visit. Visitors open the page of anything there is, three in ten
search as they type or compare two things; who asks for what is drawn once and is the same in every run. Then notebooks are opened,
each with a kernel of its own, four at a time, and closed as a reader closes a page. Memory is that of the server with all it started,
shared pages counted once (`Pss`). Drawn pages are kept up to a bound, so memory grows until that is reached, and must then stay.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from burst import ROOT, SNAPSHOT, free_port, running
from readers import OPEN, family, megabytes

SERVER = """
import dataclasses, sys
from pathlib import Path
from kb.serve import app, run
changed = dict(work=10**9, starts_per_client=10**6, unclaimed=600, wait_for_kernel=60, start_seconds=60, run_seconds=60)
app.LIMITS["clinician"] = dataclasses.replace(app.LIMITS["clinician"], **changed)
run("clinician", int(sys.argv[1].removeprefix("--port=")), {root!r}, snapshot=Path({snapshot!r}))
"""
"""The server as it is shipped, but all visitors come from one address, which would soon have had its share."""

WORDS = (
    "minox",
    "hair loss",
    "dutasterid",
    "dark circles",
    "vitamin b7",
    "prp",
    "melasma",
    "warts",
    "keloid",
    "eyebrow",
)
AT_ONCE = 4


def things() -> list[str]:
    """The id of everything that has a page."""
    with sqlite3.connect(f"file:{SNAPSHOT}?mode=ro", uri=True) as base:
        return [slug for (slug,) in base.execute("SELECT id FROM page ORDER BY id")]


def addresses(visits: int) -> list[str]:
    """What visitors ask for, in their order."""
    chance, every = random.Random(15), things()
    found = []
    for _ in range(visits):
        kind = chance.random()
        if kind < 0.7:
            found.append("/ingredient?" + urlencode({"ingredient": chance.choice(every)}))
        elif kind < 0.85:
            word = chance.choice(WORDS)
            found.append("/suggest?" + urlencode({"text": word[: chance.randint(2, len(word))]}))
        else:
            found.append("/compare?" + urlencode([("item", one) for one in chance.sample(every, 2)]))
    return found


def ask(port: int, address: str, method: str = "GET") -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        line.request(method, address, headers={"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"})
        answer = line.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        line.close()


def row(what: str, process: subprocess.Popen[bytes], port: int) -> None:
    """One line of the table."""
    everybody = family(process.pid)
    files, threads = (sum(_count(one, name) for one in everybody) for name in ("fd", "task"))
    store = re.search(r"^kb_store_bytes ([\d.e+]+)", ask(port, "/metrics")[1], re.M)
    kept = float(store[1]) / 1e6 if store else 0
    own, total = megabytes(process.pid, "Pss"), sum(megabytes(one, "Pss") for one in everybody)
    print(f"| {what} | {own:.0f} | {total:.0f} | {kept:.0f} | {len(everybody)} | {threads} | {files} |", flush=True)


def _count(pid: int, name: str) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/{name}").iterdir()))
    except OSError:
        return 0


def visit(process: subprocess.Popen[bytes], port: int, visits: int) -> None:
    statuses: dict[int, int] = {}
    for number, address in enumerate(addresses(visits), 1):
        status, _ = ask(port, address)
        statuses[status] = statuses.get(status, 0) + 1
        if number in (100, 1000) or number % max(1, visits // 5) == 0:
            row(f"{number:,} visits", process, port)
    print(f"answers by status: {statuses}", file=sys.stderr)


def open_notebooks(process: subprocess.Popen[bytes], port: int, kernels: int) -> None:
    chance, every, without = random.Random(16), things(), 0
    for number in range(AT_ONCE, kernels + 1, AT_ONCE):
        opened = []
        for _ in range(AT_ONCE):
            text = ask(port, "/notebook/ingredient?" + urlencode({"ingredient": chance.choice(every)}))[1]
            found = OPEN.search(text)
            opened += [found[1]] if found else []
            without += found is None
        for kernel in opened:
            ask(port, f"/session/{kernel}/end", "POST")
        if number % max(AT_ONCE, kernels // 4 // AT_ONCE * AT_ONCE) == 0:
            time.sleep(8)  # one kernel is heated again
            row(f"{number:,} kernels opened and closed", process, port)
    print(f"notebooks that came without a kernel: {without}", file=sys.stderr)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--visits", type=int, default=10_000)
    asked.add_argument("--kernels", type=int, default=200)
    given = asked.parse_args()
    command = [sys.executable, "-c", SERVER.format(root=str(ROOT), snapshot=str(SNAPSHOT))]
    port = free_port()
    print(f"load before: {os.getloadavg()[0]:.1f}; {os.cpu_count()} processors\n")
    print("| after | the server, MB | with kernels, MB | pages kept, MB | processes | threads | open files |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder, running(command, port, Path(folder) / "log") as process:
        row("its start", process, port)
        visit(process, port, given.visits)
        open_notebooks(process, port, given.kernels)
        log = (Path(folder) / "log").read_text(encoding="utf-8", errors="replace")
    print(f"\nload after: {os.getloadavg()[0]:.1f}; lines of the log about faults: {log.count('Traceback')}")


if __name__ == "__main__":
    main()
