"""One release at a time: which snapshot is shown, and how a new one takes its place.

A snapshot is copied into a folder of the server's own before it is opened, so whatever happens to the file afterwards
(replaced, cut short, deleted) changes nothing for who is reading. A new one is looked at whole before it goes live. Pages
that are open keep asking the release they came from until they are loaded anew; older ones than that are let go.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kb.snapshot import DamagedSnapshot, Snapshot, StaleSnapshot, open_snapshot

log = logging.getLogger("kb.serve")
_PACKAGE = Path(__file__).parent.parent
_DRAWING = ("views", "learning", "serve")


@cache
def program() -> str:
    """A hash over the code, templates and assets that pages are drawn with."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterable[Path]:
    for folder in _DRAWING:
        for path in sorted((_PACKAGE / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


@dataclass(frozen=True)
class Release:
    """A snapshot being shown. `id` stands for its content and the program that draws it; `name` is what readers see."""

    id: str
    name: str
    content: str
    snapshot: Snapshot
    file: Path

    @property
    def etag(self) -> str:
        written = "".join(f"-{when:x}" for when in self.report if when)
        return f'W/"{self.id}{written}"'

    @property
    def report(self) -> tuple[int, ...]:
        """When the report of the checks and its Data Docs, which the About page leads to, were last written; 0 for never."""
        beside = (self.file.parent / "validation.json", self.file.parent / "data-docs" / "index.html")
        return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in beside)


class Releases:
    """The releases being shown: the current one, and some that open pages came from."""

    def __init__(self, source: Path, folder: Path, most: int = 2) -> None:
        """Raises DamagedSnapshot or StaleSnapshot when what stands at `source` cannot be shown."""
        self.source, self.folder, self.most = source, folder, most
        self._count = 0
        self._seen = self._stamp()
        self._trouble: str | None = None
        self._held: list[Release] = [self._read()]

    @property
    def current(self) -> Release:
        return self._held[-1]

    def by_id(self, id_: str) -> Release | None:
        return next((release for release in self._held if release.id == id_), None)

    def look(self) -> Release | None:
        """Whether another snapshot stands there now: open it and check it whole. None when nothing changed."""
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return None
        self._seen = stamp
        try:
            found = self._read()
        except OSError as error:  # a full disk: it is tried again until there is room
            self._seen = None
            if error.strerror != self._trouble:
                log.error("the new snapshot cannot be copied, the old one stays: %s", error.strerror)
            self._trouble = error.strerror
            return None
        except (DamagedSnapshot, StaleSnapshot) as error:
            log.error("the new snapshot cannot be shown, the old one stays: %s", type(error).__name__)
            return None
        self._trouble = None
        if found.id == self.current.id:
            self._drop(found)
            return None
        return found

    def show(self, release: Release) -> None:
        """From now on new pages come from this one."""
        self._held.append(release)
        while len(self._held) > self.most:
            self._drop(self._held.pop(0))
        log.info("release %s (%s) is shown", release.name, release.content[:12])

    def _drop(self, release: Release) -> None:
        release.snapshot.close()
        shutil.rmtree(release.file.parent, ignore_errors=True)

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = self.source.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    def _bring_report(self, folder: Path) -> None:
        """What the About page reads beside the snapshot: the report of the checks and the Data Docs, there yet or not."""
        build = self.source.resolve().parent
        (folder / "validation.json").symlink_to(build / "validation.json")
        (folder / "data-docs").symlink_to(build / "data-docs", target_is_directory=True)

    def _read(self) -> Release:
        self._count += 1
        copy = self.folder / f"release-{self._count}" / "kb.sqlite"
        if not self.source.is_file():
            raise DamagedSnapshot(f"{self.source}: there is no snapshot; run `kb build`")
        try:
            copy.parent.mkdir()
            shutil.copyfile(self.source, copy)
            self._bring_report(copy.parent)
            snapshot = open_snapshot(copy, whole=True)
        except (DamagedSnapshot, StaleSnapshot) as error:
            shutil.rmtree(copy.parent, ignore_errors=True)
            raise type(error)(str(error).replace(str(copy), str(self.source))) from error
        except OSError:
            shutil.rmtree(copy.parent, ignore_errors=True)
            raise
        meta = snapshot.meta
        id_ = hashlib.sha256(f"{meta['content']}\0{meta['version']}\0{meta['date']}\0{program()}".encode()).hexdigest()
        return Release(id_[:16], meta.get("release") or meta["version"], meta["content"], snapshot, copy)
