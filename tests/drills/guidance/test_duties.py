"""Help while a drill runs: what is owed, what the coach says, and what a later drill shows to have held."""

import re
from collections.abc import Sequence

import pytest

from drills.guidance import hotwash
from drills.guidance.advice import advice
from drills.guidance.coach import coach
from drills.guidance.duties import Duty, duties, state_of
from drills.guidance.hotwash import SCREENS, Guess, moments, truth
from drills.guidance.retests import actions_of, likely, shown_by
from reports.actions import ActionRow
from scenarios.lookup import names
from scoring.scorecard import grade
from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.events import Event
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from tests.support import library_plan, play
from tests.support.extent import sampled

MINUTE = 60_000


def until(log: DrillLog, at: int) -> DrillLog:
    """A drill as it stood at a time."""
    return DrillLog.reproducible(log.plan, [event for event in log.events if event.at <= at])


def after(plan: DrillPlan, *acts: tuple[int, Act]) -> DrillLog:
    """A drill in which nothing happens but what is due, and these acts at their times in seconds."""
    driver = Driver.start(plan, [], VirtualClock(plan.start))
    driver.step()  # the report
    for second, act in acts:
        while (due := driver.next_due()) is not None and due <= second * 1000:
            driver.step()
        at, wall = VirtualClock(plan.start).reach(max(second * 1000, driver.engine.state.at))
        driver.engine.act(act, at, wall)
    return DrillLog.reproducible(plan, driver.events)


def by_id(found: Sequence[Duty]) -> dict[str, Duty]:
    return {duty.id: duty for duty in found}


def test_whoever_comes_on_duty_later_owes_from_then_and_not_since_the_alert() -> None:
    players = [one.model_copy(update={"since": 6 * MINUTE} if one.id == OTHERS[-1] else {}) for one in ALONE.players]
    shifts = ALONE.model_copy(update={"players": players})
    answered = [(30, do.Acknowledge(who=member)) for member in OTHERS[:-1]]
    joined = [(40, do.Join(who=member)) for member in OTHERS[:-1]]
    log = after(shifts, *CALLED, *answered, *joined, (7 * 60, do.DeclareSeverity(who=FIRST, severity=2)))
    for at in (5 * MINUTE, 6 * MINUTE):
        found = by_id(duties(until(log, at), at))
        assert "overdue" not in {found[name].state for name in ("acknowledged", "joined")}, at
    answer = by_id(duties(until(log, 6 * MINUTE), 6 * MINUTE))["acknowledged"]
    assert answer.target_at is not None
    assert answer.target_at - 6 * MINUTE == next(
        one.target for one in ALONE.protocol.tables[0].obligations if one.id == "acknowledged"
    )
    assert by_id(duties(log, 10 * MINUTE))["acknowledged"].state == "overdue"


ALONE = library_plan("login-outage", 7, None, "small")
FIRST = ALONE.first_responder
OTHERS = [player.id for player in ALONE.players if player.id != FIRST]
CALLED: list[tuple[int, Act]] = [
    (10, do.DeclareSeverity(who=FIRST, severity=1)),
    (20, do.AlertTeam(who=FIRST, severity=1, topic="login")),
    (25, do.Join(who=FIRST)),
]


# -- what is owed ------------------------------------------------------------------------------------------------------


def test_what_is_owed_comes_in_the_order_of_its_times() -> None:
    log = until(play(library_plan("login-outage", 3, "average")), 4 * MINUTE)
    found = duties(log, 4 * MINUTE)
    times = [duty.target_at for duty in found if duty.target_at is not None]
    assert times == sorted(times)
    assert {duty.owner_title for duty in found} >= {"First responder", "Everyone", "The team", "Communications"}
    assert all(duty.hint and "{" not in duty.hint for duty in found)
    assert all(
        duty.deadline_at is None or duty.target_at is None or duty.deadline_at > duty.target_at for duty in found
    )


