"""Simulated players go through the whole protocol, differ as people do, and have their figures from a table."""

import random
from collections import Counter
from datetime import timedelta
from statistics import fmean, median

import pytest

from scenarios.team import OnCall
from simulator import events as ev
from simulator.clock import VirtualClock, WallClock
from simulator.driver import Driver
from simulator.engine import Engine
from simulator.plan import DrillPlan, Profile
from simulator.players.behaviour import DOINGS
from simulator.players.cast import Cast
from simulator.players.persona import SimulatedPlayer
from simulator.players.profiles import FIGURES, LATENCIES, Figures, figures
from tests.simulator.build import LIBRARY, library_plan, played, resumed

PROFILES: tuple[Profile, ...] = ("expert", "good", "average", "poor", "absent")
LESS_IS_BETTER = set(Figures._fields) - {"corrects", "writes", "follows", "answers"}
SHARES = set(Figures._fields) - {"pace", "spread", "own", "common", "fatigue", "load"}


# -- the figures -------------------------------------------------------------------------------------------------------


def test_every_figure_says_what_it_means_and_where_it_comes_from() -> None:
    assert [figure.name for figure in FIGURES] == list(Figures._fields)
    for figure in FIGURES:
        assert figure.means
        assert "assumed" in figure.source or "design range" in figure.source, figure.name


def test_players_get_worse_from_expert_to_absent() -> None:
    for figure in FIGURES:
        rising = list(figure.values)
        if figure.name != "rushes":  # who is absent rushes no more than who is poor
            assert rising == sorted(rising, reverse=figure.name not in LESS_IS_BETTER), figure.name
        if figure.name in SHARES:
            assert all(0 <= value <= 1 for value in figure.values), figure.name


def test_the_figures_stay_within_what_the_design_allows() -> None:
    for profile in PROFILES:
        assert 0.6 <= figures(profile).spread <= 0.9
        if profile != "absent":
            assert 0.05 <= figures(profile).unreachable <= 0.10


def test_every_intention_has_a_latency_or_a_fixed_time() -> None:
    assert set(DOINGS) - set(LATENCIES) <= {"step", "press_on"}
    assert set(LATENCIES) <= set(DOINGS)
    assert all(shift >= 0 and median > 0 for shift, median in LATENCIES.values())


# -- what they do ------------------------------------------------------------------------------------------------------


def test_a_good_team_goes_through_the_whole_protocol() -> None:
    seen: Counter[str] = Counter()
    for name in LIBRARY:
        for seed in range(4):
            plan = library_plan(name, seed=seed, profiles=("good",))
            seen.update({type(event).__name__ for event in played(plan).events})
    for kind in (
        ev.SeverityDeclared, ev.TeamAlerted, ev.Acknowledged, ev.Joined, ev.Restated, ev.RoleTaken, ev.EntryLogged,
        ev.UpdatePosted, ev.MessageDrafted, ev.DraftApproved, ev.MessagePublished, ev.InjectAnswered, ev.ActionStarted,
        ev.StepDone, ev.TaskDelegated, ev.TaskDone, ev.WorkaroundAnnounced, ev.IncidentResolved, ev.ReportEmailed,
        ev.SituationReportFiled, ev.PaperAttached, ev.PostMortemFiled, ev.CorrectiveActionAdded,
    ):  # fmt: skip
        assert seen[kind.__name__], kind.__name__


def test_who_cannot_be_reached_does_nothing() -> None:
    for seed in range(20):
        plan = library_plan("login-outage", seed=seed, profiles=("absent",))
        away = {player.id for player in Cast(plan).players.values() if not player.reachable}
        assert away
        assert not {event.actor for event in played(plan).events} & away


@pytest.mark.parametrize("profile", ["good", "poor", "absent"])
def test_about_as_many_cannot_be_reached_as_the_table_says(profile: Profile) -> None:
    reached = [
        player.reachable
        for seed in range(300)
        for player in Cast(library_plan("login-outage", seed=seed, profiles=(profile,))).players.values()
    ]
    assert 1 - fmean(reached) == pytest.approx(figures(profile).unreachable, abs=0.02)


def test_better_teams_mend_it_more_often() -> None:
    fixed = []
    for profile in PROFILES:
        ends = [
            any(
                isinstance(event, ev.ImpactChanged) and event.impact == "ended"
                for event in played(library_plan(name, seed=seed, profiles=(profile,))).events
            )
            for name in LIBRARY
            for seed in range(5)
        ]
        fixed.append(fmean(ends))
    assert fixed[0] >= fixed[2] >= fixed[4]
    assert fixed[0] > 0.8
    assert fixed[4] < 0.5


def test_only_simulated_seats_are_played() -> None:
    plan = library_plan("login-outage", scripted=["ana", "ben"])
    assert set(Cast(plan).players) == {"chloe", "dev", "elif", "finn"}
    assert not {event.actor for event in played(plan).events} & {"ana", "ben"}


