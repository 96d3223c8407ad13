"""Every number that bounds the server, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds.

    A kernel takes about 100 MB and half a second of one core to start; two warm ones serve a clinic's readers, who come
    one by one. When no kernel is free a page is still rendered, without the line to a kernel.
    """

    warm: int = 2  # kernels heated in advance
    sessions: int = 24  # kernels at most, the warm ones included
    starts_per_client: int = 120  # pages with a kernel one address may open at once ...
    start_every: float = 0.5  # ... and how soon it may open another one after that
    wait_for_kernel: float = 0.35  # how long a page waits for a kernel that is about to be ready
    wait_when_asked: float = 10  # how long a page already shown may wait for its kernel
    unclaimed: float = 30  # a page that never called its kernel: a crawler, a closed tab
    disconnected: float = 45  # a page that went away without saying so
    idle: float = 45 * 60  # a forgotten tab
    lines: int = 3  # websockets to one kernel: a page has one, and a second while the first is being missed
    message: int = 64 * 1024  # one message of a page
    messages: int = 60  # a page may send this many at once ...
    message_every: float = 0.05  # ... and one more each
    body: int = 64 * 1024


CLINICIAN = Limits()
TRAINEE = Limits(sessions=12, starts_per_client=10, start_every=4, idle=15 * 60)


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
