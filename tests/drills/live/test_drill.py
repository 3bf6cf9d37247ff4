"""A live drill: the same drill as a simulated one, which tells only what is stored, and survives failures."""

import asyncio
import itertools
import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from drills.live import drill as live_module
from drills.live.drill import DOWN, UNSTORED, LiveDrill
from drills.records.future import Promise
from drills.records.schema import EVENTS, TEXTS
from drills.records.store import Store, StoreError
from scenarios.script import Script
from scoring.scorecard import grade
from simulator import acts as do
from simulator import clock as clock_module
from simulator import events as ev
from simulator.acts import Act, ActRefused
from simulator.clock import WallClock, even_instants
from simulator.engine import Engine
from simulator.events import Event
from simulator.log import DrillLog, verify
from simulator.plan import DrillPlan, Profile
from simulator.players.scripted_team import ScriptedTeam
from simulator.state import DrillState
from simulator.syntax import parse
from tests.drills.stage import SOON, Stage, breaking, events_of, on_stage, run
from tests.simulator.build import MINUTE, SECOND, library_plan, played, script_of, small_plan, snapshot
from tests.simulator.test_driver import HALTS, SCRIPT
from tests.support.databases import database_at
from tests.support.extent import examples, sampled

WRITES = "the database did not take it: the disk does not work as it should (I/O error)"
_number = itertools.count()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(database_at(tmp_path / "drills.sqlite"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for many drills, each with an id of its own."""
    opened = Store(database_at(tmp_path_factory.mktemp("shared") / "drills.sqlite"))
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once when the store has failed."""
    monkeypatch.setattr(live_module, "RETRY", 0.005)


def named(plan: DrillPlan) -> DrillPlan:
    """The plan under an id that no other drill has."""
    return plan.model_copy(update={"drill": f"{plan.drill}-{next(_number)}"})


def sealed(plan: DrillPlan, events: Sequence[Event]) -> bytes:
    return DrillLog.reproducible(plan, events).data


def acts_of(plan: DrillPlan, script: Script) -> list[tuple[float, Act]]:
    """A script's acts with the seconds at which they are made."""
    team, found = ScriptedTeam(plan, script), list[tuple[float, Act]]()
    state = DrillState(plan)
    while (at := team.next_due(halted=False)) is not None:
        act = team.act(at, state)
        assert act is not None
        found.append((at / 1000, act))
    return found


async def play(stage: Stage, script: Script) -> None:
    """People who do what a script says, at its times."""
    for at, act in acts_of(stage.live.plan, script):
        await stage.to(at)
        try:
            await stage.act(act)
        except ActRefused:
            continue


async def to_the_end(stage: Stage) -> None:
    await stage.to(400 * 24 * 3600)
    assert stage.live.finished


# -- the same drill ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [SCRIPT, HALTS], ids=["script", "halts"])
def test_people_who_act_live_make_the_same_log_as_their_acts_in_a_simulation(store: Store, script: Script) -> None:
    """To the byte: times, instants, pauses, what was skipped, what was refused; and so the same score."""
    plan = small_plan(injects=[{"id": "one", "at": "10m", "text": "One."}])

    async def test() -> None:
        async with on_stage(store, plan) as stage:
            await play(stage, script)
            await to_the_end(stage)
            whole = played(plan, script).events
            assert sealed(plan, stage.live.events) == sealed(plan, whole)
            assert stage.heard == (await stage.stored()) == list(whole)
            assert grade(DrillLog.reproducible(plan, (await stage.stored()))) == grade(
                DrillLog.reproducible(plan, whole)
            )

    run(test())


@pytest.mark.parametrize(
    ("name", "profile"), [("login-outage", "average"), ("checkout-outage", "good"), ("billing-outage", "poor")]
)
def test_simulated_players_play_live_as_they_do_in_a_simulation(store: Store, name: str, profile: Profile) -> None:
    plan = library_plan(name, profiles=(profile,))

    async def test() -> None:
        async with on_stage(store, plan) as stage:
            await to_the_end(stage)
            assert sealed(plan, (await stage.stored())) == sealed(plan, played(plan).events)

    run(test())


def test_a_drill_runs_by_itself_on_the_real_clock(store: Store) -> None:
    """At a great pace: everything that is due comes, in order, late by no more than this machine is slow."""
    injects = [{"id": f"inject-{number}", "at": f"{number + 1}m", "text": f"Number {number}."} for number in range(20)]
    plan = small_plan(injects=injects)

    async def test() -> None:
        row = plan.model_copy(update={"start": datetime.now(UTC)})
        over = asyncio.Event()
        live = await LiveDrill.start(store, row, {}, 5000.0)
        heard = list(live.events)

        def listen(events: Sequence[Event]) -> None:
            heard.extend(events)
            if isinstance(events[-1], ev.PhaseBegan):
                over.set()

        live.listeners.append(listen)
        await live.act(do.AlertTeam(who="ana", severity=1, topic="login"))
        await asyncio.wait_for(over.wait(), SOON)
        await live.close()
        shown = [event for event in heard if isinstance(event, ev.InjectDelivered)]
        assert [event.inject for event in shown] == [f"inject-{number}" for number in range(20)]
        assert all(event.due is not None and event.due <= event.at for event in shown)
        assert list(live.events) == heard == await events_of(store, plan.drill)
        assert verify(sealed(row, heard)).right

    run(test())


# -- late --------------------------------------------------------------------------------------------------------------


def test_what_is_late_comes_in_order_and_is_marked_late(store: Store) -> None:
    """As after a machine that slept: ten minutes in which three injects were due."""
    injects = [{"id": f"at-{minute}", "at": f"{minute}m", "text": "Hello?"} for minute in (7, 3, 5)]

    async def test() -> None:
        async with on_stage(store, small_plan(injects=injects)) as stage:
            await stage.jump(600)
            await stage.says("ana", "/alert 1 login")
            shown = [event for event in stage.heard if isinstance(event, ev.InjectDelivered)]
            assert [(event.inject, event.due, event.at) for event in shown] == [
                ("at-3", 3 * MINUTE, 10 * MINUTE),
                ("at-5", 5 * MINUTE, 10 * MINUTE),
                ("at-7", 7 * MINUTE, 10 * MINUTE),
            ]
            assert stage.heard[-1].at == 10 * MINUTE

    run(test())


jumps = st.lists(st.floats(0.001, 200, allow_nan=False), min_size=1, max_size=25)


@settings(max_examples=examples(12))
@given(jumps=jumps, seed=st.integers(0, 5), profile=st.sampled_from(["expert", "average"]))
def test_simulated_players_cope_with_any_lateness(
    shared: Store, jumps: list[float], seed: int, profile: Profile
) -> None:
    """A player who is late acts all the same, before what is due next; nothing raises, nothing runs backwards."""
    plan = named(library_plan("login-outage", seed=seed, profiles=(profile,)))

    async def test() -> None:
        async with on_stage(shared, plan) as stage:
            for seconds in jumps:
                await stage.jump(seconds)
                assert stage.live.fault is None
            events = await stage.stored()
            assert stage.heard == events
            assert all(one.at <= other.at for one, other in itertools.pairwise(events))
            assert all(event.due is None or event.due <= event.at for event in events)
            assert verify(sealed(plan, events)).right

    run(test())


# -- the machine's clock -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_machines_clock_set_back_or_forward_changes_no_drill_time(store: Store, hours: int) -> None:
    plan = library_plan("login-outage", scripted=["ana"], facilitators=["fay"])
    before = script_of(("20s", "ana", "/sev 1"), ("25s", "ana", "/alert 1 login"), ("40s", "ana", "/join"))
    after = script_of(("3m", "ana", "/log looking"), ("4m", "fay", "/pause"), ("5m", "fay", "/resume"))

    async def test() -> None:
        async with on_stage(store, plan) as stage:
            await play(stage, before)
            stage.hand.set_by = timedelta(hours=hours)
            await play(stage, after)
            await stage.to(900)
            times = [(type(event), event.at, event.due) for event in stage.heard]
        other = named(plan)
        async with on_stage(store, other) as stage:
            await play(stage, before)
            await play(stage, after)
            await stage.to(900)
            assert [(type(event), event.at, event.due) for event in stage.heard] == times

    run(test())


def test_instants_run_on_evenly_whatever_the_machines_clock_is_set_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a pause in which somebody sets the clock is as long in the log as it was."""

    class Shown(datetime):
        now_is = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            assert tz is UTC
            return cls.now_is

    passed = 100.0
    monkeypatch.setattr(clock_module, "datetime", Shown)
    monkeypatch.setattr(clock_module, "_since_boot", lambda: passed)
    instant = even_instants()
    assert instant() == datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
    Shown.now_is -= timedelta(hours=1)
    passed += 60
    assert instant() == datetime(2026, 3, 3, 15, 1, tzinfo=UTC)


def test_instants_are_those_of_the_machine() -> None:
    assert abs(even_instants()() - datetime.now(UTC)) < timedelta(seconds=1)


@given(
    at=st.integers(0, 10**9),
    pace=st.sampled_from([1.0, 10.0, 0.3, 600.0, 7.7]),
    steps=st.lists(st.floats(0, 1e4), max_size=5),
)
def test_what_has_been_waited_for_is_there(at: int, pace: float, steps: list[float]) -> None:
    """However seconds are rounded: a timer that has fired never finds that it is still too early."""
    passed = 12345.678
    clock = WallClock(0, pace, lambda: passed)
    for step in steps:
        passed += step
        clock.set(clock.now)
    passed += clock.wait(at)
    assert clock.wait(at) > 0 or clock.now >= at
    passed += clock.wait(at) + 1e-6
    assert clock.now >= at


def test_a_moment_lasts_as_long_as_it_is_held() -> None:
    passed = 0.0
    clock = WallClock(0, 1.0, lambda: passed)
    clock.held = clock.now
    passed = 5.0
    assert (clock.now, clock.reach(2)[0]) == (0, 2)
    clock.held = None
    assert (clock.now, clock.reach(2)[0]) == (5000, 5000)


# -- standing still ----------------------------------------------------------------------------------------------------


def test_drill_time_stands_still_in_a_pause_and_goes_on_where_it_stood(store: Store) -> None:
    async def test() -> None:
        async with on_stage(store, small_plan(injects=[{"id": "one", "at": "5m", "text": "One."}])) as stage:
            await stage.says("ana", "/alert 1 login")
            await stage.to(60)
            await stage.says("fay", "/pause fire drill")
            await stage.jump(3600)
            assert stage.live.at == MINUTE
            assert await stage.refusal("ana", "/ack") == "the drill is paused; wait until it goes on"
            resumed = await stage.says("fay", "/resume")
            assert isinstance(resumed, ev.DrillResumed)
            assert (resumed.at, resumed.paused_ms) == (MINUTE, 3600 * SECOND)
            await stage.to(3660 + 239)
            assert "InjectDelivered" not in stage.kinds()
            await stage.to(3660 + 240)
            assert (stage.kinds()[-1], stage.heard[-1].at) == ("InjectDelivered", 5 * MINUTE)

    run(test())


def test_skipping_moves_to_the_next_thing_that_is_due(store: Store) -> None:
    async def test() -> None:
        async with on_stage(store, small_plan(injects=[{"id": "one", "at": "20m", "text": "One."}])) as stage:
            await stage.says("ana", "/alert 1 login")
            await stage.to(60)
            await stage.says("fay", "/skip")
            assert stage.kinds()[-2:] == ["TimeSkipped", "InjectDelivered"]
            assert (stage.heard[-1].at, stage.live.at) == (20 * MINUTE, 20 * MINUTE)
            await stage.to(70)
            said = await stage.says("ana", "/join")
            assert said is not None
            assert said.at == 20 * MINUTE + 10 * SECOND

    run(test())


def test_whoever_stops_the_drill_halts_it_for_all(store: Store) -> None:
    async def test() -> None:
        async with on_stage(store, small_plan(injects=[{"id": "one", "at": "5m", "text": "One."}])) as stage:
            await stage.to(60)
            await stage.says("chloe", "/stop")
            await stage.jump(86_400)
            assert stage.kinds()[-1] == "DrillStopped"
            assert stage.live.state.stopped
            again = await stage.again(down=3600)
            assert again.kinds()[-1] == "DrillStopped"  # it was paused anyway: nothing to say about the restart
            await again.says("fay", "/resume")
            assert again.live.at == MINUTE
            await again.live.close()

    run(test())


def test_a_drill_that_ends_in_a_pause_does_not_leap(store: Store) -> None:
    """What comes after it is at the drill time at which it stood."""

    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            await stage.to(60)
            await stage.says("fay", "/pause")
            await stage.jump(1800)
            await stage.says("fay", "/end")
            assert stage.kinds()[-2:] == ["DrillEnded", "PhaseBegan"]
            assert {event.at for event in stage.heard[-2:]} == {MINUTE}
            await stage.jump(10)
            assert stage.live.at == MINUTE + 10 * SECOND

    run(test())


# -- once, and only what is stored -------------------------------------------------------------------------------------


def test_an_act_sent_again_is_applied_once_and_answered_when_it_is_stored(store: Store) -> None:
    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            await stage.says("ana", "/alert 1 login")
            act = do.Join(who="ana", id="client-1")
            results = await asyncio.gather(*(stage.live.act(act) for _ in range(100)))
            assert [len(events) for events in results] == [1] + [0] * 99
            assert await stage.act(act) is None
            again = await stage.again()
            assert await again.act(act) is None
            assert again.kinds().count("Joined") == 1
            await again.live.close()

    run(test())


def test_nobody_is_answered_before_what_the_answer_rests_on_is_stored(store: Store) -> None:
    """Not the one whose act it is, not who sends it again, and not who is refused because of it."""

    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            for who in ("ana", "ben"):
                await stage.says("ana", "/alert 1 login")
                await stage.says(who, "/join")
            before = len(stage.heard)
            with breaking(store) as broken:
                role = "incident_commander"
                answers = await asyncio.gather(
                    *(
                        stage.live.act(act)
                        for act in (
                            do.TakeRole(who="ana", role=role, id="one"),
                            do.TakeRole(who="ana", role=role, id="one"),
                            do.TakeRole(who="ben", role=role),
                        )
                    ),
                    return_exceptions=True,
                )
                assert [str(answer) for answer in answers] == [WRITES] * 3
                assert all(isinstance(answer, StoreError) for answer in answers)
                assert broken.failed
            await stage.until(lambda: stage.live.fault is None)
            assert "RoleTaken" not in stage.kinds()
            assert stage.kinds()[before:] == ["DrillPaused", "DrillResumed"]
            await stage.says("ben", f"/role {role}")
            assert await stage.refusal("ana", f"/role {role}") == (
                "ben holds the role Incident Commander; ask for a handover (/handover Incident Commander ana)"
            )

    run(test())


def test_whoever_gives_up_waiting_changes_nothing(store: Store) -> None:
    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            waiting = asyncio.create_task(stage.live.act(do.AlertTeam(who="ana", severity=1, topic="login")))
            await asyncio.sleep(0)
            waiting.cancel()
            await stage.settled()
            assert stage.kinds()[-1] == "TeamAlerted"
            assert (await stage.stored()) == stage.heard

    run(test())


def test_a_listener_that_fails_keeps_nobody_from_hearing(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def fails(_: Sequence[Event]) -> None:
        raise ValueError("an error in the program")

    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            stage.live.listeners.insert(0, fails)
            await stage.says("ana", "/alert 1 login")
            assert stage.kinds()[-1] == "TeamAlerted"

    with caplog.at_level(logging.ERROR, "drillroom.drills"):
        run(test())
    assert "listener failed" in caplog.text


# -- the store fails ---------------------------------------------------------------------------------------------------


def test_what_cannot_be_stored_has_not_happened_and_the_drill_stands_still(store: Store) -> None:
    plan = small_plan(injects=[{"id": "one", "at": "2m", "text": "One."}])

    async def test() -> None:
        async with on_stage(store, plan) as stage:
            await stage.says("ana", "/alert 1 login")
            await stage.to(60)
            before, heard = snapshot(stage.live.state), list(stage.heard)
            with breaking(store):
                with pytest.raises(StoreError, match="the database did not take it"):
                    await stage.says("ben", "/ack", "client-7")
                assert stage.live.fault == WRITES
                with pytest.raises(StoreError, match="the database did not take it"):
                    await stage.says("chloe", "/ack")
                await stage.jump(600)
                assert stage.live.at == MINUTE
                assert stage.live.alive is None
                assert (snapshot(stage.live.state), stage.heard, (await stage.stored())) == (before, heard, heard)
            await stage.until(lambda: stage.live.fault is None)
            paused, resumed = stage.heard[-2:]
            assert isinstance(paused, ev.DrillPaused)
            assert isinstance(resumed, ev.DrillResumed)
            assert (paused.reason, paused.at, paused.actor) == (UNSTORED, MINUTE, None)
            assert (resumed.at, resumed.paused_ms) == (MINUTE, 600 * SECOND)
            assert (resumed.wall - paused.wall).total_seconds() == 600
            for _ in range(2):
                await stage.says("ben", "/ack", "client-7")  # sent again, and again
            assert stage.kinds().count("Acknowledged") == 1
            await stage.to(660 + 60)
            assert (stage.kinds()[-1], stage.heard[-1].at) == ("InjectDelivered", 2 * MINUTE)
            assert stage.heard == (await stage.stored())

    run(test())


def test_what_comes_due_while_nothing_can_be_stored_is_shown_once_and_afterwards(store: Store) -> None:
    plan = small_plan(injects=[{"id": "one", "at": "2m", "text": "One."}])

    async def test() -> None:
        async with on_stage(store, plan) as stage:
            with breaking(store):
                await stage.to(150)
                await stage.until(lambda: stage.live.fault is not None)
                assert "InjectDelivered" not in stage.kinds()
            await stage.until(lambda: stage.live.fault is None)
            await stage.settled()
            shown = [event for event in stage.heard if isinstance(event, ev.InjectDelivered)]
            assert [(event.inject, event.due) for event in shown] == [("one", 2 * MINUTE)]
            assert stage.heard == (await stage.stored())

    run(test())


@pytest.mark.parametrize("line", ["/skip", "/resume", "/end", "/stop", "/pause", "/note so"])
@pytest.mark.parametrize("halted", [False, True])
def test_whatever_was_not_stored_moves_no_time_and_the_drill_goes_on(store: Store, line: str, halted: bool) -> None:
    """A skip that failed has not skipped, a resume that failed has not resumed; and it comes to itself all the same."""

    async def test() -> None:
        async with on_stage(store, small_plan(injects=[{"id": "one", "at": "20m", "text": "One."}])) as stage:
            await stage.says("ana", "/alert 1 login")
            await stage.to(60)
            if halted:
                await stage.says("fay", "/pause")
            await stage.jump(5)
            stood = MINUTE if halted else MINUTE + 5 * SECOND
            with breaking(store):
                try:
                    await stage.says("fay", line)
                except (StoreError, ActRefused):
                    await stage.jump(30)
                failed = stage.live.fault is not None
                assert not failed or stage.live.at == stood
            await stage.until(lambda: stage.live.fault is None)
            assert stage.live.at == stood + (0 if failed or halted else 30 * SECOND)
            assert stage.live.state.halted is halted
            await stage.settled()
            assert "InjectDelivered" not in stage.kinds()
            assert stage.heard == (await stage.stored())
            if halted:
                await stage.says("fay", "/resume")
            await stage.says("fay", "/skip")
            assert stage.kinds()[-1] == "InjectDelivered"

    run(test())


@pytest.mark.parametrize("halted", [False, True])
def test_a_commit_that_succeeds_and_says_that_it_has_not_counts_and_is_told_once(store: Store, halted: bool) -> None:
    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            await stage.to(60)
            if halted:
                await stage.says("fay", "/pause")
            who, line = ("fay", "/note they wait") if halted else ("ana", "/alert 1 login")
            with breaking(store, "lately") as broken:
                with pytest.raises(StoreError):
                    await stage.says(who, line, "client-1")
                await stage.until(lambda: broken.failed > 2)
            await stage.until(lambda: stage.live.fault is None)
            assert [event.act for event in stage.heard].count("client-1") == 1
            assert await stage.says(who, line, "client-1") is None
            assert stage.heard == (await stage.stored())
            assert [event.seq for event in stage.heard] == list(range(len(stage.heard)))

    run(test())


def test_a_database_that_has_lost_what_it_had_taken_keeps_the_drill_standing(store: Store) -> None:
    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            await stage.says("ana", "/alert 1 login")
            with breaking(store), pytest.raises(StoreError):
                await stage.says("ben", "/ack")

            def lose(connection: sa.Connection) -> None:
                for table in (EVENTS, TEXTS):
                    connection.execute(table.delete().where(table.c.seq > 0))

            await store.submit(lose)
            await stage.until(lambda: "has lost what it had taken" in (stage.live.fault or ""))

    # The first attempt to go on may come before the loss; then there is nothing to be seen yet.
    live_module.RETRY = 0.2
    run(test())


def test_reading_may_fail_as_well(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the whole database is away for a while."""

    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            reads, tried = store.log, 0

            def away(drill: str) -> Promise[DrillLog | None]:
                nonlocal tried
                tried += 1
                if tried < 3:
                    raise StoreError("the database cannot be read: it is away")
                return reads(drill)

            monkeypatch.setattr(store, "log", away)
            with breaking(store), pytest.raises(StoreError):
                await stage.says("ana", "/alert 1 login")
            await stage.until(lambda: stage.live.fault is None)
            assert tried == 3
            await stage.says("ana", "/alert 1 login")

    run(test())


def test_a_server_that_comes_up_on_a_database_that_takes_nothing_tries_until_it_does(store: Store) -> None:
    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            await stage.to(60)
            await stage.says("ana", "/alert 1 login")
            with breaking(store):
                again = await stage.again(down=100)
                assert again.live.fault == WRITES
                again.hand.passed += 10
            await again.until(lambda: again.live.fault is None)
            assert again.kinds()[-2:] == ["DrillPaused", "DrillResumed"]
            resumed = again.heard[-1]
            assert isinstance(resumed, ev.DrillResumed)
            assert (resumed.at, resumed.paused_ms) == (MINUTE, 110 * SECOND)
            await again.live.close()

    run(test())


def test_a_drill_whose_beginning_cannot_be_stored_does_not_begin(store: Store) -> None:
    async def test() -> None:
        with breaking(store), pytest.raises(StoreError):
            await LiveDrill.start(store, small_plan(), {})
        assert await events_of(store, "small-7") == []
        assert len(asyncio.all_tasks()) == 2  # this one, and the one that watches over its time

    run(test())


lines = ["/join", "/log so", "/update so", "/do look", "/pause", "/resume", "/skip", "/stop", "hello", "/ack"]
operations = st.lists(
    st.one_of(
        st.tuples(st.just("says"), st.tuples(st.sampled_from(["ana", "ben", "fay"]), st.sampled_from(lines))),
        st.tuples(st.just("sends_again"), st.integers(0, 5)),
        st.tuples(st.just("passes"), st.floats(0.1, 400)),
        st.tuples(st.just("breaks"), st.none()),
        st.tuples(st.just("is_mended"), st.none()),
        st.tuples(st.just("restarts"), st.floats(0, 100)),
    ),
    max_size=30,
)


class Course:
    """What happens to a drill, and what those who acted were told."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.done: set[str] = set()
        self.not_done: set[str] = set()
        self._sent: list[Act] = []
        self._broken: breaking | None = None

    async def _send(self, act: Act) -> None:
        name = act.id or ""
        try:
            await self.stage.act(act)
        except (ActRefused, StoreError):
            self.not_done |= {name} - self.done
        else:
            self.done.add(name)
            self.not_done.discard(name)

    async def says(self, what: tuple[str, str]) -> None:
        who, line = what
        self._sent.append(parse(line, who, f"client-{len(self._sent)}"))
        await self._send(self._sent[-1])

    async def sends_again(self, number: int) -> None:
        if self._sent:
            await self._send(self._sent[-1 - number % len(self._sent)])

    async def passes(self, seconds: float) -> None:
        await self.stage.jump(seconds)

    async def breaks(self, _: None) -> None:
        if self._broken is None:
            self._broken = breaking(self.stage.store)
            self._broken.__enter__()

    async def is_mended(self, _: None) -> None:
        if self._broken is not None:
            self._broken.__exit__()
            self._broken = None
        await self.stage.until(lambda: self.stage.live.fault is None)

    async def restarts(self, down: float) -> None:
        heard = self.stage.heard
        self.stage = await self.stage.again(down=down)
        assert heard == self.stage.heard[: len(heard)]


@settings(max_examples=examples(25))
@given(operations=operations)
def test_whatever_fails_whenever_what_was_told_is_what_is_stored(
    shared: Store, operations: list[tuple[str, object]]
) -> None:
    """Acts, pauses, skips, restarts and a disk that fails now and then, in any order.

    Those who were told that it is done find it in the log, once; those who were told that it is not do not; listeners
    have heard each event once and in order; and each inject has come once.
    """
    injects = [{"id": f"at-{minute}", "at": f"{minute}m", "text": "Hello?"} for minute in range(1, 12)]
    plan = named(small_plan(injects=injects))

    async def test() -> None:
        async with on_stage(shared, plan) as stage:
            course = Course(stage)
            await course.says(("ana", "/alert 1 login"))
            for what, how in operations:
                await getattr(course, what)(how)
            await course.is_mended(None)
            await course.stage.settled()
            await course.stage.live.close()
            events = await course.stage.stored()
            assert course.stage.heard == events
        assert [event.seq for event in events] == list(range(len(events)))
        ids = [event.act for event in events if event.act is not None]
        assert len(ids) == len(set(ids))
        assert course.done <= set(ids)
        assert not course.not_done & set(ids)
        shown = [event.inject for event in events if isinstance(event, ev.InjectDelivered)]
        assert len(shown) == len(set(shown))
        assert verify(sealed(plan, events)).right

    run(test())


# -- a disk that is full -----------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root can mount a small disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {made.stderr.decode().strip()}")
    yield disk
    subprocess.run([umount, disk], check=True)


@pytest.mark.sqlite_only(reason="the disk under its file")
def test_a_full_disk_refuses_acts_until_there_is_room(small_disk: Path) -> None:
    store = Store(small_disk / "drills.sqlite")
    filling = small_disk / "something-else"

    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            await stage.says("ana", "/alert 1 login")
            await stage.says("ana", "/join")
            _fill(filling)
            done, refused = 0, ""
            for number in range(200):
                try:
                    await stage.says("ana", f"/log {'x' * 4000}", f"client-{number}")
                    done += 1
                except StoreError as error:
                    refused = str(error)
                    break
            assert refused == "the database did not take it: the disk is full; make room"
            await stage.jump(30)
            assert stage.live.fault is not None
            assert stage.kinds().count("EntryLogged") == done
            assert stage.heard == (await stage.stored())
            filling.unlink()
            await stage.until(lambda: stage.live.fault is None)
            resumed = stage.heard[-1]
            assert isinstance(resumed, ev.DrillResumed)
            assert resumed.paused_ms == 30 * SECOND
            await stage.says("ana", f"/log {'x' * 4000}", f"client-{done}")
            assert stage.kinds().count("EntryLogged") == done + 1

    try:
        run(test())
        store.close()
        again = Store(small_disk / "drills.sqlite")
        assert sum(isinstance(event, ev.EntryLogged) for event in events_of(again, "small-7").result(SOON)) >= 1
        again.close()
    finally:
        store.close()


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filling:
        for size in (65_536, 4096):
            try:
                while True:
                    filling.write(b"x" * size)
            except OSError:
                continue


# -- the program fails -------------------------------------------------------------------------------------------------


def test_an_act_at_which_the_program_fails_is_refused_and_the_others_go_on(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise KeyError("secret words")

    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            with monkeypatch.context() as patched:
                patched.setattr("simulator.engine.decide", fails)
                assert "something went wrong with that" in await stage.refusal("ana", "/ack")
            assert stage.live.fault is None
            await stage.says("ana", "/alert 1 login")

    with caplog.at_level(logging.ERROR, "drillroom.drills"):
        run(test())
    assert "act failed" in caplog.text


def test_a_drill_in_which_the_program_fails_stops_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyError("secret words")

    async def test() -> None:
        async with on_stage(store, small_plan(injects=[{"id": "one", "at": "2m", "text": "One."}])) as stage:
            await stage.says("ana", "/alert 1 login")
            with monkeypatch.context() as patched:
                patched.setattr(Engine, "_inject", fails)
                await stage.to(120)
                await stage.until(lambda: stage.live.fault is not None)
            assert stage.live.fault is not None
            assert "an error in the program" in stage.live.fault
            assert "secret" not in stage.live.fault
            with pytest.raises(StoreError, match="an error in the program"):
                await stage.says("ben", "/ack")
            again = await stage.again()
            await again.jump(120)
            assert "InjectDelivered" in again.kinds()
            await again.live.close()

    run(test())


# -- after a restart ---------------------------------------------------------------------------------------------------


def test_a_drill_resumes_after_any_of_its_events(store: Store) -> None:
    """From every prefix of a live drill it goes on to its end: nothing twice, nothing left out."""
    plan = small_plan(injects=[{"id": f"at-{n}", "at": f"{n}m", "text": "Hello?"} for n in (2, 5, 9)])

    async def test() -> None:
        async with on_stage(store, plan) as stage:
            await play(stage, SCRIPT)
            await stage.jump(700)
            whole = list(stage.heard)
        injects = [event.inject for event in whole if isinstance(event, ev.InjectDelivered | ev.InjectNotTaken)]
        for count in sampled(range(1, len(whole)), 3):
            prefix = whole[:count]
            async with on_stage(store, named(plan), prefix) as again:
                assert again.heard[:count] == prefix
                assert [type(event) for event in again.heard[count : count + 2]] == [ev.DrillPaused, ev.DrillResumed]
                assert again.live.at == again.heard[count].at >= prefix[-1].at
                for _ in range(3):  # one phase after the other
                    await again.jump(3600)
                events = await again.stored()
                found = [event.inject for event in events if isinstance(event, ev.InjectDelivered | ev.InjectNotTaken)]
                assert sorted(map(str, found)) == sorted(map(str, injects))
                assert again.live.state.phase == "follow_up"
                assert verify(sealed(plan, events)).right

    run(test())


def test_drill_time_stands_still_while_the_server_is_down_and_the_log_says_how_long(store: Store) -> None:
    plan = small_plan(injects=[{"id": "one", "at": "2m", "text": "One."}])

    async def test() -> None:
        async with on_stage(store, plan) as stage:
            await stage.to(60)
            await stage.says("ana", "/alert 1 login")
            await stage.jump(20)
            at, instant = stage.live.alive or (0, "")
            assert at == 80 * SECOND
            again = await stage.again((at, datetime.fromisoformat(instant)), down=3600)
            paused, resumed = again.heard[-2:]
            assert isinstance(paused, ev.DrillPaused)
            assert isinstance(resumed, ev.DrillResumed)
            assert (paused.reason, paused.at, paused.wall) == (DOWN, 80 * SECOND, plan.start + timedelta(seconds=80))
            assert (resumed.at, resumed.paused_ms) == (80 * SECOND, 3600 * SECOND)
            await again.to(3680 + 40)
            assert (again.kinds()[-1], again.heard[-1].at) == ("InjectDelivered", 2 * MINUTE)
            await again.live.close()

    run(test())


def test_a_drill_that_is_over_rests_as_it_is(store: Store) -> None:
    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            await to_the_end(stage)
            row = await store.drill("small-7")
            assert row is not None
            assert row.state == "closed"
            again = await stage.again(down=100)
            assert again.heard == stage.heard
            assert await again.refusal("fay", "/note too late") == "the follow-up is closed; the drill is over"
            await again.live.close()

    run(test())


def test_a_database_that_does_not_answer_lets_nobody_wait_and_the_drill_stands_still(store: Store) -> None:
    """As one whose process was stopped. What it was given it may store yet: that is then there once, and told once."""

    async def test() -> None:
        async with on_stage(store, small_plan()) as stage:
            go = threading.Event()
            store.submit(lambda _: go.wait(SOON))
            acting = asyncio.create_task(stage.says("ana", "/alert 1 login"))
            await stage.until(lambda: stage.live._sent > stage.live._stored)
            stage.live.stall("the database does not answer")
            with pytest.raises(StoreError, match="the database does not answer"):
                await acting
            stood = stage.live.at
            stage.hand.passed += 50
            assert (stage.live.at, stage.live.fault) == (stood, "the database does not answer")
            go.set()
            await stage.until(lambda: stage.live.fault is None)
            assert stage.heard == await stage.stored()
            assert stage.kinds().count("TeamAlerted") == 1
            await stage.says("ben", "/ack")

    run(test())
