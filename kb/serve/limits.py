"""Every number that bounds the server, in one place, and how they follow from the machine it runs on."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

MB = 1024 * 1024
SERVER_BYTES = 300 * MB  # the server itself with a full store of pages
KERNEL_BYTES = 180 * MB  # a kernel started the ordinary way: 149 MB of its own measured, and what a long session adds
FORK_BYTES = 60 * MB  # a forked one: 21 MB of its own when warm, 52 at most after a page, and what a long session adds
ORIGINALS_BYTES = 400 * MB  # two processes that kernels are forked from: of this release and of the one before
SERVER_TASKS = 40
KERNEL_TASKS = 18  # threads of a kernel: 12 when warm, 15 after use
SERVER_FILES = 96
KERNEL_FILES = 24  # sockets of the server to one kernel, with its line to the page


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds.

    Pages, search and checks come from the server itself; only a page asked for as a notebook has a kernel, forked from one
    that is warm where the system can.
    """

    # drawing
    queue: int = 64  # requests waiting to be drawn; what comes then is told to come back
    retry_after: int = 2
    work: int = 600  # what is not kept yet, checks and look-ups: one address may ask for this many at once ...
    work_every: float = 0.05  # ... and one more each
    kept: int = 96 * MB  # drawn pages kept, packed
    ahead: bool = True  # draw the pages most asked for before anybody asks
    releases: int = 2  # releases answered at a time: the newest, and one that pages still open came from
    look_every: float = 5  # how often the snapshot is looked at for a new release
    # connections
    connections: int = 2000
    body: int = 64 * 1024
    body_seconds: float = 15  # the time a request's body may take to arrive
    idle_connection: float = 60  # the time until the next request of a connection, and for the head of one, is whole
    answer_seconds: float = 120  # the time an answer, or what is left of it, may wait for a reader to take it
    sign_ins: int = 10  # tokens one address may try at once ...
    sign_in_every: float = 6  # ... and one more each
    # notebooks
    warm: int = 1  # kernels heated in advance
    sessions: int = 32  # kernels at most, the warm ones included
    starting: int = 2  # kernels started at a time
    start_seconds: float = 15
    forks: bool = True  # kernels are forked from one that is warm, where the system can
    unforked: int = 24  # kernels at most while one of them is not forked
    original_seconds: float = 60  # the time the process that kernels are forked from may take to get warm
    fork_again: float = 60  # after a fork failed, kernels are started the ordinary way for so long
    run_seconds: float = 10  # a notebook may take this long before the server draws the page instead
    starts_per_client: int = 20  # notebooks one address may open at once ...
    start_every: float = 2  # ... and how soon it may open another one after that
    wait_for_kernel: float = 2  # how long a notebook waits for a kernel that is about to be ready
    unclaimed: float = 30  # a notebook that never called its kernel: a crawler, a closed tab
    disconnected: float = 45  # a page that went away without saying so
    idle: float = 45 * 60  # a forgotten tab
    reap_every: float = 5
    ping: float = 30  # a line is asked whether it is still there; three of these without an answer end it
    lines: int = 3  # websockets to one kernel: a page has one, and a second while the first is being missed
    message: int = 64 * 1024  # one message of a page
    messages: int = 60  # a page may send this many at once ...
    message_every: float = 0.05  # ... and one more each


CLINICIAN = Limits()
TRAINEE = Limits(sessions=12, starts_per_client=10, start_every=4, idle=15 * 60)


@dataclass(frozen=True)
class Machine:
    """What the server may use: bytes of memory, tasks (threads and processes), open files; None without a bound."""

    memory: int | None = None
    tasks: int | None = None
    files: int | None = None

    @classmethod
    def here(cls) -> Machine:
        """The bounds of this process: its control group's (a unit's MemoryMax and TasksMax), else the machine's."""
        return cls(_memory(), _bound("pids.max"), _files())


def forks_here() -> bool:
    """Whether processes can be forked here and watched by descriptor, which no system but Linux has."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:  # a filter of system calls, an older kernel
        return False
    return True


def fitted(limits: Limits, machine: Machine, kernels: int | None = None, forked: bool = False) -> Limits:
    """The limits, lowered to what the machine can hold; `kernels` is the most that somebody asked for.

    `forked` says whether kernels can be forked; `unforked` is what can be held when that fails.
    """
    sessions = limits.sessions if kernels is None else kernels
    if machine.tasks is not None:
        sessions = min(sessions, (machine.tasks - SERVER_TASKS) // KERNEL_TASKS)
    if machine.files is not None:
        sessions = min(sessions, (machine.files - SERVER_FILES) // (2 * KERNEL_FILES))
    sessions = max(0, sessions)
    unforked = min(sessions, limits.unforked)
    if machine.memory is not None:
        room = machine.memory * 0.9 - SERVER_BYTES
        unforked = max(0, min(unforked, int(room // KERNEL_BYTES)))
        sessions = max(0, min(sessions, int((room - ORIGINALS_BYTES) // FORK_BYTES)))
    sessions = max(sessions, unforked) if forked and limits.forks else unforked
    connections = limits.connections
    if machine.files is not None:
        connections = max(16, min(connections, machine.files - SERVER_FILES - sessions * KERNEL_FILES))
    kept = limits.kept if machine.memory is None else max(4 * MB, min(limits.kept, machine.memory // 8))
    warm = min(limits.warm, sessions)
    return replace(limits, sessions=sessions, unforked=unforked, warm=warm, connections=connections, kept=kept)


def raise_open_files() -> None:
    """Take all open files this process may have; the usual bound of 1,024 is a soft one."""
    try:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < hard:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (ImportError, OSError, ValueError):  # not on Windows; refused
        return


def _files() -> int | None:
    try:
        import resource
    except ImportError:
        return None
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def _memory() -> int | None:
    bound = _bound("memory.max")
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return bound
    return machine if bound is None else min(bound, machine)


def _bound(name: str, groups: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> int | None:
    """The tightest bound of this process' control group (version 2) and of those above it."""
    try:
        lines = own.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    path = next((line.removeprefix("0::").strip("/") for line in lines if line.startswith("0::")), None)
    if path is None:
        return None
    found: list[int] = []
    folder = groups / path
    for place in (folder, *folder.parents):
        try:
            value = (place / name).read_text(encoding="ascii").strip()
        except OSError:
            value = "max"
        if value.isdigit():
            found.append(int(value))
        if place == groups:
            break
    return min(found, default=None)


class Bucket:
    """A token bucket: `size` at once, one more every `every` seconds. Times are those of a monotonic clock."""

    def __init__(self, size: int, every: float) -> None:
        self.size, self.every = size, every
        self.tokens = float(size)
        self.seen: float | None = None

    def take(self, now: float) -> bool:
        """Whether one more is allowed now."""
        if self.seen is not None:
            self.tokens = min(self.size, self.tokens + (now - self.seen) / self.every)
        self.seen = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def full(self, now: float) -> bool:
        return self.seen is None or self.tokens + (now - self.seen) / self.every >= self.size


class Buckets:
    """A bucket for every address, forgotten when it is full again; at most `most` addresses are remembered."""

    def __init__(self, size: int, every: float, most: int = 10_000) -> None:
        self.size, self.every, self.most = size, every, most
        self._held: dict[str, Bucket] = {}

    def take(self, client: str, now: float) -> bool:
        if client not in self._held and len(self._held) >= self.most:
            self._held = {name: bucket for name, bucket in self._held.items() if not bucket.full(now)}
            if len(self._held) >= self.most:
                return False  # so many busy addresses at once are no readers
        return self._held.setdefault(client, Bucket(self.size, self.every)).take(now)
