"""When injects come, to the millisecond: a moment before, nothing; at the moment, the inject.

An act in the very millisecond at which something is due comes after it, because what is due happens first.
"""

import contextlib
from collections.abc import Mapping, Sequence
from itertools import takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.scenario import Condition
from simulator import events as ev
from simulator.acts import ActRefused
from simulator.conditions import holds
from simulator.engine import Engine
from simulator.events import Event
from simulator.folds import apply
from simulator.state import DrillState
from tests.simulator.build import MINUTE, SECOND, Table, small_plan
from tests.support.extent import examples

Typed = tuple[int, str, str]
"""When, who, and what they type."""


def table(*injects: Mapping[str, object]) -> Table:
    named = [{"text": f"This is {one['id']}.", **one} for one in injects]
    return Table(small_plan(injects=named))


def play(found: Table, *lines: Typed) -> Table:
    """Let people type, each at their time; what is due by then has happened."""
    for at, who, line in lines:
        found.until(at)
        found.says(who, line)
    return found


def came(found: Table, name: str) -> list[int]:
    """When an inject came."""
    return [event.at for event in found.of(ev.InjectDelivered) if event.inject == name]


def untaken(found: Table) -> list[tuple[str, str, int]]:
    return [(event.inject, event.reason, event.at) for event in found.of(ev.InjectNotTaken)]


def comes_at(found: Table, moment: int, name: str = "one") -> None:
    """It comes at that millisecond and not one before, and an engine resumed from the log waits for the same."""
    found.until(moment - 1)
    assert came(found, name) == []
    assert Engine.resume(found.plan, found.events).next_due() == moment
    found.until(moment)
    assert came(found, name) == [moment]


# -- what makes the engine look again ----------------------------------------------------------------------------------

LOOKS: dict[str, tuple[dict[str, object], list[Typed], int]] = {
    "the holder of a role is excused": (
        {"role_open": "incident_commander", "for": "2m"},
        [(5 * MINUTE, "fay", "/excuse ana a call")],
        7 * MINUTE,
    ),
    "the holder of a role that should be held is excused": (
        {"not": {"role_held": "solutioneer"}, "for": "2m"},
        [(5 * MINUTE, "fay", "/excuse ben a call")],
        7 * MINUTE,
    ),
    "the last who had not answered is excused": (
        {"acknowledged": "everyone"},
        [(3 * MINUTE, "ben", "/ack"), (5 * MINUTE, "fay", "/excuse chloe a call")],
        5 * MINUTE,
    ),
    "the last answers": (
        {"acknowledged": "everyone", "for": "10s"},
        [(3 * MINUTE, "ben", "/ack"), (5 * MINUTE, "chloe", "/ack")],
        5 * MINUTE + 10 * SECOND,
    ),
    "a role is released": (
        {"role_open": "communications", "for": "1s"},
        [(5 * MINUTE, "chloe", "/release")],
        5 * MINUTE + SECOND,
    ),
    "a role is taken again": (
        {"all": [{"role_held": "communications"}, {"severity_declared": 2}], "for": "30s"},
        [(MINUTE, "chloe", "/release"), (2 * MINUTE, "ana", "/sev 2"), (5 * MINUTE, "ben", "/role communications")],
        5 * MINUTE + 30 * SECOND,
    ),
    "another severity is declared": (
        {"not": {"severity_declared": 1}, "for": "3m"},
        [(MINUTE, "ana", "/sev 1"), (4 * MINUTE, "ana", "/sev 2")],
        7 * MINUTE,
    ),
    "an action is done": (
        {"action_done": "look", "for": "20s"},
        [(5 * MINUTE, "ben", "/do look")],
        6 * MINUTE + 20 * SECOND,
    ),
    "the impact changes": (
        {"impact": "worse"},
        [(5 * MINUTE, "ben", "/do smash")],
        6 * MINUTE,
    ),
    "the impact has changed back": (
        {"not": {"impact": "worse"}, "for": "4m"},
        [(0, "ben", "/do smash"), (5 * MINUTE, "ben", "/do mend")],
        11 * MINUTE,
    ),
    "the second message goes out": (
        {"published": 2},
        [(2 * MINUTE, "chloe", "/publish We know"), (5 * MINUTE, "chloe", "/publish Still at it")],
        5 * MINUTE,
    ),
    "customers hear again": (
        {"silent": "customers", "for": "5m"},
        [(4 * MINUTE, "chloe", "/publish We know")],
        9 * MINUTE,
    ),
    "somebody writes in the log": (
        {"silent": "sitrep", "for": "5m"},
        [(5 * MINUTE - 1, "ben", "/log x")],
        10 * MINUTE - 1,
    ),
    "somebody posts an update": (
        {"silent": "sitrep", "for": "5m"},
        [(MINUTE, "ben", "/log x"), (4 * MINUTE, "ana", "/update x")],
        9 * MINUTE,
    ),
    "another part of what must not all hold is lost": (
        {"not": {"all": [{"role_held": "communications"}, {"published": 1}]}, "for": "6m"},
        [(5 * MINUTE, "chloe", "/release")],
        6 * MINUTE,
    ),
    "it is declared resolved": ({"resolved": True}, [(5 * MINUTE, "ana", "/resolve")], 5 * MINUTE),
    "it is closed": ({"resolved": True}, [(5 * MINUTE, "ana", "/close it waits")], 5 * MINUTE),
}


