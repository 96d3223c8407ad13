"""`kb build`"""

from __future__ import annotations

import time

import click

from kb.cli.common import fail_with_problems, json_option, print_json, progress, root_of


@click.command("build")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Compile the formulary and the bibliography into build/kb.sqlite."""
    from kb.base import BadData
    from kb.snapshot import build, open_snapshot

    started = time.perf_counter()
    try:
        path = build(root_of(ctx), progress=progress)
    except BadData as bad:
        fail_with_problems(bad.problems, as_json)
    snap = open_snapshot(path)
    seconds = round(time.perf_counter() - started, 2)
    counts = snap.document("counts")
    if as_json:
        print_json(
            {"path": str(path), "bytes": path.stat().st_size, "seconds": seconds, "meta": snap.meta, "counts": counts}
        )
        return
    numbers = ", ".join(
        f"{counts[k]} {k}" for k in ("ingredients", "techniques", "findings", "assessments", "references", "claims")
    )
    click.echo(f"{path}: {numbers}; {path.stat().st_size / 1e6:.1f} MB in {seconds} s")
    click.echo(f"version {snap.meta['version']}, content {snap.meta['content'][:12]}, reviewed to {snap.meta['date']}")
