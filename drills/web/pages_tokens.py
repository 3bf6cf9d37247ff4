"""The page on which the owner makes and revokes tokens."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.responses import RedirectResponse

from drills.records.store import StoreError
from drills.records.tokens import SCOPES, TokenError
from drills.web import token_data
from drills.web.context import Desk, owners_desk
from drills.web.forms import fields_of, form_of
from drills.web.people_data import day
from drills.web.rendering import render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_DAYS = (("7", "a week"), ("30", "30 days"), ("90", "90 days"), ("365", "a year"))


@router.get("/tokens")
async def tokens(request: Request) -> Response:
    """All tokens, and the form that makes one."""
    return await _page(request, owners_desk(request))


async def _page(request: Request, at: Desk, status: int = 200, **said: Any) -> Response:  # noqa: ANN401 - what the page shows
    lines = [
        one | {"made": day(one["made"]), "expires": day(one["expires"]), "used": day(one["used"])}
        for one in await token_data.listed(at)
    ]
    shown = {"form": {}, "error": "", "token": "", **said}
    return render(request, "tokens.html", "Tokens", status, tokens=lines, scopes=SCOPES, days=_DAYS, **shown)


@router.post("/tokens")
async def make(request: Request) -> Response:
    """Make a token, and show it, this once."""
    at, fields = owners_desk(request), await fields_of(request)
    form = {name: values[-1] for name, values in fields.items()} | {"scope": fields.get("scope", [])}
    said = str(form.get("days", ""))
    try:
        days = int(said) if said in dict(_DAYS) else 0
        text, _ = await token_data.make(request, str(form.get("name", "")).strip(), fields.get("scope", []), days)
    except TokenError as error:
        return await _page(request, at, 422, form=form, error=str(error))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return await _page(request, at, token=text)


@router.post("/tokens/revoke")
async def revoke(request: Request) -> Response:
    """Revoke a token."""
    at, form = owners_desk(request), await form_of(request)
    try:
        await token_data.revoke(at, form.get("token", ""))
    except TokenError:
        pass  # somebody else did, or it has expired meanwhile
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return RedirectResponse("/tokens", 303)