@pytest.mark.parametrize("what", LOOKS)
def test_the_engine_looks_again_whenever_a_condition_can_have_changed(what: str) -> None:
    when, lines, moment = LOOKS[what]
    found = play(table({"id": "one", "when": when}).gathered(), *lines[:-1])
    at, who, line = lines[-1]
    found.until(at)
    assert came(found, "one") == []
    found.says(who, line)
    if moment > at:
        comes_at(found, moment)
    assert came(found, "one") == [moment]
    found.until(25 * MINUTE)
    assert came(found, "one") == [moment]


def test_the_alert_opens_the_roles_and_begins_the_silence() -> None:
    """Nothing is open or silent before the team is called."""
    found = table(
        {"id": "open", "when": {"role_open": "incident_commander", "for": "2m"}},
        {"id": "silent", "when": {"silent": "sitrep", "for": "3m"}},
        {"id": "unheard", "when": {"silent": "customers", "for": "4m"}},
    )
    found.until(10 * MINUTE)
    found.alerted()
    for minutes, name in ((12, "open"), (13, "silent"), (14, "unheard")):
        comes_at(found, minutes * MINUTE, name)


def test_where_one_alone_is_called_the_alert_is_everybodys_answer() -> None:
    found = Table(
        small_plan(members=("ana",), injects=[{"id": "one", "text": "x", "when": {"acknowledged": "everyone"}}])
    )
    found.until(MINUTE)
    assert came(found, "one") == []
    found.alerted()
    assert came(found, "one") == [MINUTE]


# -- for ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("taken", "comes"), [(7 * MINUTE - 1, []), (7 * MINUTE, [7 * MINUTE])])
def test_a_reason_must_last_to_the_end(taken: int, comes: list[int]) -> None:
    """Open since the fifth minute; somebody takes the role a millisecond before the time is up, or at its end."""
    found = table({"id": "one", "when": {"role_open": "incident_commander", "for": "2m"}}).gathered()
    play(found, (5 * MINUTE, "ana", "/release"), (taken, "ben", "/role incident_commander"))
    found.until(25 * MINUTE)
    assert came(found, "one") == comes


def test_a_reason_that_was_interrupted_begins_anew() -> None:
    found = table({"id": "one", "when": {"role_open": "incident_commander", "for": "2m"}}).gathered()
    play(
        found,
        (5 * MINUTE, "ana", "/release"),
        (6 * MINUTE, "ben", "/role incident_commander"),
        (6 * MINUTE + 1, "ben", "/release incident_commander"),
    )
    comes_at(found, 8 * MINUTE + 1)


# -- after and delay ---------------------------------------------------------------------------------------------------


