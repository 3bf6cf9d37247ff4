"""Customers who wait and write: what calms them, what angers them, and that a resumed drill hears the same voices."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import events as ev
from simulator.customer_message_bank import BODIES, ENDINGS, FIRMS, PEOPLE, POSTS
from simulator.customer_messages import written
from simulator.customers import WAITING
from simulator.draws import uniform
from simulator.engine import Engine
from simulator.events import Mood
from simulator.matching import claims_over
from simulator.plan import DrillPlan
from simulator.signals import SignalHistory
from tests.simulator.build import MINUTE, START, Table, small_plan
from tests.support.extent import examples

SECOND = 1_000
CUSTOMERS = {"affected": 1200, "every": "40s", "cannot": "sign in", "again": "signing in"}
CLEAR = "/publish Some of you cannot sign in, and we are working on it"


def plan(seed: int = 7, **customers: object) -> DrillPlan:
    return small_plan(seed=seed, customers={**CUSTOMERS, **customers}, ends={"after": "60m"})


def mails(table: Table, since: int = 0) -> list[ev.CustomerWrote]:
    return [event for event in table.of(ev.CustomerWrote) if event.at >= since]


def waiting(table: Table, at: int) -> float:
    return SignalHistory(table.plan, table.events).value(WAITING, at)


def held(seed: int = 7, **customers: object) -> Table:
    """A team in its roles, one minute in."""
    table = Table(plan(seed, **customers))
    table.until(MINUTE)
    return table.gathered()


# -- how many wait -----------------------------------------------------------------------------------------------------


def test_more_and_more_wait_while_nobody_says_anything() -> None:
    table = held()
    table.until(50 * MINUTE)
    course = [waiting(table, minute * MINUTE) for minute in range(0, 50, 5)]
    assert course[0] == 0
    assert course == sorted(course)
    assert 1000 < course[-1] <= 1200


def test_nobody_waits_before_it_is_noticed() -> None:
    table = held(starts="4m")
    table.until(10 * MINUTE)
    assert waiting(table, 4 * MINUTE) == 0
    assert waiting(table, 6 * MINUTE) > 0
    assert all(mail.at > 4 * MINUTE for mail in mails(table))


def test_a_clear_message_with_a_time_calms_until_the_time_has_passed() -> None:
    silent, spoken = held(), held()
    for table in (silent, spoken):
        table.until(15 * MINUTE)
    spoken.says("chloe", f"{CLEAR} next 15m")
    for table in (silent, spoken):
        table.until(45 * MINUTE)
    assert waiting(spoken, 29 * MINUTE) < 0.6 * waiting(silent, 29 * MINUTE)
    assert waiting(spoken, 40 * MINUTE) > 0.9 * waiting(silent, 40 * MINUTE)
    moods = {mail.mood for mail in mails(spoken, 15 * MINUTE) if mail.at < 30 * MINUTE}
    assert moods == {"reassured"}
    assert {mail.mood for mail in mails(spoken, 30 * MINUTE)} == {"let_down"}


def test_a_message_without_a_time_calms_less() -> None:
    with_time, without = held(), held()
    for table, promise in ((with_time, " next 20m"), (without, "")):
        table.until(10 * MINUTE)
        table.says("chloe", CLEAR + promise)
        table.until(24 * MINUTE)
    assert waiting(with_time, 24 * MINUTE) < waiting(without, 24 * MINUTE)
    assert {mail.mood for mail in mails(without, 10 * MINUTE)} == {"told"}


def test_a_few_words_with_a_time_are_no_clear_message() -> None:
    table = held()
    table.says("chloe", "/publish On it next 20m")
    table.until(5 * MINUTE)
    assert {mail.mood for mail in mails(table, MINUTE + 1)} == {"told"}


def test_it_ebbs_away_when_it_is_mended_and_they_say_so() -> None:
    table = held()
    table.until(20 * MINUTE)
    before = waiting(table, 20 * MINUTE)
    table.says("ana", "/do look")
    table.until(21 * MINUTE)
    table.says("ana", "/do mend")
    table.until(50 * MINUTE)
    assert waiting(table, 45 * MINUTE) < 0.05 * before
    late = mails(table, 23 * MINUTE + SECOND)
    assert late
    assert {mail.mood for mail in late} == {"mended"}
    assert max(mail.at for mail in late) <= 28 * MINUTE


@pytest.mark.parametrize("words", ["It is resolved, thank you for waiting", "All good, this was it next 0m"])
def test_they_are_angry_when_it_is_called_over_and_is_not(words: str) -> None:
    table = held()
    table.until(10 * MINUTE)
    before = len(mails(table, 5 * MINUTE))
    table.says("chloe", f"/publish {words}")
    table.until(15 * MINUTE)
    after = mails(table, 10 * MINUTE + 1)
    assert {mail.mood for mail in after} == {"misled"}
    assert len(after) > before


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("The problem is resolved.", True),
        ("Sign-in works again. Thank you.", True),
        ("We are back to normal", True),
        ("The store works as usual.", True),
        ("You can all connect again.", True),
        ("All is green", True),
        ("We will tell you when you can log in again.", False),
        ("You cannot log in as usual", False),
        ("It is not resolved yet.", False),
        ("We will write again once it is fixed.", False),
        ("We have no estimate. Some of you are still affected.", False),
        ("It should be restored before the evening.", False),
    ],
)
def test_what_says_that_it_is_over(text: str, over: bool) -> None:
    assert claims_over(text) is over


def test_those_who_were_thought_mended_are_let_down_when_it_breaks_again() -> None:
    table = held()
    for act in ("look", "mend", "smash"):
        table.says("ana", f"/do {act}")
        table.until(table.at + 3 * MINUTE)
    assert mails(table)[-1].mood == "let_down"


# -- the inbox ---------------------------------------------------------------------------------------------------------


def test_the_inbox_answers_within_a_minute_of_a_message() -> None:
    for seed in range(20):
        table = held(seed, every="10m")
        table.until(6 * MINUTE)
        table.says("chloe", f"{CLEAR} next 20m")
        table.until(7 * MINUTE)
        assert [mail.mood for mail in mails(table, 6 * MINUTE + 1)] == ["reassured"]


def test_they_write_to_whoever_speaks_to_customers_and_can_be_answered() -> None:
    table = held()
    table.until(5 * MINUTE)
    mail = mails(table)[-1]
    assert mail.to == "communications"
    assert mail.recipients == ("chloe",)
    assert table.state.injects[mail.number - 1] == mail
    assert isinstance(table.says("chloe", f"/reply {mail.number} We are on it"), ev.InjectAnswered)
    assert table.refusal("ben", f"/reply {mail.number} Me too") == f"no message {mail.number} has reached you"


def test_the_promised_time_stands_in_their_words() -> None:
    table = held()
    table.until(10 * MINUTE)
    table.says("chloe", f"{CLEAR} next 10m")
    table.until(40 * MINUTE)
    promised = f"{START + timedelta(minutes=20):%H:%M}"
    told = [mail for mail in mails(table, 10 * MINUTE + 1) if any(sign.isdigit() for sign in mail.text)]
    named = [mail for mail in told if promised in mail.text]
    assert {mail.mood for mail in named} == {"reassured", "let_down"}


def test_no_message_comes_twice_in_an_hour() -> None:
    for seed in range(10):
        table = held(seed, every="30s")
        for minute in range(5, 55, 10):
            table.until(minute * MINUTE)
            table.says("chloe", f"{CLEAR} next {3 if minute % 20 else 9}m")
        table.until(59 * MINUTE)
        texts = [mail.text for mail in mails(table)]
        assert len(texts) > 50
        assert len(set(texts)) == len(texts)
        senders = [mail.sender for mail in mails(table) if mail.via == "email"]
        assert len(set(senders[:40])) == 40
        firms = dict(sender.split(", ") for sender in senders)
        assert {f"{person}, {firm}" for person, firm in firms.items()} == set(senders), "who writes again is who wrote"


def test_nothing_is_written_after_the_response_or_in_a_pause() -> None:
    table = held()
    table.until(5 * MINUTE)
    table.says("fay", "/pause")
    assert table.until(10 * MINUTE) == []
    table.stood += 5 * MINUTE
    table.at = table.state.at
    table.says("fay", "/resume")
    table.until(table.at + MINUTE)
    table.says("ana", "/resolve")
    count = len(mails(table))
    table.until(table.at + 10 * MINUTE)
    assert len(mails(table)) == count


def test_nobody_writes_where_the_scenario_has_no_customers() -> None:
    table = Table(small_plan())
    table.until(20 * MINUTE)
    assert mails(table) == []


# -- the same after a resume -------------------------------------------------------------------------------------------

MOVES = st.lists(
    st.tuples(
        st.integers(1, 400),
        st.sampled_from(["", f"{CLEAR} next 3m", CLEAR, "/publish All solved", "/do look", "/do mend", "/do smash"]),
    ),
    max_size=12,
)


@settings(max_examples=examples(60), deadline=None)
@given(moves=MOVES, seed=st.integers(0, 50))
def test_a_drill_resumed_at_any_event_hears_the_same_next(moves: list[tuple[int, str]], seed: int) -> None:
    table = held(seed)
    for seconds, line in moves:
        table.until(table.at + seconds * SECOND)
        if line and not (line.startswith("/do") and "chloe" in table.state.running):
            table.says("chloe", line)
    for count in range(1, len(table.events), max(1, len(table.events) // 6)):
        engine = Engine.resume(table.plan, table.events[:count])
        again = Engine.resume(table.plan, table.events[:count])
        due = engine.next_due()
        assert due == again.next_due()
        following: Any = table.events[count]
        if isinstance(following, ev.CustomerWrote):
            assert due == following.due
            assert engine.advance(due or 0, following.wall)[0] == following


def test_a_late_message_is_marked_so_and_comes_once() -> None:
    table = held()
    due = table.engine.next_due()
    assert due is not None
    late = due + 30 * SECOND
    [first, *_] = table.engine.advance(late, table.wall(late))
    assert isinstance(first, ev.CustomerWrote)
    assert (first.due, first.at) == (due, late)


# -- the bank ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mood", BODIES)
def test_every_sentence_of_the_bank_can_be_filled_and_none_stands_twice(mood: Mood) -> None:
    values = {"cannot": "sign in", "again": "signing in", "until": "14:20", "minutes": "7"}
    for count in range(3 * len(BODIES[mood])):
        text = written(1, mood, count, count, values)
        assert not set(text.text) & set("{}")
        assert text.text[0].isupper() or text.text[0].isdigit()
    assert len(set(BODIES[mood])) == len(BODIES[mood])
    assert len(set(ENDINGS[mood])) == len(ENDINGS[mood])


def test_people_and_firms_are_many_and_each_is_there_once() -> None:
    for names, least in ((PEOPLE, 60), (FIRMS, 60), (POSTS, 10)):
        assert len(set(names)) == len(names) >= least


def test_gaps_between_messages_follow_the_scenarios_pace() -> None:
    """Some 55 minutes at 40 s, a little less than one in 40 s because the gaps are kept from growing long."""
    counts = []
    for seed in range(20):
        table = held(seed)
        table.until(56 * MINUTE)
        counts.append(len(mails(table)))
    assert 65 < sum(counts) / len(counts) < 110
    assert uniform(1, "customer gap") != uniform(2, "customer gap")
