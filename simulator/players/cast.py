"""Simulated players: each a fold of events and keyed draws.

What happens gives a player an intention with a time; when the time comes, the player looks at the state of things
and acts, or does not. Intentions arise from events alone, never from other intentions, so a cast that has seen the same
events has the same intentions, in any process and after any resume.
"""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop

from simulator.acts import Act
from simulator.events import Event, TimeSkipped
from simulator.players.behaviour import DOINGS, REACTIONS
from simulator.players.persona import Minds, Turn
from simulator.state import DrillState

__all__ = ["Cast"]

_Key = tuple[int, int, int]
"""Drill time, place in the team, number: the order in which intentions come up."""


class Cast(Minds):
    """All simulated players of a drill, as participants that a driver can ask."""

    def observe(self, event: Event, state: DrillState) -> None:
        """Derive intentions from what happened."""
        react = REACTIONS.get(type(event))
        if react is not None:
            react(self, event, state)

    def next_due(self, halted: bool) -> int | None:
        """Drill time of the next intention."""
        return self.intentions[0][0] if self.intentions and not halted else None

    def act(self, at: int, state: DrillState) -> Act | None:
        """Carry out the next intention, if it still makes sense."""
        _, place, _, intention = heappop(self.intentions)
        player = self.by_place[place]
        if player.id in state.excused:
            return None
        return DOINGS[intention.kind](Turn(self, player, intention, at, state))

    def catch_up(self, events: Sequence[Event]) -> None:
        """Drop intentions that were carried out, or had become pointless, before the last of these events.

        They come up in order of time, however late. Anyone who is not a simulated player acts once everything meant for
        an earlier time has come up; the same goes for what is due, unless it is due at once or late.
        """
        formed = {(place, number): (due, place, number) for due, place, number, _ in self.intentions}
        last: _Key = (-1, -1, -1)
        now = 0
        for event in events:
            intended = self._intended(event, formed)
            if intended is not None:
                last = max(last, intended)
            elif event.due is not None and event.due > now:
                last = max(last, (event.due, -1, -1))
            elif event.due is None and event.actor is not None:
                last = max(last, (event.at, -1, -1))
            now = event.to if isinstance(event, TimeSkipped) else event.at
        self.intentions = [entry for entry in self.intentions if entry[:3] > last]
        heapify(self.intentions)

    def _intended(self, event: Event, formed: Mapping[tuple[int, int], _Key]) -> _Key | None:
        """The place of the intention that became this event; None if the cast did not bring it about."""
        if event.act is None or event.actor not in self.players:
            return None
        number = event.act.removeprefix(f"{event.actor}-")
        return formed.get((self.players[event.actor].place, int(number))) if number.isdecimal() else None
