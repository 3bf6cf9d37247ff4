"""Where a driver's time comes from."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "VirtualClock", "WallClock"]

_MILLISECOND = timedelta(milliseconds=1)
_ROUNDED = 1e-6
"""Of a millisecond: so that a time that has been waited for is there, however seconds are rounded."""


class Clock(Protocol):
    """Tells the instant that belongs to a drill time."""

    def reach(self, at: int) -> tuple[int, datetime]:
        """Let drill time reach `at` (milliseconds); the drill time it then is, and which UTC instant that is."""
        ...

    def stand(self, milliseconds: int) -> None:
        """Take note that drill time stood still for so long; negative when it was moved ahead."""
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
        """Instants run on while drill time stands."""
        self._stood += milliseconds


class WallClock:
    """Time that passes by itself. Drill time follows a steady clock, so that nobody who sets the machine's moves it."""

    def __init__(
        self,
        at: int = 0,
        pace: float = 1.0,
        steady: Callable[[], float] = time.monotonic,
        instant: Callable[[], datetime] | None = None,
    ) -> None:
        """Begin at a drill time (milliseconds); `pace` is how much faster than the clock on the wall it runs."""
        self._pace = pace
        self._steady = steady
        self.instant = instant or even_instants()
        """Which UTC instant it is."""
        self._at = at
        self._since = steady()
        self.held: int | None = None
        """While this is set, it is this drill time: what happens at one moment is all decided at that moment."""

    @property
    def now(self) -> int:
        """Drill time in milliseconds, were it not to stand still."""
        if self.held is not None:
            return self.held
        return self._at + int((self._steady() - self._since) * 1000 * self._pace + _ROUNDED)

    def wait(self, at: int) -> float:
        """Seconds from now until a drill time; none if it has passed."""
        return max(0.0, (at - self._at) / 1000 / self._pace - (self._steady() - self._since))

    def reach(self, at: int) -> tuple[int, datetime]:
        """The drill time it is, which is `at` or later when it is asked for in time, and the instant."""
        return max(at, self.now), self.instant()

    def stand(self, milliseconds: int) -> None:
        """Nothing: that is known of the machine's clock, and whoever drives sets this one by drill time."""

    def set(self, at: int) -> None:
        """Let it be a drill time now."""
        self._at, self._since = at, self._steady()
        if self.held is not None:
            self.held = at


def even_instants() -> Callable[[], datetime]:
    """Instants that run on evenly from now on, also while the machine sleeps, whatever its clock is set to meanwhile.

    So the times of day in a log fit together, and a pause is as long in it as it was.
    """
    began, since = datetime.now(UTC), _since_boot()
    return lambda: began + timedelta(seconds=_since_boot() - since)


def _since_boot() -> float:
    """Seconds by a clock that nobody sets and that runs on while the machine sleeps, where there is one."""
    clock = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    return time.monotonic() if clock is None else time.clock_gettime(clock)
