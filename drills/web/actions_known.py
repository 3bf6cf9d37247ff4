"""What a server knows of corrective actions besides the drills' logs: what was changed by hand, and who has left."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

import sqlalchemy as sa

from drills.planning import catalogue
from drills.records import actions, people
from scoring.history.actions import Handled, Known
from scoring.history.figures import Figures

__all__ = ["known_of"]


def known_of(connection: sa.Connection, drills: Collection[Figures]) -> Known:
    """What is known of actions besides the drills' logs."""
    by_hand = actions.handled(connection)
    teams = {one.drill.team for one in drills}
    nobody = actions.gone_of(connection, _owners(drills, by_hand))
    files = people.in_files(connection)
    gone = {team: nobody | _left(team, files.get(team, {})) for team in teams}
    today = datetime.now(UTC).date().isoformat()
    return Known(today, by_hand, actions.planned(connection), gone)


def _owners(drills: Iterable[Figures], by_hand: Mapping[str, Handled]) -> set[str]:
    said = {one.owner for figures in drills for one in figures.meant}
    return said | {one.owner for one in by_hand.values() if one.owner is not None}


def _left(team: str, people: Mapping[str, str]) -> set[str]:
    """Those who were in a team's file and are in it no more; nobody if the file is not here."""
    file = catalogue.team(team)
    if file is None:
        return set()
    there = {one.id for one in file.members}
    stay = {who for alias, who in people.items() if alias in there}
    return set(people.values()) - stay
