"""Connections: how many there may be at once, how long one may take to say what it wants, and to take its answer."""

from __future__ import annotations

import time
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream


class BoundedServer(HTTPServer):
    """Tornado's server with an end to its connections: one too many is closed before it costs anything.

    Tornado ends a connection that takes too long over a request, but waits for ever for one that does not read: `let_go`,
    called every now and then, closes those.
    """

    most = 0
    answer_seconds = 0.0
    """How long the rest of an answer may wait for a reader who takes it; 0 for ever."""

    def initialize(
        self, *args: Any, **options: Any
    ) -> None:  # in place of a constructor: see tornado.util.Configurable
        super().initialize(*args, **options)
        self._waiting: dict[IOStream, float] = {}

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        if self.most and len(self._connections) >= self.most:
            stream.close()
            return
        super().handle_stream(stream, address)

    @property
    def open(self) -> int:
        return len(self._connections)

    def let_go(self) -> None:
        """Close connections that have had something to read for too long."""
        now, waiting = time.monotonic(), {}
        for connection in list(self._connections):
            stream = connection.stream
            if not stream.writing():
                continue
            since = self._waiting.get(stream, now)
            if self.answer_seconds and now - since > self.answer_seconds:
                stream.close()
            else:
                waiting[stream] = since
        self._waiting = waiting
