"""The hot wash: everybody guesses, then the truth, and only then the score. The facilitator moves every browser."""

from typing import TYPE_CHECKING, Any, get_args

from fastapi import APIRouter, HTTPException, Request

from drills.guidance.visibility import Viewer
from drills.live.past import Drill
from drills.live.rooms import Room
from drills.records.store import GuessRow, StoreError
from drills.web import ahead
from drills.web.actions_data import held_in
from drills.web.api_drill import DrillId
from drills.web.context import Desk, desk, is_custodian, leads, running, session_of
from drills.web.openapi_bodies import CHANGING, READING, GuessBody, Screen, ScreenBody, described
from scenarios.visible_text import cleaned
from scoring.history.figures import figures_of
from simulator.state import RESPOND

if TYPE_CHECKING:
    from drills.guidance import hotwash
    from reports.actions import ActionRow

__all__ = ["guesses_of", "router", "screen_of", "wash_now"]

router = APIRouter(prefix="/api")


@router.get(
    "/drills/{drill}/wash",
    **described("Wash", *READING, summary="The hot wash so far", tag="hot wash"),
)
async def wash(request: Request, drill: DrillId) -> dict[str, Any]:
    """It holds nothing from later screens."""
    room, live, viewer = await running(request, drill)
    return await wash_now(desk(request), room, live, viewer, custodian=is_custodian(request))


async def wash_now(at: Desk, room: Room, live: Drill, viewer: Viewer, *, custodian: bool) -> dict[str, Any]:
    """What a browser shows of the talk. Only the custodian gets the folder, with its names and texts."""
    from drills.guidance import hotwash  # imports the score, which only the talk needs

    _check_over(live)
    ahead.ready(ahead.CHARTS)  # the report is asked for when the talk ends
    screen = screen_of(room)
    reading = await at.log_cache.of(live, "wash", hotwash.read)
    held = await _held(at, room, live) if screen == "score" else []
    worth = await at.log_cache.of(live, "worth", hotwash.worth) if screen == "score" else None
    data = hotwash.wash_data(reading, screen, await guesses_of(at, room), viewer.member, held, worth)
    shown = screen == "score"
    return data | {
        "report": f"/d/{room.id}/report" if shown else None,
        "folder": f"/d/{room.id}/folder.zip" if shown and custodian else None,
        "record": f"/d/{room.id}/record" if shown and room.kind == "drill" and room.phase == "closed" else None,
    }


async def _held(at: Desk, room: Room, live: Drill) -> "list[ActionRow]":
    """What the drill shows of what the team meant to change after earlier ones."""
    if room.kind != "drill":
        return []
    return await held_in(at, await at.log_cache.of(live, "figures", figures_of, sealed=True))


def _check_over(live: Drill) -> None:
    if live.state.phase == RESPOND and live.state.ended_at is None:
        raise HTTPException(409, "the response is not over")


def screen_of(room: Room) -> Screen:
    """Where the talk is."""
    return next((screen for screen in get_args(Screen) if screen == room.screen), "guess")


async def guesses_of(at: Desk, room: Room) -> "dict[str, hotwash.Guess]":
    """What each member guessed."""
    from drills.guidance import hotwash  # likewise

    kept = await at.rooms.store.guesses(room.id)
    return {row.member: hotwash.Guess(row.surprise, row.heard, row.command) for row in kept}


@router.post("/drills/{drill}/wash", **described("Kept", *CHANGING, summary="Guess, before any number", tag="hot wash"))
async def guess(request: Request, drill: DrillId, body: GuessBody) -> dict[str, Any]:
    """What surprised you, and two times; the last guess counts, until the truth is shown."""
    room, live, viewer = await running(request, drill)
    if viewer.member is None:
        raise HTTPException(403, "only people who played can guess")
    _check_over(live)
    if room.revealed:
        raise HTTPException(409, "the answer has already been shown")
    kept = GuessRow(room.id, viewer.member, cleaned(body.surprise), body.heard, body.command)
    await desk(request).rooms.store.put_guess(kept)
    desk(request).guessed(room, screen_of(room))
    return {"kept": True}


@router.post("/drills/{drill}/screen", **described("Moved", *CHANGING, summary="Move every browser", tag="hot wash"))
async def move(request: Request, drill: DrillId, body: ScreenBody) -> dict[str, Any]:
    """Move everybody to a screen of the hot wash. Once the truth has been shown, guesses stay closed."""
    room, live, _ = await running(request, drill)
    if not leads(session_of(request), room):
        raise HTTPException(403, "only the people who run the drill can change the screen")
    _check_over(live)
    at = desk(request)
    try:
        await at.rooms.show(room, body.screen)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    room.call("screen", {"screen": body.screen})
    return {"screen": body.screen}
