"""The evidence of a period, put together from folders of drills or from the database."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from drills.records import people
from drills.records.action_list import actions_file, handled_in
from drills.records.actions import handled
from drills.records.actions import planned as planned_retests
from drills.records.archive import Archive, read_archive
from drills.records.database import StoreError
from drills.records.log_file import log_bytes, names_beside, read_log
from drills.records.schema import DRILLS
from drills.records.sign_off import sign_off_beside, signed_through
from drills.records.signatures import sign_off_kept
from drills.records.stored_log import read_log as stored
from drills.records.witness import seen_from_outside
from reports.evidence.chain import FIRST, ChainError, Checked, checked
from reports.evidence.period import NEVER, UNREAD, Accounted, Evidence, Kept
from reports.evidence.record import Attendee, Record, record_of
from reports.story import Story
from scenarios.actions_file import load_actions
from scenarios.problem import LoadError, Problem
from scoring.history.actions import CorrectiveAction, Known, actions_of
from scoring.history.figures import Figures, figures_of
from scoring.history.order import history_of
from scoring.history.selection import Filters, History, chosen
from scoring.labels import counted
from simulator.log import DrillLog
from simulator.plan import Kind

if TYPE_CHECKING:  # an extra
    from cryptography.x509 import Certificate

__all__ = ["Before", "check_evidence", "evidence_kept", "evidence_of", "read_before", "record_kept", "record_now"]

_COUNT: tuple[Kind, ...] = ("drill", "real")
"""Kinds of which something is evidence. In the others nobody played, or somebody alone and for themselves."""
_IDENTIFIED = {
    "list": "chose or typed their name",
    "link": "personal link",
    "sign-in": "signed in",
    "token": "a program's token",
}


class Before(msgspec.Struct, frozen=True):
    """The evidence of an earlier period, as far as the next one goes on from it."""

    seal: str = FIRST
    """Its last seal."""
    heads: dict[str, str] = {}
    """The last hash of each log in it, by the drill's id."""


# -- folders -----------------------------------------------------------------------------------------------------------


def evidence_of(
    places: Sequence[Path],
    asked: Filters,
    made: datetime,
    by: str,
    before: Before,
    *,
    trusted: "Sequence[Certificate]" = (),
    tell: Callable[[int], None] = lambda _: None,
) -> Evidence:
    """The evidence of the drills in some folders that began in a period. `by` is the program's version.

    What cannot be read is accounted for, whenever it was. Raises LoadError for a place that is not there, or a file
    beside a log that is broken; WitnessError for a time stamp that is of something else.
    """
    archive = read_archive(places, made, tell)
    history = chosen(archive.history, asked)
    notes = list(history.notes)
    by_hand = handled_in(load_actions(actions_file()))
    meant = _by_head(actions_of(archive.history.drills, Known(made.date().isoformat(), by_hand)))
    kept = [
        _from_folder(one, archive.files[one.drill.head], meant[one.drill.head], trusted, notes)
        for one in _counted(history, notes)
    ]
    others = [Accounted(one.file, UNREAD, why=one.why) for one in archive.left_out]
    return Evidence(
        since=asked.since or "",
        until=asked.until or "",
        made=made.isoformat(timespec="seconds"),
        by=by,
        kept=kept,
        others=others,
        notes=notes,
        changed=list(
            _changed(before, {one.drill.drill: partial(_bytes, archive, one) for one in archive.history.drills})
        ),
        after=before.seal,
    )


def _bytes(archive: Archive, one: Figures) -> bytes:
    return log_bytes(archive.files[one.drill.head])


def _counted(history: History, notes: list[str]) -> list[Figures]:
    """The drills that are evidence; that there were others is noted."""
    found = [one for one in history.drills if _counts(one)]
    others = len(history.drills) - len(found)
    if others:
        were = (
            "was simulated, a rehearsal or practice, and is"
            if others == 1
            else "were simulated, rehearsals or practice, and are"
        )
        notes.append(f"{counted(others, 'drill', 'drills')} {were} no evidence of what people do")
    return found


def _counts(one: Figures) -> bool:
    """Whether a drill is evidence. Of what kind it was, older logs do not say; then it is if people played."""
    return one.drill.kind in _COUNT or (one.drill.kind == "unknown" and bool(one.crew.persons))


def _by_head(actions: Iterable[CorrectiveAction]) -> dict[str, list[CorrectiveAction]]:
    """Corrective actions by the last hash of the log that they come from."""
    found: defaultdict[str, list[CorrectiveAction]] = defaultdict(list)
    for one in actions:
        found[one.head].append(one)
    return found


def _from_folder(
    figures: Figures,
    file: Path,
    actions: Sequence[CorrectiveAction],
    trusted: "Sequence[Certificate]",
    notes: list[str],
) -> Kept:
    log, signature = read_log(file), sign_off_beside(file)
    since = None if signature is None else signed_through(log.data, signature.head)
    if signature is not None and since is None:
        notes.append(f"{figures.drill.drill}: what {signature.by} signed is another log, so it counts as not signed")
        signature = None
    if log.holds_texts:
        notes.append(f"{figures.drill.drill}: its log is of an older format, whose lines hold what people typed")
    record = record_of(
        Story(log, names_beside(file)),
        figures,
        actions=actions,
        signature=signature,
        since_signed=since or 0,
        witness=seen_from_outside(file, log.data, trusted),
    )
    return Kept(record, log.data)


