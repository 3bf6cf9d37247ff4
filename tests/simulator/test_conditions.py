"""When conditions hold: each kind by itself, joined, lasting, and against a reader that looks at every millisecond."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.scenario import Condition
from simulator import events as ev
from simulator.conditions import fails, holds
from simulator.events import Event
from simulator.folds import apply
from simulator.state import DrillState
from tests.simulator.build import MINUTE, START, Table, small_plan
from tests.support.extent import examples

PLAN = small_plan()
SECOND = 1_000


def condition(**data: object) -> Condition:
    return Condition.model_validate(data)


def since(table: Table, **data: object) -> int | None:
    """Since when it holds; that its opposite does not hold then is checked too."""
    found = condition(**data)
    when = holds(found, table.state)
    if not found.lasting:
        assert (holds(condition(**{"not": data}), table.state) is None) == (when is not None and when <= table.at)
    return when


# -- each kind ---------------------------------------------------------------------------------------------------------


def test_somebody_has_acknowledged_but_not_merely_the_one_who_alerted() -> None:
    table = Table(PLAN).alerted()
    assert since(table, acknowledged="anyone") is None
    table.until(MINUTE)
    table.says("ben", "/ack")
    assert since(table, acknowledged="anyone") == MINUTE


def test_everybody_has_acknowledged_who_is_not_excused() -> None:
    table = Table(PLAN)
    assert since(table, acknowledged="everyone") is None
    table.alerted()
    table.until(MINUTE)
    table.says("ben", "/ack")
    assert since(table, acknowledged="everyone") is None
    table.says("fay", "/excuse chloe away")
    assert since(table, acknowledged="everyone") is not None


def test_the_severity_declared_last() -> None:
    table = Table(PLAN)
    assert since(table, severity_declared=1) is None
    table.says("ana", "/sev 1")
    assert since(table, severity_declared=1) == 0
    table.until(MINUTE)
    table.says("ana", "/sev 2")
    assert since(table, severity_declared=1) is None
    assert since(table, severity_declared=2) == MINUTE


def test_a_role_is_held_from_the_first_holder_to_the_last() -> None:
    table = Table(PLAN).gathered()
    assert since(table, role_held="solutioneer") == 0
    table.until(MINUTE)
    table.says("ana", "/role solutioneer")
    table.says("ben", "/release")
    assert since(table, role_held="solutioneer") == 0
    table.says("ana", "/release solutioneer")
    assert since(table, role_held="solutioneer") is None
    assert since(table, role_open="solutioneer") == MINUTE


def test_a_handover_leaves_no_gap() -> None:
    table = Table(PLAN).gathered()
    table.until(MINUTE)
    table.says("ana", "/handover incident_commander ben")
    table.says("ben", "/accept")
    assert since(table, role_held="incident_commander") == 0


def test_a_role_is_open_from_the_alert_on() -> None:
    table = Table(PLAN)
    table.until(MINUTE)
    assert since(table, role_open="incident_commander") is None
    table.alerted()
    assert since(table, role_open="incident_commander") == MINUTE


def test_a_role_is_open_when_its_holder_is_excused() -> None:
    table = Table(PLAN).gathered()
    table.until(MINUTE)
    table.says("fay", "/excuse ana away")
    assert since(table, role_open="incident_commander") == MINUTE


def test_an_action_is_done_when_it_was_finished_for_the_first_time() -> None:
    table = Table(PLAN).gathered()
    for _ in range(2):
        table.says("ana", "/do look")
        assert since(table, action_done="look") == (None if table.at == 0 else MINUTE)
        table.until(table.at + MINUTE)
    assert since(table, action_done="look") == MINUTE
    assert since(table, action_done="mend") is None


def test_so_many_messages_have_gone_out() -> None:
    table = Table(PLAN).gathered()
    for minute in (1, 2, 3):
        table.until(minute * MINUTE)
        table.says("ana", "/publish We know")
    assert [since(table, published=count) for count in (1, 2, 3, 4)] == [MINUTE, 2 * MINUTE, 3 * MINUTE, None]


def test_silence_counts_from_the_alert_and_is_broken_by_what_was_written() -> None:
    table = Table(PLAN)
    assert since(table, silent="sitrep") is None
    table.until(MINUTE)
    table.gathered()
    assert since(table, silent="sitrep") == since(table, silent="customers") == MINUTE
    table.until(2 * MINUTE)
    table.says("ana", "chatter")
    assert since(table, silent="sitrep") == MINUTE
    table.says("ana", "/log x")
    assert (since(table, silent="sitrep"), since(table, silent="customers")) == (2 * MINUTE, MINUTE)
    table.until(3 * MINUTE)
    table.says("ana", "/update x")
    table.says("ana", "/publish x")
    assert since(table, silent="sitrep") == since(table, silent="customers") == 3 * MINUTE


@pytest.mark.parametrize("over", ["/resolve", "/close it waits"])
def test_it_is_resolved_or_closed(over: str) -> None:
    table = Table(PLAN).gathered()
    assert since(table, resolved=True) is None
    table.until(MINUTE)
    table.says("ana", over)
    assert since(table, resolved=True) == MINUTE


# -- joined and lasting ------------------------------------------------------------------------------------------------

YES = {"severity_declared": 1}
LATER = {"action_done": "look"}
NO = {"resolved": True}


@pytest.mark.parametrize(
    ("data", "when"),
    [
        ({"all": [YES, LATER]}, MINUTE),
        ({"all": [YES, NO]}, None),
        ({"any": [YES, LATER]}, 0),
        ({"any": [LATER, NO]}, MINUTE),
        ({"any": [NO, NO]}, None),
        ({"not": NO}, 0),
        ({"not": YES}, None),
        ({"not": {"not": LATER}}, MINUTE),
        ({"not": {"all": [YES, NO]}}, 0),
        ({"not": {"any": [YES, NO]}}, None),
        ({**LATER, "for": "5m"}, 6 * MINUTE),
        ({"not": NO, "for": "5m"}, 5 * MINUTE),
        ({"all": [{**YES, "for": "10m"}, LATER], "for": "1m"}, 11 * MINUTE),
        ({"any": [{**YES, "for": "10m"}, {**LATER, "for": "2m"}]}, 3 * MINUTE),
    ],
)
def test_conditions_are_joined(data: dict[str, object], when: int | None) -> None:
    table = Table(PLAN).gathered()
    table.says("ana", "/sev 1")
    table.says("ana", "/do look")
    table.until(2 * MINUTE)
    assert holds(condition(**data), table.state) == when


def test_fails_is_the_opposite_of_holds() -> None:
    table = Table(PLAN).gathered()
    for data in (YES, NO, {"all": [YES, NO]}, {"any": [YES, NO]}, {"not": YES}, {"not": {"any": [NO, NO]}}):
        assert (holds(condition(**data), table.state) is None) != (fails(condition(**data), table.state) is None)


# -- against a reader that looks at every millisecond ------------------------------------------------------------------

MEMBERS = ("ana", "ben", "chloe")
ROLES = ("incident_commander", "communications")
LASTS = 2 * SECOND
HORIZON = 5 * SECOND
"""Within this, everything has come true that lasts."""

leaves: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"acknowledged": "anyone"},
        {"acknowledged": "everyone"},
        {"severity_declared": 1},
        {"severity_declared": 2},
        *({key: role} for key in ("role_held", "role_open") for role in ROLES),
        {"action_done": "look"},
        {"published": 1},
        {"published": 2},
        {"silent": "sitrep"},
        {"silent": "customers"},
        {"resolved": True},
    ]
)


def joined(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    )


plain = st.recursive(leaves, joined, max_leaves=4)
lasting: st.SearchStrategy[dict[str, Any]] = st.builds(lambda leaf: {**leaf, "for": "2s"}, leaves)
"""`for` beside something without alternatives. How long one or the other of two has held without a break is not what
`holds` can tell from the state: it counts from the one that holds longest."""
several = st.builds(
    lambda parts, times: {"all": [*parts, *times], "for": "2s"} if times else {"all": [*parts]},
    st.lists(leaves, min_size=1, max_size=2),
    st.lists(lasting, max_size=1),
)
either = st.builds(lambda parts: {"any": parts}, st.lists(st.one_of(lasting, leaves, several), min_size=1, max_size=3))
conditions = st.one_of(plain, lasting, several, either)


MEMBER, ROLE = st.sampled_from(MEMBERS), st.sampled_from(ROLES)
HAPPENINGS: st.SearchStrategy[tuple[type[Any], dict[str, Any]]] = st.one_of(
    st.tuples(st.just(ev.TeamAlerted), st.fixed_dictionaries({"actor": MEMBER, "recipients": st.just(MEMBERS)})),
    st.tuples(st.just(ev.Acknowledged), st.fixed_dictionaries({"actor": MEMBER})),
    st.tuples(st.just(ev.SeverityDeclared), st.fixed_dictionaries({"severity": st.sampled_from([1, 2])})),
    st.tuples(st.just(ev.RoleTaken), st.fixed_dictionaries({"actor": MEMBER, "role": ROLE})),
    st.tuples(st.just(ev.RoleReleased), st.fixed_dictionaries({"actor": MEMBER, "role": ROLE})),
    st.tuples(st.just(ev.ActionFinished), st.just({"actor": "ana", "action": "look", "run": 1})),
    st.tuples(st.just(ev.MessagePublished), st.just({"message": 1, "text": "x"})),
    st.tuples(st.just(ev.EntryLogged), st.just({"actor": "ana", "text": "x"})),
    st.tuples(st.just(ev.IncidentResolved), st.just({})),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Up to seven things at different times; nothing declared, answered or taken twice, or given without being held."""
    found: list[Event] = [ev.DrillStarted(seq=0, at=0, wall=START, values={})]
    at, held, answered, over, declared = 0, set[tuple[str, str]](), set[str](), False, None
    for kind, fields in draw(st.lists(HAPPENINGS, max_size=7)):
        key = (fields.get("actor", ""), fields.get("role", ""))
        if (
            (kind is ev.Acknowledged and key[0] in answered)
            or (kind is ev.RoleTaken and key in held)
            or (kind is ev.RoleReleased and key not in held)
            or (kind is ev.IncidentResolved and over)
            or (kind is ev.SeverityDeclared and fields["severity"] == declared)
        ):
            continue
        at += draw(st.integers(1, 3)) * SECOND // 2
        held = held | {key} if kind is ev.RoleTaken else held - {key} if kind is ev.RoleReleased else held
        answered |= {key[0]} if kind in (ev.Acknowledged, ev.TeamAlerted) else set()
        over = over or kind is ev.IncidentResolved
        declared = fields.get("severity", declared)
        wall = START + timedelta(milliseconds=at)
        found.append(kind(seq=len(found), at=at, wall=wall, **fields))
    return found


