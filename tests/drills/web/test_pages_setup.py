"""Making drills, rehearsing them, and practising alone: private, and kept nowhere."""

import asyncio
import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from drills.planning.setup import Person, SetupError, plan_of
from drills.records.schema import DRILLS, EVENTS, GUESSES, SEATS
from drills.web import lists
from drills.web.setup_form import TeamChoice, setup_of
from scenarios.generate import SEVERITIES
from scenarios.template import new_file
from simulator.plan import Seat
from tests.drills.server import Browser, Place, block, serving

FORM = {"scenario": "no-photos", "people": "Ana\nBen, ben@example.com"}


# -- the start form ----------------------------------------------------------------------------------------------------


def test_three_answers_make_a_drill() -> None:
    setup = setup_of(FORM)
    assert [(person.name, person.email, person.simulated) for person in setup.people] == [
        ("Ana", "", False),
        ("Ben", "ben@example.com", False),
    ]
    assert (setup.minutes, setup.mode, setup.voice, setup.kind, setup.pace) == (60, "assessed", "none", "drill", 1.0)
    assert (setup.first_responder, setup.severity, setup.play_too) == ("", None, False)
    assert setup_of(FORM).seed != setup.seed


def test_everything_else_is_under_more() -> None:
    more = {
        "minutes": "25",
        "seed": "007",
        "simulated": "2",
        "first_responder": "BEN",
        "mode": "training",
        "voice": "room",
        "timezone": "Asia/Kathmandu",
    }
    setup = setup_of(FORM | more)
    assert (setup.timezone, setup_of(FORM).timezone) == ("Asia/Kathmandu", "UTC")
    assert [person.id for person in setup.people[2:]] == ["ada", "bruno"]
    assert (setup.minutes, setup.seed, setup.mode, setup.voice, setup.first_responder) == (
        25,
        7,
        "training",
        "room",
        setup.people[1].id,
    )
    random = setup_of(FORM | {"scenario": "random", "severity": "2"})
    assert random.severity == 2
    for level in SEVERITIES:
        assert setup_of(FORM | {"scenario": "random", "severity": str(level)}).severity == level
    assert [value for value, _ in lists.severities()] == ["1", "2", "3", "0"]
    assert setup_of(FORM | {"severity": "2"}).severity is None, "that of a written scenario is written"


