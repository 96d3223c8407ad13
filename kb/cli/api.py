"""`kb api`"""

from __future__ import annotations

import click

from kb.cli.common import fail, say, snapshot


@click.command("api")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8867, show_default=True, help="Port to listen on.")
@click.option("--origin", "origins", multiple=True, help="Site that may ask from a browser (CORS); may be given again.")
@click.option("--root-path", default="", help="Path under which a proxy publishes it, e.g. /mesotherapy.")
@click.pass_context
def command(ctx: click.Context, host: str, port: int, origins: tuple[str, ...], root_path: str) -> None:
    """Answer programs over HTTP: read-only JSON under /api/v1, described at /api/v1/openapi.json."""
    try:
        import uvicorn

        from kb.api.app import make
    except ModuleNotFoundError as error:
        fail(f"kb api needs {error.name}; install it with: pip install 'mesotherapy-kb[api]'", 1)
    from kb.api.answers import Answers

    answers = Answers(snapshot(ctx))
    say(f"http://{host}:{port}/api/v1  (release {answers.data.release}; stop with Ctrl-C)")
    uvicorn.run(make(lambda: answers, origins, root_path), host=host, port=port, access_log=False, log_level="warning")
