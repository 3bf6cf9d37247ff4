"""Who may see what: at every moment of every drill, all that reached a member and nothing else."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import pytest

from drills.guidance.visibility import Frames, Viewer, frames_of, knows, reveals, sees, visible
from drills.planning.materials import Incident, gather, plan_drill
from scenarios.lookup import names
from scenarios.placeholders import fill
from simulator import events as ev
from simulator.kinds import EVENTS
from simulator.log import DrillLog, replay
from simulator.plan import DrillPlan, Profile
from tests.simulator.build import Table, library_plan, small_plan
from tests.support import play
from tests.support.extent import sampled

HIDDEN_KEYS = {"values", "inject", "occurrence", "impact", "cause", "effect", "clue", "herring"}
"""What no event has that a player sees."""
STAFFS_OWN = (
    "ImpactChanged", "InjectNotTaken", "InjectHeld", "FacilitatorTold", "ExpectationJudged", "NoteTaken", "Rated",
)  # fmt: skip
EVERYBODY = (
    ev.DrillStarted, ev.PhaseBegan, ev.DrillEnded, ev.FollowUpClosed, ev.DrillStopped, ev.DrillPaused, ev.DrillResumed,
    ev.TimeSkipped, ev.StoryJumped, ev.ToolChanged,
)  # fmt: skip
CHANNEL = (
    ev.SeverityDeclared, ev.TeamAlerted, ev.Acknowledged, ev.Joined, ev.Restated, ev.RoleTaken, ev.RoleReleased,
    ev.HandoverOffered, ev.RoleHandedOver, ev.MessagePosted, ev.EntryLogged, ev.UpdatePosted, ev.MessageDrafted,
    ev.DraftApproved, ev.MessagePublished, ev.SpokenReported, ev.ActionStarted, ev.ActionFinished, ev.StepDone,
    ev.StepFlagged, ev.TaskDelegated, ev.TaskDone, ev.WorkaroundAnnounced, ev.BugFiled, ev.IncidentResolved,
    ev.IncidentClosed, ev.SituationReportFiled, ev.ReportEmailed, ev.PaperAttached, ev.PostMortemFiled,
    ev.CorrectiveActionAdded, ev.MemberExcused, ev.ShiftBegan,
)  # fmt: skip


class Sight(NamedTuple):
    """An event as somebody saw it for the first time."""

    moment: int
    """The place of the last event that had happened then."""
    seen: dict[str, Any]


def sights(log: DrillLog, viewer: Viewer) -> dict[int, Sight]:
    """What a viewer has seen of each event, if they look again at all of it after every event."""
    found: dict[int, Sight] = {}
    making = Frames(log.plan)
    frames = []
    for event, state in replay(log):
        frames.append(making.frame(event))
        for frame in frames:
            data = sees(viewer, state, frame)
            if frame.seq not in found and data is not None:
                assert b"\n" not in data  # it goes into a stream whose frames end with one
                found[frame.seq] = Sight(event.seq, msgspec.json.decode(data))
    return found


def strings(node: Any) -> Iterator[str]:  # noqa: ANN401 - plain JSON
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from strings(inner)


def check_member(log: DrillLog, member: str, injects: dict[str, tuple[str, int]]) -> None:
    found = sights(log, Viewer("player", member))
    for place, (moment, seen) in found.items():
        event = log.events[place]
        assert not HIDDEN_KEYS & set(seen), (member, seen)
        assert type(event).__name__ not in STAFFS_OWN
        assert "severity" not in seen or event.actor is not None, "only people say how grave it is"
        if "shows" in seen:
            assert event.actor == member
        if event.act is None:  # people's own words may say anything
            check_words(log, seen, moment, injects)
    check_mail(log, member, found)
    check_nothing_is_missing(log, member, found)


def check_words(log: DrillLog, seen: dict[str, Any], moment: int, injects: dict[str, tuple[str, int]]) -> None:
    """Nothing of the answer key, and no inject before it came."""
    scenario, values = log.plan.scenario, values_of(log)
    key = [scenario.solution, scenario.impact.who, scenario.impact.how]
    answers = [fill(text, values) for text in key if text]
    for said in strings(seen):
        for answer in answers:
            assert answer not in said, (answer, seen)
        for name, (text, came) in injects.items():
            assert text not in said or came <= moment, (name, came, moment, seen)


def values_of(log: DrillLog) -> dict[str, str | int | float]:
    began = log.events[0]
    assert isinstance(began, ev.DrillStarted)
    return began.values


def injects_of(log: DrillLog) -> dict[str, tuple[str, int]]:
    """The text of each inject and the place of the event by which it came; far away if it never did."""
    values, never = values_of(log), len(log.events)
    came: dict[str, int] = {}
    for event in log.events:
        if isinstance(event, ev.InjectDelivered) and event.inject is not None:
            came.setdefault(event.inject, event.seq)
    texts = {inject.id: fill(inject.text, values) for inject in log.plan.scenario.injects}
    first = {
        text: min(came.get(name, never) for name, other in texts.items() if other == text) for text in texts.values()
    }
    return {name: (text, first[text]) for name, text in texts.items() if len(text) > 8}


def check_mail(log: DrillLog, member: str, found: dict[int, Sight]) -> None:
    """Mail reaches its recipients, and later holders of the role that it was for; nobody else."""
    held: dict[str, int] = {}  # each role, and when the member held it last
    mine: set[int] = set()
    for event, state in replay(log):
        held |= {role: event.seq for role, holders in state.roles.items() if member in holders}
        if isinstance(event, ev.Arrived | ev.IncidentReported | ev.ReportEscalated):
            own = member in event.recipients if isinstance(event, ev.Arrived) else event.to == member
            if own:
                assert found[event.seq].moment == event.seq, "what reaches somebody is seen at once"
    for event in log.events:
        if isinstance(event, ev.Arrived):
            later = held.get(event.to, -1) >= event.seq
            reached = member in event.recipients or later or (event.to == "channel" and event.seq in found)
            assert (event.seq in found) == reached, (member, event)
            if reached:
                mine.add(event.number)
        elif isinstance(event, ev.InjectAnswered):
            assert (event.seq in found) == (event.number in mine or event.actor == member), (member, event)


def check_nothing_is_missing(log: DrillLog, member: str, found: dict[int, Sight]) -> None:
    state = list(replay(log))[-1][1]
    informed = member in state.alerted or member in state.reported or member in state.joined
    for event in log.events:
        if isinstance(event, CHANNEL) and not (isinstance(event, ev.MemberExcused) and event.member == member):
            assert (event.seq in found) == informed, (member, event)
        if isinstance(event, ev.ActionFinished) and event.actor == member:
            assert found[event.seq].seen["shows"] == event.shows if event.shows else True
        if isinstance(event, EVERYBODY):
            assert found[event.seq].moment == event.seq, "everybody knows how far the drill is"
        if isinstance(event, ev.MemberExcused) and event.member == member:
            assert event.seq in found


def check_drill(plan: DrillPlan) -> None:
    log = play(plan)
    injects = injects_of(log)
    for player in plan.players:
        check_member(log, player.id, injects)
    watched = sights(log, Viewer("observer"))
    assert not any(isinstance(log.events[place], ev.Arrived) and log.events[place].to != "channel" for place in watched)  # type: ignore[attr-defined]
    for _, seen in watched.values():
        assert not HIDDEN_KEYS & set(seen)
        assert "shows" not in seen
    everything = sights(log, Viewer("facilitator"))
    assert [sight.moment for sight in everything.values()] == list(range(len(log.events)))


@pytest.mark.parametrize(("place", "name"), sampled(list(enumerate(names("scenario"))), 4))
def test_players_see_what_reached_them_and_nothing_else(place: int, name: str) -> None:
    profiles: tuple[Profile, ...] = ("good", "average", "poor")
    check_drill(plan_drill(gather(name), place, profiles[place % 3]))


@pytest.mark.parametrize("seed", sampled(range(8), 3))
def test_the_same_of_incidents_that_are_made_up(seed: int) -> None:
    check_drill(plan_drill(gather(Incident("random", seed)), seed, "average"))


# -- one by one --------------------------------------------------------------------------------------------------------


def given(table: Table, who: str) -> list[dict[str, Any]]:
    """All that somebody sees now."""
    frames = frames_of(table.plan, table.events)
    viewer = Viewer("facilitator") if who == "fay" else Viewer("observer") if who == "olga" else Viewer("player", who)
    return [msgspec.json.decode(data) for data in visible(viewer, table.state, frames)]


def kinds(table: Table, who: str) -> list[str]:
    return [str(event["kind"]) for event in given(table, who)]


def test_what_staff_do_among_themselves_players_do_not_see() -> None:
    table = Table(small_plan(injects=[{"id": "one", "at": "10m", "text": "One."}])).gathered()
    for who, line in (("fay", "/note they wait"), ("fay", "/hold one"), ("eve", "/rate calm 80 well done")):
        table.says(who, line)
    assert kinds(table, "fay")[-3:] == ["NoteTaken", "InjectHeld", "Rated"]
    for who in ("ana", "ben", "olga"):
        assert not set(STAFFS_OWN) & set(kinds(table, who))


def test_a_hint_is_for_the_one_whom_it_was_given() -> None:
    table = Table(small_plan()).gathered()
    table.says("fay", "/hint ben look at the last release")
    assert kinds(table, "ben")[-1] == "HintGiven"
    assert all("HintGiven" not in kinds(table, who) for who in ("ana", "chloe", "olga"))


def test_a_question_and_its_answer_are_for_the_one_who_asked() -> None:
    table = Table(small_plan()).gathered()
    table.says("ben", "/ask how are the goldfish?")
    table.says("fay", "/answer They swim.")
    assert kinds(table, "ben")[-2:] == ["QuestionAsked", "QuestionAnswered"]
    for who in ("ana", "chloe", "olga"):
        assert not {"QuestionAsked", "QuestionAnswered"} & set(kinds(table, who))


def test_what_an_action_shows_is_for_the_one_who_did_it() -> None:
    table = Table(small_plan()).gathered()
    table.says("ben", "/do look")
    table.until(table.at + 120_000)
    assert [one["shows"] for one in given(table, "ben") if one["kind"] == "ActionFinished"] == ["It is the release."]
    for who in ("ana", "olga"):
        [finished] = [one for one in given(table, who) if one["kind"] == "ActionFinished"]
        assert finished["label"] == "Read the log"
        assert "shows" not in finished


def test_who_takes_a_role_later_reads_the_mail_that_came_for_it() -> None:
    inject = {"id": "mail", "at": "5m", "to": "communications", "text": "Are you down?"}
    table = Table(small_plan(injects=[inject])).gathered()
    table.until(301_000)
    assert [who for who in ("ana", "ben", "chloe") if "InjectDelivered" in kinds(table, who)] == ["chloe"]
    table.says("chloe", "/reply 1 We look into it.")
    assert [who for who in ("ana", "ben", "chloe", "olga") if "InjectAnswered" in kinds(table, who)] == ["chloe"]
    event = table.says("ana", "/role communications")
    assert reveals(event, "ana")
    assert not reveals(event, "ben")
    assert {"InjectDelivered", "InjectAnswered"} <= set(kinds(table, "ana"))
    assert "InjectDelivered" not in kinds(table, "ben")


def test_whom_the_incident_has_not_reached_sees_that_there_is_a_drill_and_no_more() -> None:
    table = Table(small_plan())
    table.says("ana", "/sev 1")
    table.says("fay", "/excuse chloe a train that is late")
    assert kinds(table, "ben") == ["DrillStarted"]
    assert kinds(table, "chloe") == ["DrillStarted", "MemberExcused"]
    assert kinds(table, "ana") == ["DrillStarted", "IncidentReported", "SeverityDeclared", "MemberExcused"]
    assert not knows("ben", table.state)
    event = table.says("ana", "/alert 1 login")
    assert reveals(event, "ben")
    assert kinds(table, "ben") == ["DrillStarted", "SeverityDeclared", "MemberExcused", "TeamAlerted"]


def test_what_is_said_aloud_is_read_by_those_in_the_channel() -> None:
    table = Table(small_plan()).gathered()
    table.says("ana", "/heard ben /log the disk is full")
    assert kinds(table, "chloe")[-1] == "SpokenReported"


def test_in_the_talk_everybody_reads_what_reached_others() -> None:
    plan = small_plan(injects=[{"id": "one", "at": "3m", "text": "One.", "to": "first_responder"}])
    table = Table(plan).gathered()
    table.until(200_000)
    for who, line in (("fay", "/hint ben look up"), ("fay", "/note they wait"), ("eve", "/rate calm 80 well done")):
        table.says(who, line)
    frames = frames_of(table.plan, table.events)
    everything = [msgspec.json.decode(frame.full) for frame in frames]
    for viewer in (Viewer("player", "chloe", revealed=True), Viewer("observer", revealed=True)):
        seen = [msgspec.json.decode(data) for data in visible(viewer, table.state, frames)]
        assert {"InjectDelivered", "HintGiven", "IncidentReported"} <= {event["kind"] for event in seen}
        assert [event["seq"] for event in seen] == [
            event["seq"] for event in everything if event["kind"] not in STAFFS_OWN
        ], "all but what staff did among themselves"
        assert not any(HIDDEN_KEYS & set(event) for event in seen), "and still nothing that would spoil the scenario"


def test_everything_behind_a_place_is_what_a_browser_asks_for_that_comes_back() -> None:
    log = play(library_plan("login-outage"))
    frames = frames_of(log.plan, log.events)
    state = list(replay(log))[-1][1]
    viewer = Viewer("player", log.plan.players[1].id)
    whole = visible(viewer, state, frames)
    for after in range(-1, len(frames)):
        later = [data for data in whole if msgspec.json.decode(data)["seq"] > after]
        assert visible(viewer, state, frames, after) == later


def test_an_event_that_all_may_see_is_made_once() -> None:
    """Five hundred browsers get the same bytes, not equal ones."""
    table = Table(small_plan()).gathered()
    table.says("ben", "hello")
    frame = frames_of(table.plan, table.events)[-1]
    assert sees(Viewer("player", "ana"), table.state, frame) is sees(Viewer("player", "chloe"), table.state, frame)


def test_somebody_who_is_no_member_sees_what_everybody_sees() -> None:
    table = Table(small_plan()).gathered()
    assert kinds(table, "nobody") == ["DrillStarted"]


def test_a_new_kind_of_event_is_a_decision_whom_it_is_for() -> None:
    private = {"IncidentReported", "ReportEscalated", "HintGiven", "QuestionAsked", "QuestionAnswered"}
    mail = {"InjectDelivered", "CustomerWrote", "InjectAnswered", "DecisionMade"}
    everybody = {kind.__name__ for kind in EVERYBODY}
    channel = {kind.__name__ for kind in CHANNEL}
    assert {kind.__name__ for kind in EVENTS} == {*private, *mail, *everybody, *channel, *STAFFS_OWN}


def test_a_note_for_the_facilitator_never_reaches_players_nor_what_is_judged() -> None:
    note = {"id": "set-up", "at": "1m", "to": "facilitator", "text": "Do not tell them."}
    options = [{"id": "no", "label": "No"}, {"id": "yes", "label": "Yes", "effect": "worsens"}]
    asks = {
        "id": "asks", "at": "2m", "to": ["communications", "solutioneer"], "text": "Well?",
        "expects": [
            {"judged": "Keeps it short"}, {"question": "Who decides?"},
            {"decision": "Stop?", "options": options, "target": "1m", "deadline": "2m"},
        ],
    }  # fmt: skip
    table = Table(small_plan(injects=[note, asks])).gathered()
    table.until(150_000)
    table.says("eve", "/judge 1 done very short")
    table.says("ben", "/choose no")
    assert {"FacilitatorTold", "ExpectationJudged", "DecisionMade"} <= set(kinds(table, "fay"))
    shown = {"questions": ["Who decides?"], "decision": {"ask": "Stop?", "options": [
        {"id": "no", "label": "No"}, {"id": "yes", "label": "Yes"}]}}  # fmt: skip
    for who in ("ben", "chloe"):
        [message] = [one for one in given(table, who) if one["kind"] == "InjectDelivered"]
        assert message["asks"] == shown
        assert kinds(table, who)[-1] == "DecisionMade"
    for who in ("ana", "ben", "chloe", "olga"):
        assert not {"FacilitatorTold", "ExpectationJudged"} & set(kinds(table, who))
        assert not {"Do not tell them.", "Keeps it short", "worsens"} & set(strings(given(table, who)))
    assert not {"InjectDelivered", "DecisionMade"} & set(kinds(table, "ana"))
    table.says("ana", "/role solutioneer")
    assert {"InjectDelivered", "DecisionMade"} <= set(kinds(table, "ana"))


def test_what_is_said_to_somebody_outside_is_for_the_one_who_contacted_them() -> None:
    table = Table(small_plan(outsiders=[{"id": "counsel", "name": "Counsel", "says": "Wait."}])).gathered()
    table.says("ben", "/contact counsel May we tell them?")
    table.until(table.at + 60_000)
    assert kinds(table, "ben")[-2:] == ["QuestionAsked", "QuestionAnswered"]
    for who in ("ana", "chloe", "olga"):
        assert not {"QuestionAsked", "QuestionAnswered"} & set(kinds(table, who))
