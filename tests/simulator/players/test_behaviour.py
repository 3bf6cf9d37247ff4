"""What simulated players do when things go differently: what can wait, who leads, who steps in, who writes again."""

from collections.abc import Sequence
from typing import TypeVar

import pytest

from scenarios.scenario import Scenario
from scenarios.script import Script
from simulator import events as ev
from simulator.clock import VirtualClock
from simulator.driver import Driver, Participants
from simulator.events import Event, Mood
from simulator.plan import DrillPlan, Player, Profile, Seat
from simulator.players.cast import Cast
from simulator.players.persona import Minds
from tests.simulator.build import MINUTE, played, players_of, resumed, script_of, small_plan, small_scenario

Kind = TypeVar("Kind", bound=Event)
TEAM = (
    Player(id="ana", prefers="incident_commander"),
    Player(id="ben", prefers="solutioneer"),
    Player(id="chloe", prefers="communications"),
    Player(id="dev", prefers="solutioneer"),
)


def plan_of(
    scenario: Scenario,
    *,
    team: Sequence[Player] = TEAM,
    people: Sequence[str] = (),
    profile: Profile = "expert",
    seed: int = 7,
) -> DrillPlan:
    """A drill of simulated players; `people` are those who follow a script instead."""
    plan = small_plan(scenario, members=team, seed=seed)
    seats = {
        player.id: Seat(kind="script") if player.id in people else Seat(kind="simulated", profile=profile)
        for player in team
    }
    return plan.model_copy(update={"seats": seats})


def firm(participants: Sequence[Participants], **figures: float) -> None:
    """Let all simulated players be reached and leave nothing out."""
    for cast in (one for one in participants if isinstance(one, Minds)):
        for player in cast.players.values():
            player.reachable = True
            player.figures = player.figures._replace(**{"skips": 0.0, "misjudge": 0.0, "corrects": 1.0, **figures})


def steady(plan: DrillPlan, script: Script | None = None, **figures: float) -> Driver:
    """The drill, played by those who can all be reached and leave nothing out, with these figures instead of theirs."""
    participants = players_of(plan, script)
    firm(participants, **figures)
    driver = Driver.start(plan, participants, VirtualClock(plan.start))
    driver.run()
    return driver


def resumed_steady(plan: DrillPlan, events: Sequence[Event], script: Script) -> Driver:
    """The same, taken up after these events."""
    participants = players_of(plan, script)
    firm(participants)
    driver = Driver.resume(plan, events, participants, VirtualClock(plan.start))
    driver.run()
    return driver


def of(driver: Driver, kind: type[Kind]) -> list[Kind]:
    return [event for event in driver.events if isinstance(event, kind)]


CLOSINGS = (ev.BugFiled, ev.IncidentClosed, ev.IncidentResolved)
CLOSED: list[type[Event]] = [ev.BugFiled, ev.IncidentClosed]


def low(severity: int, **changes: object) -> Scenario:
    """One that can wait, with something to look at and nothing that ends it."""
    look = {"id": "look", "label": "Read the log", "takes": "1m", "shows": "A slow query.", "clue": True}
    return small_scenario(**{"severity": severity, "ends": {"after": "60m"}, "actions": [look], **changes})


# -- what can wait -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_a_bug_is_filed_before_it_is_closed(seed: int) -> None:
    """Both used to be meant at once, and closing won."""
    driver = steady(plan_of(low(3), seed=seed))
    [bug], [closed] = of(driver, ev.BugFiled), of(driver, ev.IncidentClosed)
    assert (bug.actor, closed.actor) == ("ana", "ana")
    assert bug.at < closed.at
    assert driver.refused == []


@pytest.mark.parametrize("seed", range(5))
def test_a_false_alarm_is_closed_once_somebody_has_looked(seed: int) -> None:
    driver = steady(plan_of(low(0), seed=seed))
    [looked], [closed] = of(driver, ev.ActionFinished), of(driver, ev.IncidentClosed)
    assert looked.at < closed.at
    assert of(driver, ev.BugFiled) == []


