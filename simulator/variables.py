"""What a scenario varies, drawn once a drill from its seed."""

from zoneinfo import ZoneInfo

from scenarios.made_up import made_up
from scenarios.scenario import Variable
from scenarios.story_time import DAYS, weekday_of
from simulator.draws import choose, uniform
from simulator.plan import DrillPlan

__all__ = ["drawn_values"]

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
        return choose(made_up(variable.fake), seed, "vary", name)
    low, high = variable.between or (0, 0)
    if isinstance(low, int) and isinstance(high, int):
        return low + int(uniform(seed, "vary", name) * (high - low + 1))
    return float(min(high, max(low, round(low + uniform(seed, "vary", name) * (high - low), 2))))


def _weekday(plan: DrillPlan) -> str:
    return DAYS[plan.start.astimezone(ZoneInfo(plan.timezone)).weekday()]
