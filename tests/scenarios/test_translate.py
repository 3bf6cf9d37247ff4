"""A scenario and a team under another protocol: what becomes of severities, roles, conditions and targets."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scenarios.checks.others import check_team_for
from scenarios.load import load_protocol, load_team
from scenarios.problem import LoadError
from scenarios.protocol import Protocol, Reading
from scenarios.scenario import Condition, Scenario
from scenarios.source import Plain, read
from scenarios.team import Team
from scenarios.translate import team_under, under
from tests.scenarios.shipped import LIBRARY, incident, names, protocol, take

SECOND = take("protocols", "pagerduty-style", Protocol)
BACK = Reading.model_validate(
    {
        "severities": {1: 1, 2: 1, 3: 2, 4: 3, 5: 3},
        "roles": {
            "incident_commander": "incident_commander",
            "deputy": "incident_commander",
            "scribe": "solutioneer",
            "subject_matter_expert": "solutioneer",
            "customer_liaison": "communications",
            "internal_liaison": "communications",
        },
    }
)
FIRST = protocol().model_copy(update={"reads": {"pagerduty-style": BACK}})
"""The first protocol, as if it could read what was written for the second."""
ROLES = ["incident_commander", "solutioneer", "communications"]
GROUPS = ["everyone", "channel", "first_responder"]


def written(**changes: object) -> Scenario:
    """A small scenario for the first protocol."""
    data: dict[str, Any] = {
        "scenario": "search-slow",
        "title": "Search is slow",
        "severity": 2,
        "topic": "search",
        "brief": "A quiet afternoon.",
        "report": {"via": "call", "from": "Operations", "text": "Search takes a minute."},
        "impact": {"who": "Everybody inside", "how": "They wait."},
        "actions": [{"id": "restart", "label": "Restart it", "takes": "2m", "effect": "fixes"}],
        "solution": "Restart it.",
        "ends": {"after": "40m"},
    }
    return Scenario.model_validate(data | changes)


def inject(**changes: object) -> dict[str, object]:
    return {"id": "asks", "at": "3m", "text": "How does it stand?"} | changes


def refused(scenario: Scenario, given_protocol: Protocol) -> list[str]:
    with pytest.raises(LoadError) as caught:
        under(scenario, given_protocol)
    return [str(problem) for problem in caught.value.problems]


# -- scenarios ---------------------------------------------------------------------------------------------------------


def test_under_its_own_protocol_a_scenario_stays_the_very_same() -> None:
    scenario = written()
    assert under(scenario, protocol()) is scenario


def test_severities_roles_and_conditions_become_those_of_the_protocol() -> None:
    held = {"all": [{"role_held": "solutioneer"}, {"not": {"severity_declared": 1}}]}
    made = under(
        written(
            severity=[{"from": "0s", "is": 2}, {"from": "12m", "is": 1}],
            injects=[
                inject(to="communications", unless={"severity_declared": 3}),
                {"id": "waits", "when": {"role_open": "communications", "for": "2m"}, "text": "Who speaks?"},
                {"id": "nested", "when": {"any": [held, {"severity_declared": 0}]}, "text": "Well?", "to": "channel"},
            ],
        ),
        SECOND,
    )
    assert made.protocol == "pagerduty-style"
    assert [(span.since, span.level) for span in made.severity] == [(0, 3), (12 * 60_000, 1)]
    assert [one.to for one in made.injects] == [["customer_liaison"], ["everyone"], ["channel"]]
    first, second, third = made.injects
    assert first.unless is not None
    assert first.unless.severity_declared == 4
    assert second.when is not None
    assert (second.when.role_open, second.when.lasting) == ("customer_liaison", 120_000)
    assert third.when is not None
    parts = third.when.parts()
    assert [part.role_held for part in parts if part.role_held] == ["subject_matter_expert"]
    assert [part.severity_declared for part in parts if part.severity_declared is not None] == [1, 0]


def test_a_false_alarm_is_one_everywhere() -> None:
    assert [span.level for span in under(written(severity=0), SECOND).severity] == [0]


def test_severities_that_are_one_here_become_one() -> None:
    reading = Reading.model_validate({"severities": {1: 3, 2: 3, 3: 4}, "roles": {"solutioneer": "scribe"}})
    growing = written(severity=[{"from": "0s", "is": 2}, {"from": "5m", "is": 1}, {"from": "9m", "is": 3}])
    made = under(growing, SECOND.model_copy(update={"reads": {"officeluv": reading}}))
    assert [(span.since, span.level) for span in made.severity] == [(0, 3), (9 * 60_000, 4)]


def test_targets_stay_where_the_protocol_owes_the_same() -> None:
    limits = {"target": "10m", "deadline": "20m"}
    scenario = written(targets={"impact_ended": limits, "situation_report": limits, "workaround_used": limits})
    assert set(under(scenario, SECOND).targets) == {"impact_ended", "workaround_used"}
    assert under(scenario, SECOND).targets["impact_ended"] == scenario.targets["impact_ended"]


@pytest.mark.parametrize("name", names("incidents"))
def test_every_scenario_that_ships_can_be_read_and_keeps_everything_else(name: str) -> None:
    scenario, roles = incident(name), [one.id for one in SECOND.roles]
    made = under(scenario, SECOND)
    assert all(SECOND.table(span.level) is not None for span in made.severity)
    assert {to for one in made.injects for to in one.to} <= {*roles, *GROUPS, "facilitator"}
    conditions = [part for one in made.injects for top in (one.when, one.unless) if top for part in top.parts()]
    assert {part.role_held or part.role_open for part in conditions} <= {*roles, None}
    same = {"protocol": "", "severity": [], "targets": {}, "injects": []}
    assert made.model_copy(update=same).model_dump() == scenario.model_copy(update=same).model_dump()
    texts = [(one.id, one.at, one.after, one.delay, one.chance, one.text, one.expects) for one in scenario.injects]
    assert [(one.id, one.at, one.after, one.delay, one.chance, one.text, one.expects) for one in made.injects] == texts


@pytest.mark.parametrize("name", names("incidents"))
def test_there_and_back_a_scenario_is_as_it_was(name: str) -> None:
    scenario = incident(name)
    back = under(under(scenario, SECOND), FIRST)
    kept = {"targets": back.targets}
    assert back.model_dump() == scenario.model_copy(update=kept).model_dump()
    assert back.targets.items() <= scenario.targets.items()


_LEAVES = st.one_of(
    st.builds(lambda role: {"role_held": role}, st.sampled_from(ROLES)),
    st.builds(lambda role: {"role_open": role}, st.sampled_from(ROLES)),
    st.builds(lambda level: {"severity_declared": level}, st.integers(0, 3)),
    st.sampled_from([{"resolved": True}, {"impact": "ended"}, {"action_done": "restart"}, {"silent": "sitrep"}]),
)
_CONDITIONS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)


@given(when=_CONDITIONS, to=st.sampled_from([*ROLES, *GROUPS]), severity=st.integers(0, 3))
def test_whatever_an_inject_waits_for_comes_back_as_it_was(when: dict[str, Plain], to: str, severity: int) -> None:
    scenario = written(severity=severity, injects=[{"id": "asks", "when": when, "to": to, "text": "Well?"}])
    made = under(scenario, SECOND)
    said = made.injects[0].when
    assert said is not None
    assert shape(said) == shape(Condition.model_validate(when))
    assert under(made, FIRST) == scenario


def shape(condition: Condition) -> list[str]:
    """The keys of a condition and of all inside it: a translation changes none of them."""
    return [part.key for part in condition.parts()]


# -- what is refused, and what is said of it ---------------------------------------------------------------------------


def test_a_protocol_that_reads_nothing_says_so() -> None:
    assert refused(written(), SECOND.model_copy(update={"reads": None})) == [
        "search-slow: the protocol 'pagerduty-style' does not say how a scenario written for 'officeluv' is read "
        "(add officeluv to its `reads`)"
    ]
    assert refused(written(protocol="other"), SECOND)[0].startswith(
        "search-slow: the protocol 'pagerduty-style' does not say how a scenario written for 'other' is read"
    )


def test_all_that_a_reading_leaves_out_is_named_at_once() -> None:
    reading = Reading.model_validate({"severities": {1: 1}, "roles": {"incident_commander": "incident_commander"}})
    short = SECOND.model_copy(update={"reads": {"officeluv": reading}})
    scenario = written(
        injects=[
            inject(to="communications"),
            {"id": "waits", "text": "Who fixes it?", "when": {"not": {"any": [{"role_held": "solutioneer"}]}}},
            {"id": "low", "text": "Is that all?", "at": "4m", "unless": {"severity_declared": 3}},
        ]
    )
    assert refused(scenario, short) == [
        "search-slow: the protocol 'pagerduty-style' does not say how severity 2 of 'officeluv' is read "
        "(add it to `severities` under `reads: officeluv:`)",
        "search-slow: the protocol 'pagerduty-style' does not say how severity 3 of 'officeluv' is read "
        "(add it to `severities` under `reads: officeluv:`)",
        "search-slow: the protocol 'pagerduty-style' does not say how the role 'communications' of 'officeluv' is read "
        "(add it to `roles` under `reads: officeluv:`)",
        "search-slow: the protocol 'pagerduty-style' does not say how the role 'solutioneer' of 'officeluv' is read "
        "(add it to `roles` under `reads: officeluv:`)",
    ]


@pytest.mark.parametrize(
    ("reading", "complaint"),
    [
        ({"severities": {"1": 7}, "roles": {"a": "scribe"}}, "'officeluv' is read as severity 7, for which"),
        ({"severities": {"1": 1}, "roles": {"a": ["scribe", "driver"]}}, "'officeluv' is read with the role 'driver'"),
        ({"severities": {"0": 1}, "roles": {"a": "scribe"}}, "severities"),
        ({"severities": {"grave": 1}, "roles": {"a": "scribe"}}, "severities"),
        ({"severities": {}, "roles": {"a": "scribe"}}, "severities"),
    ],
)
def test_a_reading_that_leads_nowhere_is_refused(reading: object, complaint: str) -> None:
    data = read(LIBRARY / "protocols" / "pagerduty-style.yaml").data
    with pytest.raises(ValidationError) as caught:
        Protocol.model_validate(data | {"reads": {"officeluv": reading}})
    assert complaint in str(caught.value)


def test_a_protocol_with_readings_survives_a_logs_header() -> None:
    kept = SECOND.model_dump_json(by_alias=True, exclude_none=True)
    assert Protocol.model_validate_json(kept) == SECOND
    assert '"reads"' not in protocol().model_dump_json(by_alias=True, exclude_none=True)


# -- teams -------------------------------------------------------------------------------------------------------------


def test_a_member_may_take_every_role_that_does_the_same_work() -> None:
    members = [
        {"id": "ana", "name": "Ana", "roles": ["incident_commander", "solutioneer"], "prefers": "solutioneer"},
        {"id": "ben", "name": "Ben"},
    ]
    made = team_under(Team.model_validate({"team": "two", "title": "Two", "members": members}), SECOND)
    assert made.members[0].roles == ["incident_commander", "deputy", "scribe", "subject_matter_expert"]
    assert made.members[0].prefers == "subject_matter_expert"
    assert (made.members[1].roles, made.members[1].prefers) == (None, None)


def test_a_team_that_speaks_the_protocols_roles_stays_the_very_same() -> None:
    team = load_team("pagerduty-style")
    assert team_under(team, SECOND) is team
    first = load_team("officeluv")
    assert team_under(first, protocol()) is first


@pytest.mark.parametrize("name", names("teams"))
def test_every_team_that_ships_can_play_every_severity_of_the_second_protocol(name: str) -> None:
    source = read(LIBRARY / "teams" / f"{name}.yaml")
    team = team_under(load_team(name), SECOND)
    assert list(check_team_for(team, source, SECOND, [0, 1, 2, 3, 4, 5], ends=1)) == []
    assert all(member.roles is None or member.prefers in member.roles for member in team.members)
    assert [member.id for member in team.members] == [member.id for member in load_team(name).members]


def test_a_member_keeps_what_is_not_about_roles() -> None:
    late = {"id": "ben", "name": "Ben", "roles": ["incident_commander"], "from": "8h", "on_call": "asleep"}
    members = [{"id": "ana", "name": "Ana", "email": "ana@example.org"}, late]
    team = Team.model_validate({"team": "two", "title": "Two", "members": members})
    made = team_under(team, SECOND)
    assert (made.members[1].since, made.members[1].on_call) == (8 * 3_600_000, "asleep")
    assert made.members[0] == team.members[0]


def test_a_role_that_nobody_knows_is_named() -> None:
    members = [{"id": "ana", "name": "Ana", "roles": ["solutionear", "incident_commander"]}]
    team = Team.model_validate({"team": "odd", "title": "Odd", "members": members})
    with pytest.raises(LoadError) as caught:
        team_under(team, load_protocol("pagerduty-style"))
    assert str(caught.value) == (
        "odd: the protocol 'pagerduty-style' has no role 'solutionear', and does not say how it is read "
        "(did you mean solutioneer?)"
    )
    with pytest.raises(LoadError) as caught:
        team_under(load_team("pagerduty-style"), protocol())
    assert len(caught.value.problems) == 5
    assert "has no role 'customer_liaison', and does not say how it is read (" in str(caught.value)
