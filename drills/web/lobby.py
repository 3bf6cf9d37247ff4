"""The lobby: who is here before the start, and what everybody should know before it."""

from typing import Any

from drills.rooms import Room
from drills.seen import Viewer
from drills.web.desk import Desk
from scenarios.base import format_duration
from scenarios.load import load_protocol

__all__ = ["data"]

SCORED = (
    "How soon: severity, alert, commander, first word to customers, end of the impact.",
    "Whether every role was held all the time, by different people.",
    "Whether the protocol's acts were done, in its order.",
    "Whether #SitRep and customers were kept informed, with times that were kept.",
    "Whether it was judged rightly, and mended without doing harm.",
)
FICTION = (
    "All of it: the incident, the systems, the customers. Nothing that you do here reaches a real system or a real "
    "customer, and everything that is sent says that it is a drill."
)


async def data(desk: Desk, room: Room, viewer: Viewer | None) -> dict[str, Any]:
    """The lobby as somebody may see it; links are the facilitator's."""
    setup = room.setup
    seats = desk.access.seats_in(room.id)
    admitted = {seat.member for seat in seats if seat.admitted}
    waiting = {seat.member for seat in seats if not seat.admitted}
    protocol = load_protocol("officeluv")
    found: dict[str, Any] = {
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "here": person.simulated or room.here.get(person.id, 0) > 0,
                "admitted": person.simulated or person.id in admitted,
                "waiting": person.id in waiting,
                "simulated": person.simulated,
                "first_responder": person.id == _first(room),
            }
            for person in setup.people
        ],
        "phase": room.phase,
        "me": viewer.member if viewer is not None else None,
        "admitted": viewer is not None,
        "brief": "The story, and what each of you knows of it, comes when the drill begins.",
        "minutes": setup.minutes,
        "mode": setup.mode,
        "voice": setup.voice,
        "roles": [role.model_dump(mode="json") for role in protocol.roles],
        "severities": [level.model_dump(mode="json") for level in protocol.severities],
        "scored": list(SCORED),
        "seen_by": _seen_by(room),
        "fiction": FICTION,
        "ends_at": f"After {format_duration(setup.minutes * 60_000)} at the latest, the talk afterwards included.",
        "link": None,
        "qr": None,
        "personal": [],
    }
    if viewer is not None and (viewer.staff or viewer.role == "facilitator"):
        found |= await _links(desk, room)
    return found


def _first(room: Room) -> str:
    people = room.setup.people
    first = next((person.id for person in people if not person.simulated), people[0].id)
    return room.setup.first_responder or first


def _seen_by(room: Room) -> str:
    if room.kind == "practice":
        return "Nobody but you."
    return "Those who are in this drill see the report. Points carry roles, not names; your own ledger is yours alone."


async def _links(desk: Desk, room: Room) -> dict[str, Any]:
    """The one link with its QR code, and personal ones."""
    import segno  # only whoever opens a lobby as its facilitator needs it

    link = f"{desk.base}/join/{await desk.access.link(room.id, 'player')}"
    code = segno.make(link, error="m")
    personal = [
        {
            "member": person.id,
            "name": person.name,
            "link": f"{desk.base}/join/{await desk.access.link(room.id, 'player', person.id)}",
        }
        for person in room.setup.people
        if not person.simulated
    ]
    watch = f"{desk.base}/join/{await desk.access.link(room.id, 'observer')}"
    rate = f"{desk.base}/join/{await desk.access.link(room.id, 'evaluator')}"
    svg = code.svg_inline(border=2, omitsize=True, light="#fff", svgclass="qr")
    return {"link": link, "qr": svg, "personal": personal, "observer_link": watch, "evaluator_link": rate}
