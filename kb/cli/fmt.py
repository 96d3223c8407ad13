"""`kb fmt`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.common import progress, root_of, say

if TYPE_CHECKING:
    from kb.cli.settled import Settled


@click.command("fmt")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail if a file is not in canonical form.")
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], only_check: bool) -> None:
    """Write the YAML of formulary and learning, and references.bib, in their one canonical form.

    Slips of the keyboard are mended on the way, each with a line that says so: non-breaking spaces, tabs, typographic
    quotation marks around a value, a typographic minus in a number, a colon or ` #` in a text without quotes.
    """
    from kb.atomic import write_text
    from kb.cli.settled import Settled

    root = root_of(ctx)
    settled = Settled(root)
    listed = list(files) or [
        *sorted((root / "formulary").rglob("*.yaml")),
        *sorted((root / "learning").glob("*.yaml")),
        root / "references.bib",
    ]
    changed, broken = 0, 0
    for path in listed:
        progress(f"{path}")
        if _seen(path, settled):
            continue
        text, fresh, told = _canonical(path)
        for line in told:
            say(line)
        broken += fresh is None
        if fresh is None or fresh == text:
            if fresh is not None and not told:
                settled.add(text.encode())
            continue
        changed += 1
        if only_check:
            say(f"{path}: is not in canonical form; run `kb fmt`")
            continue
        try:
            write_text(path, fresh)
        except OSError as error:
            say(f"{path}: could not be saved ({error.strerror or error}); the file is as it was")
            broken += 1
            continue
        say(f"{path}: written in canonical form")
    settled.keep(whole=not files)
    raise SystemExit(1 if broken or (only_check and changed) else 0)


def _seen(path: Path, settled: Settled) -> bool:
    try:
        return path.is_file() and settled.has(path.read_bytes())
    except OSError:
        return False


def _canonical(path: Path) -> tuple[str, str | None, list[str]]:
    """The text of a file, its canonical form (None when there is none), and what to say about it."""
    from ruamel.yaml.error import YAMLError

    from kb.bibliography import DamagedBibliographyError, format_bib
    from kb.formulary.write import canonical
    from kb.formulary.yamlmend import mend
    from kb.formulary.yamltext import parse, read_text

    text, problems = read_text(path, str(path))
    if text is None:
        return "", None, [str(problem) for problem in problems]
    try:
        if path.suffix == ".bib":
            return text, format_bib(text, path.name), []
        document, problems = parse(text, str(path))
        mended, done = mend(text) if document is None or document.doubts else (text, [])
        if done and parse(mended, str(path))[0] is not None:
            document, problems = parse(mended, str(path))
            told = [f"{path}:{line}: mended: {what}" for line, what in done]
        else:
            mended, told = text, []
        if document is None:
            return text, None, [str(problem) for problem in problems]
        fresh = canonical(mended)
        again = document if fresh == mended else parse(fresh, str(path))[0]
        if again is None or again.value != document.value:
            said = "its form cannot be settled without changing a value; look for a very long field name or an unusual character"
            return text, None, [f"{path}: {said}"]
        return text, fresh, told
    except DamagedBibliographyError as error:
        return text, None, [f"{path}: cannot be put in canonical form; run `kb check`: {error.problems[0]}"]
    except (YAMLError, RecursionError) as error:
        first = (str(error) or "is nested too deeply").splitlines()[0]
        return text, None, [f"{path}: cannot be put in canonical form; run `kb check`: {first}"]
