"""The page for whoever answers for several teams."""

from fastapi import APIRouter, Request, Response

from drills.web.context import owners_desk
from drills.web.programme_data import programme_data
from drills.web.rendering import render
from drills.web.team_desk import query_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/programme")
async def programme(request: Request) -> Response:
    """What each team did, for the owner's link. The period and other filters stand in the address."""
    at, query = owners_desk(request), query_of(request)
    from reports.programme import COLUMNS, NOTE, cells_of, course_in_words
    from scoring.history.selection import Filters

    found = await programme_data(at, Filters(query.team, query.scenario, query.tag, query.since, query.until))
    return render(
        request,
        "programme.html",
        "Programme",
        columns=COLUMNS,
        lines=cells_of(found.teams),
        course=course_in_words(found),
        note=NOTE,
        query=query,
        results_left=at.keeper.left,
    )
