"""Corrective actions of many drills: what became of each, whether it held, and how often luck alone looks so."""

from math import comb
from typing import Any

import pytest
from msgspec.structs import replace

from scoring.history.actions import KEPT, Closed, CorrectiveAction, Handled, Known, actions_of, luck_of, tally
from scoring.history.figures import Figures, Meant
from scoring.history.order import history_of
from tests.scoring.history_drills import drill, with_outcomes

OWED = "injects_answered"
MEANT = Meant(seq=7, owner="ana", due_on="2026-02-01", obligation=OWED)


def went(date: str, met: bool | None = False, *meant: Meant, **fields: Any) -> Figures:  # noqa: ANN401
    """A drill in which the obligation was met, was missed, or could not be judged."""
    outcome = "unjudged" if met is None else "met" if met else "missed"
    one = with_outcomes(drill(f"{date}T10:00", **fields), **{OWED: {"outcome": outcome}})
    return replace(one, meant=list(meant))


def listed(*drills: Figures, today: str = "2026-01-15", **known: Any) -> list[CorrectiveAction]:  # noqa: ANN401
    return actions_of(history_of(drills).drills, Known(today, **known))


def action(*later: Figures, meant: Meant = MEANT, before: tuple[Figures, ...] = (), **known: Any) -> CorrectiveAction:  # noqa: ANN401
    (found,) = listed(*before, went("2026-01-10", False, meant), *later, **known)
    return found


CLOSED = Closed(on="2026-02-10", how="document", text="https://wiki.example/failover", by="ana")


def retested(*met: bool) -> list[Figures]:
    return [went(f"2026-0{month}-01", one) for month, one in enumerate(met, 2)]


@pytest.mark.parametrize(
    ("met", "closed", "state"),
    [
        ([], False, "open"),
        ([False], False, "not_held"),
        ([True], False, "retested"),
        ([False, True], False, "retested"),
        ([True, True], False, "held"),
        ([False, True, True], False, "held"),
        ([True, True, False], False, "not_held"),
        ([], True, "closed"),
        ([False], True, "closed"),  # before it was closed
        ([False, True], True, "closed"),
        ([False, False], True, "not_held"),  # after it was closed
        ([True, True], True, "held"),
    ],
)
def test_it_has_held_once_the_last_two_retests_met_it(met: list[bool], closed: bool, state: str) -> None:
    handled = {f"{went('2026-01-10').drill.drill}.7": Handled(closed=CLOSED)} if closed else {}
    found = action(*retested(*met), handled=handled)
    assert found.state == state
    assert found.open is (state in {"open", "retested", "not_held"})
    assert ([one.met for one in found.retests], found.tested) == (met, len(met))


def test_only_what_may_stand_beside_its_drill_and_was_judged_is_a_retest() -> None:
    others = [
        went("2026-02-01", True, kind="practice"),
        went("2026-02-02", True, mode="training"),
        went("2026-02-03", True, protocol="other"),
        went("2026-02-04", True, cut_short=True),
        went("2026-02-05", True, complete=False),
        went("2026-02-06", True, people=("cid", "dora")),  # another team of that name
        went("2026-02-07", None),
        replace(went("2026-02-08", True), obligations=[]),
        went("2026-01-09", True),
    ]
    assert action(*others).retests == []
    assert [one.date for one in action(*others, went("2026-03-01", True)).retests] == ["2026-03-01"]


def test_what_the_first_responder_owes_says_nothing_where_a_simulated_one_was_first() -> None:
    def first(date: str, **fields: Any) -> Figures:  # noqa: ANN401
        return with_outcomes(drill(f"{date}T10:00", **fields), bug_filed={"outcome": "met"})

    meant = replace(MEANT, obligation="bug_filed")
    later = [first("2026-02-01", first_responder_simulated=True), first("2026-03-01", first_responder_simulated=False)]
    assert [one.date for one in action(*later, meant=meant).retests] == ["2026-03-01"]


def test_what_names_no_obligation_is_only_closed_by_hand() -> None:
    meant = Meant(seq=7, lead="Fix step 2 of failover: ")
    found = action(*retested(True, True), meant=meant)
    assert (found.state, found.lead, found.luck, found.title) == ("open", "Fix step 2 of failover: ", None, "")
    named = action(*retested(True, True), meant=meant, handled={found.key: Handled(obligation=OWED)})
    assert (named.state, named.title) == ("held", "Injects answered")


