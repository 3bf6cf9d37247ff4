"""The drills of a server: made, begun once, taken up after a restart, closed, forgotten."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from drills.live import rooms as rooms_module
from drills.live.rooms import SELDOM, Room, Rooms
from drills.planning.setup import FACILITATOR, Person, Setup, SetupError, people_of, plan_of
from drills.records import people
from drills.records.future import Promise
from drills.records.schema import EVENTS
from drills.records.store import DrillRow, GuessRow, Store, StoreError
from scenarios.lookup import names
from simulator import acts as do
from simulator import events as ev
from simulator.acts import ActRefused
from simulator.log import DrillLog, verify
from simulator.plan import DrillPlan
from tests.drills.stage import SOON, breaking, events_of, run
from tests.support.databases import database_at
from tests.support.extent import sampled

NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)


def setup(**changes: Any) -> Setup:  # noqa: ANN401 - a setup's fields
    three = [Person("ana", "Ana"), Person("ben", "Ben"), Person("chloe", "Chloe")]
    return msgspec.structs.replace(Setup("login-outage", three, 7), **changes)


@asynccontextmanager
async def opened(path: str) -> AsyncIterator[Rooms]:
    """The rooms of a server on a database; what runs is taken up."""
    store = Store(path)
    try:
        rooms = Rooms(store)
        await rooms.resume()
        yield rooms
        await rooms.close()
    finally:
        store.close()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return database_at(tmp_path / "drills.sqlite")


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not holds():
            await asyncio.sleep(0.002)


async def over(room: Room) -> None:
    """Bring a drill to its end, and wait until it is closed."""
    live = room.live
    assert live is not None
    for _ in range(3):
        await live.act(do.EndDrill(who=FACILITATOR))
    await live.act(do.CloseFollowUp(who=FACILITATOR))
    await until(lambda: live.finished)


# -- making and beginning ----------------------------------------------------------------------------------------------


def test_a_drills_id_does_not_say_which_scenario_it_is(path: str) -> None:
    """It stands in every address that people open."""

    async def test() -> None:
        async with opened(str(path)) as rooms:
            made = [await rooms.make(setup(scenario=name)) for name in ("orders-gone", "random", "no-photos")]
            made.append(await rooms.make(setup(kind="practice")))
            for room in made:
                kind, _, rest = room.id.partition("-")
                assert kind == room.kind
                assert int(rest, 16) >= 0
            assert [room.phase for room in made] == ["lobby"] * 4
            assert rooms.all() == made[::-1]

    run(test())


def test_a_drill_that_many_begin_at_once_begins_once(path: str) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            room = await rooms.make(setup())
            called: list[str] = []
            room.callers.append(lambda kind, _: called.append(kind))
            lives = await asyncio.gather(*(rooms.start(room) for _ in range(20)))
            assert len({id(live) for live in lives}) == 1
            assert called == ["started"]
            assert rooms.running == [room.live]
            kept = [type(event) for event in await events_of(rooms.store, room.id)]
            assert kept == [ev.DrillStarted, ev.IncidentReported]

    run(test())


def test_a_drill_that_could_not_be_begun_waits_in_its_lobby(path: str) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            room = await rooms.make(setup())
            with breaking(rooms.store), pytest.raises(StoreError):
                await rooms.start(room)
            assert (room.phase, room.live) == ("lobby", None)
            row = await rooms.store.drill(room.id)
            assert row is not None
            assert row.state == "lobby"
            await rooms.start(room)
            assert room.phase == "respond"

    run(test())


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"scenario": "no-such-thing"}, "scenario"), ({"first_responder": "zoe"}, "first_responder")],
)
def test_what_no_drill_can_be_made_of_is_refused_and_leaves_nothing(
    path: str, changes: dict[str, str], field: str
) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            with pytest.raises(SetupError) as found:
                await rooms.make(setup(**changes))
            assert list(found.value.errors) == [field]
            assert rooms.all() == []
            assert (await rooms.store.drills()) == []

    run(test())


# -- after a restart ---------------------------------------------------------------------------------------------------


def test_what_waits_runs_or_is_closed_is_there_after_a_restart(path: str) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            waiting, running, closed = [await rooms.make(setup()) for _ in range(3)]
            await rooms.start(running)
            await rooms.start(closed)
            await over(closed)
            ids = [waiting.id, running.id, closed.id]
            kept = await events_of(rooms.store, closed.id)
            assert [live.id for live in rooms.running] == [running.id]
        async with opened(str(path)) as rooms:
            found = [await rooms.find(drill) for drill in ids]
            assert [room.phase for room in found if room is not None] == ["lobby", "respond", "closed"]
            assert {room.id for room in rooms.all()} == set(ids[:2])
            assert [live.id for live in rooms.running] == [running.id]
            live = rooms[running.id].live
            assert live is not None
            assert [type(event) for event in live.events[-2:]] == [ev.DrillPaused, ev.DrillResumed]
            assert (await events_of(rooms.store, closed.id)) == kept

    run(test())


def test_a_closed_drill_is_read_when_somebody_asks_for_it_and_not_before(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server with years of drills behind it starts as fast as a new one."""

    async def test() -> None:
        async with opened(str(path)) as rooms:
            room = await rooms.make(setup())
            await rooms.start(room)
            await over(room)
            frames = [frame.full for frame in room.frames]
        read: list[str] = []
        reads = Store.log

        def reading(store: Store, drill: str) -> Promise[DrillLog | None]:
            read.append(drill)
            return reads(store, drill)

        monkeypatch.setattr(Store, "log", reading)
        async with opened(str(path)) as rooms:
            assert (rooms.get(room.id), rooms.running, read) == (None, [], [])
            again, at_once = await asyncio.gather(rooms.find(room.id), rooms.find(room.id))
            assert again is not None
            assert again is at_once is await rooms.find(room.id)
            assert (again.phase, again.running, rooms.running, rooms.all()) == ("closed", None, [], [])
            assert again.live is not None
            assert again.live.finished
            assert [frame.full for frame in again.frames] == frames
            assert read == [room.id]
            with pytest.raises(ActRefused, match="the follow-up is closed; the drill is over"):
                await again.live.act(do.CloseFollowUp(who=FACILITATOR))

    run(test())


