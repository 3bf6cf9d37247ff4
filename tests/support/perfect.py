"""A team that does everything its protocol demands, in time and in order, derived from a plan alone.

`perfect_acts` is the timetable; `Team` plays one, and answers what injects ask. Tests bend the timetable to see what
each departure costs.
"""

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

import msgspec

from scenarios.expects import Asked, Decision, Expectation
from scenarios.protocol import FALSE_ALARM
from scenarios.scenario import Action, Scenario
from simulator import acts as do
from simulator.acts import Act
from simulator.events import Event, InjectDelivered
from simulator.plan import DrillPlan
from simulator.state import RESPOND, DrillState

__all__ = ["Team", "Timed", "kind_of", "perfect_acts"]

SECOND, MINUTE = 1_000, 60_000
REACTION = 10 * SECOND
ROUND = 8 * MINUTE
"""From one update, and one message to customers, to the next."""


class Timed(NamedTuple):
    """An act and its drill time in milliseconds."""

    at: int
    act: Act


def kind_of(act: Act) -> str:
    """The act's name in a script."""
    return str(type(act).__struct_config__.tag)


# -- who does what -----------------------------------------------------------------------------------------------------


class Cast(NamedTuple):
    """Who holds which role, in the order in which they say so."""

    stated: list[tuple[str, str]]
    commander: str
    speaker: str
    solver: str


def cast_of(plan: DrillPlan, demanded: Sequence[str]) -> Cast:
    """A different person for every demanded role as far as the team goes; everybody else takes one with room."""
    able = {role: [p for p in plan.players if p.roles is None or role in p.roles] for role in demanded}
    for role, players in able.items():
        players.sort(key=lambda player: player.prefers != role)
    given: dict[str, str] = {}
    for role in demanded:
        _give(role, {name: [player.id for player in players] for name, players in able.items()}, given, set())
    stated = list(given.items())
    stated += [(able[role][0].id, role) for role in demanded if role not in given.values() and able[role]]
    roomy = [role.id for role in plan.protocol.roles if role.most is None]
    for player in plan.players:
        room = [role for role in roomy if player.roles is None or role in player.roles]
        if player.id not in given and room:
            stated.append((player.id, player.prefers if player.prefers in room else room[0]))
    order = [role.id for role in plan.protocol.roles]
    stated.sort(key=lambda pair: order.index(pair[1]))

    def first(role: str | None) -> str:
        return next((member for member, held in stated if held == role), stated[0][0] if stated else "")

    return Cast(stated, first(plan.protocol.commander), first(plan.protocol.spokesperson), first(plan.protocol.solver))


def _give(role: str, able: dict[str, list[str]], given: dict[str, str], tried: set[str]) -> bool:
    for member in able[role]:
        if member not in tried:
            tried.add(member)
            if member not in given or _give(given[member], able, given, tried):
                given[member] = role
                return True
    return False


# -- the way to the fix ------------------------------------------------------------------------------------------------


def way_to_fix(scenario: Scenario) -> list[Action]:
    """The quickest chain of actions that ends the impact, every look before what needs it; empty if there is none."""
    ways = [with_needs(scenario, action, []) for action in scenario.actions if action.effect == "fixes"]
    return min(ways, key=lambda way: sum(action.takes for action in way), default=[])


def with_needs(scenario: Scenario, action: Action, way: list[Action]) -> list[Action]:
    for name in action.needs:
        need = scenario.action(name)
        if need is not None and need not in way:
            with_needs(scenario, need, way)
    way.append(action)
    return way


def harmless(scenario: Scenario) -> Action | None:
    """A look that risks nothing, the quickest."""
    looks = [action for action in scenario.actions if action.effect == "nothing" and not action.needs]
    return min(looks, key=lambda action: action.takes, default=None)


# -- the timetable -----------------------------------------------------------------------------------------------------


def perfect_acts(plan: DrillPlan) -> list[Timed]:
    """Everything that the protocol demands at the scenario's last severity, in the order of time."""
    severity = plan.scenario.severity[-1].level
    table = plan.protocol.table(severity)
    duties: set[str] = {owed.act for owed in table.obligations} if table is not None else set()
    acts = _together(plan, duties) if "team_alerted" in duties else _alone(plan, duties, severity)
    numbered = sorted(acts, key=lambda timed: timed.at)
    return [Timed(at, _named(act, f"perfect-{place}")) for place, (at, act) in enumerate(numbered)]


def _named(act: Act, name: str) -> Act:
    return act.__class__(**{**{field: getattr(act, field) for field in act.__struct_fields__}, "id": name})


