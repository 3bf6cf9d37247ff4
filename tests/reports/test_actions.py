"""What became of a corrective action, in words."""

import pytest
from msgspec.structs import replace

from reports.actions import action_row, told, verdict
from scoring.history.actions import Closed, CorrectiveAction, Handled, Known, actions_of
from scoring.history.figures import Figures, Meant
from tests.scoring.history_drills import drill, with_outcomes

OWED = "injects_answered"
HELD = "held: met in 2 retests running. A team that changes nothing looks so"
KEY = "drill-2026-01-01T10:00.7"


def went(month: int, met: bool, **fields: object) -> Figures:
    changes = {"outcome": "met" if met else "late", "owing": None, "target_s": 300.0, "actual_s": 610.0, **fields}
    return with_outcomes(drill(f"2026-0{month}-01T10:00"), **{OWED: changes})


def action(*later: Figures, obligation: str = OWED, closed: Closed | None = None) -> CorrectiveAction:
    first = replace(went(1, False), meant=[Meant(seq=7, lead="Fix step 2 of failover: ", obligation=obligation)])
    (found,) = actions_of([first, *later], Known("2026-01-01", {KEY: Handled(closed=closed)}))
    return found


def test_an_action_is_told_with_how_it_went_then_and_now() -> None:
    row = action_row(action(went(2, False), went(3, True, actual_s=200.0)), "x\u202ey")
    assert (row.text, row.measured_by) == ("Fix step 2 of failover: xy", "Injects answered")
    assert (row.then, row.now, row.held) == ("10 min 10 s, late", "3 min 20 s, met", False)
    assert row.says == "met once; it has held once 2 retests running meet it"


@pytest.mark.parametrize(
    ("met", "says"),
    [
        ([], "no retest yet"),
        ([False], "not held: the last retest did not meet it"),
        (
            [True, True],
            f"{HELD} in 38 of 100 cases (assumed, as there is no other drill to go by).",
        ),
        (
            [False, False, True, True],
            f"{HELD} in 6 of 100 cases (by 2 other drills).",
        ),
    ],
)
def test_whether_it_held_is_said_with_how_often_luck_looks_so(met: list[bool], says: str) -> None:
    assert verdict(action(*(went(month, one) for month, one in enumerate(met, 2)))) == says


def test_what_nothing_measures_is_closed_by_hand() -> None:
    assert verdict(action(obligation="")) == "open: no drill shows it, somebody closes it by hand"
    assert action_row(action(obligation=""), "x").measured_by == "no drill shows it: somebody closes it by hand"
    said = {
        how: verdict(action(obligation="", closed=Closed(on="2026-02-03", how=how)))
        for how in ("observation", "document")
    }
    assert said == {
        "observation": "closed on 2026-02-03: somebody saw that it is done",
        "document": "closed on 2026-02-03: a document shows it",
    }


def test_an_obligation_that_no_drill_owed_is_called_by_its_id() -> None:
    row = action_row(action(obligation="told_over"), "x")
    assert (row.measured_by, row.then, row.now, row.says) == ("told_over", "", "", "no retest yet")
    assert told(action(), "a\nb") == "Fix step 2 of failover: a b"
