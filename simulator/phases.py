"""How a drill goes from one phase to the next."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scenarios.expects import Target
from simulator import events as ev
from simulator.events import Event
from simulator.rules_common import Due
from simulator.state import FOLLOW_UP, HOT_WASH, RESPOND, DrillState

__all__ = ["asked_until", "papers_done", "turn", "working_days"]


def turn(state: DrillState, stamp: Due) -> Event:
    """The event that leads from this phase to the next."""
    if state.phase == FOLLOW_UP:
        return ev.FollowUpClosed(*stamp)
    if state.ended_at is not None:
        return ev.PhaseBegan(*stamp, phase="follow_up")
    if state.phase == HOT_WASH:
        return ev.DrillEnded(*stamp)
    return ev.PhaseBegan(*stamp, phase="papers" if state.phase == RESPOND else "hot_wash")


def papers_done(state: DrillState) -> bool:
    """Whether every paper that the gravest severity so far demands has been filed."""
    over = state.response_over if state.response_over is not None else state.phase_since
    protocol = state.plan.protocol
    table = protocol.table(protocol.gravest(span.level for span in state.plan.scenario.severity if span.since <= over))
    done = {
        "situation_report": state.reported_situation,
        "emailed": state.emailed,
        "attached": "situation_report" in state.attached,
    }
    return table is None or all(filed for act, filed in done.items() if act in table.acts)


def asked_until(state: DrillState, planned: Sequence[int | None]) -> int:
    """Until when an inject asks for something that comes while papers are written, planned or here already.

    `planned` says when each inject of the scenario is to come; drill time in milliseconds.
    """
    latest, scenario = 0, state.plan.scenario
    came = {event.inject: event.at for event in state.injects if isinstance(event, ev.InjectDelivered)}
    ends = state.phase_since + scenario.ends.papers
    for inject, time in zip(scenario.injects, planned, strict=True):
        comes = came.get(inject.id) if inject.id in state.settled else time
        if inject.papers is not None and comes is not None and state.phase_since <= comes < ends:
            limits = (one.deadline for one in inject.expects or () if isinstance(one, Target))
            latest = max(latest, comes + max(limits, default=0))
    return min(latest, ends)


def working_days(start: datetime, days: int) -> int:
    """Calendar days from an instant to the end of the given number of working days after it."""
    passed = 0
    while days:
        passed += 1
        if (start + timedelta(days=passed)).weekday() < 5:
            days -= 1
    return passed
