"""What the engine does at its edges: an interruption, an end in the middle, an answer given, a rating at its limits."""

from datetime import timedelta

import pytest

from simulator import events as ev
from simulator.engine import Engine
from tests.simulator.build import MINUTE, SECOND, Table, small_plan

CUSTOMERS = {"affected": 300, "every": "40s", "cannot": "sign in", "again": "signing in", "starts": "0s"}


def test_an_interruption_is_a_pause_and_its_end() -> None:
    """The server was away for 90 s: drill time stood, the wall ran on, and what was due still is."""
    found = Table(small_plan(injects=[{"id": "one", "at": "5m", "text": "x"}])).gathered()
    found.until(2 * MINUTE)
    since = found.wall(2 * MINUTE)
    paused, resumed = found.engine.interrupt(2 * MINUTE, since, since + timedelta(seconds=90), "The server was away.")
    assert isinstance(paused, ev.DrillPaused)
    assert isinstance(resumed, ev.DrillResumed)
    assert (paused.at, paused.wall, resumed.at, resumed.wall) == (
        2 * MINUTE,
        since,
        2 * MINUTE,
        since + timedelta(seconds=90),
    )
    assert (resumed.paused_ms, found.state.stood, found.state.halted) == (90 * SECOND, 90 * SECOND, False)
    assert found.engine.next_due() == 5 * MINUTE
    assert Engine.resume(found.plan, [*found.events, paused, resumed]).next_due() == 5 * MINUTE


def test_an_interruption_never_turns_time_back() -> None:
    """Noticed with an older time than the log's last event, or by a clock that was set back."""
    found = Table(small_plan()).gathered()
    found.until(2 * MINUTE)
    last = found.says("ana", "/log x")
    paused, resumed = found.engine.interrupt(MINUTE, found.wall(0), found.wall(0) - timedelta(hours=1), "Away.")
    assert (paused.at, resumed.at) == (last.at, last.at)
    assert isinstance(resumed, ev.DrillResumed)
    assert resumed.paused_ms == 0


def test_what_stands_still_or_is_over_is_not_interrupted() -> None:
    found = Table(small_plan()).gathered()
    found.says("fay", "/pause")
    assert found.engine.interrupt(found.at, found.wall(0), found.wall(SECOND), "Away.") == []
    found = Table(small_plan()).ended()
    found.says("fay", "/follow-up-done")
    assert found.engine.interrupt(found.at, found.wall(0), found.wall(SECOND), "Away.") == []


def test_a_drill_that_ends_while_it_stands_still_hears_nothing_more() -> None:
    """Ended in the middle of the response: no inject, no customer, no finish of the response follows."""
    found = Table(small_plan(customers=CUSTOMERS, injects=[{"id": "one", "at": "5m", "text": "x"}])).gathered()
    found.until(4 * MINUTE)
    assert found.of(ev.CustomerWrote)
    found.says("fay", "/pause")
    found.says("fay", "/end")
    after = found.until(40 * MINUTE)
    assert not any(isinstance(event, ev.Arrived) for event in after)
    assert [event.reason for event in found.of(ev.InjectNotTaken)] == ["never"]
    assert found.state.phase == "follow_up"


def test_an_answered_question_waits_no_more() -> None:
    found = Table(small_plan()).gathered()
    found.says("ben", "/ask is the moon full?")
    found.says("fay", "/answer it is")
    assert found.state.questions == {}
    assert found.refusal("fay", "/answer it is") == "no question is waiting for an answer"


def test_a_filed_bug_is_known() -> None:
    found = Table(small_plan()).gathered()
    assert not found.state.bug_filed
    found.says("ana", "/bug it sorts wrongly")
    assert found.state.bug_filed


@pytest.mark.parametrize("value", [0, 100])
def test_a_rating_goes_from_0_to_100(value: int) -> None:
    found = Table(small_plan()).gathered()
    rated = found.says("eve", f"/rate calm {value}")
    assert isinstance(rated, ev.Rated)
    assert rated.value == value
    assert found.refusal("eve", "/rate calm 101") == "a rating goes from 0 to 100"


def test_who_is_taken_out_is_told_by_what_took_them_out() -> None:
    """Three messages arrive; the second and the third take somebody out, each for its own reason."""
    found = Table(
        small_plan(
            injects=[
                {"id": "one", "at": "1m", "text": "x"},
                {"id": "two", "at": "2m", "to": "solutioneer", "text": "x", "takes_out": "A train in a tunnel."},
                {"id": "three", "at": "3m", "to": "communications", "text": "x", "takes_out": "A sick child."},
            ]
        )
    ).gathered()
    found.until(4 * MINUTE)
    assert [(event.member, event.reason, event.at) for event in found.of(ev.MemberExcused)] == [
        ("ben", "A train in a tunnel.", 2 * MINUTE),
        ("chloe", "A sick child.", 3 * MINUTE),
    ]
