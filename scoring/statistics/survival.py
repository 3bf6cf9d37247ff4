"""How large a share had done something by when, if some never did: nobody is left out because they did not answer.

Times are whole seconds, so that a count for each second is all that is needed: sorting would take longer.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["CENSORED", "DONE", "NOT_NEEDED", "Band", "Seen", "band_by_drills", "cumulative_incidence", "done_by"]

CENSORED, DONE, NOT_NEEDED = 0, 1, 2
"""How the wait for something ended: nobody looked any longer, it was done, or it was no longer needed."""

Shares = npt.NDArray[np.float64]


class Seen(NamedTuple):
    """What was seen of some people, in one drill or in several."""

    seconds: npt.NDArray[np.int64]
    """How long each was waited for, in whole seconds."""
    how: npt.NDArray[np.int8]
    """How that ended."""

    @classmethod
    def of(cls, done: Sequence[float], never: Sequence[float], not_needed: Sequence[float] = ()) -> "Seen":
        """What a drill's row keeps: seconds until done, until nobody looked any longer, until it was not needed.

        A part of a second counts as a whole one.
        """
        parts = ((done, DONE), (never, CENSORED), (not_needed, NOT_NEEDED))
        seconds = np.ceil(np.concatenate([np.asarray(times, dtype=np.float64) for times, _ in parts]))
        how = np.concatenate([np.full(len(times), name, dtype=np.int8) for times, name in parts])
        return cls(seconds.astype(np.int64), how)

    @classmethod
    def together(cls, drills: Sequence["Seen"]) -> "Seen":
        """Everybody in several drills."""
        return cls(np.concatenate([one.seconds for one in drills]), np.concatenate([one.how for one in drills]))


def done_by(seen: Seen, until: int) -> Shares:
    """The share who had done it by each second from 0 to `until`: 1 minus the Kaplan-Meier estimate.

    Whoever was not needed any more counts as no longer looked at; see `cumulative_incidence` for when that is wrong.
    """
    done, _, left = _counts(seen, until)
    hazard = np.divide(done, left, out=np.zeros(until + 1), where=left > 0)
    return np.asarray(1.0 - np.cumprod(1.0 - hazard))


def cumulative_incidence(seen: Seen, until: int) -> Shares:
    """The share who had done it by each second while others were found not to be needed: the Aalen-Johansen estimate.

    Who is not needed will never do it, so the shares stay below those of `done_by`.
    """
    done, ended, left = _counts(seen, until)
    safe = np.where(left > 0, left, 1)
    waiting = np.cumprod(1.0 - ended / safe)
    before = np.concatenate(([1.0], waiting[:-1]))
    return np.asarray(np.cumsum(before * done / safe))


class _Counts(NamedTuple):
    """How many there were at each second from 0 on."""

    done: npt.NDArray[np.int64]
    """Who did it then."""
    ended: npt.NDArray[np.int64]
    """Who did it, or was found not to be needed."""
    left: npt.NDArray[np.int64]
    """Who was still waited for just before it ended."""


def _counts(seen: Seen, until: int) -> _Counts:
    """The counts by second, found in one pass over the people: a number for each second and each way to end."""
    ways = NOT_NEEDED + 1
    keys = np.minimum(seen.seconds, until + 1)
    keys *= ways
    keys += seen.how
    counts = np.bincount(keys, minlength=(until + 2) * ways).reshape(-1, ways)[: until + 1]
    gone = counts.sum(axis=1)
    left = len(seen.seconds) - np.cumsum(gone) + gone
    return _Counts(counts[:, DONE], counts[:, DONE] + counts[:, NOT_NEEDED], np.asarray(left))


class Band(NamedTuple):
    """Between which shares the true one lies, by each second."""

    low: Shares
    high: Shares


_DRAWS = 400


def band_by_drills(drills: Sequence[Seen], until: int, level: float = 0.9, seed: int = 0) -> Band | None:
    """A band around `cumulative_incidence` of all drills together, by drawing drills anew, whole; None below two.

    People in one drill are quick or slow together, so that drawing people would make it far too narrow. The same
    drills and seed give the same band.
    """
    if len(drills) < 2:
        return None
    each = [_counts(one, until) for one in drills]
    done, ended, left = (np.array(columns, dtype=np.float64) for columns in zip(*each, strict=True))
    times = np.flatnonzero(ended.sum(axis=0))
    drawn = np.random.PCG64(seed).random_raw(_DRAWS * len(drills)).reshape(_DRAWS, len(drills)) % len(drills)
    often = np.stack([np.bincount(row, minlength=len(drills)) for row in drawn.astype(np.int64)])
    there = np.maximum(often @ left[:, times], 1.0)  # where nobody is left, nobody does it
    waiting = np.cumprod(1.0 - often @ ended[:, times] / there, axis=1)
    before = np.concatenate((np.ones((_DRAWS, 1)), waiting[:, :-1]), axis=1)
    shares = np.cumsum(before * (often @ done[:, times]) / there, axis=1)
    edges = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2], axis=0)
    steps = np.searchsorted(times, np.arange(until + 1), side="right")
    low, high = (np.concatenate(([0.0], edge))[steps] for edge in edges)
    return Band(low, high)
