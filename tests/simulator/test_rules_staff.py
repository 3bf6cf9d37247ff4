"""What those who run or rate the drill may do, and that nobody else may."""

from datetime import timedelta

import pytest

from simulator import acts as do
from simulator import events as ev
from simulator.acts import ACTS, Act, StaffAct
from tests.simulator.build import MINUTE, SECOND, Table, small_plan
from tests.simulator.test_rules import by, fields, kind

INJECTS = [
    {"id": "one", "at": "5m", "to": "communications", "via": "email", "from": "A customer", "text": "Are you down?"},
    {"id": "two", "at": "10m", "text": "And now?", "repeat": {"every": "1m", "times": 2}},
]
STAFF_ACTS: list[Act] = [
    do.Pause(who="?"),
    do.Resume(who="?"),
    do.SkipAhead(who="?"),
    do.SendInject(who="?", inject="one"),
    do.HoldInject(who="?", inject="one"),
    do.SetTool(who="?", tool="chat", works=False),
    do.Answer(who="?", text="x"),
    do.Hint(who="?", to="ben", text="x"),
    do.Excuse(who="?", member="ben", reason="x"),
    do.Note(who="?", text="x"),
    do.Rate(who="?", item="calm", value=80),
    do.Judge(who="?", number=1, mark="done"),
    do.EndDrill(who="?"),
    do.CloseFollowUp(who="?"),
]


def running() -> Table:
    return Table(small_plan(injects=INJECTS)).gathered()


def test_the_list_above_holds_every_act_of_the_staff() -> None:
    assert {type(act) for act in STAFF_ACTS} == {one for one in ACTS if issubclass(one, StaffAct)}


@pytest.mark.parametrize("act", STAFF_ACTS, ids=kind)
def test_players_and_strangers_may_not_run_the_drill(act: Act) -> None:
    table = running()
    for who in ("ana", "zzz"):
        assert table.refused(by(who, act)) == f"only a facilitator may do that, and {who!r} is not one"


@pytest.mark.parametrize("act", STAFF_ACTS, ids=kind)
def test_an_evaluator_may_note_and_rate_and_nothing_else(act: Act) -> None:
    asks = {"id": "zero", "at": "0s", "text": "Well?", "expects": {"judged": "Keeps calm"}}
    table = Table(small_plan(injects=[asks, *INJECTS])).gathered()
    if kind(act) in ("note", "rate", "judge"):
        assert table.does(by("eve", act))[0].actor == "eve"
    else:
        assert table.refused(by("eve", act)) == "only a facilitator may do that, and 'eve' is not one"


# -- the clock ---------------------------------------------------------------------------------------------------------


def test_a_pause_stops_drill_time_and_says_how_long() -> None:
    table = running()
    table.until(MINUTE)
    assert fields(table.says("fay", "/pause fire drill"), "reason", "at") == ("fire drill", MINUTE)
    assert table.engine.next_due() is None
    assert table.refusal("fay", "/pause") == "the drill is already paused"
    assert table.refusal("fay", "/skip") == "there is nothing ahead to skip to"
    table.stood += 90 * SECOND
    resumed = table.says("fay", "/resume")
    assert fields(resumed, "at", "paused_ms", "wall") == (
        MINUTE,
        90 * SECOND,
        table.plan.start + timedelta(seconds=150),
    )
    assert table.engine.next_due() == 5 * MINUTE
    assert table.refusal("fay", "/resume") == "the drill is running"


def test_a_clock_that_was_set_back_makes_no_pause_negative() -> None:
    table = running()
    table.says("fay", "/pause")
    table.stood -= 60 * MINUTE
    assert fields(table.says("fay", "/resume"), "paused_ms") == (0,)


def test_skipping_moves_drill_time_to_the_next_thing_that_is_due() -> None:
    table = running()
    table.until(MINUTE)
    skipped = table.says("fay", "/skip")
    assert fields(skipped, "at", "to") == (MINUTE, 5 * MINUTE)
    table.until(5 * MINUTE)
    assert [(event.inject, event.at, event.due) for event in table.of(ev.InjectDelivered)] == [
        ("one", 5 * MINUTE, 5 * MINUTE)
    ]


