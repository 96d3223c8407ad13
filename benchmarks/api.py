"""The HTTP API asked over the network, one question after the other: monographs and checks; and the sizes of assistants' answers.

python benchmarks/api.py [--times 300] [--seed 1]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from precheck_plans import plan

from kb.api.answers import Answers
from kb.compile import ensure
from kb.snapshot import open_snapshot

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    answers = Answers(open_snapshot(ensure(ROOT)))
    chance = random.Random(options.seed)
    things = list(answers.data.records["ingredients"]) + list(answers.data.records["techniques"])
    plans = [asked(answers, chance) for _ in range(options.times)]
    for name, start in (("kb api", ["api"]), ("kb serve", ["serve", "--no-log", "--kernels", "0", "--no-check"])):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "kb.cli", "--root", str(ROOT), *start, "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=60) as client:
                    wait(client)
                    for _ in range(2):  # the first round loads what is loaded once
                        pages = timed(lambda n: client.get(f"/pages/{things[n % len(things)]}"), options.times)
                        checks = timed(lambda n: client.post("/precheck", json=plans[n]), options.times)
            finally:
                server.terminate()
        told(f"{name}: monograph", pages)
        told(f"{name}: check", checks)
    asyncio.run(sizes(answers, things))


def asked(answers: Answers, chance: random.Random) -> dict[str, Any]:
    given = plan(answers.snapshot.precheck, chance)
    return {**{k: v for k, v in given.items() if k != "technique"}, "techniques": [given["technique"]]}


def wait(client: httpx.Client) -> None:
    while True:
        try:
            client.get("")
            return
        except httpx.TransportError:
            time.sleep(0.2)


def timed(ask: Callable[[int], httpx.Response], times: int) -> list[float]:
    found = []
    for number in range(times):
        start = time.perf_counter()
        while (answer := ask(number)).status_code == httpx.codes.TOO_MANY_REQUESTS:  # one address has its share
            time.sleep(float(answer.headers.get("Retry-After", 1)))
            start = time.perf_counter()
        answer.raise_for_status()
        found.append(time.perf_counter() - start)
    return found


def told(what: str, seconds: list[float]) -> None:
    cut = statistics.quantiles(seconds, n=100)
    print(f"{what}: median {1000 * cut[49]:.1f} ms, p95 {1000 * cut[94]:.1f} ms, worst {1000 * max(seconds):.1f} ms")


async def sizes(answers: Answers, things: list[str]) -> None:
    """Characters of what an assistant reads."""
    from mcp import Client

    from kb.mcp.server import make

    async with Client(make(lambda: answers)) as client:
        for tool, field in (("monograph", "name"), ("evidence", "subject")):
            read = [len((await client.call_tool(tool, {field: t})).content[0].text) for t in things]
            cut = statistics.quantiles(read, n=20)
            print(f"kb mcp: {tool}: median {cut[9]:,.0f} characters, p95 {cut[18]:,.0f}, most {max(read):,}")


if __name__ == "__main__":
    main()
