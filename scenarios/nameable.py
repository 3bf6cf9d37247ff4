"""What a company's names file can name: whatever the texts around it, and those of the library, ask for."""

from collections.abc import Iterator
from pathlib import Path

from scenarios.load import STANDARD_NAMES, load_names, load_runbook
from scenarios.lookup import names, own_files
from scenarios.placeholders import names_in
from scenarios.problem import LoadError
from scenarios.workspace import holding

__all__ = ["procedures", "words"]


def words(near: Path | None) -> set[str]:
    """Every name that a text may have in braces: those of the library, and those in the scenarios around a file."""
    found = set(load_names(STANDARD_NAMES).values())
    for path in _scenarios(near):
        try:
            found.update(names_in(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeError):
            continue  # lint says so of the scenario itself
    return found


def procedures(near: Path | None) -> set[str]:
    """Every procedure that an action may refer to, as `runbook/procedure`."""
    return set(_procedures(near))


def _scenarios(near: Path | None) -> Iterator[Path]:
    if near is not None:
        yield from holding(near).glob("*.yaml")
    yield from own_files("scenario", near).values()


def _procedures(near: Path | None) -> Iterator[str]:
    for name in names("runbook", near):
        try:
            runbook = load_runbook(name, near)
        except LoadError:
            continue  # lint says so of the runbook itself
        yield from (f"{name}/{procedure.id}" for procedure in runbook.procedures)
