"""The process that kernels are forked from: it holds warm what notebooks use, and does nothing but fork.

    python -m kb.serve.original DESCRIPTOR

It has imported what notebooks import and drawn one of each page, has one thread, no loop, no ZeroMQ context, no open
snapshot, and one socket: an end of a pair whose other end only the server holds. Packets on it are JSON:

    {"id": 1, "fork": [arguments of ipykernel], "env": {...}, "cwd": "..."}
        -> {"id": 1, "pid": 4711} and two descriptors: of the process, and of a pipe that says OK once the kernel listens
        -> {"id": 1, "refused": "OSError"} when there is no process to be had
    {"retire": true}        no more forks; it ends with the last of its kernels

Its first packet is {"ready": true} or {"refused": why}. When the server's end closes, its kernels are killed and it ends;
when it ends in any other way, its kernels notice within a second, as kernels notice the end of any server.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import select
import signal
import socket
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NoReturn

LARGEST = 128 * 1024  # bytes of a packet: an environment and a few arguments
OK = b"1"
MODULES = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger", "tornado.platform.asyncio",
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic",
    "faulthandler", "pdb",
)  # fmt: skip
"""What a kernel would import while it starts."""


class NotAlone(Exception):
    """Another thread runs: a forked process would have its locks and not the thread."""


def prepare() -> None:
    """Import and draw everything, let go of the snapshot. Raises what makes a fork of this process useless."""
    gc.disable()
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # nobody debugs a reader's kernel; it is half of a start
    for name in MODULES:
        import_module(name)
    from kb.views import page

    page.rehearse()
    page.opened().close()
    if len(os.listdir("/proc/self/task")) != 1:
        raise NotAlone
    gc.collect()
    gc.freeze()  # the collector of a kernel would write to every object, and so copy it
    gc.enable()


class Original:
    """Answers its server. `kernels` are the processes it has forked and not yet buried."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.kernels: set[int] = set()
        self.retired = False
        self.waking, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)

    def run(self) -> None:
        while not (self.retired and not self.kernels):
            found, _, _ = select.select([self.line.fileno(), self.waking], [], [])
            if self.waking in found:
                os.read(self.waking, 4096)
                self.bury()
            if self.line.fileno() in found and not self.hear():
                break
        for pid in self.kernels:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def bury(self) -> None:
        while self.kernels:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            self.kernels.discard(pid)

    def hear(self) -> bool:
        """Do what one packet asks for; False when the server is gone."""
        try:
            packet = self.line.recv(LARGEST)
        except ConnectionError:
            return False
        if not packet:
            return False
        asked = json.loads(packet)
        self.retired |= "retire" in asked
        if "fork" in asked:
            try:
                self.fork(asked)
            except BrokenPipeError:
                return False
            except OSError as error:
                say(self.line, {"id": asked["id"], "refused": type(error).__name__})
        return True

    def fork(self, asked: dict[str, Any]) -> None:
        told, tell = os.pipe()
        own = os.getpid()
        try:
            pid = os.fork()
        except OSError:
            os.close(told)
            os.close(tell)
            raise
        if pid == 0:
            signal.set_wakeup_fd(-1)
            self.line.close()
            for descriptor in (told, self.waking, self._wake):
                os.close(descriptor)
            become(asked, own, tell)
        self.kernels.add(pid)
        os.close(tell)
        watch = os.pidfd_open(pid)
        try:
            say(self.line, {"id": asked["id"], "pid": pid}, watch, told)
        finally:
            os.close(watch)
            os.close(told)


def say(line: socket.socket, value: dict[str, Any], *descriptors: int) -> None:
    socket.send_fds(line, [json.dumps(value).encode()], descriptors)


def become(asked: dict[str, Any], parent: int, tell: int) -> NoReturn:
    """In the forked process: a kernel of its own, for ever. `tell` hears OK, or the name of what went wrong."""
    try:
        os.setsid()
        for name in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.close(nowhere)
        os.environ.clear()
        os.environ.update(asked["env"])
        if asked["cwd"]:
            os.chdir(asked["cwd"])
        for seeded in _seeds():
            seeded()
        from ipykernel.kernelapp import IPKernelApp

        from kb.views import page

        page.opened().reopen()
        app: Any = IPKernelApp.instance(parent_handle=parent)  # it ends when its parent does
        app.initialize(asked["fork"])
        os.write(tell, OK)
        os.close(tell)
        app.start()
    except Exception as error:
        with contextlib.suppress(OSError):
            os.write(tell, type(error).__name__.encode())
        os._exit(1)
    os._exit(0)


def _seeds() -> Iterator[Any]:
    """What would give the same random numbers in every fork."""
    yield random.seed
    if "numpy" in sys.modules:
        yield sys.modules["numpy"].random.seed


def main() -> int:
    from kb.views.page import fault

    for name in (signal.SIGINT, signal.SIGTERM):  # it ends with its server, whoever else is asked to
        signal.signal(name, signal.SIG_IGN)
    line = socket.socket(fileno=int(sys.argv[1]))
    line.set_inheritable(False)
    try:
        prepare()
    except Exception as error:
        reason = str(error) if isinstance(error, RuntimeError) else fault(error)
        say(line, {"refused": reason})
        return 1
    say(line, {"ready": True})
    Original(line).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