def test_who_forgets_to_file_closes_it_all_the_same() -> None:
    closed = forgotten = 0
    for seed in range(60):
        driver = steady(plan_of(low(3), seed=seed), skips=0.3)
        if of(driver, ev.IncidentClosed):
            closed += 1
            forgotten += not of(driver, ev.BugFiled)
    assert closed > 30
    assert 5 < forgotten < 30


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("severity", [0, 3])
def test_one_that_can_wait_goes_on_alike_after_a_resume_at_any_event(severity: int, seed: int) -> None:
    plan = plan_of(low(severity), profile="poor", seed=seed)
    whole = played(plan).events
    for place in range(1, len(whole)):
        assert resumed(plan, whole[:place]).events == whole, place


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("severity", [0, 3])
def test_one_that_was_called_wrongly_is_settled_once_that_is_corrected(severity: int, seed: int) -> None:
    """The team was called for nothing; whoever commands by then looks, files it and closes it."""
    driver = steady(plan_of(low(severity), seed=seed), misjudge=1.0)
    said = [event.severity for event in of(driver, ev.SeverityDeclared)]
    assert said[-1] == severity
    assert len(of(driver, ev.IncidentClosed)) == 1
    assert len(of(driver, ev.BugFiled)) == (1 if severity == 3 else 0)
    assert driver.refused == []


@pytest.mark.parametrize("severity", [0, 3])
def test_where_nobody_had_looked_before_it_was_corrected_somebody_looks_and_settles_it(severity: int) -> None:
    driver = steady(plan_of(low(severity), people=["ben", "chloe", "dev"]), misjudge=1.0)
    assert driver.engine.state.alerted_at is not None
    [corrected] = of(driver, ev.SeverityDeclared)[1:]
    [looked] = of(driver, ev.ActionFinished)
    [closed] = of(driver, ev.IncidentClosed)
    assert corrected.at < looked.at < closed.at
    assert len(of(driver, ev.BugFiled)) == (1 if severity == 3 else 0)


def test_the_commander_closes_it_and_not_the_first_responder() -> None:
    others = (Player(id="ana", roles=["solutioneer"]), Player(id="ben", roles=["incident_commander"]))
    seen = 0
    for seed in range(10):
        driver = steady(plan_of(low(3), team=others, seed=seed), misjudge=1.0)
        if of(driver, ev.TeamAlerted):
            seen += 1
            assert [event.actor for event in of(driver, ev.IncidentClosed)] == ["ben"]
            assert driver.refused == []
    assert seen


def test_one_that_was_mended_on_the_way_is_filed_and_closed_and_not_resolved() -> None:
    settled = 0
    mend = {"id": "mend", "label": "Roll back", "takes": "20m", "effect": "fixes"}
    look = {"id": "look", "label": "Read the log", "takes": "1m", "clue": True}
    for seed in range(10):
        driver = steady(plan_of(low(3, actions=[look, mend]), seed=seed), misjudge=1.0)
        if driver.engine.state.alerted_at is not None:
            settled += 1
            assert [type(event) for event in driver.events if isinstance(event, CLOSINGS)] == CLOSED
    assert settled > 5


def test_a_bug_that_a_person_filed_is_closed_by_the_simulated_commander() -> None:
    script = script_of(
        ("10s", "ben", "/join"), ("20s", "dev", "/join"), ("8m", "ben", "/sev 3"), ("9m", "ben", "/bug It is slow.")
    )
    driver = steady(
        plan_of(low(3), people=["ben", "dev"]),
        script,
        misjudge=1.0,
        corrects=0.0,
    )
    assert [event.actor for event in of(driver, ev.BugFiled)] == ["ben"]
    assert [event.actor for event in of(driver, ev.IncidentClosed)] == ["ana"]


def test_what_a_person_leads_a_simulated_player_does_not_close() -> None:
    script = script_of(("20s", "ana", "/sev 3"), ("1m", "ana", "/do look"))
    driver = steady(plan_of(low(3), people=["ana"]), script)
    assert of(driver, ev.BugFiled) == []
    assert of(driver, ev.IncidentClosed) == []


# -- who answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["5s", "6m"])
def test_what_goes_to_everyone_is_answered_by_whoever_leads_before_there_is_a_commander(at: str) -> None:
    inject = {
        "id": "asks",
        "at": at,
        "to": "everyone",
        "via": "call",
        "text": "Who runs this?",
        "expects": {"act": "reply", "target": "2m", "deadline": "8m"},
    }
    team = (Player(id="ana", roles=["solutioneer"]), *TEAM[1:])
    driver = steady(plan_of(small_scenario(injects=[inject]), team=team, people=["ben", "chloe", "dev"]))
    assert driver.engine.state.commander is None
    assert [(event.actor, event.number) for event in of(driver, ev.InjectAnswered)] == [("ana", 1)]


def test_what_goes_to_everyone_is_answered_by_the_commander_once_there_is_one() -> None:
    inject = {
        "id": "asks",
        "at": "8m",
        "to": "everyone",
        "via": "call",
        "text": "How long?",
        "expects": {"act": "reply", "target": "2m", "deadline": "8m"},
    }
    driver = steady(plan_of(small_scenario(injects=[inject], actions=[])))
    assert driver.engine.state.commander == "ana"
    assert [event.actor for event in of(driver, ev.InjectAnswered)] == ["ana"]


