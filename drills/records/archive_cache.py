"""What a history made of logs in folders, kept beside them: a second look need not grade ten thousand drills again.

It is found by the hash of a log's bytes, and holds for one version of the rules and of what a history keeps. A file
that is torn, of another version or not ours is passed over and written anew.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import msgspec

from scoring.history import VERSION
from scoring.history.figures import Figures
from scoring.scorecard import RULES

__all__ = ["CACHE", "load", "save"]

CACHE = ".drillroom-history"
"""The name of the file."""
_FEWEST = 20
"""Below so many logs nothing is kept: they are graded in no time."""


class _Kept(msgspec.Struct):
    version: int
    rules: int
    figures: dict[str, Figures]


def load(places: Sequence[Path]) -> dict[str, Figures]:
    """What is kept in some folders, by the SHA-256 of each log."""
    found: dict[str, Figures] = {}
    for place in places:
        with suppress(OSError, msgspec.DecodeError):
            kept = msgspec.msgpack.decode((place / CACHE).read_bytes(), type=_Kept)
            if (kept.version, kept.rules) == (VERSION, RULES):
                found |= kept.figures
    return found


def save(places: Sequence[Path], figures: Mapping[str, Figures]) -> None:
    """Keep this in the first folder of these, if it may be written to, in place of what was kept there."""
    place = next((one for one in places if one.is_dir()), None)
    if place is None or len(figures) < _FEWEST:
        return
    new = place / f"{CACHE}-{uuid4().hex}"
    with suppress(OSError):
        try:
            new.write_bytes(msgspec.msgpack.encode(_Kept(VERSION, RULES, dict(figures))))
            new.replace(place / CACHE)
        finally:
            new.unlink(missing_ok=True)
