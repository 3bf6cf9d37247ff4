"""The sealed log: it gives back what was written, and says which line is wrong first."""

import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from simulator import events as ev
from simulator.folds import apply
from simulator.log import VERSION, DrillLog, LogError, replay, verify
from simulator.state import DrillState
from tests.simulator.build import LIBRARY, Table, library_plan, people, played, small_plan, snapshot
from tests.support.extent import examples

CUT = "the line was cut short"
ALTERED = "the line, or one before it, was altered after it was written"


@cache
def drill() -> DrillLog:
    """A short drill with letters of many kinds in it."""
    table = Table(small_plan(title='Grüße „{x}" 你好 👩‍🚒 \u2028 </script>')).resolved()
    table.says("ana", '/sitrep solution=Zurückgerollt \\ "quoted"\nzweite Zeile who=всё how=≥ 3 %')
    table.until(10**12)
    return DrillLog.reproducible(table.plan, table.events)


def lines() -> list[bytes]:
    return drill().data.splitlines(keepends=True)


# -- there and back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LIBRARY)
def test_a_plan_is_written_in_parts_as_in_one(name: str) -> None:
    plan = library_plan(name)
    for one in (plan, plan.model_copy(update={"seed": 8, "runbooks": []})):
        assert one.to_json() == one.model_dump_json(by_alias=True, exclude_none=True)


@pytest.mark.parametrize("name", LIBRARY)
def test_a_log_gives_back_plan_and_events(name: str) -> None:
    plan = library_plan(name, profiles=("good", "poor"))
    events = played(plan).events
    sealed = DrillLog.reproducible(plan, events)
    read = DrillLog.read(sealed.data, sealed.texts)
    assert read.plan == plan
    assert list(read.events) == events
    assert (read.head, read.data, read.complete) == (sealed.head, sealed.data, True)
    assert DrillLog.reproducible(read.plan, read.events).data == sealed.data


def test_letters_of_any_kind_stay_as_they_are() -> None:
    read = DrillLog.read(drill().data, drill().texts)
    assert read.plan.scenario.title == drill().plan.scenario.title
    assert list(read.events) == list(drill().events)
    assert "你好" in drill().data.decode()


def test_every_line_is_json_and_ends_with_its_hash() -> None:
    found = [json.loads(line) for line in lines()]
    assert found[0]["format"] == "drillroom-log"
    assert found[0]["version"] == VERSION
    assert [line["seq"] for line in found[1:]] == list(range(len(found) - 1))
    assert all(list(line)[-1] == "hash" and len(line["hash"]) == 64 for line in found)
    assert found[-1]["hash"] == drill().head


def test_replaying_gives_the_state_after_each_event() -> None:
    state = DrillState(drill().plan)
    for event, replayed in replay(drill()):
        apply(state, event)
        assert snapshot(replayed) == snapshot(state)
    assert state.seq == len(drill().events)


@pytest.mark.parametrize("name", LIBRARY)
def test_no_name_and_no_address_is_in_a_log(name: str) -> None:
    plan = library_plan(name)
    data = DrillLog.reproducible(plan, played(plan).events).data.decode()
    for member in people("officeluv").members:
        assert member.name not in data
        assert member.name.split()[1] not in data
        assert member.email is None or member.email not in data


# -- what verify says --------------------------------------------------------------------------------------------------


def test_a_whole_log_is_right() -> None:
    verdict = verify(drill().data)
    assert (verdict.right, verdict.line, verdict.complete, verdict.head) == (True, None, True, drill().head)
    assert verdict.why == f"{len(drill().events)} events, complete; its {len(drill().texts)} texts are not here"


def test_a_head_kept_elsewhere_is_compared() -> None:
    assert verify(drill().data, drill().head).right
    assert verify(drill().data, f" {drill().head.upper()}\n").right
    verdict = verify(drill().data, "0" * 64)
    assert (verdict.right, verdict.line) == (False, len(lines()))
    assert verdict.why == f"the log ends in a different hash from the one given: {drill().head}"


def test_a_chain_that_was_made_anew_is_found_by_its_head_alone() -> None:
    """What the chain claims, and what it does not."""
    forged = DrillLog.reproducible(drill().plan, [*drill().events[:-1]])
    assert verify(forged.data).right
    assert not verify(forged.data, drill().head).right


def test_a_log_without_an_end_is_incomplete_and_not_wrong() -> None:
    ended = next(place for place, event in enumerate(drill().events) if isinstance(event, ev.DrillEnded))
    verdict = verify(b"".join(lines()[: ended + 1]))
    assert (verdict.right, verdict.complete) == (True, False)
    assert verdict.why.startswith(f"{ended} events, incomplete: the drill was not played to its end; its ")
    assert verify(b"".join(lines()[: ended + 2])).complete


