"""The lobby: who is here before the start, and what everybody should know before it."""

from functools import lru_cache
from typing import Any, NamedTuple

from drills.guidance.visibility import Viewer
from drills.live.rooms import Room
from drills.records.store import SeatRow
from drills.web.context import Desk
from reports.format import spell
from reports.run_sheet import Details
from scenarios.placeholders import fill
from simulator.plan import DrillPlan
from simulator.variables import drawn_values

__all__ = ["data", "sheet"]

FICTION = (
    "All of it: the incident, the systems, the customers. Nothing that you do here reaches a real system or a real "
    "customer, and everything that is sent says that it is a drill."
)
APPRAISAL = (
    "Never. A drill tests the protocol and not the people: nobody is ranked, no page shows a figure of a person to "
    "anybody else, and nothing of it is for anybody's appraisal."
)
_MINUTE = 60_000


class _Coming(NamedTuple):
    """What may be said about a drill before it begins."""

    brief: str
    minutes: int
    most: int
    """Minutes, if all of the time is used."""
    ends_at: str
    channel: str
    roles: list[dict[str, Any]]
    severities: list[dict[str, Any]]


async def data(
    desk: Desk, room: Room, viewer: Viewer | None, seat: SeatRow | None = None, *, leads: bool
) -> dict[str, Any]:
    """The lobby as somebody may see it; links only for those who run the drill."""
    setup = room.setup
    seats = await desk.access.seats_in(room.id)
    admitted = {seat.member for seat in seats if seat.admitted}
    waiting = {seat.member for seat in seats if not seat.admitted}
    coming = _coming(room)
    first = _first(room)
    found: dict[str, Any] = {
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "here": person.simulated or room.here.get(person.id, 0) > 0,
                "admitted": person.simulated or person.id in admitted,
                "waiting": person.id in waiting,
                "simulated": person.simulated,
                "first_responder": person.id == first,
            }
            for person in setup.people
        ],
        "staff": room.staff,
        "phase": room.phase,
        "me": viewer.member if viewer is not None else seat.member if seat is not None else None,
        "admitted": viewer is not None,
        "brief": coming.brief,
        "minutes": coming.minutes,
        "most": coming.most,
        "mode": setup.mode,
        "voice": setup.voice,
        "roles": coming.roles,
        "severities": coming.severities,
        "scored": _scored(coming.channel),
        "seen_by": _seen_by(room),
        "appraisal": APPRAISAL,
        "fiction": FICTION,
        "ends_at": coming.ends_at,
        "link": None,
        "qr": None,
        "personal": [],
        "observer_link": None,
        "evaluator_link": None,
        "facilitator_link": None,
        "reach": None,
    }
    return found | (await _links(desk, room) if leads else {})


def _coming(room: Room) -> _Coming:
    """What the plan says about a drill."""
    plan = room.plan if room.live is None else room.live.plan
    if plan is None:
        minutes = room.setup.minutes  # its scenario is gone by now
        return _Coming("", minutes, minutes, "", "the channel", [], [])
    return _said_of(room, plan)


def _said_of(room: Room, plan: DrillPlan) -> _Coming:
    scenario, ends = plan.scenario, plan.scenario.ends
    most = ends.after + ends.papers + ends.hot_wash
    length = most if scenario.length is None else min(most, scenario.length)
    return _Coming(
        brief=fill(scenario.brief, drawn_values(plan)),
        minutes=max(1, round(min(length, room.setup.minutes * _MINUTE) / _MINUTE)),
        most=round(most / _MINUTE),
        ends_at=(
            f"The response ends after {spell(ends.after)} at the latest; then come {spell(ends.papers)} for the papers "
            f"and {spell(ends.hot_wash)} to talk about it."
        ),
        channel=plan.protocol.channel,
        roles=[role.model_dump(mode="json") for role in plan.protocol.roles],
        severities=[level.model_dump(mode="json") for level in plan.protocol.severities],
    )


def _scored(channel: str) -> list[str]:
    return [
        "How soon: severity, alert, commander, first word to customers, end of the impact.",
        "Whether every role was held all the time, by different people.",
        "Whether the protocol's acts were done, in its order.",
        f"Whether {channel} and customers were kept informed, at the times that were promised.",
        "Whether it was judged right, and fixed without doing harm.",
    ]


def _first(room: Room) -> str:
    people = room.setup.people
    first = next((person.id for person in people if not person.simulated), people[0].id)
    return room.setup.first_responder or first


def _seen_by(room: Room) -> str:
    if room.kind == "practice":
        return "Nobody but you."
    return (
        "Everyone in this drill sees the report. Points go to roles, not names; only you see your own ledger. "
        "In a small team a role is a person, so others can tell who did what."
    )


async def _links(desk: Desk, room: Room) -> dict[str, Any]:
    """The one link with its QR code, and personal ones."""
    members = [person for person in room.setup.people if not person.simulated]
    wanted = [("player", None), ("observer", None), ("evaluator", None), ("facilitator", None)]
    tokens = await desk.access.links(room.id, [*wanted, *(("player", person.id) for person in members)])
    links = {who: f"{desk.base}/join/{token}" for who, token in tokens.items()}
    one = links["player", None]
    return {
        "link": one,
        "qr": _code(one),
        "personal": [
            {"member": person.id, "name": person.name, "link": links["player", person.id]} for person in members
        ],
        "observer_link": links["observer", None],
        "evaluator_link": links["evaluator", None],
        "facilitator_link": links["facilitator", None],
        "reach": desk.reach()._asdict(),
    }


async def sheet(desk: Desk, room: Room) -> Details:
    """What a run sheet says of a drill beside its plan: who plays, and the links."""
    found = await _links(desk, room)
    here = f"/d/{room.id}"
    return Details(
        names={person.id: person.name for person in room.setup.people},
        link=found["link"],
        qr=found["qr"],
        links=[
            ("Another facilitator", found["facilitator_link"]),
            ("An evaluator", found["evaluator_link"]),
            ("An observer", found["observer_link"]),
        ],
        around=[("Back to the drill", here), ("As PDF", f"{here}/run-sheet.pdf")],
    )


@lru_cache(maxsize=64)
def _code(link: str) -> str:
    """A link as a QR code, as SVG for a page."""
    import segno  # only needed for a facilitator's lobby

    return str(segno.make(link, error="m").svg_inline(border=2, omitsize=True, light="#fff", svgclass="qr"))
