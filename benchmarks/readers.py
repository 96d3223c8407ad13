"""Memory of many open readers: pages, forked kernels, kernels started the ordinary way, and plain Voilà, in one run.

    python benchmarks/readers.py [--many 50] [--few 10]

Each reader opens one page by its address, one after the other, and stays. Of whatever has a kernel for each reader and does not
share it, only `--few` are opened: the rest is their multiple. Private is what ending one reader would give back (the median of the
kernels); all is everything together, shared pages counted once.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from burst import ROOT, SLUGS, SNAPSHOT, VOILA, free_port, running

SERVER = """
import dataclasses, sys
from pathlib import Path
from kb.serve import app, run
changed = dict(unclaimed=3600, sessions=60, unforked=60, starts_per_client=1000, forks={forks}, wait_for_kernel=60, start_seconds=60)
app.LIMITS["clinician"] = dataclasses.replace(app.LIMITS["clinician"], **changed)
run("clinician", int(sys.argv[1].removeprefix("--port=")), {root!r}, snapshot=Path({snapshot!r}))
"""
OPEN = re.compile(r'"kernelId": "([0-9a-f-]{36})"')


@dataclass
class Program:
    name: str
    command: list[str]
    address: str
    many: bool
    has_kernels: bool = True


def server(forks: bool) -> list[str]:
    return [sys.executable, "-c", SERVER.format(forks=forks, root=str(ROOT), snapshot=str(SNAPSHOT))]


PROGRAMS = (
    Program("this server, pages", server(True), "/ingredient?ingredient={slug}", True, has_kernels=False),
    Program("this server, notebooks, forked", server(True), "/notebook/ingredient?ingredient={slug}", True),
    Program("this server, notebooks, not forked", server(False), "/notebook/ingredient?ingredient={slug}", False),
    Program("plain Voilà", VOILA, "/voila/render/ingredient.ipynb?ingredient={slug}", False),
)


def family(pid: int) -> list[int]:
    """A process and all it started, itself first."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    pairs = list(zip(map(int, told[::2]), map(int, told[1::2]), strict=True))
    found = [pid]
    for one in found:
        found += [child for child, parent in pairs if parent == one]
    return found


def megabytes(pid: int, *names: str) -> float:
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return sum(int(n) for name in names for n in re.findall(rf"^{name}: +(\d+)", told, re.M)) / 1024


def measure(program: Program, readers: int, folder: Path) -> str:
    log = folder / "log"
    port = free_port()
    with running(program.command, port, log) as process:
        before = set(family(process.pid))
        times, got = [], 0
        for place in range(readers):
            address = program.address.format(slug=SLUGS[place % len(SLUGS)])
            began = time.perf_counter()
            text = urllib.request.urlopen(f"http://localhost:{port}{address}", timeout=120).read().decode()
            times.append(time.perf_counter() - began)
            got += bool(OPEN.search(text)) if program.has_kernels else True
        time.sleep(3)
        everybody = family(process.pid)
        total = sum(megabytes(one, "Pss") for one in everybody)
        own = [megabytes(one, "Private_Clean", "Private_Dirty") for one in everybody if one not in before]
        heated = [float(n) for n in re.findall(r"heated in ([\d.]+) s", log.read_text(encoding="utf-8"))]
    private = f"{statistics.median(own):.0f} (at most {max(own):.0f})" if program.has_kernels and own else "0"
    ready = f"{statistics.median(heated[1:]):.2f}" if program.has_kernels and len(heated) > 1 else ""
    return (
        f"| {program.name} | {got} of {readers} | {total:.0f} | {private} | {ready} | {statistics.median(times):.3f} |"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--many", type=int, default=50)
    asked.add_argument("--few", type=int, default=10)
    given = asked.parse_args()
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"load before the run: {load}; {os.cpu_count()} processors\n")
    print("| | readers with a page | all, MB | private to one, MB | a kernel ready, s | a page, s |")
    print("|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for program in PROGRAMS:
            print(measure(program, given.many if program.many else given.few, Path(folder)), flush=True)
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\nload after it: {load}")


if __name__ == "__main__":
    main()
