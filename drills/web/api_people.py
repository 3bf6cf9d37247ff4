"""The API about people, for the owner's link."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request

from drills.records import people
from drills.records.people import Named
from drills.records.store import StoreError
from drills.web import people_data
from drills.web.context import owners_desk
from drills.web.openapi_bodies import CHANGING, MergeBody, NameBody, TeamBody, described

__all__ = ["router"]

router = APIRouter(prefix="/api")
PersonId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="A person's id.")]


@router.get("/people", **described("People", 401, 403, 503, summary="Everybody who is known", tag="people"))
async def listed(request: Request) -> dict[str, Any]:
    """By name, with their teams and how many drills they were in."""
    return {"people": await people_data.listed(owners_desk(request))}


@router.post("/teams", **described("TeamKept", *CHANGING, summary="Keep a team", tag="people"))
async def keep_team(request: Request, body: TeamBody) -> dict[str, int]:
    """A team as its file says, or what changed in it. Forgotten people are left out."""
    at = owners_desk(request)
    members = [Named(one.name, one.email, one.id) for one in body.members]
    try:
        return await people_data.add(at, body.team, body.title, members)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None


@router.post("/people/allow", **described("Allowed", *CHANGING, summary="Let a name be used again", tag="people"))
async def allow(request: Request, body: NameBody) -> dict[str, bool]:
    """The name of somebody who was forgotten: somebody else has it, or they want to come back."""
    at = owners_desk(request)
    try:
        return {"allowed": await people_data.allow(at, body.name)}
    except StoreError as error:
        raise HTTPException(503, str(error)) from None


@router.post("/people/{who}/merge", **described("Merged", *CHANGING, summary="Two are one", tag="people"))
async def merge(request: Request, who: PersonId, body: MergeBody) -> dict[str, bool]:
    """Merge two rows; the name of the one in the address stays."""
    at = owners_desk(request)
    try:
        why = await at.rooms.store.submit(lambda connection: people.merge(connection, who, body.gone))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    if why is not None:
        raise HTTPException(409, why)
    return {"merged": True}


@router.post("/people/{who}/forget", **described("Forgotten", *CHANGING, summary="Forget somebody", tag="people"))
async def forget(request: Request, who: PersonId) -> dict[str, Any]:
    """Remove their name, their texts and what others wrote about them; and say what is out of reach."""
    at = owners_desk(request)
    try:
        answer = await people_data.forget(at, who)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    if answer.refused:
        raise HTTPException(409, answer.refused)
    return {
        "name": answer.name,
        "drills": answer.drills,
        "texts": answer.texts,
        "out_of_reach": answer.out_of_reach,
    }