# -- the database ------------------------------------------------------------------------------------------------------


def evidence_kept(connection: sa.Connection, asked: Filters, made: datetime, by: str, before: Before) -> Evidence:
    """The evidence of the drills in a database that began in a period; those never begun are of the day they were made.

    Practice and rehearsals are not in it.
    """
    rows = connection.execute(
        sa.select(DRILLS.c.id, DRILLS.c.made, DRILLS.c.setup, DRILLS.c.header.is_not(None).label("begun"))
        .where(DRILLS.c.kind == "drill")
        .order_by(DRILLS.c.made, DRILLS.c.id)
    ).all()
    logs: dict[str, DrillLog] = {}
    others: list[Accounted] = []
    for row in rows:
        if not row.begun:
            others += [Accounted(row.id, NEVER, row.made[:10])] if _within(row.made[:10], asked) else []
            continue
        try:
            log = stored(connection, row.id)
        except StoreError as error:
            others.append(Accounted(row.id, UNREAD, row.made[:10], why=str(error)))
            continue
        if log is not None:
            logs[row.id] = log
    whole = history_of([figures_of(log) for log in logs.values()], made)
    by_hand, planned = handled(connection), planned_retests(connection)
    meant = _by_head(actions_of(whole.drills, Known(made.date().isoformat(), by_hand, planned)))
    history = chosen(whole, asked)
    notes = list(history.notes)
    kept = [
        Kept(record_kept(connection, one, logs[one.drill.drill], meant[one.drill.head]), logs[one.drill.drill].data)
        for one in _counted(history, notes)
    ]
    return Evidence(
        since=asked.since or "",
        until=asked.until or "",
        made=made.isoformat(timespec="seconds"),
        by=by,
        kept=kept,
        others=others,
        notes=notes,
        changed=list(_changed(before, {drill: partial(bytes, log.data) for drill, log in logs.items()})),
        after=before.seal,
    )


def _within(day: str, asked: Filters) -> bool:
    return (asked.since or "") <= day and (asked.until is None or day <= asked.until)


def record_now(connection: sa.Connection, drill: str) -> Record | None:
    """The record of a drill in the database, without what later drills say of its findings; None if it never began."""
    log = stored(connection, drill)
    if log is None:
        return None
    figures = figures_of(log)
    known = Known(datetime.now(UTC).date().isoformat(), handled(connection), planned_retests(connection))
    return record_kept(connection, figures, log, actions_of([figures], known))


def record_kept(
    connection: sa.Connection, figures: Figures, log: DrillLog, actions: Sequence[CorrectiveAction] = ()
) -> Record:
    """The record of a drill in the database."""
    plan, came = log.plan, people.attended(connection, drill=log.plan.drill)
    owners = [one.owner for one in actions if one.owner]
    ids = {*(one.person for one in came), *(one.id for one in plan.players), *plan.facilitators, *plan.evaluators}
    names = {who: name for who in {*ids, *owners} if (name := people.called(connection, who)) is not None}
    how = {one.person: _IDENTIFIED.get(one.identified, "") for one in came}
    players = {one.id for one in plan.players}
    others = [
        Attendee(name=names.get(one.person, one.person), seat=one.seat, identified=how[one.person])
        for one in came
        if one.seat != "player" and one.person not in players
    ]
    signature = sign_off_kept(connection, plan.drill)
    since = None if signature is None else signed_through(log.data, signature.head)
    return record_of(
        Story(log, names),
        figures,
        identified=how,
        others=others,
        actions=actions,
        signature=signature if since is not None else None,
        since_signed=since or 0,
    )


# -- the evidence before -----------------------------------------------------------------------------------------------


class _Head(msgspec.Struct):
    drill: str
    head: str


def read_before(folder: Path) -> Before:
    """The evidence of an earlier period, which holds. Raises LoadError if it is none, or was altered."""
    try:
        found = check_evidence(folder)
    except ChainError as error:
        raise _broken(folder, str(error)) from None
    if found.wrong:
        raise _broken(folder, found.wrong[0])
    records = sorted((folder / "records").glob("*.json"))
    heads = [msgspec.json.decode(file.read_bytes(), type=_Head) for file in records]
    return Before(found.seal, {one.drill: one.head for one in heads})


def check_evidence(folder: Path) -> Checked:
    """Check a folder of evidence. Raises ChainError if it has no chain."""

    def read(name: str) -> bytes | None:
        file = folder / name
        return file.read_bytes() if file.is_file() else None

    return checked(read)


def _broken(folder: Path, why: str) -> LoadError:
    return LoadError([Problem(str(folder), 0, 0, why, "name a folder that `drillroom evidence` wrote, as it was")])


def _changed(before: Before, logs: Mapping[str, Callable[[], bytes]]) -> Iterator[str]:
    """What became of the drills in the evidence before; `logs` gives the log of each drill that is there now."""
    for drill, head in before.heads.items():
        if drill not in logs:
            yield f"{drill} was in the evidence before and is not there any more"
            continue
        after = signed_through(logs[drill](), head)
        if after is None:
            yield f"{drill}: its log is another one than in the evidence before"
        elif after:
            yield f"{drill}: {counted(after, 'event', 'events')} came after the evidence before"
