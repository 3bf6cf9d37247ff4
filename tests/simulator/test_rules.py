"""What players may do: the event that each act becomes, and the one sentence that says why not."""

import pytest

from simulator import acts as do
from simulator import events as ev
from simulator.acts import ACTS, Act, ActRefused, PlayerAct
from simulator.events import Event
from simulator.plan import Player
from simulator.rules import RULES
from simulator.rules_staff import STAFF_RULES
from simulator.syntax import parse
from tests.simulator.build import MINUTE, SECOND, Table, small_plan

LEVELS = "it is one of 1 (Critical), 2 (Moderate), 3 (Low), 0 (False alarm)"
ASKS = {"id": "asks", "at": "0s", "to": "communications", "text": "Are you down?"}


def fresh() -> Table:
    return Table(small_plan())


def alerted() -> Table:
    return fresh().alerted()


def gathered() -> Table:
    """Ana commands, ben solves, chloe speaks."""
    return fresh().gathered()


def asked() -> Table:
    return Table(small_plan(injects=[{**ASKS, "at": "1m"}])).gathered()


def fields(event: Event, *names: str) -> tuple[object, ...]:
    return tuple(getattr(event, name) for name in names)


def test_every_act_has_a_rule() -> None:
    assert {*RULES, *STAFF_RULES} == set(ACTS)
    assert not RULES.keys() & STAFF_RULES.keys()


# -- what acts become --------------------------------------------------------------------------------------------------


def test_an_event_carries_place_time_actor_and_the_clients_id() -> None:
    table = fresh()
    table.until(90 * SECOND)
    event = table.says("ana", "/ack", "a-1")
    assert fields(event, "seq", "at", "wall", "actor", "act", "due", "said") == (
        2,
        90 * SECOND,
        table.wall(90 * SECOND),
        "ana",
        "a-1",
        None,
        None,
    )


def test_getting_together() -> None:
    table = fresh()
    assert isinstance(table.says("ana", "/ack"), ev.Acknowledged)
    assert fields(table.says("ana", "/sev 0"), "severity") == (0,)
    assert fields(table.says("ana", "/sev 1"), "severity") == (1,)
    alert = table.says("ana", "/alert 1 login")
    assert fields(alert, "recipients", "severity", "topic") == (("ana", "ben", "chloe"), 1, "login")
    assert isinstance(table.says("ben", "/ack"), ev.Acknowledged)
    assert isinstance(table.says("ben", "/join"), ev.Joined)
    assert fields(table.says("ben", "/restate 1 login"), "severity", "topic") == (1, "login")
    assert fields(table.says("ben", "/role Incident Commander"), "role") == ("incident_commander",)
    assert table.state.commander == "ben"
    assert fields(table.says("ben", "/release"), "role") == ("incident_commander",)
    assert table.state.commander is None


def test_an_alert_may_say_nothing_and_come_again() -> None:
    table = fresh()
    assert fields(table.says("ana", "/alert"), "severity", "topic") == (None, None)
    table.until(MINUTE)
    table.says("ana", "/alert 1 login")
    assert table.state.alerted_at == 0
    assert table.state.alerted == {"ana": 0, "ben": 0, "chloe": 0}


def test_the_one_who_alerts_has_acknowledged() -> None:
    assert alerted().refusal("ana", "/ack") == "you have already acknowledged"


def test_speaking() -> None:
    table = gathered()
    assert fields(table.says("ben", "so slow"), "text") == ("so slow",)
    assert fields(table.says("ben", "/log deployed v411"), "text") == ("deployed v411",)
    assert fields(table.says("ben", "/update still slow"), "text") == ("still slow",)
    assert table.state.spoke_at == 0


def test_a_draft_is_approved_and_published_as_agreed() -> None:
    table = gathered()
    assert fields(table.says("chloe", "/draft We know."), "draft", "text") == (1, "We know.")
    assert fields(table.says("chloe", "/draft We know more."), "draft") == (2,)
    assert fields(table.says("ana", "/approve 1"), "draft") == (1,)
    sent = table.says("chloe", "/publish next 20m")
    assert fields(sent, "message", "text", "agreed", "next_in") == (1, "We know.", True, 20 * MINUTE)
    again = table.says("chloe", "/publish Still on it")
    assert fields(again, "message", "text", "agreed", "next_in") == (2, "Still on it", False, None)
    assert fields(table.says("ana", "/approve"), "draft") == (2,)


