import json
from typing import get_args

import msgspec
import pytest
from hypothesis import given

from scenarios.protocol import Duty
from scenarios.rubric import Rubric
from scoring.components import JUDGES
from scoring.labels import WORDS, spell, spell_late
from scoring.scorecard import from_json, to_json
from simulator import acts as do
from simulator import events as ev
from simulator.events import Event
from tests.scoring.build import MINUTE, SECOND, Log, graded, item, plan_of, played, rubric, without
from tests.scoring.messy import messy_drills
from tests.scoring.test_properties import LOOK
from tests.support.perfect import Timed, perfect_acts


def test_every_duty_of_the_protocol_has_a_measure_and_words() -> None:
    assert set(JUDGES) == set(WORDS) == set(get_args(Duty))


# -- the file ----------------------------------------------------------------------------------------------------------


@LOOK
@given(messy_drills())
def test_a_scorecard_survives_its_file_and_gives_the_same_bytes(log: Log) -> None:
    card = graded(log, people=True)
    assert from_json(to_json(card)) == card
    assert to_json(graded(log, people=True)) == to_json(card)


def test_the_file_has_the_shape_that_other_tools_read() -> None:
    plan = plan_of("login-outage")
    card = json.loads(to_json(graded(played(plan, without(plan, "restate")))))
    assert list(card)[:9] == [
        "format", "rules", "drill", "scenario", "seed", "severity", "log", "rubric", "provisional",
    ]  # fmt: skip
    assert (card["format"], card["scenario"], card["seed"], card["log"]) == (2, "login-outage", 7, "0" * 64)
    assert {"score", "uncapped", "caps", "reachable", "rating", "response_time", "role_coverage"} <= set(card)
    row = next(one for one in card["components"]["response_time"]["items"] if one["id"] == "team_alerted")
    assert {"id", "score", "weight", "clock", "target_s", "deadline_s", "actual_s", "evidence", "why", "owner"} <= set(
        row
    )
    assert set(card["roles"]["incident_commander"]) == {"required_s", "held_s", "gaps", "holders"}


@LOOK
@given(messy_drills())
def test_figures_have_one_decimal_and_points_two(log: Log) -> None:
    card = graded(log)
    shown = [card.score, card.uncapped, card.reachable, *(part.score for part in card.components.values())]
    shown += [value for part in card.components.values() for one in part.items for value in (one.score, one.actual_s)]
    assert all(value is None or round(value, 1) == value for value in shown)
    assert all(round(line.points, 2) == line.points for line in card.ledger)


def test_what_is_no_scorecard_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        from_json(b'{"format": 3}')


# -- the rubric --------------------------------------------------------------------------------------------------------


def changed(**fields: object) -> Rubric:
    return Rubric.model_validate({**rubric().model_dump(), **fields})


def test_a_scorecard_names_its_rubric_by_content() -> None:
    backwards = changed(components=dict(reversed(rubric().components.items())))
    assert backwards.digest == rubric().digest
    assert changed(order_penalty=0.2).digest != rubric().digest
    assert graded(played(plan_of("low")), changed(order_penalty=0.2)).rubric != rubric().digest


def test_a_weight_of_0_takes_an_item_out() -> None:
    card = graded(played(plan_of("login-outage")), changed(items={"restated": 0}))
    assert "restated" not in {one.id for one in card.components["protocol"].items}


def test_a_component_that_the_rubric_leaves_out_does_not_count() -> None:
    plan = plan_of("login-outage")
    only = changed(components={"response_time": 1})
    card = graded(played(plan, without(plan, "take_role", "restate")), only)
    assert list(card.components) == ["response_time"]
    assert card.score == card.response_time
    assert card.role_coverage is None


def test_a_cap_can_be_lifted_and_leaves_the_uncapped_figure_beside() -> None:
    log = played(plan_of("login-outage"), without(plan_of("login-outage"), "acknowledge", "join"), answers=False)
    card = graded(log)
    assert [cap.id for cap in card.caps] == ["nobody_acknowledged"]
    assert ((card.score or 0) <= 39, card.rating) == (True, "U")
    assert (card.uncapped or 0) > 40
    lifted = graded(log, changed(caps={"nobody_acknowledged": 100}))
    assert (lifted.score, lifted.caps) == (card.uncapped, [])


