"""Drills that are only looked at: closed ones, in which nothing can happen, and those that another server runs."""

from drills.live.drill import LiveDrill
from drills.records.store import Store, StoreError
from simulator.acts import Act, ActRefused
from simulator.events import Event
from simulator.folds import apply
from simulator.log import DrillLog
from simulator.state import DrillState

__all__ = ["Drill", "PastDrill", "StoredDrill"]


class PastDrill:
    """What pages ask of a drill, for one in which nothing can happen any more."""

    fault: None = None
    finished = True

    def __init__(self, log: DrillLog, pace: float) -> None:
        self._log = log
        self.id = log.plan.drill
        self.plan = log.plan
        self.events = log.events
        self.pace = pace
        self.told = len(log.events)
        """How many events others may be told."""
        self.state = DrillState(log.plan)
        """The state after everything that happened."""
        for event in log.events:
            apply(self.state, event)

    @property
    def at(self) -> int:
        """The drill time at which it ended, in milliseconds."""
        return self.state.at

    async def log(self) -> DrillLog:
        """All that is stored, as it was sealed."""
        return self._log

    async def act(self, _: Act) -> list[Event]:
        """Nobody can act any more. Raises ActRefused."""
        raise ActRefused("the follow-up is closed; the drill is over")


class StoredDrill:
    """A drill that another server runs, as far as its log is stored."""

    def __init__(self, store: Store, drill: str, told: int) -> None:
        self._store = store
        self.id = drill
        self.told = told
        """How many events were stored when that was asked."""

    async def log(self) -> DrillLog:
        """All that is stored, as it was sealed. Raises StoreError."""
        log = await self._store.log(self.id)
        if log is None:
            raise StoreError(f"nothing is stored of {self.id}")
        return log


Drill = LiveDrill | PastDrill
"""A drill that has begun, whether something can still happen in it or not."""
