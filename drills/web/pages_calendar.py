"""The page of drills that come by the workspace's schedules."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from drills.records import people
from drills.web.actions_data import kept_drills
from drills.web.calendar_desk import held_of
from drills.web.context import desk, somebody
from drills.web.rendering import render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/calendar")
async def calendar(request: Request) -> Response:
    """What comes: for the owner with turns and reasons, for others the drills that come on time."""
    session, at = somebody(request), desk(request)
    held = held_of(await kept_drills(at), await at.rooms.store.read(people.names)) if session.owner else []
    found = await run_in_threadpool(at.calendar.page, datetime.now(UTC).date(), held, owner=session.owner)
    return render(request, "calendar.html", "Calendar", owner=session.owner, **found)
