"""Who may do what in a drill is decided by the engine's rules, and nowhere else."""

import pytest

from simulator import acts as do
from simulator.acts import Act, ActRefused, NotAllowed
from simulator.plan import Mode, Seat
from tests.simulator.build import Table, small_plan
from tests.simulator.test_rules import by, kind
from tests.simulator.test_rules_staff import STAFF_ACTS, running


@pytest.mark.parametrize("act", STAFF_ACTS, ids=kind)
def test_a_player_who_tries_to_run_the_drill_is_not_allowed_rather_than_too_early(act: Act) -> None:
    """The server answers 403 for the one and 409 for the other."""
    table = running()
    with pytest.raises(NotAllowed):
        table.does(by("ben", act))


def test_what_a_facilitator_may_do_can_still_come_at_the_wrong_time() -> None:
    table = running()
    with pytest.raises(ActRefused) as refused:
        table.does(do.Resume(who="fay"))
    assert not isinstance(refused.value, NotAllowed)


def table_with(seat: Seat, mode: Mode) -> Table:
    plan = small_plan()
    seats = {**plan.seats, "ben": seat}
    return Table(plan.model_copy(update={"seats": seats, "mode": mode})).gathered()


def test_a_person_in_an_assessed_drill_says_in_their_own_words_what_they_do() -> None:
    table = table_with(Seat(kind="person"), "assessed")
    assert table.refused(do.StartAction(who="ben", action="look")) == (
        "say what you do in your own words (/do …); an assessed drill has no list to choose from"
    )
    assert type(table.does(do.Attempt(who="ben", text="look"))[0]).__name__ == "ActionStarted"


@pytest.mark.parametrize(
    ("seat", "mode"),
    [
        (Seat(kind="person"), "training"),
        (Seat(kind="simulated", profile="good"), "assessed"),
        (Seat(kind="script"), "assessed"),
    ],
)
def test_in_training_and_for_whoever_is_no_person_there_is_a_list(seat: Seat, mode: Mode) -> None:
    table = table_with(seat, mode)
    begun = table.does(do.StartAction(who="ben", action="look"))
    assert [type(event).__name__ for event in begun][:1] == ["ActionStarted"]