def test_it_is_open_then_overdue_then_done_late() -> None:
    reported = after(ALONE)
    (one,) = [duty for duty in duties(reported, 30_000) if duty.id == "severity_declared"]
    assert (one.state, one.target_at) == ("open", MINUTE)
    assert by_id(duties(reported, 70_000))["severity_declared"].state == "overdue"
    late = after(ALONE, (90, do.DeclareSeverity(who=FIRST, severity=1)))
    assert by_id(duties(late, 95_000))["severity_declared"].state == "late"
    soon = after(ALONE, (9, do.DeclareSeverity(who=FIRST, severity=1)))
    assert by_id(duties(soon, 95_000))["severity_declared"].state == "done"


def test_what_everybody_owes_is_done_when_everybody_has() -> None:
    before = by_id(duties(after(ALONE), MINUTE))
    assert (before["acknowledged"].state, before["acknowledged"].target_at) == ("open", None), "nobody was called yet"
    some = after(ALONE, *CALLED, (30, do.Acknowledge(who=OTHERS[0])))
    assert by_id(duties(some, 40_000))["acknowledged"].state == "open"
    assert by_id(duties(some, 3 * MINUTE))["acknowledged"].state == "overdue"
    everybody = after(ALONE, *CALLED, *((30, do.Acknowledge(who=member)) for member in OTHERS))
    assert by_id(duties(everybody, 3 * MINUTE))["acknowledged"].state == "done"


def test_a_role_that_is_given_up_is_owed_again() -> None:
    joined = [(26, do.Join(who=member)) for member in OTHERS]
    roles = [role.id for role in ALONE.protocol.roles]
    taken: list[tuple[int, Act]] = [
        (30 + place, do.TakeRole(who=member, role=role))
        for place, (member, role) in enumerate(zip([FIRST, *OTHERS, FIRST], roles, strict=False))
    ]
    log = after(ALONE, *CALLED, *joined, *taken)
    assert by_id(duties(log, 6 * MINUTE))["roles_covered"].state == "done"
    gone = after(ALONE, *CALLED, *joined, *taken, (60, do.ReleaseRole(who=FIRST, role=roles[0])))
    owed = by_id(duties(gone, 6 * MINUTE))["roles_covered"]
    assert owed.state == "overdue"
    assert owed.hint == "Open: Incident Commander. /role Incident Commander"


def test_silence_and_the_next_message_run_from_the_last_one() -> None:
    log = after(
        ALONE,
        *CALLED,
        (60, do.LogEntry(who=FIRST, text="We look at it")),
        (120, do.Publish(who=FIRST, text="Customers cannot log in", next_in=10 * MINUTE)),
    )
    owed = by_id(duties(log, 3 * MINUTE))
    assert owed["not_silent"].target_at == 21 * MINUTE
    assert (owed["next_message"].target_at, owed["next_message"].state) == (12 * MINUTE, "open")
    assert by_id(duties(log, 13 * MINUTE))["next_message"].state == "overdue"
    last = after(ALONE, *CALLED, (120, do.Publish(who=FIRST, text="Customers cannot log in", next_in=0)))
    assert by_id(duties(last, 30 * MINUTE))["next_message"].state == "done"


def test_messages_that_ask_for_an_answer_are_owed_one() -> None:
    log = play(library_plan("login-outage", 3, "average"))
    asked = [duty for duty in duties(log, log.events[-1].at) if duty.act == "reply"]
    assert asked
    answered = {event.number for event in log.events if isinstance(event, ev.InjectAnswered)}
    assert {duty.id for duty in asked if duty.state == "done"} == {
        duty.id for duty in asked if int(duty.id[6:]) in answered
    }


def test_the_papers_are_owed_while_there_is_time() -> None:
    log = play(library_plan("login-outage", 3, "good"))
    began = next(event.at for event in log.events if isinstance(event, ev.PhaseBegan) and event.phase == "papers")
    owed = by_id(duties(until(log, began), began + 1))
    assert {"situation_report", "emailed", "attached"} <= set(owed)
    assert owed["situation_report"].state == "open"
    assert {duty.state for duty in owed.values() if duty.act not in ("situation_report", "emailed", "attached")} <= {
        "done",
        "late",
        "void",
    }, "what was not done in the response can be done no more"


