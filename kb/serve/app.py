"""The server: Voilà with its own routes replaced by ours."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import tornado.ioloop
from traitlets.config import Config
from voila.app import Voila

from kb.serve import journal
from kb.serve.clerk import Clerk
from kb.serve.connections import BoundedServer
from kb.serve.desk import Desk
from kb.serve.gate import Gate
from kb.serve.hub import HubDoor
from kb.serve.kernels import SessionKernelSpecs, SessionPool
from kb.serve.limits import CLINICIAN, TRAINEE, Limits, Machine, fitted, forks_here, raise_open_files
from kb.serve.metrics import Metrics
from kb.serve.notebooks import Reader, SessionConnection
from kb.serve.options import Options
from kb.serve.releases import Releases
from kb.serve.routes import fallback, routes
from kb.serve.store import Store
from kb.views.page import fault, views_of
from kb.views.shell import ASSETS

log = logging.getLogger("kb.serve")
TEMPLATE = Path(__file__).parent / "template"
LIMITS = {"clinician": CLINICIAN, "trainee": TRAINEE}


class PortTakenError(Exception):
    """The port is in use or not allowed; the message says what to do."""


def configuration(options: Options, dashboards: Path) -> Config:
    """Voilà's configuration: one template, no overrides, no sources, no tracebacks, no files, no user configuration."""
    config = Config()
    config.Voila.root_dir = str(dashboards if dashboards.is_dir() else options.root)
    config.Voila.config_file_paths = []
    config.Voila.ip = options.host
    config.Voila.port = options.port
    config.Voila.port_retries = 0
    config.Voila.base_url = options.base
    config.Voila.open_browser = False
    config.Voila.log_level = logging.WARNING
    config.Voila.identity_provider_class = Reader
    config.Voila.token = ""
    config.Voila.connection_dir_root = tempfile.gettempdir()
    settings = config.VoilaConfiguration
    settings.template = "kb"
    settings.allow_template_override = "NO"
    settings.allow_theme_override = "NO"
    settings.strip_sources = True
    settings.show_tracebacks = False
    settings.file_allowlist = []
    settings.file_denylist = [".*"]
    settings.preheat_kernel = False  # kernels are heated by kb.serve.kernels, for all notebooks together
    settings.attempt_fix_notebook = False
    settings.kernel_spec_manager_class = SessionKernelSpecs
    if sys.platform != "win32":
        config.KernelManager.transport = "ipc"  # files in a directory of our own, not ports anyone here can reach
    config.ZMQChannelsWebsocketConnection.limit_rate = False  # ours go out one page at a time, whole
    return config


