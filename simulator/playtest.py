"""What only playing a scenario reveals: who waits, what never comes, whether it can be won.

It is played by simulated teams of every profile, by a team that does nothing, so that it runs to its end, and by teams
that try everything, so that every branch has its chance.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from scenarios.scenario import Action
from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act
from simulator.clock import VirtualClock
from simulator.draws import uniform
from simulator.driver import Driver, Participants
from simulator.plan import DrillPlan, Profile, Seat
from simulator.players.cast import Cast
from simulator.state import DrillState

__all__ = ["QUIET", "Playtest", "Quiet", "Watch", "ended_well", "playtest"]

Watch = Callable[[Profile, DrillPlan, list[ev.Event]], None]
"""Is told of each drill that a profile plays, with its plan and all its events."""

QUIET = 5 * 60_000
"""The longest time for which a role may have nothing to do, in milliseconds."""
SEEDS = 12
"""How many drills each profile plays: an inject that comes in one drill of ten is then seen in 99 of 100 tests."""
_PARTS = 4
"""Per seed, one action in so many is tried alone; over all seeds every one is, most of them several times."""
_OFTEN = 2 * 60_000
"""A team that tries everything publishes at most once in so long, taken over the whole response."""
_AFTER_REPORT = 20_000
"""When the teams that try everything begin."""


@dataclass(frozen=True)
class Quiet:
    """A stretch in which nothing reaches a role while the incident lasts."""

    role: str
    since: int
    until: int


@dataclass(frozen=True)
class Playtest:
    """What was seen."""

    unseen: tuple[str, ...]
    """Injects that did not come in any drill."""
    quiet: tuple[Quiet, ...]
    """For each role that the incident demands, the first long stretch in which it has nothing to do."""
    won: dict[Profile, int]
    """How many drills each profile brought to a good end, of `drills`."""
    drills: int
    """How many drills each profile played."""
    ends_by_itself: bool
    """Whether a team that does nothing ends well."""


def playtest(
    plan: DrillPlan,
    seeds: Iterable[int] = range(SEEDS),
    *,
    profiles: Sequence[Profile] = get_args(Profile),
    watch: Watch | None = None,
) -> Playtest:
    """Play the plan's scenario with its team; the plan's own seed and seats are not used.

    `watch` hears of each drill that a profile has played. After `seeds`, more are played as long as an inject has not
    been seen, up to as many as it takes to be sure of it.
    """
    seeds = list(seeds)
    played = {profile: [_simulated(plan, seed, profile, watch) for seed in seeds] for profile in profiles}
    idle = [_explored(plan, seed, []) for seed in seeds[:3]]
    curious = [run for seed in seeds for run in _curious(plan, seed)]
    unseen = _unseen(plan, [*(run for found in played.values() for run in found), *idle, *curious])
    for seed in range(max(seeds) + 1, max(seeds) + 1 + SEEDS - len(seeds)):
        if not unseen:
            break
        more = [_explored(plan, seed, []), *_curious(plan, seed)]
        unseen &= _unseen(plan, [*more, *(_simulated(plan, seed, profile) for profile in profiles)])
    return Playtest(
        unseen=tuple(inject.id for inject in plan.scenario.injects if inject.id in unseen),
        quiet=tuple(_quiet(plan, idle)),
        won={profile: sum(ended_well(plan, run) for run in found) for profile, found in played.items()},
        drills=len(seeds),
        ends_by_itself=any(ended_well(plan, run) for run in idle),
    )


def _unseen(plan: DrillPlan, runs: Iterable[list[ev.Event]]) -> set[str]:
    """The injects that came in none of these drills."""
    seen = {event.inject for run in runs for event in run if isinstance(event, ev.InjectDelivered | ev.FacilitatorTold)}
    return {inject.id for inject in plan.scenario.injects} - seen


def _simulated(plan: DrillPlan, seed: int, profile: Profile, watch: Watch | None = None) -> list[ev.Event]:
    seat = Seat(kind="simulated", profile=profile)
    chosen = plan.model_copy(update={"seed": seed, "seats": {player.id: seat for player in plan.players}})
    events = _run(chosen, Cast(chosen))
    if watch is not None:
        watch(profile, chosen, events)
    return events


def _curious(plan: DrillPlan, seed: int) -> Iterable[list[ev.Event]]:
    for way, acts in enumerate(_ways(plan, seed)):
        yield _explored(plan, seed, acts, way)


def _explored(plan: DrillPlan, seed: int, acts: list[Act], way: int | None = None) -> list[ev.Event]:
    """A drill of a team that does these acts; without a `way` of choosing, it decides nothing."""
    chosen = plan.model_copy(
        update={"seed": seed, "seats": {player.id: Seat(kind="script") for player in plan.players}}
    )
    return _run(chosen, Explorers(acts, None if way is None else lambda options: _in_turn(seed, way, options)))


def _run(plan: DrillPlan, team: Participants) -> list[ev.Event]:
    driver = Driver.start(plan, [team], VirtualClock(plan.start))
    driver.run()
    return driver.events


class Explorers:
    """A team that goes through a list of acts, each as soon as its actor is free, and decides what it is asked to."""

    def __init__(self, acts: list[Act], pick: Callable[[Sequence[str]], str] | None) -> None:
        self._acts = acts
        self._pick = pick
        self._next = 0
        self._free: dict[str | None, int] = {}
        self._decided: list[tuple[int, Act]] = []

    def observe(self, event: ev.Event, state: DrillState) -> None:
        """Note until when somebody is busy, and make up its mind."""
        if isinstance(event, ev.ActionStarted):
            self._free[event.actor] = event.ends + 1
        if self._pick is not None and isinstance(event, ev.InjectDelivered):
            asked = state.decision(event)
            if asked is not None and event.recipients:
                option = self._pick([option.id for option in asked.options])
                self._decided.append((event.at + 1, do.Choose(who=event.recipients[0], option=option)))

    def next_due(self, halted: bool) -> int | None:  # noqa: ARG002 - nobody halts these drills
        """When the next act can be done; a decision comes first."""
        if self._decided:
            return self._decided[0][0]
        if self._next == len(self._acts):
            return None
        return max(_AFTER_REPORT, self._free.get(self._acts[self._next].who, 0))

    def act(self, at: int, state: DrillState) -> Act | None:  # noqa: ARG002 - all that matters was noted before
        """The next act."""
        if self._decided:
            return self._decided.pop(0)[1]
        self._next += 1
        return self._acts[self._next - 1]

    def catch_up(self, events: Sequence[ev.Event]) -> None:
        """Their drills are never resumed."""


def _ways(plan: DrillPlan, seed: int) -> list[list[Act]]:
    """Teams that try everything: one that takes no role, some that do everything, some that do a single thing."""
    members = [player.id for player in plan.players]
    first = plan.first_responder
    called: list[Act] = [do.AlertTeam(who=first), *(do.Join(who=member) for member in members)]
    held: list[Act] = []
    for role in plan.protocol.roles:
        able = [one.id for one in plan.players if one.roles is None or role.id in one.roles]
        held += [do.TakeRole(who=member, role=role.id) for member in able[: role.most]]
    actions = plan.scenario.actions
    drawn = sorted(actions, key=lambda action: uniform(seed, "explore", action.id))
    fixes_last = sorted(drawn, key=lambda action: action.effect == "fixes")
    alone = drawn[: -(-len(drawn) // _PARTS)]
    orders = (fixes_last, [*reversed(fixes_last)], drawn, *([action] for action in alone))
    said = [_said(plan, seed, way) for way in range(1, len(orders) + 1)]
    acts = [[*told, *_shared_out(order, members)] for told, order in zip(said, orders, strict=True)]
    return [called, *([*called, *held, *mine] for mine in acts)]


def _said(plan: DrillPlan, seed: int, way: int) -> list[Act]:
    """What such a team says before it does anything: a severity, messages to customers, a word to each outsider."""
    first = plan.first_responder
    levels = ["0", *(str(one.level) for one in plan.protocol.severities)]
    conditions = [one for inject in plan.scenario.injects for one in (inject.when, inject.unless) if one is not None]
    wanted = max((part.published or 1 for one in conditions for part in one.parts()), default=1)
    count = min(wanted, max(1, plan.scenario.ends.after // _OFTEN))
    return [
        do.DeclareSeverity(who=first, severity=int(_in_turn(seed, way, levels))),
        *(do.Contact(who=first, outsider=one.id, text="Can you help?") for one in plan.scenario.outsiders or ()),
        *(do.Publish(who=plan.players[0].id, text="We know of it.") for _ in range(count)),
    ]


def _in_turn(seed: int, way: int, names: Sequence[str]) -> str:
    """One of several: in each way of playing each of them once in as many seeds, in an order that is drawn."""
    block, place = divmod(seed, len(names))
    return sorted(names, key=lambda name: uniform(block, "explore", name, way))[place]


def _shared_out(actions: Sequence[Action], members: list[str]) -> list[Act]:
    return [do.StartAction(who=members[place % len(members)], action=action.id) for place, action in enumerate(actions)]


def ended_well(plan: DrillPlan, events: Sequence[ev.Event]) -> bool:
    """Whether the impact was ended in time and stayed so; if nothing can be fixed, whether somebody closed it."""
    over = next((event.seq for event in events if isinstance(event, ev.PhaseBegan)), len(events))
    impacts = [event.impact for event in events[:over] if isinstance(event, ev.ImpactChanged)]
    if plan.scenario.cures:
        return impacts[-1:] == ["ended"]
    return any(isinstance(event, ev.IncidentClosed | ev.IncidentResolved) for event in events)


def _quiet(plan: DrillPlan, runs: list[list[ev.Event]]) -> Iterable[Quiet]:
    """For each role the first gap that is too long in every one of the runs."""
    end = plan.scenario.ends.after
    for role in _roles(plan):
        gaps = [_gap([0, *_reached(role, run), end]) for run in runs]
        if all(gaps):
            since, until = min(gap for gap in gaps if gap is not None)
            yield Quiet(role, since, until)


def _roles(plan: DrillPlan) -> list[str]:
    """The roles that must be held and that others turn to; if there are none, the first responder."""
    table = plan.protocol.table(plan.scenario.severity_at(plan.scenario.ends.after))
    spoken_to = (plan.protocol.commander, plan.protocol.solver, plan.protocol.spokesperson)
    return [role for role in (table.roles if table is not None else []) if role in spoken_to] or ["first_responder"]


def _reached(role: str, events: list[ev.Event]) -> list[int]:
    meant = {role, "everyone", "channel"}
    return [event.at for event in events if isinstance(event, ev.Arrived) and meant.intersection(event.receivers)]


def _gap(times: list[int]) -> tuple[int, int] | None:
    return next(((one, then) for one, then in pairwise(sorted(times)) if then - one > QUIET), None)
