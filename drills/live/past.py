"""A drill that is closed, read only to be looked at: its plan, its events and what they led to. Nothing can happen."""

from drills.live.drill import LiveDrill
from simulator.acts import Act, ActRefused
from simulator.events import Event
from simulator.log import DrillLog
from simulator.state import DrillState

__all__ = ["Drill", "PastDrill"]


class PastDrill:
    """What pages ask of a drill, of one in which nothing happens any more."""

    fault: None = None
    finished = True

    def __init__(self, log: DrillLog, pace: float) -> None:
        self._log = log
        self.id = log.plan.drill
        self.plan = log.plan
        self.events = log.events
        self.pace = pace
        self.told = len(log.events)
        """How many events may be told."""
        self.state = DrillState(log.plan)
        """The state after everything that happened."""
        for event in log.events:
            self.state.apply(event)

    @property
    def at(self) -> int:
        """The drill time at which it ended, in milliseconds."""
        return self.state.at

    async def log(self) -> DrillLog:
        """All that is stored, as it was sealed."""
        return self._log

    async def act(self, _: Act) -> list[Event]:
        """Nobody acts any more. Raises ActRefused."""
        raise ActRefused("the follow-up is closed; the drill is over")


Drill = LiveDrill | PastDrill
"""A drill that has begun, whether something can still happen in it or not."""
