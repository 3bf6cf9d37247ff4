"""The API about all drills together: what the history keeps of each, without a name in it."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from drills.live.result_keeper import rules
from drills.records import history
from drills.web.context import desk, outside, owners_desk, session_of
from drills.web.openapi_bodies import CHANGING, Day, described
from drills.web.programme_data import programme_data

__all__ = ["router"]

router = APIRouter(prefix="/api")
Name = Annotated[str | None, Query(max_length=64, description="Only these, by id.")]
Included = Annotated[Day | None, Query(description="A day in the team's zone, included.")]


@router.get(
    "/history",
    **described("HistoryJson", 401, 403, 422, 503, summary="Closed drills together", tag="results"),
)
async def whole_history(
    request: Request,
    team: Name = None,
    scenario: Name = None,
    tag: Name = None,
    since: Included = None,
    until: Included = None,
) -> Response:
    """Two tables, of closed drills and of their obligations, as `drillroom history --json` prints them.

    Practice and rehearsals are not in it. A drill that has just ended comes when its result is made.
    """
    session = session_of(request)
    if not session.known:
        raise outside()
    if not session.owner:
        raise HTTPException(403, "only the link that `drillroom serve` printed, or a token, can read the history")
    from scoring.history.selection import Filters, told

    wanted = Filters(team, scenario, tag, since, until)
    read = partial(history.read, rules=rules(), wanted=wanted, now=datetime.now(UTC))
    found = await desk(request).rooms.store.read(read)

    def made() -> bytes:
        return msgspec.json.encode(told(found))

    return Response(await run_in_threadpool(made), media_type="application/json")


@router.get(
    "/programme",
    **described("ProgrammeJson", 401, 403, 422, 503, summary="What several teams did", tag="results"),
)
async def programme(
    request: Request,
    team: Name = None,
    scenario: Name = None,
    tag: Name = None,
    since: Included = None,
    until: Included = None,
) -> Response:
    """Several teams for whoever answers for all of them, as `drillroom history --programme` prints them."""
    from scoring.history.selection import Filters

    found = await programme_data(owners_desk(request), Filters(team, scenario, tag, since, until))
    return Response(msgspec.json.encode(found), media_type="application/json")


@router.post("/history/anew", **described("HistoryAnew", *CHANGING, summary="Make the history anew", tag="results"))
async def history_anew(request: Request) -> Response:
    """Score every closed drill again from its log, by today's rules.

    What is not made within a few seconds is made in the background; until then it is missing.
    """
    left = await owners_desk(request).keeper.anew()
    return Response(msgspec.json.encode({"left": left}), media_type="application/json")