def test_players_see_what_the_severity_asks_for_that_they_declared() -> None:
    plan = library_plan("slow-report", 3, None, "small")
    first = plan.first_responder
    assert [duty.id for duty in duties(after(plan), 30_000, declared=True)] == ["severity_declared"]
    wrong = after(plan, (10, do.DeclareSeverity(who=first, severity=1)))
    assert "team_alerted" in by_id(duties(wrong, MINUTE, declared=True))
    assert "bug_filed" not in by_id(duties(wrong, MINUTE, declared=True))
    right = after(plan, (10, do.DeclareSeverity(who=first, severity=3)))
    assert "bug_filed" in by_id(duties(right, MINUTE, declared=True))
    stated = after(plan, (10, do.AlertTeam(who=first, severity=2, topic="x")))
    assert "workaround_used" in by_id(duties(stated, MINUTE, declared=True)), "an alert that states it declares it too"


@pytest.mark.parametrize("scenario", sampled(names("scenario"), 4))
def test_what_players_are_told_says_nothing_of_the_true_severity(scenario: str) -> None:
    """The same acts bring the same list, whatever the incident is: but for the scenario's own times."""
    plan = library_plan(scenario, 3, None)
    for level in (0, 1, 2, 3):
        log = after(plan, (10, do.DeclareSeverity(who=plan.first_responder, severity=level)))
        found = {duty.id for duty in duties(log, 20_000, declared=True) if not duty.id.startswith("reply-")}
        table = plan.protocol.table(level)
        assert table is not None
        assert found == {owed.id for owed in table.obligations if owed.target is not None}


# -- the coach ---------------------------------------------------------------------------------------------------------


def says(log: DrillLog, member: str, at: int | None = None, wants: str = "") -> str:
    now = log.events[-1].at if at is None else at
    found = coach(log, member, now, {member: "You"}, wants)
    assert found["because"]
    return found["says"]


def test_the_coach_goes_through_the_protocol() -> None:
    log = after(ALONE)
    assert says(log, OTHERS[0]).startswith("Nothing has reached you yet")
    steps: list[tuple[int, Act]] = []
    for second, act, expected in [
        (5, None, "take it up. /ack"),
        (8, do.Acknowledge(who=FIRST), "/sev 1"),
        (10, do.DeclareSeverity(who=FIRST, severity=1), "/alert 1 topic"),
        (20, do.AlertTeam(who=FIRST, severity=1, topic="login"), "/join"),
        (25, do.Join(who=FIRST), "/restate 1 topic"),
        (30, do.Restate(who=FIRST, severity=1, topic="login"), "/role Communications"),
        (35, do.TakeRole(who=FIRST, role="communications"), "/publish … next 20m"),
        (40, do.Publish(who=FIRST, text="Customers cannot log in", next_in=20 * MINUTE), "You owe nothing right now"),
    ]:
        steps += [] if act is None else [(second, act)]
        assert expected in says(after(ALONE, *steps), FIRST, (second + 1) * 1000, "communications"), expected
    assert "/ack" in says(after(ALONE, *steps), OTHERS[0])


