"""The reference of all commands, made from their own help: docs/reference/commands.md."""

from click import Command, Context, Group

from drills.cli.commands import COMMANDS, program

__all__ = ["commands_page"]

_HEAD = """# The commands

Made from the program's own help by `python -m drills.cli.commands_page`; `drillroom COMMAND --help` prints the same.

Results go to standard output, progress and refusals to standard error. Exit codes: 0 done; 1 a check
failed; 2 it could not be done, and one line says what to do; 130 stopped with Ctrl-C.
"""
_WIDTH = 100


def commands_page() -> str:
    """The page, in Markdown."""
    whole = _context(program, "drillroom")
    parts = [_HEAD, _block(program.get_help(whole))]
    for name in COMMANDS:
        command = program.get_command(whole, name)
        if command is not None:
            own = _context(command, name, whole)
            parts += [f"## drillroom {name}\n", _block(command.get_help(own))]
            inner = command.commands.items() if isinstance(command, Group) else ()
            for word, one in inner:
                parts += [f"### drillroom {name} {word}\n", _block(one.get_help(_context(one, word, own)))]
    return "\n".join(parts)


def _context(command: Command, name: str, parent: Context | None = None) -> Context:
    return Context(command, info_name=name, parent=parent, terminal_width=_WIDTH, **command.context_settings)


def _block(text: str) -> str:
    return f"```text\n{text.strip()}\n```\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(commands_page())