def test_another_text_than_the_approved_one_is_not_agreed_and_leaves_the_approval_standing() -> None:
    table = gathered()
    table.says("chloe", "/draft Customers cannot sign in. We are working on it.")
    table.says("ana", "/approve")
    other = table.says("chloe", "/publish All is well again and was never our fault")
    assert fields(other, "agreed") == (False,)
    edited = table.says("chloe", "/publish Some customers cannot sign in; we are working on it. next 20m")
    assert fields(edited, "agreed", "next_in") == (True, 20 * MINUTE)


def two_approved() -> Table:
    table = gathered()
    for place, text in enumerate(("Customers cannot sign in. We look for the reason.", "We roll a release back."), 1):
        table.says("chloe", f"/draft {text}")
        table.says("ana", f"/approve {place}")
    return table


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_two_drafts_that_were_approved_both_are_agreed(order: tuple[int, int]) -> None:
    """The second used to count as nobody's when both had been approved before the first went out."""
    table = two_approved()
    for draft in order:
        sent = table.says("chloe", f"/publish {table.state.drafts[draft - 1].text} next 20m")
        assert fields(sent, "agreed") == (True,)
    assert table.state.approved == []
    assert fields(table.says("chloe", f"/publish {table.state.drafts[0].text}"), "agreed") == (False,)


def test_without_a_text_what_was_approved_last_goes_out_first() -> None:
    table = two_approved()
    table.says("ana", "/approve 1")
    assert table.state.approved == [2, 1]
    texts = [fields(table.says("chloe", "/publish"), "text", "agreed") for _ in range(2)]
    assert texts == [(table.state.drafts[0].text, True), (table.state.drafts[1].text, True)]
    assert table.refusal("chloe", "/publish") == "say what customers should read, or have a draft approved first"


def test_one_message_uses_up_one_approval() -> None:
    table = gathered()
    for place in (1, 2):
        table.says("chloe", "/draft We are still working on it. More soon.")
        table.says("ana", f"/approve {place}")
    agreed = [fields(table.says("chloe", "/publish We are still working on it; more soon."), "agreed") for _ in "abc"]
    assert agreed == [(True,), (True,), (False,)]


def test_a_message_says_which_draft_it_was() -> None:
    """One that was approved before any other, also where the words differ a little; none for words of its own."""
    table = two_approved()
    table.says("chloe", "/draft Customers cannot sign in. We look for a reason.")
    said = (
        "We roll a release back",
        table.state.drafts[0].text,
        table.state.drafts[2].text,
        "Something else entirely, for all",
    )
    drafts = [fields(table.says("chloe", f"/publish {text}"), "draft", "agreed") for text in said]
    assert drafts == [(2, True), (1, True), (3, False), (None, False)]


def test_whoever_took_the_role_that_they_were_offered_has_held_it_since_then() -> None:
    table = gathered()
    table.says("ben", "/handover solutioneer ana")
    table.until(MINUTE)
    table.says("ana", "/role solutioneer")
    table.until(2 * MINUTE)
    table.says("ana", "/accept")
    assert table.state.roles["solutioneer"] == {"ana": MINUTE}


def test_what_the_commander_says_in_other_words_leaves_approvals_standing() -> None:
    table = two_approved()
    table.says("ana", "/publish Something else entirely, for all who wait")
    assert table.state.approved == [1, 2]
    table.says("ana", "/publish We roll a release back")
    assert table.state.approved == [1]


def test_what_the_commander_publishes_is_agreed() -> None:
    assert fields(gathered().says("ana", "/publish We know next 0m"), "agreed", "next_in") == (True, 0)


def test_anybody_publishes_while_nobody_speaks_to_customers() -> None:
    assert fields(alerted().says("ben", "/publish We know"), "agreed") == (False,)


def test_a_reply_names_the_inject_that_reached_one() -> None:
    table = asked()
    table.until(MINUTE)
    assert fields(table.says("chloe", "/reply 1 Yes, we are"), "number", "text") == (1, "Yes, we are")
    table.says("ben", "/role communications")
    assert fields(table.says("ben", "/reply 1 Soon no more"), "number") == (1,)


def test_working() -> None:
    table = gathered()
    begun = table.does(do.StartAction(who="ben", action="look"))[0]
    assert fields(begun, "action", "run", "ends") == ("look", 1, MINUTE)
    second = table.says("ana", "/do roll back")
    assert fields(second, "action", "run", "ends") == ("mend", 2, 2 * MINUTE)
    assert fields(table.says("ben", "/step deployment/roll-back 2"), "procedure", "step") == ("deployment/roll-back", 2)
    assert fields(table.says("ana", "/delegate ben look at the log"), "task", "to", "text") == (
        1,
        "ben",
        "look at the log",
    )
    assert fields(table.says("ana", "/delegate ben and the store"), "task") == (2,)
    assert fields(table.says("ben", "/done"), "task") == (1,)
    assert fields(table.says("ben", "/done 2"), "task") == (2,)
    assert fields(table.says("ana", "/workaround on paper"), "text") == ("on paper",)
    assert fields(table.says("ana", "/bug the list"), "text") == ("the list",)


