"""A drill from start to end: the same bytes from the same seed, in any process and after a resume at any event."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from itertools import product

import pytest

from scenarios.script import Script
from simulator import events as ev
from simulator.events import Event
from simulator.log import DrillLog
from simulator.plan import DrillPlan, Profile
from tests.simulator.build import LIBRARY, MINUTE, SECOND, library_plan, played, resumed, script_of, small_plan
from tests.support.extent import sampled

PROFILES: tuple[Profile, ...] = ("expert", "good", "average", "poor", "absent")
MIXES: tuple[tuple[int, tuple[Profile, ...]], ...] = ((1, ("expert",)), (2, ("good", "poor")), (3, PROFILES))
SCRIPT = script_of(
    ("20s", "ana", "/sev 1"),
    ("25s", "ana", "/alert 1 login"),
    ("25s", "ben", "/join"),
    ("30s", "ana", "/join"),
    ("40s", "ana", "/role incident_commander"),
    ("50s", "ben", "/role solutioneer"),
    ("1m", "ben", "/do look"),
    ("1m30s", "chloe", "hello?"),
    ("2m30s", "ben", "/do ease"),
    ("4m", "ben", "/do mend"),
    ("7m", "ana", "/resolve"),
    ("8m", "ana", "/sitrep solution=rolled back who=all how=badly"),
    ("9m", "ana", "/email"),
    ("10m", "ana", "/attach"),
)
HALTS = script_of(
    ("20s", "ana", "/alert 1 login"),
    ("30s", "ana", "/join"),
    ("1m", "fay", "/pause fire drill"),
    ("90s", "ana", "/log nobody hears this"),
    ("100s", "fay", "/note they wait"),
    ("2m", "fay", "/resume"),
    ("150s", "ana", "/log we go on"),
    ("3m", "fay", "/skip"),
    ("200s", "ana", "/update after the leap"),
    ("4m", "ana", "/stop"),
    ("5m", "fay", "/resume"),
    ("6m", "ana", "/log last"),
)


def data(plan: DrillPlan, events: Sequence[Event]) -> bytes:
    return DrillLog.reproducible(plan, events).data


def check_every_resume(plan: DrillPlan, script: Script | None = None) -> None:
    """Taken up after any of its events, every day after one in three of them, the drill ends with the same bytes."""
    whole = played(plan, script).events
    expected = data(plan, whole)
    for count in sampled(range(1, len(whole)), 3):
        assert data(plan, resumed(plan, whole[:count], script).events) == expected, (count, whole[count - 1])


# -- whole drills ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", LIBRARY)
def test_every_scenario_runs_to_its_end_with_every_profile(name: str, profile: Profile) -> None:
    for seed in range(3):
        plan = library_plan(name, seed=seed, profiles=(profile,))
        driver = played(plan)
        assert sum(isinstance(event, ev.DrillEnded) for event in driver.events) == 1
        assert isinstance(driver.events[-1], ev.FollowUpClosed)


@pytest.mark.parametrize("team", ["small", "officeluv", "large"])
def test_every_id_in_a_drill_is_known(team: str) -> None:
    plan = library_plan("login-outage", team=team, profiles=("average",))
    known = {player.id for player in plan.players}
    for event in played(plan).events:
        assert event.actor is None or event.actor in known
        assert set(getattr(event, "recipients", ())) <= known


def test_people_who_are_not_played_do_nothing() -> None:
    """A drill to which nobody comes goes through its phases all the same."""
    driver = played(small_plan(), script_of())
    assert all(event.actor is None for event in driver.events)
    assert isinstance(driver.events[-1], ev.FollowUpClosed)


# -- the same bytes ----------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    told = (
        "import hashlib; from simulator.log import DrillLog; from tests.simulator.build import *\n"
        "for name in LIBRARY:\n"
        "    plan = library_plan(name, seed=11, profiles=('good', 'poor', 'average'))\n"
        "    print(hashlib.sha256(DrillLog.reproducible(plan, played(plan).events).data).hexdigest())\n"
    )
    heads = []
    for hash_seed, locale, zone in (("0", "C", "UTC"), ("4242", "C.UTF-8", "Pacific/Kiritimati")):
        changed = {**os.environ, "PYTHONHASHSEED": hash_seed, "LC_ALL": locale, "TZ": zone}
        done = subprocess.run([sys.executable, "-c", told], env=changed, capture_output=True, check=True, text=True)
        heads.append(done.stdout.split())
    assert len(heads[0]) == len(set(heads[0])) == len(LIBRARY)
    assert heads[0] == heads[1]


def test_another_seed_is_another_drill() -> None:
    plans = [library_plan("login-outage", seed=seed) for seed in range(5)]
    assert len({data(plan, played(plan).events) for plan in plans}) == 5


@pytest.mark.parametrize(("name", "mix"), sampled(list(product(LIBRARY, MIXES)), 5))
def test_a_resume_at_any_event_gives_the_same_bytes(name: str, mix: tuple[int, tuple[Profile, ...]]) -> None:
    seed, profiles = mix
    check_every_resume(library_plan(name, seed=seed, profiles=profiles))


def test_a_scripted_drill_resumes_at_any_event() -> None:
    check_every_resume(small_plan(), SCRIPT)


def test_a_drill_that_is_paused_skipped_and_stopped_resumes_at_any_event() -> None:
    check_every_resume(small_plan(injects=[{"id": "one", "at": "10m", "text": "One."}]), HALTS)


def test_a_script_among_simulated_players_resumes_at_any_event() -> None:
    plan = library_plan("login-outage", scripted=["ana"], facilitators=["fay"])
    check_every_resume(plan, script_of(*MIXED, ("3m", "fay", "/pause"), ("4m", "fay", "/resume")))


def test_a_skip_among_simulated_players_resumes_at_any_event() -> None:
    """What they meant to do in the time that is left out, they do when it is over."""
    plan = library_plan("login-outage", scripted=["ana"], facilitators=["fay"])
    script = script_of(*MIXED, ("130s", "fay", "/skip"), ("140s", "fay", "/skip"))
    assert any(isinstance(event, ev.TimeSkipped) for event in played(plan, script).events)
    check_every_resume(plan, script)


def test_a_drill_that_ends_while_it_stands_still_resumes_at_any_event() -> None:
    script = script_of(
        ("1m", "fay", "/pause"), ("2m", "fay", "/end"), ("3m", "ana", "/postmortem learnings=x"), ("4m", "ana", "/stop")
    )
    driver = played(small_plan(), script)
    filed = next(event for event in driver.events if isinstance(event, ev.PostMortemFiled))
    assert (filed.at, filed.wall) == (2 * MINUTE, driver.engine.plan.start + timedelta(minutes=3))
    check_every_resume(small_plan(), script)


MIXED = (
    ("20s", "ana", "/sev 1"),
    ("25s", "ana", "/alert 1 login"),
    ("40s", "ana", "/join"),
    ("50s", "ana", "/role incident_commander"),
    ("2m", "ana", "/heard ben /log he says that he looks"),
    ("2m5s", "fay", "/confirm"),
)


def test_a_drill_in_which_a_program_named_its_acts_resumes() -> None:
    """Ids of acts come from outside; those of a simulated member too, when a facilitator confirms what they said."""
    plan = library_plan("login-outage", scripted=["ana"], facilitators=["fay"])
    driver = played(plan, script_of(*MIXED))
    assert any(event.act == "heard-1" and event.actor == "ben" for event in driver.events)


# -- scripts and the wall ----------------------------------------------------------------------------------------------


def test_a_script_alone_does_what_it_says_when_it_says() -> None:
    driver = played(small_plan(), SCRIPT)
    acted = [event for event in driver.events if event.act is not None]
    assert [event.at for event in acted] == [
        at * SECOND for at in (20, 25, 25, 30, 40, 50, 60, 150, 240, 420, 480, 540, 600)
    ]
    assert all(event.wall == driver.engine.plan.start + timedelta(milliseconds=event.at) for event in acted)
    assert driver.engine.state.impact == "ended"


def test_what_is_refused_is_listed_and_the_drill_goes_on() -> None:
    driver = played(small_plan(), SCRIPT)
    [refusal] = driver.refused
    assert (refusal.at, refusal.act.who, refusal.why) == (90 * SECOND, "chloe", "join #SitRep first (/join)")
    assert isinstance(driver.events[-1], ev.FollowUpClosed)


def test_drill_time_stands_in_a_pause_while_script_and_wall_run_on() -> None:
    driver = played(small_plan(injects=[{"id": "one", "at": "10m", "text": "One."}]), HALTS)
    start = driver.engine.plan.start
    found = {
        type(event).__name__ + getattr(event, "text", ""): (event.at // SECOND, (event.wall - start).seconds)
        for event in driver.events
    }
    assert found["DrillPaused"] == (60, 60)
    assert found["NoteTakenthey wait"] == (60, 100)
    assert found["EntryLoggedwe go on"] == (90, 150)
    assert found["TimeSkipped"] == (120, 180)
    assert found["InjectDeliveredOne."] == (600, 180)
    assert found["UpdatePostedafter the leap"] == (620, 200)
    assert found["DrillStopped"] == (660, 240)
    assert found["DrillResumed"] == (660, 300)
    assert found["EntryLoggedlast"] == (720, 360)
    assert [event.paused_ms for event in driver.events if isinstance(event, ev.DrillResumed)] == [MINUTE, MINUTE]
    assert [refusal.why for refusal in driver.refused] == ["the drill is paused; wait until it goes on"]


def test_the_wall_never_runs_backwards_in_a_simulation() -> None:
    for plan, script in (
        (small_plan(injects=[{"id": "one", "at": "10m", "text": "One."}]), HALTS),
        (small_plan(), SCRIPT),
    ):
        walls = [event.wall for event in played(plan, script).events]
        assert walls == sorted(walls)


def test_what_is_due_comes_before_what_somebody_does_at_the_same_instant() -> None:
    plan = small_plan(injects=[{"id": "one", "at": "25s", "text": "One."}])
    at_once = [type(event).__name__ for event in played(plan, SCRIPT).events if event.at == 25 * SECOND]
    assert at_once == ["InjectDelivered", "TeamAlerted", "Joined"]
