"""The server: Voilà with its own routes replaced by ours."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Any

import tornado.ioloop
from jupyter_core.utils import run_sync
from traitlets.config import Config
from voila.app import Voila

from kb.serve.handlers import (
    AssetHandler,
    Desk,
    DocumentsHandler,
    NotFound,
    OldAddress,
    PageHandler,
    Reader,
    SessionConnection,
    SessionEnd,
    SessionSocket,
    SessionStart,
)
from kb.serve.kernels import SessionKernelSpecs, SessionPool
from kb.serve.limits import CLINICIAN, TRAINEE, Limits
from kb.serve.security import log_request
from kb.views.page import views_of
from kb.views.shell import ASSETS, Site

TEMPLATE = Path(__file__).parent / "template"
KERNEL_ID = r"(?P<kernel_id>\w{8}-\w{4}-\w{4}-\w{4}-\w{12})"
PING_MS = 30_000
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LIMITS = {"clinician": CLINICIAN, "trainee": TRAINEE}


class PortTakenError(Exception):
    """The port is in use or not allowed; the message says what to do."""


def configuration(dashboards: Path, port: int, host: str) -> Config:
    """Voilà's configuration: one template, no overrides, no sources, no tracebacks, no files, no user configuration."""
    config = Config()
    config.Voila.root_dir = str(dashboards)
    config.Voila.config_file_paths = []
    config.Voila.ip = host
    config.Voila.port = port
    config.Voila.port_retries = 0
    config.Voila.open_browser = False
    config.Voila.log_level = logging.WARNING
    config.Voila.identity_provider_class = Reader
    config.Voila.token = ""
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

    edition: str = "clinician"
    release: str = ""
    limits: Limits = CLINICIAN
    documents: Path = Path("build", "data-docs")

    def setup_template_dirs(self) -> None:
        self.template_paths = [str(TEMPLATE), str(ASSETS)]
        self.static_paths = [str(ASSETS)]

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = ["comm_open", "comm_msg", "comm_close"]
        self.kernel_manager.allow_tracebacks = False
        own = {"IPYTHONDIR": str(Path(self.connection_dir) / "ipython"), "PYTHONDONTWRITEBYTECODE": "1"}
        environment = os.environ | own
        self.pool = SessionPool(self.kernel_manager, self.limits, environment)
        self.desk = Desk(
            site=Site.of(self.edition, base=self.base_url, release=self.release),
            views=views_of(self.edition),
            pool=self.pool,
            limits=self.limits,
            dashboards=Path(self.root_dir),
            template_paths=self.template_paths,
        )
        return settings | {
            "kb_config": self.config,
            "kernel_websocket_connection_class": SessionConnection,
            "log_function": log_request,
            "default_handler_class": NotFound,
            "default_handler_args": self._shared(),
            "compress_response": True,
            "websocket_max_message_size": self.limits.message,
            "ws_ping_interval": PING_MS,
            "ws_ping_timeout": PING_MS,
            "cookie_secret": os.urandom(32),
        }

    def _shared(self) -> dict[str, Any]:
        return {"desk": self.desk, "voila_configuration": self.voila_configuration}

    def init_handlers(self) -> list[Any]:
        tornado.ioloop.IOLoop.current().add_callback(self.pool.start)
        shared = self._shared()
        only_desk = {"desk": self.desk}
        base = self.server_url
        return [
            (f"{base}static/(.*)", AssetHandler),
            (f"{base}data-docs/(.*)", DocumentsHandler, {"folder": self.documents}),
            (f"{base}api/kernels/{KERNEL_ID}/channels", SessionSocket, only_desk),
            (f"{base}session/start", SessionStart, only_desk),
            (f"{base}session/{KERNEL_ID}/end", SessionEnd, only_desk),
            (rf"{base}voila/render/([a-z-]+)(?:\.ipynb)?", OldAddress, shared),
            (f"{base}([a-z-]*)", PageHandler, shared),
        ]

    def listen(self) -> None:
        """Listen on the one port asked for, with bounds on what a request may send, until interrupted."""
        try:
            self.app.listen(
                self.port,
                self.ip,
                max_body_size=self.limits.body,
                max_buffer_size=4 * self.limits.body,
                idle_connection_timeout=60,
                xheaders=self.ip in LOOPBACK,  # only a proxy on this machine may say whom it speaks for
            )
        except OSError as error:
            self.stop()
            raise PortTakenError(
                f"port {self.port} cannot be used ({error.strerror}); choose another with --port"
            ) from error
        print(f"Mesotherapy knowledge base ({self.edition}): {self.connection_url}  (Ctrl-C stops)", flush=True)
        if self.open_browser:
            self.launch_browser()
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

    def launch_browser(self) -> None:
        webbrowser.open(self.connection_url)

    def stop(self) -> None:
        """End everything at once: no kernel has anything to save."""
        self.pool.stop()
        run_sync(self.kernel_manager.shutdown_all)(now=True)
        shutil.rmtree(self.connection_dir, ignore_errors=True)


def build(
    edition: str,
    port: int,
    root: Path,
    snapshot: Path,
    release: str = "",
    host: str = "127.0.0.1",
    open_browser: bool = False,
) -> Server:
    """The configured server, not yet listening. Kernels learn edition and snapshot from the environment."""
    os.environ["KB_EDITION"] = edition
    os.environ["KB_SNAPSHOT"] = str(snapshot.resolve())
    config = configuration(root / "notebooks" / "dashboards", port, host)
    config.Voila.connection_dir_root = tempfile.gettempdir()
    server = Server(config=config)
    server.edition, server.release, server.limits = edition, release, LIMITS[edition]
    server.documents = snapshot.resolve().parent / "data-docs"
    server.initialize(argv=[])
    server.open_browser = open_browser
    return server