def test_asking_begins_a_look_and_never_a_change() -> None:
    table = gathered()
    assert fields(table.says("ben", "/ask what is in the log?"), "action") == ("look",)
    question = table.says("chloe", "/ask should we roll back?")
    assert fields(question, "question", "text") == (1, "should we roll back?")


def test_own_words_that_mean_nothing_become_a_question() -> None:
    assert fields(gathered().says("ben", "/do a little dance"), "question", "text") == (1, "a little dance")


def test_the_first_responder_may_close_it_and_then_only_the_commander() -> None:
    assert fields(fresh().says("ana", "/close nothing is broken"), "reason") == ("nothing is broken",)
    table = alerted()
    table.says("ben", "/join")
    table.says("ben", "/role incident_commander")
    why = "the Incident Commander closes an incident; before there is one, the first responder"
    assert table.refusal("ana", "/close it waits") == why
    assert isinstance(table.says("ben", "/close it waits"), ev.IncidentClosed)
    assert table.state.phase == "papers"


def test_anybody_may_say_that_it_is_resolved() -> None:
    """Whether it was for them to say is for the score."""
    table = gathered()
    assert fields(table.says("chloe", "/resolve"), "text", "actor") == ("", "chloe")
    assert table.state.phase == "papers"


def test_papers() -> None:
    table = fresh().resolved()
    report = table.says("ana", "/sitrep solution=rolled back who=all")
    assert fields(report, "solution", "who_impacted", "how_impacted") == ("rolled back", "all", "")
    assert isinstance(table.says("ana", "/email"), ev.ReportEmailed)
    assert fields(table.says("ben", "/postmortem learnings=look first"), "learnings", "summary") == ("look first", "")
    assert fields(table.says("ben", "/attach"), "paper") == ("situation_report",)
    change = table.says("ben", "/action owner=chloe due=2026-03-31 shows=not_silent what=watch it")
    known = fields(change, "text", "owner", "due_on", "obligation")
    assert known == ("watch it", "chloe", "2026-03-31", "not_silent")
    assert fields(table.says("ben", "/attach"), "paper") == ("post_mortem",)
    assert fields(table.says("ben", "/action what=and that"), "owner", "due_on") == ("", "")


def test_a_day_is_kept_in_one_form() -> None:
    assert fields(fresh().resolved().says("ben", "/action due=20260331 what=x"), "due_on") == ("2026-03-31",)


# -- handover ----------------------------------------------------------------------------------------------------------


def test_a_role_is_handed_over_when_the_other_accepts() -> None:
    table = gathered()
    table.until(MINUTE)
    assert fields(table.says("ana", "/handover incident_commander ben"), "role", "to") == ("incident_commander", "ben")
    assert table.state.commander == "ana"
    taken = table.says("ben", "/accept")
    assert fields(taken, "role", "giver", "actor") == ("incident_commander", "ana", "ben")
    assert table.state.commander == "ben"
    assert not table.state.holds("ana", "incident_commander")
    assert table.state.role_changed["incident_commander"] == 0  # it was never open


def test_an_offer_ends_with_the_role() -> None:
    table = gathered()
    table.says("ana", "/handover incident_commander ben")
    table.says("ana", "/release incident_commander")
    assert table.refusal("ben", "/accept") == "nobody has offered you a role"


def test_an_offer_ends_when_the_giver_is_excused() -> None:
    table = gathered()
    table.says("ana", "/handover incident_commander ben")
    table.says("fay", "/excuse ana called away")
    assert table.refusal("ben", "/accept") == "nobody has offered you a role"
    assert table.state.commander is None


# -- said aloud --------------------------------------------------------------------------------------------------------


def test_what_was_said_aloud_counts_from_when_it_was_reported() -> None:
    table = gathered()
    table.until(5 * MINUTE)
    report = table.says("ana", "/heard ben /log deployed v411")
    assert fields(report, "report", "speaker", "text") == (1, "ben", "/log deployed v411")
    table.until(6 * MINUTE)
    entry = table.says("ben", "/confirm", "b-1")
    assert isinstance(entry, ev.EntryLogged)
    assert fields(entry, "actor", "text", "at", "said", "when") == (
        "ben",
        "deployed v411",
        6 * MINUTE,
        5 * MINUTE,
        5 * MINUTE,
    )


