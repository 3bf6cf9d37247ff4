"""What each chart of a team's page shows, by hand-computed histories of a few drills."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from scoring.history.charts.answer_shares import answer_shares
from scoring.history.charts.first_times import TimeDot, first_times
from scoring.history.charts.funnel import funnel_of
from scoring.history.charts.leads import Lead, leads_of
from scoring.history.charts.strip import strip_of
from scoring.history.figures import Figures
from scoring.history.view import MOST, Asked, view_of
from tests.scoring.history_drills import drill

SOUND: Mapping[str, object] = {"complete": True, "provisional": False, "cut_short": False}


def played(
    number: int, people: tuple[str, ...] = ("ana", "ben"), led: tuple[str, ...] = (), **fields: object
) -> Figures:
    """The drill of a number, from 1 on, on that day of March."""
    one = drill(f"2026-03-{number:02}T14:00", people, **{**SOUND, "first_responder_simulated": False, **fields})
    return replace(one, crew=replace(one.crew, led=list(led)))


# -- which drills ------------------------------------------------------------------------------------------------------


def test_what_may_not_share_a_figure_is_never_shown_together() -> None:
    drills = [played(1), played(2, mode="training"), played(3, protocol="other"), played(4), played(5, group=2)]
    view = view_of(drills)
    assert [one.drill.drill for one in view.drills] == ["drill-2026-03-05T14:00"], "like the newest"
    assert sum(view.others.values()) == 4
    asked = view_of(drills, Asked(group=1, mode="assessed", protocol=drills[0].drill.protocol))
    assert [one.drill.date for one in asked.drills] == ["2026-03-01", "2026-03-04"]
    assert view_of(drills, Asked(mode="training")).drills == [drills[1]]
    nobody = view_of(drills, Asked(kind="real"))
    assert (nobody.keys, nobody.drills, sum(nobody.others.values())) == (None, [], 5)
    assert view_of([]).keys is None


def test_simulated_players_of_another_kind_are_others() -> None:
    drills = [played(1, kind="simulated", players="good"), played(2, kind="simulated", players="poor")]
    assert [one.drill.players for one in view_of(drills).drills] == ["poor"]
    assert view_of(drills, Asked(players="good")).drills == drills[:1]


def test_what_says_nothing_is_left_out_by_its_reason_and_only_the_last_are_shown() -> None:
    drills = [
        played(1, cut_short=True),
        played(2, complete=False),
        played(3, provisional=True),
        *(played(4, head=str(number)) for number in range(MOST + 2)),
    ]
    view = view_of(drills)
    assert view.left_out == {"cut short": 1, "not played to its end": 1, "with its follow-up still open": 1}
    assert view.whole == MOST + 2
    assert view.drills == drills[-MOST:]


# -- 1: obligations ----------------------------------------------------------------------------------------------------


ACTS = {
    "team_alerted": ("team_alerted", "first_responder"),
    "acknowledged": ("acknowledged", "everyone"),
    "joined": ("joined", "everyone"),
    "commander_in_place": ("role_in_place", "team"),
    "first_external_message": ("published", "communications"),
    "impact_ended": ("impact_ended", "solutioneer"),
}


def outcomes(one: Figures, **owed: Mapping[str, object]) -> Figures:
    """The drill with only these obligations."""
    rows = [
        replace(one.obligations[0], obligation=name, act=ACTS[name][0], title=name, owner=ACTS[name][1], **fields)
        for name, fields in owed.items()
    ]
    return replace(one, obligations=rows)


def test_the_strip_has_the_dearest_obligation_first_and_counts_what_could_be_judged() -> None:
    drills = [
        outcomes(
            played(1),
            team_alerted={"outcome": "met", "available": 4.0, "earned": 4.0},
            first_external_message={"outcome": "missed", "available": 3.0, "earned": 0.0},
        ),
        outcomes(
            played(2),
            team_alerted={"outcome": "late", "available": 4.0, "earned": 2.0},
            first_external_message={"outcome": "unjudged", "available": 3.0, "earned": None},
        ),
        outcomes(played(3), team_alerted={"outcome": "met", "available": 4.0, "earned": 4.0}),
    ]
    dearest, second = strip_of(drills)
    assert (dearest.obligation, dearest.met, dearest.judged, dearest.cost) == ("first_external_message", 0, 1, 1.0)
    assert dearest.found[2] is None, "not owed"
    assert (second.obligation, second.met, second.judged) == ("team_alerted", 2, 3)
    assert second.cost == pytest.approx(2 / 3)


def test_what_a_simulated_first_responder_owed_says_nothing_of_people() -> None:
    change = {"outcome": "missed", "available": 4.0, "earned": 0.0}
    among_people = outcomes(played(1, first_responder_simulated=True), team_alerted=change)
    assert strip_of([among_people]) == []
    (row,) = strip_of([outcomes(played(1, kind="simulated", first_responder_simulated=True), team_alerted=change)])
    assert (row.met, row.judged) == (0, 1)


# -- 2: answers --------------------------------------------------------------------------------------------------------


def answered(number: int, *times: float, never: tuple[float, ...] = (), excused: tuple[float, ...] = ()) -> Figures:
    found: dict[str, Any] = {"answered_s": list(times), "unanswered_s": list(never), "excused_s": list(excused)}
    one = played(number, alerted=True, **found)
    return outcomes(one, acknowledged={"target_s": 60.0, "deadline_s": 300.0}, team_alerted={})


def test_the_share_of_those_who_answered_counts_those_who_never_did() -> None:
    found = answer_shares([answered(1, 10, 50, never=(900,)), answered(2, 100, never=(900,))])
    assert found is not None
    assert (found.until, found.target, found.people, found.never, found.excused) == (300, 60.0, 5, 2, 0)
    assert [round(found.whole[second], 3) for second in (9, 10, 49, 50, 99, 100, 300)] == [
        0,
        0.2,
        0.2,
        0.4,
        0.4,
        0.6,
        0.6,
    ]
    first = found.drills[0]
    assert first is not None
    assert round(first[60], 3) == 0.667
    assert found.half == 100
    assert found.at(found.target or 0) == pytest.approx(0.4)
    assert found.by_target is not None
    assert found.by_target.low < 0.4 < found.by_target.high


def test_somebody_excused_never_answers_and_is_not_merely_lost_from_sight() -> None:
    found = answer_shares([answered(1, 50, excused=(20,))])
    assert found is not None
    assert found.whole[300] == pytest.approx(0.5), "Kaplan and Meier would say 1"
    assert (found.excused, found.low) == (1, []), "and one drill has no band"


def test_the_band_lies_around_the_whole_also_where_somebody_was_excused() -> None:
    found = answer_shares([answered(1, 10, 20, excused=(15,)), answered(2, 40, never=(700,)), answered(3, 5, 90)])
    assert found is not None
    assert all(low <= share + 1e-9 for low, share in zip(found.low, found.whole, strict=True))
    assert all(share <= high + 1e-9 for high, share in zip(found.high, found.whole, strict=True))
    assert all(a <= b for a, b in pairwise(found.low))
    assert max(found.high) < 1


def test_a_drill_without_an_alert_is_a_line_of_its_own() -> None:
    silent = replace(answered(2), drill=replace(answered(2).drill, alerted=False))
    found = answer_shares([answered(1, 10), silent])
    assert found is not None
    assert (found.unalerted, found.drills[1]) == ([1], None)
    not_owed = replace(silent, obligations=[row for row in silent.obligations if row.act != "team_alerted"])
    found = answer_shares([answered(1, 10), not_owed])
    assert found is not None
    assert found.unalerted == []
    assert answer_shares([silent]) is None


# -- 3: times ----------------------------------------------------------------------------------------------------------


def test_a_time_that_never_came_is_kept_and_one_that_was_not_owed_is_not() -> None:
    owed = {"commander_in_place": {"target_s": 180.0}, "first_external_message": {"target_s": 300.0}}
    times = [(100.0, 400.0), (180.0, None), (181.0, 300.0)]
    drills = [
        outcomes(played(number, time_to_commander_s=command, time_to_first_message_s=message), **owed)
        for number, (command, message) in enumerate(times, 1)
    ]
    drills.append(outcomes(played(4, time_to_commander_s=50.0), commander_in_place={"target_s": 180.0}))
    command, message = first_times(drills)
    assert [dot and dot.met for dot in command.dots] == [True, True, False, True]
    assert message.dots == [TimeDot(400.0, 300.0), TimeDot(None, 300.0), TimeDot(300.0, 300.0), None]
    assert [dot.met for dot in message.owed] == [False, False, True]
    assert first_times([replace(drills[0], obligations=[])]) == []


# -- 4: who has led ----------------------------------------------------------------------------------------------------


def test_who_never_led_comes_first_and_who_has_left_not_at_all() -> None:
    drills = [
        played(1, ("ana", "ben", "eve"), ("eve", "ana")),
        played(2, ("ana", "ben"), ("ben",)),
        played(3, ("ana", "ben", "cy"), ("ben",)),
        played(4, ("ana", "ben")),
    ]
    assert leads_of(drills) == [Lead("cy", None), Lead("ana", 0), Lead("ben", 2)]
    cannot = [replace(one, crew=replace(one.crew, may_lead=["ana"])) for one in drills]
    assert leads_of(cannot) == [Lead("ana", 0)]


# -- 5: the funnel -----------------------------------------------------------------------------------------------------


def through(number: int, joined: int, **fields: object) -> Figures:
    found: dict[str, Any] = {"alerted": True, "time_to_commander_s": 60.0, "time_to_fix_s": 600.0, **fields}
    one = played(number, **found)
    counts = {"did": 2, "owing": 4}
    acts: dict[str, Mapping[str, object]] = {
        "team_alerted": {},
        "acknowledged": counts,
        "joined": {"did": joined, "owing": 4},
    }
    return outcomes(one, **acts, commander_in_place={}, impact_ended={})


def test_the_funnel_counts_drills_and_the_people_whom_an_alert_called() -> None:
    drills = [
        through(1, 3),
        through(2, 1, time_to_fix_s=None),
        through(3, 0, alerted=False, time_to_commander_s=None, time_to_fix_s=None),
        outcomes(played(4), impact_ended={}),
    ]
    found = funnel_of(drills)
    assert found is not None
    assert [(one.name, one.done, one.owed) for one in found.stages] == [
        ("alert", 2, 3),
        ("acknowledged", 4, 8),
        ("joined", 4, 8),
        ("role", 2, 3),
        ("fix", 1, 3),
    ]
    assert found.unalerted == 1
    assert found.narrowest.name == "fix"
    assert found.stages[1].found == [(2, 4), (2, 4), None, None]
    assert funnel_of(drills[3:]) is None


def test_an_alert_by_a_simulated_first_responder_is_no_step_of_people() -> None:
    found = funnel_of([through(1, 4, first_responder_simulated=True)])
    assert found is not None
    assert [one.name for one in found.stages] == ["acknowledged", "joined", "role", "fix"]