# -- stop --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ana", "chloe", "fay", "eve"])
def test_anybody_may_stop_everything_even_before_it_has_reached_them(who: str) -> None:
    table = Table(small_plan(injects=INJECTS))
    assert isinstance(table.says(who, "/stop"), ev.DrillStopped)
    assert table.engine.next_due() is None
    assert table.refusal(who, "/stop") == "everything is already halted"
    assert table.refusal("ana", "/ack") == "the drill is paused; wait until it goes on"
    assert table.refusal("ana", "/resume") == "only a facilitator may do that, and 'ana' is not one"
    table.says("fay", "/resume")
    assert not table.state.stopped
    assert isinstance(table.says("ana", "/ack"), ev.Acknowledged)


def test_a_stranger_cannot_stop_it() -> None:
    assert running().refusal("zzz", "/stop") == "'zzz' is not in the team"


def test_a_pause_can_become_a_stop_and_counts_from_its_own_start() -> None:
    table = running()
    table.says("fay", "/pause")
    table.stood += MINUTE
    table.says("ben", "/stop")
    table.stood += MINUTE
    assert fields(table.says("fay", "/resume"), "paused_ms") == (2 * MINUTE,)


def test_where_nobody_facilitates_the_team_itself_goes_on_after_a_stop() -> None:
    """Otherwise a stop could never be lifted."""
    table = Table(small_plan(facilitators=())).gathered()
    why = "only a facilitator may do that, and 'ben' is not one"
    assert table.refusal("ben", "/resume") == why
    assert table.refusal("ben", "/end") == why
    table.says("ana", "/stop")
    assert table.refusal("ben", "/pause") == why
    assert isinstance(table.says("ben", "/resume"), ev.DrillResumed)
    table.says("ana", "/stop")
    assert isinstance(table.says("ben", "/end"), ev.DrillEnded)


# -- injects -----------------------------------------------------------------------------------------------------------


def test_an_inject_can_be_sent_before_its_time_and_then_does_not_come_again() -> None:
    table = running()
    sent = table.says("fay", "/inject one")
    assert fields(sent, "inject", "number", "recipients", "via", "sender", "text", "actor", "due") == (
        "one",
        1,
        ("chloe",),
        "email",
        "A customer",
        "Are you down?",
        "fay",
        None,
    )
    assert table.refusal("fay", "/inject one") == "the inject one has already come, or will not come"
    table.until(6 * MINUTE)
    assert len(table.of(ev.InjectDelivered)) == 1


def test_one_that_repeats_goes_on_from_when_it_was_sent() -> None:
    table = running()
    table.until(MINUTE)
    table.says("fay", "/inject two")
    table.until(20 * MINUTE)
    came = [event for event in table.of(ev.InjectDelivered) if event.inject == "two"]
    assert [(event.at, event.occurrence) for event in came] == [(MINUTE, 0), (2 * MINUTE, 1), (3 * MINUTE, 2)]


def test_an_inject_can_be_written_on_the_spot() -> None:
    table = running()
    event = table.does(do.SendInject(who="fay", to="ben", via="call", sender="The\npress", text="Is it true?"))[0]
    assert fields(event, "inject", "recipients", "via", "sender", "text", "to") == (
        None,
        ("ben",),
        "call",
        "The press",
        "Is it true?",
        "ben",
    )
    assert fields(table.says("fay", "/inject communications Well?"), "recipients", "number") == (("chloe",), 2)
    for role in ("Communications", "COMMUNICATIONS:"):
        assert fields(table.says("fay", f"/inject {role} Well?"), "to", "text") == ("communications", "Well?")
    for role in ("Incident Commander", "incident commander", "incident_commander"):
        assert fields(table.says("fay", f"/inject {role} Well?"), "to", "text") == ("incident_commander", "Well?")
    assert fields(table.says("fay", "/inject everyone Well?"), "recipients") == (("ana", "ben", "chloe"),)
    assert fields(table.says("chloe", "/reply 2 No comment"), "number") == (2,)


