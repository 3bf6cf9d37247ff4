"""Somebody's own figures across drills, for their eyes alone: made anew each time from the logs, and kept nowhere."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool

from drills.records import people
from drills.records.schema import DRILLS, RESULTS, PersonRow
from drills.web.context import Desk
from drills.web.sessions import Session
from simulator import events as ev

if TYPE_CHECKING:  # what grades is only needed once drills are over
    from scoring.result import PersonLedger
    from simulator.log import DrillLog

__all__ = ["own_figures"]

_MOST = 20
"""So many of somebody's drills are read, the newest."""
_LINES = 3
"""So many things that were lost in person are listed for each drill."""
_SURE = ("link", "sign-in")
"""Ways to be identified by which a browser is known to be a person's in other drills too."""


class OwnDrill(NamedTuple):
    """A drill as one of its players looks back on it."""

    drill: str
    day: str
    title: str
    answered: str
    """How soon they answered the alert; empty if none was waited for."""
    in_time: bool | None
    """Whether that was by its target; None if nothing was owed."""
    joined: str
    roles: str
    led: bool
    lost: list[str]
    """What was theirs to prevent, the most costly first."""


async def own_figures(at: Desk, session: Session, row: PersonRow) -> dict[str, Any] | None:
    """The viewer's own figures, oldest drill first; None if this browser may not see any. Raises StoreError.

    A browser has to have been let in as this player, by a link to a drill: the owner's, or a name that somebody wrote,
    opens nobody's figures.
    """
    ids = await at.rooms.store.read(lambda connection: people.ids_of(connection, row.id))
    seats = [seat for drill in session.seats if (seat := session.own(drill)) is not None]
    mine = [seat for seat in seats if seat.role == "player" and seat.admitted and seat.member in ids]
    if not mine:
        return None
    known = None if any(seat.identified in _SURE for seat in mine) else {seat.drill for seat in mine}

    def ask(connection: sa.Connection) -> list[str]:
        came = [one.drill for one in people.attended(connection, people=ids) if one.seat == "player"]
        wanted = [drill for drill in came if known is None or drill in known]
        over = (DRILLS.c.state == "closed", DRILLS.c.kind == "drill", DRILLS.c.screen == "score")
        kept = DRILLS.c.id.in_(sa.select(RESULTS.c.drill))  # from then on pages say what a drill was about
        asked = sa.select(DRILLS.c.id).where(DRILLS.c.id.in_(wanted), *over, kept)
        return list(connection.execute(asked.order_by(DRILLS.c.made.desc()).limit(_MOST)).scalars())

    found: list[OwnDrill] = []
    for drill in reversed(await at.rooms.store.read(ask)):
        log = await at.rooms.store.log(drill)
        one = None if log is None else await run_in_threadpool(_own, log, ids)
        if one is not None:
            found.append(one)
    return {"says": _says(found), "drills": found[::-1], "elsewhere": known is not None}


def _says(found: Sequence[OwnDrill]) -> list[str]:
    from scoring.labels import counted

    if not found:
        return ["None of your drills is closed yet with its score shown."]
    over = counted(len(found), "drill", "drills")
    owed = [one.in_time for one in found if one.in_time is not None]
    led = sum(one.led for one in found)
    said = [f"You led in {led} of {over}." if led else f"Of {over}, you have not led in any."]
    if owed:
        said.append(f"You answered the alert by its target in {sum(owed)} of {len(owed)}.")
    return said


def _own(log: "DrillLog", ids: Sequence[str]) -> OwnDrill | None:
    """A drill as the member with one of these ids looks back on it."""
    from reports.format import clean, spell
    from scoring.history.figures import figures_of
    from scoring.scorecard import grade

    card = grade(log, people=True)
    who = next((player.id for player in log.plan.players if player.id in ids), None)
    own = None if who is None or card.people is None else card.people.get(who)
    if own is None:
        return None
    figures = figures_of(log, card=card)
    answer = next((row.obligation for row in figures.obligations if row.act == "acknowledged"), "")
    alert = next((event for event in log.events if isinstance(event, ev.TeamAlerted)), None)
    sent = alert is not None and alert.actor == who
    titles = {role.id: role.title for role in log.plan.protocol.roles}
    held = [f"{titles.get(role, role)} ({spell(took * 1000)})" for role, took in own.roles.items()]
    return OwnDrill(
        drill=log.plan.drill,
        day=figures.drill.date,
        title=clean(figures.drill.title),
        answered="" if sent or own.acknowledged_s is None else spell(own.acknowledged_s * 1000),
        in_time=None if sent else _in_time(own, answer),
        joined="" if own.joined_s is None else spell(own.joined_s * 1000),
        roles=", ".join(held),
        led=who in figures.crew.led,
        lost=[f"{clean(one.title)}: {clean(one.why)}" for one in own.lost[:_LINES]],
    )


def _in_time(own: "PersonLedger", answer: str) -> bool | None:
    """Whether they answered by the target; None if they owed no answer."""
    late = any(line.item == answer for line in own.lost)
    return None if own.acknowledged_s is None and not late else not late
