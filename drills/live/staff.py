"""People who run, rate or watch a drill have names, and the people they watch can read them."""

import sqlalchemy as sa

from drills.live.rooms import Room
from drills.records import people
from drills.records.schema import AttendanceRow
from drills.records.store import Store

__all__ = ["note_staff", "read_staff"]


async def read_staff(store: Store, room: Room) -> None:
    """Read, once, who has run, rated or watched a drill so far. Raises StoreError."""
    if room.watching is not None:
        return

    def ask(connection: sa.Connection) -> dict[tuple[str, str], str]:
        rows = [row for row in people.attended(connection, drill=room.id) if row.seat != "player"]
        found = {(row.person, row.seat): people.called(connection, row.person) for row in rows}
        return {key: name for key, name in found.items() if name is not None}

    room.watching = await store.read(ask)


async def note_staff(store: Store, room: Room, row: AttendanceRow) -> bool:
    """Record that somebody runs, rates or watches a drill, and tell everybody in it; false if we do not know them.

    Raises StoreError.
    """
    await read_staff(store, room)
    known = room.watching or {}
    if (row.person, row.seat) in known:
        return True

    def work(connection: sa.Connection) -> str | None:
        name = people.called(connection, row.person)
        if name is not None:
            people.attend(connection, [row])
        return name

    name = await store.submit(work)
    if name is None:
        return False
    room.watching = {**known, (row.person, row.seat): str(name)}
    room.call("lobby", {})
    room.call("people", {})
    return True