class Reader:
    """Says what is true at a time by going through the events; slow and simple."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events

    def true(self, data: dict[str, Any], at: int) -> bool:
        if at < 0:
            return False
        lasts = LASTS if "for" in data else 0
        inner = {key: value for key, value in data.items() if key != "for"}
        if not lasts:
            return self._now(inner, at)
        return at >= lasts and all(self._now(inner, past) for past in range(at - lasts, at + 1, SECOND // 2))

    def _now(self, data: dict[str, Any], at: int) -> bool:
        [(key, value)] = data.items()
        if key == "all":
            return all(self.true(part, at) for part in value)
        if key == "any":
            return any(self.true(part, at) for part in value)
        if key == "not":
            return not self.true(value, at)
        return self._leaf(key, value, [event for event in self.events if event.at <= at])

    def _leaf(self, key: str, value: object, past: Sequence[Event]) -> bool:
        alerts = [event for event in past if isinstance(event, ev.TeamAlerted)]
        if key == "acknowledged":
            first = alerts[0].actor if alerts else None
            answered = {event.actor for event in past if isinstance(event, ev.Acknowledged | ev.TeamAlerted)}
            others = {event.actor for event in past if isinstance(event, ev.Acknowledged)} | {
                event.actor for event in alerts[1:]
            }
            if value == "anyone":
                return bool(others - ({first} if first not in self._before_alert(past) else set()))
            return bool(alerts) and answered >= set(MEMBERS)
        if key == "severity_declared":
            said = [event.severity for event in past if isinstance(event, ev.SeverityDeclared)]
            return said[-1:] == [value]
        if key in ("role_held", "role_open"):
            held = self._held(str(value), past)
            return held if key == "role_held" else bool(alerts) and not held
        if key == "action_done":
            return any(isinstance(event, ev.ActionFinished) for event in past)
        if key == "published":
            return sum(isinstance(event, ev.MessagePublished) for event in past) >= int(str(value))
        if key == "silent":
            return bool(alerts)  # how long is what `for` says, and what breaks it is below
        return any(isinstance(event, ev.IncidentResolved) for event in past)

    @staticmethod
    def _before_alert(past: Sequence[Event]) -> set[str | None]:
        """Who had acknowledged the report before the alert."""
        found: set[str | None] = set()
        for event in past:
            if isinstance(event, ev.TeamAlerted):
                break
            if isinstance(event, ev.Acknowledged):
                found.add(event.actor)
        return found

    @staticmethod
    def _held(role: str, past: Sequence[Event]) -> bool:
        holders = set()
        for event in past:
            if isinstance(event, ev.RoleTaken) and event.role == role:
                holders.add(event.actor)
            elif isinstance(event, ev.RoleReleased) and event.role == role:
                holders.discard(event.actor)
        return bool(holders)


def _silence(data: dict[str, Any]) -> bool:
    """Whether silence is asked for how long it has lasted; every word breaks it for an instant, which has no length."""
    return "silent" in str(data) and "for" in str(data)


@settings(max_examples=examples(300), deadline=None)
@given(conditions.filter(lambda data: not _silence(data)), histories())
def test_it_holds_when_a_reader_of_every_moment_says_so(data: dict[str, Any], events: list[Event]) -> None:
    """If nothing more happens, it is false before `holds` says, and true from then on; and so after every event."""
    state, reader, tried = DrillState(PLAN), Reader([]), condition(**data)
    for place, event in enumerate(events):
        apply(state, event)
        reader = Reader(events[: place + 1])
        said = holds(tried, state)
        for at in range(event.at, event.at + HORIZON, SECOND // 2):
            assert reader.true(data, at) == (said is not None and said <= at), (data, at, said)


@given(histories(), st.sampled_from(["sitrep", "customers"]))
@settings(max_examples=examples(50), deadline=None)
def test_silence_lasts_from_the_last_word(events: list[Event], where: str) -> None:
    state = DrillState(PLAN)
    heard: int | None = None
    for event in events:
        apply(state, event)
        words = ev.EntryLogged | ev.UpdatePosted if where == "sitrep" else ev.MessagePublished
        if isinstance(event, ev.TeamAlerted if heard is None else words):
            heard = event.at
        said = holds(condition(silent=where, **{"for": "2s"}), state)
        assert said == (None if heard is None else heard + LASTS)