def test_the_coach_knows_what_each_role_answers_for() -> None:
    everybody = [(26, act) for member in OTHERS for act in (do.Acknowledge(who=member), do.Join(who=member))]
    base = [*CALLED, *everybody, (27, do.Restate(who=FIRST, severity=1, topic="login"))]
    commands = after(ALONE, *base, (30, do.TakeRole(who=FIRST, role="incident_commander")))
    assert "has no role" in says(commands, FIRST)
    solves = after(ALONE, *base, (30, do.TakeRole(who=FIRST, role="solutioneer")))
    assert "Look for the cause" in says(solves, FIRST)
    offered = after(
        ALONE,
        *base,
        (30, do.TakeRole(who=FIRST, role="incident_commander")),
        (40, do.HandOver(who=FIRST, role="incident_commander", to=OTHERS[0])),
    )
    assert "/accept" in says(offered, OTHERS[0])
    asked = after(
        ALONE,
        *base,
        (40, do.Delegate(who=FIRST, to=OTHERS[0], text="Look at the logs.")),
        (41, do.TakeRole(who=OTHERS[0], role="solutioneer")),
    )
    assert "asked you: Look at the logs. Say when it is done. /done" in says(asked, OTHERS[0])
    drafted = after(
        ALONE,
        *base,
        (30, do.TakeRole(who=FIRST, role="incident_commander")),
        (40, do.DraftMessage(who=OTHERS[0], text="We know of it")),
    )
    assert "/approve" in says(drafted, FIRST)
    speaks = after(
        ALONE,
        *base,
        (30, do.TakeRole(who=FIRST, role="communications")),
        (31, do.TakeRole(who=OTHERS[0], role="incident_commander")),
        (32, do.Restate(who=FIRST, severity=1, topic="login")),
        (40, do.DraftMessage(who=FIRST, text="We know of it")),
    )
    assert f"Your message is waiting for {OTHERS[0]} to agree" in says(speaks, FIRST)


def test_the_coach_leads_through_what_needs_no_team() -> None:
    plan = library_plan("slow-report", 3, None, "small")
    first = plan.first_responder
    look = next(action for action in plan.scenario.actions if action.effect == "nothing" and not action.needs)
    judged: list[tuple[int, Act]] = [(10, do.Acknowledge(who=first)), (11, do.DeclareSeverity(who=first, severity=3))]
    assert "before you let it wait" in says(after(plan, *judged), first)
    looked = [*judged, (12, do.StartAction(who=first, action=look.id))]
    done = 13 + look.takes // 1000
    assert "/bug" in says(after(plan, *looked), first)
    assert "/close" in says(after(plan, *looked, (done, do.FileBug(who=first, text="The list is slow"))), first)


