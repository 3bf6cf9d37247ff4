"""How an inject of the scenario reaches people, whether it is due or a facilitator sends it."""

from scenarios.scenario import Inject
from simulator import events as ev
from simulator.rules_common import Due, Stamp
from simulator.state import DrillState

__all__ = ["answer_of", "delivered"]


def delivered(
    state: DrillState, inject: Inject, occurrence: int, stamped: Stamp | Due
) -> ev.InjectDelivered | ev.FacilitatorTold:
    """One of the scenario's injects as it reaches its recipients now. `stamped` says when and by whom."""
    at, ahead = stamped[1], inject.skips or 0
    sender, text = state.told(state.plan.scenario.sender(inject), at, ahead), state.told(inject.text, at, ahead)
    if inject.for_staff:
        return ev.FacilitatorTold(
            *stamped, inject=inject.id, via=inject.via, sender=sender, text=text, occurrence=occurrence
        )
    return ev.InjectDelivered(
        *stamped,
        number=len(state.injects) + 1,
        recipients=state.recipients(*inject.to),
        via=inject.via,
        sender=sender,
        text=text,
        to=inject.to[0],
        also=tuple(inject.to[1:]),
        inject=inject.id,
        occurrence=occurrence,
    )


def answer_of(state: DrillState, question: int, at: int) -> str | None:
    """What somebody outside the team who was contacted answers by the scenario; None if it does not say.

    The scenario has an answer for the first time, the second time and so on, for as many as it has.
    """
    name, before = state.asked.get(question, (None, 0))
    outsider = state.plan.scenario.outsider(name)
    says = outsider.says or [] if outsider is not None else []
    return state.told(says[before], at) if before < len(says) else None
