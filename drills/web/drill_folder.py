"""A drill's folder, for those who may have it: made once, however many ask, and each time recorded."""

import io
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool

from drills.live.past import Drill
from drills.live.result_keeper import rules
from drills.live.rooms import Room
from drills.records import actions, history
from drills.records.store import StoreError
from drills.web.actions_known import known_of
from drills.web.api_hotwash import wash_now
from drills.web.context import Unnamed, desk, is_custodian, running, session_of
from drills.web.people_data import note_looked
from simulator.log import DrillLog

if TYPE_CHECKING:  # these are only needed once drills are over
    from reports.earlier import Earlier
    from scoring.history.actions import Known
    from scoring.history.figures import Figures
    from scoring.result import Scorecard

__all__ = ["beside_of", "folder_of", "packed_folder", "results_of"]

_LOOKED_AT = 60
"""Among so many closed drills, the newest, a report looks for those that may stand beside it."""


async def results_of(request: Request, drill: str) -> tuple[Room, Drill]:
    """A drill whose report the viewer may read. Raises HTTPException."""
    room, live, viewer = await running(request, drill)
    shown = await wash_now(desk(request), room, live, viewer, custodian=False)
    if shown["report"] is None and not viewer.staff:
        raise HTTPException(409, "the report comes with the score, at the end of the talk")
    return room, live


async def folder_of(request: Request, drill: str) -> dict[str, bytes]:
    """The files of a drill's folder, for whoever may read its report. Raises HTTPException."""
    room, live = await results_of(request, drill)
    names = room.names
    try:
        attached = await desk(request).rooms.store.files(drill) if live.plan.files else {}
        before = await _before(request)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None

    def made(log: DrillLog) -> dict[str, bytes]:
        from reports.export import folder  # imports matplotlib, which only a report needs
        from scoring.told import graded

        card = graded(log)
        return folder(log, card, names, attached, earlier=before.beside(log, card, names))

    # What earlier drills and their actions say now stands in the report, so it is made anew when that changes.
    beside = before.digest(names) if live.plan.kind == "drill" else ""
    return await desk(request).log_cache.of(live, f"folder {beside}", made, sealed=True)


async def beside_of(request: Request, drill: str) -> str:
    """The drill beside the earlier ones that may stand beside it, as a part of a page; empty if there are none.

    The same as in its report, and for the same people. Raises HTTPException.
    """
    room, live = await results_of(request, drill)
    names = room.names
    try:
        before = await _before(request)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None

    def made(log: DrillLog) -> str:
        from reports.render import beside_html
        from scoring.told import graded

        earlier = before.beside(log, graded(log), names)
        return "" if earlier is None else beside_html(earlier)

    return await desk(request).log_cache.of(live, f"beside {before.digest(names)}", made)


class _Before(NamedTuple):
    """What a drill stands beside: closed drills, and what is known of their corrective actions."""

    kept: list["Figures"]
    known: "Known"
    texts: Mapping[str, str]

    def beside(self, log: DrillLog, card: "Scorecard", names: Mapping[str, str]) -> "Earlier | None":
        """The drill beside those of them that may stand beside it; None if there are none."""
        if log.plan.kind != "drill":
            return None
        from drills.records.neighbours import earlier_kept

        return earlier_kept(log, card, names, self.kept, self.known, self.texts)

    def digest(self, names: Mapping[str, str]) -> str:
        """A hash of all of it, and of what people are called."""
        heads = [(one.drill.head, one.drill.rubric, one.drill.rules) for one in self.kept]
        told = msgspec.json.encode((heads, self.known, self.texts, names), order="sorted")
        return sha256(told).hexdigest()


async def _before(request: Request) -> _Before:
    """The closed drills among which a drill finds those that may stand beside it. Raises StoreError."""
    store = desk(request).rooms.store
    kept = await store.read(lambda connection: history.kept(connection, rules(), _LOOKED_AT))
    known = await store.read(lambda connection: known_of(connection, kept))
    meant = [(one.drill.drill, each.seq) for one in kept for each in one.meant]
    return _Before(kept, known, await store.read(lambda connection: actions.texts(connection, meant)))


async def packed_folder(request: Request, drill: str) -> tuple[bytes, dict[str, str]]:
    """The folder as an archive, and the headers that go with it. Raises HTTPException."""
    files = await folder_of(request, drill)
    if not is_custodian(request):
        if session_of(request).owner:
            raise Unnamed  # a rehearsal asks for no name, but who takes names and texts away says who they are
        raise HTTPException(403, "a drill's folder holds names and texts; only the owner's link opens it")
    await note_looked(request, drill, "folder")
    headers = {"content-disposition": f'attachment; filename="DRILL-{drill}.zip"'}
    return await run_in_threadpool(_packed, drill, files), headers


def _packed(drill: str, files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(f"{drill}/{file}", content)
    return packed.getvalue()