def test_it_counts_at_most_two_minutes_back() -> None:
    table = gathered()
    table.says("ana", "/heard ben /log deployed v411")
    table.until(10 * MINUTE)
    assert fields(table.says("ben", "/confirm"), "said") == (8 * MINUTE,)


def test_a_facilitator_may_confirm_for_the_speaker() -> None:
    table = gathered()
    table.says("ana", "/heard ben /log deployed v411")
    assert fields(table.says("fay", "/confirm 1", "f-1"), "actor") == ("ben",)


def test_each_report_is_confirmed_once_the_last_first() -> None:
    table = gathered()
    for text in ("one", "two", "three"):
        table.says("ana", f"/heard {'chloe' if text == 'three' else 'ben'} /log {text}")
    assert fields(table.says("ben", "/confirm"), "text") == ("two",)
    assert table.refusal("ben", "/confirm 2") == "nothing said aloud is waiting to be confirmed"
    assert fields(table.says("ben", "/confirm"), "text") == ("one",)
    assert table.refusal("ben", "/confirm") == "chloe or a facilitator confirms that"
    assert fields(table.says("fay", "/confirm"), "text") == ("three",)
    assert table.refusal("fay", "/confirm") == "nothing said aloud is waiting to be confirmed"


def test_what_is_confirmed_is_checked_as_the_speakers_own_act() -> None:
    table = gathered()
    table.says("ana", "/heard ben /do look")
    table.says("ben", "/do look")
    assert table.refusal("ben", "/confirm") == "you are busy until that is done: Read the log; one thing at a time"
    table.says("fay", "/pause")
    assert table.refusal("fay", "/confirm") == "the drill is paused; wait until it goes on"


@pytest.mark.parametrize(
    "text", ["/confirm", "\x00/confirm", "/heard chloe /ack", "/stop", "\u202e/stop", "/pause", "/end"]
)
def test_not_everything_can_be_reported_for_another(text: str) -> None:
    """Hidden characters are gone before the text is understood: `/confirm` would confirm itself for ever."""
    assert (
        gathered().refused(do.Heard(who="ana", speaker="ben", text=text)) == "that cannot be reported for somebody else"
    )


# -- who may act, and when ---------------------------------------------------------------------------------------------

PLAYERS_ACTS: list[Act] = [
    do.Acknowledge(who="?"),
    do.DeclareSeverity(who="?", severity=1),
    do.AlertTeam(who="?"),
    do.Join(who="?"),
    do.Restate(who="?"),
    do.TakeRole(who="?", role="solutioneer"),
    do.ReleaseRole(who="?"),
    do.HandOver(who="?", role="solutioneer", to="ben"),
    do.AcceptRole(who="?"),
    do.Say(who="?", text="x"),
    do.LogEntry(who="?", text="x"),
    do.PostUpdate(who="?", text="x"),
    do.DraftMessage(who="?", text="x"),
    do.ApproveDraft(who="?"),
    do.Publish(who="?", text="x"),
    do.Reply(who="?", number=1, text="x"),
    do.Choose(who="?", option="stay"),
    do.Contact(who="?", outsider="counsel", text="x"),
    do.StartAction(who="?", action="look"),
    do.Attempt(who="?", text="look"),
    do.Ask(who="?", text="x"),
    do.TickStep(who="?", procedure="deployment/roll-back", step=1),
    do.FlagStep(who="?", procedure="deployment/roll-back", step=1, text="x"),
    do.Delegate(who="?", to="ben", text="x"),
    do.FinishTask(who="?"),
    do.AnnounceWorkaround(who="?", text="x"),
    do.FileBug(who="?", text="x"),
    do.CloseIncident(who="?", reason="x"),
    do.Resolve(who="?"),
    do.FileSituationReport(who="?", solution="x"),
    do.EmailReport(who="?"),
    do.Attach(who="?"),
    do.FilePostMortem(who="?", learnings="x"),
    do.AddCorrectiveAction(who="?", text="x"),
    do.Heard(who="?", speaker="ben", text="x"),
    do.Confirm(who="?"),
]
RESPONSE = {
    "acknowledge", "declare_severity", "alert", "restate", "take_role", "release_role", "hand_over", "accept",
    "choose", "contact", "start_action", "do", "ask", "step", "delegate", "workaround", "bug", "close", "resolve",
}  # fmt: skip
PAPERS = {"file_situation_report", "email", "attach", "file_post_mortem", "corrective_action"}
CHANNEL = {"restate", "take_role", "hand_over", "accept", "say", "log", "update", "delegate"}


