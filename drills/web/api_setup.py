"""The API around drills: what can be played and by whom, and making a drill."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from drills.planning.setup import Setup, SetupError
from drills.records.people import teams
from drills.records.store import StoreError
from drills.web import lists
from drills.web.context import Desk, desk, outside, session_of
from drills.web.openapi_bodies import CHANGING, DrillBody, described
from drills.web.pages_setup import setup_of

__all__ = ["router"]

router = APIRouter(prefix="/api")


def _owner(request: Request, what: str) -> Desk:
    session = session_of(request)
    if not session.known:
        raise outside()
    if not session.owner:
        raise HTTPException(403, f"only the link that `drillroom serve` printed, or a token, can {what}")
    return desk(request)


@router.get("/scenarios", **described("Scenarios", 401, 403, summary="What can be played", tag="drills"))
async def scenarios(request: Request) -> dict[str, Any]:
    """The scenarios of the workspace and of the library that load, our own first. Nothing is given away."""
    _owner(request, "list scenarios")
    found = await run_in_threadpool(lists.scenarios, {}, spoilers=False)
    kept = ("name", "title", "length", "difficulty", "teaches", "own")
    return {"scenarios": [{key: one[key] for key in kept} for one in found]}


@router.get("/teams", **described("Teams", 401, 403, 503, summary="The teams that are known", tag="drills"))
async def known_teams(request: Request) -> dict[str, Any]:
    """By title, with how many people each has; who they are is not said here."""
    at = _owner(request, "list teams")
    found = await at.rooms.store.read(teams)
    return {"teams": [{"id": one.id, "title": one.title, "people": len(one.people)} for one in found]}


@router.post("/drills", **described("Made", *CHANGING, summary="Make a drill", tag="drills", _422="Wrong"))
async def make(request: Request, body: DrillBody) -> Response:
    """Make a drill, as the form of the page does; it waits in its lobby. A rehearsal begins at once."""
    at = _owner(request, "make drills")
    try:
        setup = await _setup(at, body.form())
        room = await at.rooms.make(setup)
        if setup.kind == "rehearsal":
            await at.rooms.start(room)
    except SetupError as error:
        return JSONResponse({"error": "; ".join(error.errors.values()), "fields": error.errors}, 422)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return JSONResponse({"drill": room.id, "url": f"{at.base}/d/{room.id}"})


async def _setup(at: Desk, form: Mapping[str, str]) -> Setup:
    """What is asked for. Raises SetupError with what is wrong, field by field, and StoreError."""
    wanted = form.get("team", "")
    if not wanted:
        return setup_of(form)
    team = next((one for one in await at.rooms.store.read(teams) if wanted in (one.id, one.name)), None)
    if team is None:
        raise SetupError({"team": "there is no team of that id; GET /api/teams lists them"})
    lines = [f"{one.name}, {one.email}" if one.email else one.name for one in team.people]
    setup = setup_of({**form, "people": form.get("people") or "\n".join(lines)})
    return replace(setup, team=team.id, team_name=team.name)
