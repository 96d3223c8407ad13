"""Write docs/command-line.md from the program itself, so that it never says what is not true."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kb.atomic import write_text
from kb.cli import main

ROOT = Path(__file__).parents[1]
HEAD = """# The command line

Written from the program by `make docs`. Each command takes `--help`; `--json` prints one JSON document on stdout and
nothing else. Exit status: 0 fine, 1 the answer is "no" or the data is bad, 2 the call was wrong. Errors go to stderr as
`file:line: what is wrong; how to mend it`.
"""


def text() -> str:
    parts = [HEAD]
    context = click.Context(main, info_name="kb")
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        parts += _section(f"kb {name}", command, click.Context(command, info_name=name, parent=context))
    return "\n".join(parts)


def _section(title: str, command: click.Command, context: click.Context) -> list[str]:
    parts = [f"## {title}\n\n```\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            parts += _section(f"{title} {name}", inner, click.Context(inner, info_name=name, parent=context))
    return parts


if __name__ == "__main__":
    path = ROOT / "docs" / "command-line.md"
    fresh = text()
    if "--check" in sys.argv:
        sys.exit(
            0
            if path.exists() and path.read_text(encoding="utf-8") == fresh
            else "docs/command-line.md is stale; run `make docs`"
        )
    write_text(path, fresh)