# -- who asks before speaking ------------------------------------------------------------------------------------------

COMMANDS = [("20s", "ana", "/sev 1"), ("30s", "ana", "/alert 1 login"), ("40s", "ana", "/join"),
            ("45s", "ana", "/role incident commander")]  # fmt: skip


def first_words(driver: Driver) -> tuple[ev.MessageDrafted, list[ev.MessagePublished]]:
    """The first draft, and what went out within ten minutes of it."""
    asked = of(driver, ev.MessageDrafted)[0]
    return asked, [event for event in of(driver, ev.MessagePublished) if event.at < asked.at + 10 * MINUTE]


@pytest.mark.parametrize("seed", range(5))
def test_a_person_who_commands_is_given_time_to_approve(seed: int) -> None:
    plan = plan_of(small_scenario(actions=[], ends={"after": "40m"}), people=["ana"], seed=seed)
    asked, told = first_words(steady(plan, script_of(*COMMANDS)))
    assert (asked.actor, [event.at - asked.at for event in told]) == ("chloe", [3 * MINUTE])
    assert told[0].text == asked.text
    agrees = script_of(*COMMANDS, (f"{asked.at // 1000 + 60}s", "ana", "/approve"))
    driver = steady(plan, agrees)
    asked, told = first_words(driver)
    assert len(told) == 1
    assert asked.at + MINUTE <= told[0].at < asked.at + 3 * MINUTE, "as soon as it is agreed, and once"
    for place in range(1, len(driver.events)):
        assert resumed_steady(plan, driver.events[:place], agrees).events == driver.events


SPEAKS = [("20s", "chloe", "/sev 1"), ("30s", "chloe", "/alert 1 login"), ("40s", "chloe", "/join"),
          ("45s", "chloe", "/role communications")]  # fmt: skip


@pytest.mark.parametrize("skips", [0.0, 1.0], ids=["at once", "after a while"])
@pytest.mark.parametrize("at", ["50s", "6m"], ids=["before anybody commands", "while somebody does"])
def test_whoever_commands_answers_a_person_who_speaks_to_customers(at: str, skips: float) -> None:
    plan = plan_of(small_scenario(actions=[], ends={"after": "40m"}), people=["chloe"])
    plan = plan.model_copy(update={"first_responder": "chloe"})
    draft, leads = (at, "chloe", "/draft We know"), ("2m", "ana", "/role incident commander")
    joins = ("1m", "ana", "/join")
    acts = [draft, joins, leads] if at == "50s" else [joins, leads, draft]
    driver = steady(plan, script_of(*SPEAKS, *acts), skips=skips)
    [asked] = of(driver, ev.MessageDrafted)
    agreed = of(driver, ev.DraftApproved)
    assert [event.actor for event in agreed] == ["ana"]
    assert agreed[0].draft == 1
    since = max(asked.at, next(event.at for event in of(driver, ev.RoleTaken) if event.role == "incident_commander"))
    assert agreed[0].at <= since + 4 * MINUTE


# -- who steps in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["communications", "solutioneer", "incident_commander"])
def test_a_role_whose_holders_drop_out_is_taken_by_another(role: str) -> None:
    gone = {"id": "gone", "at": "10m", "to": role, "text": "The line is dead.", "takes_out": "Called away."}
    driver = steady(plan_of(small_scenario(injects=[gone], actions=[])))
    out = {event.member for event in of(driver, ev.MemberExcused)}
    assert out
    heirs = [event for event in of(driver, ev.RoleTaken) if event.role == role and event.at > 10 * MINUTE]
    assert heirs
    assert heirs[0].at < 15 * MINUTE
    assert not {event.actor for event in heirs} & out
    if role == "communications":
        told = [event for event in driver.events if isinstance(event, ev.MessageDrafted | ev.MessagePublished)]
        assert any(event.actor == heirs[0].actor and event.at > heirs[0].at for event in told)


def test_a_role_that_is_given_back_is_taken_by_another_who_begins_to_write() -> None:
    script = script_of(
        ("60s", "chloe", "/join"), ("65s", "chloe", "/role communications"), ("12m", "chloe", "/release")
    )
    driver = steady(plan_of(small_scenario(actions=[]), people=["chloe"]), script)
    first, heir, *_ = [event for event in of(driver, ev.RoleTaken) if event.role == "communications"]
    assert first.actor == "chloe"
    assert heir.actor != "chloe"
    assert 12 * MINUTE < heir.at < 16 * MINUTE
    drafted = next(event for event in driver.events if event.at > heir.at and isinstance(event, ev.MessageDrafted))
    assert (drafted.actor, drafted.at < heir.at + 5 * MINUTE) == (heir.actor, True)


