"""People who run, rate or watch say who they are, by writing a name."""

import re
from collections.abc import Mapping

import sqlalchemy as sa

from drills.live.rooms import Room
from drills.records import people
from drills.records.people import MOST_NAME, Named
from drills.records.store import Store

__all__ = ["NameRefusedError", "named", "then_to"]

_OURS = re.compile(r"(?:/[a-z0-9][a-z0-9._-]*)+", re.ASCII)
"""A page of this server, and nothing else."""


class NameRefusedError(Exception):
    """A name cannot be taken; the message says why."""


async def named(store: Store, name: str, room: Room | None = None) -> str:
    """The id of somebody who gives a name, for a drill or for all. Raises NameRefusedError, or StoreError."""
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise NameRefusedError(f"write your name, in at most {MOST_NAME} letters")
    playing = [one.id for one in room.setup.people if not one.simulated] if room is not None else []
    team = room.setup.team if room is not None else people.STAFF

    def work(connection: sa.Connection) -> tuple[str | None, str]:
        why = people.refused(connection, [Named(name)])
        if why is not None:
            return None, why
        return people.name_staff(connection, team, name, playing), f"{name} plays in this drill; write your own name"

    who, why = await store.submit(work)
    if who is None:
        raise NameRefusedError(why)
    return str(who)


def then_to(form: Mapping[str, str], else_to: str) -> str:
    """Where somebody who has said who they are wanted to go."""
    then = form.get("then", "")
    return then if _OURS.fullmatch(then) else else_to
