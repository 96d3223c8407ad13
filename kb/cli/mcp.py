"""`kb mcp`"""

from __future__ import annotations

import click

from kb.cli.common import fail, say, snapshot


@click.command("mcp")
@click.option("--http", is_flag=True, help="Serve over HTTP on this machine instead of standard input and output.")
@click.option("--port", default=8868, show_default=True, help="Port with --http.")
@click.pass_context
def command(ctx: click.Context, http: bool, port: int) -> None:
    """Answer assistants: a Model Context Protocol server whose answers name release, certainty and references."""
    try:
        import mcp  # noqa: F401 - only to say in time what is missing
    except ModuleNotFoundError as error:
        fail(f"kb mcp needs {error.name}; install it with: pip install 'mesotherapy-kb[mcp]'", 1)
    from kb.api.answers import Answers
    from kb.mcp.server import make

    answers = Answers(snapshot(ctx))
    server = make(lambda: answers)
    if http:
        say(f"http://127.0.0.1:{port}/mcp  (release {answers.data.release}; stop with Ctrl-C)")
        server.run("streamable-http", host="127.0.0.1", port=port)
    else:
        server.run("stdio")
