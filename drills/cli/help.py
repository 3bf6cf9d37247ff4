"""A command that shows how it is used: its help ends with examples that work as written."""

from collections.abc import Sequence
from typing import Any

import click

from drills.cli.outcome import suggestion

__all__ = ["Command", "CommandGroup", "Exemplary", "OneOf"]


class Exemplary(click.Command):
    """A command with examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **more: Any) -> None:  # noqa: ANN401 - click's parameters
        super().__init__(*args, **more)
        self.examples = tuple(examples)
        """Command lines, as somebody would type them."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, each on a line of its own."""
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
        super().format_epilog(ctx, formatter)


class Command(Exemplary):
    """One of the program's commands."""


class CommandGroup(Exemplary, click.Group):
    """A command with subcommands."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, or a suggestion."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            close = suggestion(name, known) or f"it is one of {', '.join(known)}"
            ctx.fail(f"there is no {ctx.info_name} {name!r}; {close}")
        return super().resolve_command(ctx, args)


class OneOf(click.Choice[str]):
    """One of a few words; a misspelt one gets a suggestion."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, if it is one of them."""
        known = list(self.choices)
        if value not in known:
            close = suggestion(value, known) or f"it is one of {', '.join(known)}"
            self.fail(f"{value!r} is not known here; {close}", param, ctx)
        return value
