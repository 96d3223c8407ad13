"""The bounds, without a server: buckets, messages, overdue kernels."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.serve.app import LIMITS
from kb.serve.kernels import Session, SessionPool, environment_code
from kb.serve.limits import Bucket, Buckets, Limits, Machine, fitted
from kb.serve.notebooks import MOST_COMMS, checked
from tests.serve.running import PROJECT


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
    passed = checked(json.dumps(message(metadata={"a": 1}, parent_header={"msg_id": "x"}, buffers=["b"])), {"c"})
    assert passed is not None
    assert json.loads(passed)["metadata"] == {}
    assert json.loads(passed)["content"] == {"comm_id": "c", "data": {}}


@pytest.mark.parametrize(
    "kind", ["execute_request", "shutdown_request", "debug_request", "input_reply", "kernel_info_request", ""]
)
def test_no_other_kind_of_message_passes(kind: str) -> None:
    assert checked(json.dumps(message(header={"msg_id": "1", "msg_type": kind, "session": "s"})), {"c"}) is None


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", None])
def test_no_other_channel_is_reached(channel: str | None) -> None:
    assert checked(json.dumps(message(channel=channel)), {"c"}) is None


def test_only_our_own_comm_can_be_opened() -> None:
    header = {"msg_id": "1", "msg_type": "comm_open", "session": "s"}
    for target in ("jupyter.widget", "jupyter.widget.control", "", None):
        assert (
            checked(json.dumps(message(header=header, content={"comm_id": "c", "target_name": target})), set()) is None
        )
    open_now: set[str] = set()
    assert checked(json.dumps(message(header=header, content={"comm_id": "c", "target_name": "kb"})), open_now)
    assert open_now == {"c"}


def test_a_message_to_a_comm_that_is_not_open_or_has_no_name_goes_nowhere() -> None:
    """The kernel would log each of them."""
    assert checked(json.dumps(message(content={"comm_id": "other", "data": {}})), {"c"}) is None
    assert checked(json.dumps(message(content={"data": {}})), {"c"}) is None
    assert checked(json.dumps(message(content={"comm_id": ["c"], "data": {}})), {"c"}) is None


def test_a_line_has_few_comms() -> None:
    header = {"msg_id": "1", "msg_type": "comm_open", "session": "s"}
    open_now: set[str] = set()
    for n in range(100):
        checked(json.dumps(message(header=header, content={"comm_id": str(n), "target_name": "kb"})), open_now)
    assert len(open_now) == MOST_COMMS


def test_half_of_a_character_is_dropped_instead_of_breaking_the_line() -> None:
    raw = json.dumps(message(content={"comm_id": "c", "data": {"text": "x"}})).replace('"x"', r'"\ud800"')
    assert checked(raw, {"c"}) is None


@given(st.one_of(st.text(), st.binary(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_anything_else_is_dropped_without_an_error(raw: str | bytes) -> None:
    assert checked(raw, {"c"}) is None


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


class Kernels(Manager):
    """Kernels of which some have died."""

    def __init__(self, connections: dict[str, int], dead: set[str]) -> None:
        super().__init__(connections)
        self.dead = dead

    async def is_alive(self, kernel_id: str) -> bool:
        return kernel_id not in self.dead

    async def shutdown_kernel(self, kernel_id: str, now: bool) -> None:
        del self[kernel_id]


class Client:
    def stop_channels(self) -> None:
        """Nothing to stop."""


class Line:
    closed: int | None = None

    def close(self, code: int, reason: str) -> None:
        self.closed = code


def test_when_a_kernel_dies_its_page_is_told_at_once() -> None:
    async def ask() -> None:
        pool = SessionPool(Kernels({"dead": 1, "well": 1, "warm": 0}, {"dead", "warm"}), Limits(), {})
        pool._given = {key: Session(key, Client()) for key in ("dead", "well")}
        pool._ready.append(Session("warm", Client()))
        line = Line()
        pool.lines["dead"] = {line}
        await pool.bury()
        assert line.closed == 1001
        assert (pool.is_given("dead"), pool.is_given("well"), pool.ready) == (False, True, 0)

    asyncio.run(ask())


def test_with_no_kernel_to_be_had_nobody_waits() -> None:
    """A page once waited ten seconds for a kernel that could not come."""

    async def ask() -> None:
        pool = SessionPool(Kernels({}, set()), Limits(sessions=1), {})
        pool._given = {"a": Session("a", Client())}
        async with asyncio.timeout(300):  # half of what it would wait for
            assert await pool.take(timeout=600) is None

    asyncio.run(ask())


def test_kernels_are_as_many_as_memory_tasks_and_files_allow() -> None:
    gigabyte = 1024**3
    assert fitted(Limits(sessions=24), Machine(memory=2 * gigabyte)).sessions == 8
    forked = fitted(Limits(sessions=24), Machine(memory=2 * gigabyte), forked=True)
    assert (forked.sessions, forked.unforked) == (19, 8), "a forked kernel shares most of its memory"
    assert fitted(Limits(sessions=24, forks=False), Machine(memory=2 * gigabyte), forked=True).sessions == 8
    assert fitted(Limits(sessions=24), Machine(tasks=200)).sessions == 8
    assert fitted(Limits(sessions=24), Machine(files=256)).sessions == 3
    assert fitted(Limits(sessions=24), Machine()).sessions == 24
    assert fitted(Limits(sessions=24), Machine(), kernels=2).sessions == 2
    small = fitted(Limits(), Machine(memory=gigabyte // 4, tasks=20, files=64))
    assert (small.sessions, small.warm) == (0, 0)
    assert small.connections >= 16


class Forking:
    """A nursery that can fork, or not."""

    def __init__(self, usable: bool) -> None:
        self.usable = usable


def test_while_a_kernel_is_not_forked_there_are_fewer() -> None:
    async def ask() -> None:
        pool = SessionPool(Kernels({}, set()), Limits(sessions=30, unforked=5), {})
        pool._given = {"a": Session("a", Client(), forked=True)}
        found = []
        for usable, forked in ((True, True), (True, False), (False, True)):
            pool.nursery = Forking(usable)  # type: ignore[assignment]
            pool._given["b"] = Session("b", Client(), forked=forked)
            found.append(pool.most)
        assert found == [30, 5, 5]

    asyncio.run(ask())


def test_the_shipped_units_hold_what_the_limits_allow() -> None:
    for edition in ("clinician", "trainee"):
        unit = (PROJECT / "deploy" / f"kb-{edition}.service").read_text(encoding="utf-8")
        said = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line)
        machine = Machine(
            memory=int(said["MemoryMax"].removesuffix("G")) * 1024**3,
            tasks=int(said["TasksMax"]),
            files=int(said["LimitNOFILE"]),
        )
        assert fitted(LIMITS[edition], machine, forked=True).sessions == LIMITS[edition].sessions


@pytest.mark.parametrize("unit", sorted((PROJECT / "deploy").glob("*.service")), ids=lambda unit: unit.name)
def test_the_shipped_units_are_shut_in(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    said = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    assert said["UMask"] == "0077"
    assert said["NoNewPrivileges"] == "yes"
    assert said["ProtectSystem"] == "strict"
    assert "SystemCallFilter=@system-service" in text


def test_addresses_have_a_share_each_and_are_forgotten_when_they_are_quiet() -> None:
    buckets = Buckets(2, every=10, most=3)
    assert [buckets.take("a", 0) for _ in range(3)] == [True, True, False]
    assert buckets.take("b", 0)
    assert buckets.take("c", 0)
    assert not buckets.take("d", 0), "as many busy addresses as are remembered"
    assert buckets.take("d", 1000)


@given(st.integers(0, 2**40), st.integers(0, 100_000), st.integers(0, 2**20))
def test_no_machine_is_too_small_to_have_limits(memory: int, tasks: int, files: int) -> None:
    found = fitted(Limits(), Machine(memory, tasks, files))
    assert 0 <= found.warm <= found.sessions <= Limits().sessions
    assert found.connections > 0
    assert found.kept > 0
