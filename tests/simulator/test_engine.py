"""The engine: what follows from acts and from time, in which order, and that nothing else does."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator import acts as do
from simulator import events as ev
from simulator.engine import NOTHING_UNUSUAL, Engine
from simulator.events import Event
from tests.simulator.build import MINUTE, SECOND, Table, small_plan, snapshot

DAY = 24 * 60 * MINUTE


def inject(name: str, **fields: object) -> dict[str, object]:
    return {"id": name, "text": f"This is {name}.", **fields}


def table(*injects: dict[str, object]) -> Table:
    return Table(small_plan(injects=list(injects)))


def came(found: Table, name: str | None = None) -> list[tuple[str | None, int]]:
    """Which injects came, and when."""
    return [(event.inject, event.at) for event in found.of(ev.InjectDelivered) if name in (None, event.inject)]


def untaken(found: Table) -> list[tuple[str, str, int]]:
    return [(event.inject, event.reason, event.at) for event in found.of(ev.InjectNotTaken)]


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


# -- beginning and time ------------------------------------------------------------------------------------------------


def test_it_begins_with_the_drawn_values_and_the_report() -> None:
    found = Table(small_plan(vary={"rate": {"choose": [37]}}, report={"via": "call", "from": "A", "text": "{rate}%"}))
    assert kinds(found.events) == ["DrillStarted", "IncidentReported"]
    assert found.of(ev.DrillStarted)[0].values == {"weekday": "Tuesday", "rate": 37}
    report = found.of(ev.IncidentReported)[0]
    assert (report.to, report.via, report.sender, report.text) == ("ana", "call", "A", "37%")
    assert (report.at, report.due, report.actor) == (0, 0, None)


def test_an_act_never_moves_time_over_what_is_due() -> None:
    found = table(inject("one", at="1m"))
    late = MINUTE
    with pytest.raises(ValueError, match="something is due at 60000 ms: advance before acting at 60000 ms"):
        found.engine.act(do.Acknowledge(who="ana"), late, found.wall(late))
    assert found.state.at == 0


def test_time_does_not_run_backwards() -> None:
    found = table()
    found.until(MINUTE)
    found.says("ana", "/ack")
    why = "drill time cannot run backwards: 59999 ms after 60000 ms"
    with pytest.raises(ValueError, match=why):
        found.engine.act(do.Join(who="ana"), MINUTE - 1, found.wall(0))
    with pytest.raises(ValueError, match=why):
        found.engine.advance(MINUTE - 1, found.wall(0))


def test_nothing_happens_before_it_is_due() -> None:
    found = table(inject("one", at="1m"))
    before = snapshot(found.state)
    assert found.engine.next_due() == MINUTE
    assert found.engine.advance(MINUTE - 1, found.wall(MINUTE - 1)) == []
    assert snapshot(found.state) == before


def test_a_call_lets_one_instant_happen() -> None:
    found = table(inject("one", at="1m"), inject("two", at="1m"), inject("three", at="2m"))
    first = found.engine.advance(3 * MINUTE, found.wall(3 * MINUTE))
    assert [event.inject for event in first if isinstance(event, ev.InjectDelivered)] == ["one", "two"]
    assert found.engine.next_due() == 2 * MINUTE


def test_what_happens_late_says_when_it_was_due_and_keeps_its_order() -> None:
    found = table(inject("two", at="2m"), inject("one", at="1m"))
    at, events = 4 * MINUTE, list[Event]()
    while new := found.engine.advance(at, found.wall(at)):
        events += new
    late = [event for event in events if isinstance(event, ev.InjectDelivered)]
    assert [(event.inject, event.at, event.due) for event in late] == [("one", at, MINUTE), ("two", at, 2 * MINUTE)]
    assert [event.wall for event in late] == [found.wall(at)] * 2


def test_at_one_instant_the_order_is_that_of_the_kinds_and_then_of_the_scenario() -> None:
    """Effects first, then what is finished, injects, escalation, the end; never the order of becoming known."""
    found = Table(
        small_plan(
            injects=[
                inject("z", at="5m"),
                inject("when", when={"role_open": "incident_commander", "for": "5m"}),
                inject("after", after="mend", delay="0s"),
                inject("a", at="5m"),
            ],
            ends={"after": "5m"},
        )
    )
    found.alerted()
    found.until(3 * MINUTE)
    found.says("ben", "/do mend")
    found.until(4 * MINUTE)
    found.says("chloe", "/do look")
    found.says("ana", "/do smash")
    events = found.until(5 * MINUTE)
    assert [(type(event).__name__, event.actor or getattr(event, "inject", "")) for event in events[:10]] == [
        ("ActionFinished", "ana"),
        ("ImpactChanged", ""),
        ("ActionFinished", "ben"),
        ("ImpactChanged", ""),
        ("ActionFinished", "chloe"),
        ("InjectDelivered", "z"),
        ("InjectDelivered", "when"),
        ("InjectDelivered", "after"),
        ("InjectDelivered", "a"),
        ("PhaseBegan", ""),
    ]


# -- work and its effects ----------------------------------------------------------------------------------------------


def test_an_action_takes_its_time_and_shows_what_it_shows() -> None:
    found = Table(
        small_plan(
            vary={"release": {"choose": ["v412"]}},
            actions=[{"id": "look", "label": "Look", "takes": "90s", "shows": "It is {release}, {{x}} and {nobody}."}],
        )
    ).gathered()
    found.says("ben", "/do look")
    assert found.until(90 * SECOND - 1) == []
    [finished] = found.until(90 * SECOND)
    assert isinstance(finished, ev.ActionFinished)
    assert (finished.actor, finished.action, finished.run, finished.at, finished.due) == (
        "ben",
        "look",
        1,
        90 * SECOND,
        90 * SECOND,
    )
    assert finished.shows == "It is v412, {{x}} and {nobody}."


@pytest.mark.parametrize(
    ("actions", "impacts"),
    [
        (["look"], []),
        (["mend"], ["ended"]),
        (["ease"], ["eased"]),
        (["smash"], ["worse"]),
        (["ease", "mend"], ["eased", "ended"]),
        (["mend", "smash"], ["ended", "worse"]),
        (["mend", "smash", "mend"], ["ended", "worse", "ended"]),
        (["smash", "ease"], ["worse", "eased"]),
        (["smash", "smash"], ["worse"]),
        (["mend", "mend", "ease"], ["ended"]),
        (["ease", "smash"], ["eased", "worse"]),
    ],
)
def test_effects(actions: list[str], impacts: list[str]) -> None:
    found = Table(small_plan()).gathered()
    for action in actions:
        found.says("ben", f"/do {action}")
        found.until(found.state.running["ben"].ends)
    changes = found.of(ev.ImpactChanged)
    assert [change.impact for change in changes] == impacts
    for change in changes:
        finished = found.events[change.seq - 1]
        assert isinstance(finished, ev.ActionFinished)
        assert (finished.action, finished.at) == (change.cause, change.at)


def test_two_work_at_once_and_each_finishes() -> None:
    found = Table(small_plan()).gathered()
    found.says("ben", "/do mend")
    found.says("ana", "/do smash")
    found.until(10 * MINUTE)
    assert [(event.actor, event.at) for event in found.of(ev.ActionFinished)] == [("ana", MINUTE), ("ben", 2 * MINUTE)]
    assert [event.impact for event in found.of(ev.ImpactChanged)] == ["worse", "ended"]


# -- injects -----------------------------------------------------------------------------------------------------------


def test_at_a_time() -> None:
    found = table(inject("one", at="1m", to="communications", **{"from": "A customer"}))
    found.until(MINUTE)
    [event] = found.of(ev.InjectDelivered)
    assert (event.number, event.inject, event.at, event.due, event.sender, event.text, event.to) == (
        1,
        "one",
        MINUTE,
        MINUTE,
        "A customer",
        "This is one.",
        "communications",
    )


def test_after_an_action_the_first_time_that_it_is_done() -> None:
    found = table(inject("then", after="look", delay="30s")).gathered()
    for _ in range(2):
        found.says("ben", "/do look")
        found.until(found.at + MINUTE)
    found.until(10 * MINUTE)
    assert came(found) == [("then", 90 * SECOND)]


def test_after_another_inject() -> None:
    found = table(
        inject("second", after="first", delay="30s"), inject("first", at="1m"), inject("third", after="second")
    )
    found.until(10 * MINUTE)
    assert came(found) == [("first", MINUTE), ("second", 90 * SECOND), ("third", 90 * SECOND)]


def test_what_comes_after_something_that_never_came_does_not_come() -> None:
    found = table(inject("first", at="1m", unless={"severity_declared": 1}), inject("second", after="first"))
    found.says("ana", "/sev 1")
    found.until(30 * MINUTE)
    assert came(found) == []
    assert untaken(found) == [("first", "condition", MINUTE), ("second", "never", 30 * MINUTE)]


def test_when_something_holds_and_once_only() -> None:
    found = table(inject("no-one", when={"role_open": "incident_commander", "for": "6m"}))
    found.until(MINUTE)
    found.alerted()
    found.says("ana", "/join")
    found.until(3 * MINUTE)
    found.says("ana", "/role incident_commander")
    found.until(4 * MINUTE)
    found.says("ana", "/release")
    found.until(29 * MINUTE)
    assert came(found) == [("no-one", 10 * MINUTE)]


def test_when_something_is_true_already() -> None:
    found = table(inject("start", when={"not": {"resolved": True}}), inject("at-once", when={"severity_declared": 2}))
    found.until(MINUTE)
    found.says("ana", "/sev 2")
    assert came(found) == [("start", 0), ("at-once", MINUTE)]


def test_unless_is_looked_at_when_its_moment_comes() -> None:
    found = table(
        inject("one", at="1m", unless={"action_done": "mend"}), inject("two", at="3m", unless={"action_done": "mend"})
    ).gathered()
    found.says("ben", "/do mend")
    found.until(10 * MINUTE)
    assert came(found) == [("one", MINUTE)]
    assert untaken(found) == [("two", "condition", 3 * MINUTE)]


def test_chance_is_drawn_from_the_seed() -> None:
    outcomes = []
    for seed in range(40):
        found = Table(small_plan(seed=seed, injects=[inject("maybe", at="1m", chance=0.5)]))
        found.until(MINUTE)
        assert len(came(found)) + len(untaken(found)) == 1
        assert all(reason == "chance" for _, reason, _ in untaken(found))
        outcomes.append(len(came(found)))
        again = Table(small_plan(seed=seed, injects=[inject("other", at="30s"), inject("maybe", at="1m", chance=0.5)]))
        again.until(MINUTE)
        assert len(came(again, "maybe")) == len(came(found))  # what else there is makes no difference
    assert 10 <= sum(outcomes) <= 30


def test_one_that_repeats_comes_so_often_again() -> None:
    found = table(inject("again", at="1m", repeat={"every": "2m", "times": 2}))
    found.until(29 * MINUTE)
    events = found.of(ev.InjectDelivered)
    assert [(event.at, event.occurrence, event.number) for event in events] == [
        (MINUTE, 0, 1),
        (3 * MINUTE, 1, 2),
        (5 * MINUTE, 2, 3),
    ]
    assert untaken(found) == []


def test_one_that_repeats_comes_again_only_while_its_reason_lasts() -> None:
    found = table(
        inject("who", when={"role_open": "incident_commander", "for": "2m"}, repeat={"every": "3m", "times": 5})
    ).alerted()
    found.says("ana", "/join")
    found.until(6 * MINUTE)
    found.says("ana", "/role incident_commander")
    found.until(20 * MINUTE)
    assert came(found) == [("who", 2 * MINUTE), ("who", 5 * MINUTE)]
    assert untaken(found) == [("who", "condition", 8 * MINUTE)]


def test_what_has_not_come_by_the_end_of_the_response_never_does() -> None:
    found = table(
        inject("after", after="mend"),
        inject("late", at="20m"),
        inject("again", at="1m", repeat={"every": "10m", "times": 5}),
        inject("when", when={"published": 3}),
    ).gathered()
    found.until(2 * MINUTE)
    found.says("ana", "/resolve")
    assert untaken(found) == [(name, "never", 2 * MINUTE) for name in ("after", "late", "again", "when")]
    found.until(10**9)
    assert came(found) == [("again", MINUTE)]


def test_what_answers_the_resolution_still_comes() -> None:
    found = table(inject("really", when={"resolved": True})).gathered()
    found.says("ana", "/resolve")
    assert came(found) == [("really", 0)]
    assert kinds(found.events)[-2:] == ["InjectDelivered", "PhaseBegan"]


@pytest.mark.parametrize(
    ("to", "nobody", "gathered"),
    [
        ("communications", ("ana",), ("chloe",)),
        ("first_responder", ("ana",), ("ana",)),
        ("everyone", ("ana",), ("ana", "ben", "chloe")),
        ("channel", ("ana",), ("ana", "ben", "chloe")),
    ],
)
def test_whom_an_inject_reaches(to: str, nobody: tuple[str, ...], gathered: tuple[str, ...]) -> None:
    early = table(inject("one", at="1m", to=to))
    early.until(MINUTE)
    assert early.of(ev.InjectDelivered)[0].recipients == nobody
    late = table(inject("one", at="1m", to=to)).gathered()
    late.until(MINUTE)
    assert late.of(ev.InjectDelivered)[0].recipients == gathered


def test_what_is_meant_for_a_role_that_nobody_holds_reaches_the_commander() -> None:
    found = table(inject("one", at="1m", to="communications")).gathered()
    found.says("chloe", "/release")
    found.says("ana", "/handover incident_commander ben")
    found.says("ben", "/accept")
    found.until(MINUTE)
    assert found.of(ev.InjectDelivered)[0].recipients == ("ben",)


def test_all_holders_of_a_role_are_reached() -> None:
    found = table(inject("one", at="1m", to="solutioneer")).gathered()
    found.says("chloe", "/role solutioneer")
    found.until(MINUTE)
    assert found.of(ev.InjectDelivered)[0].recipients == ("ben", "chloe")


# -- the report that nobody takes up -----------------------------------------------------------------------------------


def test_a_report_that_nobody_takes_up_goes_down_the_team() -> None:
    found = table()
    found.until(29 * MINUTE)
    assert [(event.to, event.at) for event in found.of(ev.ReportEscalated)] == [
        ("ben", 5 * MINUTE),
        ("chloe", 10 * MINUTE),
    ]
    assert isinstance(found.says("chloe", "/sev 1"), ev.SeverityDeclared)


@pytest.mark.parametrize("line", ["/ack", "/sev 1", "/do look", "/alert"])
def test_whoever_does_something_has_taken_it_up(line: str) -> None:
    found = table()
    found.until(5 * MINUTE)
    found.says("ben", line)
    found.until(29 * MINUTE)
    assert [event.to for event in found.of(ev.ReportEscalated)] == ["ben"]


def test_a_refused_act_takes_nothing_up() -> None:
    found = table()
    found.refusal("ana", "/log x")
    found.until(5 * MINUTE)
    assert [event.to for event in found.of(ev.ReportEscalated)] == ["ben"]


def test_who_is_excused_is_passed_over() -> None:
    found = table()
    found.says("fay", "/excuse ben away")
    found.until(29 * MINUTE)
    assert [event.to for event in found.of(ev.ReportEscalated)] == ["chloe"]


# -- questions ---------------------------------------------------------------------------------------------------------


def test_a_question_waits_for_the_facilitator() -> None:
    found = table().gathered()
    found.says("ben", "/ask is the moon full?")
    found.until(10 * MINUTE)
    assert found.of(ev.QuestionAnswered) == []


def test_where_nobody_facilitates_nothing_unusual_is_found() -> None:
    found = Table(small_plan(facilitators=())).gathered()
    found.says("ben", "/ask is the moon full?")
    [answer] = found.of(ev.QuestionAnswered)
    assert (answer.question, answer.text, answer.at, answer.actor) == (1, NOTHING_UNUSUAL, 0, None)


# -- phases ------------------------------------------------------------------------------------------------------------


def test_left_alone_the_phases_end_by_themselves() -> None:
    found = Table(small_plan(ends={"after": "10m", "papers": "20m", "hot_wash": "15m"}))
    found.until(10**12)
    ends = [(type(e).__name__, getattr(e, "phase", ""), e.at) for e in found.events if e.at >= 10 * MINUTE]
    assert [end for end in ends if end[0] != "ReportEscalated"] == [
        ("PhaseBegan", "papers", 10 * MINUTE),
        ("PhaseBegan", "hot_wash", 30 * MINUTE),
        ("DrillEnded", "", 45 * MINUTE),
        ("PhaseBegan", "follow_up", 45 * MINUTE),
        ("FollowUpClosed", "", 45 * MINUTE + 7 * DAY),
    ]
    assert found.engine.next_due() is None


def test_the_papers_are_over_when_the_last_is_there() -> None:
    found = Table(small_plan()).resolved()
    found.until(MINUTE)
    for line in ("/sitrep who=all", "/email"):
        found.says("ana", line)
        assert found.state.phase == "papers"
    found.says("ana", "/attach")
    assert (found.state.phase, found.state.phase_since) == ("hot_wash", MINUTE)


def test_where_no_papers_are_owed_there_is_no_wait_for_them() -> None:
    found = Table(small_plan(severity=0))
    found.until(MINUTE)
    found.says("ana", "/close nothing is broken")
    assert found.state.phase == "hot_wash"
    assert [event.phase for event in found.of(ev.PhaseBegan)] == ["papers", "hot_wash"]


@pytest.mark.parametrize(("minute", "phase"), [(5, "hot_wash"), (15, "papers")])
def test_a_severity_that_grows_owes_what_it_has_grown_to(minute: int, phase: str) -> None:
    severity = [{"from": "0s", "is": 3}, {"from": "12m", "is": 1}]
    found = Table(small_plan(severity=severity)).gathered()
    found.until(minute * MINUTE)
    found.says("ana", "/resolve")
    assert found.state.phase == phase


@pytest.mark.parametrize(
    ("start", "days"),
    [
        (datetime(2026, 3, 2, 12, tzinfo=UTC), 7),
        (datetime(2026, 3, 6, 12, tzinfo=UTC), 7),
        (datetime(2026, 3, 7, 12, tzinfo=UTC), 6),
    ],
)
def test_the_follow_up_lasts_five_working_days(start: datetime, days: int) -> None:
    found = Table(small_plan(start=start)).ended()
    assert found.engine.next_due() == days * DAY
    assert (found.plan.start + timedelta(days=days)).weekday() < 5


def test_an_action_that_runs_when_it_is_over_still_finishes() -> None:
    found = Table(small_plan()).gathered()
    found.says("ben", "/do mend")
    found.says("ana", "/resolve")
    found.until(2 * MINUTE)
    assert (found.state.impact, found.state.phase) == ("ended", "papers")


def test_talk_goes_on_in_the_hot_wash_and_is_kept() -> None:
    found = Table(small_plan()).resolved()
    found.says("fay", "/end")
    assert isinstance(found.says("ben", "next time I look first"), ev.MessagePosted)


# -- pause, skip, once, resume -----------------------------------------------------------------------------------------


def test_nothing_is_due_while_the_clock_stands_still() -> None:
    found = table(inject("one", at="1m"))
    found.says("fay", "/pause")
    assert found.engine.next_due() is None
    assert found.engine.advance(10 * MINUTE, found.wall(10 * MINUTE)) == []
    found.says("fay", "/resume")
    assert found.engine.next_due() == MINUTE


def test_skipping_leads_to_what_is_due_and_over_nothing() -> None:
    found = table(inject("one", at="1m"), inject("two", at="2m"))
    found.says("fay", "/skip")
    assert found.engine.next_due() == MINUTE == found.state.at
    found.until(MINUTE)
    assert came(found) == [("one", MINUTE)]
    found.says("fay", "/skip")
    found.until(found.state.at)
    assert came(found)[-1] == ("two", 2 * MINUTE)


def test_once_is_once_after_a_resume_too() -> None:
    found = table().gathered()
    act = do.LogEntry(who="ana", text="deployed", id="a-1")
    found.does(act)
    engine = Engine.resume(found.plan, found.events)
    assert engine.act(act, found.at, found.wall(found.at)) == []
    assert len(engine.act(do.LogEntry(who="ana", text="deployed", id="a-2"), found.at, found.wall(found.at))) == 1


def test_the_observer_sees_each_event_with_the_state_that_it_led_to() -> None:
    seen: list[tuple[Event, int]] = []
    engine, events = Engine.start(small_plan(), lambda event, state: seen.append((event, state.seq)))
    events += engine.advance(0, small_plan().start)
    events += engine.act(do.Acknowledge(who="ana"), 0, small_plan().start)
    assert seen == [(event, event.seq + 1) for event in events]


# -- what once went wrong ----------------------------------------------------------------------------------------------


def test_a_fix_that_is_noticed_late_is_not_lost_to_what_finished_after_it() -> None:
    """A server that hung for a while lets several actions finish at once."""
    found = Table(small_plan()).gathered()
    found.says("ana", "/do mend")
    found.until(70 * SECOND)
    found.says("ben", "/do look")
    while found.engine.advance(20 * MINUTE, found.wall(20 * MINUTE)):
        pass
    assert found.state.impact == "ended"


def test_a_second_effect_is_due_when_its_action_is_done_after_a_resume_too() -> None:
    found = Table(small_plan()).gathered()
    for action in ("ease", "mend"):
        found.says("ben", f"/do {action}")
        found.until(found.state.running["ben"].ends)
    until_done = next(event.seq for event in found.events if isinstance(event, ev.ImpactChanged) and event.at > MINUTE)
    assert Engine.resume(found.plan, found.events[:until_done]).next_due() == 3 * MINUTE


def test_an_action_that_still_runs_when_all_is_over_never_finishes() -> None:
    found = Table(small_plan(actions=[{"id": "slow", "label": "Copy it all", "takes": "60h"}])).gathered()
    found.says("ana", "/do slow")
    found.says("ana", "/resolve")
    for line in ("/end", "/end", "/follow-up-done"):
        found.says("fay", line)
    assert found.engine.next_due() is None


def test_who_ends_a_stopped_drill_lifts_the_stop() -> None:
    found = table().gathered()
    found.says("ana", "/stop")
    found.says("fay", "/end")
    assert not found.state.stopped
    assert isinstance(found.says("ben", "/stop"), ev.DrillStopped)


def test_an_answer_in_the_same_millisecond_as_the_alert_is_an_answer() -> None:
    found = table(inject("thanks", when={"acknowledged": "anyone"})).alerted()
    assert came(found) == []
    found.says("ben", "/ack")
    assert came(found) == [("thanks", 0)]


def test_what_follows_a_late_end_is_due_then_after_a_resume_too() -> None:
    found = Table(small_plan()).resolved()
    found.says("fay", "/end")
    late = found.engine.next_due()
    assert late is not None
    events = [*found.events, found.engine.advance(late + MINUTE, found.wall(late + MINUTE))[0]]
    assert isinstance(events[-1], ev.DrillEnded)
    assert Engine.resume(found.plan, events).next_due() == found.engine.next_due() == late + MINUTE
