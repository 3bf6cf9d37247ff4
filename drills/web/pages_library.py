"""The library's pages: what can be played and by which rules, ours and the library's, and what lint says of ours."""

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from drills.planning import catalogue
from drills.web import lists
from drills.web.context import desk, somebody
from drills.web.rendering import render
from drills.web.sessions import Session
from drills.web.summaries import open_drills

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


async def _library(request: Request, session: Session) -> tuple[lists.Played, set[str]]:
    at = desk(request)
    return await lists.played(at, session), lists.hidden(await open_drills(at, session))


@router.get("/library")
async def library(request: Request) -> Response:
    """All scenarios; spoilers for the owner alone, and not for what the owner is playing."""
    session = somebody(request)
    played, hidden = await _library(request, session)
    found = await run_in_threadpool(lists.scenarios, played, spoilers=session.owner, but=hidden)
    broken = [one for one in catalogue.own_files() if one.errors] if session.owner else []
    offered = {one["name"] for one in found}
    return render(
        request, "library.html", "Library", scenarios=found, owner=session.owner, broken=broken, offered=offered
    )


@router.get("/library/{name}")
async def scenario(request: Request, name: str) -> Response:
    """One scenario."""
    session = somebody(request)
    played, hidden = await _library(request, session)
    spoilers = session.owner and name not in hidden
    found = await run_in_threadpool(lists.scenario, name, played, spoilers=spoilers)
    if found is None:
        raise HTTPException(404, "there is no scenario by that name")
    return render(request, "scenario.html", found["title"], scenario=found, owner=session.owner)
