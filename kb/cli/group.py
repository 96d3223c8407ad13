"""A command with commands of its own."""

from __future__ import annotations

import click

LONGEST_SENTENCE = 400


class Group(click.Group):
    """Its help says what each command does: the first sentence whole, over as many lines as it takes."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        held = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(limit=LONGEST_SENTENCE)) for name, command in held if command]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
