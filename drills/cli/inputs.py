"""What commands read, and the one line of error if it cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from drills.cli.outcome import Impossible

if TYPE_CHECKING:  # for the types alone; a command imports what it needs when it runs
    from drills.settings import Settings

__all__ = ["loading", "read_settings"]


@contextmanager
def loading() -> Iterator[None]:
    """Turn what is wrong with files into one line: the first problem, and how many more there are."""
    from scenarios.problem import LoadError

    try:
        yield
    except LoadError as error:
        first, more = error.problems[0], len(error.problems) - 1
        rest = f"; and {more} more, which `drillroom lint {first.file}` lists" if more else ""
        raise Impossible(f"{first}{rest}") from None


def read_settings(**given: object) -> "Settings":
    """The settings: what is given, else what the environment and drillroom.toml say."""
    from drills.settings import SettingsError, load_settings

    try:
        return load_settings(**given)
    except SettingsError as error:
        raise Impossible(str(error)) from None
