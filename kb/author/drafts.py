"""What an author has typed and not saved, kept on disk as typed.

A draft is one JSON file. Its author holds a lock beside it for as long as the kernel lives; the operating system lets go
of the lock when the kernel ends in whatever way, so a draft whose lock is free is one to be restored, and a draft whose
lock is held belongs to somebody at work. Nothing typed is deleted: a discarded draft moves to `drafts/discarded`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from kb.atomic import write_text
from kb.author.folder import authoring, now

EVERY_SECONDS = 0.4
"""At most this long after a change the draft is on disk."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """A draft found on disk: its key, what was typed, when, by whom, and whether its author is still at work on it."""

    path: Path
    key: str
    state: dict[str, Any]
    typed_at: datetime
    author: str
    live: bool
    order: datetime
    """What comes after what: `typed_at`, but never before what lay there already, whatever the clock said."""

    @property
    def mine(self) -> bool:
        """Is it free, or held by this very kernel, which may take it over (its tab was closed, or the cell run again)?"""
        return not self.live or self.path in _open_here


@dataclass
class Draft:
    """The draft of one session. `keep` may be called at every keystroke."""

    path: Path
    key: str
    _lock: FileLock
    _after: datetime
    """The order of the newest draft that lay there when this one was opened."""
    _opened: float = field(default_factory=time.monotonic)
    _text: str | None = None
    _written: float = 0.0
    _timer: threading.Timer | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False
    trouble: str = ""
    """Why what was typed last is not on disk (a full disk, say); empty when it is."""
    on_closed: Callable[[], None] | None = None
    """Called when the same kernel opens the record anew and this session ends."""

    def keep(self, state: dict[str, Any]) -> None:
        """Note the state; it reaches the disk at once, or within EVERY_SECONDS when the last write was just before.

        Never raises when the disk takes nothing: `trouble` says so, and the next change tries again.
        """
        if self.closed:
            return
        moment = now()
        order = max(
            moment, self._after + timedelta(seconds=time.monotonic() - self._opened)
        )  # the clock may be set back
        times = {"typed_at": moment.isoformat(timespec="seconds"), "order": order.isoformat(timespec="microseconds")}
        held = {"key": self.key, **times, "state": state}
        with self._guard:
            self._text = json.dumps(held, ensure_ascii=False, indent=1, default=str) + "\n"
            wait = self._written + EVERY_SECONDS - time.monotonic()
            if wait > 0:
                if self._timer is None:
                    self._timer = threading.Timer(wait, self._try)
                    self._timer.daemon = True
                    self._timer.start()
                return
        self._try()

    def _try(self) -> None:
        with contextlib.suppress(OSError):  # `trouble` tells it
            self.flush()

    def flush(self) -> None:
        """Write now what is not yet on disk. Raises OSError when the disk does not take it."""
        with self._guard:
            self._timer = None
            if self._text is not None and not self.closed:
                try:
                    write_text(self.path, self._text)
                except OSError as error:
                    self.trouble = error.strerror or str(error)
                    raise
                self._text, self.trouble = None, ""
                self._written = time.monotonic()

    def remove(self) -> None:
        """The record is saved: its draft is no longer needed."""
        with self._guard:
            self._text = None
            self.path.unlink(missing_ok=True)

    def discard(self) -> Path | None:
        """Move the draft out of the way, to `drafts/discarded`; the path it has there."""
        self.flush()
        with self._guard:
            if not self.path.exists():
                return None
            folder = self.path.parent / "discarded"
            folder.mkdir(exist_ok=True)
            place, number = folder / f"{now():%Y%m%d-%H%M%S}.{self.path.name}", 1
            while place.exists():  # twice within a second, or the clock was set back
                place, number = folder / f"{now():%Y%m%d-%H%M%S}-{number}.{self.path.name}", number + 1
            return self.path.replace(place)

    def close(self) -> None:
        """Let go of the draft; its file stays."""
        self._try()
        self.closed = True
        _open_here.pop(self.path, None)
        self._lock.release()
        if not self.path.exists():
            Path(self._lock.lock_file).unlink(missing_ok=True)


_open_here: dict[Path, Draft] = {}
"""Drafts this process holds. Opening a record again in one kernel takes its draft over from the form before."""


def start(root: Path, key: str) -> tuple[Draft, Kept | None]:
    """A draft for the record `key`: the newest one left behind by a session that ended, or a new one.

    What other live sessions have typed is not touched; see `others`.
    """
    folder = authoring(root, "drafts")
    for path, draft in list(_open_here.items()):
        if draft.key == key and path.parent == folder:
            draft.close()
            if draft.on_closed:
                draft.on_closed()
    lying = _found(folder, "")
    after = max((kept.order for kept in lying), default=datetime.min.replace(tzinfo=UTC))
    for kept in (k for k in lying if k.key == key):
        lock = FileLock(str(kept.path.with_suffix(".lock")), blocking=False)
        try:
            lock.acquire()
        except Timeout:
            continue
        if not kept.path.exists():  # its author saved it between our look and our lock
            lock.release()
            continue
        draft = Draft(kept.path, key, lock, after)
        _open_here[kept.path] = draft
        return draft, _read(kept.path, live=False)
    path = folder / f"{key}.{uuid.uuid4().hex[:12]}.json"
    lock = FileLock(str(path.with_suffix(".lock")), blocking=False)
    lock.acquire()
    draft = Draft(path, key, lock, after)
    _open_here[path] = draft
    return draft, None


def others(root: Path, key: str, mine: Draft | None = None) -> list[Kept]:
    """Other drafts of the same record, newest first."""
    return [k for k in _found(authoring(root, "drafts"), key) if mine is None or k.path != mine.path]


def listed(root: Path, kind: str = "") -> list[Kept]:
    """Every draft under `root`, newest first; `kind` chooses those of one kind of record."""
    found = _found(authoring(root, "drafts"), "")
    return [k for k in found if not kind or k.state.get("target", {}).get("kind") == kind]


def _found(folder: Path, key: str) -> list[Kept]:
    found = []
    for path in folder.glob("*.json"):
        kept = _read(path)
        if kept is not None and (not key or kept.key == key):
            found.append(kept)
    return sorted(found, key=lambda k: (k.order, os.fspath(k.path)), reverse=True)


def _read(path: Path, live: bool | None = None) -> Kept | None:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        state, typed_at = held["state"], datetime.fromisoformat(held["typed_at"]).astimezone()
        order = datetime.fromisoformat(held.get("order", held["typed_at"])).astimezone()
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s: is not a draft this program can read (%s); it is left where it is", path, error)
        return None
    alive = _is_live(path) if live is None else live
    return Kept(path, str(held["key"]), state, typed_at, str(state.get("author", "")), alive, order)


def _is_live(path: Path) -> bool:
    lock_file = path.with_suffix(".lock")
    if path in _open_here:
        return True
    if not lock_file.exists():
        return False
    lock = FileLock(str(lock_file), blocking=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False
