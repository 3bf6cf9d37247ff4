"""The API about what came of a drill: its scorecard, its sealed log, its papers, its folder."""

from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response

from drills.web.api_drill import DrillId
from drills.web.context import desk, running
from drills.web.drill_folder import packed_folder, results_of
from drills.web.openapi_bodies import READING, described
from drills.web.people_data import note_looked
from simulator.log import DrillLog

__all__ = ["router"]

router = APIRouter(prefix="/api")
Paper = Literal["situation-report.md", "post-mortem.md"]


@router.get(
    "/drills/{drill}/scorecard",
    **described("ScorecardJson", *READING, 403, 429, 503, summary="What it was worth", tag="results"),
)
async def scorecard(request: Request, drill: DrillId) -> Response:
    """The scorecard, as scorecard.json in the drill's folder. For players from the moment that the talk shows it."""
    _, live = await results_of(request, drill)

    def made(log: DrillLog) -> bytes:
        from scoring.scorecard import to_json  # only results need it
        from scoring.told import graded

        return to_json(graded(log))

    card = await desk(request).log_cache.of(live, "scorecard.json", made, sealed=True)
    return Response(card, media_type="application/json")


@router.get(
    "/drills/{drill}/log",
    **described("application/jsonl", *READING, 403, 429, 503, summary="Its sealed log", tag="results"),
)
async def sealed_log(request: Request, drill: DrillId) -> Response:
    """The log as it is sealed so far: digests in the place of what people typed, ids in the place of names."""
    _, live, viewer = await running(request, drill)
    if not viewer.staff:
        raise HTTPException(403, "only people who run the drill can read its log")
    data = await desk(request).log_cache.of(live, "log", lambda log: log.data, sealed=True)
    return Response(data, media_type="application/jsonl")


@router.get(
    "/drills/{drill}/papers/{paper}",
    **described("text/markdown", *READING, 403, 429, 503, summary="One of its papers", tag="results"),
)
async def paper(request: Request, drill: DrillId, paper: Paper) -> Response:
    """The situation report or the post-mortem, as Markdown. They name people, so this is recorded."""
    room, live = await results_of(request, drill)
    names = room.names

    def made(log: DrillLog) -> dict[str, str]:
        from reports.page import papers_of
        from reports.render import post_mortem_markdown, situation_markdown
        from reports.story import Story
        from scoring.told import graded

        situation, post_mortem = papers_of(Story(log, names), graded(log))
        return {
            "situation-report.md": situation_markdown(situation),
            "post-mortem.md": post_mortem_markdown(post_mortem),
        }

    papers = await desk(request).log_cache.of(live, "papers", made, sealed=True)
    await note_looked(request, drill, "report")
    return Response(papers[paper], media_type="text/markdown")


@router.get(
    "/drills/{drill}/folder.zip",
    **described("application/zip", *READING, 403, 429, 503, summary="Its whole folder", tag="results"),
)
async def folder(request: Request, drill: DrillId) -> Response:
    """Log, texts, names, papers and charts. For the owner, or a token for people; this is recorded."""
    packed, headers = await packed_folder(request, drill)
    return Response(packed, media_type="application/zip", headers=headers)