def test_a_held_inject_never_comes_unless_it_is_sent() -> None:
    table = running()
    assert fields(table.says("fay", "/hold one"), "inject") == ("one",)
    table.says("fay", "/hold two")
    assert table.refusal("fay", "/hold one") == "the inject one is already held back"
    table.until(15 * MINUTE)
    assert not table.of(ev.InjectDelivered)
    table.says("fay", "/inject one")
    table.says("ana", "/resolve")
    assert [(event.inject, event.reason) for event in table.of(ev.InjectNotTaken)] == [("two", "held")]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/inject on", "there is no inject 'on'; did you mean 'one'?"),
        ("/inject xyz", "there is no inject 'xyz'"),
        ("/hold on", "there is no inject 'on'; did you mean 'one'?"),
        ("/inject bem hello", "'bem' is not in the team; did you mean 'ben'?"),
        ("/answer it is", "no question is waiting for an answer"),
        ("/answer 3 it is", "no question is waiting for an answer"),
        ("/hint bem look", "'bem' is not in the team; did you mean 'ben'?"),
        ("/excuse bem away", "'bem' is not in the team; did you mean 'ben'?"),
        ("/note", "say what you saw"),
        ("/rate calm 101", "a rating goes from 0 to 100"),
        ("/follow-up-done", "the follow-up has not begun"),
    ],
)
def test_why_not(line: str, why: str) -> None:
    assert running().refusal("fay", line) == why


def test_why_not_in_other_circumstances() -> None:
    table = running()
    way = do.SendInject(who="fay", to="ben", via="pigeon", text="x")
    assert table.refused(way) == "there is no way 'pigeon'; it is one of alert, call, email, chat, customer, in_person"
    assert table.refused(do.SendInject(who="fay", to="ben")) == "say what the inject says"
    assert table.refused(do.Rate(who="fay", item="calm", value=-1)) == "a rating goes from 0 to 100"
    table.says("fay", "/excuse ben away")
    assert table.refusal("fay", "/excuse ben away") == "ben is already excused"
    table.says("ana", "/resolve")
    assert table.refusal("fay", "/inject ben hello") == "the response is over"
    assert table.refusal("fay", "/inject one") == "the response is over"


# -- helping, watching, ending -----------------------------------------------------------------------------------------


def test_answers_hints_notes_and_ratings() -> None:
    table = running()
    table.says("ben", "/ask is the moon full?")
    table.says("ben", "/ask is it raining?")
    assert fields(table.says("fay", "/answer 2 It is not."), "question", "text") == (2, "It is not.")
    assert fields(table.says("fay", "/answer Yes."), "question", "text") == (1, "Yes.")
    assert fields(table.says("fay", "/hint ben look at the log"), "to", "text") == ("ben", "look at the log")
    assert fields(table.says("eve", "/note they are calm"), "text") == ("they are calm",)
    assert fields(table.says("eve", "/rate calm 80 no shouting"), "item", "value", "text") == (
        "calm",
        80,
        "no shouting",
    )


def test_who_is_excused_holds_no_role_and_is_called_no_more() -> None:
    table = running()
    table.says("fay", "/excuse ana called to a real incident")
    assert table.state.commander is None
    assert fields(table.says("ben", "/alert 1 login"), "recipients") == (("ben", "chloe"),)


def test_ending_turns_the_phases_one_by_one() -> None:
    table = running()
    phases = []
    for _ in range(3):
        table.says("fay", "/end")
        phases.append(table.state.phase)
    assert phases == ["papers", "hot_wash", "follow_up"]
    assert table.refusal("fay", "/end") == "the drill has already ended"
    assert isinstance(table.says("fay", "/follow-up-done"), ev.FollowUpClosed)
    assert table.state.finished


@pytest.mark.parametrize("halt", ["/stop", "/pause"])
def test_a_drill_that_stands_still_ends_at_once(halt: str) -> None:
    table = running()
    table.says("fay", halt)
    assert fields(table.says("fay", "/end a real incident"), "reason") == ("a real incident",)
    assert table.state.phase == "follow_up"
    assert [event.reason for event in table.of(ev.InjectNotTaken)] == ["never", "never"]
    assert isinstance(table.says("ana", "/postmortem learnings=x"), ev.PostMortemFiled)