def by(who: str, act: Act) -> Act:
    return type(act)(**{name: getattr(act, name) for name in act.__struct_fields__} | {"who": who})


def kind(act: Act) -> str:
    return str(type(act).__struct_config__.tag)


def test_the_list_above_holds_every_act_of_a_player() -> None:
    assert {type(act) for act in PLAYERS_ACTS} | {do.Stop} == {one for one in ACTS if issubclass(one, PlayerAct)}


@pytest.mark.parametrize("act", PLAYERS_ACTS, ids=kind)
def test_strangers_and_those_who_only_watch_may_not_play(act: Act) -> None:
    table = gathered()
    assert table.refused(by("bem", act)) == "'bem' is not in the team; did you mean 'ben'?"
    assert table.refused(by("zzz", act)) == "'zzz' is not in the team"
    assert table.refused(by("eve", act)) == "'eve' is not in the team"
    if kind(act) not in ("heard", "confirm"):
        assert table.refused(by("fay", act)) == "'fay' is not in the team"


@pytest.mark.parametrize("act", PLAYERS_ACTS, ids=kind)
def test_nobody_acts_on_what_has_not_reached_them(act: Act) -> None:
    assert fresh().refused(by("chloe", act)) == "the incident has not reached you yet"


@pytest.mark.parametrize("act", PLAYERS_ACTS, ids=kind)
def test_nobody_plays_while_the_drill_stands_still(act: Act) -> None:
    table = gathered()
    table.says("fay", "/pause")
    assert table.refused(by("ana", act)) == "the drill is paused; wait until it goes on"


@pytest.mark.parametrize("act", [act for act in PLAYERS_ACTS if kind(act) in CHANNEL], ids=kind)
def test_what_is_said_in_the_channel_needs_one_to_be_there(act: Act) -> None:
    table = alerted()
    table.says("ben", "/join")
    assert table.refused(by("ana", act)) == "join #SitRep first (/join)"


@pytest.mark.parametrize("act", [act for act in PLAYERS_ACTS if kind(act) in RESPONSE], ids=kind)
@pytest.mark.parametrize("ended", [False, True])
def test_what_belongs_to_the_response_ends_with_it(act: Act, ended: bool) -> None:
    table = fresh().ended() if ended else fresh().resolved()
    assert table.refused(by("ana", act)) == "the response is over"


@pytest.mark.parametrize("act", [act for act in PLAYERS_ACTS if kind(act) in PAPERS], ids=kind)
def test_papers_wait_until_it_is_over(act: Act) -> None:
    why = "the incident is still open; declare it resolved first (/resolve)"
    assert gathered().refused(by("ana", act)) == why


@pytest.mark.parametrize("act", [act for act in PLAYERS_ACTS if kind(act) not in RESPONSE], ids=kind)
def test_what_comes_after_endex_is_recorded(act: Act) -> None:
    """Talk, late messages and papers go into the log; the score leaves out what it must."""
    table = Table(small_plan(injects=[ASKS])).gathered()
    table.says("chloe", "/delegate ana x")
    table.does(do.Heard(who="chloe", speaker="ana", text="x"))
    table.does(do.Resolve(who="ana"))
    if kind(act) in ("email", "attach"):
        table.says("ana", "/sitrep who=all")
    table.says("fay", "/end")
    table.says("fay", "/end")
    assert table.state.ended_at is not None
    if kind(act) in ("join", "approve", "reply"):
        return  # ana is there, there is no draft, and the inject was not hers
    assert len(table.does(by("ana", act))) == 1


@pytest.mark.parametrize("act", [*PLAYERS_ACTS, do.Stop(who="?"), do.Note(who="?", text="x")], ids=kind)
def test_nothing_comes_after_the_follow_up(act: Act) -> None:
    table = fresh().ended()
    table.says("fay", "/follow-up-done")
    assert table.refused(by("ana", act)) == "the follow-up is closed; the drill is over"


