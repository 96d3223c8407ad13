"""`kb serve`"""

from __future__ import annotations

import click

from kb.cli.common import fail, fail_with_problems, root_of, say


@click.command("serve")
@click.option("--edition", type=click.Choice(["clinician", "trainee"]), default="clinician", show_default=True)
@click.option("--port", default=8866, show_default=True, help="Port on this machine.")
@click.option("--open/--no-open", "open_browser", default=False, help="Open a browser when it is ready.")
@click.pass_context
def command(ctx: click.Context, edition: str, port: int, open_browser: bool) -> None:
    """Serve the dashboards with Voilà, building the snapshot first if it is stale."""
    from kb.base import BadData
    from kb.snapshot import DamagedSnapshot, StaleSnapshot, ensure

    root = root_of(ctx).resolve()
    try:
        ensure(root, lambda text: say(f"  {text} ..."))
    except BadData as bad:
        fail_with_problems(bad.problems, as_json=False)
    except OSError as error:
        fail(f"{root / 'build'}: cannot be written ({error.strerror}); run `kb build` as a user who may", 1)
    from kb.serve import run
    from kb.serve.app import PortTakenError

    try:
        run(edition=edition, port=port, root=root, open_browser=open_browser)
    except (ValueError, OSError, PortTakenError, DamagedSnapshot, StaleSnapshot) as error:
        fail(str(error), 1)
