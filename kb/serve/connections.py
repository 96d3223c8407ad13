"""Connections: how many there may be at once, and how long one may take to say what it wants."""

from __future__ import annotations

from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream


class BoundedServer(HTTPServer):
    """Tornado's server with an end to its connections: one too many is closed before it costs anything."""

    most = 0

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        if self.most and len(self._connections) >= self.most:
            stream.close()
            return
        super().handle_stream(stream, address)

    @property
    def open(self) -> int:
        return len(self._connections)
