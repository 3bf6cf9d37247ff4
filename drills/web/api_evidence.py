"""The API about evidence: what an auditor is shown of a period's drills, for the owner's link."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Request, Response

from drills.planning.materials import version
from drills.records import people
from drills.records.store import StoreError
from drills.web.context import owners_desk
from drills.web.openapi_bodies import CHANGING, EvidenceBody, described

__all__ = ["router"]

router = APIRouter(prefix="/api")


@router.post("/evidence", **described("EvidenceJson", *CHANGING, summary="Evidence of a period", tag="results"))
async def evidence(request: Request, body: EvidenceBody) -> Response:
    """Records and sealed logs of the drills of a period, as `drillroom evidence` takes them.

    It names people, so the page of everybody in it says that it was put together.
    """
    store = owners_desk(request).rooms.store
    from drills.records.evidence import Before, evidence_kept  # what reads logs is only needed once drills are over
    from scoring.history.selection import Filters

    asked = Filters(team=body.team, since=body.since, until=body.until)
    before = Before(body.seal, body.heads)
    try:
        found = await store.read(
            lambda connection: evidence_kept(connection, asked, datetime.now(UTC), version(), before)
        )
        await store.submit(lambda connection: _note(connection, [one.record.drill for one in found.kept]))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return Response(msgspec.json.encode(found), media_type="application/json")


def _note(connection: sa.Connection, drills: Sequence[str]) -> None:
    for drill in drills:
        people.note_download(connection, drill, "", "evidence")
