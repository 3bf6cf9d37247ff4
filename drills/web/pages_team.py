"""The page of a team's drills together, on screen and as a file to print."""

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from drills.web import ahead
from drills.web.context import Desk, desk, somebody
from drills.web.rendering import render
from drills.web.sessions import Session
from drills.web.summaries import closed_drills
from drills.web.team_desk import query_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_MOST = 1000
"""So many of somebody's closed drills are looked for, the newest."""
_FILE_POLICY = "; ".join(
    (
        *("default-src 'none'", "style-src 'unsafe-inline'", "sandbox"),
        *("form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'"),
    )
)
"""The file holds its own styles. No script in it runs."""


async def _seen(at: Desk, session: Session) -> frozenset[str] | None:
    """The drills on the page of a session: all for the owner, for others those whose score they were shown."""
    if session.owner:
        return None
    return frozenset(one.id for one in await closed_drills(at, session, _MOST) if one.screen == "score")


@router.get("/team")
async def team(request: Request) -> Response:
    """Drills together: of the team, never of a person. Filters stand in the address."""
    session, at = somebody(request), desk(request)
    query = query_of(request)
    found = await at.team.page(query, await _seen(at, session))
    ahead.ready(ahead.PDF)
    asked = {name: said for name, said in query._asdict().items() if said is not None}
    left = at.keeper.left
    return render(request, "team.html", "Team", query=query, asked=asked, results_left=left, **found)


@router.get("/team/report.html")
async def team_file(request: Request) -> Response:
    """The same as one file."""
    session, at = somebody(request), desk(request)
    paper_only = request.query_params.get("paper") == "yes"
    made = await at.team.file(query_of(request), await _seen(at, session), paper_only=paper_only)
    return HTMLResponse(made, headers={"content-security-policy": _FILE_POLICY})


@router.get("/team/report.pdf")
async def team_pdf(request: Request) -> Response:
    """The same on paper."""
    from reports.pdf import PdfError, pdf_of  # WeasyPrint is an extra

    session, at = somebody(request), desk(request)
    page = await at.team.file(query_of(request), await _seen(at, session), paper_only=True)
    try:
        made = await run_in_threadpool(pdf_of, page)
    except PdfError as error:
        raise HTTPException(503, f"{error}; or print the page from your browser") from None
    headers = {"content-disposition": 'attachment; filename="DRILLS-together.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)
