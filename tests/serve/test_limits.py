"""The bounds, without a server: buckets, messages, overdue kernels."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.serve.handlers import checked
from kb.serve.kernels import Session, SessionPool, environment_code
from kb.serve.limits import Bucket, Limits


def test_a_bucket_gives_its_size_at_once_and_then_one_at_a_time() -> None:
    bucket = Bucket(3, every=2)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(1)
    assert bucket.take(2)
    assert not bucket.take(2)
    assert bucket.full(100)


def message(**changes: Any) -> dict[str, Any]:
    header = {"msg_id": "1", "msg_type": "comm_msg", "session": "s"}
    return {"channel": "shell", "header": header, "content": {"comm_id": "c", "data": {}}} | changes


def test_a_comm_message_passes_with_only_the_parts_we_know() -> None:
    passed = checked(json.dumps(message(metadata={"a": 1}, parent_header={"msg_id": "x"}, buffers=["b"])))
    assert passed is not None
    assert json.loads(passed)["metadata"] == {}
    assert json.loads(passed)["content"] == {"comm_id": "c", "data": {}}


@pytest.mark.parametrize(
    "kind", ["execute_request", "shutdown_request", "debug_request", "input_reply", "kernel_info_request", ""]
)
def test_no_other_kind_of_message_passes(kind: str) -> None:
    assert checked(json.dumps(message(header={"msg_id": "1", "msg_type": kind, "session": "s"}))) is None


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", None])
def test_no_other_channel_is_reached(channel: str | None) -> None:
    assert checked(json.dumps(message(channel=channel))) is None


def test_only_our_own_comm_can_be_opened() -> None:
    header = {"msg_id": "1", "msg_type": "comm_open", "session": "s"}
    for target in ("jupyter.widget", "jupyter.widget.control", "", None):
        assert checked(json.dumps(message(header=header, content={"comm_id": "c", "target_name": target}))) is None
    assert checked(json.dumps(message(header=header, content={"comm_id": "c", "target_name": "kb"})))


@given(st.one_of(st.text(), st.binary(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_anything_else_is_dropped_without_an_error(raw: str | bytes) -> None:
    assert checked(raw) is None


@given(st.dictionaries(st.text(), st.text()))
def test_environment_code_says_exactly_what_it_was_given(values: dict[str, str]) -> None:
    read: dict[str, str] = {}

    class Environment:
        environ = read

    code = environment_code(values).replace("import json, os; ", "")
    exec(code, {"json": json, "os": Environment})
    assert read == values


class Manager(dict[str, int]):
    """Kernel ids and how many pages are connected to each."""

    @property
    def _kernel_connections(self) -> dict[str, int]:
        return self


def pool_with(connections: dict[str, int], seen: dict[str, float]) -> SessionPool:
    pool = SessionPool(Manager(connections), Limits(unclaimed=30, disconnected=45, idle=900), {})
    pool._given = {key: Session(key, None, given=0, seen=at) for key, at in seen.items()}
    return pool


def test_kernels_end_when_their_page_never_came_went_away_or_slept() -> None:
    async def ask() -> None:
        pool = pool_with({"never": 0, "gone": 0, "here": 1}, {"never": 0, "gone": 10, "here": 10})
        assert pool.overdue(29) == []
        assert pool.overdue(31) == ["never"]
        assert pool.overdue(56) == ["never", "gone"]
        assert pool.overdue(911) == ["never", "gone", "here"]

    asyncio.run(ask())


def test_a_connected_page_counts_as_seen_from_the_moment_it_connects() -> None:
    async def ask() -> None:
        pool = pool_with({"slow": 1}, {"slow": 0})
        assert pool.overdue(100) == []
        assert pool.overdue(900) == []
        assert pool.overdue(1001) == ["slow"]

    asyncio.run(ask())


def test_a_dead_kernel_is_forgotten() -> None:
    async def ask() -> None:
        assert pool_with({}, {"dead": 0}).overdue(1) == ["dead"]

    asyncio.run(ask())
