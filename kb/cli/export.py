"""`kb export`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kb.cli.common import fail, json_option, print_json, progress, snapshot
from kb.exports import FORMATS


@click.command("export", epilog="Formats: " + "; ".join(f"{name}: {what}" for name, what in FORMATS.items()) + ".")
@click.argument("format_", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--base-url", default=None, help="site: where it will live, for the sitemap and the metadata.")
@click.option("--only", multiple=True, metavar="ID", help="pdf: print this one; may be given again.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, format_: str, folder: Path, base_url: str | None, only: tuple[str, ...], as_json: bool
) -> None:
    """Write the base in another shape into DIR."""
    from kb.exports import MissingExtra, export

    options: dict[str, Any] = {"base_url": base_url} if base_url and format_ == "site" else {}
    if only:
        if format_ != "pdf":
            fail("--only goes with the format pdf", 2, as_json)
        options["only"] = only
    try:
        files = export(format_, snapshot(ctx, as_json), folder, progress, **options)
    except OSError as error:
        fail(f"{folder}: not exported ({error.strerror or error}); what was there stays as it was", 1, as_json)
    except (MissingExtra, ValueError) as error:
        fail(str(error), 1, as_json)
    size = sum(p.stat().st_size for p in files)
    if as_json:
        print_json({"format": format_, "folder": str(folder), "files": len(files), "bytes": size})
    else:
        click.echo(f"{folder}: {len(files)} files, {size / 1e6:.1f} MB")