@pytest.mark.parametrize(
    ("dropped", "letter", "says"),
    [
        ((), "P", "performed without challenges"),
        (("start_action", "resolve"), "M", "performed with major challenges"),
        (("alert",), "U", "unable to be performed"),
    ],
)
def test_people_read_a_sentence(dropped: tuple[str, ...], letter: str, says: str) -> None:
    plan = plan_of("login-outage")
    card = graded(played(plan, without(plan, *dropped), answers=False), rubric())
    assert (card.rating, card.says) == (letter, says)


# -- beside the score --------------------------------------------------------------------------------------------------


def test_conditions_are_told_and_change_no_points() -> None:
    plan = plan_of("login-outage")
    helped = [
        *perfect_acts(plan),
        Timed(2 * MINUTE, do.Hint(who="fay", to="ben", text="Look at the store.")),
        Timed(3 * MINUTE, do.Note(who="fay", text="Calm.")),
    ]
    training = plan.model_copy(update={"mode": "training", "voice": "call"})
    card = graded(played(training, helped))
    assert card.score == 100
    assert (card.conditions.mode, card.conditions.voice, card.conditions.hints) == ("training", "call", 1)


def test_a_pause_is_a_condition_and_costs_nothing() -> None:
    log = played(plan_of("login-outage"))
    place = next(place for place, event in enumerate(log.events) if event.at > 3 * MINUTE)
    at, wall = log.events[place].at, log.events[place].wall
    pause: list[Event] = [
        ev.DrillPaused(seq=0, at=at, wall=wall, actor="fay"),
        ev.DrillResumed(seq=0, at=at, wall=wall, actor="fay", paused_ms=90 * SECOND),
    ]
    events = [*log.events[:place], *pause, *log.events[place:]]
    card = graded(Log(log.plan, [msgspec.structs.replace(one, seq=seq) for seq, one in enumerate(events)]))
    assert (card.score, card.conditions.paused_s) == (100, 90)


def test_measures_are_plain_times() -> None:
    card = graded(played(plan_of("login-outage", "small")))
    measures = card.measures
    assert (measures.time_to_alert_s, measures.time_to_commander_s) == (25, 65)
    assert measures.time_to_acknowledge_s == [6, 7]
    assert measures.time_to_first_message_s is not None
    assert (measures.time_to_resolve_s or 0) > (measures.time_to_fix_s or 0) > 0


def test_an_empty_drill_has_no_times() -> None:
    measures = graded(played(plan_of("login-outage"), [], answers=False)).measures
    assert measures.time_to_alert_s is None
    assert measures.time_to_acknowledge_s == []
    assert measures.time_to_fix_s is None


def test_a_gap_in_a_role_is_told_with_its_times_and_costs_coverage() -> None:
    plan = plan_of("login-outage", "small")
    free = [
        Timed(6 * MINUTE, do.ReleaseRole(who="chloe")),
        Timed(8 * MINUTE, do.TakeRole(who="chloe", role="communications")),
    ]
    card = graded(played(plan, [*perfect_acts(plan), *free], answers=False))
    assert card.roles["communications"].gaps == [(360, 480)]
    one = item(card, "roles_covered")
    assert one.why == "Communications open for 2 min"
    required = card.roles["communications"].required_s
    assert one.score == pytest.approx(100 * (1 - 120 / required / 3), abs=0.05)


def test_a_log_with_nothing_but_its_start_has_no_score() -> None:
    log = played(plan_of("login-outage"), [])
    card = graded(Log(log.plan, log.events[:1]))
    assert (card.score, card.uncapped, card.rating, card.ledger) == (None, None, None, [])
    assert card.provisional


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "0 s"),
        (96_200, "96 s"),
        (119_400, "119 s"),
        (120_000, "2 min"),
        (200_000, "3 min 20 s"),
        (3_900_000, "1 h 5 min"),
        (7_200_000, "2 h"),
    ],
)
def test_durations_are_told_as_people_say_them(milliseconds: int, said: str) -> None:
    assert spell(milliseconds) == said


def test_a_late_time_never_reads_like_its_limit() -> None:
    assert spell_late(60_001, 60_000) == "60.1 s"
    assert spell_late(59_999, 60_000) == "60 s"
