"""The page of corrective actions: what teams meant to change after drills, and the form that closes one."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from drills.planning.offers import offers_under
from drills.web.actions_data import Listed, line, listed
from drills.web.api_actions import close_one
from drills.web.context import desk, somebody
from drills.web.forms import form_of
from drills.web.openapi_bodies import CloseBody
from drills.web.rendering import render
from scoring.history.exercises import exercises_for

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
MOST = 200
"""So many actions are on the page; the API has them all."""


@router.get("/actions")
async def actions(request: Request) -> Response:
    """The actions, overdue ones first: those still open, or with `all` also those that are done."""
    session, at = somebody(request), desk(request)
    everything = "all" in request.query_params
    found = await listed(at, session, MOST + 1, want=lambda one: everything or one.open)
    shown = [line(one, owner=session.owner) | {"closable": session.owner or one.mine} for one in found[:MOST]]
    if session.owner:  # players are not told: what a scenario owes says what it is about
        tests = await run_in_threadpool(_would_test, found[:MOST])
        shown = [one | {"tested_by": scenario} for one, scenario in zip(shown, tests, strict=True)]
    return render(
        request, "actions.html", "Corrective actions", actions=shown, everything=everything, more=len(found) > MOST
    )


def _would_test(found: list[Listed]) -> list[dict[str, str] | None]:
    """For each open action that an obligation shows, a scenario that owes it, other than the one that it comes from."""
    offers = {one.figures.drill.protocol: offers_under(one.figures.drill.protocol) for one in found}
    tests: list[dict[str, str] | None] = []
    for one in found:
        row, action = one.figures.drill, one.action
        fits = exercises_for(action.obligation, [row], offers[row.protocol], most=1) if action.open else []
        tests.append({"id": fits[0].scenario, "title": fits[0].title} if fits else None)
    return tests


@router.post("/actions/{key}/close")
async def close(request: Request, key: str) -> Response:
    """Close an action."""
    form: dict[str, Any] = await form_of(request)
    try:
        body = CloseBody(how=form.get("how", ""), text=form.get("text", ""))
    except ValidationError:
        raise HTTPException(422, "say how somebody saw that it is done, in at most 500 characters") from None
    await close_one(request, key, body)
    return RedirectResponse("/actions", 303)