# -- refusals of single acts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "line", "why"),
    [
        ("ana", "/ack", "you have already acknowledged"),
        ("ben", "/sev 4", f"there is no severity 4; {LEVELS}"),
        ("ben", "/alert 7 login", f"there is no severity 7; {LEVELS}"),
        ("ben", "/restate 7 login", f"there is no severity 7; {LEVELS}"),
        ("ben", "/join", "you are already in #SitRep"),
        ("ben", "/role solutionear", "there is no role 'solutionear'; did you mean 'Solutioneer'?"),
        ("ben", "/role king", "there is no role 'king'; it is one of Incident Commander, Solutioneer, Communications"),
        ("ben", "/role solutioneer", "ben already holds the role Solutioneer"),
        (
            "ben",
            "/role incident_commander",
            "ana holds the role Incident Commander; ask for a handover (/handover Incident Commander ben)",
        ),
        ("ben", "/release communications", "you do not hold the role Communications"),
        ("ben", "/release solutionear", "there is no role 'solutionear'; did you mean 'Solutioneer'?"),
        ("ben", "/handover communications ana", "you do not hold the role Communications"),
        ("ana", "/handover incident_commander bem", "'bem' is not in the team; did you mean 'ben'?"),
        ("ana", "/handover incident_commander ana", "ana already holds the role Incident Commander"),
        ("ben", "/accept", "nobody has offered you a role"),
        ("ben", "", "say something"),
        ("ben", "/log", "say what has been done"),
        ("ben", "/update  ", "say what the status is"),
        ("ben", "/draft", "say what customers should read"),
        ("ben", "/approve", "only the Incident Commander can approve a message"),
        ("ana", "/approve", "there is no draft yet (/draft …)"),
        ("ben", "/publish We know", "the role communications speaks to customers; propose it with /draft"),
        ("chloe", "/publish", "say what customers should read, or have a draft approved first"),
        ("chloe", "/publish \u200b", "say what customers should read, or have a draft approved first"),
        ("ben", "/log \u2060\u200b", "say what has been done"),
        ("ana", "/close \ufeff", "say why it can be closed"),
        ("ben", "/reply 1 Yes", "no message 1 has reached you"),
        ("ben", "/do", "say what to do"),
        ("ben", "/ask", "say what you want to know"),
        (
            "ben",
            "/step deployment/rollback 1",
            "there is no procedure 'deployment/rollback'; did you mean 'deployment/roll-back'?",
        ),
        ("ben", "/step king 1", "there is no procedure 'king'"),
        ("ben", "/step deployment/roll-back 99", "deployment/roll-back has steps 1 to 7"),
        ("ben", "/step deployment/roll-back 0", "deployment/roll-back has steps 1 to 7"),
        ("ana", "/delegate bem look", "'bem' is not in the team; did you mean 'ben'?"),
        ("ben", "/done", "you have no open task"),
        ("ben", "/done 1", "you have no such open task"),
        ("ben", "/workaround", "say what operations can do meanwhile"),
        ("ben", "/bug", "say what is wrong"),
        ("ana", "/close", "say why it can be closed"),
        ("ben", "/heard bem /ack", "'bem' is not in the team; did you mean 'ben'?"),
        ("ben", "/heard ben /ack", "report what others said; what you said you can do yourself"),
        ("ben", "/heard ana /akk", "there is no /akk; did you mean /ack?"),
        ("ben", "/heard ana /resume", "that cannot be reported for somebody else"),
        ("ben", "/confirm", "nothing said aloud is waiting to be confirmed"),
        ("ben", "/log " + "x" * 8001, "that is longer than 8000 characters; put it in a document and refer to it"),
    ],
)  # fmt: skip
def test_why_not(who: str, line: str, why: str) -> None:
    assert gathered().refusal(who, line) == why


@pytest.mark.parametrize(
    ("who", "line", "why"),
    [
        ("ana", "/email", "there is no situation report yet (/sitrep …)"),
        ("ana", "/attach", "no paper is waiting to be attached; file it first"),
        ("ana", "/attach post_mortem", "no paper is waiting to be attached; file it first"),
        ("ana", "/postmortem learnings=", "say at least what was learned (learnings=…)"),
        ("ana", "/action owner=bem what=x", "'bem' is not in the team; did you mean 'ben'?"),
        ("ana", "/action due=31.3.2026 what=x", "'31.3.2026' is not a date; write it like 2026-03-31"),
        ("ana", "/action due=2026-02-30 what=x", "'2026-02-30' is not a date; write it like 2026-03-31"),
        ("ana", "/action owner=ben", "say what should change"),
        ("ana", "/action shows=silent what=x", "the protocol has no obligation 'silent'; did you mean 'not_silent'?"),
        (
            "ana",
            "/action shows=zzz what=x",
            "the protocol has no obligation 'zzz'; leave it out if none shows that it helped",
        ),
    ],
)
def test_why_not_among_the_papers(who: str, line: str, why: str) -> None:
    assert fresh().resolved().refusal(who, line) == why


