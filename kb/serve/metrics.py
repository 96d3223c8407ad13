"""Figures for a monitoring system, in Prometheus' text form. They count; they never say what was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """Counters of one server, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "kb_requests", "Requests answered", ("page", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "kb_request_seconds", "Time to the answer", ("page",), buckets=SECONDS, registry=self.registry
        )
        self.kept = Counter("kb_pages_kept", "Pages answered from what is kept", registry=self.registry)
        self.drawn = Counter("kb_pages_drawn", "Pages and fragments drawn anew", registry=self.registry)
        self.fallen_back = Counter(
            "kb_notebooks_fallen_back", "Notebooks whose kernel failed, so that the server drew the page",
            registry=self.registry,
        )  # fmt: skip

    def gauge(self, name: str, what: str, read: Callable[[], float]) -> None:
        Gauge(name, what, registry=self.registry).set_function(read)

    def note(self, fields: dict[str, Any]) -> None:
        """Count a request that the journal has written down."""
        self.requests.labels(fields["page"], fields["method"], str(fields["status"])).inc()
        self.seconds.labels(fields["page"]).observe(fields["ms"] / 1000)

    def text(self) -> bytes:
        return bytes(generate_latest(self.registry))