@pytest.mark.parametrize(
    ("more", "field", "why"),
    [
        ({"scenario": ""}, "scenario", "choose a scenario, or a random one"),
        ({"scenario": "no-such"}, "scenario", "there is no scenario by that name"),
        ({"scenario": "/etc/passwd"}, "scenario", "there is no scenario by that name"),
        ({"scenario": "../incidents/no-photos"}, "scenario", "there is no scenario by that name"),
        ({"people": ""}, "people", "name at least one person, or somebody simulated"),
        ({"people": "\x1b[2J"}, "people", None),
        ({"people": "x" * 61}, "people", None),
        ({"people": "x\n" * 501}, "people", "there are 501 people; at most 500 can play"),
        ({"seed": "-1"}, "seed", "'-1' is not a whole number from 0 to 9,223,372,036,854,775,807"),
        ({"seed": "1.5"}, "seed", None),
        ({"seed": "²"}, "seed", None),
        ({"seed": "9" * 30}, "seed", None),
        ({"simulated": "41"}, "simulated", "'41' is not a whole number from 0 to 40"),
        ({"severity": "9"}, "severity", "that is not a severity"),
        ({"timezone": "Mars"}, "timezone", "there is no time zone 'Mars'; write it like Europe/Berlin or UTC"),
        ({"timezone": "Europe"}, "timezone", None),
        ({"timezone": "../../etc/passwd"}, "timezone", None),
        ({"timezone": "x" * 9000}, "timezone", None),
        ({"first_responder": "Zoe"}, "first_responder", "'Zoe' is not one of the players"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_with_a_form_stands_at_its_place(more: dict[str, str], field: str, why: str | None) -> None:
    with pytest.raises(SetupError) as caught:
        setup_of(FORM | more)
    assert set(caught.value.errors) == {field}
    assert why is None or caught.value.errors[field] == why


def test_all_that_is_wrong_is_said_at_once(owner: Browser) -> None:
    answer = owner.post("/new", data={"scenario": "nope", "people": "", "seed": "x", "first_responder": "<b>"})
    assert answer.status_code == 422
    for said in ("there is no scenario by that name", "name at least one person", "is not a whole number"):
        assert said in answer.text
    assert owner.get("/new?scenario=no-photos").text.count('value="no-photos" selected') == 1


def test_only_the_owner_makes_drills(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    assert ana.get("/new").status_code == 403
    assert ana.post("/new", data=FORM).status_code == 403


# -- what is chosen ----------------------------------------------------------------------------------------------------

NIGHT = """\
team: night
title: Night shift
timezone: Asia/Kathmandu
first_responder: kai
members:
  - {id: lin, name: Lin Wu, roles: [communications], email: lin@example.com}
  - {id: kai, name: Kai Berg, roles: [incident_commander, solutioneer], prefers: incident_commander}
  - {id: sam, name: Sam Lee}
  - {id: sam-b, name: Sam Lee, prefers: solutioneer}
"""
LEADS = NIGHT.replace("team: night", "team: leads").replace("solutioneer", "tech_lead").replace("Night shift", "Leads")
SPEAKERS = """\
team: speakers
title: Speakers
members:
  - {id: lin, name: Lin Wu, roles: [communications]}
"""


@pytest.fixture
def ours(here: Path) -> Iterator[Place]:
    """A server in a workspace with teams, a protocol and a rubric of its own."""
    files = {
        "drillroom.toml": "",
        "teams/night.yaml": NIGHT,
        "teams/leads.yaml": LEADS,
        "teams/speakers.yaml": SPEAKERS,
        "protocols/ours.yaml": new_file("protocol", "ours")
        .replace("solutioneer", "fixer")
        .replace("fixer: fixer", "solutioneer: fixer"),
        "rubrics/mild.yaml": new_file("rubric", "mild"),
        "scenarios/second.yaml": re.sub(
            "to: (communications|solutioneer)", "to: everyone", new_file("scenario", "second")
        ).replace("\ntopic:", "\nprotocol: pagerduty-style\ntopic:", 1),
    }
    for name, text in files.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    with serving(here) as made:
        yield made


def offered_by(page: str, field: str) -> list[str]:
    """The values that a form's choice offers, in its order."""
    found = re.search(rf'<select id="f-{field}".*?</select>', page, re.DOTALL)
    assert found is not None
    return re.findall(r'<option value="([^"]*)"', found[0])


def test_own_things_are_chosen_first_and_make_the_drill(ours: Place) -> None:
    owner = ours.owner()
    page = owner.get("/new").text
    assert offered_by(page, "team")[:4] == ["", "leads", "night", "speakers"]
    assert offered_by(page, "protocol") == ["", "ours", "pagerduty-style", "officeluv"]
    assert offered_by(page, "rubric") == ["", "mild", "standard"]
    people = "Lin Wu\nKai Berg\nSam Lee\nSam Lee\nNew Hire"
    drill = ours.make(owner, team="night", rubric="mild", people=people)
    room = ours.room(drill)
    assert room.plan is not None
    assert (room.plan.team, room.plan.rubric.rubric, room.plan.timezone) == ("night", "mild", "Asia/Kathmandu")
    roles = {room.names[player.id]: (player.roles, player.prefers) for player in room.plan.players}
    assert roles["Lin Wu"] == (["communications"], None)
    assert roles["Kai Berg"] == (["incident_commander", "solutioneer"], "incident_commander")
    assert roles["New Hire"] == (None, None)
    assert [player.prefers for player in room.plan.players] == [None, "incident_commander", None, "solutioneer", None]
    assert room.names[room.plan.first_responder] == "Kai Berg", "as the team's file says"
    assert len({one.id for one in room.setup.people}) == 5, "two of one name are two people"
    assert {one.file_id for one in room.setup.people} == {""}, "ids of a file are nowhere but in its team"
    again = ours.room(ours.make(owner, team="night", people="")).setup
    assert [one.id for one in again.people] == [one.id for one in room.setup.people][:4]
    assert again.team == room.setup.team
    under = ours.room(ours.make(owner, protocol="ours", team="", people="Ana\nBen")).plan
    assert under is not None
    assert {under.protocol.protocol, under.scenario.protocol} == {"ours"}


def test_a_team_that_has_played_keeps_its_people_and_is_listed_once(ours: Place) -> None:
    owner = ours.owner()
    ours.make(owner, team="night", people="")
    page = owner.get("/new?team=night").text
    assert offered_by(page, "team").count("night") == 1
    assert "Played here before" not in page
    assert "Lin Wu, lin@example.com\nKai Berg\nSam Lee\nSam Lee</textarea>" in page
    assert 'value="Asia/Kathmandu"' in page


@pytest.mark.parametrize(
    ("chosen", "field", "why"),
    [
        ({"team": "nights"}, "team", "there is no team by that name; it may have been renamed or removed"),
        ({"protocol": "our"}, "protocol", "there is no protocol by that name; did you mean ours?"),
        ({"rubric": "milt"}, "rubric", "there is no rubric by that name; did you mean mild?"),
        (
            {"team": "leads", "people": ""},
            "team",
            "Leads does not fit the protocol 'OfficeLuv incident response', which has no role tech_lead. Choose "
            "another team or protocol, or change the roles in the team's file to some of incident_commander, "
            "solutioneer, communications.",
        ),
        (
            {"team": "speakers", "people": ""},
            "team",
            "nobody in Speakers may be Incident Commander, and the incident needs one. Add somebody to the list, who "
            "may then take any role, or add incident_commander to a member's roles in the file.",
        ),
        (
            {"protocol": "officeluv", "scenario": "second"},
            "protocol",
            "the protocol 'OfficeLuv incident response' does not fit this scenario: the protocol 'officeluv' does not "
            "say how a scenario written for 'pagerduty-style' is read. Choose another protocol or leave it to the "
            "scenario, or add pagerduty-style to its `reads` in its file.",
        ),
    ],
    ids=["team", "protocol", "rubric", "roles", "nobody", "unread"],
)
def test_what_does_not_fit_is_said_before_the_drill_is_made(
    ours: Place, chosen: dict[str, str], field: str, why: str
) -> None:
    owner = ours.owner()
    asked = FORM | chosen
    assert owner.get("/new/fit", params=asked).json() == {"errors": {field: why}}
    answer = owner.post("/new", data=asked)
    assert answer.status_code == 422
    assert why in html.unescape(answer.text)
    assert "library/" not in answer.text
    kept = [one["name"] for one in owner.get("/api/people").json()["people"]]
    assert "Lin Wu" not in kept, "nobody is kept of a drill that was not made"
    assert owner.get("/new/fit", params=FORM | {"team": "night", "rubric": "mild"}).json() == {"errors": {}}
    ana = ours.player(owner, ours.make(owner), "ana")
    assert ana.get("/new/fit").status_code == 403


def test_a_first_drill_is_a_starter_of_a_quarter_of_an_hour(ours: Place) -> None:
    owner = ours.owner()
    assert 'value="no-photos" selected' in owner.get("/new").text
    assert "Chosen for a first drill" in owner.get("/new").text
    drill = ours.make(owner)
    assert 'value="no-photos" selected' in owner.get("/new").text, "one that waits has not been played"
    owner.start(drill)
    assert 'value="random" selected' in owner.get("/new").text
    assert "Chosen for a first drill" not in owner.get("/new?scenario=no-photos").text


def test_a_second_shift_comes_with_the_team_and_does_not_hear_of_it_first(here: Path) -> None:
    members = "[{id: ana, name: Ana Ruiz, from: 10m}, {id: ben, name: Ben}]"
    late = f"team: late\ntitle: Late\nfirst_responder: ben\nmembers: {members}\n"
    for name, text in (("drillroom.toml", ""), ("teams/late.yaml", late)):
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text, encoding="utf-8")
    with serving(here) as place:
        owner = place.owner()
        assert "(from 10 min)" in owner.get("/library/team/late").text
        form = {"scenario": "no-photos", "team": "late", "people": "", "first_responder": "Ana Ruiz"}
        assert "comes on duty later; choose another one" in owner.post("/new", data=form).text
        form = {"scenario": "no-photos", "team": "late", "people": "Ana Ruiz"}
        assert "somebody must be there from the start" in owner.post("/new", data=form).text
        drill = place.make(owner, people="", team="late")
        assert "Ana Ruiz (from 10:00)" in owner.get(f"/d/{drill}/run-sheet").text
        owner.start(drill)
        told = owner.data(drill)
        assert [(one["name"], one["since"]) for one in told["static"]["members"]] == [
            ("Ana Ruiz", 600_000),
            ("Ben", None),
        ]


def test_the_documents_name_the_first_buttons_and_the_first_of_the_list_as_the_room_does(ours: Place) -> None:
    owner = ours.owner()
    home, form = owner.get("/").text, owner.get("/new").text
    listed = re.findall(r"<option value=\"[^\"]+\"( selected)?>([^<(]+)", form[form.index('id="f-scenario"') :])
    chosen = next(title for selected, title in listed if selected)
    opened = re.findall(r"<button[^>]*>([^<]+)", form)
    for page in ("tutorial/first-drill.md", "how-to/drill-room.md"):
        text = " ".join((Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8").split())
        [start] = re.findall(r"Choose \*\*([^*]+)\*\* \(later the button says \*\*Start a drill\*\*\)", text)
        assert f">{start}</a>" in home
        assert re.findall(r"begins with \*\*([^*]+)\*\*", text) == [listed[0][1]]
        assert "**Open the room**" in text
        assert "Open the room" in opened
    assert chosen.strip() in (Path(__file__).parents[3] / "docs/tutorial/first-drill.md").read_text(encoding="utf-8")


# -- home and library --------------------------------------------------------------------------------------------------


def test_home_says_where_each_drill_stands(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    assert f"/d/{drill}" in ana.get("/").text
    assert "waiting to start" in ana.get("/").text
    owner.start(drill)
    assert "Customers cannot report repairs" not in ana.get("/").text, "which it is shows when it is over"
    assert "Customers cannot report repairs" in owner.get("/").text
    gather = ("/ack", "/sev 1", "/alert 1 x", "/join", "/role incident commander")
    ana.does(drill, *gather, "/resolve")
    owner.does(drill, "/end", "/end")
    page = ana.get("/").text
    assert "Customers cannot report repairs" in page
    assert "Post-mortem of Customers cannot report repairs" in page
    assert "follow-up open" in page
    assert " of 100" not in page, "no number before the talk has come to it"
    owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"})
    assert " of 100, provisional" in ana.get("/").text
    ana.does(drill, "/postmortem learnings=Ask first")
    assert "Post-mortem of" not in ana.get("/").text


def test_the_library_spoils_nothing_for_players(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    for path in ("/library", "/library/no-photos", "/library/slow-report", "/practise"):
        page = ana.get(path).text
        assert "Severity 1" not in page
        assert "For the facilitator" not in page
        assert "Answer key" not in page
    assert "For the facilitator" in owner.get("/library/no-photos").text
    assert "{" not in owner.get("/library/no-photos").text.split("<main")[1].split("<script")[0], "names are filled in"
    assert ana.get("/library/nothing").status_code == 404
    assert ana.get("/library/..%2f..%2fetc").status_code == 404


# -- rehearsing --------------------------------------------------------------------------------------------------------


def test_a_rehearsal_plays_by_itself_ten_times_as_fast_and_outside_history(place: Place) -> None:
    owner = place.owner()
    answer = owner.post("/new", data={"scenario": "no-photos", "people": "Zenobia", "kind": "rehearsal", "seed": "3"})
    drill = answer.headers["location"].removeprefix("/d/")
    live = place.live(drill)
    assert live.pace == 10.0
    assert set(live.plan.seats.values()) == {Seat(kind="simulated", profile="good")}
    assert len(live.plan.players) >= 4
    data = block(owner.get(f"/d/{drill}").text, "drill-data")["static"]
    assert (data["viewer"]["role"], data["rehearsal"]) == ("facilitator", True)
    place.ahead(drill, 4 * 60_000)
    owner.does(drill, "/note they are quick")
    assert any(event.actor in live.plan.seats for event in live.events), "they play by themselves"
    assert f"/d/{drill}" in owner.get("/").text
    assert "rehearsal, running" in owner.get("/").text
    owner.does(drill, "/end", "/end", "/end")
    assert f"/d/{drill}" not in owner.get("/").text
    assert owner.get("/library").text.count("Zenobia") == 0


def test_nobody_needs_to_be_named_to_rehearse() -> None:
    setup = setup_of({"scenario": "no-photos", "people": "", "kind": "rehearsal"})
    assert len(setup.people) == 4
    assert all(person.simulated for person in setup.people)
    named = setup_of({"scenario": "no-photos", "people": "Ana\nBen", "kind": "rehearsal", "play_too": "1"})
    assert [(one.id, one.name) for one in named.people[:2]] == [("s-1", "Ana"), ("s-2", "Ben")]
    assert named.play_too is False


# -- alone -------------------------------------------------------------------------------------------------------------


def practising(browser: Browser, **form: str) -> str:
    answer = browser.post("/practise", data={"scenario": "no-photos", "role": "communications"} | form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/d/")


def test_times_of_day_are_those_of_the_place_where_people_are(place: Place, owner: Browser) -> None:
    drill = place.make(owner, timezone="Asia/Kathmandu")
    owner.start(drill)
    assert owner.data(drill)["static"]["timezone"] == "Asia/Kathmandu"
    for said, meant in (("Asia/Kathmandu", "Asia/Kathmandu"), ("Mars", "UTC"), ("", "UTC")):
        assert owner.data(practising(owner, timezone=said))["static"]["timezone"] == meant


def test_a_call_finds_those_who_are_simulated_where_the_form_says(place: Place, owner: Browser) -> None:
    people = {one.id: one.on_call for one in place.live(practising(owner, on_call="asleep")).plan.players}
    assert people.pop("you") is None
    assert set(people.values()) == {"asleep"}
    assert {one.on_call for one in place.live(practising(owner, on_call="on Mars")).plan.players} == {None}
    setup = setup_of({"scenario": "no-photos", "people": "Ana", "simulated": "2", "on_call": "meeting"})
    found = [one.on_call for one in plan_of(setup, "d", datetime(2026, 1, 5, tzinfo=UTC)).players]
    assert found == [None, "meeting", "meeting"]


def test_a_rehearsal_of_a_team_of_ours_finds_its_members_where_its_file_says() -> None:
    team = TeamChoice("t", "T", "yours", "t", (Person("ana", "Ana", on_call="asleep"), Person("ben", "Ben")))
    asked = {"scenario": "no-photos", "people": "Ana\nBen"}
    for kind, found in (("rehearsal", ["asleep", None]), ("drill", [None, None])):
        plan = plan_of(setup_of(asked | {"kind": kind}, team), "d", datetime(2026, 1, 5, tzinfo=UTC))
        assert [one.on_call for one in plan.players][:2] == found


def test_who_practises_is_not_the_one_whom_the_story_takes_out(place: Place, owner: Browser) -> None:
    live = place.live(practising(owner, scenario="nobody-answers"))
    assert live.plan.scenario.report.takes_out
    assert live.plan.first_responder != "you"


def test_practice_begins_at_once_with_a_coach(place: Place, owner: Browser) -> None:
    drill = practising(owner)
    data = block(owner.get(f"/d/{drill}").text, "drill-data")
    assert data["static"]["practice"] is True
    assert data["static"]["mode"] == "training"
    assert data["static"]["viewer"] == {"role": "player", "member": "you", "name": "You"}
    assert data["static"]["answers"] is None
    assert "The report has reached you" in owner.data(drill, "/coach")["says"]
    assert owner.data(drill, "/duties")["duties"]
    owner.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role communications")
    place.ahead(drill, 2 * 60_000)
    owner.does(drill, "/log I wait for the others")
    assert {event.actor for event in place.live(drill).events} > {None, "you"}
    assert not any(place.live(drill).state.holds(one, "communications") for one in ("ada", "bruno", "celia"))


def test_what_one_practises_nobody_else_sees(place: Place, owner: Browser) -> None:
    other = place.make(owner)
    ana = place.player(owner, other, "ana")
    drill = practising(ana)
    assert ana.get(f"/d/{drill}").status_code == 200
    assert drill in ana.get("/").text
    for browser in (owner, place.player(owner, other, "ben"), place.owner()):
        assert browser.get(f"/d/{drill}").status_code == 404
        assert drill not in browser.get("/").text
        assert drill not in [one["id"] for one in browser.get("/api/drills").json()["drills"]]
        for path in ("", "/events", "/lobby", "/coach", "/duties", "/stream", "/wash"):
            assert browser.get(f"/api/drills/{drill}{path}").status_code == 404
        assert browser.say(drill, "/end").status_code == 404
        assert browser.post(f"/api/drills/{drill}/screen", json={"screen": "score"}).status_code == 404
        assert browser.post(f"/api/drills/{drill}/revoke", json={"member": ""}).status_code == 404
    assert ana.get("/library").text.count("You") == 0


def test_whoever_practises_moves_through_the_talk_alone(place: Place, owner: Browser) -> None:
    drill = practising(owner)
    owner.does(drill, "/ack", "/sev 1", "/join", "/resolve")
    place.ahead(drill, 10 * 60_000)
    assert owner.data(drill)["phase"] in ("papers", "hot_wash")
    place.ahead(drill, 4 * 60_000)
    owner.data(drill, "/wash")
    assert owner.post(f"/api/drills/{drill}/wash", json={"heard": 1_000}).status_code == 200
    assert owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"}).status_code == 200
    assert owner.data(drill, "/wash")["score"]["mine"] is not None
    assert owner.get(f"/d/{drill}/report").status_code == 200
    assert drill not in place.browser().get("/").text


def count(place: Place, drill: str) -> int:
    """How many rows of the database know of a drill."""
    tables = ((DRILLS, DRILLS.c.id), (EVENTS, EVENTS.c.drill), (SEATS, SEATS.c.drill), (GUESSES, GUESSES.c.drill))

    def rows(connection: sa.Connection) -> int:
        found = [connection.execute(table.select().where(at == drill)).all() for table, at in tables]
        return sum(map(len, found))

    return int(place.server.store.submit(rows).result())


def test_what_was_practised_or_rehearsed_is_forgotten(place: Place, owner: Browser) -> None:
    forget = place.server.forget_what_was_private
    practice, running = practising(owner), practising(owner)
    rehearsal = owner.post("/new", data=FORM | {"kind": "rehearsal"}).headers["location"].removeprefix("/d/")
    kept = place.make(owner)
    owner.start(kept)
    owner.does(kept, "/end", "/end", "/end")
    owner.does(rehearsal, "/end", "/end", "/end")
    owner.does(practice, "/ack", "/sev 1", "/join", "/resolve")
    place.ahead(practice, 14 * 60_000)
    owner.data(practice, "/wash")
    place.ahead(practice, 14 * 60_000)
    for _ in range(100):
        if place.room(practice).phase == "follow_up":
            break
        place.run(asyncio.sleep(0.05))  # until the drill has noticed how late it is
    assert place.room(practice).phase == "follow_up"
    place.run(forget())
    assert place.server.rooms.get(practice) is None
    assert owner.get(f"/d/{practice}").status_code == 404
    assert (count(place, practice), count(place, rehearsal)) == (0, 0)
    assert place.server.rooms.get(running) is not None
    assert owner.get(f"/d/{running}").status_code == 200
    assert owner.get(f"/d/{kept}").status_code == 200
    # What nobody ended is forgotten in the end.
    with owner.stream("GET", f"/api/drills/{running}/stream") as stream:
        lines = stream.iter_lines()
        next(lines)
        place.room(running).made = (datetime.now(UTC) - timedelta(hours=13)).isoformat()
        place.run(forget())
        assert place.server.rooms.get(running) is not None, "somebody still looks at it"
    for _ in range(100):
        place.run(asyncio.sleep(0.05))  # until the server has noticed that the browser is gone
        place.run(forget())
        if place.server.rooms.get(running) is None:
            break
    assert count(place, running) == 0


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"scenario": "/etc/passwd"}, 404),
        ({"scenario": "../../../etc/passwd"}, 404),
        ({"scenario": ""}, 404),
        ({"scenario": "nothing"}, 404),
        ({"role": "nothing"}, 409),
        ({"role": "facilitator"}, 409),
        ({"role": ""}, 303),
        ({"scenario": "random"}, 303),
    ],
    ids=str,
)
def test_what_can_be_practised(owner: Browser, form: dict[str, str], code: int) -> None:
    answer = owner.post("/practise", data={"scenario": "no-photos", "role": "communications"} | form)
    assert answer.status_code == code, answer.text
    assert "passwd" not in answer.text


def test_the_owners_link_can_begin_a_practice(place: Place) -> None:
    browser = place.browser()
    answer = browser.get(f"{place.here(place.owner_link)}?play=no-photos&role=communications")
    assert answer.status_code == 303
    drill = answer.headers["location"].removeprefix("/d/")
    assert place.room(drill).kind == "practice"
    assert place.room(drill).setup.role == "communications"
    assert browser.get(f"/d/{drill}").status_code == 200
    for wrong in ("?play=/etc/passwd", "?play=nothing"):
        assert place.browser().get(place.here(place.owner_link) + wrong).status_code == 404
    ana_link = place.owner().data(place.make(place.owner()), "/lobby")["personal"][0]["link"]
    assert place.browser().get(f"{place.here(ana_link)}?play=no-photos").headers["location"].startswith("/d/drill-")


def test_a_file_can_be_practised_if_whoever_started_the_server_named_it(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    library = Path(__file__).parents[3] / "scenarios/library/incidents/no-photos.yaml"
    file.write_text(
        library.read_text(encoding="utf-8").replace("scenario: no-photos", "scenario: ours"), encoding="utf-8"
    )
    with serving(tmp_path, offered=frozenset({str(file)})) as place:
        browser = place.browser()
        answer = browser.get(f"{place.here(place.owner_link)}?play={file}&role=solutioneer")
        assert answer.status_code == 303, answer.text
        drill = answer.headers["location"].removeprefix("/d/")
        assert place.live(drill).plan.scenario.scenario == "ours"
        assert browser.post("/practise", data={"scenario": str(library)}).status_code == 404
        assert "ours" not in drill


# -- the run sheet -----------------------------------------------------------------------------------------------------


def test_the_run_sheet_is_for_a_facilitator_who_does_not_play(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    for path in (f"/d/{drill}/run-sheet", f"/d/{drill}/run-sheet.pdf"):
        assert ana.get(path).status_code == 403
        assert place.browser().get(path).status_code == 401
        assert place.watcher(owner, drill, "observer").get(path).status_code == 403
    page = owner.get(f"/d/{drill}/run-sheet").text
    assert owner.data(drill, "/lobby")["link"] in page
    assert "Ana Ruiz" in page
    assert f'href="/d/{drill}/run-sheet"' in owner.get(f"/d/{drill}").text
    made = owner.get(f"/d/{drill}/run-sheet.pdf")
    assert made.headers["content-type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
    owner.start(drill)
    assert owner.get(f"/d/{drill}/run-sheet").status_code == 200
    mine = place.make(owner, play_too="1", me="Ana Ruiz")
    assert owner.get(f"/d/{mine}/run-sheet").status_code == 403