def test_overdue_ones_come_first_then_by_their_day_and_what_is_done_last() -> None:
    def due(seq: int, day: str) -> Meant:
        return Meant(seq=seq, due_on=day)

    first = went("2026-01-10", False, due(1, ""), due(2, "2026-03-01"), due(3, "2026-01-20"), due(4, "2026-01-12"))
    done = {f"{first.drill.drill}.4": Handled(closed=CLOSED)}
    found = listed(first, went("2026-01-11", False, due(5, "")), today="2026-02-01", handled=done)
    assert [(one.seq, one.overdue) for one in found] == [(3, True), (2, False), (5, False), (1, False), (4, False)]
    assert listed(first, today="2026-03-01")[2].overdue is False, "the day itself is in time"


def test_what_somebody_changed_by_hand_counts_and_a_leavers_action_is_the_leads() -> None:
    key = action().key
    assert action().owner == "ana"
    assert action(handled={key: Handled(owner="ben", due_on="")}).owner == "ben"
    assert action(handled={key: Handled(owner="ben", due_on="")}).due_on == ""
    found = action(gone={action().team: {"ana"}})
    assert (found.owner, found.left) == ("", True)
    assert action(gone={"elsewhere": {"ana"}}).left is False
    assert action(planned={key: ["drill-9"]}).planned == ["drill-9"]


def test_actions_are_counted() -> None:
    first = went("2026-01-10", False, MEANT, Meant(seq=8), Meant(seq=9, due_on="2026-01-12"))
    done = {f"{first.drill.drill}.8": Handled(closed=CLOSED)}
    assert tally(listed(first, *retested(True, True), today="2026-02-01", handled=done)) == (3, 1, 1, 1, 1)


# -- luck --------------------------------------------------------------------------------------------------------------


def test_luck_is_the_expected_square_of_the_rate() -> None:
    assert luck_of(0, 0) == pytest.approx(0.5 * 1.5 / 2)
    assert luck_of(3, 4) == pytest.approx(3.5 * 4.5 / (5 * 6))
    assert luck_of(0, 0, 0.8) == pytest.approx(0.8 * 1.8 / 2), "one drill's worth of what a calibration knows"
    assert (luck_of(0, 0, 0.0), luck_of(0, 0, 1.0)) == (0.0, 1.0)
    rates = [(step + 0.5) / 10_000 for step in range(10_000)]
    likely = [rate**2.5 * (1 - rate) ** 0.5 for rate in rates]  # after three of four, from Jeffreys' prior
    expected = sum(one * rate**2 for one, rate in zip(likely, rates, strict=True)) / sum(likely)
    assert luck_of(3, 4) == pytest.approx(expected, abs=1e-4)


def test_luck_leaves_out_the_drill_of_the_action_and_the_retests_that_make_it_held() -> None:
    before = (went("2025-10-01", True), went("2025-11-01", True), went("2025-12-01", False))
    found = action(*retested(False, True, True), before=before)
    assert (found.state, found.luck_drills, found.luck) == ("held", 4, luck_of(2, 4))
    assert action(before=before).luck == luck_of(2, 3)
    assert action(*retested(True), before=before).luck == luck_of(2, 3)


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.7, 0.9])
def test_what_is_said_of_teams_that_do_not_change_is_near_the_truth(rate: float) -> None:
    """Over every way in which six earlier drills can have gone; drawn towards a half, as six cannot say more."""
    said = sum(comb(6, met) * rate**met * (1 - rate) ** (6 - met) * luck_of(met, 6) for met in range(7))
    assert said == pytest.approx(rate**2, abs=0.08)


def test_many_retests_are_counted_and_the_last_listed() -> None:
    later = [went(f"2026-{month:02}-{day:02}", day % 2 == 0) for month in (2, 3) for day in range(1, 11)]
    found = action(*later)
    assert (found.tested, len(found.retests), found.retests[-1].date) == (20, KEPT, "2026-03-10")
    assert (found.running, found.state) == (1, "retested")
    assert action().running == 0
