"""The API about corrective actions: one list of what teams meant to change after drills, and what is done of it."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request

from drills.records import actions, people
from drills.records.store import StoreError
from drills.web.actions_data import Listed, line, listed
from drills.web.context import Desk, desk, session_of, somebody
from drills.web.openapi_bodies import CHANGING, ActionBody, CloseBody, described
from drills.web.sessions import EVERY_DRILL
from scenarios.visible_text import cleaned
from scoring.history.actions import Closed

__all__ = ["close_one", "router"]

router = APIRouter(prefix="/api")
Key = Annotated[
    str,
    Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\.[0-9]{1,7}$", description="An action: its drill, a dot, and its event."),
]
Which = Annotated[Literal["open", "overdue", "all"], Query(description="Which ones: by default those still open.")]


@router.get(
    "/actions",
    **described("ActionList", 401, 403, 422, 503, summary="Corrective actions", tag="actions"),
)
async def list_actions(request: Request, which: Which = "open") -> dict[str, Any]:
    """Overdue ones first. For the owner all, for others those of drills that they were in."""
    session, at = somebody(request), desk(request)

    def wanted(one: Any) -> bool:  # noqa: ANN401 - a CorrectiveAction
        return which == "all" or (one.overdue if which == "overdue" else one.open)

    found = await listed(at, session, want=wanted)
    return {"actions": [line(one, owner=session.owner) for one in found]}


@router.post("/actions/{key}", **described("ActionLine", *CHANGING, summary="Change an action", tag="actions"))
async def change(request: Request, key: Key, body: ActionBody) -> dict[str, Any]:
    """Its owner, its day, or the obligation that shows whether it helped; what is left out stays. For the owner's link.

    An empty text takes away what the drill's log says.
    """
    at, one = await find(request, key)
    if not session_of(request).owner:
        raise HTTPException(403, "only the link that `drillroom serve` printed, or a token, can change an action")
    values = body.model_dump(exclude_none=True)
    if values.get("due_on"):
        values["due_on"] = _day(values["due_on"])
    if values.get("owner") and await at.rooms.store.read(lambda c: people.person(c, values["owner"])) is None:
        raise HTTPException(422, f"there is no person {values['owner']!r}; `drillroom people` lists them")
    owed = [owed.obligation for owed in one.figures.obligations]
    if values.get("obligation") and values["obligation"] not in owed:
        raise HTTPException(422, f"its drill did not owe {values['obligation']!r}; it owed {', '.join(owed)}")
    drill, seq = one.action.drill, one.action.seq
    await _submit(at, lambda connection: actions.change(connection, drill, seq, **values))
    return line((await find(request, key))[1], owner=True)


@router.post("/actions/{key}/close", **described("ActionLine", *CHANGING, summary="Close an action", tag="actions"))
async def close(request: Request, key: Key, body: CloseBody) -> dict[str, Any]:
    """Somebody saw that it is done, or a document shows it. For the owner, and for whoever is to do it.

    A later drill that misses the obligation that it names opens it again.
    """
    return await close_one(request, key, body)


@router.post("/actions/{key}/reopen", **described("ActionLine", *CHANGING, summary="Open it again", tag="actions"))
async def reopen(request: Request, key: Key) -> dict[str, Any]:
    """Take it back that it is done. For the owner, and for whoever is to do it."""
    at, one = await find(request, key)
    session = session_of(request)
    if not session.owner and not one.mine:
        raise HTTPException(403, "only whoever is to do it, or the person who runs the drills, can open it again")
    if one.action.closed is None:
        raise HTTPException(409, "nobody has closed it")
    await _submit(at, lambda connection: actions.reopen(connection, one.action.drill, one.action.seq))
    return line((await find(request, key))[1], owner=session.owner)


async def close_one(request: Request, key: str, body: CloseBody) -> dict[str, Any]:
    """Close an action, if the viewer may: the action as it stands then. Raises HTTPException."""
    at, one = await find(request, key)
    session = session_of(request)
    if not session.owner and not one.mine:
        raise HTTPException(403, "only whoever is to do it, or the person who runs the drills, can close it")
    if one.action.closed is not None and not one.action.open:
        raise HTTPException(409, f"it was closed on {one.action.closed.on}")
    seat = session.own(EVERY_DRILL) or session.own(one.action.drill)
    by = seat.member or "" if seat is not None else ""
    closed = Closed(on=_day(body.on) if body.on else today(), how=body.how, text=cleaned(body.text), by=by)
    await _submit(at, lambda connection: actions.close(connection, one.action.drill, one.action.seq, closed))
    return line((await find(request, key))[1], owner=session.owner)


async def find(request: Request, key: str) -> tuple[Desk, Listed]:
    """An action as the viewer may see it. Raises HTTPException, or StoreError."""
    session, at = somebody(request), desk(request)
    found = await listed(at, session, want=lambda one: one.key == key)
    if not found:
        raise HTTPException(404, "there is no such action; `GET /api/actions?which=all` lists them")
    return at, found[0]


async def _submit(at: Desk, work: Any) -> None:  # noqa: ANN401 - what the store takes
    try:
        await at.rooms.store.submit(work)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise HTTPException(422, f"{text!r} is not a day; write it like 2026-03-31") from None


def today() -> str:
    """The day, in UTC."""
    return datetime.now(UTC).date().isoformat()
