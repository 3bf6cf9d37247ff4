"""The one text syntax for acts: every verb, what it becomes, and what is said to those who misspell it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import acts as do
from simulator.acts import ACTS, Act, ActRefused, StaffAct
from simulator.syntax import FORMS, parse
from tests.support.extent import examples

MINUTE = 60_000
MEANT: dict[str, Act] = {
    "/ack": do.Acknowledge(who="ana"),
    "/sev 1": do.DeclareSeverity(who="ana", severity=1),
    "/alert": do.AlertTeam(who="ana"),
    "/alert 1": do.AlertTeam(who="ana", severity=1),
    "/alert login": do.AlertTeam(who="ana", topic="login"),
    "/alert 1 login of all": do.AlertTeam(who="ana", severity=1, topic="login of all"),
    "/alert 12 rooms": do.AlertTeam(who="ana", topic="12 rooms"),
    "/join": do.Join(who="ana"),
    "/restate 1 login": do.Restate(who="ana", severity=1, topic="login"),
    "/role incident commander": do.TakeRole(who="ana", role="incident commander"),
    "/release": do.ReleaseRole(who="ana"),
    "/release solutioneer": do.ReleaseRole(who="ana", role="solutioneer"),
    "/handover incident commander ben": do.HandOver(who="ana", role="incident commander", to="ben"),
    "/accept": do.AcceptRole(who="ana"),
    "it is slow": do.Say(who="ana", text="it is slow"),
    "/say /ack is how": do.Say(who="ana", text="/ack is how"),
    "/log deployed v411": do.LogEntry(who="ana", text="deployed v411"),
    "/update We are on it": do.PostUpdate(who="ana", text="We are on it"),
    "/draft We know": do.DraftMessage(who="ana", text="We know"),
    "/approve": do.ApproveDraft(who="ana"),
    "/approve 2": do.ApproveDraft(who="ana", draft=2),
    "/publish": do.Publish(who="ana"),
    "/publish We know": do.Publish(who="ana", text="We know"),
    "/publish We know next 20m": do.Publish(who="ana", text="We know", next_in=20 * MINUTE),
    "/publish We know NEXT 1h30m  ": do.Publish(who="ana", text="We know", next_in=90 * MINUTE),
    "/publish next 0m": do.Publish(who="ana", next_in=0),
    "/publish Come by next week": do.Publish(who="ana", text="Come by next week"),
    "/publish All is well. next none": do.Publish(who="ana", text="All is well.", next_in=0),
    "/publish The next 20m matter": do.Publish(who="ana", text="The next 20m matter"),
    "/publish The text 20m": do.Publish(who="ana", text="The text 20m"),
    "/reply 3 We are on it": do.Reply(who="ana", number=3, text="We are on it"),
    "/do roll-back": do.Attempt(who="ana", text="roll-back"),
    "/ask is the database slow?": do.Ask(who="ana", text="is the database slow?"),
    "/step deployment/roll-back 2": do.TickStep(who="ana", procedure="deployment/roll-back", step=2),
    "/wrong deployment/roll-back 2 there is no lock": do.FlagStep(
        who="ana", procedure="deployment/roll-back", step=2, text="there is no lock"
    ),
    "/delegate ben check the database": do.Delegate(who="ana", to="ben", text="check the database"),
    "/done": do.FinishTask(who="ana"),
    "/done 2": do.FinishTask(who="ana", task=2),
    "/workaround on paper": do.AnnounceWorkaround(who="ana", text="on paper"),
    "/bug the list": do.FileBug(who="ana", text="the list"),
    "/close nothing is broken": do.CloseIncident(who="ana", reason="nothing is broken"),
    "/resolve": do.Resolve(who="ana"),
    "/resolve all is well": do.Resolve(who="ana", text="all is well"),
    "/sitrep solution=a b who=c how=d": do.FileSituationReport(
        who="ana", solution="a b", who_impacted="c", how_impacted="d"
    ),
    "/sitrep how=only this": do.FileSituationReport(who="ana", how_impacted="only this"),
    "/email": do.EmailReport(who="ana"),
    "/attach": do.Attach(who="ana"),
    "/attach situation_report": do.Attach(who="ana", paper="situation_report"),
    "/attach post_mortem": do.Attach(who="ana", paper="post_mortem"),
    "/postmortem summary=a went_well=b went_badly=c learnings=d=e": do.FilePostMortem(
        who="ana", summary="a", went_well="b", went_badly="c", learnings="d=e"
    ),
    "/action owner=ben due=2026-03-31 shows=not_silent what=watch it": do.AddCorrectiveAction(
        who="ana", text="watch it", owner="ben", due_on="2026-03-31", obligation="not_silent"
    ),
    "/heard ben /ack": do.Heard(who="ana", speaker="ben", text="/ack"),
    "/confirm": do.Confirm(who="ana"),
    "/confirm 2": do.Confirm(who="ana", report=2),
    "/choose stop-the-mail": do.Choose(who="ana", option="stop-the-mail"),
    "/contact counsel May we?": do.Contact(who="ana", outsider="counsel", text="May we?"),
    "/stop": do.Stop(who="ana"),
    "/pause lunch": do.Pause(who="ana", reason="lunch"),
    "/resume": do.Resume(who="ana"),
    "/skip": do.SkipAhead(who="ana"),
    "/inject first-customer": do.SendInject(who="ana", inject="first-customer"),
    "/inject communications The press calls": do.SendInject(who="ana", to="communications", text="The press calls"),
    "/hold first-customer": do.HoldInject(who="ana", inject="first-customer"),
    "/tool dashboard down": do.SetTool(who="ana", tool="dashboard", works=False),
    "/tool Status page UP": do.SetTool(who="ana", tool="status_page", works=True),
    "/answer it is fine": do.Answer(who="ana", text="it is fine"),
    "/answer 2 it is fine": do.Answer(who="ana", question=2, text="it is fine"),
    "/answer 42": do.Answer(who="ana", text="42"),
    "/hint ben read the notes": do.Hint(who="ana", to="ben", text="read the notes"),
    "/excuse ben called away": do.Excuse(who="ana", member="ben", reason="called away"),
    "/note they are calm": do.Note(who="ana", text="they are calm"),
    "/rate calm 80 nobody shouted": do.Rate(who="ana", item="calm", value=80, text="nobody shouted"),
    "/rate calm 80": do.Rate(who="ana", item="calm", value=80),
    "/judge 3 done": do.Judge(who="ana", number=3, mark="done"),
    "/judge 3 2 Partly they named nobody": do.Judge(
        who="ana", number=3, expected=2, mark="partly", text="they named nobody"
    ),
    "/end time is up": do.EndDrill(who="ana", reason="time is up"),
    "/follow-up-done": do.CloseFollowUp(who="ana"),
}


VERBS = {form.verb for form in FORMS}


@pytest.mark.parametrize("line", MEANT)
def test_what_a_line_means(line: str) -> None:
    assert parse(line, "ana") == MEANT[line]


def test_every_verb_is_in_the_table_above() -> None:
    assert {line[1:].split()[0] for line in MEANT if line.startswith("/")} == VERBS


def test_every_act_can_be_typed() -> None:
    """All but starting an action by its id, which `/do` does as well."""
    assert {type(act) for act in MEANT.values()} == set(ACTS) - {do.StartAction}


def test_the_client_s_id_goes_along() -> None:
    for line in MEANT:
        assert parse(line, "ana", "a-1").id == "a-1"


@pytest.mark.parametrize("line", ["/ACK", "  /ack  ", "/Ack please"])
def test_case_and_space_around_do_not_matter(line: str) -> None:
    assert parse(line, "ana") == do.Acknowledge(who="ana")


@pytest.mark.parametrize(
    "text", ["a 'quoted \"thing", "x = {y} \\ $HOME `ls`", "two\nlines\n\n  indented", "next 20m is what I said"]
)
def test_prose_is_the_raw_rest_of_the_line(text: str) -> None:
    for verb, kind in (("log", do.LogEntry), ("update", do.PostUpdate), ("note", do.Note)):
        assert parse(f"/{verb} {text}", "ana") == kind(who="ana", text=text)
        assert parse(f"/{verb}\n{text}", "ana") == kind(who="ana", text=text)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/akc", "there is no /akc; did you mean /ack?"),
        ("/handovr x", "there is no /handovr; did you mean /handover?"),
        ("/xyzzy", "there is no /xyzzy; plain text is a message"),
        ("/", "there is no /; plain text is a message"),
        ("/" + "x" * 10**6, "there is no /" + "x" * 20 + "; plain text is a message"),
        ("/sev", "write it like /sev 1"),
        ("/contact counsel", "write it like /contact counsel May we tell them?"),
        ("/judge 3", "write it like /judge 3 done, /judge 3 partly they named nobody, or /judge 3 not"),
        ("/sev one", "write it like /sev 1"),
        ("/sev -1", "write it like /sev 1"),
        ("/sev ١", "write it like /sev 1"),
        ("/sev " + "9" * 5000, "write it like /sev 1"),
        ("/role", "write it like /role solutioneer"),
        ("/handover ben", "write it like /handover incident_commander ben"),
        ("/handover", "write it like /handover incident_commander ben"),
        ("/approve it", "write it like /approve 2"),
        ("/reply 3", "write it like /reply 3 We are on it"),
        ("/reply three yes", "write it like /reply 3 We are on it"),
        ("/step deployment/roll-back", "write it like /step deployment/roll-back 2"),
        ("/step deployment/roll-back two", "write it like /step deployment/roll-back 2"),
        ("/delegate ben", "write it like /delegate ben check the database"),
        ("/done x", "write it like /done 2"),
        ("/sitrep it was the store", "write it like /sitrep solution=… who=… how=…"),
        ("/sitrep", "write it like /sitrep solution=… who=… how=…"),
        ("/sitrep oh solution=x", "write it like /sitrep solution=… who=… how=…"),
        ("/postmortem all well", "write it like /postmortem learnings=… went_well=… went_badly=…"),
        ("/action watch it", "write it like /action owner=ben due=2026-03-31 shows=not_silent what=…"),
        ("/attach everything", "write it like /attach situation_report or /attach post_mortem"),
        ("/heard ben", "write it like /heard ben /ack"),
        ("/confirm it", "write it like /confirm 2"),
        ("/inject", "write it like /inject first-customer, or /inject communications The press is calling"),
        ("/hint ben", "write it like /hint ben read the release notes"),
        ("/excuse ben", "write it like /excuse ben called to a real incident"),
        ("/rate calm", "write it like /rate calm 80 nobody shouted"),
        ("/rate calm very", "write it like /rate calm 80"),
    ],
)
def test_what_is_said_to_those_who_misspell(line: str, why: str) -> None:
    with pytest.raises(ActRefused) as refused:
        parse(line, "ana")
    assert str(refused.value) == why


@settings(max_examples=examples(150), deadline=None)
@given(st.one_of(st.text(), st.builds("/{} {}".format, st.sampled_from(sorted(VERBS)), st.text())))
def test_whatever_somebody_types_is_an_act_or_refused(line: str) -> None:
    try:
        act = parse(line, "ana", "a-1")
    except ActRefused:
        return
    assert isinstance(act, Act)
    assert (act.who, act.id) == ("ana", "a-1")


@settings(max_examples=examples(100), deadline=None)
@given(st.text(min_size=1).filter(lambda text: text.strip() and not text.strip().startswith("/")))
def test_what_does_not_begin_with_a_slash_is_a_message(text: str) -> None:
    assert parse(text, "ana") == do.Say(who="ana", text=text.strip())


def test_every_form_is_understood_as_what_staff_or_a_player_does() -> None:
    for form in FORMS:
        act = parse(form.form, "ana")
        assert isinstance(act, StaffAct) is form.staff
