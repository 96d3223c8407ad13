"""The `kb` command. Each command is a module of this package, imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from kb.cli.group import Group

_COMMANDS = {
    "api": "kb.cli.api",
    "build": "kb.cli.build",
    "change": "kb.cli.change",
    "check": "kb.cli.check",
    "cite": "kb.cli.cite",
    "diff": "kb.cli.diff",
    "doctor": "kb.cli.doctor",
    "export": "kb.cli.export",
    "find": "kb.cli.find",
    "fmt": "kb.cli.fmt",
    "init": "kb.cli.init",
    "lab": "kb.cli.lab",
    "mcp": "kb.cli.mcp",
    "merge": "kb.cli.merge",
    "migrate": "kb.cli.migrate",
    "new": "kb.cli.new",
    "news": "kb.cli.news",
    "path": "kb.cli.path",
    "precheck": "kb.cli.precheck",
    "release": "kb.cli.release",
    "rename": "kb.cli.rename",
    "review": "kb.cli.review",
    "schema": "kb.cli.schema",
    "screen": "kb.cli.screen",
    "serve": "kb.cli.serve",
    "show": "kb.cli.show",
    "table": "kb.cli.table",
}


class _Lazy(Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            from kb.cli.common import fail
            from kb.snapshot import DamagedSnapshot

            if isinstance(error, DamagedSnapshot):  # met while it was read
                fail(str(error), 1)
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name]).command
        return command


def _say_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        import kb

        click.echo(f"kb, version {kb.__version__}")
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_say_version, help="Show the version."
)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False),
    default=".",
    show_default=True,
    help="Folder that holds formulary/ and references.bib.",
)
@click.pass_context
def main(ctx: click.Context, root: str) -> None:
    """The mesotherapy knowledge base: build it, check it, ask it, serve it.

    Exit status: 0 fine, 1 the answer is "no" or the data is bad, 2 the call was wrong.
    """
    ctx.obj = root
