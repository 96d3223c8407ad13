"""Who changed a record, when and why, through git; and where git cannot be used, through copies of our own.

Only the one file is ever committed (`git commit --only -- <file>`): what others have staged or changed stays as it is.
Nothing here reaches the network. A state that git did not take is kept under `.authoring/history`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from kb.atomic import write_text
from kb.author.folder import authoring, now
from kb.author.slugs import moved, own_words, renamed, renaming

TRIES, WAIT_SECONDS = 20, 0.25
"""How often, and how far apart, a commit is tried while another program uses git on the same checkout."""


class GitError(Exception):
    """Git could not do what was asked; the message says why."""


@dataclass(frozen=True)
class State:
    """An earlier text of one file: `id` is a commit or the name of a copy; `who` wrote it, `when`, and `why`."""

    id: str
    who: str
    when: datetime
    why: str
    text: str
    after: str = ""
    """Of a copy: the `id` of the state that was the newest when it was kept."""
    since: tuple[tuple[str, str], ...] = ()
    """Old and new slug of each renaming the file went through afterwards, the first one first."""

    def in_names_of_today(self, value: Any) -> Any:
        """What this state holds, with every slug as it is called now: a renaming is no change of a record."""
        for old, new in self.since:
            value, _ = renamed(value, old, new)
        return value


def run_git(root: Path, *arguments: str, data: str | None = None, author: str = "") -> str:
    """Standard output of a git command in `root`. Raises GitError with git's own words."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k.startswith("GIT_CONFIG")}
    env = keep | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    if author:
        env |= {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": _email(author)}
    command = ["git", "-c", "core.quotepath=off", "-c", "commit.gpgsign=false", *arguments]
    try:
        done = subprocess.run(command, cwd=root, env=env, input=data, capture_output=True, encoding="utf-8", timeout=60)
    except FileNotFoundError as error:
        raise GitError("git is not installed on this machine") from error
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        raise GitError(f"git did not answer ({type(error).__name__})") from error
    if done.returncode:
        raise GitError(_in_words((done.stderr or done.stdout).strip()))
    return done.stdout


_WORDS = (
    ("during a merge", "a merge is under way in this folder; finish it first (`git status` names the files, `git commit` ends it)"),
    ("during a cherry-pick", "a cherry-pick is under way in this folder; finish it first (`git status`)"),
    ("unmerged", "a merge left places to decide in this file; decide them first (`git status`)"),
    ("dubious ownership", "the folder belongs to another user; whoever keeps it can allow it with `git config safe.directory`"),
    ("No space left", "the disk is full"),
    ("unable to auto-detect email", "git knows no name and address of yours; set them with `git config user.name` and `user.email`"),
    ("Please tell me who you are", "git knows no name and address of yours; set them with `git config user.name` and `user.email`"),
)  # fmt: skip
"""What git says, and what it means for an author."""


def _in_words(said: str) -> str:
    first = next(iter(said.splitlines()), "") or "git failed"
    return next((words for sign, words in _WORDS if sign in said), first)


def in_the_way(error: GitError | str) -> str:
    """What git said, with what to do about it where that is known."""
    cure = "; when no git program is running, remove that file" if "index.lock" in str(error) else ""
    return f"{error}{cure}"


def _email(author: str) -> str:
    """An address for the log: nobody is asked for one, and `.invalid` (RFC 2606) can never be anybody's."""
    return (re.sub(r"[^a-z0-9]+", ".", author.lower()).strip(".") or "author") + "@authors.invalid"


class History:
    """The earlier states of the files under one root."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def trouble(self) -> str:
        """Why git cannot be used here, in words for an author; empty when it can."""
        try:
            inside = run_git(self.root, "rev-parse", "--is-inside-work-tree").strip()
        except GitError as error:
            if "not a git repository" in str(error):
                return "this folder is not a git repository"
            return str(error)
        return "" if inside == "true" else "this folder is not a git work tree"

    def commit(self, file: str, why: str, author: str) -> str:
        """Commit `file` alone and return the commit, or "" when there was nothing to commit. Raises GitError."""
        if self.trouble:
            raise GitError(self.trouble)
        for attempt in range(TRIES):
            try:
                # A new file must be known to git before it can be committed alone; this touches no other entry.
                run_git(self.root, "add", "--", file)
                if not run_git(self.root, "status", "--porcelain", "--", file).strip():
                    return ""
                identity = self._committer(author)
                arguments = ["commit", "--quiet", "--no-verify", "--only", "--cleanup=strip", "-F", "-", "--", file]
                run_git(self.root, *identity, *arguments, data=own_words(why), author=author)
                return run_git(self.root, "rev-parse", "HEAD").strip()
            except GitError as error:
                if ".lock" not in str(error) or attempt == TRIES - 1:
                    raise
                time.sleep(WAIT_SECONDS)
        raise AssertionError("unreachable")

    def tag(self, name: str, why: str, author: str) -> None:
        """Give the last commit a name of its own, with who did it and when. Raises GitError, e.g. when the name is taken."""
        if self.trouble:
            raise GitError(self.trouble)
        said = ["-c", "tag.gpgsign=false", "tag", "-a", "-F", "-", name]
        run_git(self.root, *self._committer(author), *said, data=why, author=author)

    def _committer(self, author: str) -> list[str]:
        """Settings that let git commit on a machine where nobody has told it a name."""
        try:
            if run_git(self.root, "config", "user.email").strip() and run_git(self.root, "config", "user.name").strip():
                return []
        except GitError:
            pass
        return ["-c", f"user.name={author or 'author'}", "-c", f"user.email={_email(author)}"]

    def differs_from_git(self, file: str) -> bool:
        """Does the file hold changes that git does not have?"""
        if self.trouble:
            return False
        try:
            return bool(run_git(self.root, "status", "--porcelain", "--", file).strip())
        except GitError:
            return False

    def changed_files(self, *places: str) -> list[str]:
        """Files below these places that differ from git, or that git does not know; relative to the root."""
        told = run_git(self.root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *places)
        prefix = run_git(self.root, "rev-parse", "--show-prefix").strip()
        return sorted(entry[3:].removeprefix(prefix) for entry in told.split("\0") if entry)

    def keep_copy(self, file: str, text: str, why: str, author: str) -> Path:
        """Keep a state that git does not have (yet)."""
        folder = authoring(self.root, "history", *Path(file).with_suffix("").parts)
        moment = now()
        place = folder / f"{moment:%Y%m%d-%H%M%S-%f}.yaml"
        while place.exists():  # the clock was set back to the very same moment
            place = place.with_stem(f"{place.stem}x")
        newest = next(iter(self.states(file, 1)), None)
        meta = {"who": author, "when": moment.isoformat(timespec="microseconds"), "why": own_words(why)}
        meta["after"] = newest.id if newest else ""
        try:
            write_text(place.with_suffix(".json"), json.dumps(meta, ensure_ascii=False) + "\n")
            write_text(place, text)
        except BaseException:  # a full disk: half a copy is none
            self.drop_copy(place)
            raise
        return place

    def keep_as_found(self, file: str) -> None:
        """Keep the text as it stands, unless the newest copy says the same: the state to come back to without git."""
        text = (self.root / file).read_text(encoding="utf-8")
        copies = {state.id for state in self._copies(file)}
        newest = next((state for state in self.states(file) if state.id in copies), None)
        if newest is None or newest.text != text:
            self.keep_copy(file, text, "As it was found", "edited by hand")

    def drop_copy(self, place: Path) -> None:
        """Git has this state now."""
        place.unlink(missing_ok=True)
        place.with_suffix(".json").unlink(missing_ok=True)

    def states(self, file: str, most: int = 200) -> list[State]:
        """Earlier and present texts of the file, the newest first: commits, and copies git does not have.

        What came after what is known from git and from the copies themselves; the clock is asked only where neither says,
        because it may have been set back.
        """
        found = list(self._committed(file, most))
        waiting = sorted(self._copies(file), key=lambda state: state.when)
        while waiting:
            known, later_on = [state.id for state in found], {state.id for state in waiting}
            # After one that stands here; else the earliest that comes after none of the others.
            copy = next((c for c in waiting if c.after in known), None) or next(
                (c for c in waiting if c.after not in later_on), waiting[0]
            )
            waiting.remove(copy)
            later = (n for n, state in enumerate(found) if state.when <= copy.when)
            found.insert(known.index(copy.after) if copy.after in known else next(later, len(found)), copy)
        return _since(found[:most])

    def _committed(self, file: str, most: int, revision: str = "HEAD") -> Iterator[State]:
        """States up to a revision. A file that a renaming moved is looked for at its old place before that.

        `git log --follow` would take a file that is much like this one for its earlier state: another record.
        """
        if self.trouble:
            return
        line = ["log", "--date-order", f"-{most}", "--format=%x1e%H%x1f%an%x1f%aI%x1f%B", revision, "--", file]
        try:
            log = run_git(self.root, *line)
        except GitError:
            return  # a repository without a commit
        for number, entry in enumerate(filter(None, (e.strip("\n") for e in log.split("\x1e")))):
            commit, who, when, why = entry.split("\x1f", 3)
            old, new = renaming(why) or ("", "")
            text = self._text(commit, file)
            if text is not None:
                yield State(commit, who, datetime.fromisoformat(when), why.strip(), text)
                before = moved(file, new, old) if old else file
                if before != file and self._text(f"{commit}^", file) is None:
                    yield from self._committed(before, most - number - 1, f"{commit}^")
                    return
            elif old and moved(file, old, new) != file:
                return  # what stood here before bears another name now

    def _text(self, commit: str, file: str) -> str | None:
        """The file as a commit left it; None when it was not there."""
        try:
            return run_git(self.root, "show", f"{commit}:./{file}")
        except GitError:
            return None

    def _copies(self, file: str) -> Iterator[State]:
        folder = authoring(self.root, "history", *Path(file).with_suffix("").parts)
        for place in sorted(folder.glob("*.yaml")):
            try:
                meta = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
                text = place.read_text(encoding="utf-8")
                when = datetime.fromisoformat(meta["when"])
                yield State(place.name, meta["who"], when, meta["why"], text, meta.get("after", ""))
            except (OSError, ValueError, KeyError):
                continue


def _since(states: list[State]) -> list[State]:
    """The states, the newest first, each with the renamings after it."""
    found: list[State] = []
    since: tuple[tuple[str, str], ...] = ()
    for state in states:
        found.append(replace(state, since=since))
        if pair := renaming(state.why):
            since = (pair, *since)
    return found
