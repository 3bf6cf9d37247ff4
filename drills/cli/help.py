"""A command that shows how it is used: its help ends with examples that work as written."""

from collections.abc import Sequence
from typing import Any, cast

import click

from drills.cli.outcome import suggestion

__all__ = ["Command", "CommandGroup", "Exemplary", "Number", "OneOf", "WholeNumber"]


class Exemplary(click.Command):
    """A command with examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **more: Any) -> None:  # noqa: ANN401 - click's parameters
        super().__init__(*args, **more)
        # Each command says so itself: click makes the option of help once, for the first context that asks.
        self.context_settings.update(help_option_names=["-h", "--help"], max_content_width=100)
        self.examples = tuple(examples)
        """Command lines, as somebody would type them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was typed. An error says with which command's help to go on."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What was given; nothing at all is a call for help, as it is for the program itself."""
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, or a suggestion."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            close = suggestion(name, known) or f"it is one of {', '.join(known)}"
            ctx.fail(f"{ctx.info_name} has no command {name!r}; {close}")
        return super().resolve_command(ctx, args)


class _Within:
    """What a number says where it is none, or lies outside of its limits."""

    what = ""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's
        """The number, if it is one and lies within."""
        try:
            return super().convert(value, param, ctx)  # type: ignore[misc]  # of the click type beside it
        except click.BadParameter:
            limits = cast("click.IntRange | click.FloatRange", self)
            limits.fail(f"{value!r} is not {self.what} from {limits.min} to {limits.max}", param, ctx)


class WholeNumber(_Within, click.IntRange):
    """A whole number within limits."""

    what = "a whole number"


class Number(_Within, click.FloatRange):
    """A number within limits."""

    what = "a number"


class OneOf(click.Choice[str]):
    """One of a few words, however they are capitalised; a misspelt one gets a suggestion."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, if it is one of them."""
        known = list(self.choices)
        value = next((one for one in known if one.lower() == value.lower()), value)
        if value not in known:
            close = suggestion(value, known) or f"it is one of {', '.join(known)}"
            self.fail(f"{value!r} is not known here; {close}", param, ctx)
        return value