def test_who_gave_a_role_back_does_not_take_it_again() -> None:
    plan = plan_of(small_scenario(actions=[]), team=TEAM[:1])
    driver = Driver.start(plan, [], VirtualClock(plan.start))
    cast, state = Cast(plan), driver.engine.state
    state.joined["ana"] = 0
    cast.observe(ev.RoleReleased(seq=1, at=0, wall=plan.start, actor="ana", role="communications"), state)
    assert cast.intentions == []


# -- what customers bring about ----------------------------------------------------------------------------------------

CUSTOMERS = {"affected": 1200, "every": "40s", "cannot": "sign in", "again": "signing in"}
MISLED = script_of(
    ("20s", "ana", "/sev 1"),
    ("25s", "ana", "/alert 1 login"),
    ("30s", "ana", "/join"),
    ("35s", "ana", "/role incident_commander"),
    ("10m", "ana", "/publish It is resolved, thank you for waiting"),
)


def angry(seed: int, profile: Profile = "good") -> DrillPlan:
    """A person commands and approves nothing; the others are simulated."""
    scenario = small_scenario(customers=CUSTOMERS, actions=[], ends={"after": "40m"})
    return plan_of(scenario, people=["ana"], profile=profile, seed=seed)


@pytest.mark.parametrize("seed", range(5))
def test_customers_who_were_misled_get_another_draft(seed: int) -> None:
    driver = steady(angry(seed), MISLED)
    letter = next(event for event in of(driver, ev.CustomerWrote) if event.mood == "misled")
    drafts = [event for event in of(driver, ev.MessageDrafted) if event.at > letter.at]
    assert drafts
    assert drafts[0].at < letter.at + 8 * MINUTE
    assert set(letter.recipients) == {event.actor for event in drafts} == {"chloe"}


@pytest.mark.parametrize("profile", ["expert", "poor"])
def test_however_many_write_one_message_at_a_time_is_begun(profile: Profile) -> None:
    """Letters come twice a minute."""
    most = 0
    for seed in range(5):
        plan = angry(seed, profile)
        [script, cast] = players_of(plan, MISLED)
        assert isinstance(cast, Cast)
        driver = Driver.start(plan, [script, cast], VirtualClock(plan.start))
        while driver.step():
            state = driver.engine.state
            if state.phase == "respond" and state.at > 10 * MINUTE:
                coming = [one for _, one in cast.still_to_come(["draft"], state.at) if one.about != "next"]
                most = max(most, len(coming))
    assert most == 1


def letter(plan: DrillPlan, place: int, mood: Mood, to: str = "chloe") -> ev.CustomerWrote:
    return ev.CustomerWrote(
        seq=place,
        at=MINUTE,
        wall=plan.start,
        number=place + 1,
        recipients=(to,),
        via="email",
        sender="A customer",
        text="Well?",
        to="communications",
        mood=mood,
    )


def test_calm_customers_bring_nothing_about() -> None:
    plan = angry(7)
    driver = Driver.start(plan, [], VirtualClock(plan.start))
    cast, state = Cast(plan), driver.engine.state
    state.roles["communications"]["chloe"] = 0
    state.roles["incident_commander"]["ana"] = 0
    calm: tuple[Mood, ...] = ("waiting", "told", "reassured", "mended")
    for place, mood in enumerate(calm):
        cast.observe(letter(plan, place, mood), state)
    assert cast.intentions == []
    for place in (8, 9):
        cast.observe(letter(plan, place, "let_down"), state)
    assert [entry[3].kind for entry in cast.intentions] == ["draft"]
    another = Cast(plan)
    another.observe(letter(plan, 9, "misled", to="ben"), state)
    assert another.intentions == []


@pytest.mark.parametrize("seed", [1, 2])
def test_a_drill_with_angry_customers_goes_on_alike_after_a_resume_at_any_event(seed: int) -> None:
    plan = angry(seed, "poor")
    whole = played(plan, MISLED).events
    assert any(isinstance(event, ev.CustomerWrote) and event.mood == "misled" for event in whole)
    for place in range(1, len(whole)):
        assert resumed(plan, whole[:place], MISLED).events == whole, place


def test_players_declare_it_over_when_customers_no_longer_feel_it() -> None:
    signals = {"waiting": {"normal": 0, "incident": 500, "recovery": "10m", "felt": True}}
    driver = steady(plan_of(small_scenario(signals=signals)))
    fixed = next(event.at for event in of(driver, ev.ImpactChanged) if event.impact == "ended")
    resolved = of(driver, ev.IncidentResolved)[0].at
    assert fixed + 10 * MINUTE <= resolved < fixed + 15 * MINUTE
