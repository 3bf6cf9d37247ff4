"""`completion`: what makes the Tab key complete commands, options and names in a shell."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, get_completion_class

from drills.cli.help import Command, OneOf

if TYPE_CHECKING:  # for the types alone: completion must come at once
    from scenarios.lookup import Kind

__all__ = ["completion_command", "known"]


def known(kind: "Kind", *more: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """What completes the name of a file of a kind, of the workspace or the library; or else the path of a file."""

    def complete(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
        from scenarios.lookup import names

        found = [name for name in (*names(kind), *more) if name.startswith(begun)]
        return [CompletionItem(name) for name in found] or [CompletionItem(begun, type="file")]

    return complete


@click.command(
    "completion",
    cls=Command,
    examples=[
        "drillroom completion bash > ~/.local/share/bash-completion/completions/drillroom",
        "drillroom completion zsh > ~/.zfunc/_drillroom",
        "drillroom completion fish > ~/.config/fish/completions/drillroom.fish",
    ],
)
@click.argument("shell", type=OneOf(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print what makes your shell complete commands and names.

    SHELL is bash, zsh or fish. Keep what is printed where your shell looks for completions, as below, and open a new
    terminal. The Tab key then completes commands, options, and the names of scenarios, teams, protocols and rubrics.
    For zsh, the folder has to be in `fpath` before `compinit` runs.
    """
    from drills.cli.commands import program
    from drills.cli.terminal import say_bytes

    made = get_completion_class(shell)
    if made is not None:
        written = made(program, {}, "drillroom", "_DRILLROOM_COMPLETE")
        say_bytes((written.source_template % written.source_vars()).encode() + b"\n")
