"""What the server writes down: a line for every request and one for whatever concerns who may come in.

Never the query or the body (they say what a reader looked up, perhaps about a patient), and of a path only the page it
leads to: what was mistyped into an address may be anything. On a terminal a line is text, elsewhere it is JSON.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from tornado.web import RequestHandler

access = logging.getLogger("kb.access")
_audit = logging.getLogger("kb.audit")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, what wrote it, and the fields of a request or the message."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": at, "level": record.levelname.lower(), "log": record.name}
        fields = getattr(record, "fields", None)
        line |= fields if fields else {"message": record.getMessage()}
        return json.dumps(line, ensure_ascii=True)


class TextLines(logging.Formatter):
    """The same for a person: `14:03:21 GET ingredient 200 3 ms`."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        return f"{at} {record.getMessage()}"


def start(stream: TextIO | None = None, requests: bool = True) -> None:
    """Send the server's own loggers to `stream` (stderr), and nothing of others but warnings."""
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(TextLines() if out.isatty() else JsonLines())
    own = logging.getLogger("kb")
    own.handlers = [handler]
    own.propagate = False
    own.setLevel(logging.INFO)
    access.setLevel(logging.INFO if requests else logging.ERROR)
    foreign = logging.getLogger("tornado")
    foreign.handlers = [handler]
    foreign.propagate = False
    foreign.setLevel(logging.ERROR)


def page_of(handler: RequestHandler) -> str:
    """The page or the part of the server a request reached; never what stood in its address."""
    return str(getattr(handler, "page", "") or getattr(handler, "route", "other"))


def request(handler: RequestHandler) -> dict[str, Any]:
    """Write down one request that has been answered, and give its fields."""
    asked = handler.request
    fields: dict[str, Any] = {
        "event": "request",
        "method": asked.method if asked.method in _METHODS else "other",
        "page": page_of(handler),
        "status": handler.get_status(),
        "ms": round(1000 * asked.request_time(), 1),
    }
    user = getattr(handler, "reader", None)
    if user and user != "reader":
        fields["user"] = user
    level = logging.INFO if fields["status"] < 500 else logging.ERROR
    text = f"{fields['method']} {fields['page']} {fields['status']} {fields['ms']:.0f} ms"
    access.log(level, "%s", text, extra={"fields": fields})
    return fields


def audit(event: str, handler: RequestHandler | None = None, **more: Any) -> None:
    """Write down what concerns who may come in: a sign-in, a refusal, a release going live."""
    fields: dict[str, Any] = {"event": event, **more}
    if handler is not None:
        fields |= {"page": page_of(handler), "client": str(handler.request.remote_ip)}
    _audit.info("%s", " ".join(str(value) for value in fields.values()), extra={"fields": fields})


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
