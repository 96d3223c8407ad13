"""`kb merge`"""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.common import fail, root_of, say

ATTRIBUTES = (
    "formulary/**/*.yaml merge=kb",
    "learning/*.yaml merge=kb",
    "reviews/**/*.yaml merge=kb",
    "references.bib merge=kb",
)
"""Lines of `.gitattributes` that give these files to the driver."""


@click.command("merge")
@click.argument("base", type=click.Path(path_type=Path), required=False)
@click.argument("ours", type=click.Path(path_type=Path), required=False)
@click.argument("theirs", type=click.Path(path_type=Path), required=False)
@click.argument("name", required=False)
@click.option("--install", is_flag=True, help="Let git use this in the repository of the root, from now on.")
@click.pass_context
def command(
    ctx: click.Context, base: Path | None, ours: Path | None, theirs: Path | None, name: str | None, install: bool
) -> None:
    """Join two versions of a file record by record, as git calls it when branches meet (BASE OURS THEIRS NAME).

    Findings, cautions and other records join by their ids, references by their keys; lists of words keep what either
    side added. The joined text goes into OURS. Where both sides changed one field otherwise, conflict marks stand around
    that field alone and the exit status is 1; `kb check` names them until they are resolved.
    """
    if install:
        _install(root_of(ctx))
        return
    if base is None or ours is None or theirs is None:
        fail("name three files, BASE OURS THEIRS; or run `kb merge --install` once, and git will call it", 2)
    from kb.atomic import write_text
    from kb.author.mergefile import merge_texts

    texts: list[str] = []
    for path in (base, ours, theirs):
        try:
            texts.append(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            fail(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}; nothing was joined", 2)
    shown = name or str(ours)
    merged = merge_texts(texts[0], texts[1], texts[2], shown)
    try:
        write_text(ours, merged.text)
    except OSError as error:
        fail(f"{shown}: could not be saved ({error.strerror or error}); nothing was joined", 2)
    for line in merged.notes:
        say(line)
    for line in merged.conflicts:
        say(f"{shown}: both sides changed {line}")
    raise SystemExit(1 if merged.conflicts else 0)


def _install(root: Path) -> None:
    """Write the driver into the repository's own settings, and the lines that use it into `.gitattributes`."""
    import sys

    from kb.atomic import write_text
    from kb.author.history import GitError, run_git

    try:
        top = Path(run_git(root, "rev-parse", "--show-toplevel").strip())
        run_git(root, "config", "merge.kb.name", "records of the knowledge base, by id and field")
        run_git(root, "config", "merge.kb.driver", f"'{sys.executable}' -m kb.cli merge %O %A %B %P")
    except GitError as error:
        fail(f"git cannot be set up here: {error}", 1)
    path = top / ".gitattributes"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    missing = [line for line in ATTRIBUTES if line not in text.split("\n")]
    try:
        if missing:
            write_text(path, text + ("" if not text or text.endswith("\n") else "\n") + "\n".join(missing) + "\n")
    except OSError as error:
        fail(f"{path}: could not be saved ({error.strerror or error})", 1)
    say("git joins YAML of the formulary and references.bib record by record in this repository from now on")
    for line in missing:
        say(f".gitattributes: added `{line}`")
