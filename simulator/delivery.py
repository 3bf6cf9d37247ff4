"""How an inject of the scenario reaches people, whether it is due or a facilitator sends it."""

from scenarios.scenario import Inject
from simulator import events as ev
from simulator.rules_common import Due, Stamp
from simulator.state import DrillState

__all__ = ["delivered"]


def delivered(state: DrillState, inject: Inject, occurrence: int, stamped: Stamp | Due) -> ev.InjectDelivered:
    """One of the scenario's injects as it reaches its recipients now. `stamped` says when and by whom."""
    at, ahead = stamped[1], inject.skips or 0
    return ev.InjectDelivered(
        *stamped,
        number=len(state.injects) + 1,
        recipients=state.recipients(inject.to),
        via=inject.via,
        sender=state.told(inject.sender, at, ahead),
        text=state.told(inject.text, at, ahead),
        to=inject.to,
        inject=inject.id,
        occurrence=occurrence,
    )
