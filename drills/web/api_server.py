"""The API about the server itself."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request

from drills.web.context import desk, outside, session_of
from drills.web.openapi_bodies import described

__all__ = ["router"]

router = APIRouter(prefix="/api")
Nonce = Annotated[str, Query(min_length=16, max_length=100, description="Something random.")]


@router.get("/server", **described("ServerProof", 401, 403, 422, summary="Which server this is", tag="server"))
async def server(request: Request, nonce: Nonce) -> dict[str, Any]:
    """For the owner's commands: the server proves that it has the secret of their database."""
    session = session_of(request)
    if not session.known:
        raise outside()
    if not session.owner:
        raise HTTPException(403, "only commands on the server may ask this")
    return {"proof": desk(request).access.calls.proof(nonce)}