def _alone(plan: DrillPlan, duties: set[str], severity: int) -> list[Timed]:
    """One who looks, judges, and files or closes it."""
    me = plan.first_responder
    look = harmless(plan.scenario)
    acts = [Timed(5 * SECOND, do.Join(who=me)), Timed(20 * SECOND, do.DeclareSeverity(who=me, severity=severity))]
    done = 25 * SECOND
    if look is not None:
        acts.append(Timed(10 * SECOND, do.StartAction(who=me, action=look.id)))
        done = max(done, 10 * SECOND + look.takes + SECOND)
    if "bug_filed" in duties:
        acts.append(Timed(done, do.FileBug(who=me, text="The list of rooms is sorted wrongly.")))
    reason = "Nothing is broken." if severity == FALSE_ALARM else "It waits for the sprint."
    return [*acts, Timed(done + SECOND, do.CloseIncident(who=me, reason=reason))]


def _together(plan: DrillPlan, duties: set[str]) -> list[Timed]:
    """The whole team, from the report to the follow-up."""
    severity = plan.scenario.severity[-1].level
    table = plan.protocol.table(severity)
    cast = cast_of(plan, table.roles if table is not None else [])
    way = list(_working(way_to_fix(plan.scenario), cast.solver, 100 * SECOND))
    fixed = plan.scenario.felt_until(max((timed.at for timed in way), default=6 * MINUTE))
    speaks = "published" in duties
    acts = [*_gathering(plan, cast), *way, *_growing(plan, cast, fixed)]
    if "workaround_used" in duties and plan.scenario.workaround is not None:
        acts.append(Timed(100 * SECOND, do.AnnounceWorkaround(who=cast.commander, text=plan.scenario.workaround)))
    for at in range(95 * SECOND, fixed, ROUND):
        acts.append(Timed(at, do.PostUpdate(who=cast.commander, text="This is the current status.")))
        if speaks:
            acts += _message(cast, at + 10 * SECOND, "We are working on it.", 10 * MINUTE)
    if speaks:
        acts += _message(cast, fixed + 10 * SECOND, "It works again.", 0)
    acts.append(Timed(fixed + 40 * SECOND, do.PostUpdate(who=cast.commander, text="It is fixed.")))
    resolved = fixed + 60 * SECOND
    return [*acts, Timed(resolved, do.Resolve(who=cast.commander)), *_papers(cast, resolved)]


