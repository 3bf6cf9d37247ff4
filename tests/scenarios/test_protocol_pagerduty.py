"""The second protocol says what its source says, works for judging, and differs from the first where it should."""

from collections.abc import Callable
from itertools import permutations

import pytest

from scenarios.protocol import Obligation, Protocol, Table
from scenarios.team import Team
from tests.scenarios.shipped import protocol, take

SECOND = take("protocols", "pagerduty-style", Protocol)
MAJOR, BUGS = (1, 2), (4, 5)


def severity(level: int) -> Callable[[], str]:
    def text() -> str:
        one = next(one for one in SECOND.severities if one.level == level)
        return " ".join([one.name, one.means, one.response, *one.examples, *one.demands])

    return text


def role(name: str) -> Callable[[], str]:
    def text() -> str:
        one = SECOND.role(name)
        assert one is not None
        return " ".join([one.title, f"most {one.most}", *one.responsible_for])

    return text


def process() -> str:
    return " ".join([*SECOND.process, *SECOND.papers])


def source() -> str:
    return f"{SECOND.title} {SECOND.source}"


FACTS: list[tuple[str, Callable[[], str], list[str]]] = [
    ("it says whose practice it is and where that is published", source, ["modelled on", "response.pagerduty.com"]),
    ("in words of its own", source, ["our own words"]),
    ("SEV-1 is announced in public and told to executives", severity(1), ["in public", "executives", "large number"]),
    ("customers' data lying open is one", severity(1), ["customers' data"]),
    ("if in doubt it is the higher level", severity(1), ["in doubt", "higher"]),
    ("SEV-2 keeps many customers from using the product", severity(2), ["many customers"]),
    ("both are major incidents", severity(2), ["major incident"]),
    ("if in doubt it is posted", severity(2), ["if in doubt, it is posted"]),
    ("SEV-3 needs the service's owners at once", severity(3), ["own the service", "at once"]),
    ("it may become a SEV-2", severity(3), ["become a sev-2"]),
    ("a release that went out shortly before is rolled back", severity(3), ["rolled back"]),
    ("SEV-4 is acted on and touches no customer", severity(4), ["customers can use the product as ever"]),
    ("SEV-5 is cosmetic, a ticket", severity(5), ["cosmetic", "ticket"]),
    ("one commands, and decides", role("incident_commander"), ["most 1", "decides", "final"]),
    ("the commander repairs nothing", role("incident_commander"), ["repairs nothing in person"]),
    ("tasks are given by name and with a time", role("incident_commander"), ["by name and with a time"]),
    ("the commander approves what goes out", role("incident_commander"), ["approves each message"]),
    ("the deputy can take over", role("deputy"), ["ready to take over command"]),
    ("the deputy calls out the time every ten minutes", role("deputy"), ["every ten minutes"]),
    ("the scribe writes as it happens", role("scribe"), ["as it happens"]),
    ("the scribe opens with who is who", role("scribe"), ["who commands, who is deputy and who writes"]),
    ("the scribe notes what is to be followed up", role("scribe"), ["followed up"]),
    ("experts wait for the commander's word", role("subject_matter_expert"), ["commander's word", "condition", "need"]),
    ("there can be several experts", role("subject_matter_expert"), ["most none"]),
    (
        "the liaison never guesses and promises no time",
        role("customer_liaison"),
        ["never guesses", "no time of repair"],
    ),
    ("people inside hear about every thirty minutes", role("internal_liaison"), ["thirty minutes", "executives"]),
    ("paging too often is better than too late", process, ["better to have called"]),
    ("the first message comes within five minutes", process, ["within five minutes", "every twenty minutes"]),
    ("strong objections are asked for", process, ["strong objections"]),
    ("post-mortem meetings are within three and five days", process, ["three calendar days", "five business days"]),
    ("the stakeholders get an e-mail with a link", process, ["e-mails", "stakeholders", "link to the post-mortem"]),
]


@pytest.mark.parametrize(("fact", "where", "words"), FACTS, ids=[fact for fact, _, _ in FACTS])
def test_every_fact_of_the_published_process_is_there(fact: str, where: Callable[[], str], words: list[str]) -> None:
    text = where().casefold()
    missing = [word for word in words if word not in text]
    assert not missing, f"{fact}: {missing} not in {text!r}"


def test_there_are_five_severities_and_six_roles() -> None:
    assert [one.level for one in SECOND.severities] == [1, 2, 3, 4, 5]
    assert [one.name for one in SECOND.severities] == [f"SEV-{level}" for level in range(1, 6)]
    assert [one.id for one in SECOND.roles] == [
        "incident_commander",
        "deputy",
        "scribe",
        "subject_matter_expert",
        "customer_liaison",
        "internal_liaison",
    ]
    assert (SECOND.commander, SECOND.solver, SECOND.spokesperson) == (
        "incident_commander",
        "subject_matter_expert",
        "customer_liaison",
    )


def test_customers_hear_every_twenty_minutes_and_the_channel_every_ten() -> None:
    assert (SECOND.cadence.external, SECOND.cadence.internal) == (20 * 60_000, 10 * 60_000)
    assert SECOND.escalate_after == 5 * 60_000
    assert SECOND.cadence.internal != protocol().cadence.internal


# -- the tables --------------------------------------------------------------------------------------------------------

