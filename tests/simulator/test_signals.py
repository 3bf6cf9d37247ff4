"""What the simulated systems show: levels that follow the impact, and readings that stray a little."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.signals import SignalHistory, level_of
from tests.simulator.build import LIBRARY, MINUTE, SECOND, Table, library_plan, played, small_plan, small_scenario
from tests.support.extent import examples

ERRORS = {"unit": "%", "normal": 2, "incident": 42, "onset": "20s", "recovery": "40s"}


def table_of(signal: dict[str, object], **changes: object) -> Table:
    return Table(small_plan(small_scenario(signals={"it": signal}, **changes))).gathered()


def history(table: Table) -> SignalHistory:
    return SignalHistory(table.plan, table.events)


def done(table: Table, action: str, at: int) -> int:
    """Let the first responder do something from a time on; when it was done."""
    table.until(at)
    table.says("ana", f"/do {action}")
    finished = table.state.running["ana"].ends
    table.until(finished)
    return finished


def test_it_rises_to_the_incidents_level_in_a_straight_line() -> None:
    signal = history(table_of(ERRORS))
    assert [signal.level("it", at * SECOND) for at in (0, 5, 10, 20, 600)] == [2, 12, 22, 42, 42]


def test_it_leaves_its_normal_level_when_it_starts() -> None:
    signal = history(table_of({**ERRORS, "starts": "1m"}))
    assert [signal.level("it", at * SECOND) for at in (0, 59, 60, 70, 80)] == [2, 2, 2, 22, 42]


def test_without_an_onset_it_jumps() -> None:
    signal = history(table_of({"normal": 2, "incident": 42}))
    assert signal.level("it", 0) == 42


@pytest.mark.parametrize(("action", "level"), [("ease", 22), ("smash", 62), ("mend", 2), ("look", 42)])
def test_it_goes_where_the_impact_leads(action: str, level: float) -> None:
    table = table_of(ERRORS)
    at = done(table, action, MINUTE)
    signal = history(table)
    assert signal.level("it", at) == 42
    way = 20 * SECOND if action == "smash" else 40 * SECOND
    assert signal.level("it", at + way // 2) == pytest.approx((42 + level) / 2)
    assert signal.level("it", at + way) == level


def test_what_was_fixed_and_broken_again_rises_again() -> None:
    table = table_of(ERRORS)
    fixed = done(table, "mend", MINUTE)
    broken = done(table, "smash", fixed)
    signal = history(table)
    assert signal.level("it", broken) == 2
    assert signal.level("it", broken + 10 * SECOND) == 32
    assert signal.level("it", broken + 20 * SECOND) == 62


def test_a_share_stays_between_nought_and_a_hundred() -> None:
    table = table_of({**ERRORS, "incident": 90, "noise": "30%"})
    done(table, "smash", MINUTE)
    signal = history(table)
    assert signal.level("it", 10 * MINUTE) == 100
    readings = [signal.value("it", at * SECOND) for at in range(0, 1200, 5)]
    assert min(readings) >= 0
    assert max(readings) == 100


def test_what_is_never_negative_does_not_become_so() -> None:
    table = table_of({"normal": 100, "incident": 10})
    done(table, "smash", MINUTE)
    assert history(table).level("it", 10 * MINUTE) == 0


def test_an_action_s_own_levels_take_the_place_of_the_impacts() -> None:
    actions = [{"id": "mend", "label": "Roll back", "takes": "1m", "effect": "fixes", "signals": {"it": 7}}]
    table = table_of(ERRORS, actions=actions)
    at = done(table, "mend", MINUTE)
    assert history(table).level("it", at + 40 * SECOND) == 7


LATENCY = {"normal": 10, "incident": 90, "onset": "20s", "recovery": "40s"}
"""A second relief, two fixes that belong together, and what each says of the signal."""
SEVERAL = [
    {"id": "ease", "label": "Add servers", "takes": "1m", "effect": "eases"},
    {"id": "more", "label": "Add more", "takes": "1m", "effect": "eases", "signals": {"it": 30}},
    {"id": "one", "label": "This", "takes": "1m", "effect": "fixes", "together": ["two"], "signals": {"it": 40}},
    {"id": "two", "label": "That", "takes": "1m", "effect": "fixes", "together": ["one"], "signals": {"it": 20}},
    {"id": "mend", "label": "Roll back", "takes": "1m", "effect": "fixes"},
    {"id": "smash", "label": "Delete all", "takes": "1m", "effect": "worsens"},
    {"id": "worst", "label": "Delete more", "takes": "1m", "effect": "worsens", "signals": {"it": 99}},
]


@pytest.mark.parametrize(
    ("order", "levels"),
    [
        (("ease", "more"), (50, 30)),
        (("more", "ease"), (30, 30)),
        (("ease", "one"), (50, 40)),
        (("more", "two", "one"), (30, 20, 10)),
        (("smash", "worst"), (130, 99)),
        (("worst", "smash"), (99, 99)),
    ],
)
def test_what_changes_the_impact_no_further_still_moves_what_it_names(
    order: tuple[str, ...], levels: tuple[float, ...]
) -> None:
    """A second relief, or one of several fixes after a relief, used to move nothing."""
    table = table_of(LATENCY, actions=SEVERAL)
    at = MINUTE
    for action, level in zip(order, levels, strict=True):
        at = done(table, action, at) + 40 * SECOND
        assert history(table).level("it", at) == level, action


@pytest.mark.parametrize("late", [("more",), ("one",), ("two",), ("one", "more")])
def test_what_is_done_when_the_impact_has_ended_moves_nothing_away_from_normal(late: tuple[str, ...]) -> None:
    table = table_of(LATENCY, actions=SEVERAL)
    at = done(table, "mend", MINUTE)
    for action in late:
        at = done(table, action, at)
    assert table.state.impact == "ended"
    assert history(table).level("it", at + 2 * MINUTE) == 10


def test_a_fix_of_several_done_once_more_after_the_end_moves_nothing() -> None:
    table = table_of(LATENCY, actions=SEVERAL)
    at = MINUTE
    for action in ("one", "two", "one"):
        at = done(table, action, at)
    assert history(table).level("it", at + 2 * MINUTE) == 10


def test_a_relief_that_was_begun_before_the_fix_and_ends_after_it_moves_nothing() -> None:
    slow = {"id": "slow", "label": "Add slowly", "takes": "5m", "effect": "eases", "signals": {"it": 30}}
    table = table_of(LATENCY, actions=[slow, *SEVERAL])
    table.says("ben", "/do slow")
    fixed = done(table, "mend", MINUTE)
    table.until(10 * MINUTE)
    assert table.state.done["slow"] > fixed
    assert history(table).level("it", 9 * MINUTE) == 10


def test_a_second_relief_before_it_starts_counts_when_it_does() -> None:
    table = table_of({**LATENCY, "starts": "10m"}, actions=SEVERAL)
    done(table, "more", done(table, "ease", MINUTE))
    assert [history(table).level("it", at * MINUTE) for at in (1, 9, 11)] == [10, 30, 30]


def test_a_look_may_move_a_signal_too() -> None:
    actions = [{"id": "look", "label": "Run a test order", "takes": "1m", "signals": {"it": 50}}]
    table = table_of(ERRORS, actions=actions)
    at = done(table, "look", MINUTE)
    assert history(table).level("it", at + 20 * SECOND) == 50


def test_an_inject_moves_a_signal_the_first_time_it_comes() -> None:
    inject = {"id": "more", "at": "5m", "text": "More!", "signals": {"it": 60}, "repeat": {"every": "3m", "times": 1}}
    table = table_of(ERRORS, injects=[inject])
    done(table, "mend", 5 * MINUTE)
    table.until(10 * MINUTE)
    signal = history(table)
    assert signal.level("it", 5 * MINUTE + 20 * SECOND) == 60
    assert signal.level("it", 10 * MINUTE) == 2


@pytest.mark.parametrize(("action", "later"), [("mend", 2), ("ease", 22), ("smash", 62)])
def test_what_is_done_before_it_starts_counts_when_it_does(action: str, later: float) -> None:
    """A fix before the onset must leave the signal normal, not send it off its scale."""
    table = table_of({**ERRORS, "starts": "10m"})
    done(table, action, MINUTE)
    signal = history(table)
    assert [signal.level("it", at) for at in (5 * MINUTE, 10 * MINUTE)] == [2, 2]
    assert signal.level("it", 11 * MINUTE) == later


def test_own_levels_before_it_starts() -> None:
    look = {"id": "look", "label": "Run a test order", "takes": "1m", "signals": {"it": 10}}
    table = table_of({**ERRORS, "starts": "10m"}, actions=[look])
    done(table, "look", MINUTE)
    signal = history(table)
    assert [signal.level("it", at * MINUTE) for at in (1, 5, 10, 11)] == [2, 10, 10, 42]


def test_levels_may_be_drawn() -> None:
    plan = small_plan(vary={"rate": {"choose": [37]}}, signals={"it": {"normal": 0, "incident": "{rate}"}})
    assert history(Table(plan)).level("it", 0) == 37
    assert level_of("{rate}.5", {"rate": 37}) == 37.5


def test_readings_stray_by_their_noise_and_stand_for_five_seconds() -> None:
    table = table_of({"normal": 100, "incident": 100, "noise": "8%"})
    signal = history(table)
    readings = [signal.value("it", at * SECOND) for at in range(0, 5000, 5)]
    assert all(76 <= reading <= 124 for reading in readings)
    assert len(set(readings)) > 900
    assert signal.value("it", 0) == signal.value("it", 4999)
    assert signal.value("it", 4999) != signal.value("it", 5000)


def test_readings_follow_from_seed_signal_and_time_alone() -> None:
    def reading(seed: int, name: str) -> float:
        level = {"normal": 100, "incident": 100, "noise": "8%"}
        plan = small_plan(seed=seed, signals={"it": level, "that": level})
        return history(Table(plan)).value(name, MINUTE)

    assert reading(7, "it") == reading(7, "it")
    assert len({reading(7, "it"), reading(8, "it"), reading(7, "that")}) == 3


def test_without_noise_a_reading_is_the_level() -> None:
    signal = history(table_of(ERRORS))
    assert signal.value("it", 5 * SECOND) == signal.level("it", 5 * SECOND) == 12


@pytest.mark.parametrize("name", LIBRARY)
def test_events_can_be_added_as_they_happen(name: str) -> None:
    plan = library_plan(name, profiles=("average",))
    events = played(plan).events
    growing = SignalHistory(plan)
    for event in events:
        growing.add(event)
    whole = SignalHistory(plan, events)
    for signal in plan.scenario.signals:
        for at in range(0, 60 * MINUTE, MINUTE):
            assert growing.value(signal, at) == whole.value(signal, at)


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["look", "mend", "ease", "smash"]), st.integers(0, 300)), max_size=5))
def test_a_level_never_leaves_what_its_causes_allow(done_by: list[tuple[str, int]]) -> None:
    """Whatever is done in whatever order: no extrapolation, no jump beyond the worst."""
    table = table_of({**ERRORS, "starts": "4m"})
    for action, wait in done_by:
        if table.state.phase == "respond":
            done(table, action, table.at + wait * SECOND)
    signal = history(table)
    assert all(2 <= signal.level("it", at * SECOND) <= 62 for at in range(0, 2400, 7))
