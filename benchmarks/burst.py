"""Many readers at once: the server beside plain Voilà, the same notebooks, the same snapshot, the same visitors, in one run.

    python benchmarks/burst.py [--quick]

Visitors arrive evenly over some seconds; each opens one page by its address and counts the time until its last byte. Plain
Voilà starts a kernel for every visitor and pre-heated Voilà has two waiting for each notebook; what a visitor of theirs
has seen is closed at once, as if nobody read, so that memory does not decide. A visitor gives up after two minutes.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SNAPSHOT = ROOT / "build" / "kb.sqlite"
BURSTS = ((50, 10), (200, 20), (600, 4))
SLUGS = ("minoxidil", "dutasteride", "biotin", "tranexamic-acid", "microneedling", "mesotherapy", "deoxycholic-acid")
PATIENCE = 120
OURS = [sys.executable, "-m", "kb.cli", "serve", "--no-log", "--snapshot", str(SNAPSHOT)]
VOILA = [sys.executable, "-m", "voila", "--no-browser", str(ROOT / "notebooks" / "dashboards")]
PROGRAMS = {
    "this server": (OURS, "/ingredient?ingredient={slug}", BURSTS),
    "plain Voilà": (VOILA, "/voila/render/ingredient.ipynb?ingredient={slug}", BURSTS[:2]),
    "Voilà, pre-heated": (
        [*VOILA, "--preheat_kernel=True", "--pool_size=2"],
        "/voila/render/ingredient.ipynb?ingredient={slug}",
        BURSTS[:2],
    ),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, told: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The program, once it answers; ended with all it started. What it says goes into `told`."""
    environment = os.environ | {"KB_SNAPSHOT": str(SNAPSHOT), "PYTHONPATH": str(ROOT)}
    with told.open("wb") if told else tempfile.TemporaryFile() as log:
        process = subprocess.Popen([*command, f"--port={port}"], stdout=log, stderr=log, env=environment)
        try:
            asyncio.run(answers(port))
            time.sleep(20)  # what is heated or drawn ahead
            yield process
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


async def answers(port: int) -> None:
    for _ in range(1200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.1)
    raise SystemExit("it never answered")


async def visit(port: int, address: str) -> float | None:
    """Seconds to the last byte of the page, or None without a page."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**26)
            head = f"GET {address} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            answer = await reader.read(-1)
            writer.close()
    except (OSError, TimeoutError):
        return None
    took = time.perf_counter() - began
    if kernel := re.search(rb'"kernelId": "([0-9a-f-]{36})"', answer):
        await shut(port, kernel[1].decode())
    return took if answer.startswith(b"HTTP/1.1 200") else None


async def shut(port: int, kernel: str) -> None:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"POST /voila/api/shutdown/{kernel} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()
    except OSError:
        return


async def burst(port: int, address: str, visitors: int, seconds: float) -> list[float | None]:
    async def arrive(place: int) -> float | None:
        await asyncio.sleep(seconds * place / visitors)
        return await visit(port, address.format(slug=SLUGS[place % len(SLUGS)]))

    return await asyncio.gather(*(arrive(place) for place in range(visitors)))


async def throughput(port: int, address: str, seconds: float, readers: int = 8) -> tuple[float, list[float]]:
    """Pages a minute when `readers` ask one after the other without a pause, each over a connection it keeps."""
    until = time.perf_counter() + seconds
    times: list[float] = []

    async def ask(place: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
        while time.perf_counter() < until:
            place += 1
            path = address.format(slug=SLUGS[place % len(SLUGS)])
            began = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            times.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(ask(place) for place in range(readers)))
    return 60 * len(times) / (time.perf_counter() - began), times


def memory(process: subprocess.Popen[bytes]) -> int:
    """Megabytes of the program and all it started, shared pages counted once each."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    parents = dict(zip(told[::2], told[1::2], strict=True))
    mine, total = {str(process.pid)}, 0
    while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= more
    for pid in mine:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        found = re.search(r"^Pss: +(\d+)", rollup, re.M)
        total += int(found[1]) if found else 0
    return total // 1024


def row(name: str, visitors: int, seconds: float, times: list[float | None], megabytes: int) -> str:
    got = sorted(t for t in times if t is not None)
    if len(got) < 2:
        return f"| {name} | {visitors} in {seconds} s | {len(got)} | | | | {megabytes} |"
    p95 = got[min(len(got) - 1, int(0.95 * len(got)))]
    return (
        f"| {name} | {visitors} in {seconds} s | {len(got)} | {statistics.median(got):.3f} | {p95:.3f} | {got[-1]:.3f} "
        f"| {megabytes} |"
    )


def main() -> None:
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"load before the run: {load}; {os.cpu_count()} processors\n")
    print(
        "| | visitors | got the page | median, s | p95, s | worst, s | MB after |\n|---|---|---:|---:|---:|---:|---:|"
    )
    for name, (command, address, bursts) in PROGRAMS.items():
        for visitors, seconds in bursts[:1] if "--quick" in sys.argv else bursts:
            port = free_port()
            with running(command, port) as process:
                times = asyncio.run(burst(port, address, visitors, seconds))
                print(row(name, visitors, seconds, times, memory(process)), flush=True)
    command, address, _ = PROGRAMS["this server"]
    port = free_port()
    with running(command, port):
        rate, asked = asyncio.run(throughput(port, address, 10))
    print(
        f"\nthis server, 8 readers without a pause for 10 s: {rate:,.0f} pages a minute, median {1000 * statistics.median(asked):.1f} ms"
    )


if __name__ == "__main__":
    main()
