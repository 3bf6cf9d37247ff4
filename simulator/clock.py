"""Where a driver's time comes from."""

from datetime import datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "VirtualClock"]

_MILLISECOND = timedelta(milliseconds=1)


class Clock(Protocol):
    """Tells the instant that belongs to a drill time."""

    def reach(self, at: int) -> datetime:
        """Let drill time reach `at` (milliseconds) and say which UTC instant that is."""
        ...

    def stand(self, milliseconds: int) -> None:
        """Take note that drill time stood still for so long; negative when it was moved ahead."""
        ...


class VirtualClock:
    """Time that passes at once."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._stood = 0

    def reach(self, at: int) -> datetime:
        """The instant at which drill time is `at`."""
        return self._start + (at + self._stood) * _MILLISECOND

    def stand(self, milliseconds: int) -> None:
        """Instants run on while drill time stands."""
        self._stood += milliseconds