def _gathering(plan: DrillPlan, cast: Cast) -> Iterator[Timed]:
    first, topic = plan.first_responder, plan.scenario.topic
    judged = plan.scenario.severity[0].level
    step = min(SECOND, 15 * SECOND // len(plan.players))
    yield Timed(20 * SECOND, do.DeclareSeverity(who=first, severity=judged))
    yield Timed(25 * SECOND, do.AlertTeam(who=first, severity=judged, topic=topic))
    for place, player in enumerate(plan.players):
        if player.id != first:
            yield Timed(30 * SECOND + place * step, do.Acknowledge(who=player.id))
        yield Timed(45 * SECOND + place * step, do.Join(who=player.id))
    yield Timed(62 * SECOND, do.Restate(who=cast.commander, severity=judged, topic=topic))
    for place, (member, role) in enumerate(cast.stated):
        yield Timed(65 * SECOND + place * step, do.TakeRole(who=member, role=role))
    yield Timed(90 * SECOND, do.LogEntry(who=cast.solver, text="We have begun to look."))


def _working(way: list[Action], solver: str, at: int) -> Iterator[Timed]:
    for action in way:
        yield Timed(at, do.StartAction(who=solver, action=action.id))
        at += action.takes + 5 * SECOND
        yield Timed(at - 2 * SECOND, do.LogEntry(who=solver, text=f"Done: {action.label}"))


def _growing(plan: DrillPlan, cast: Cast, fixed: int) -> Iterator[Timed]:
    for span in plan.scenario.severity[1:]:
        if span.since < fixed:
            yield Timed(span.since + 20 * SECOND, do.DeclareSeverity(who=cast.commander, severity=span.level))


def _message(cast: Cast, at: int, text: str, next_in: int) -> list[Timed]:
    return [
        Timed(at, do.DraftMessage(who=cast.speaker, text=text)),
        Timed(at + 5 * SECOND, do.ApproveDraft(who=cast.commander)),
        Timed(at + 10 * SECOND, do.Publish(who=cast.speaker, text=text, next_in=next_in)),
    ]


def _papers(cast: Cast, resolved: int) -> list[Timed]:
    who = cast.commander
    report = do.FileSituationReport(who=who, solution="Rolled back.", who_impacted="Customers.", how_impacted="Errors.")
    action = do.AddCorrectiveAction(who=who, text="Watch it.", owner=cast.solver, due_on="2026-03-31")
    return [
        Timed(resolved + 30 * SECOND, report),
        Timed(resolved + 60 * SECOND, do.EmailReport(who=who)),
        Timed(resolved + 70 * SECOND, do.Attach(who=who, paper="situation_report")),
        Timed(resolved + 100 * SECOND, do.FilePostMortem(who=who, learnings="Look at the store first.")),
        Timed(resolved + 110 * SECOND, action),
    ]


# -- playing it --------------------------------------------------------------------------------------------------------


class Wish(NamedTuple):
    """Something that an inject asks for."""

    event: InjectDelivered
    place: int
    asked: Asked


class Team:
    """Plays a timetable, and does what injects expect soon after they arrive."""

    def __init__(self, plan: DrillPlan, acts: Sequence[Timed], *, answers: bool = True) -> None:
        self._plan = plan
        self._answers = answers
        self._queue: list[tuple[int, int, Act | Wish]] = []
        self._count = 0
        for at, act in acts:
            self._push(at, act)

    def _push(self, at: int, intention: Act | Wish) -> None:
        heappush(self._queue, (at, self._count, intention))
        self._count += 1

    def observe(self, event: Event, state: DrillState) -> None:  # noqa: ARG002 - the event says enough
        """Note what an inject asks for."""
        if self._answers and isinstance(event, InjectDelivered) and event.inject is not None:
            inject = self._plan.scenario.inject(event.inject)
            for place, asked in enumerate(inject.expects or () if inject is not None else ()):
                self._push(event.at + REACTION, Wish(event, place, asked))

    def next_due(self, halted: bool) -> int | None:
        """Drill time of the next intention."""
        return self._queue[0][0] if self._queue and not halted else None

    def act(self, at: int, state: DrillState) -> Act | None:  # noqa: ARG002 - the queue knows the time
        """The next act."""
        intention = heappop(self._queue)[2]
        return _answer(intention, state) if isinstance(intention, Wish) else intention

    def catch_up(self, events: Sequence[Event]) -> None:
        """After a resume: what the log holds already is done."""
        done = {event.act for event in events if event.act is not None}
        now = events[-1].at
        self._queue = [entry for entry in sorted(self._queue) if entry[0] >= now and _name(entry[2]) not in done]


def _answer(wish: Wish, state: DrillState) -> Act | None:
    if state.phase != RESPOND:
        return None
    event, who = wish.event, wish.event.recipients[0]
    if isinstance(wish.asked, Decision):
        return do.Choose(who=who, option=wish.asked.options[0].id, id=_name(wish))
    answer = _ANSWERS.get(wish.asked.act) if isinstance(wish.asked, Expectation) else None
    made = answer(event, who, state) if answer is not None else None
    return None if made is None else msgspec.structs.replace(made, id=_name(wish))


def _name(intention: Act | Wish) -> str | None:
    if not isinstance(intention, Wish):
        return intention.id
    return f"answer-{intention.event.number}" + (f"-{intention.place}" if intention.place else "")


def _publish(_: InjectDelivered, who: str, state: DrillState) -> Act:
    return do.Publish(who=state.commander or who, text="We know of it.", next_in=10 * MINUTE)


def _present(who: str, state: DrillState) -> str:
    return who if who in state.joined else next(iter(state.joined), who)


def _hand_over(event: InjectDelivered, who: str, state: DrillState) -> Act | None:
    role = event.to if event.to in state.roles else state.plan.protocol.commander
    for player in state.plan.players:
        able = player.roles is None or role in player.roles
        if able and player.id in state.joined and not state.holds(player.id, role):
            return do.HandOver(who=who, role=role, to=player.id)
    return None


def _delegate(_: InjectDelivered, who: str, state: DrillState) -> Act | None:
    other = next((member for member in state.joined if member != who), None)
    return None if other is None else do.Delegate(who=who, to=other, text="Look at the logs.")


def _declare(event: InjectDelivered, who: str, state: DrillState) -> Act | None:
    true = state.plan.scenario.severity_at(event.at)
    return None if state.severity == true else do.DeclareSeverity(who=who, severity=true)


_ANSWERS: dict[str, Callable[[InjectDelivered, str, DrillState], Act | None]] = {
    "reply": lambda event, who, _: do.Reply(who=who, number=event.number, text="Yes."),
    "publish": _publish,
    "update": lambda _, who, state: do.PostUpdate(who=_present(who, state), text="So it stands."),
    "log": lambda _, who, state: do.LogEntry(who=_present(who, state), text="Seen."),
    "hand_over": _hand_over,
    "delegate": _delegate,
    "declare_severity": _declare,
}