@pytest.mark.parametrize("scenario", ["login-outage", "slow-report", "alarm-at-noon", "shift-planning-down"])
@pytest.mark.parametrize("protocol", [None, "pagerduty-style"])
def test_the_coach_always_has_a_word_and_never_gives_it_away(scenario: str, protocol: str | None) -> None:
    from drills.planning.materials import gather, plan_drill

    log = play(plan_drill(gather(scenario, protocol=protocol), 3, "average"))
    plan = log.plan
    secret = [
        plan.scenario.solution or "",
        plan.scenario.impact.how,
        *(action.label for action in plan.scenario.actions),
    ]
    step = max(1, len(log.events) // 25)
    for place in range(1, len(log.events) + 1, step):
        part = DrillLog(plan, log.events[:place], b"", "")
        for member in [player.id for player in plan.players][:3]:
            found = coach(part, member, part.events[-1].at, {})
            assert found["says"], place
            assert found["because"]
            assert not [text for text in secret if len(text) > 12 and text in found["says"]]


# -- advice ------------------------------------------------------------------------------------------------------------


def test_a_reply_is_owed_within_its_message_s_times() -> None:
    log = play(library_plan("login-outage", 3, "average"))
    asking = [
        (event, inject.acts[0])
        for event in log.events
        if isinstance(event, ev.InjectDelivered)
        and (inject := log.plan.scenario.inject(event.inject or "")) is not None
        and [one.act for one in inject.acts] == ["reply"]
    ]
    assert asking
    end = asking[-1][0].at
    found = {duty.id: (duty.target_at, duty.deadline_at) for duty in duties(log, end, declared=True)}
    for event, expects in asking:
        assert found[f"reply-{event.number}"] == (event.at + expects.target, event.at + expects.deadline)


def advised(log: DrillLog, text: str, next_in: int | None = 20 * MINUTE) -> set[str]:
    state = state_of(log)
    return {one.id for one in advice(log.plan, state, log.events, text, next_in)}


def test_a_good_message_needs_no_advice() -> None:
    log = after(ALONE, *CALLED)
    assert advised(log, "Some customers cannot sign in and see an error. We are working on it.") == set()


@pytest.mark.parametrize(
    ("text", "next_in", "expected"),
    [
        ("It happened.", None, {"who_affected", "what_they_see", "next_message"}),
        ("Customers cannot log in. The Incident Commander decides.", 600_000, {"internal_name"}),
        ("Customers cannot log in, see #SitRep", 600_000, {"internal_name"}),
        ("Customers cannot log in since v412", 600_000, {"internal_name"}),
        ("Customers cannot log in: db-3 is down", 600_000, {"internal_name"}),
        ("Customers cannot log in: db-sessions is full", 600_000, {"internal_name"}),
        ("Customers cannot log in. This is a SEV-1", 600_000, {"internal_name"}),
        ("Customers cannot log in after a failover", 600_000, {"jargon"}),
        ("Customers cannot log in due to a bug", 600_000, {"cause_unknown"}),
        ("Customers cannot log in, an update in 10 minutes", None, {"time_unknown", "next_message"}),
        ("Customers can log in again. It is fixed.", None, {"not_over"}),
        ("All customers can log in again.", 0, {"not_over"}),
        ("Customers cannot log in", 90 * MINUTE, {"next_too_late"}),
        ("Customers cannot log in; our engineer is at fault", 600_000, {"blame"}),
        ("WE KNOW THAT CUSTOMERS CANNOT LOG IN", 600_000, {"shouting"}),
        ("customers cannot log in " * 40, 600_000, {"too_long"}),
    ],
)
def test_advice(text: str, next_in: int | None, expected: set[str]) -> None:
    assert advised(after(ALONE, *CALLED), text, next_in) == expected


def test_advice_knows_what_the_log_knows() -> None:
    logged = after(ALONE, *CALLED, (60, do.LogEntry(who=FIRST, text="The cause is the release; fixed by 15:10")))
    assert advised(logged, "Customers cannot log in because of a fault", 600_000) == set()
    assert "time_unknown" not in advised(logged, "Customers cannot log in until 15:10", None)
    told = after(ALONE, *CALLED, (60, do.Publish(who=FIRST, text="Customers cannot log in", next_in=600_000)))
    assert advised(told, "customers cannot  log in", 600_000) == {"said_before"}
    commands = after(ALONE, *CALLED, (60, do.TakeRole(who=FIRST, role="incident_commander")))
    assert advised(commands, "Customers cannot log in", 600_000) == {"not_agreed"}
    agreed = after(
        ALONE,
        *CALLED,
        (60, do.TakeRole(who=FIRST, role="incident_commander")),
        (70, do.DraftMessage(who=FIRST, text="Customers cannot log in")),
        (80, do.ApproveDraft(who=FIRST)),
    )
    assert advised(agreed, "Customers cannot log in", 600_000) == set()


def test_only_the_names_of_what_was_deployed_are_ours_alone() -> None:
    log = after(ALONE, *CALLED)
    drawn = {name: str(value) for name, value in state_of(log).values.items() if isinstance(value, str)}
    assert "release" in drawn
    assert len(drawn) > 1, "something else was drawn as well"
    for name, value in drawn.items():
        found = advised(log, f"Customers cannot log in. It began with {value}", 600_000)
        assert ("internal_name" in found) is (name == "release"), name


# -- the talk ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["good", "average", "poor", "absent"])
def test_three_moments_worth_talking_about(profile: str) -> None:
    log = play(library_plan("login-outage", 3, profile))
    found = moments(log)
    assert 1 <= len(found) <= 3
    assert found == sorted(found)
    assert all(moment.at >= 0 and moment.text.endswith(".") for moment in found)


def test_the_truth_is_what_the_log_says() -> None:
    log = after(
        ALONE,
        *CALLED,
        (60, do.TakeRole(who=FIRST, role="incident_commander")),
        (70, do.Publish(who=FIRST, text="Customers cannot log in", next_in=600_000)),
        (90, do.Publish(who=FIRST, text="Customers still cannot log in", next_in=600_000)),
    )
    assert truth(log) == {"heard": 70_000, "command": 60_000}
    assert truth(after(ALONE)) == {"heard": None, "command": None}


def test_a_message_lies_unanswered_until_a_reply_or_word_to_all() -> None:
    plan = library_plan("login-outage", 7, None, "small")
    log = after(
        plan,
        *CALLED,
        (30, do.TakeRole(who=FIRST, role="communications")),
        (12 * 60, do.Publish(who=FIRST, text="Customers cannot log in", next_in=600_000)),
    )
    told = next(event.seq for event in log.events if isinstance(event, ev.MessagePublished))
    mails = [event for event in log.events if isinstance(event, ev.Arrived) and event.via != "alert"]
    before = [mail for mail in mails if mail.seq < told]
    waited = [mail for mail in before if mail.to == "communications"]
    assert len(waited) > 2, "somebody writes within twelve minutes"
    found = hotwash.unanswered(log)
    assert [at for at, _ in found] == sorted({at for at, _ in found})
    assert (found[0], found[-1]) == ((0, 0), (720_000, len(mails) - len(waited))), "word to all answers all who waited"
    lying = [(mail.at, place + 1) for place, mail in enumerate(before) if mail.at < 720_000]
    assert found[1:-1] == list(dict(lying).items()), "until then every message lies there"


def test_a_reply_answers_the_one_who_wrote() -> None:
    def open_after(*acts: tuple[int, Act]) -> int:
        return hotwash.unanswered(after(ALONE, *CALLED, (30, do.TakeRole(who=FIRST, role="communications")), *acts))[
            -1
        ][1]

    until_then = (12 * 60, do.Say(who=FIRST, text="Nobody was told yet"))
    first = next(
        event.number
        for event in after(ALONE, *CALLED, (30, do.TakeRole(who=FIRST, role="communications")), until_then).events
        if isinstance(event, ev.Arrived) and event.via != "alert" and event.to == "communications"
    )
    answers = (13 * 60, do.Reply(who=FIRST, number=first, text="We are looking into it"))
    assert open_after(until_then, answers) == open_after(until_then, (13 * 60, do.Say(who=FIRST, text="Still not"))) - 1


def test_nothing_of_a_later_screen_is_in_an_earlier_one() -> None:
    log = play(library_plan("login-outage", 3, "average"))
    reading = hotwash.read(log)
    guesses = {"ana": Guess("silence", 2_000, 1_000), "ben": Guess("noise", 1_000, None), "cleo": Guess("", None, 5)}
    again = [ActionRow("Command sooner", "Incident Commander in place", "", "", "no retest yet", held=False)]
    worth = hotwash.worth(log)
    shown = {screen: hotwash.wash_data(reading, screen, guesses, "ana", again, worth) for screen in SCREENS}
    for screen in SCREENS:
        assert shown[screen]["mine"] == {"surprise": "silence", "heard": 2_000, "command": 1_000}
        assert shown[screen]["written"] == 3
        assert "noise" not in str(shown[screen])
    assert (shown["guess"]["guesses"], shown["guess"]["moments"], shown["guess"]["score"]) == ([], [], None)
    assert shown["guess"]["unanswered"] == []
    assert shown["reveal"]["unanswered"] == hotwash.unanswered(log)
    assert shown["reveal"]["guesses"] == [
        {"heard": 1_000, "command": None},
        {"heard": 2_000, "command": 1_000},
        {"heard": None, "command": 5},
    ], "in the order of their times, which says nothing of whose they are"
    assert (shown["reveal"]["score"], shown["reveal"]["held"]) == (None, [])
    assert shown["score"]["score"]["score"] == grade(log).score
    assert len(shown["score"]["held"]) == 1
    assert shown["score"]["score"]["mine"] is not None


def test_the_talk_offers_what_if_for_the_three_costliest_lines_without_a_name() -> None:
    log = play(library_plan("login-outage", 3, "average"))
    shown = hotwash.wash_data(hotwash.read(log), "score", {}, "ana", found=hotwash.worth(log))["score"]
    assert [one["title"] for one in shown["most"]] == [line["title"] for line in shown["ledger"][:3]]
    for one in shown["most"]:
        assert one["score"] == round(shown["score"] + one["brings"], 1)
        assert sum(item["after"] - item["before"] for item in one["items"]) == pytest.approx(one["brings"], abs=0.3)
    assert not {player.id for player in log.plan.players} & set(re.findall(r"\w+", str(shown["most"])))


# -- it held -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "obligation"),
    [
        ("The alert names who is to command", "commander_in_place"),
        ("A template for the first message to customers", "first_external_message"),
        ("The commander posts an update every ten minutes into the running log", "not_silent"),
        ("Page the on-call engineer at once", "team_alerted"),
        ("An alert on the session store at 70 %", "team_alerted"),
        ("Write the roll back down in the runbook", "impact_ended"),
        ("Be nicer", ""),
    ],
)
def test_an_obligation_is_suggested_by_what_an_action_speaks_of(text: str, obligation: str) -> None:
    assert likely(text, shown_by(library_plan().protocol)) == obligation


