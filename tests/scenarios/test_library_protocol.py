"""The protocol that ships says everything that its source says, and its tables demand what a score needs."""

from collections.abc import Callable
from itertools import permutations

import pytest

from scenarios.base import format_duration
from scenarios.protocol import Obligation, Protocol, Table
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.team import Team
from tests.scenarios.shipped import names, protocol, take


def severity(level: int) -> Callable[[Protocol], str]:
    def text(given: Protocol) -> str:
        one = next(one for one in given.severities if one.level == level)
        return " ".join([one.name, one.means, one.response, *one.examples, *one.demands])

    return text


def role(name: str) -> Callable[[Protocol], str]:
    def text(given: Protocol) -> str:
        one = given.role(name)
        return "" if one is None else " ".join([one.title, f"most {one.most}", *one.responsible_for])

    return text


def step(number: int) -> Callable[[Protocol], str]:
    return lambda given: given.process[number - 1]


def papers(given: Protocol) -> str:
    return " ".join(given.papers)


def source(given: Protocol) -> str:
    return given.source


FACTS: list[tuple[str, Callable[[Protocol], str], list[str]]] = [
    ("severity 1 is called critical", severity(1), ["critical"]),
    ("it impairs or prevents what customers do", severity(1), ["customers are hampered or stopped"]),
    ("or it touches the bottom line, or both", severity(1), ["bottom line", "or both"]),
    ("it is dealt with immediately", severity(1), ["immediately"]),
    ("it calls all hands on deck", severity(1), ["all hands on deck"]),
    ("customers who cannot log in are one", severity(1), ["customers cannot log in"]),
    ("customers who cannot purchase are one", severity(1), ["customers cannot purchase"]),
    ("customers who cannot be billed are one", severity(1), ["cannot bill our customers"]),
    ("severity 2 is called moderate", severity(2), ["moderate"]),
    ("it prevents internal operations, which have a workaround", severity(2), ["operations are stopped", "workaround"]),
    ("it needs some communication inside", severity(2), ["some communication inside the company is needed"]),
    ("it is looked at", severity(2), ["look at it"]),
    ("Humanity down and nobody clocking in or out is one", severity(2), ["humanity", "down", "clock in or out"]),
    ("severity 3 is called low", severity(3), ["low"]),
    ("it impairs internal operations without preventing them", severity(3), ["hampered but not stopped"]),
    ("it may or may not need communication inside", severity(3), ["inside the company may be needed, or may not"]),
    ("it is resolved as a bug in the current sprint", severity(3), ["bug", "resolved in the current sprint"]),
    ("it is ignored for now", severity(3), ["ignore for now"]),
    (
        "the commander is the primary decision-maker",
        role("incident_commander"),
        ["main decisions", "commander decides"],
    ),
    ("the commander carries word across the organization", role("incident_commander"), ["across the organization"]),
    (
        "the commander is the source of truth",
        role("incident_commander"),
        ["source of truth for how the incident stands"],
    ),
    ("the commander delegates", role("incident_commander"), ["delegates"]),
    ("only one person commands", role("incident_commander"), ["most 1"]),
    ("the solutioneer solves it", role("solutioneer"), ["solves the incident"]),
    ("there can be several solutioneers", role("solutioneer"), ["most none", "alone or with other solutioneers"]),
    ("communications covers marketing too", role("communications"), ["marketing and communications"]),
    ("communications speaks to external users", role("communications"), ["external users"]),
    (
        "communications works closely with the commander",
        role("communications"),
        ["closely with the incident commander"],
    ),
    ("an incident is reported, by a call from operations or by Heroku", step(1), ["call from operations", "heroku"]),
    ("the team is alerted in person or by text", step(2), ["in person or by text"]),
    ("the alert states severity and topic", step(2), ["states the severity and the topic"]),
    ("members respond to severity 1 immediately", step(2), ["every member responds immediately"]),
    ("the team moves into the Slack channel #SitRep", step(3), ["#sitrep", "slack channel for incident reports"]),
    ("severity and topic are restated there", step(3), ["severity and the topic are restated"]),
    ("members state the role they will hold", step(3), ["states the role they will hold"]),
    ("#SitRep is a running log of the handling", step(4), ["#sitrep", "running log"]),
    ("migrations and deploys belong into the log", step(4), ["migration has happened", "deploy has gone out"]),
    ("after the resolution comes a formal situation report", papers, ["once", "resolved", "formal situation report"]),
    ("the post-mortem is attached to it", papers, ["post-mortem is attached to it"]),
    ("the post-mortem is a retrospective", papers, ["the team writes", "retrospective"]),
    ("the post-mortem holds what was learned", papers, ["what was learned"]),
    ("the commander e-mails the report to the stakeholders", papers, ["commander e-mails", "stakeholders"]),
    (
        "all documents are attached to the topic for later",
        papers,
        ["attached to the topic", "slack channel #sitrep", "later"],
    ),
    ("a runbook is wanted, the deployment process first", source, ["runbook", "technical steps", "deployment process"]),
    ("drills are wanted, for confidence", source, ["training drills", "confidence"]),
]

