"""When a condition of a scenario holds.

`holds` says from which drill time on a condition is true if nothing changes: a time in the past, or in the future if
something has not yet lasted long enough, or None. `fails` says the same about its opposite. Both are pure
functions of the state, so no timer is kept and a resumed drill waits for the same moment.
"""

from collections.abc import Callable

from scenarios.scenario import Condition
from simulator import events as ev
from simulator.events import Event
from simulator.state import DrillState

__all__ = ["WATCHED", "fails", "holds"]

WATCHED: dict[type[Event], tuple[str, ...]] = {
    ev.TeamAlerted: ("severity_declared", "acknowledged", "role_held", "role_open", "silent"),
    ev.Acknowledged: ("acknowledged",),
    ev.ShiftBegan: ("acknowledged",),
    ev.MemberExcused: ("acknowledged", "role_held", "role_open"),
    ev.SeverityDeclared: ("severity_declared",),
    ev.Restated: ("severity_declared",),
    ev.RoleTaken: ("role_held", "role_open"),
    ev.RoleReleased: ("role_held", "role_open"),
    ev.RoleHandedOver: ("role_held", "role_open"),
    ev.ActionFinished: ("action_done",),
    ev.MessagePublished: ("published", "silent"),
    ev.EntryLogged: ("silent",),
    ev.UpdatePosted: ("silent",),
    ev.IncidentResolved: ("resolved",),
    ev.IncidentClosed: ("resolved",),
    ev.ImpactChanged: ("impact",),
    ev.DecisionMade: ("chosen",),
    ev.QuestionAsked: ("contacted",),
}
"""For each kind of event, the keys of the conditions that it can change."""


_Since = tuple[int | None, int | None]


def holds(condition: Condition, state: DrillState) -> int | None:
    """The drill time from which the condition is true if nothing changes; None if it is not."""
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
    """The drill time from which the condition is false if nothing changes; None if it is true."""
    if condition.every is not None:
        return min((time for part in condition.every if (time := fails(part, state)) is not None), default=None)
    if condition.some is not None:
        times = [fails(part, state) for part in condition.some]
        return None if None in times else max(time for time in times if time is not None)
    if condition.negated is not None:
        return holds(condition.negated, state)
    return _leaf(condition, state)[1]


def _leaf(condition: Condition, state: DrillState) -> _Since:
    """Since when a condition without parts is true, and since when it is false; one of the two is None."""
    return _LEAVES[condition.key](condition, state)


def _severity_declared(condition: Condition, state: DrillState) -> _Since:
    same = state.severity == condition.severity_declared
    return (state.severity_since, None) if same else (None, state.severity_since)


def _role_held(condition: Condition, state: DrillState) -> _Since:
    role = condition.role_held or ""
    changed = state.role_changed.get(role, 0)
    return (changed, None) if state.roles.get(role) else (None, changed)


def _role_open(condition: Condition, state: DrillState) -> _Since:
    role = condition.role_open or ""
    changed = state.role_changed.get(role, 0)
    if state.alerted_at is None or state.roles.get(role):
        return None, changed
    return max(changed, state.alerted_at), None


def _published(condition: Condition, state: DrillState) -> _Since:
    count = condition.published or 1
    return _once(state.published[count - 1] if len(state.published) >= count else None)


def _silent(condition: Condition, state: DrillState) -> _Since:
    if state.alerted_at is None:
        return None, 0
    told = state.published[-1] if state.published else None
    last = state.spoke_at if condition.silent == "sitrep" else told
    return max(state.alerted_at, last or 0), None


def _impact(condition: Condition, state: DrillState) -> _Since:
    same = state.impact == condition.impact
    return (state.impact_since, None) if same else (None, state.impact_since)


def _once(since: int | None) -> _Since:
    """For something that stays true once it is: it was false from the start."""
    return (None, 0) if since is None else (since, None)


def _acknowledged(who: str, state: DrillState) -> int | None:
    if who == "anyone":
        # The person who alerted counts as having acknowledged, but has not answered anybody.
        times = [
            at for member, at in state.acknowledged.items() if member != state.alerted_by or at != state.alerted_at
        ]
        return min(times, default=None)
    expected = [member for member in state.alerted if member not in state.excused]
    if not expected or any(member not in state.acknowledged for member in expected):
        return None
    return max(state.acknowledged[member] for member in expected)


_LEAVES: dict[str, Callable[[Condition, DrillState], _Since]] = {
    "acknowledged": lambda condition, state: _once(_acknowledged(condition.acknowledged or "anyone", state)),
    "severity_declared": _severity_declared,
    "role_held": _role_held,
    "role_open": _role_open,
    "action_done": lambda condition, state: _once(state.done.get(condition.action_done or "")),
    "chosen": lambda condition, state: _once(state.chosen.get(condition.chosen or "")),
    "contacted": lambda condition, state: _once(state.contacted.get(condition.contacted or "")),
    "published": _published,
    "silent": _silent,
    "impact": _impact,
    "resolved": lambda _, state: _once(state.response_over),
}
