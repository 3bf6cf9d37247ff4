"""What actions that were done, and options that were chosen, do to the impact: at once, and some time later."""

from collections.abc import Container
from typing import NamedTuple

from scenarios.scenario import Action, Effect, Option
from simulator import events as ev

__all__ = ["Later", "effect_of", "impact_after", "later_after"]


class Later(NamedTuple):
    """How the impact changes some time after an action."""

    at: int
    """Drill time."""
    cause: str
    """The action."""
    impact: ev.Impact
    run: int
    """The action's run."""


_AFTER: dict[Effect, dict[ev.Impact, ev.Impact]] = {
    "fixes": {"full": "ended", "eased": "ended", "worse": "ended"},
    "eases": {"full": "eased", "worse": "eased"},
    "worsens": {"full": "worse", "eased": "worse", "ended": "worse"},
    "nothing": {},
}
"""The impact after an effect, if it changes it."""


def impact_after(effect: Effect, impact: ev.Impact) -> ev.Impact | None:
    """The impact after an effect, if that changes it."""
    return _AFTER[effect].get(impact)


def effect_of(mover: Action | Option, done: Container[str]) -> Effect:
    """The effect of an action that has just been done, or of an option that was chosen.

    One of several fixes only eases until all of them are done, and one that settles does until it has.
    """
    if isinstance(mover, Option):
        return mover.effect
    if mover.settles is not None:
        return "eases"
    return mover.effect if all(other in done for other in mover.together) else "eases"


def later_after(action: Action, due: int, run: int, impact: ev.Impact, waiting: Later | None) -> Later | None:
    """What an action, done at `due`, leaves to time, with the impact before it.

    What an earlier action left is `waiting`; it stays, unless this one makes it pointless.
    """
    if action.effect == "worsens" or impact == "ended":
        return None
    if action.settles is not None:
        ends = due + action.settles
        sooner = waiting is not None and waiting.impact == "ended" and waiting.at <= ends
        return waiting if sooner else Later(ends, action.id, "ended", run)
    if action.effect != "eases" or (waiting is not None and waiting.impact == "ended"):
        return waiting
    if action.lasts is None or (impact == "eased" and waiting is None):
        return None  # what helps without an end goes on helping
    return Later(due + action.lasts, action.id, impact if waiting is None else waiting.impact, run)
