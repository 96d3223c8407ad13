"""Reviewing and releasing: what changed, what is wrong, what is due, and setting the version. No widgets."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kb.atomic import because, write_text
from kb.author.folder import writing
from kb.author.history import GitError
from kb.author.session import Refused, Saved, Session, UnreadableError
from kb.author.target import Target
from kb.author.workbench import Workbench
from kb.diff import ClinicalDiff, RevisionError, at_revision, compare
from kb.diff.revisions import last_release
from kb.diff.words import release_notes
from kb.knowledge import load
from kb.model import Release
from kb.snapshot import FILE

if TYPE_CHECKING:
    from kb.author.twoeyes import Entry, Work
    from kb.validation import Report
    from kb.validation.coverage import Gap

ROOM = 10_000_000
"""Bytes that a release writes besides its snapshot, at most: commits, notes, the report of the check."""

RELEASE = Target("release", "formulary/release.yaml", "")

_STEPS = {
    "pyproject.toml": [(r'^version = ".*"$', 'version = "{version}"')],
    "CITATION.cff": [(r"^version: .*$", "version: {version}"), (r"^date-released: .*$", "date-released: {day}")],
}
"""Files that say the version once more, and the lines that do."""


class NotReleasableError(Exception):
    """The base cannot be released as it is; the message says what to do."""


@dataclass
class Released:
    version: str
    snapshot: Path
    saved: Saved


class ReleaseSession:
    """The editor's desk. Each question is asked of the files as they stand."""

    def __init__(self, root: Path, author: str = "") -> None:
        self.root = root
        self.bench = Workbench(root)
        self.session = Session.open(self.bench, RELEASE, author)
        self.report: Report | None = None

    @property
    def last(self) -> Release | None:
        """The release the checkout builds on."""
        return self.bench.base.formulary.release

    @property
    def since(self) -> str | None:
        """The commit that set the last release; None without git or before the first release."""
        return last_release(self.root)

    def diff(self, old: str | None = None) -> ClinicalDiff:
        """What changed clinically since `old` (the last release). Raises RevisionError."""
        revision = old or self.since
        if revision is None:
            raise RevisionError("no release is recorded in git; there is nothing to compare with")
        from kb.migrate.codes import complete

        with at_revision(self.root, revision) as before:
            after = load(self.root, strict=False)
            for base in (before, after):
                complete(base.formulary)  # an older base lacks codes; that is no clinical change
            return compare(before, after)

    def work(self) -> Work:
        """Every record with its stage: what a second person has not checked since the last release, among others."""
        from kb.author.twoeyes import work

        return work(self.root, self.bench.base)

    def check(self) -> Report:
        """Everything the schema, the links and Great Expectations know; takes some seconds."""
        from kb.validation import check

        self.report = check(self.root)
        return self.report

    def due(self) -> list[Gap]:
        """Subjects whose review is overdue or due soon, then those that changed since theirs (from the last check)."""
        report = self.report or self.check()
        return sorted((g for g in report.gaps if g.kind == "review"), key=lambda g: (-g.weight, g.what))

    def docs(self) -> Path:
        """Check again and build the Data Docs; the path of their first page."""
        from kb.validation import check

        folder = self.root / "build" / "data-docs"
        self.report = check(self.root, docs=folder)
        return folder / "index.html"

    def draft_notes(self) -> str:
        """A first draft of the release notes."""
        try:
            return release_notes(self.diff())
        except RevisionError as error:
            return f"First release. ({error})"

    def next_version(self, diff: ClinicalDiff | None = None) -> str:
        """A suggestion: the middle number rises with a clinical change, the last one without."""
        last = self.last
        if last is None:
            return "0.1.0"
        major, minor, patch = map(int, last.version.split("."))
        return f"{major}.{minor + 1}.0" if diff is None or diff.clinical else f"{major}.{minor}.{patch + 1}"

    def release(
        self,
        version: str,
        day: date | str,
        notes: str,
        progress: Callable[[str], None] = lambda _: None,
        unchecked_by: str = "",
    ) -> Released:
        """Set version, date and notes, and build the snapshot.

        `unchecked_by` is the name of the editor who releases what no second person has checked; it is kept with the list of
        those records in `reviews/releases`. Raises NotReleasableError when a critical problem stands, records are
        unchecked and nobody answers for that, the version does not rise, or the values make no release.
        """
        from kb.author.twoeyes import release_unchecked

        self._may_be(version, str(day))
        progress("checking")
        report = self.check()
        if not report.success:
            count = report.count("critical")
            raise NotReleasableError(
                f"{count} critical {'problem stands' if count == 1 else 'problems stand'}; mend what is listed, then release"
            )
        progress("looking for records nobody has checked")
        unchecked = self._unchecked(unchecked_by)
        progress("keeping changes made by hand")
        self._commit_the_rest()
        told = release_unchecked(self.root, version, unchecked_by, unchecked) if unchecked else ""
        self.session.replace({"version": version, "date": str(day), "notes": notes})
        self.session.message = self.session.message or f"Release {version}"
        try:
            saved = self.session.save()
        except UnreadableError as error:
            raise NotReleasableError(str(error)) from error
        if isinstance(saved, Refused):
            raise NotReleasableError("; ".join(str(p) for p in saved.problems))
        if not isinstance(saved, Saved):
            raise NotReleasableError("another editor has set a release meanwhile; open this page again")
        self._keep_in_step(version, str(day))
        saved.note = "; ".join(filter(None, (saved.note, told, self._tag(version, notes))))
        progress("building the snapshot")
        return Released(version, self._build(version, progress), saved)

    def _may_be(self, version: str, day: str) -> None:
        """Raises NotReleasableError when the version or the day does not come after the last one, or there is no room."""
        last = self.last
        if (
            last is not None
            and _numbers(version) is not None
            and (_numbers(version) or ()) <= (_numbers(last.version) or ())
        ):
            raise NotReleasableError(
                f"version {version} does not come after {last.version}; raise it, e.g. {self.next_version()}"
            )
        if last is not None and day < str(last.date):
            raise NotReleasableError(
                f"{day} lies before release {last.version} of {last.date}; look whether the clock is right, or give the day "
                "with --date"
            )
        self._room()

    def _build(self, version: str, progress: Callable[[str], None]) -> Path:
        from kb.compile import build

        try:
            return build(self.root, progress=progress)
        except (OSError, sqlite3.OperationalError) as error:  # a full disk
            raise NotReleasableError(
                f"release {version} is in the records, but its snapshot cannot be written ({because(error)}); the old snapshot "
                "stays; make room, then run `kb build`"
            ) from error

    def _room(self) -> None:
        """Raises NotReleasableError when the disk cannot take another snapshot, before anything is written."""
        built = self.root / FILE
        needed = ROOM + (built.stat().st_size if built.is_file() else 0)
        left = shutil.disk_usage(self.root).free
        if left < needed:
            raise NotReleasableError(
                f"the disk has {left / 1e6:.0f} MB left and a release needs {needed / 1e6:.0f}; nothing was changed; "
                "make room, then release"
            )

    def _unchecked(self, answers: str) -> list[Entry]:
        """Records no second person has checked. Raises NotReleasableError when there are some and nobody answers for them."""
        work = self.work()
        if work.trouble:
            raise NotReleasableError(f"what was said of a record cannot be read: {work.trouble[0]}")
        found = work.unchecked
        if found and not answers.strip():
            named = ", ".join(e.id for e in found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
            count = f"{len(found)} {'record is' if len(found) == 1 else 'records are'}"
            raise NotReleasableError(
                f"{count} new or changed and not checked by a second person: {named}; have them checked "
                "(`kb review list`), or release them all the same by name (`--unchecked NAME`)"
            )
        return found

    def _keep_in_step(self, version: str, day: str) -> None:
        """The program and the citation have the release's version, in the commit after it."""
        history = self.session.history
        with writing(self.root), _told():
            for file, lines in _STEPS.items():
                path = self.root / file
                if not path.is_file():
                    continue
                text = old = path.read_text(encoding="utf-8")
                for pattern, line in lines:
                    text = re.sub(pattern, line.format(version=version, day=day), text, count=1, flags=re.MULTILINE)
                if write_text(path, text) and text != old and not history.trouble:
                    history.commit(file, f"Version {version} in {file}", self.session.author)

    def _tag(self, version: str, notes: str) -> str:
        """Names the commit `v<version>`; what stood in the way, or nothing. A release without its tag is a release."""
        history = self.session.history
        if history.trouble:
            return ""
        try:
            with writing(self.root):
                history.tag(f"v{version}", f"Release {version}\n\n{notes}", self.session.author)
        except GitError as error:
            return f"not tagged v{version}: {error}"
        return ""

    def _commit_the_rest(self) -> None:
        """A release is a commit that holds all it releases: files edited by hand go into the history before it."""
        history = self.session.history
        if history.trouble:
            return
        with writing(self.root), _told():
            for file in history.changed_files("formulary", "references.bib"):
                if file != RELEASE.file and not Path(file).name.startswith("."):  # what a killed save left is no change
                    history.commit(file, f"Keep changes made by hand to {_stem(file)}", "edited by hand")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except GitError as error:
        raise NotReleasableError(
            f"changes made by hand are not in the history, and git does not take them: {error}"
        ) from error


def _stem(file: str) -> str:
    return file if file == "references.bib" else Path(file).stem


def _numbers(version: str) -> tuple[int, ...] | None:
    return tuple(map(int, version.split("."))) if re.fullmatch(r"\d+\.\d+\.\d+", version) else None
