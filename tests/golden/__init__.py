"""Golden logs: drills whose bytes and exact scorecards are kept. A change in one is a decision."""

from typing import NamedTuple

from simulator.plan import DrillPlan, Profile
from tests.support import library_plan


class Golden(NamedTuple):
    """What a golden drill is played with."""

    scenario: str
    profile: Profile
    seed: int
    team: str


GOLDEN = {
    "login-average": Golden("login-outage", "average", 3, "officeluv"),
    "login-absent": Golden("login-outage", "absent", 1, "officeluv"),
    "checkout-poor": Golden("checkout-outage", "poor", 5, "small"),
    "billing-good": Golden("billing-outage", "good", 2, "officeluv"),
    "shift-planning-expert": Golden("shift-planning-down", "expert", 4, "large"),
}


def planned(name: str) -> DrillPlan:
    """The plan of a golden drill."""
    golden = GOLDEN[name]
    return library_plan(golden.scenario, seed=golden.seed, profile=golden.profile, team=golden.team)
