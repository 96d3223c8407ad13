"""The headers of every answer."""

from __future__ import annotations

from tornado.web import RequestHandler

# Nothing inline, nothing from elsewhere: pages link to our own style sheets and scripts and talk to their own server.
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


def set_headers(handler: RequestHandler) -> None:
    for name, value in HEADERS.items():
        handler.set_header(name, value)
