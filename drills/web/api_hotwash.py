"""The hot wash: everybody guesses, then what was true, and only then the score. The facilitator moves every browser."""

import asyncio
from typing import TYPE_CHECKING, Any, get_args

import msgspec
from fastapi import APIRouter, HTTPException, Request

from drills.guidance.visibility import Viewer
from drills.live.drill import LiveDrill
from drills.live.rooms import Room
from drills.records.store import StoreError
from drills.web.api_drill import DrillId
from drills.web.context import Desk, desk, leads, running, session_of
from drills.web.openapi_bodies import CHANGING, READING, GuessBody, Screen, ScreenBody, described
from simulator.state import RESPOND

if TYPE_CHECKING:
    from drills.guidance import hotwash

__all__ = ["guesses_of", "router", "screen_of", "wash_now"]

router = APIRouter(prefix="/api")


@router.get(
    "/drills/{drill}/wash",
    **described("Wash", *READING, summary="The hot wash, as far as it has come", tag="hot wash"),
)
async def wash(request: Request, drill: DrillId) -> dict[str, Any]:
    """Nothing of a later screen is in it."""
    room, live, viewer = running(request, drill)
    return await wash_now(desk(request), room, live, viewer)


async def wash_now(at: Desk, room: Room, live: LiveDrill, viewer: Viewer) -> dict[str, Any]:
    """What a browser shows of the talk."""
    from drills.guidance import hotwash, retests  # bring the score, which only the talk needs

    _check_over(live)
    screen = screen_of(at, room)
    reading = await at.reckoning.of(live, "wash", hotwash.read)
    again = retests.kept(at.rooms.store.notes(room.id, "retests")) if screen == "score" else []
    data = hotwash.wash_data(reading, screen, guesses_of(at, room), viewer.member, again)
    shown = screen == "score"
    return data | {
        "report": f"/d/{room.id}/report" if shown else None,
        "folder": f"/d/{room.id}/folder.zip" if shown else None,
    }


def _check_over(live: LiveDrill) -> None:
    if live.state.phase == RESPOND and live.state.ended_at is None:
        raise HTTPException(409, "the response is not over")


def screen_of(at: Desk, room: Room) -> Screen:
    """Where the talk is."""
    kept = at.rooms.store.notes(room.id, "screen").get("now", "guess")
    return next((screen for screen in get_args(Screen) if screen == kept), "guess")


def guesses_of(at: Desk, room: Room) -> "dict[str, hotwash.Guess]":
    """What each member guessed."""
    from drills.guidance import hotwash  # likewise

    kept = at.rooms.store.notes(room.id, "guess")
    return {member: msgspec.json.decode(data, type=hotwash.Guess) for member, data in kept.items()}


@router.post("/drills/{drill}/wash", **described("Kept", *CHANGING, summary="Guess, before any number", tag="hot wash"))
async def guess(request: Request, drill: DrillId, body: GuessBody) -> dict[str, Any]:
    """What surprised one, and two times; the last one counts, until the truth is shown."""
    room, live, viewer = running(request, drill)
    if viewer.member is None:
        raise HTTPException(403, "those who played guess")
    _check_over(live)
    if room.revealed:
        raise HTTPException(409, "the truth has been shown already")
    from drills.guidance import hotwash  # likewise

    kept = hotwash.Guess(body.surprise.strip(), body.heard, body.command)
    await _note(request, room, "guess", viewer.member, msgspec.json.encode(kept).decode())
    desk(request).guessed(room, screen_of(desk(request), room))
    return {"kept": True}


@router.post("/drills/{drill}/screen", **described("Moved", *CHANGING, summary="Move every browser", tag="hot wash"))
async def move(request: Request, drill: DrillId, body: ScreenBody) -> dict[str, Any]:
    """To which screen of the hot wash everybody goes. Once the truth was shown, guesses stay closed."""
    room, live, _ = running(request, drill)
    if not leads(session_of(request), room):
        raise HTTPException(403, "whoever runs the drill moves the screens")
    _check_over(live)
    if body.screen != "guess":
        try:
            await desk(request).rooms.reveal(room)
        except StoreError as error:
            raise HTTPException(503, str(error)) from None
    if body.screen == "score":
        await _keep_what_held(request, room, live)
    await _note(request, room, "screen", "now", body.screen)
    room.call("screen", {"screen": body.screen})
    return {"screen": body.screen}


async def _keep_what_held(request: Request, room: Room, live: LiveDrill) -> None:
    """Note beside the earlier drills which of their actions held, so that they are open no more."""
    from drills.guidance import hotwash, retests  # likewise

    again = retests.kept(desk(request).rooms.store.notes(room.id, "retests"))
    if not again:
        return
    reading = await desk(request).reckoning.of(live, "wash", hotwash.read)
    for one in again:
        found = retests.held([one], reading.card)
        earlier = desk(request).rooms.get(one.drill)
        if found and earlier is not None:
            data = msgspec.json.encode(found[0] | {"drill": room.id}).decode()
            await _note(request, earlier, "held", str(one.seq), data)


async def _note(request: Request, room: Room, kind: str, key: str, data: str) -> None:
    try:
        await asyncio.wrap_future(desk(request).rooms.store.put_note(room.id, kind, key, data))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
