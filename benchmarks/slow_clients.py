"""Clients that send or take one byte a second, against the server as it is shipped: how do the others fare?

    python benchmarks/slow_clients.py [--clients 300] [--seconds 60]

`kb serve` runs as a command. A third of the clients sends the head of a request a byte a second, a third the body, a third asks for a
large page again and again and takes a byte a second of it. Meanwhile one reader opens pages, ten a second.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PATHS = ("/", "/about", "/evidence", "/ingredient?ingredient=minoxidil", "/suggest?text=biotin", "/precheck")
HOST = b"Host: localhost\r\n"
HEAD = b"GET /about HTTP/1.1\r\n" + HOST
BODY = b"POST /precheck HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n"
LARGE = (b"GET /ingredient?ingredient=platelet-rich-plasma HTTP/1.1\r\n" + HOST + b"\r\n") * 50


def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(at: int, path: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", at, timeout=60)
    try:
        line.request("GET", path, headers={"Host": "localhost"})
        answer = line.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        line.close()


class Slow(threading.Thread):
    """All slow clients: a byte each, once a second; who was let go comes back at once."""

    def __init__(self, at: int, clients: int) -> None:
        super().__init__(daemon=True)
        self.at, self.over, self.let_go = at, threading.Event(), 0
        self.kinds = [(HEAD, BODY, LARGE)[n % 3] for n in range(clients)]
        self.lines = [self.open(kind) for kind in self.kinds]

    def open(self, said: bytes) -> socket.socket:
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(5)
        line.connect(("127.0.0.1", self.at))
        line.sendall(said)
        line.setblocking(False)
        return line

    def run(self) -> None:
        while not self.over.wait(1):
            for n, kind in enumerate(self.kinds):
                try:
                    if kind is not LARGE:
                        self.lines[n].send(b"x")
                    with contextlib.suppress(BlockingIOError):
                        if not self.lines[n].recv(1):
                            raise OSError
                except OSError:
                    self.let_go += 1
                    self.lines[n].close()
                    with contextlib.suppress(OSError):
                        self.lines[n] = self.open(kind)


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--clients", type=int, default=300)
    asked.add_argument("--seconds", type=float, default=60)
    given = asked.parse_args()
    at = port()
    command = [sys.executable, "-m", "kb.cli", "serve", "--port", str(at), "--no-open"]
    server = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(OSError):
                if get(at, "/readyz")[0] == 200:
                    break
            time.sleep(0.5)
        slow = Slow(at, given.clients)
        slow.start()
        took, failed, began = [], 0, time.monotonic()
        while time.monotonic() - began < given.seconds:
            before = time.perf_counter()
            try:
                failed += get(at, PATHS[len(took) % len(PATHS)])[0] != 200
            except OSError:
                failed += 1
            took.append(time.perf_counter() - before)
            time.sleep(0.1)
        open_ = re.search(r"^kb_connections (\d+)", get(at, "/metrics")[1], re.M)
        slow.over.set()
        memory = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8"))
        took.sort()
        print(
            "| slow clients | let go | connections at the end | pages | failed | median, s | p95, s | worst, s | MB |"
        )
        print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
        figures = (statistics.median(took), took[int(0.95 * len(took))], took[-1])
        shown = " | ".join(f"{f:.3f}" for f in figures)
        many = f"{given.clients} | {slow.let_go} | {open_[1] if open_ else ''} | {len(took)} | {failed}"
        print(f"| {many} | {shown} | {int(memory[1]) // 1024 if memory else ''} |")
    finally:
        server.terminate()
        server.wait(60)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
