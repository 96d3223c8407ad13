"""A slug or a reference key changed in every file that names it: records, their files and folders, learning, references.bib."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.author import reviews
from kb.author.folder import writing
from kb.author.history import GitError, in_the_way, run_git
from kb.author.session import edited
from kb.author.slugs import moved, renamed, subject
from kb.author.swap import Swap
from kb.formulary.content import AS_REVIEWED, fingerprint, review_state
from kb.formulary.write import dump
from kb.formulary.write import load as load_commented
from kb.formulary.yamltext import parse
from kb.knowledge import KnowledgeBase, load
from kb.model.record import REFERENCE_KEY, SLUG


class RenameError(Exception):
    """It cannot be renamed; the message says why, and nothing was changed."""


@dataclass
class Renamed:
    """Files that change, with the number of places in each, and files that move."""

    old: str
    new: str
    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)


def plan(root: Path, old: str, new: str) -> Renamed:
    """What renaming `old` to `new` changes. Raises RenameError for words that are no slug, unknown or taken."""
    base = load(root, strict=False)
    _fit(base, old, new)
    made = Renamed(old, new)
    for folder in ("formulary", "learning", "reviews"):
        for path in sorted((root / folder).rglob("*.yaml")):
            file = path.relative_to(root).as_posix()
            text = path.read_text(encoding="utf-8")
            if old in text:
                _one(made, file, text)
            to = moved(file, old, new)
            if to != file and not file.startswith("formulary/vocabulary/"):
                made.moves[file] = to
    if old in base.references:
        bib = (root / "references.bib").read_text(encoding="utf-8")
        fresh, count = re.subn(rf"^(@\w+\{{){re.escape(old)},", rf"\g<1>{new},", bib, flags=re.MULTILINE)
        if count:
            made.texts["references.bib"], made.places["references.bib"] = fresh, count
    return made


def _fit(base: KnowledgeBase, old: str, new: str) -> None:
    known = {*base.lookup.kinds, *base.references, *base.findings, *base.assessments, *base.cautions, *base.protocols}
    for vocabulary in base.formulary.vocabularies.values():
        known |= set(vocabulary)
    if old not in known:
        from kb.formulary.validate import nearest

        near = nearest(old, known)
        raise RenameError(f"nothing is called {old!r}{'; did you mean ' + ' or '.join(near) + '?' if near else ''}")
    if new in known:
        raise RenameError(f"{new!r} is taken; merge the two by hand, or choose another word")
    pattern, shape = (
        (REFERENCE_KEY, "a reference key such as `moftah2013`")
        if old in base.references
        else (SLUG, "a slug such as `acne-scar`")
    )
    if not re.fullmatch(pattern, new):
        raise RenameError(f"{new!r} is not {shape}")


def _one(made: Renamed, file: str, text: str) -> None:
    document, problems = parse(text, file)
    if document is None:
        raise RenameError(f"{problems[0]}; mend this file first")
    if not isinstance(document.value, dict):
        return
    value, count = renamed(document.value, made.old, made.new)
    if count:
        made.texts[file], made.places[file] = edited(_ids_first(text, made), value), count


def _ids_first(text: str, made: Renamed) -> str:
    """The text with the new id in the record that bears the old one: its comments stay with it when the rest is changed."""
    document = load_commented(text)

    def give(value: Any) -> None:
        if isinstance(value, dict) and value.get("id") == made.old:
            value["id"] = made.new
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            give(inner)

    give(document)
    return dump(document)


def carry_out(root: Path, made: Renamed, author: str, why: str = "") -> str:
    """Write, move and commit it as one; what git could not do, in a sentence.

    What a second person checked stays checked: only the name is another. Raises RenameError when the base would have
    problems it has not now; every file is then as it was.
    """
    if not author.strip():
        raise RenameError("no author is named; write your name (--author)")
    before, swap = load(root, strict=False), Swap()
    with writing(root):
        try:
            for file, text in made.texts.items():
                swap.put(root / file, text)
            for file, to in made.moves.items():
                swap.move(root / file, root / to)
            after = load(root, strict=False)
            worse = _critical(after) - _critical(before)
            if worse:
                raise RenameError(f"nothing was renamed: {min(worse)}")
            noted = _carry_checks(root, _prints(before, after, made), swap)
            noted += _carry_reviews(root, before, after, made, swap)
        except BaseException as error:
            left = swap.back()
            for to in made.moves.values():
                with suppress(OSError):  # a folder that was made for it; one that holds something else stays
                    (root / to).parent.rmdir()
            if left:
                raise RenameError(f"not renamed ({error}), and not all as it was: {'; '.join(left)}") from error
            raise
        swap.done()
        for file in made.moves:
            folder = (root / file).parent
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        files = sorted({*made.texts, *made.moves, *made.moves.values(), *noted})
        try:
            run_git(root, "add", "-A", "--", *files)
            who = ["-c", f"user.name={author}", "-c", "user.email=author@authors.invalid"]
            message = subject(made.old, made.new) + (f"\n\n{why.strip()}" if why.strip() else "")
            run_git(root, *who, "commit", "-q", "--no-verify", "--only", "-m", message, "--", *files, author=author)
        except GitError as error:
            return f"git could not take it: {in_the_way(error)}"
    return ""


def _prints(before: KnowledgeBase, after: KnowledgeBase, made: Renamed) -> dict[str, str]:
    """The fingerprint that a record had, to the one it has after the renaming, where that is another."""
    now, found = reviews.digests(after), {}
    for key, old in reviews.digests(before).items():
        here = now.get(key) or now.get(f"{key.partition('/')[0]}/{made.new}")
        if here and here != old:
            found[old] = here
    return found


def _carry_checks(root: Path, prints: dict[str, str], swap: Swap) -> list[str]:
    """Give what was said of records as they stand the fingerprints that these have now; the files written."""
    written: list[str] = []
    for path in sorted((root / reviews.FOLDER).rglob("*.yaml")):
        file = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        document, _ = parse(text, file)
        readings = document.value.get("readings") if document and isinstance(document.value, dict) else None
        carried = [r for r in readings or [] if isinstance(r, dict) and r.get("digest") in prints]
        for reading in carried:
            reading["digest"] = prints[reading["digest"]]
        if document and carried:
            swap.put(path, edited(text, document.value))
            written.append(file)
    return written


def _carry_reviews(root: Path, before: KnowledgeBase, after: KnowledgeBase, made: Renamed, swap: Swap) -> list[str]:
    """Subjects that still say what was read at their review do so under the new name; the files written."""
    written: list[str] = []
    for slug, was in before.subjects.items():
        here = after.subjects.get(made.new if slug == made.old else slug)
        if here is None or here.place is None or review_state(was) != AS_REVIEWED or review_state(here) == AS_REVIEWED:
            continue
        path = root / here.place.file
        text = path.read_text(encoding="utf-8").replace(f"of: {was.review.of}", f"of: {fingerprint(here)}")
        swap.put(path, text)
        written.append(here.place.file)
    return written


def _critical(base: KnowledgeBase) -> set[str]:
    return {f"{p.field}: {p.message}" for p in base.problems if p.severity == "critical"}
