"""What many tests need: a plan from the library and a drill played from it."""

from functools import cache

from drills.planning.materials import gather, plan_drill
from drills.planning.rehearsal import rehearse
from scenarios.script import Script
from simulator.log import DrillLog
from simulator.plan import DrillPlan, Profile
from simulator.players.scripted_team import ScriptedTeam

__all__ = ["library_plan", "play"]


@cache
def library_plan(
    scenario: str = "login-outage", seed: int = 7, profile: Profile | None = "good", team: str = "officeluv"
) -> DrillPlan:
    """The plan of a library drill, as `drillroom run` makes it; without a profile, everybody follows a script."""
    return plan_drill(gather(scenario, team), seed, profile)


def play(plan: DrillPlan, script: Script | None = None) -> DrillLog:
    """Play a drill on the virtual clock, by its simulated players or by a script."""
    return rehearse(plan, None if script is None else ScriptedTeam(plan, script)).log
