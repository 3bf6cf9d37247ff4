"""Simulated players: each a fold of events and keyed draws.

What happens gives a player an intention with a time; when the time comes, the player looks at how things stand and
acts, or lets it be. Intentions arise from events alone, never from other intentions, so a cast that has seen the same
events has the same intentions, in any process and after any resume.
"""

from collections.abc import Sequence
from heapq import heapify, heappop

from simulator.acts import Act
from simulator.events import Event, TimeSkipped
from simulator.minds import Minds, Turn
from simulator.playing import DOINGS, REACTIONS
from simulator.state import DrillState

__all__ = ["Cast"]

_Key = tuple[int, int, int]
"""Drill time, place in the team, number: the order in which intentions come up."""


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
        """Let go of intentions that were carried out, or had become idle, before the last of these events.

        They come up in the order of their times; where the drill was moved ahead, those of the time that was left out
        come up behind it.
        """
        now = events[-1].at
        skipped = next(
            (event for event in reversed(events) if isinstance(event, TimeSkipped) and event.to >= now), None
        )
        last: _Key = (now, -1, -1) if skipped is None else (skipped.at, len(self.plan.players), 0)
        for event in reversed(events):
            if event.at < now or event is skipped:
                break
            if event.act is not None and event.actor in self.players:
                last = max(last, self._intended(event.actor, event.act) or last)
                break
        self.intentions = [entry for entry in self.intentions if entry[:3] > last]
        heapify(self.intentions)

    def _intended(self, who: str, act: str) -> _Key | None:
        """Where the intention stood that became this act; nothing for an act that the cast did not make."""
        place, number = self.players[who].place, act.removeprefix(f"{who}-")
        found = (entry for entry in self.intentions if entry[1] == place and str(entry[2]) == number)
        return next((entry[:3] for entry in found), None)
