"""What many tests need: a plan from the library and a drill played from it."""

from functools import cache

from drills.planning import gather, plan_drill
from scenarios.script import Script
from simulator.clock import VirtualClock
from simulator.driver import Driver, Participants
from simulator.log import DrillLog
from simulator.plan import DrillPlan, Profile
from simulator.players import Cast
from simulator.scripted import ScriptedTeam

__all__ = ["library_plan", "play"]


@cache
def library_plan(
    scenario: str = "login-outage", seed: int = 7, profile: Profile | None = "good", team: str = "officeluv"
) -> DrillPlan:
    """The plan of a library drill, as `drillroom run` makes it; without a profile, everybody follows a script."""
    return plan_drill(gather(scenario, team), seed, profile)


def play(plan: DrillPlan, script: Script | None = None) -> DrillLog:
    """Play a drill on the virtual clock, by its simulated players or by a script."""
    team: Participants = Cast(plan) if script is None else ScriptedTeam(plan, script)
    driver = Driver.start(plan, [team], VirtualClock(plan.start))
    driver.run()
    return DrillLog.seal(plan, driver.events)