@settings(max_examples=examples(300), deadline=None)
@given(st.data())
def test_a_byte_altered_anywhere_is_found_on_its_line(data: st.DataObject) -> None:
    whole = drill().data
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(1, 255))
    altered = whole[:place] + bytes([whole[place] ^ other]) + whole[place + 1 :]
    assert verify(altered).line == 1 + whole[:place].count(b"\n")


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_a_cut_anywhere_is_found_on_its_line(data: st.DataObject) -> None:
    whole = drill().data
    place = data.draw(st.integers(1, len(whole) - 1))
    verdict = verify(whole[:place])
    whole_lines = whole[:place].count(b"\n")
    if not whole[:place].endswith(b"\n"):
        assert verdict.line == whole_lines + 1
        assert verdict.why == CUT or verdict.line == 1
    elif whole_lines == 1:
        assert (verdict.line, verdict.why) == (1, "there is nothing after the header")
    else:
        assert verdict.right


def test_a_lost_last_line_break_is_a_cut() -> None:
    """The next line would be written onto the same one."""
    verdict = verify(drill().data[:-1])
    assert (verdict.line, verdict.why) == (len(lines()), CUT)


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_lines_that_are_missing_doubled_or_swapped_are_found(data: st.DataObject) -> None:
    whole = lines()
    place = data.draw(st.integers(1, len(whole) - 2))
    missing = whole[:place] + whole[place + 1 :]
    doubled = [*whole[:place], whole[place], *whole[place:]]
    swapped = [*whole[:place], whole[place + 1], whole[place], *whole[place + 2 :]]
    assert (verify(b"".join(missing)).line, verify(b"".join(missing)).why) == (place + 1, ALTERED)
    assert verify(b"".join(doubled)).line == place + 2
    assert verify(b"".join(swapped)).line == place + 1


@pytest.mark.parametrize("extra", [b"\n", b"{}\n", b"x", b'{"kind":"Joined"}\n'])
def test_what_was_added_is_found(extra: bytes) -> None:
    assert verify(drill().data + extra).line == len(lines()) + 1
    assert verify(lines()[0] + extra + b"".join(lines()[1:])).line == 2


def test_a_line_of_another_drill_is_found() -> None:
    other = DrillLog.reproducible(small_plan(seed=8), drill().events).data.splitlines(keepends=True)
    assert verify(b"".join([*lines()[:3], *other[3:]])).line == 4


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"", 0, "the log is empty"),
        (b"\n", 1, "this is not a drill's log"),
        (b"\x00\xff\xfe", 1, "this is not a drill's log"),
        (b"scenario: login-outage\n", 1, "this is not a drill's log"),
        (b'{"format":"something"}\n', 1, "this is not a drill's log"),
        (b'{"format":"drillroom-log"', 1, "the header does not say its version"),
        (b'{"format":"drillroom-log","version":1}', 1, "the header does not say its version"),
        (b'{"format":"drillroom-log","version":x,"plan":1}\n', 1, "the header does not say its version"),
        (b'{"format":"drillroom-log","version":' + b"9" * 5000 + b",", 1, "the header does not say its version"),
        (b'{"format":"drillroom-log","version":0,"plan":1}\n', 1, "there is no log format 0"),
        (b'{"format":"drillroom-log","version":1,"plan":1}\n', 1, CUT),
        (
            b'{"format":"drillroom-log","version":3,"plan":1}\n',
            1,
            "the log is of format 3, and this program reads up to 2; upgrade it",
        ),
    ],
)
def test_what_is_no_log_of_ours(data: bytes, line: int, why: str) -> None:
    verdict = verify(data)
    assert (verdict.line, verdict.why, verdict.right) == (line, why, False)
    with pytest.raises(LogError) as error:
        DrillLog.read(data)
    assert str(error.value) == (f"line {line}: {why}" if line else why)


def test_a_chain_over_nonsense_is_still_refused_with_its_line() -> None:
    """Somebody who rebuilds the whole chain can write what they like into it."""
    events = list(drill().events)
    shuffled = DrillLog.reproducible(drill().plan, [events[0], events[2]])
    assert verify(shuffled.data).why == "the event is number 2, and 1 was expected"
    assert verify(shuffled.data).line == 3
    headless = DrillLog.reproducible(drill().plan, [structs.replace(events[1], seq=0)])
    assert (verify(headless.data).line, verify(headless.data).why) == (2, "a log begins with DrillStarted")
    backwards = DrillLog.reproducible(drill().plan, [events[0], structs.replace(events[1], at=-1, due=None)])
    assert (verify(backwards.data).line, verify(backwards.data).why) == (
        3,
        "the event is earlier than the one before it",
    )
    hasty = DrillLog.reproducible(drill().plan, [events[0], structs.replace(events[1], due=1)])
    assert (verify(hasty.data).line, verify(hasty.data).why) == (3, "the event came before it was due")