def test_what_comes_after_something_is_planned_when_that_happens_for_the_first_time() -> None:
    """Done at 1 min and again at 3 min, before the delay of 6 min is over: it comes at 7 min, not at 9."""
    found = table({"id": "one", "after": "look", "delay": "6m"}).gathered()
    play(found, (0, "ben", "/do look"), (2 * MINUTE, "ben", "/do look"))
    comes_at(found, 420 * SECOND)
    found.until(25 * MINUTE)
    assert came(found, "one") == [420 * SECOND]


def test_what_comes_after_an_inject_that_repeats_comes_after_its_first() -> None:
    found = table(
        {"id": "again", "at": "1m", "repeat": {"every": "1m", "times": 5}},
        {"id": "one", "after": "again", "delay": "3m30s"},
    )
    comes_at(found, 270 * SECOND)
    found.until(25 * MINUTE)
    assert came(found, "one") == [270 * SECOND]


# -- repeat ------------------------------------------------------------------------------------------------------------


def test_one_that_repeats_comes_at_its_intervals_and_so_often() -> None:
    found = table({"id": "one", "at": "2m", "repeat": {"every": "30s", "times": 2}})
    for times, moment in enumerate((120, 150, 180)):
        found.until(moment * SECOND - 1)
        assert len(came(found, "one")) == times
        found.until(moment * SECOND)
        assert len(came(found, "one")) == times + 1
    found.until(25 * MINUTE)
    assert came(found, "one") == [120 * SECOND, 150 * SECOND, 180 * SECOND]


@pytest.mark.parametrize("gone", [150 * SECOND - 1, 150 * SECOND])
def test_one_that_repeats_comes_again_only_if_its_reason_still_holds_at_that_moment(gone: int) -> None:
    found = table(
        {"id": "one", "when": {"severity_declared": 2}, "repeat": {"every": "30s", "times": 3}},
    )
    play(found, (2 * MINUTE, "ana", "/sev 2"), (gone, "ana", "/sev 1"))
    found.until(25 * MINUTE)
    again = [120 * SECOND, 150 * SECOND]
    last = [moment for moment in again if moment <= gone]
    assert came(found, "one") == last
    assert untaken(found) == [("one", "condition", last[-1] + 30 * SECOND)]


# -- unless ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("declared", "comes"), [(2 * MINUTE - 1, []), (2 * MINUTE, [2 * MINUTE])])
def test_what_prevents_an_inject_must_hold_at_its_moment(declared: int, comes: list[int]) -> None:
    found = table({"id": "one", "at": "2m", "unless": {"severity_declared": 1}})
    play(found, (declared, "ana", "/sev 1"))
    found.until(25 * MINUTE)
    assert came(found, "one") == comes
    assert untaken(found) == ([] if comes else [("one", "condition", 2 * MINUTE)])


@pytest.mark.parametrize(("declared", "comes"), [(MINUTE, []), (MINUTE + 1, [2 * MINUTE])])
def test_what_prevents_an_inject_must_have_lasted_by_then(declared: int, comes: list[int]) -> None:
    found = table({"id": "one", "at": "2m", "unless": {"severity_declared": 1, "for": "1m"}})
    play(found, (declared, "ana", "/sev 1"))
    found.until(25 * MINUTE)
    assert came(found, "one") == comes


# -- any, all, not: against a reader who looks after every event -------------------------------------------------------

STEP, STEPS = 20 * SECOND, 60
TYPED = (
    ("ana", "/release incident_commander"),
    ("ana", "/role incident_commander"),
    ("ben", "/role incident_commander"),
    ("ana", "/handover solutioneer ben"),
    ("ana", "/sev 1"),
    ("ana", "/sev 2"),
    ("ben", "/log x"),
    ("ben", "/ack"),
    ("chloe", "/ack"),
    ("chloe", "/publish x"),
    ("ben", "/do look"),
    ("fay", "/excuse chloe away"),
    ("fay", "/excuse ana away"),
)
LEAVES: list[dict[str, object]] = [
    {"role_open": "incident_commander"},
    {"role_held": "communications"},
    {"severity_declared": 1},
    {"severity_declared": 2},
    {"published": 1},
    {"published": 2},
    {"action_done": "look"},
    {"acknowledged": "anyone"},
    {"acknowledged": "everyone"},
    {"silent": "sitrep"},
    {"silent": "customers"},
    {"resolved": True},
]
leaves = st.builds(
    lambda leaf, lasts: {**leaf, **lasts},
    st.sampled_from(LEAVES),
    st.sampled_from([{}, {"for": "40s"}, {"for": "1m30s"}]),
)