def test_why_not_in_other_circumstances() -> None:
    table = gathered()
    table.says("ben", "/sev 1")
    assert table.refusal("ana", "/sev 1") == "it is already declared severity 1, Critical"
    table.says("ben", "/role communications")
    assert table.refusal("ben", "/release") == "say which role: Solutioneer, Communications"
    table.says("ana", "/release")
    assert table.refusal("ana", "/release") == "you hold no role"
    table.says("ben", "/do look")
    assert table.refusal("ben", "/do mend") == "you are busy until that is done: Read the log; one thing at a time"
    assert table.refused(do.StartAction(who="ana", action="lok")) == "there is no action 'lok'; did you mean 'look'?"
    assert table.refused(do.StartAction(who="ana", action="xyz")) == "there is no action 'xyz'"
    past = do.Publish(who="chloe", text="x", next_in=-1)
    assert table.refused(past) == "the next message cannot be promised for the past"
    table.says("chloe", "/draft x")
    table.says("ben", "/handover communications ana")
    table.says("ana", "/role incident_commander")
    assert table.refusal("ana", "/approve 2") == "there is no draft 2"
    table.says("ana", "/delegate ben x")
    assert table.refusal("chloe", "/done 1") == "you have no such open task"


def test_nobody_is_offered_or_given_work_who_is_not_there() -> None:
    table = alerted()
    table.says("ana", "/join")
    table.says("ana", "/role incident_commander")
    assert table.refusal("ana", "/handover incident_commander ben") == "ben is not in #SitRep yet"
    assert table.refusal("ana", "/delegate ben look") == "ben is not in #SitRep yet"


def test_roles_are_for_those_who_may_take_them() -> None:
    table = Table(small_plan(members=[Player(id="ana"), Player(id="ben", roles=["solutioneer"])])).gathered()
    assert table.refusal("ben", "/role communications") == "ben may not take the role Communications"
    assert table.refusal("ana", "/handover incident_commander ben") == "ben may not take the role Incident Commander"


def _with_own_names() -> Table:
    """A team that calls its severities and roles by names of its own."""
    plan = small_plan(members=[Player(id="ana"), Player(id="ben", roles=["solutioneer"])])
    names, titles = iter(("Rot", "SEV-2", "Weiß")), iter(("Schichtleiter", "Entstörer vom Dienst", "Netzauskunft"))
    protocol = plan.protocol.model_copy(
        update={
            "severities": [one.model_copy(update={"name": next(names)}) for one in plan.protocol.severities],
            "roles": [one.model_copy(update={"title": next(titles)}) for one in plan.protocol.roles],
        }
    )
    return Table(plan.model_copy(update={"protocol": protocol}))


@pytest.mark.parametrize(
    ("line", "severity", "topic"),
    [
        ("/alert Rot fernwirk", 1, "fernwirk"),
        ("/alert rot: fernwirk", 1, "fernwirk"),
        ("/alert sev-2", 2, None),
        ("/alert Weiß der Bericht", 3, "der Bericht"),
        ("/alert false alarm", 0, None),
        ("/alert Rotor steht", None, "Rotor steht"),
        ("/alert 2 Rot", 2, "Rot"),
    ],
)
def test_a_severity_is_read_by_its_own_name(line: str, severity: int | None, topic: str | None) -> None:
    table = _with_own_names()
    assert fields(table.says("ana", line), "severity", "topic") == (severity, topic)


def test_severities_and_roles_are_said_as_the_protocol_writes_them() -> None:
    table = _with_own_names()
    assert fields(table.says("ana", "/sev SEV-2"), "severity") == (2,)
    assert table.refusal("ana", "/sev 2") == "it is already declared severity 2, SEV-2"
    assert table.refusal("ana", "/sev 7").endswith("it is one of 1 (Rot), 2 (SEV-2), 3 (Weiß), 0 (False alarm)")
    table.says("ana", "/alert Rot fernwirk")
    table.says("ana", "/join")
    table.says("ben", "/join")
    assert fields(table.says("ana", "/role schichtleiter"), "role") == ("incident_commander",)
    assert fields(table.says("ben", "/role entstörer VOM dienst"), "role") == ("solutioneer",)
    assert table.refusal("ben", "/role Netzauskunft") == "ben may not take the role Netzauskunft"
    assert table.refusal("ana", "/handover Schichtleiter ben") == "ben may not take the role Schichtleiter"
    assert table.refusal("ana", "/role Netzauskumft") == "there is no role 'Netzauskumft'; did you mean 'Netzauskunft'?"
    assert table.refusal("ana", "/role x") == (
        "there is no role 'x'; it is one of Schichtleiter, Entstörer vom Dienst, Netzauskunft"
    )
    table.says("ben", "/release entstörer vom dienst")