class Server(Voila):
    """Voilà's application with the routes of the knowledge base and no others."""

    options: Options
    limits: Limits = CLINICIAN
    dashboards: Path = Path("notebooks", "dashboards")
    http: BoundedServer | None = None

    def start(self) -> None:
        try:
            super().start()
        except KeyboardInterrupt:  # asked to end before it listened
            self.stop()

    def _handle_signal_stop(self, sig: int, frame: Any) -> None:
        raise KeyboardInterrupt

    def setup_template_dirs(self) -> None:
        self.template_paths = [str(TEMPLATE), str(ASSETS)]
        self.static_paths = [str(ASSETS)]

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = ["comm_open", "comm_msg", "comm_close"]
        self.kernel_manager.allow_tracebacks = False
        self.desk = self._desk()
        ping_ms = round(1000 * self.limits.ping)
        missing, arguments = fallback(self.desk)
        return settings | {
            "kb_config": self.config,
            "kernel_websocket_connection_class": SessionConnection,
            "log_function": self._note,
            "default_handler_class": missing,
            "default_handler_args": arguments,
            "websocket_max_message_size": self.limits.message,
            "ws_ping_interval": ping_ms,
            "ws_ping_timeout": 3 * ping_ms,  # an answer to the last ping cannot be younger than the interval itself
            "cookie_secret": self.desk.gate.cookie_secret if self.desk.gate.token else os.urandom(32),
        }

    def _desk(self) -> Desk:
        options, limits = self.options, self.limits
        releases = Releases(options.snapshot, Path(self.connection_dir), limits.releases)
        desk = Desk(
            edition=options.edition,
            base=options.base,
            views=views_of(options.edition),
            releases=releases,
            limits=limits,
            gate=Gate(limits, options.names, options.sign_in, options.user_header, HubDoor() if options.hub else None),
            clerk=Clerk(limits.queue),
            store=Store(limits.kept),
            metrics=Metrics(),
            dashboards=self.dashboards,
            template_paths=self.template_paths,
            embed=options.embed,
            url=options.url,
        )
        if limits.sessions and self.dashboards.is_dir():
            own = {"IPYTHONDIR": str(Path(self.connection_dir) / "ipython"), "PYTHONDONTWRITEBYTECODE": "1"}
            own |= {"KB_EDITION": options.edition, "KB_SNAPSHOT": str(releases.current.file), "KB_URL": options.url}
            environment = {name: value for name, value in os.environ.items() if not name.startswith("KB_TOKEN")}
            desk.pool = SessionPool(self.kernel_manager, limits, environment | own, releases.current.id)
            self.kernel_spec_manager.nursery = desk.pool.nursery
        self._gauges(desk)
        return desk

    def _gauges(self, desk: Desk) -> None:
        gauge = desk.metrics.gauge
        gauge("kb_pages_waiting", "Requests waiting to be drawn", lambda: desk.clerk.waiting)
        gauge("kb_store_bytes", "Bytes of drawn pages kept", lambda: desk.store.bytes)
        gauge("kb_connections", "Open connections", lambda: self.http.open if self.http else 0)
        gauge("kb_kernels_ready", "Warm kernels", lambda: desk.pool.ready if desk.pool else 0)
        gauge("kb_kernels_given", "Kernels that pages have", lambda: desk.pool.given if desk.pool else 0)

    def _note(self, handler: Any) -> None:
        self.desk.metrics.note(journal.request(handler))

    def init_handlers(self) -> list[Any]:
        loop = tornado.ioloop.IOLoop.current()
        try:
            self.desk.warm(self.desk.releases.current)
        except Exception as error:  # a view that fails must not keep the others from being served
            log.error("a page cannot be drawn: %s", fault(error))
        for work in (self.desk.watch, self.desk.draw_ahead):
            loop.add_callback(self._keep, work())
        if self.desk.pool is not None:
            loop.add_callback(self.desk.pool.start)
        documents = self.options.snapshot.resolve().parent / "data-docs"
        return routes(self.desk, self.voila_configuration, documents)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        self._works = [*getattr(self, "_works", []), asyncio.ensure_future(work)]

    def listen(self) -> None:
        """Listen on the one port asked for, with bounds on what a request may send, until interrupted."""
        limits = self.limits
        self.http = BoundedServer(
            self.app,
            max_body_size=limits.body,
            max_buffer_size=4 * limits.body,
            idle_connection_timeout=limits.idle_connection,
            body_timeout=limits.body_seconds,
            xheaders=self.options.proxy,  # only a proxy on this machine may say whom it speaks for
        )
        self.http.most, self.http.answer_seconds = limits.connections, limits.answer_seconds
        tornado.ioloop.PeriodicCallback(self.http.let_go, 1000 * limits.answer_seconds / 8).start()
        try:
            self.http.listen(self.port, self.ip)
        except OSError as error:
            self.stop()
            raise PortTakenError(
                f"port {self.port} cannot be used ({error.strerror}); choose another with --port"
            ) from error
        self._welcome()
        # A service manager ends with TERM; who starts us in the background of a script may have switched Ctrl-C off.
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, signal.default_int_handler)
        self.ioloop = tornado.ioloop.IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            print("Stopping.", flush=True)
        finally:
            self.stop()

    def _welcome(self) -> None:
        name = f"{self.desk.releases.current.snapshot.field['name']} ({self.options.edition})"
        print(f"{name}: {self.connection_url}  (Ctrl-C stops)", flush=True)
        if self.options.sign_in and self.options.token is None and sys.stdout.isatty():
            print(f"Readers sign in with this token: {self.options.sign_in}", flush=True)
        elif self.options.sign_in and self.options.token is None:
            print("Readers have to sign in; set the token with KB_TOKEN_FILE.", flush=True)
        if self.options.open_browser:
            webbrowser.open(self.connection_url)

    def launch_browser(self) -> None:
        """Voilà would open a page of its own."""

    def stop(self) -> None:
        """End everything at once: no kernel has anything to save."""
        desk: Desk | None = getattr(self, "desk", None)
        if desk is not None:
            if desk.pool is not None:
                desk.pool.stop()
            desk.clerk.stop()
        shutil.rmtree(self.connection_dir, ignore_errors=True)


def build(options: Options) -> Server:
    """The configured server, not yet listening. Raises DamagedSnapshot or StaleSnapshot once it starts."""
    raise_open_files()
    dashboards = options.root / "notebooks" / "dashboards"
    server = Server(config=configuration(options, dashboards))
    server.options, server.dashboards = options, dashboards
    server.limits = fitted(LIMITS[options.edition], Machine.here(), options.kernels, forks_here())
    server.initialize(argv=[])
    return server
