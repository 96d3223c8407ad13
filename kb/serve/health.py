"""For whoever looks after the server: is it alive, is it ready, and how much does it do."""

from __future__ import annotations

import tornado.web

from kb.serve.answers import Answer
from kb.serve.gate import is_loopback
from kb.serve.metrics import TYPE

FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "X-Forwarded-Host")


class Health(Answer):
    """`/healthz`: the server's loop turns. Whoever asks, by whatever name."""

    route = "healthz"

    def prepare(self) -> None:
        """No sign-in and no host: a probe has neither."""

    def get(self) -> None:
        self.finish({"alive": True})

    head = get


class Ready(Health):
    """`/readyz`: 200 while pages can be drawn, 503 while the queue is full."""

    route = "readyz"

    def get(self) -> None:
        ready = self.desk.clerk.waiting < self.desk.limits.queue
        self.set_status(200 if ready else 503)
        self.finish({"ready": ready, "release": self.desk.releases.current.name})

    head = get


class MetricsHandler(Answer):
    """`/metrics`: to this machine itself, or to who brings the token; a proxy is neither."""

    route = "metrics"

    def prepare(self) -> None:
        gate = self.desk.gate
        direct = is_loopback(str(self.request.remote_ip)) and not any(
            name in self.request.headers for name in FORWARDED
        )
        if gate.token or gate.user_header or not direct:
            scheme, _, given = self.request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not gate.is_token(given.strip()):
                raise tornado.web.HTTPError(404)
        elif direct:
            gate.check_host(self)

    def get(self) -> None:
        self.set_header("Content-Type", TYPE)
        self.finish(self.desk.metrics.text())
