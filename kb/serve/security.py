"""Headers, origins and the log line of every request."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from tornado.web import RequestHandler

# Nothing inline, nothing from elsewhere: pages link to our own style sheets and scripts and talk to their own kernel.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# Data Docs are Great Expectations' pages with styles inline; shown as paper: no script, no form, no origin of their own.
DOCUMENTS_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Server": "kb",
}
log = logging.getLogger("kb.serve")


def set_headers(handler: RequestHandler) -> None:
    for name, value in HEADERS.items():
        handler.set_header(name, value)


def same_origin(handler: RequestHandler) -> bool:
    """Whether a request that a script sent comes from our own page. Browsers always name the origin of those."""
    origin = handler.request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc.lower() == handler.request.host.lower()


def log_request(handler: RequestHandler) -> None:
    """Method, path, status and time. Never the query: it says what a reader looked up."""
    request = handler.request
    status = handler.get_status()
    level = logging.INFO if status < 500 else logging.ERROR
    log.log(level, "%s %s %d %.0f ms", request.method, request.path, status, 1000 * request.request_time())