def test_mail_and_papers_go_out_once() -> None:
    table = fresh().resolved()
    table.says("ana", "/sitrep who=all")
    table.says("ana", "/email")
    assert table.refusal("ben", "/email") == "the situation report has already been sent"
    table.says("ana", "/attach")
    assert table.refusal("ben", "/attach situation_report") == "no paper is waiting to be attached; file it first"


# -- what people type --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x1b[31mred\x1b[0m", "a[31mred[0m"),
        ("\u202egnp.exe\u202c \u2066x\u2069", "gnp.exe x"),
        ("one\r\n\ttwo\x00", "one\n\ttwo"),
        ("half \ud83d a pair", "half  a pair"),
        ("Grüße 你好 👩‍🚒 <script>=1+1", "Grüße 你好 👩‍🚒 <script>=1+1"),
    ],
)
def test_text_is_kept_without_what_could_hurt_a_terminal_or_a_file(typed: str, kept: str) -> None:
    for act in (do.Say(who="ana", text=typed), do.LogEntry(who="ana", text=typed), do.Publish(who="ana", text=typed)):
        assert fields(gathered().does(act)[0], "text") == (kept,)
    report = do.FileSituationReport(who="ana", solution=typed, who_impacted=typed, how_impacted=typed)
    filed = fresh().resolved().does(report)[0]
    assert fields(filed, "solution", "who_impacted", "how_impacted") == (kept, kept, kept)


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "\u202e\ud800"])
def test_nothing_that_can_be_seen_is_nothing(text: str) -> None:
    assert gathered().refused(do.Say(who="ana", text=text)) == "say something"
    assert fields(gathered().does(do.Resolve(who="ana", text=text))[0], "text") == ("",)
    assert fields(gathered().does(do.Restate(who="ana", topic=text))[0], "topic") == (None,)


def test_a_topic_is_one_line() -> None:
    event = gathered().does(do.AlertTeam(who="ana", topic="log\r\nin\u2028 page\x00"))[0]
    assert fields(event, "topic") == ("log in page",)


@pytest.mark.parametrize("name", ["x" * 101, "ä", "a\nb", "\ud800"])
def test_an_acts_id_is_plain_and_short(name: str) -> None:
    why = "an act's id is at most 100 plain letters, digits and signs"
    assert gathered().refused(do.Say(who="ana", text="x", id=name)) == why


# -- once --------------------------------------------------------------------------------------------------------------


def test_the_same_act_sent_a_hundred_times_is_applied_once() -> None:
    table = gathered()
    before = len(table.events)
    for _ in range(100):
        table.does(do.LogEntry(who="ana", text="deployed", id="a-1"))
    assert len(table.events) == before + 1


def test_an_id_belongs_to_the_one_who_gave_it() -> None:
    table = gathered()
    table.does(do.Say(who="ana", text="x", id="1"))
    assert len(table.does(do.Say(who="ben", text="x", id="1"))) == 1


def test_an_act_that_was_refused_may_come_again() -> None:
    table = alerted()
    act = do.Say(who="ben", text="here", id="b-1")
    table.refused(act)
    table.says("ben", "/join")
    assert len(table.does(act)) == 1


def test_a_step_that_is_wrong_is_flagged_during_the_drill_and_after() -> None:
    table = Table(small_plan()).resolved()
    event = table.says("ben", "/wrong deployment/roll-back 2 the pipeline has no lock any more")
    assert fields(event, "procedure", "step", "text") == (
        "deployment/roll-back",
        2,
        "the pipeline has no lock any more",
    )
    assert table.refusal("ben", "/wrong deployment/roll-back 99 no") == "deployment/roll-back has steps 1 to 7"
    with pytest.raises(ActRefused, match="write it like /wrong deployment/roll-back 2 the pipeline has no lock"):
        parse("/wrong deployment/roll-back 2", "ben")


def test_whoever_leads_the_talk_enters_what_is_to_change() -> None:
    table = Table(small_plan()).gathered()
    assert "not in the team" in table.refusal("fay", "/action owner=ben what=An alarm on memory")
    table.says("ana", "/resolve")
    assert fields(table.says("fay", "/action owner=ben what=An alarm on memory"), "text", "owner") == (
        "An alarm on memory",
        "ben",
    )
