"""The score is a function of the log: it is the same from the file, from a replay, and after a resume at any event."""

import pytest

from scenarios.team import Team as People
from scoring.scorecard import grade, to_json
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.log import DrillLog, replay
from simulator.plan import DrillPlan
from tests.scenarios.shipped import take
from tests.scoring.build import INCIDENTS, graded, plan_of, played
from tests.support.extent import sampled
from tests.support.perfect import Team, Timed, kind_of, perfect_acts


def sealed(name: str, delay: int = 0) -> DrillLog:
    """A drill with some losses, written down."""
    plan = plan_of(name)
    late = [Timed(at + delay if kind_of(act) in ("alert", "log") else at, act) for at, act in perfect_acts(plan)]
    return DrillLog.reproducible(plan, played(plan, late).events)


@pytest.mark.parametrize("name", INCIDENTS)
def test_the_score_of_a_log_is_that_of_its_file(name: str) -> None:
    log = sealed(name, delay=100_000)
    assert to_json(grade(DrillLog.read(log.data), people=True)) == to_json(grade(log, people=True))
    assert grade(log).log == log.head


@pytest.mark.parametrize("name", INCIDENTS)
def test_the_score_of_a_log_is_that_of_its_replay(name: str) -> None:
    log = sealed(name, delay=100_000)
    again = DrillLog.reproducible(log.plan, [event for event, _ in replay(log)])
    assert to_json(grade(again, people=True)) == to_json(grade(log, people=True))


@pytest.mark.parametrize("name", ["login-outage", "shift-planning-down", "low", "grows"])
def test_a_resume_at_any_event_changes_no_score(name: str) -> None:
    plan = plan_of(name)
    whole = played(plan)
    wanted = to_json(graded(whole, people=True))
    straight = to_json(grade(DrillLog.reproducible(plan, whole.events), people=True))
    for place in sampled(range(1, len(whole.events) + 1), 3):
        team = Team(plan, perfect_acts(plan))
        driver = Driver.resume(plan, whole.events[:place], [team], VirtualClock(plan.start))
        driver.run()
        assert to_json(grade(DrillLog.reproducible(plan, driver.events), people=True)) == straight, place
    assert to_json(graded(whole, people=True)) == wanted


@pytest.mark.parametrize("size", ["small", "officeluv", "large"])
def test_the_perfect_team_is_never_refused(size: str) -> None:
    """What the protocol demands, the engine lets people do."""
    for name in INCIDENTS:
        plan: DrillPlan = plan_of(name, size)
        driver = Driver.start(plan, [Team(plan, perfect_acts(plan))], VirtualClock(plan.start))
        driver.run()
        assert [(refusal.act, refusal.why) for refusal in driver.refused] == []
        assert len(plan.players) == len(take("teams", size, People).members)
