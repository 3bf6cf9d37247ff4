"""The API about tokens, for the owner's link and the owner's commands."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request

from drills.records.store import StoreError
from drills.records.tokens import TokenError
from drills.web import token_data
from drills.web.context import owners_desk
from drills.web.openapi_bodies import CHANGING, TokenBody, described

__all__ = ["router"]

router = APIRouter(prefix="/api")
Which = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$", description="A token's id, or its name.")]


@router.get("/tokens", **described("TokenList", 401, 403, 503, summary="Every token", tag="tokens"))
async def listed(request: Request) -> dict[str, Any]:
    """With what each may do, who made it and when it was last used; not the tokens themselves."""
    return {"tokens": await token_data.listed(owners_desk(request))}


@router.post("/tokens", **described("TokenMade", *CHANGING, summary="Make a token", tag="tokens"))
async def make(request: Request, body: TokenBody) -> dict[str, Any]:
    """The answer holds the token. It is the only time that anybody can read it."""
    owners_desk(request)
    try:
        text, line = await token_data.make(request, body.name, body.scopes, body.days)
    except TokenError as error:
        raise HTTPException(409, str(error)) from None
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return {"token": text, "made": line}


@router.post("/tokens/{which}/revoke", **described("TokenRevoked", *CHANGING, summary="Revoke a token", tag="tokens"))
async def revoke(request: Request, which: Which) -> dict[str, Any]:
    """It opens nothing from now on, on every server."""
    at = owners_desk(request)
    try:
        return {"revoked": await token_data.revoke(at, which)}
    except TokenError as error:
        raise HTTPException(409, str(error)) from None
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