def test_a_drill_that_cannot_be_read_keeps_no_other_from_going_on(path: str, caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            good, no_plan, no_setup, no_events = [await rooms.make(setup()) for _ in range(4)]
            for room in (good, no_plan, no_setup, no_events):
                await rooms.start(room)
            for room in (no_plan, no_setup, no_events):
                await asyncio.wait_for(_live(room).close(), SOON)
            store = rooms.store
            await store.change_drill(no_plan.id, header=b'{"format":"drillroom-log","version":2,"plan":{}}')
            await store.change_drill(no_setup.id, setup='{"people": 7}')
            await store.submit(lambda c: c.execute(EVENTS.delete().where(EVENTS.c.drill == no_events.id)))
            await good.live.close()  # type: ignore[union-attr]
        with caplog.at_level(logging.ERROR, "drillroom.drills"):
            async with opened(str(path)) as rooms:
                assert [live.id for live in rooms.running] == [good.id]
        assert [record.getMessage() for record in caplog.records] == ["drill not taken up"] * 3

    run(test())


def test_a_closed_drill_that_cannot_be_read_says_so_when_it_is_asked_for(path: str) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            room = await rooms.make(setup())
            await rooms.start(room)
            await over(room)
            await rooms.store.change_drill(room.id, header=None)
        async with opened(str(path)) as rooms:
            for _ in range(2):
                with pytest.raises(StoreError, match=f"{room.id} was written by another version"):
                    await rooms.find(room.id)

    run(test())


def _live(room: Room) -> Any:  # noqa: ANN401 - a drill that runs
    assert room.live is not None
    return room.live


# -- noting that it runs -----------------------------------------------------------------------------------------------


def test_what_runs_is_noted_often_what_takes_days_seldom_and_what_stands_still_not_at_all(path: str) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            running, follow_up, paused, waiting = [await rooms.make(setup()) for _ in range(4)]
            for room in (running, follow_up, paused):
                await rooms.start(room)
            for _ in range(3):
                await _live(follow_up).act(do.EndDrill(who=FACILITATOR))
            await _live(paused).act(do.Pause(who=FACILITATOR))
            noted: list[list[str]] = []
            keep = rooms.store.note_alive

            def note(drills: Sequence[tuple[str, int, str]]) -> Any:  # noqa: ANN401 - as the store's own
                noted.append([drill for drill, _, _ in drills])
                return keep(drills)

            rooms.store.note_alive = note  # type: ignore[method-assign, assignment]
            await until(lambda: all(live.alive is not None for live in rooms.running))
            for _ in range(SELDOM):
                rooms.note_alive()
            assert noted == [[running.id]] * (SELDOM - 1) + [[running.id, follow_up.id]]
        store = Store(path)
        alive = {row.id: row for row in await store.drills()}
        store.close()
        assert alive[waiting.id].alive_at is alive[paused.id].alive_at is None
        at, instant = alive[running.id].alive_at, alive[running.id].alive_wall
        assert at is not None
        assert at < SOON * 1000
        assert abs(datetime.fromisoformat(instant or "") - datetime.now(UTC)) < timedelta(seconds=SOON)

    run(test())


@pytest.mark.parametrize(("at", "wall"), [(None, None), (12, None), (12, "yesterday"), (None, "2026-03-03T15:00:00Z")])
def test_a_note_that_cannot_be_read_is_none(at: int | None, wall: str | None) -> None:
    row = DrillRow("drill-1", "drill", "running", "then", "{}", at, wall)
    assert rooms_module._alive(row) is None


# -- forgetting --------------------------------------------------------------------------------------------------------


def test_what_is_forgotten_leaves_nothing_behind(path: str) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            kept, gone = [await rooms.make(setup(kind="practice")) for _ in range(2)]
            for room in (kept, gone):
                await rooms.start(room)
                await rooms.store.put_guess(GuessRow(room.id, "ana", "", None, None))
            await rooms.forget(gone.id)
            assert rooms.get(gone.id) is None
            assert rooms.all() == [kept]
            store = rooms.store
            left = await store.drill(gone.id), await events_of(store, gone.id), await store.guesses(gone.id)
            assert left == (None, [], [])
            assert len(await events_of(store, kept.id)) >= 2
            assert [row.member for row in await store.guesses(kept.id)] == ["ana"]

    run(test())


# -- telling browsers --------------------------------------------------------------------------------------------------


def test_watchers_get_the_frames_of_what_is_stored_in_order(path: str) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            room = await rooms.make(setup())
            await rooms.start(room)
            seen = [frame.seq for frame in room.frames]
            room.watchers.append(lambda frames: seen.extend(frame.seq for frame in frames))
            live = _live(room)
            who = [one.id for one in room.setup.people]
            await live.act(do.AlertTeam(who=who[0], severity=1, topic="login"))
            await asyncio.gather(*(live.act(do.Join(who=each)) for each in who))
            assert seen == [frame.seq for frame in room.frames] == list(range(len(live.events)))
            assert verify(DrillLog.reproducible(live.plan, live.events).data).right

    run(test())


# -- who plays ---------------------------------------------------------------------------------------------------------


def test_everybody_gets_an_id_that_says_nothing_of_them() -> None:
    known = people_of("Ana\nANA\nÅsa Öberg, asa@example.com\n李雷\n 42 \n", 2)
    ids = [person.id for person in known]
    assert all(re.fullmatch("p-[0-9a-f]{16}", who) for who in ids[:-2])
    assert len(set(ids)) == len(ids)
    assert ids[-2:] == ["ada", "bruno"], "who is simulated acts by what the id draws"
    assert (known[2].name, known[2].email) == ("Åsa Öberg", "asa@example.com")
    assert [person.simulated for person in known[-2:]] == [True, True]
    plan = plan_of(setup(people=known), "drill-1", NOW)
    assert DrillPlan.model_validate_json(plan.model_dump_json(by_alias=True, exclude_none=True)) == plan


def test_somebody_is_the_same_person_from_drill_to_drill(path: str) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            first = await rooms.make(setup(people=people_of("Ana Ruiz\nBen\nBen\nChloe", 1)))
            again = await rooms.make(setup(people=people_of("chloe\n  ana  RUIZ, ana@example.com\nBen\nBen", 0)))
            other = await rooms.make(setup(people=people_of("Ana Ruiz", 0), team="t-other", team_name="other"))
            ids = [one.id for one in first.setup.people]
            assert len(set(ids)) == 5
            assert ids[-1] == "ada"
            assert [one.id for one in again.setup.people] == [ids[3], ids[0], ids[1], ids[2]]
            assert other.setup.people[0].id not in ids, "two teams may each have an Ana"
            assert again.plan is not None
            assert [player.id for player in again.plan.players] == [ids[3], ids[0], ids[1], ids[2]]
            assert (again.plan.first_responder, other.plan and other.plan.team) == (ids[3], "other")

    run(test())


def test_a_rehearsal_makes_nobody_known(path: str) -> None:
    async def test() -> None:
        async with opened(str(path)) as rooms:
            await rooms.make(setup(people=[Person("s-1", "Ana", simulated=True)], kind="rehearsal"))
            assert await rooms.store.read(people.listed) == []

    run(test())


@pytest.mark.parametrize("text", ["", "\n \n", ", ana@example.com", "A" * 61, "Ana\x07"])
def test_a_line_that_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(SetupError):
        people_of(text, 0)


def test_five_hundred_can_play_and_no_more() -> None:
    assert len(people_of("\n".join(f"Person {number}" for number in range(480)), 20)) == 500
    with pytest.raises(SetupError, match="there are 501 people; at most 500 can play"):
        people_of("\n".join(f"Person {number}" for number in range(500)), 1)


# -- what is played ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sampled(names("scenario"), 4))
def test_every_scenario_can_be_played_in_the_room_in_an_hour_and_in_25_minutes(name: str) -> None:
    for minutes in (60, 25):
        plan = plan_of(setup(scenario=name, minutes=minutes), "drill-1", NOW)
        files = [
            file.model_copy(update={"content": None}) for file in plan.files or ()
        ]  # which is kept beside the plan
        kept = plan.model_copy(update={"files": files or None})
        assert DrillPlan.model_validate_json(plan.model_dump_json(by_alias=True, exclude_none=True)) == kept
        if minutes == 25:
            assert plan.scenario.ends.after <= 16 * 60_000


def test_who_practises_a_role_finds_it_left_by_the_others() -> None:
    those = [Person("you", "You"), *people_of("", 4)]
    plan = plan_of(setup(people=those, kind="practice", role="communications"), "practice-1", NOW)
    mine, *others = plan.players
    assert mine.roles is None
    assert all(other.roles == ["incident_commander", "solutioneer"] for other in others)
    assert (plan.facilitators, plan.evaluators, plan.first_responder) == ([], [], "you")
    free = plan_of(setup(people=those, kind="practice", role="no_such_role"), "practice-1", NOW)
    assert all(player.roles is None for player in free.players)
