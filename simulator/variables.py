"""What a scenario varies, drawn once a drill from its seed."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from scenarios.scenario import FakeValue, Variable
from scenarios.story_time import DAYS, weekday_of
from simulator.draws import choose, uniform
from simulator.plan import DrillPlan

__all__ = ["drawn_values"]

POOL = 256
"""How many made-up values of a kind there are to choose from."""

Value = str | int | float


def drawn_values(plan: DrillPlan) -> dict[str, Value]:
    """A value for each variable of the scenario, and the weekday on which the story begins.

    That is the scenario's, if it says one, or else the day on which the drill starts in the team's zone.
    """
    values: dict[str, Value] = {"weekday": weekday_of(plan.scenario.begins) or _weekday(plan)}
    for name, variable in plan.scenario.vary.items():
        values[name] = _drawn(variable, plan.luck, name)
    return values


def _drawn(variable: Variable, seed: int, name: str) -> Value:
    if variable.choose is not None:
        return choose(variable.choose, seed, "vary", name)
    if variable.fake is not None:
        return choose(_made_up(variable.fake), seed, "vary", name)
    low, high = variable.between or (0, 0)
    if isinstance(low, int) and isinstance(high, int):
        return low + int(uniform(seed, "vary", name) * (high - low + 1))
    return float(min(high, max(low, round(low + uniform(seed, "vary", name) * (high - low), 2))))


def _weekday(plan: DrillPlan) -> str:
    return DAYS[plan.start.astimezone(ZoneInfo(plan.timezone)).weekday()]


@lru_cache
def _made_up(kind: FakeValue) -> tuple[str, ...]:
    from faker import Faker  # slow to import, and not needed by most scenarios that are only read

    fake = Faker("en_US")
    fake.seed_instance(0)
    return tuple(str(getattr(fake, kind)()) for _ in range(POOL))
