"""Simulated players: each a fold of events and keyed draws.

What happens gives a player an intention with a time; when the time comes, the player looks at how things stand and
acts, or lets it be. Intentions arise from events alone, never from other intentions, so a cast that has seen the same
events has the same intentions, in any process and after any resume.
"""

from collections.abc import Sequence
from heapq import heapify, heappop

from simulator.acts import Act
from simulator.events import Event
from simulator.minds import Minds, Turn
from simulator.playing import DOINGS, REACTIONS
from simulator.state import DrillState

__all__ = ["Cast"]


class Cast(Minds):
    """All simulated players of a drill, as participants that a driver can ask."""

    def observe(self, event: Event, state: DrillState) -> None:
        """Let what happened give rise to intentions."""
        react = REACTIONS.get(type(event))
        if react is not None:
            react(self, event, state)

    def next_due(self, halted: bool) -> int | None:
        """Drill time of the next intention."""
        return self.intentions[0][0] if self.intentions and not halted else None

    def act(self, at: int, state: DrillState) -> Act | None:
        """Carry the next intention out, if it still makes sense."""
        _, place, _, intention = heappop(self.intentions)
        player = self.by_place[place]
        if player.id in state.excused:
            return None
        return DOINGS[intention.kind](Turn(self, player, intention, at, state))

    def catch_up(self, events: Sequence[Event]) -> None:
        """Let go of intentions that were carried out, or had become idle, before the last of these events."""
        now = events[-1].at
        acted = next(
            (event for event in reversed(events) if event.at == now and event.actor in self.players and event.act), None
        )
        last: tuple[int, int, int] = (now, -1, -1)
        if acted is not None and acted.act is not None:
            number = int(acted.act.rpartition("-")[2])
            place = self.players[acted.actor or ""].place
            last = (now, place, number)
        self.intentions = [entry for entry in self.intentions if entry[:3] > last]
        heapify(self.intentions)