QUESTIONS = {
    "incident": "what was the incident",
    "reported_at": "what time was it reported",
    "closed_at": "what time was it closed",
    "response_time": "response time",
    "people": "who played a role",
    "solution": "what was the solution",
    "who_impacted": "who was impacted",
    "how_impacted": "how were they impacted",
}


@pytest.mark.parametrize(("fact", "where", "words"), FACTS, ids=[fact for fact, _, _ in FACTS])
def test_every_fact_of_the_source_is_there(fact: str, where: Callable[[Protocol], str], words: list[str]) -> None:
    text = where(protocol()).casefold()
    missing = [word for word in words if word not in text]
    assert not missing, f"{fact}: {missing} not in {text!r}"


def test_the_report_asks_the_eight_questions() -> None:
    asked: dict[str, str] = {question.id: question.asks.casefold() for question in protocol().questions}
    assert list(asked) == list(QUESTIONS)
    assert [name for name, words in QUESTIONS.items() if words not in asked[name]] == []


def test_only_people_answer_what_no_log_knows() -> None:
    people = {question.id for question in protocol().questions if question.answered_by == "people"}
    assert people == {"solution", "who_impacted", "how_impacted"}


def test_the_commander_comes_first_and_the_voices_are_named() -> None:
    given = protocol()
    assert [one.id for one in given.roles] == ["incident_commander", "solutioneer", "communications"]
    assert (given.commander, given.solver, given.spokesperson) == (
        "incident_commander",
        "solutioneer",
        "communications",
    )
    assert "Learnings" in given.post_mortem


# -- the tables --------------------------------------------------------------------------------------------------------

TIMED = {
    1: "severity_declared team_alerted acknowledged joined commander_in_place first_log_entry first_external_message "
    "impact_ended",
    2: "severity_declared team_alerted commander_in_place first_update workaround_used first_log_entry impact_ended",
    3: "severity_declared bug_filed",
    0: "severity_declared closed",
}
ACTS = {
    1: "alert_complete restated roles_stated messages_agreed resolved_by_commander situation_report emailed attached",
    2: "alert_complete restated roles_stated resolved_by_commander situation_report emailed attached",
    3: "not_alerted closed",
    0: "not_alerted",
}
REST = {
    1: "roles_covered not_silent cadence_kept next_named told_over injects_answered severity_judged way_to_fix no_harm "
    "answers "
    "follow_up",
    2: "roles_covered not_silent injects_answered severity_judged way_to_fix no_harm answers follow_up",
    3: "injects_answered severity_judged no_harm",
    0: "injects_answered severity_judged no_harm",
}


def table(level: int) -> Table:
    found = protocol().table(level)
    assert found is not None
    return found


def every_obligation() -> list[Obligation]:
    return [owed for one in protocol().tables for owed in one.obligations]


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_each_severity_owes_what_the_design_says_and_nothing_else(level: int) -> None:
    owed: dict[str, list[str]] = {"response_time": [], "protocol": []}
    for obligation in table(level).obligations:
        owed.setdefault(obligation.component, []).append(obligation.id)
    assert " ".join(owed.pop("response_time")) == TIMED[level]
    assert " ".join(owed.pop("protocol")) == ACTS[level]
    assert " ".join(name for component in owed.values() for name in component) == REST[level]


