"""The draw of a surprise: when it comes, by a secret key, in a way that anybody can check afterwards.

Each slot has a key of its own, which follows from the secret. Its hash can be published before the window begins, with
the minutes that are eligible, and the key itself afterwards: with it, anybody finds the same minute.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import blake2b, sha256
from math import log

from drills.planning.calendar.bits import listed

__all__ = ["GRID", "KEY_BYTES", "commitment", "drawn", "least", "master_key", "slot_key", "yes"]

KEY_BYTES = 32
GRID = 5
"""Minutes: a surprise starts at a minute that this divides."""
_MOST = 1 << 64


def master_key(secret: str) -> bytes:
    """The key that all draws of a database follow from, made of its secret; the secret cannot be found from it."""
    return blake2b(secret.encode(), digest_size=KEY_BYTES, person=b"drillroom dates").digest()


def slot_key(master: bytes, slot: str) -> bytes:
    """The key of one slot; the master key cannot be found from it."""
    return blake2b(slot.encode(), key=master, digest_size=KEY_BYTES, person=b"drillroom slot").digest()


def commitment(key: bytes) -> str:
    """What is published of a key before it is used: its SHA-256."""
    return sha256(key).hexdigest()


def unit(key: bytes, *names: str) -> float:
    """A number above 0 and below 1 that follows from a key and from what it decides."""
    hashed = blake2b("\x1f".join(names).encode(), key=key, digest_size=8).digest()
    return (int.from_bytes(hashed) + 0.5) / _MOST


def yes(key: bytes, chance: float) -> bool:
    """Whether something happens that has a chance."""
    return chance >= 1 or unit(key, "maybe") < chance


def drawn(key: bytes, eligible: Mapping[date, int]) -> tuple[date, int] | None:
    """A day and one of its eligible minutes; None if no day has any.

    Each minute has the same chance. A day that was not drawn can go without moving anything: each day has its own
    number, -ln(u) over its minutes, and the least of them wins (the exponential race; Efraimidis and Spirakis 2006).
    """
    days = {day: minutes.bit_count() for day, minutes in eligible.items() if minutes}
    if not days:
        return None
    day = min(days, key=lambda one: (-log(unit(key, "day", one.isoformat())) / days[one], one))
    shown = day.isoformat()
    return day, min(listed(eligible[day]), key=lambda at: (unit(key, "minute", shown, str(at)), at))


def least(key: bytes, what: str, names: list[str]) -> str:
    """One of several, each with the same chance; taking away one that was not drawn moves nothing."""
    return min(names, key=lambda name: (unit(key, what, name), name))
