"""An author's page: a scenario's plan, its problems, and what came of playing it headless. For facilitators alone."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.responses import JSONResponse

from drills.web import lists
from drills.web.author_desk import AuthorPage
from drills.web.context import desk
from drills.web.pages_setup import owner_of
from drills.web.rendering import part, render
from drills.web.summaries import open_drills

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_REGIONS = ("problems", "plan", "play", "words")
"""The parts of the page that are made again."""


async def _check(request: Request, name: str) -> None:
    """Only facilitators look, and nobody at what they are playing. Raises HTTPException."""
    session = owner_of(request)
    if name in lists.hidden(await open_drills(desk(request), session)):
        raise HTTPException(409, "you play this one; you can look at its plan when the drill is over")


@router.get("/author/{name}")
async def author(request: Request, name: str) -> Response:
    """The page."""
    await _check(request, name)
    found = await desk(request).authors.page(name)
    if found is None:
        raise HTTPException(404, "there is no scenario by that name")
    return render(request, "author.html", found.data["title"], seen=found.seen, **_shown(found))


@router.get("/author/{name}/news")
async def news(request: Request, name: str, seen: str = "") -> Response:
    """The parts of the page as soon as they are others than those that were `seen`; or nothing new, after a while."""
    await _check(request, name)
    found = await desk(request).authors.news(name, seen)
    if found is None:
        raise HTTPException(404, "there is no scenario by that name any more")
    told: dict[str, Any] = {"seen": found.seen, "regions": {}}
    if found.seen != seen:
        told["title"] = found.data["title"]
        told["regions"] = {region: part(f"author_{region}", found.data) for region in _REGIONS}
    return JSONResponse(told)


def _shown(found: AuthorPage) -> dict[str, Any]:
    """What the page's template needs; its title goes to the template by itself."""
    return {name: value for name, value in found.data.items() if name != "title"}
