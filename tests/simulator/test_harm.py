"""Harm that stays, goes slowly or comes back; injects after the fix; another time's duration."""

import pytest
from pydantic import ValidationError

from scenarios.checks.scenario import check_scenario
from scenarios.load import Loaded, read_as, subject_of
from scenarios.scenario import Scenario
from scenarios.source import parse
from scoring.facts import Facts
from simulator import events as ev
from simulator.acts import StartAction
from simulator.signals import SignalHistory
from tests.simulator.build import MINUTE, Table, small_plan, small_scenario

LATE = {"id": "account", "papers": True, "to": "first_responder", "text": "In writing, please."}
ASKS = {"act": "reply", "target": "2m", "deadline": "5m"}


def acting(*changes: dict[str, object], **scenario: object) -> Table:
    """Ana, who has the report, and the small scenario's actions changed by id."""
    actions = small_scenario().model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)[
        "actions"
    ]
    by_id = {one["id"]: one for one in changes}
    changed = [{**one, **by_id.get(one["id"], {})} for one in actions]
    found = Table(small_plan(small_scenario(actions=changed, **scenario)))
    found.says("ana", "/ack")
    return found


def does(found: Table, action: str, takes: int = MINUTE) -> None:
    found.does(StartAction(who="ana", action=action))
    found.until(found.at + takes)


def impacts(found: Table) -> list[tuple[str, int]]:
    return [(event.impact, event.at) for event in found.of(ev.ImpactChanged)]


# -- effects that take time --------------------------------------------------------------------------------------------


def test_a_fix_that_settles_eases_first_and_ends_it_later() -> None:
    found = acting({"id": "mend", "settles": "10m"})
    does(found, "mend", 2 * MINUTE)
    done = found.at
    found.until(done + 11 * MINUTE)
    assert impacts(found) == [("eased", done), ("ended", done + 10 * MINUTE)]
    assert found.of(ev.ImpactChanged)[1].cause == "mend"


def test_making_it_worse_meanwhile_undoes_a_fix_that_settles() -> None:
    found = acting({"id": "mend", "settles": "10m"})
    does(found, "mend", 2 * MINUTE)
    does(found, "smash")
    found.until(25 * MINUTE)
    assert [impact for impact, _ in impacts(found)] == ["eased", "worse"]


def test_help_that_wears_off_is_followed_by_the_impact_as_it_was() -> None:
    found = acting({"id": "ease", "lasts": "5m"})
    does(found, "ease")
    does(found, "ease")
    found.until(20 * MINUTE)
    assert impacts(found) == [("eased", MINUTE), ("full", 7 * MINUTE)]


def test_help_that_wears_off_after_the_fix_changes_nothing() -> None:
    found = acting({"id": "ease", "lasts": "5m"})
    does(found, "ease")
    does(found, "mend", 2 * MINUTE)
    found.until(20 * MINUTE)
    assert [impact for impact, _ in impacts(found)] == ["eased", "ended"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": "ease", "settles": "1m"}, "`settles` belongs to `effect: fixes`"),
        ({"id": "mend", "lasts": "1m"}, "`lasts` belongs to `effect: eases`"),
        ({"id": "mend", "settles": "1m", "together": ["ease"]}, "a fix that goes `together` with others"),
    ],
)
def test_what_does_not_belong_together_is_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        acting(change)


def test_another_time_takes_another_time() -> None:
    found = acting({"id": "look", "takes": "10m", "takes_again": "2m"})
    does(found, "look", 10 * MINUTE)
    found.does(StartAction(who="ana", action="look"))
    first, second = found.of(ev.ActionStarted)
    assert (first.ends - first.at, second.ends - second.at) == (10 * MINUTE, 2 * MINUTE)


# -- signals -----------------------------------------------------------------------------------------------------------


