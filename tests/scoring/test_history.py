"""Rows of a history: what they say of a drill, and which drills are told apart."""

from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from scoring.history.figures import figures_of
from scoring.history.order import history_of, placed
from scoring.history.outline import outline_of, together
from scoring.history.selection import Filters, History, chosen, keys_of
from simulator import acts as do
from simulator import events as ev
from simulator.plan import Seat
from tests.scoring.build import START, Log, by_hand, graded, plan_of, played, without
from tests.scoring.history_drills import drill
from tests.support.perfect import Timed

# -- what a row says ---------------------------------------------------------------------------------------------------


def test_a_drills_row_is_its_scorecard_and_its_conditions() -> None:
    plan = plan_of("login-outage").model_copy(
        update={"kind": "drill", "mode": "training", "timezone": "Asia/Tokyo", "start": START + timedelta(hours=3)}
    )
    log = played(plan)
    card, row = graded(log), figures_of(log).drill
    assert (row.score, row.response_time, row.time_to_fix_s) == (100.0, 100.0, card.measures.time_to_fix_s)
    assert (row.kind, row.mode, row.protocol, row.team, row.players) == (
        *("drill", "training", "officeluv", "officeluv", "script"),
    )
    assert (row.start, row.date) == ("2026-03-03T17:00:00.000Z", "2026-03-04"), "the day in the team's zone"
    assert (row.complete, row.cut_short, row.provisional, row.alerted) == (True, False, False, True)
    assert row.head == card.log
    assert row.rubric == card.rubric


def test_the_first_responder_is_a_person_or_is_not() -> None:
    plan = plan_of("login-outage")
    person = plan.model_copy(update={"seats": {**plan.seats, plan.first_responder: Seat(kind="person")}})
    assert figures_of(played(plan)).drill.first_responder_simulated
    assert not figures_of(played(person)).drill.first_responder_simulated
    assert figures_of(played(person)).crew.persons == [plan.first_responder]


def test_answers_are_times_that_name_nobody_and_who_never_answered_is_not_left_out() -> None:
    plan = plan_of("login-outage")
    others = [one.id for one in plan.players if one.id != plan.first_responder]
    alert = (60, ev.TeamAlerted, {"actor": plan.first_responder, "severity": 1, "topic": "login", "recipients": others})
    log = by_hand(
        plan,
        (0, ev.DrillStarted, {"values": {}}),
        (0, ev.IncidentReported, {"to": plan.first_responder, "via": "call", "sender": "Ops", "text": "It is down."}),
        alert,
        (110, ev.Acknowledged, {"actor": others[1]}),
        (75, ev.Acknowledged, {"actor": others[0]}),
        (160, ev.MemberExcused, {"actor": "fay", "member": others[2], "reason": "ill"}),
        (3660, ev.DrillEnded, {}),
    )
    row = figures_of(log).drill
    assert row.answered_s == [15.0, 50.0]
    assert row.excused_s == [100.0]
    assert row.unanswered_s == [3600.0] * (len(others) - 3)
    rows = {one.obligation: one for one in figures_of(log).obligations}
    assert (rows["acknowledged"].did, rows["acknowledged"].owing) == (2, len(others) - 1)
    assert (rows["team_alerted"].did, rows["team_alerted"].owing) == (None, None)
    unheard = [one for one in others if one in msgspec.json.encode(figures_of(log).drill).decode()]
    assert unheard == []


def test_whose_shift_had_not_begun_was_not_waited_for() -> None:
    plan = plan_of("login-outage")
    late = plan.players[-1].id
    players = [one.model_copy(update={"since": 7_200_000}) if one.id == late else one for one in plan.players]
    plan = plan.model_copy(update={"players": players})
    others = [one.id for one in plan.players[1:]]
    log = by_hand(
        plan,
        (0, ev.DrillStarted, {"values": {}}),
        (0, ev.IncidentReported, {"to": plan.first_responder, "via": "call", "sender": "Ops", "text": "It is down."}),
        (60, ev.TeamAlerted, {"actor": plan.first_responder, "severity": 1, "topic": "x", "recipients": others}),
        (75, ev.Acknowledged, {"actor": others[0]}),
        (3660, ev.DrillEnded, {}),
    )
    row = figures_of(log).drill
    assert (row.answered_s, len(row.unanswered_s), row.excused_s) == ([15.0], len(others) - 2, [])


def test_an_obligation_is_met_late_missed_or_not_judged() -> None:
    plan = plan_of("login-outage")
    late = [Timed(one.at + 100_000, one.act) if isinstance(one.act, do.AlertTeam) else one for one in without(plan)]
    late.sort(key=lambda one: one.at)
    rows = {one.obligation: one for one in figures_of(played(plan, late)).obligations}
    assert rows["severity_declared"].outcome == "met"
    alerted = rows["team_alerted"]
    assert alerted.outcome == "late"
    assert alerted.actual_s is not None
    assert alerted.target_s is not None
    assert alerted.actual_s > alerted.target_s
    silent = {one.obligation: one for one in figures_of(played(plan, without(plan, "alert"))).obligations}
    assert (silent["team_alerted"].outcome, silent["team_alerted"].actual_s) == ("missed", None)
    begun = figures_of(Log(plan, played(plan).events[:3]))
    assert {one.outcome for one in begun.obligations if one.act == "impact_ended"} == {"unjudged"}
    assert not begun.drill.complete


