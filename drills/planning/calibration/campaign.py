"""A calibration from its beginning, or from where it was stopped, to its end."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from drills.planning.calibration.chunks import CHUNK, Brief
from drills.planning.calibration.results import Calibration, Progress, read_progress
from drills.planning.calibration.workers import Workers

__all__ = ["Far", "calibrate"]

_SAVE_EVERY = 5.0
"""Seconds after which what is done is saved again."""


class Far(NamedTuple):
    """How far a calibration is."""

    done: int
    """Drills that were played."""
    drills: int
    """Drills that it will have."""
    left_s: float | None
    """Seconds that the others will take; None while that cannot be said."""


def calibrate(
    brief: Brief,
    workers: Workers,
    begun: Path,
    command: str,
    tell: Callable[[Far], None] = lambda _: None,
) -> Calibration:
    """Play what is left of a calibration. Whatever ends it, what is done is in the file `begun`, until all is done.

    Raises OSError if that file cannot be written, and WorkersError.
    """
    kept = read_progress(begun)
    so_far = kept if kept is not None and kept.belongs_to(brief) else Progress.of(brief)
    start, before = time.monotonic(), len(so_far.done)
    saved = start
    if before:
        tell(Far(_drills(so_far), brief.drills, None))
    try:
        for chunk, counts in workers.play(brief, so_far.left(brief)):
            so_far.add(chunk, counts)
            now = time.monotonic()
            pace = (now - start) / (len(so_far.done) - before)
            tell(Far(_drills(so_far), brief.drills, pace * len(so_far.left(brief))))
            if now - saved > _SAVE_EVERY:
                _save(begun, so_far)
                saved = now
    except BaseException:
        if so_far.done:
            _save(begun, so_far)
        raise
    return Calibration(
        scenario=brief.scenario,
        identity=brief.identity,
        drills=brief.drills,
        command=command,
        first=so_far.first,
        counts=so_far.counts,
    )


def _drills(so_far: Progress) -> int:
    return min(so_far.drills, CHUNK * len(so_far.done))


def _save(file: Path, so_far: Progress) -> None:
    """Write what is done, whole or not at all."""
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_bytes(msgspec.json.encode(so_far))
        beside.replace(file)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