def test_signals_rise_slowly_then_suddenly_and_fall_in_part_or_not_at_all() -> None:
    disk = {
        "normal": 60,
        "incident": 100,
        "rises": [{"after": "20m", "is": 80}, {"after": "22m", "is": 100}],
        "falls": [{"after": "1m", "is": 90}, {"after": "11m", "is": 70}],
    }
    lost = {"normal": 0, "incident": 400, "onset": "10m", "falls": [{"after": "1s", "is": 400}]}
    found = acting(signals={"disk": disk, "lost": lost})
    found.until(23 * MINUTE)
    does(found, "mend", 2 * MINUTE)
    fixed = found.at
    found.until(29 * MINUTE)
    history = SignalHistory(found.engine.plan, found.events)
    read = [history.value("disk", at * MINUTE) for at in (0, 10, 20, 21, 22)]
    assert read == pytest.approx([60, 70, 80, 90, 100])
    after = [history.value("disk", fixed + at * MINUTE) for at in (1, 6, 11, 60)]
    assert after == pytest.approx([90, 80, 70, 70])
    assert history.value("lost", fixed + 60 * MINUTE) == pytest.approx(400)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"onset": "1m", "rises": [{"after": "1m", "is": 2}]}, "a signal has either `onset` or `rises`"),
        ({"recovery": "1m", "falls": [{"after": "1m", "is": 2}]}, "a signal has either `recovery` or `falls`"),
        ({"falls": [{"after": "2m", "is": 2}, {"after": "1m", "is": 2}]}, "each point of `falls` comes after the one"),
    ],
)
def test_a_course_is_one_and_in_order(change: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        small_scenario(signals={"x": {"normal": 1, "incident": 2, **change}})


# -- after the fix -----------------------------------------------------------------------------------------------------


def resolved(found: Table) -> int:
    found.says("ana", "/alert 1 login")
    found.says("ana", "/join")
    does(found, "mend", 2 * MINUTE)
    found.says("ana", "/resolve")
    return found.at


def test_an_inject_may_come_while_papers_are_written_and_waits_for_its_answer() -> None:
    found = acting(injects=[{**LATE, "when": {"resolved": True, "for": "3m"}, "expects": ASKS}])
    over = resolved(found)
    found.says("ana", "/sitrep solution=x who=y how=z")
    found.says("ana", "/email")
    found.says("ana", "/attach")
    found.until(over + 4 * MINUTE)
    (came,) = found.of(ev.InjectDelivered)
    assert (came.inject, came.at) == ("account", over + 3 * MINUTE)
    assert found.state.phase == "papers", "the papers are filed, and somebody still waits for an answer"
    found.says("ana", "/reply 1 Here it is.")
    found.until(over + 9 * MINUTE)
    assert [event.at for event in found.of(ev.PhaseBegan)] == [over, over + 8 * MINUTE]
    assert Facts(found.engine.plan, found.events).asks_late(came)


def test_one_planned_for_later_than_the_end_of_the_response_comes_or_is_dropped_with_the_papers() -> None:
    after = {**LATE, "after": "mend", "delay": "6m"}
    far = {**LATE, "id": "far", "after": "mend", "delay": "40m"}
    other = {"id": "other", "after": "mend", "delay": "6m", "text": "Not any more."}
    found = acting(injects=[after, far, other])
    over = resolved(found)
    found.until(over + 21 * MINUTE)
    assert [(event.inject, event.at) for event in found.of(ev.InjectDelivered)] == [("account", over + 6 * MINUTE)]
    dropped = [(event.inject, event.at) for event in found.of(ev.InjectNotTaken)]
    assert dropped == [("other", over), ("far", over + 20 * MINUTE)]


def problems(scenario: Scenario) -> list[str]:
    from scenarios.generate.write import written

    source = parse(written(scenario).encode(), "x.yaml")
    return [
        one.message for one in check_scenario(subject_of(Loaded(read_as(Scenario, "scenario", source).model, source)))
    ]


def test_lint_says_how_an_inject_can_come_after_the_response() -> None:
    waits = {"id": "waits", "when": {"resolved": True, "for": "1m"}, "text": "x"}
    far = {"id": "far", "at": "35m", "text": "x"}
    late = [{**waits, "papers": True}, {**far, "papers": True}]
    said = problems(small_scenario(injects=[waits, far]))
    assert "'waits' can never come: once the incident is resolved, the response has ended" in said
    assert "'far' can never come: not before 35m, when the response has ended" in said
    assert not [one for one in problems(small_scenario(injects=late)) if "never come" in one]