def joined(inner: st.SearchStrategy[dict[str, object]]) -> st.SearchStrategy[dict[str, object]]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(st.builds(lambda some: {"any": some}, several), st.builds(lambda every: {"all": every}, several))


opposites = st.builds(lambda one: {"not": one}, st.recursive(st.sampled_from(LEAVES), joined, max_leaves=3))
"""`for` stands beside `not`, never inside it."""
conditions = st.recursive(st.one_of(leaves, leaves, opposites), joined, max_leaves=4)
scripts = st.lists(
    st.tuples(st.integers(1, STEPS), st.sampled_from(TYPED)), max_size=8, unique_by=lambda line: line[0]
).map(sorted)
Script = Sequence[tuple[int, tuple[str, str]]]


def acted(found: Table, script: Script) -> Table:
    """A drill in which people type these lines, each at its step; what is refused is left out."""
    found.gathered()
    for step, (who, line) in script:
        found.until(step * STEP)
        with contextlib.suppress(ActRefused):
            found.says(who, line)
    found.until(25 * MINUTE)
    return found


def true_from(data: Mapping[str, object], history: Sequence[Event]) -> int | None:
    """When a condition is true for the first time, looked at after every event and at every moment in between."""
    condition, state = Condition.model_validate(data), DrillState(small_plan())
    for event, following in zip(history, [*history[1:], None], strict=True):
        apply(state, event)
        since = holds(condition, state)
        moment = None if since is None else max(since, event.at)
        if moment is not None and (following is None or moment < following.at or moment == event.at):
            return moment
    return None


@settings(max_examples=examples(150), deadline=None)
@given(conditions, scripts)
def test_an_inject_comes_as_soon_as_its_condition_is_true(when: dict[str, object], script: Script) -> None:
    """The engine looks only where an event can have changed something, and misses nothing by it."""
    moment = true_from(when, acted(table(), script).events)
    found = acted(table({"id": "one", "when": when}), script)
    assert came(found, "one") == ([] if moment is None or moment > 25 * MINUTE else [moment])


@settings(max_examples=examples(100), deadline=None)
@given(conditions, scripts, st.integers(1, STEPS))
def test_an_inject_is_prevented_by_what_is_true_at_its_moment(
    unless: dict[str, object], script: Script, step: int
) -> None:
    """Half a step after what people do, and so never at the same instant."""
    moment = step * STEP + STEP // 2
    state = DrillState(small_plan())
    for event in acted(table(), script).events:
        if event.at <= moment:
            apply(state, event)
    since = holds(Condition.model_validate(unless), state)
    found = acted(table({"id": "one", "at": f"{moment // SECOND}s", "unless": unless}), script)
    assert came(found, "one") == ([] if since is not None and since <= moment else [moment])


@settings(max_examples=examples(40), deadline=None)
@given(conditions, conditions, scripts)
def test_a_drill_resumed_after_any_event_goes_on_alike(
    when: dict[str, object], unless: dict[str, object], script: Script
) -> None:
    """What comes by itself until the next act is what came, event by event."""
    plan = small_plan(
        injects=[
            {"id": "one", "text": "x", "when": when, "repeat": {"every": "1m", "times": 2}},
            {"id": "two", "text": "x", "after": "look", "delay": "30s", "unless": unless},
        ]
    )
    whole = acted(Table(plan), script).events
    for cut in range(1, len(whole)):
        by_itself = list(takewhile(lambda event: event.due is not None, whole[cut:]))
        engine, rest = Engine.resume(plan, whole[:cut]), list[Event]()
        while len(rest) < len(by_itself):
            at, wall = by_itself[len(rest)].at, by_itself[len(rest)].wall
            rest += engine.advance(at, wall)
        assert rest == by_itself
