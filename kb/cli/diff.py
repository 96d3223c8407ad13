"""`kb diff`"""

from __future__ import annotations

import click

from kb.cli.common import console, fail, json_option, print_json, progress, root_of


@click.command("diff")
@click.argument("old", metavar="OLD", required=False)
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--all", "everything", is_flag=True, help="Also show changes of wording, sources and review.")
@json_option
@click.pass_context
def command(ctx: click.Context, old: str | None, new: str | None, everything: bool, as_json: bool) -> None:
    """What changed clinically between two git revisions, or between OLD and the files as they stand.

    Without OLD: since the last release. Findings that are new, changed or withdrawn, certainty up or down, cautions,
    regulation, claims, references. Records in a file that cannot be read whole on either side are not compared; the
    file is named, and the exit status is 1.
    """
    from contextlib import ExitStack

    from kb.diff import RevisionError, at_revision, compare
    from kb.diff.revisions import last_release, resolve
    from kb.diff.words import lines
    from kb.knowledge import load
    from kb.migrate.codes import complete

    root = root_of(ctx)
    old = old or last_release(root)
    if old is None:
        try:
            resolve(root, "HEAD")
        except RevisionError as error:
            said = str(error)
            fail(
                "this folder is not a git repository; there is nothing to compare with"
                if "not a git" in said
                else said,
                2,
                as_json,
            )
        fail("no release is recorded here; name the revision to compare with", 2, as_json)
    try:
        with ExitStack() as open_:
            progress(f"reading {old}")
            before = open_.enter_context(at_revision(root, old))
            progress(f"reading {new or 'the files'}")
            after = open_.enter_context(at_revision(root, new)) if new else load(root, strict=False)
            for base in (before, after):
                complete(base.formulary)  # an older base lacks codes; that is no clinical change
            diff = compare(before, after)
    except RevisionError as error:
        fail(str(error), 2, as_json)
    if as_json:
        print_json({"old": old, "new": new, **diff.as_dict()})
        raise SystemExit(1 if any(diff.files) else 0)
    out = console()
    told = list(lines(diff, everything))
    for line in told or ["Nothing changed."]:
        out.print(
            line.removeprefix("## "), style="bold" if line.startswith("## ") else None, markup=False, soft_wrap=True
        )
    raise SystemExit(1 if any(diff.files) else 0)
