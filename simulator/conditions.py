"""When a condition of a scenario holds.

`holds` says from which drill time on a condition is true, as things stand: a time in the past, or in the future when
something must last that has not yet lasted so long, or nothing. `fails` says the same of its opposite. Both are pure
functions of the state, so no timer is kept and a resumed drill waits for the same moment.
"""

from scenarios.scenario import Condition
from simulator import events as ev
from simulator.events import Event
from simulator.state import DrillState

__all__ = ["fails", "holds", "watches"]

_ROLE_EVENTS: tuple[type[Event], ...] = (
    ev.TeamAlerted,
    ev.RoleTaken,
    ev.RoleReleased,
    ev.RoleHandedOver,
    ev.MemberExcused,
)


def watches(condition: Condition) -> set[type[Event]]:
    """The kinds of event that can change whether the condition holds."""
    kinds: set[type[Event]] = set()
    for part in condition.parts():
        if part.acknowledged is not None:
            kinds.update((ev.TeamAlerted, ev.Acknowledged, ev.MemberExcused))
        elif part.severity_declared is not None:
            kinds.add(ev.SeverityDeclared)
        elif part.role_held is not None or part.role_open is not None:
            kinds.update(_ROLE_EVENTS)
        elif part.action_done is not None:
            kinds.add(ev.ActionFinished)
        elif part.published is not None:
            kinds.add(ev.MessagePublished)
        elif part.silent is not None:
            kinds.update((ev.TeamAlerted, ev.EntryLogged, ev.UpdatePosted, ev.MessagePublished))
        elif part.resolved is not None:
            kinds.update((ev.IncidentResolved, ev.IncidentClosed))
    return kinds


def holds(condition: Condition, state: DrillState) -> int | None:
    """The drill time from which on the condition is true if nothing changes; nothing if it is not."""
    if condition.every is not None:
        times = [holds(part, state) for part in condition.every]
        since = None if None in times else max(time for time in times if time is not None)
    elif condition.some is not None:
        since = min((time for part in condition.some if (time := holds(part, state)) is not None), default=None)
    elif condition.negated is not None:
        since = fails(condition.negated, state)
    else:
        since = _leaf(condition, state)[0]
    return None if since is None else since + condition.lasting


def fails(condition: Condition, state: DrillState) -> int | None:
    """The drill time from which on the condition is false if nothing changes; nothing if it is true."""
    if condition.every is not None:
        return min((time for part in condition.every if (time := fails(part, state)) is not None), default=None)
    if condition.some is not None:
        times = [fails(part, state) for part in condition.some]
        return None if None in times else max(time for time in times if time is not None)
    if condition.negated is not None:
        return holds(condition.negated, state)
    return _leaf(condition, state)[1]


def _leaf(condition: Condition, state: DrillState) -> tuple[int | None, int | None]:
    """Since when a condition without parts is true, and since when it is false; one of the two is nothing."""
    if condition.acknowledged is not None:
        return _once(_acknowledged(condition.acknowledged, state))
    if condition.severity_declared is not None:
        same = state.severity == condition.severity_declared
        return (state.severity_since, None) if same else (None, state.severity_since)
    if condition.role_held is not None:
        changed = state.role_changed.get(condition.role_held, 0)
        return (changed, None) if state.roles.get(condition.role_held) else (None, changed)
    if condition.role_open is not None:
        changed = state.role_changed.get(condition.role_open, 0)
        if state.alerted_at is None or state.roles.get(condition.role_open):
            return None, changed
        return max(changed, state.alerted_at), None
    if condition.action_done is not None:
        return _once(state.done.get(condition.action_done))
    if condition.published is not None:
        count = condition.published
        return _once(state.published[count - 1] if len(state.published) >= count else None)
    if condition.silent is not None:
        if state.alerted_at is None:
            return None, 0
        spoke = state.spoke_at if condition.silent == "sitrep" else (state.published[-1] if state.published else None)
        return max(state.alerted_at, spoke or 0), None
    return _once(state.response_over)


def _once(since: int | None) -> tuple[int | None, int | None]:
    """For what, once true, stays true: it was false from the start."""
    return (None, 0) if since is None else (since, None)


def _acknowledged(who: str, state: DrillState) -> int | None:
    if who == "anyone":
        # The one who alerted counts as having acknowledged, but has answered nobody.
        times = [at for member, at in state.acknowledged.items() if at != state.alerted.get(member)]
        return min(times, default=None)
    expected = [member for member in state.alerted if member not in state.excused]
    if not expected or any(member not in state.acknowledged for member in expected):
        return None
    return max(state.acknowledged[member] for member in expected)
