"""Adding to `absences.yaml`: a line at its end, so that comments and order stay as they are."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from drills.planning.calendar.workspace import Planned
from scenarios.absences import Absence, Absences
from scenarios.load import LoadError, Problem, read_as
from scenarios.source import parse, read
from scenarios.workspace import ABSENCES_FILE, nearby, workspace

__all__ = ["added", "people_of"]


def people_of(planned: Sequence[Planned]) -> list[str]:
    """Everybody who can be away, by id: members and facilitators of the teams that have a schedule."""
    teams = [one.presence.team for one in planned]
    return list(dict.fromkeys(who for one in teams for who in (*(each.id for each in one.members), *one.facilitators)))


def added(who: str, first: date, last: date) -> tuple[Path, str]:
    """The file, and its text with somebody's absence. Raises LoadError where it has to be added by hand."""
    file = nearby((workspace() or Path.cwd()) / ABSENCES_FILE)
    before, text = _known(file)
    until = "" if first == last else f", to: {last}"
    made = f"{text.rstrip()}\n  - {{who: {who}, from: {first}{until}}}\n"
    if _read(made) != [
        *before,
        Absence.model_validate({"who": who, "from": first, "to": None if first == last else last}),
    ]:
        hint = f"add it by hand: - {{who: {who}, from: {first}{until}}}"
        raise LoadError([Problem(str(file), 1, 1, "nothing can be added at its end", hint)])
    return file, made


def _known(file: Path) -> tuple[list[Absence], str]:
    if not file.exists():
        return [], "absences:"
    source = read(file)
    return read_as(Absences, "absences", source).model.absences, source.text


def _read(text: str) -> list[Absence]:
    try:
        return read_as(Absences, "absences", parse(text.encode(), ABSENCES_FILE)).model.absences
    except LoadError:
        return []
