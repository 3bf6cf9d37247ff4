"""What an action that was done, or an option that was chosen, does to the impact."""

from collections.abc import Container
from typing import NamedTuple

from scenarios.scenario import Action, Effect, Option
from simulator import events as ev

__all__ = ["Later", "effect_of", "impact_after", "later_of"]


class Later(NamedTuple):
    """How the impact changes some time after an action."""

    at: int
    """Drill time."""
    cause: str
    """The action."""
    impact: ev.Impact
    run: int
    """The action's run."""


def effect_of(mover: Action | Option, done: Container[str]) -> Effect:
    """The effect of an action that has just been done, or of an option that was chosen.

    One of several fixes only eases until all of them are done, and one that settles does until it has.
    """
    if isinstance(mover, Option):
        return mover.effect
    if mover.settles is not None:
        return "eases"
    return mover.effect if all(other in done for other in mover.together) else "eases"


def impact_after(effect: Effect, impact: ev.Impact) -> ev.Impact | None:
    """The impact after an effect, if that changes it."""
    return _AFTER[effect].get(impact)


_AFTER: dict[Effect, dict[ev.Impact, ev.Impact]] = {
    "fixes": {"full": "ended", "eased": "ended", "worse": "ended"},
    "eases": {"full": "eased", "worse": "eased"},
    "worsens": {"full": "worse", "eased": "worse", "ended": "worse"},
    "nothing": {},
}


def later_of(waiting: Later | None, impact: ev.Impact, action: Action, event: ev.ActionFinished) -> Later | None:
    """What an action leaves to time; what an earlier one left stays, unless this one makes it pointless."""
    due = event.at if event.due is None else event.due
    if action.effect == "worsens" or impact == "ended":
        return None
    if action.settles is not None:
        ends = due + action.settles
        sooner = waiting is not None and waiting.impact == "ended" and waiting.at <= ends
        return waiting if sooner else Later(ends, action.id, "ended", event.run)
    if action.effect != "eases" or (waiting is not None and waiting.impact == "ended"):
        return waiting
    if action.lasts is None or (impact == "eased" and waiting is None):
        return None  # what helps without an end goes on helping
    before = waiting.impact if waiting is not None else impact
    return Later(due + action.lasts, action.id, before, event.run)