PAPERS = "situation_report emailed attached"
TIMED = {
    1: "severity_declared team_alerted acknowledged joined commander_in_place deputy_in_place scribe_in_place "
    "first_log_entry first_external_message first_update impact_ended",
    3: "severity_declared team_alerted acknowledged commander_in_place first_update workaround_used first_log_entry "
    "impact_ended",
    4: "severity_declared bug_filed",
    0: "severity_declared closed",
}
TIMED |= {2: TIMED[1], 5: TIMED[4]}
ACTS = {
    1: f"alert_complete restated roles_stated messages_agreed resolved_by_commander {PAPERS}",
    3: "alert_complete restated roles_stated resolved_by_commander",
    4: "not_alerted closed",
    0: "",
}
ACTS |= {2: ACTS[1], 5: ACTS[4]}


def table(level: int) -> Table:
    found = SECOND.table(level)
    assert found is not None
    return found


def part(level: int, component: str) -> str:
    return " ".join(owed.id for owed in table(level).obligations if owed.component == component)


def every_obligation() -> list[Obligation]:
    return [owed for one in SECOND.tables for owed in one.obligations]


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4, 5])
def test_each_severity_owes_what_it_should(level: int) -> None:
    assert part(level, "response_time") == TIMED[level]
    assert part(level, "protocol") == ACTS[level]
    assert {"severity_judged", "no_harm", "injects_answered"} <= table(level).acts
    assert ("follow_up" in table(level).acts) == (level in MAJOR)


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4, 5])
def test_what_is_owed_by_a_time_has_a_target_a_deadline_and_a_reason(level: int) -> None:
    for owed in table(level).obligations:
        timed = owed.component in ("response_time", "role_coverage") or owed.act in ("not_silent", "told_over")
        assert (owed.target is not None) == (owed.deadline is not None) == timed
        if timed:
            assert owed.because is not None
            assert owed.because.startswith(("assumed", "PagerDuty"))


def test_a_graver_incident_leaves_no_more_time() -> None:
    times: dict[str, list[int]] = {}
    for level in (1, 2, 3):
        for owed in table(level).obligations:
            if owed.deadline is not None:
                times.setdefault(owed.id, []).append(owed.deadline)
    assert {name: found for name, found in times.items() if found != sorted(found)} == {}


def test_an_obligation_of_one_name_weighs_the_same_at_every_severity() -> None:
    weights: dict[str, set[float]] = {}
    for owed in every_obligation():
        weights.setdefault(owed.id, set()).add(owed.weight)
    assert {name: sorted(found) for name, found in weights.items() if len(found) > 1} == {"closed": [1, 2]}


def test_what_both_protocols_owe_is_called_the_same_in_both() -> None:
    """Otherwise a scenario's targets would not carry over."""
    first = {owed.id: (owed.act, owed.component) for one in protocol().tables for owed in one.obligations}
    second = {owed.id: (owed.act, owed.component) for owed in every_obligation()}
    assert {name for name in second if name in first and first[name] != second[name]} <= {"closed"}
    assert set(second) - set(first) == {"deputy_in_place", "scribe_in_place"}


def test_deputy_and_scribe_count_in_every_major_incident() -> None:
    for level in MAJOR:
        assert table(level).roles == [one.id for one in SECOND.roles][:5]
        placed = {owed.role for owed in table(level).obligations if owed.act == "role_in_place"}
        assert placed == {"incident_commander", "deputy", "scribe"}
        owners = {owed.id: owed.owner for owed in table(level).obligations}
        assert (owners["first_log_entry"], owners["not_silent"], owners["first_update"]) == (
            "scribe",
            "scribe",
            "deputy",
        )


def test_only_what_reaches_a_member_runs_from_there() -> None:
    assert {owed.id for owed in every_obligation() if owed.clock == "reached"} == {"acknowledged", "joined"}


def test_silence_in_a_major_incident_is_measured_by_the_cadence() -> None:
    for level in MAJOR:
        assert next(owed for owed in table(level).obligations if owed.id == "not_silent").target == 10 * 60_000


def test_nobody_is_called_together_for_a_ticket() -> None:
    for level in (0, *BUGS):
        assert table(level).roles == []
        assert not {"team_alerted", "acknowledged", "joined", "emailed"} & table(level).acts
    assert all("not_alerted" in table(level).acts for level in BUGS)


def test_to_have_called_for_a_false_alarm_is_no_mistake() -> None:
    assert "not_alerted" not in table(0).acts


def test_the_report_still_asks_all_eight_questions() -> None:
    assert [one.id for one in SECOND.questions] == [one.id for one in protocol().questions]
    assert [one.asks for one in SECOND.questions] != [one.asks for one in protocol().questions]


def test_it_says_how_everything_of_the_first_protocol_is_read() -> None:
    assert SECOND.reads is not None
    reading = SECOND.reads["officeluv"]
    assert list(reading.severities) == [one.level for one in protocol().severities]
    assert list(reading.roles) == [one.id for one in protocol().roles]
    assert set(table(1).roles) <= {name for group in reading.roles.values() for name in group}
    assert list(reading.severities.values()) == sorted(reading.severities.values())


# -- what goes with it -------------------------------------------------------------------------------------------------


def test_its_team_can_give_every_role_to_somebody_else() -> None:
    team = take("teams", "pagerduty-style", Team)
    known = [one.id for one in SECOND.roles]
    assert len(team.members) == 8
    assert {member.prefers for member in team.members} == set(known)
    assert all(member.prefers in (member.roles or known) for member in team.members)
    assert any(
        all(wanted in (member.roles or known) for wanted, member in zip(known, chosen, strict=True))
        for chosen in permutations(team.members, len(known))
    )
    able = {role for member in team.members for role in member.roles or []}
    assert able == set(known)
    for name in ("incident_commander", "deputy"):
        assert sum(name in (member.roles or known) for member in team.members) >= 2
