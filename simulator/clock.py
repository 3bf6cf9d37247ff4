"""The sources of a driver's time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "VirtualClock", "WallClock"]

_MILLISECOND = timedelta(milliseconds=1)
_ROUNDED = 1e-6
"""A fraction of a millisecond: so that a time that has been waited for is reached, however seconds are rounded."""


class Clock(Protocol):
    """Gives the instant that belongs to a drill time."""

    def reach(self, at: int) -> tuple[int, datetime]:
        """Let drill time reach `at` (milliseconds); the drill time then, and its UTC instant."""
        ...

    def stand(self, milliseconds: int) -> None:
        """Note that drill time was paused for so long; negative if it was moved ahead."""
        ...


class VirtualClock:
    """Time that passes at once."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._stood = 0

    def reach(self, at: int) -> tuple[int, datetime]:
        """The instant at which drill time is `at`."""
        return at, self._start + (at + self._stood) * _MILLISECOND

    def stand(self, milliseconds: int) -> None:
        """Instants run on while drill time is paused."""
        self._stood += milliseconds


class WallClock:
    """Time that passes by itself. Drill time follows a monotonic clock, so setting the machine's does nothing."""

    def __init__(
        self,
        at: int = 0,
        pace: float = 1.0,
        steady: Callable[[], float] = time.monotonic,
        instant: Callable[[], datetime] | None = None,
    ) -> None:
        """Begin at a drill time (milliseconds); `pace` is how much faster than real time it runs."""
        self._pace = pace
        self._steady = steady
        self.instant = instant or even_instants()
        """Which UTC instant it is."""
        self._at = at
        self._since = steady()
        self.held: int | None = None
        """While this is set, drill time is this: everything that happens at one moment is decided at that moment."""

    @property
    def now(self) -> int:
        """Drill time in milliseconds, ignoring any freeze."""
        if self.held is not None:
            return self.held
        return self._at + int((self._steady() - self._since) * 1000 * self._pace + _ROUNDED)

    def wait(self, at: int) -> float:
        """Seconds from now until a drill time; none if it has passed."""
        return max(0.0, (at - self._at) / 1000 / self._pace - (self._steady() - self._since))

    def reach(self, at: int) -> tuple[int, datetime]:
        """The drill time, which is `at` or later when asked in time, and the instant."""
        return max(at, self.now), self.instant()

    def stand(self, milliseconds: int) -> None:
        """Nothing to do: the machine's clock already knows, and the driver sets this one by drill time."""

    def set(self, at: int) -> None:
        """Set the current drill time."""
        self._at, self._since = at, self._steady()
        if self.held is not None:
            self.held = at


def even_instants() -> Callable[[], datetime]:
    """Instants that run on evenly from now on, even while the machine sleeps or its clock is set.

    So the times of day in a log fit together, and a pause is as long in it as it really was.
    """
    began, since = datetime.now(UTC), _since_boot()
    return lambda: began + timedelta(seconds=_since_boot() - since)


def _since_boot() -> float:
    """Seconds by a clock that cannot be set and that runs on while the machine sleeps, if there is one."""
    clock = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    return time.monotonic() if clock is None else time.clock_gettime(clock)
