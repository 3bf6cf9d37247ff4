"""Corrective actions of drills in folders, with what `actions.yaml` says of them, where no server keeps them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from drills.records.archive import LeftOut, read_archive
from drills.records.log_file import names_beside, read_log
from scenarios.actions_file import Noted, load_actions
from scenarios.load import load_team
from scenarios.problem import LoadError
from scenarios.workspace import ACTIONS_FILE, nearby, workspace
from scoring.history.actions import Closed, CorrectiveAction, Handled, Known, actions_of
from scoring.history.figures import Figures
from simulator.fields import NOT_HERE

__all__ = ["FolderActions", "Row", "actions_file", "actions_in", "handled_in"]


class Row(NamedTuple):
    """An action of a drill in a folder."""

    action: CorrectiveAction
    text: str
    owner_name: str
    """Empty if it is nobody's; the id if no name is known."""


class FolderActions(NamedTuple):
    """What was found in some folders."""

    rows: list[Row]
    left_out: list[LeftOut]
    """The logs that could not be read."""
    unknown: list[str]
    """Actions that `actions.yaml` speaks of and no drill here has."""


def actions_file() -> Path:
    """Where `actions.yaml` is, or would be: in the workspace, or else here."""
    here = workspace()
    return Path(ACTIONS_FILE) if here is None else nearby(here / ACTIONS_FILE)


def handled_in(noted: Iterable[Noted]) -> dict[str, Handled]:
    """What a file says, by the key of the action; what is said later counts."""
    found: dict[str, Handled] = {}
    for one in noted:
        before = found.get(one.action, Handled())
        found[one.action] = Handled(
            owner=one.owner or before.owner,
            due_on=one.due or before.due_on,
            obligation=one.obligation or before.obligation,
            closed=_closed(one) or before.closed,
        )
    return found


def _closed(one: Noted) -> Closed | None:
    if one.closed is None:
        return None
    seen = one.closed.observation
    how, text = ("document", one.closed.document) if seen is None else ("observation", seen)
    return Closed(on=one.closed.on, how=how, text=text or "")  # type: ignore[arg-type]  # one of both


def actions_in(
    places: Sequence[Path], file: Path, today: str, tell: Callable[[int], None] = lambda _: None
) -> FolderActions:
    """The actions of all drills in some folders, overdue ones first. Raises LoadError for a place that is not there."""
    archive = read_archive(places, datetime.now(UTC), tell)
    by_hand = handled_in(load_actions(file))
    drills = archive.history.drills
    actions = actions_of(drills, Known(today, by_hand, gone=_gone(drills)))
    beside = {head: _beside(archive.files[head]) for head in {one.head for one in actions}}
    rows = [_row(one, *beside[one.head]) for one in actions]
    return FolderActions(rows, archive.left_out, sorted(by_hand.keys() - {one.key for one in actions}))


def _row(action: CorrectiveAction, words: Mapping[int, str], names: Mapping[str, str]) -> Row:
    return Row(action, words.get(action.seq, NOT_HERE), names.get(action.owner, action.owner))


def _beside(file: Path) -> tuple[dict[int, str], dict[str, str]]:
    """What was typed in a log's events, and the names of its people; as far as it still lies beside it."""
    try:
        events = read_log(file).events
        return {one.seq: str(getattr(one, "text", "")) for one in events}, names_beside(file)
    except (LoadError, OSError):
        return {}, {}


def _gone(drills: Iterable[Figures]) -> dict[str, set[str]]:
    """Who was a member of a team and is not in its file any more, by team.

    A file that knows none of the members is of other ids, as a server's drills have them.
    """
    members: defaultdict[str, set[str]] = defaultdict(set)
    for one in drills:
        members[one.drill.team].update(one.crew.members)
    found: dict[str, set[str]] = {}
    for team, known in members.items():
        with suppress(LoadError):
            there = {one.id for one in load_team(team).members}
            found[team] = known - there if known & there else set()
    return found
