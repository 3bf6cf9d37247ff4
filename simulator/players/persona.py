"""The parts of simulated players: people who differ, and what they mean to do when."""

from collections.abc import Collection, Iterator
from heapq import heappush
from math import exp
from typing import Any

import msgspec

from simulator.draws import lognormal, normal, pair, uniform
from simulator.plan import DrillPlan, Player
from simulator.players.profiles import DROWSY, LATENCIES, ON_CALL, Figures, figures
from simulator.state import DrillState

__all__ = ["Intention", "Minds", "SimulatedPlayer", "Turn"]

_HOUR = 3_600_000
_BY_PHONE = {"judge", "alert", "acknowledge"}
"""What can be done before one sits at a keyboard."""


class SimulatedPlayer:
    """Somebody who acts because of the engine's events."""

    def __init__(self, plan: DrillPlan, place: int, player: Player, known: Figures) -> None:
        self.id = name = player.id
        self.place = place
        self.figures = known
        seed = plan.luck
        self.reachable = uniform(seed, "reach", name) >= known.unreachable
        """Whether calls and alerts reach this player at all in this drill."""
        self.pace = known.pace * exp(known.own * normal(seed, "own", name) + known.common * normal(seed, "common"))
        """Factor on all latencies of this drill: the profile's, the player's own and the team's common one."""
        self.count = 0
        """How many intentions there have been."""
        self._where = ON_CALL[player.on_call or "desk"]
        self._noticing, self._arriving = (
            round(1000 * lognormal(share, median, known.spread) * self.pace) if median else 0
            for share, median in zip(pair(seed, "called", name), self._where[:2], strict=True)
        )
        self._noticed: int | None = None
        """When they noticed that they were called, in drill time."""

    def ready(self, kind: str, after: int) -> int:
        """When somebody whom something reaches at `after` can turn to it: the first time, it has to find them."""
        if self._noticed is None:
            self._noticed = after + self._noticing
        return max(after, self._noticed if kind in _BY_PHONE else self._noticed + self._arriving)

    def drowsiness(self, at: int) -> float:
        """By which share everything takes longer at a time, since they have just woken up."""
        awake = at - (self._noticed or 0)
        return self._where.drowsy * max(0.0, 1 - awake / DROWSY)


class Intention(msgspec.Struct, frozen=True, gc=False):
    """What a player means to do at a time."""

    number: int
    """The number of this intention among the player's own."""
    kind: str
    about: Any = None
    """What the kind needs to know: an action, an inject's number, a procedure's step."""
    luck: float = 1.0
    """A draw between 0 and 1 that decides whether it is left out."""


class Minds:
    """The simulated players of a drill and their intentions."""

    def __init__(self, plan: DrillPlan) -> None:
        self.plan = plan
        self.seed = plan.luck
        self.players: dict[str, SimulatedPlayer] = {}
        by_profile = {seat.profile: figures(seat.profile) for seat in plan.seats.values() if seat.profile is not None}
        for place, player in enumerate(plan.players):
            seat = plan.seats.get(player.id)
            if seat is not None and seat.kind == "simulated" and seat.profile is not None:
                self.players[player.id] = SimulatedPlayer(plan, place, player, by_profile[seat.profile])
        self.asked: int | None = None
        """The draft for which a player waits for the commander."""
        self.by_place = {player.place: player for player in self.players.values()}
        self.intentions: list[tuple[int, int, int, Intention]] = []
        """A heap of (drill time, place in the team, number, intention), which is the order in which they come up."""

    def intend(self, player: SimulatedPlayer, kind: str, after: int, state: DrillState, about: Any = None) -> None:  # noqa: ANN401 - each kind knows its own
        """Form an intention at drill time `after`; the delay is drawn."""
        player.count += 1
        known = player.figures
        shift, median = LATENCIES[kind]
        haste, luck = pair(self.seed, player.id, kind, player.count)
        drawn = lognormal(haste, median, known.spread)
        after = player.ready(kind, after)
        strain = (1 + known.fatigue * after / _HOUR) * (1 + player.drowsiness(after))
        if player.id in state.running:
            strain *= 1 + known.load
        due = after + round(1000 * (shift + drawn * player.pace * strain))
        self._keep(player, due, Intention(player.count, kind, about, luck))

    def intend_at(self, player: SimulatedPlayer, kind: str, due: int, about: Any = None) -> None:  # noqa: ANN401 - each kind knows its own
        """Form an intention for a fixed time."""
        player.count += 1
        self._keep(player, due, Intention(player.count, kind, about))

    def _keep(self, player: SimulatedPlayer, due: int, intention: Intention) -> None:
        heappush(self.intentions, (due, player.place, intention.number, intention))

    def happens(self, chance: float, player: SimulatedPlayer, what: str, number: int) -> bool:
        """Whether something that has a chance happens to a player this time."""
        return chance > 0 and uniform(self.seed, what, player.id, number) < chance

    def still_to_come(self, kinds: Collection[str], now: int) -> Iterator[tuple[int, Intention]]:
        """The intentions of some kinds whose time is still to come, with their times, in no order.

        Past ones do not count: during a resume they are still there although they are done.
        """
        return ((due, one) for due, _, _, one in self.intentions if due > now and one.kind in kinds)

    def reached(self, name: str | None) -> SimulatedPlayer | None:
        """The simulated player of that id, if there is one and calls reach them."""
        player = self.players.get(name or "")
        return player if player is not None and player.reachable else None

    def leader(self, state: DrillState) -> SimulatedPlayer | None:
        """The simulated player who speaks for the team: the commander, or else the last one told who is still in."""
        told = (name for name in reversed(state.reported) if name not in state.excused)
        return self.reached(state.commander or next(told, None))


class Turn(msgspec.Struct, frozen=True, gc=False):
    """A player whose intention's time has come, and what they see."""

    minds: Minds
    player: SimulatedPlayer
    intention: Intention
    at: int
    """Drill time in milliseconds."""
    state: DrillState

    @property
    def key(self) -> str:
        """The act's id: the same intention is carried out once."""
        return f"{self.player.id}-{self.intention.number}"

    def about(self, what: Any) -> "Turn":  # noqa: ANN401 - each kind knows its own
        """The same turn, with something else in mind."""
        return msgspec.structs.replace(self, intention=msgspec.structs.replace(self.intention, about=what))

    @property
    def skipped(self) -> bool:
        """Whether the player leaves it out, as people do."""
        return self.intention.luck < self.player.figures.skips