def test_the_whole_team_shares_a_common_pace_and_each_has_their_own() -> None:
    paces = [[player.pace for player in Cast(library_plan("login-outage", seed=s)).players.values()] for s in range(60)]
    assert all(len(set(team)) == len(team) for team in paces)
    means = [fmean(team) for team in paces]
    alone = fmean(fmean((pace - mean) ** 2 for pace in team) for team, mean in zip(paces, means, strict=True))
    between = fmean((mean - fmean(means)) ** 2 for mean in means)
    assert between > alone / 6 * 1.5  # more than six independent people's mean would stray


class Late:
    """A clock on the wall in a process that is always late by a few seconds."""

    def __init__(self, plan: DrillPlan, seed: int) -> None:
        self.passed = 0.0
        self._random = random.Random(seed)  # noqa: S311 - a test, no secret
        self.clock = WallClock(0, 1.0, lambda: self.passed, lambda: plan.start + timedelta(seconds=self.passed))

    def play(self, driver: Driver) -> None:
        """Play to the end; what is late comes in its order, as a live drill does it."""
        while (due := driver.next_due()) is not None:
            self.passed += self.clock.wait(due) + self._random.uniform(0, 20)
            while (due := driver.next_due()) is not None and due <= self.clock.now:
                ahead, at = driver.engine.next_due(), driver.engine.state.at
                players_turn = ahead is not None and due < ahead and at < ahead
                self.clock.held = min(self.clock.now, ahead - 1) if players_turn and ahead is not None else None
                driver.step()
                self.clock.held = None


@pytest.mark.parametrize("seed", range(4))
def test_a_player_who_is_late_forgets_nothing_when_the_drill_is_cut_off(seed: int) -> None:
    """Whatever a player did later in the drill that went on, they still mean to do after a resume at any event."""
    plan = library_plan("login-outage", seed=seed, profiles=("average",))
    late = Late(plan, seed)
    driver = Driver.start(plan, [Cast(plan)], late.clock)
    late.play(driver)
    whole = driver.events
    for count in range(1, len(whole)):
        cast = Cast(plan)
        resumed = Driver(plan, [cast], VirtualClock(plan.start))
        resumed.engine = Engine.resume(plan, whole[:count], resumed._observe)
        formed = {f"{cast.by_place[place].id}-{number}" for _, place, number, _ in cast.intentions}
        cast.catch_up(resumed.events)
        kept = {f"{cast.by_place[place].id}-{number}" for _, place, number, _ in cast.intentions}
        later = {event.act for event in whole[count:] if event.act is not None}
        done = {event.act for event in whole[:count] if event.act is not None}
        assert later & formed <= kept, "something is forgotten"
        assert not done & kept, "something would be done twice"


# -- where a call finds them -------------------------------------------------------------------------------------------


def called(plan: DrillPlan, where: OnCall | None) -> DrillPlan:
    return plan.model_copy(update={"players": [one.model_copy(update={"on_call": where}) for one in plan.players]})


def waits(where: OnCall | None, first: type[ev.Event], then: type[ev.Event]) -> float:
    """Seconds from the first of one kind of event to the median of those of another, over some drills."""
    found: list[float] = []
    for seed in range(12):
        events = played(called(library_plan("login-outage", seed=seed), where)).events
        since = next((event.at for event in events if isinstance(event, first)), None)
        found += [(event.at - since) / 1000 for event in events if isinstance(event, then) and since is not None]
    return median(found)


def test_who_sleeps_or_sits_in_a_meeting_is_there_later_and_the_desk_is_the_default() -> None:
    plan = library_plan("login-outage")
    assert played(called(plan, None)).events == played(called(plan, "desk")).events
    answered = [waits(where, ev.TeamAlerted, ev.Acknowledged) for where in ("desk", "meeting", "asleep")]
    assert answered[0] < 30 < 60 < answered[1] < answered[2] < 5 * 60
    joined = [waits(where, ev.TeamAlerted, ev.Joined) for where in ("desk", "meeting", "asleep")]
    assert joined[0] < 60 < joined[1] < joined[2] < 10 * 60
    alerted = [waits(where, ev.IncidentReported, ev.TeamAlerted) for where in ("desk", "meeting", "asleep")]
    assert alerted[0] + 30 < alerted[1] < alerted[2]


def test_who_was_woken_is_slower_until_fully_awake_and_is_woken_once() -> None:
    member = called(library_plan("login-outage"), "asleep").players[0]
    player = SimulatedPlayer(library_plan("login-outage"), 0, member, figures("good"))
    noticed = player.ready("judge", 1_000)
    assert player.ready("judge", 0) == noticed > 20_000
    assert player.ready("join", noticed) > noticed + 30_000
    assert player.ready("join", 3_600_000) == 3_600_000
    growth = [player.drowsiness(noticed + minutes * 60_000) for minutes in (0, 15, 30, 90)]
    assert growth == [0.5, 0.25, 0.0, 0.0]


def test_a_drill_of_people_who_sleep_goes_on_alike_after_a_resume_at_any_event() -> None:
    plan = called(library_plan("login-outage", seed=3), "asleep")
    whole = played(plan).events
    for count in range(1, len(whole), 9):
        assert resumed(plan, whole[:count]).events == whole, count
