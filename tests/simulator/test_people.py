"""People's names: one word to type for each, and names instead of ids in refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import acts as do
from simulator.acts import ActRefused
from simulator.people import command, handles, named, person
from simulator.syntax import names_somebody, parse, with_handles
from tests.simulator.build import Table, small_plan

NAMES = {"p-1": "Ana Ruiz", "p-2": "Ben Okafor", "p-3": "Ben Müller", "p-4": "李 明", "p-5": "Zoë O'Hara (simulated)"}
HANDLES = {"ana": "p-1", "ben-okafor": "p-2", "ben-muller": "p-3", "李": "p-4", "zoe": "p-5"}


def test_a_handle_is_the_first_name_where_nobody_else_has_it() -> None:
    assert handles(NAMES) == HANDLES
    assert handles({"a": "Ana", "b": "Ana"}) == {"ana": "a", "ana-2": "b"}
    assert handles({"a": "Channel Four", "b": "!?"}, {"channel"}) == {"channel-2": "a", "p": "b"}


@given(st.lists(st.text(max_size=80), max_size=8))
def test_everybody_has_a_handle_of_one_word_that_is_nobody_elses(names: list[str]) -> None:
    people = {f"p-{place}": name for place, name in enumerate(names)}
    found = handles(people, {"everyone"})
    assert sorted(found.values()) == sorted(people)
    assert all(handle and not any(sign.isspace() for sign in handle) for handle in found)
    assert "everyone" not in found
    for handle, who in found.items():
        assert parse(f"/delegate {handle} look", "x", handles=found) == do.Delegate(who="x", to=who, text="look")


def test_people_are_named_by_their_handles_wherever_a_line_names_somebody() -> None:
    for line, act in {
        "/delegate @Ana look at it": do.Delegate(who="x", to="p-1", text="look at it"),
        "/delegate ben-okafor ana said so": do.Delegate(who="x", to="p-2", text="ana said so"),
        "/handover incident commander Zoe": do.HandOver(who="x", role="incident commander", to="p-5"),
        "/hint 李 read the notes": do.Hint(who="x", to="p-4", text="read the notes"),
        "/excuse ana, called away": do.Excuse(who="x", member="p-1", reason="called away"),
        "/inject ana The press is calling": do.SendInject(who="x", to="p-1", text="The press is calling"),
        "/inject communications It rings": do.SendInject(who="x", to="communications", text="It rings"),
        "/inject ana": do.SendInject(who="x", inject="ana"),
        "/action owner=ana due=2026-03-31 what=an alarm": do.AddCorrectiveAction(
            who="x", text="an alarm", owner="p-1", due_on="2026-03-31"
        ),
        "/action what=an alarm owner=zoe": do.AddCorrectiveAction(who="x", text="an alarm", owner="p-5"),
        "/heard ana /delegate zoe look": do.Heard(who="x", speaker="p-1", text="/delegate p-5 look"),
        "/heard ana zoe is here": do.Heard(who="x", speaker="p-1", text="zoe is here"),
        "/delegate p-3 look": do.Delegate(who="x", to="p-3", text="look"),
        "ana is here": do.Say(who="x", text="ana is here"),
        "/log ana is here": do.LogEntry(who="x", text="ana is here"),
    }.items():
        assert parse(line, "x", handles=HANDLES) == act, line


def test_a_long_line_is_no_trouble() -> None:
    """Whatever is typed, it is read in one go."""
    for line in (
        "/heard ana " * 20_000,
        "/action " + "owner= " * 20_000,
        "/handover " + "a " * 50_000,
        "/inject " * 9_000,
    ):
        assert parse(line + "x", "x", handles=HANDLES).who == "x"


def test_only_some_lines_name_somebody() -> None:
    lines = (
        "/delegate ben look",
        " /HEARD ana /ack",
        "/handover x ben",
        "/log ben",
        "ben",
        "/",
        "",
        "/action owner=ben",
    )
    assert [names_somebody(line) for line in lines] == [True, True, True, False, False, False, False, True]


def test_who_misspells_somebody_is_told_of_the_nearest() -> None:
    with pytest.raises(ActRefused, match=r"^'zoee' is nobody in this drill; did you mean 'zoe'\?$"):
        parse("/delegate zoee look", "x", handles=HANDLES)
    assert parse("/delegate nobody-like-that look", "x", handles=HANDLES) == do.Delegate(
        who="x", to="nobody-like-that", text="look"
    )


def test_a_line_is_shown_with_the_handles_that_were_typed() -> None:
    assert with_handles("/delegate p-5 p-1 knows more", HANDLES) == "/delegate zoe p-1 knows more"
    assert with_handles("/handover incident_commander p-1", HANDLES) == "/handover incident_commander ana"
    assert with_handles("p-1 is here", HANDLES) == "p-1 is here"
    assert with_handles("", HANDLES) == ""


def test_a_refusal_names_people_and_says_what_to_type() -> None:
    table = Table(small_plan(members=("p-1", "p-2", "p-3"))).gathered()
    with pytest.raises(ActRefused) as found:
        table.engine.act(parse("/role incident_commander", "p-2"), table.at, table.wall(table.at))
    ask = "holds the role Incident Commander; ask for a handover (/handover Incident Commander"
    assert str(found.value) == f"p-1 {ask} p-2)"
    assert found.value.told(NAMES) == f"Ana Ruiz {ask} ben-okafor)"


def test_marks_are_never_shown() -> None:
    said = f"{person('p-1')} waits; /handover x {command('p-2')}; {person('p-9')}"
    assert named(said, {}) == "p-1 waits; /handover x p-2; p-9"
    assert named(said, NAMES) == "Ana Ruiz waits; /handover x ben-okafor; p-9"
    assert str(ActRefused(said)) == named(said, {})
