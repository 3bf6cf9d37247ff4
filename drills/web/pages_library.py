"""The library's pages: what can be played and by which rules, ours and the library's, and what lint says of ours."""

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from drills.planning import catalogue
from drills.web import lists
from drills.web.context import desk, somebody
from drills.web.rendering import render
from drills.web.sessions import Session
from drills.web.summaries import open_drills
from scenarios.lookup import Kind

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
    return render(
        request,
        "library.html",
        "Library",
        scenarios=found,
        owner=session.owner,
        files={one["name"]: catalogue.own_file("scenario", one["name"]) for one in found},
        broken=[one for one in catalogue.own_files() if one.errors] if session.owner else [],
    )


@router.get("/library/all/{kind}")
async def things(request: Request, kind: str) -> Response:
    """All protocols, teams, rubrics or runbooks, ours first."""
    session = somebody(request)
    found = await run_in_threadpool(catalogue.items, _kind(kind, session))
    return render(request, "things.html", _TITLES[kind], kind=kind, things=found, owner=session.owner)


@router.get("/library/{kind}/{name}")
async def thing(request: Request, kind: str, name: str) -> Response:
    """One protocol, team, rubric or runbook, and what lint says of it."""
    session = somebody(request)
    found = await run_in_threadpool(catalogue.items, _kind(kind, session))
    item = next((one for one in found if one.name == name), None)
    if item is None:
        raise HTTPException(404, f"there is no {kind} by that name")
    return render(request, "thing.html", item.title, kind=kind, item=item, owner=session.owner)


_TITLES = {"protocol": "Protocols", "rubric": "Rubrics", "runbook": "Runbooks", "team": "Teams"}


def _kind(said: str, session: Session) -> Kind:
    """The kind of thing that an address names. The people of teams are for facilitators alone."""
    kind = next((one for one in _KINDS if one == said), None)
    if kind is None:
        raise HTTPException(404, "there is no such page")
    if kind == "team" and not session.owner:
        raise HTTPException(403, "only people with the link that `drillroom serve` printed see who is in which team")
    return kind


_KINDS: tuple[Kind, ...] = ("protocol", "rubric", "runbook", "team")


@router.get("/library/{name}")
async def scenario(request: Request, name: str) -> Response:
    """One scenario."""
    session = somebody(request)
    played, hidden = await _library(request, session)
    spoilers = session.owner and name not in hidden
    found = await run_in_threadpool(lists.scenario, name, played, spoilers=spoilers)
    if found is None:
        raise HTTPException(404, "there is no scenario by that name")
    own = catalogue.own_file("scenario", name) if spoilers else None
    return render(request, "scenario.html", found["title"], scenario=found, owner=session.owner, own=own)
