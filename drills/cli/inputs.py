"""What commands read, and the one line of error if it cannot be read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from drills.cli.outcome import Impossible

if TYPE_CHECKING:  # for the types alone; a command imports what it needs when it runs
    from drills.settings import Settings
    from scenarios.problem import Problem

_MOST_SAID = 5

__all__ = ["loading", "read_settings"]


@contextmanager
def loading() -> Iterator[None]:
    """Turn what is wrong with files into one line: the first problem, and where the others are listed, or they too."""
    from scenarios.problem import LoadError

    try:
        yield
    except LoadError as error:
        raise Impossible(f"{error.problems[0]}{_rest(error.problems)}") from None


def _rest(problems: "Sequence[Problem]") -> str:
    """Where all but the first are listed; what `lint` does not see in that file alone is said here."""
    from scenarios.lint import lint

    first, more = problems[0], len(problems) - 1
    if not more:
        return ""
    file = Path(first.file)
    if file.is_file() and set(problems) <= set(lint(file)):
        return f"; and {more} more, which `drillroom lint {file}` lists"
    said = dict.fromkeys(problem.message for problem in problems[1:] if problem.message != first.message)
    left = len(said) - _MOST_SAID
    return "".join(f"; {message}" for message in [*said][:_MOST_SAID]) + (f"; and {left} more" if left > 0 else "")


def read_settings(**given: object) -> "Settings":
    """The settings: what is given, else what the environment and drillroom.toml say."""
    from drills.settings import SettingsError, load_settings

    try:
        return load_settings(**given)
    except SettingsError as error:
        raise Impossible(str(error)) from None
