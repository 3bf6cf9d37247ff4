"""What an action that was done, or an option that was chosen, does to the impact."""

from collections.abc import Container

from scenarios.scenario import Action, Effect, Option
from simulator import events as ev

__all__ = ["effect_of", "impact_after"]


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