# -- what is told apart ------------------------------------------------------------------------------------------------


def test_teams_of_one_name_that_share_nobody_are_told_apart() -> None:
    history = history_of(
        [
            drill("2026-01-01T10:00", ("ana", "ben")),
            drill("2026-02-01T10:00", ("xan", "yve")),
            drill("2026-03-01T10:00", ("ben", "chloe")),
            drill("2026-04-01T10:00", ("chloe", "dev")),
        ]
    )
    assert [one.drill.group for one in history.drills] == [1, 2, 1, 1], "people who change one by one are one team"
    assert len({keys_of(one.drill) for one in history.drills}) == 2
    assert history.notes == [
        "2 teams are called 'officeluv' and have nobody in common; they are told apart as officeluv (1), officeluv (2)"
    ]


def test_ten_thousand_drills_of_as_many_teams_of_one_name_are_told_apart_in_one_sentence() -> None:
    one = outline_of(drill())
    rows = [
        one._replace(drill=f"drill-{place}", present=b'["p%d","p%d"]' % (place, place // 2 * 2), began=place)
        for place in range(10_000)
    ]
    where = placed(together(rows))
    assert where.group.tolist() == [1 + place // 2 for place in range(10_000)]
    assert where.repeat.tolist() == [place % 2 for place in range(10_000)]
    first, *_ = where.notes
    assert first == (
        "5000 teams are called 'officeluv' and have nobody in common; they are told apart as officeluv (1) to "
        "officeluv (5000)"
    )


def test_simulated_teammates_make_no_team_of_two() -> None:
    alone = drill("2026-01-01T10:00", ("ana",)), drill("2026-02-01T10:00", ("xan",))
    assert [one.drill.group for one in history_of(alone).drills] == [1, 2]


def test_kinds_modes_protocols_and_players_are_never_one_figure() -> None:
    one = drill().drill
    others: list[dict[str, str | int]]
    others = [{"kind": "practice"}, {"mode": "training"}, {"protocol": "other"}, {"group": 2}, {"team": "night"}]
    assert all(keys_of(replace(one, **other)) != keys_of(one) for other in others)
    assert keys_of(replace(one, players="good")) == keys_of(one), "teammates of people"
    simulated = replace(one, kind="simulated", players="good")
    assert keys_of(simulated) != keys_of(replace(simulated, players="poor"))


def test_a_scenario_that_was_played_before_says_so() -> None:
    history = history_of(
        [drill("2026-03-01T10:00"), drill("2026-01-01T10:00"), drill("2026-02-01T10:00", scenario="other", title="B")]
    )
    assert [(one.drill.date, one.drill.repeat) for one in history.drills] == [
        *(("2026-01-01", 0), ("2026-02-01", 0), ("2026-03-01", 1)),
    ]


def test_a_renamed_scenario_and_clocks_that_are_wrong_are_said() -> None:
    renamed = history_of([drill("2026-01-01T10:00", title="A"), drill("2026-02-01T10:00", scenario="new", title="A")])
    small = renamed.drills[0].drill.scenario
    assert renamed.notes == [
        f"{small!r} and 'new' have one title (A): if a scenario was renamed, its drills count as those of two"
    ]
    early, late = drill("2026-01-01T10:00"), drill("2026-01-01T10:20")
    (overlap,) = history_of([early, late]).notes
    assert overlap.startswith("drill-2026-01-01T10:20 began while drill-2026-01-01T10:00 still ran, by their clocks")
    assert history_of([early, drill("2026-01-01T10:40")]).notes == []
    (back,) = history_of([replace(early, set_back_s=90.0)]).notes
    assert back == "drill-2026-01-01T10:00: its clock was set back by 90 s while it ran"
    (future,) = history_of([early], datetime(2025, 12, 31, tzinfo=UTC)).notes
    assert "which is still to come" in future
    story = [drill(start, kind="simulated") for start in ("2026-01-01T10:00", "2026-01-01T10:20")]
    assert history_of(story, datetime(2025, 12, 31, tzinfo=UTC)).notes == [], "an hour in a story"


def test_a_clock_that_was_set_back_is_seen_in_the_log() -> None:
    log = played(plan_of("low"))
    events = list(log.events)
    events[5:] = [replace(event, wall=event.wall - timedelta(minutes=5)) for event in events[5:]]
    assert 200 < figures_of(Log(log.plan, events)).set_back_s <= 300
    assert figures_of(log).set_back_s == 0


def test_filters_take_ids_and_whole_days() -> None:
    history = history_of(
        [
            drill("2026-01-01T10:00", tags=["database"]),
            drill("2026-02-01T10:00", team="night", scenario="other", title="B"),
        ]
    )

    def left(**wanted: str) -> list[str]:
        return [one.drill.date for one in chosen(history, Filters(**wanted)).drills]

    first, second = "2026-01-01", "2026-02-01"
    assert left() == [first, second]
    assert left(team="night") == left(scenario="other") == left(since=second) == [second]
    assert left(tag="database") == left(until=first) == left(since=first, until=first) == [first]
    assert chosen(History(history.drills, ["a note"]), Filters(team="nobody")) == History([], ["a note"])