def test_the_weights_of_severity_1_are_those_of_the_design() -> None:
    weights = {owed.id: owed.weight for owed in table(1).obligations}
    timed = [weights[name] for name in TIMED[1].split()]
    rest = [weights[name] for name in REST[1].split()]
    assert (timed, {weights[name] for name in ACTS[1].split()}) == ([1, 2, 2, 1, 2, 1, 2, 20], {1})
    assert rest == [1, 7, 7, 2, 4, 4, 4, 5, 2, 3, 2]


def test_an_obligation_of_one_name_weighs_the_same_at_every_severity() -> None:
    """Otherwise a rubric that changes an item by its id could not say what it changes."""
    weights: dict[str, set[float]] = {}
    for owed in every_obligation():
        weights.setdefault(owed.id, set()).add(owed.weight)
    assert {name: sorted(found) for name, found in weights.items() if len(found) > 1} == {"closed": [1, 2]}


@pytest.mark.parametrize("owed", every_obligation(), ids=lambda owed: owed.id)
def test_each_target_says_where_it_comes_from(owed: Obligation) -> None:
    if owed.target is not None:
        assert owed.because is not None
        assert any(word in owed.because for word in ("assumed", "PagerDuty", "protocol", "cadence"))


def test_only_what_reaches_a_member_runs_from_there() -> None:
    assert {owed.id for owed in every_obligation() if owed.clock == "reached"} == {"acknowledged", "joined"}


def test_silence_is_measured_by_the_cadence() -> None:
    """A team that keeps the cadence which the protocol asks for must not lose points for silence."""
    for level in (1, 2):
        silent = next(owed for owed in table(level).obligations if owed.id == "not_silent")
        assert format_duration(silent.target or 0) == format_duration(protocol().cadence.internal)


def test_nobody_is_called_together_for_a_bug_or_a_false_alarm() -> None:
    for level in (0, 3):
        assert table(level).roles == []
        assert not {owed.act for owed in table(level).obligations} & {
            "team_alerted",
            "acknowledged",
            "joined",
            "emailed",
        }
    assert table(2).roles == ["incident_commander", "solutioneer"]


# -- what goes with it -------------------------------------------------------------------------------------------------


def test_the_standard_rubric_weighs_as_the_design_says() -> None:
    rubric = take("rubrics", "standard", Rubric)
    assert list(rubric.components.values()) == [35, 20, 10, 20, 10, 5]
    assert list(rubric.components)[:2] == ["response_time", "role_coverage"]
    caps = rubric.caps
    assert (caps.nobody_acknowledged, caps.critical_never_declared) == (39, 59)
    assert (caps.impact_not_ended, caps.harm_done) == (59, 79)
    assert [(band.letter, band.at_least) for band in rubric.ratings] == [("P", 80), ("S", 60), ("M", 40), ("U", 0)]


@pytest.mark.parametrize(("name", "size"), [("officeluv", 6), ("small", 3), ("large", 12)])
def test_each_team_can_give_every_role_to_somebody_else(name: str, size: int) -> None:
    team = take("teams", name, Team)
    known = [one.id for one in protocol().roles]
    assert (team.team, len(team.members)) == (name, size)
    assert {role for member in team.members for role in [*(member.roles or []), member.prefers or known[0]]} <= set(
        known
    )
    assert all(member.prefers in (member.roles or known) for member in team.members)
    assert any(
        all(wanted in (member.roles or known) for wanted, member in zip(known, chosen, strict=True))
        for chosen in permutations(team.members, len(known))
    )
    assert set(known) == {member.prefers for member in team.members}
    assert team.stakeholders


def test_the_deployment_runbook_deploys_verifies_and_goes_back() -> None:
    runbook = take("runbooks", "deployment", Runbook)
    for name in ("deploy", "verify", "roll-back"):
        procedure = runbook.procedure(name)
        assert procedure is not None
        assert len(procedure.steps) >= 5
        assert sum(step.expect is not None for step in procedure.steps) >= 4
        assert any(step.otherwise for step in procedure.steps)


@pytest.mark.parametrize("name", names("teams"))
def test_the_teams_people_are_made_up(name: str) -> None:
    """Nothing that ships may write to a real address."""
    assert all((member.email or "x.example").endswith(".example") for member in take("teams", name, Team).members)
