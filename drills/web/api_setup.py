"""The API around drills: what can be played and by whom, and making a drill."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from drills.planning.setup import Setup, SetupError, check_fit
from drills.records.people import teams
from drills.records.store import StoreError
from drills.web import lists
from drills.web.context import Desk, desk, outside, session_of
from drills.web.openapi_bodies import CHANGING, DrillBody, described
from drills.web.setup_form import TeamChoice, setup_of, team_choices

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
    """Those of files, and those that have played here, with how many people each has; not who they are."""
    at = _owner(request, "list teams")
    found = await _teams(at)
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
    team = next((one for one in await _teams(at) if wanted and wanted == one.id), None)
    setup = setup_of(form, team)
    await run_in_threadpool(check_fit, setup)
    return setup


async def _teams(at: Desk) -> list[TeamChoice]:
    known = await at.rooms.store.read(teams)
    return await run_in_threadpool(team_choices, known)
