"""A notebook whose kernel fails is drawn by the server, quickly, and the log says why."""

import os
import shutil
import signal
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from jupyter_core.utils import run_sync

from kb.serve.kernels import give_up_starting
from tests.serve.running import start
from tests.serve.test_lifetime import kernels_of

ADDRESS = "notebook/ingredient?ingredient=query-of-a-reader-not&ingredient=minoxidil"


def test_a_hung_kernel_costs_seconds_and_no_page(snapshot: Path, tmp_path: Path) -> None:
    server = start(snapshot, tmp_path / "log", until="a kernel was heated", run_seconds=1)
    for pid in kernels_of(server.process.pid):
        os.kill(int(pid), signal.SIGSTOP)
    answer = server.get("notebook/ingredient?ingredient=minoxidil")
    assert answer.status == 200
    assert "Minoxidil" in answer.text
    assert "the notebook of ingredient could not be run, the server draws the page: no answer within 1 s" in server.log
    for pid in kernels_of(server.process.pid):
        os.kill(int(pid), signal.SIGCONT)
    server.stop()


def test_a_killed_kernel_costs_no_page(snapshot: Path, tmp_path: Path) -> None:
    server = start(snapshot, tmp_path / "log", until="a kernel was heated", run_seconds=2, reap_every=1000)
    for pid in kernels_of(server.process.pid):
        os.kill(int(pid), signal.SIGKILL)
    answer = server.get("notebook/ingredient?ingredient=minoxidil&x=query-of-a-reader")
    assert (answer.status, "Minoxidil" in answer.text) == (200, True)
    assert "query-of-a-reader" not in server.log
    server.stop()


def test_a_kernel_that_cannot_be_warmed_is_not_handed_out_and_the_log_says_why(snapshot: Path, tmp_path: Path) -> None:
    """Its snapshot is damaged: such kernels were once handed out, and gave ten readers an error."""
    damaged = shutil.copy(snapshot, tmp_path / "damaged.sqlite")
    os.truncate(damaged, 100_000)
    before = f"""
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from jupyter_client.utils import run_sync

from kb.serve.kernels import give_up_starting
from kb.serve import kernels
start = kernels.SessionPool.__init__
def changed(self, manager, limits, env, release=""):
    start(self, manager, limits, env | {{"KB_SNAPSHOT": {str(damaged)!r}}}, release)
kernels.SessionPool.__init__ = changed
"""
    server = start(snapshot, tmp_path / "log", before=before, until="a kernel could not be started")
    answer = server.get("notebook/ingredient?ingredient=minoxidil")
    assert (answer.status, "Minoxidil" in answer.text) == (200, True)
    assert '"kernelId": null' in answer.text
    assert "DamagedSnapshot" in server.log
    server.stop()


def test_a_page_that_fails_in_the_kernel_is_drawn_by_the_server(snapshot: Path, tmp_path: Path) -> None:
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    # Only kernels read this: their view fails, the server's does not.
    code = "import kb.views.ingredient as v\ndef broken(*a): raise RuntimeError(str(a))\nv.render = broken\n"
    code += "from kb.views import _view\n_view.cache_clear()\n"
    (startup / "1.py").write_text(code, encoding="utf-8")
    before = f"""
import os
from kb.serve import kernels
kernels.WARM_CODE = "exec(open({str(startup / "1.py")!r}).read(), {{}}); from kb.views.page import listen; listen()"
"""
    server = start(snapshot, tmp_path / "log", before=before, until="a kernel was heated")
    answer = server.get("notebook/ingredient?ingredient=minoxidil&x=query-of-a-reader")
    assert (answer.status, "Minoxidil" in answer.text) == (200, True)
    assert "could not be run, the server draws the page: RuntimeError < 1.py:2" in server.log or (
        "the server draws the page: RuntimeError" in server.log
    )
    assert "query-of-a-reader" not in server.log
    server.stop()


def test_a_server_stopped_while_kernels_start_ends_them_and_leaves_none_running(tmp_path: Path) -> None:
    """Jupyter's manager cannot end a kernel whose start is not over: the others ran on, and the server ended with a traceback."""
    manager = AsyncMultiKernelManager(connection_dir=str(tmp_path))
    start, end_all = run_sync(manager.start_kernel), run_sync(manager.shutdown_all)
    started, starting = (manager.get_kernel(start()) for _ in range(2))
    unborn = AsyncKernelManager()
    manager._kernels["unborn"] = unborn
    starting._ready = None  # as it is from the moment the process runs until it has answered
    processes = [kernel.provisioner.process for kernel in (started, starting)]
    give_up_starting(manager)
    end_all(now=True)
    assert manager.list_kernel_ids() == []
    assert [process.wait(30) is not None for process in processes] == [True, True]
