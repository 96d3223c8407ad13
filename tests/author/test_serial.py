"""JupyterLab may hand the messages of widgets to several threads of one kernel; a form takes them one by one."""

from __future__ import annotations

import json
import threading
import time

import ipywidgets as w

from kb.author.forms.serial import one_at_a_time
from tests.author.conftest import PROJECT


def test_messages_of_several_threads_are_handled_one_by_one() -> None:
    one_at_a_time()
    one_at_a_time()
    text, button = w.Text(), w.Button()
    inside, most, seen = 0, 0, []

    def work(what: str) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.05)
        seen.append(what)
        inside -= 1

    text.observe(lambda change: work(str(change["new"])), "value")
    button.on_click(lambda _: work("clicked"))

    def send(widget: w.Widget, data: dict[str, object]) -> None:
        widget._handle_msg({"content": {"data": data}, "buffers": []})

    threads = []
    for word in ("a", "ab", "abc"):
        threads.append(threading.Thread(target=send, args=(text, {"method": "update", "state": {"value": word}})))
        threads.append(
            threading.Thread(target=send, args=(button, {"method": "custom", "content": {"event": "click"}}))
        )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert seen.count("clicked") == 3


def test_kb_lab_asks_jupyterlab_for_one_thread() -> None:
    path = PROJECT / "kb/author/lab/labconfig/default_setting_overrides.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    assert settings["@jupyterlab/apputils-extension:kernels-settings"] == {"commsOverSubshells": "disabled"}