def test_every_obligation_of_a_protocol_can_show_that_an_action_helped() -> None:
    protocol = library_plan().protocol
    shown = {one.id: one.title for one in shown_by(protocol)}
    assert set(shown) == {owed.id for table in protocol.tables for owed in table.obligations}
    assert (shown["commander_in_place"], shown["not_silent"]) == ("Incident Commander in place", "No long silence")
    assert likely("Call the team", []) == ""


def test_a_step_that_was_found_wrong_is_something_to_change() -> None:
    events: list[Event] = [*after(ALONE, *CALLED).events]
    stamp = {"at": 30_000, "wall": ALONE.start, "actor": FIRST}
    events.append(ev.StepFlagged(seq=90, procedure="deployment/roll-back", step=2, text="there is no lock", **stamp))  # type: ignore[arg-type]  # what all events have
    events.append(ev.CorrectiveActionAdded(seq=91, text="Watch it", owner="ben", due_on="2026-12-24", **stamp))  # type: ignore[arg-type]  # likewise
    assert [(one.seq, one.text, one.owner) for one in actions_of(events)] == [
        (90, "Fix step 2 of deployment/roll-back: there is no lock", ""),
        (91, "Watch it", "ben"),
    ]


@pytest.mark.parametrize("papers", [0, 1, 2])
def test_the_coach_speaks_of_the_papers_of_any_protocol(papers: int) -> None:
    protocol = ALONE.protocol.model_copy(update={"papers": ALONE.protocol.papers[:papers]})
    plan = ALONE.model_copy(update={"protocol": protocol})
    filed = do.FileSituationReport(who=FIRST, solution="s")
    acts: list[Act] = [
        do.Say(who=FIRST, text="Now the papers."),
        filed,
        do.EmailReport(who=FIRST),
        do.Attach(who=FIRST),
    ]
    says = []
    for count in (1, 2, 3, 4):
        done = after(
            plan,
            *CALLED,
            (28, do.TakeRole(who=FIRST, role="incident_commander")),
            (30, do.Resolve(who=FIRST)),
            *((31 + place, act) for place, act in enumerate(acts[:count])),
        )
        says.append(coach(done, FIRST, 40_000, {}))
    assert [typed in word["says"] for typed, word in zip(("/sitrep", "/email", "/attach"), says, strict=False)] == [
        True
    ] * 3
    assert {word["because"] for word in says} <= {*protocol.papers, *protocol.process}
