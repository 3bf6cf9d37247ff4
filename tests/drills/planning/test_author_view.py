"""What an author sees of a file: its problems at their lines, and a plan if it can be played."""

from pathlib import Path

import pytest

from drills.planning import catalogue
from drills.planning.author_view import Draft, draft, marked
from drills.planning.headless_play import headless
from drills.web.plan_picture import picture
from scenarios.inject import Inject
from scenarios.lookup import names
from scenarios.template import new_file, new_scenario, new_workspace
from tests.support import library_plan


@pytest.fixture
def story(here: Path) -> Path:
    for name, text in new_workspace().items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    return here / "scenarios" / "first-drill.yaml"


def seen(name: str = "first-drill") -> Draft:
    catalogue.look()
    found = draft(name)
    assert found is not None
    return found


def test_each_problem_stands_with_its_line_and_the_word_that_is_meant(story: Path) -> None:
    story.write_text(story.read_text().replace("topic:", "topik:", 1))
    found = seen()
    assert found.plan is None
    first = marked(found.problems, found.source)[0]
    assert (first.before, first.there) == ("", "topik")
    assert first.rest.startswith(": ")
    assert str(first.problem).startswith("scenarios/first-drill.yaml:")


def test_a_file_that_is_no_yaml_and_one_that_is_far_too_wide_are_shown_too(story: Path) -> None:
    story.write_text("scenario: [\n")
    found = seen()
    assert found.source is None
    assert [one.problem.line for one in marked(found.problems, None)] == [2]
    story.write_text("scenario: first-drill\ntitle: " + "a" * 500 + " {nobody}\n")
    found = seen()
    shown = marked(found.problems, found.source)
    assert shown
    assert max(len(one.before + one.there + one.rest) for one in shown) <= 162


def test_a_scenario_under_an_own_protocol_that_no_team_knows_is_played_too(story: Path, here: Path) -> None:
    (here / "protocols").mkdir()
    protocol = new_file("protocol", "ours").replace("solutioneer", "responder")
    protocol = protocol[: protocol.index("\n# How what was written for other protocols")]  # it names their roles
    (here / "protocols" / "ours.yaml").write_text(protocol)
    text = new_scenario("first-drill").replace("solutioneer", "responder")
    text = text.replace("\ntopic:", "\nprotocol: ours\ntopic:", 1)
    story.write_text(text)
    found = seen()
    assert [str(problem) for problem in found.problems if problem.severity == "error"] == []
    assert found.plan is not None
    assert found.plan.protocol.protocol == "ours"


def test_what_is_wrong_with_a_file_on_which_it_rests_is_said_and_it_is_not_played(story: Path, here: Path) -> None:
    (here / "protocols").mkdir()
    protocol = here / "protocols" / "ours.yaml"
    protocol.write_text(new_file("protocol", "ours"))
    story.write_text(story.read_text().replace("\ntopic:", "\nprotocol: ours\ntopic:", 1))
    assert seen().plan is not None
    protocol.write_text(protocol.read_text().replace("title:", "titel:", 1))
    (here / "teams" / "our-team.yaml").write_text("team: our-team\n")
    found = seen()
    assert found.plan is None
    assert {problem.file for problem in found.problems} == {"protocols/ours.yaml"}
    assert "did you mean title?" in str(found.problems[0])


def test_what_there_is_not_is_none(here: Path) -> None:
    assert here.exists()
    for name in ("no-such-thing", "../teams/officeluv", "officeluv"):
        assert draft(name) is None


@pytest.mark.parametrize("name", names("scenario"))
def test_every_plan_of_the_library_is_drawn_inside_its_frame_with_no_mark_on_another(name: str) -> None:
    plan = library_plan(name, 1, "good")
    drawn = picture(plan.scenario, plan.protocol)
    assert len(drawn["marks"]) == sum(len(inject.to) for inject in plan.scenario.injects) + 1, "the report too"
    places = {(mark["x"], mark["y"]) for mark in drawn["marks"]}
    assert len(places) == len(drawn["marks"])
    radius = drawn["radius"]
    for x, y in places:
        assert x - radius >= 0
        assert x + radius <= drawn["width"]
        assert drawn["top"] <= y - radius
        assert y + radius <= drawn["bottom"]


def test_the_picture_has_the_storys_time_and_its_jumps() -> None:
    plan = library_plan("friday-library", 1, "good")
    made = [
        {"id": "night", "at": "20m", "text": "It is {clock}.", "skips": "15h"},
        {"id": "soon", "at": "21m", "text": "It is {clock}.", "skips": "2h"},
    ]
    jumping = [Inject.model_validate(inject) for inject in made]
    scenario = plan.scenario.model_copy(update={"injects": [*jumping, *plan.scenario.injects]})
    drawn = picture(scenario, plan.protocol)
    ticks = {tick["says"]: tick["story"] for tick in drawn["ticks"]}
    assert (ticks["0"], ticks["15"], ticks["25"]) == ("15:40", "15:55", "09:05")
    assert [jump["says"] for jump in drawn["jumps"]] == ["+15h: Saturday 07:00", "+2h: Saturday 09:01"]
    assert drawn["jumps"][0]["y"] < drawn["jumps"][1]["y"] < drawn["above"], "no words on others"
    said = {step["id"]: (step["story"], step["text"]) for step in drawn["steps"]}
    assert said["night"] == ("Saturday 07:00", "It is 07:00.")
    assert picture(plan.scenario, plan.protocol)["jumps"] == []


def test_a_play_says_what_each_profile_makes_of_it() -> None:
    plan = library_plan("no-photos", 1, "good")
    note = Inject.model_validate({"id": "note", "at": "40s", "to": "facilitator", "text": "Watch them."})
    with_note = plan.scenario.model_copy(update={"injects": [*plan.scenario.injects, note]})
    found = headless(plan.model_copy(update={"scenario": with_note}))
    assert [one.profile for one in found.profiles] == ["expert", "good", "average", "poor", "absent"]
    expert, absent = found.profiles[0], found.profiles[-1]
    assert len(expert.scores) == found.seen.drills
    assert sorted(expert.scores)[-1] > max(absent.scores)
    assert len(expert.fixed_s) >= found.seen.won["expert"] > 0
    assert absent.fixed_s == []
    assert absent.losses[0].points > expert.losses[0].points
    assert found.met["water-in-the-kitchen"] == 1
    assert found.met["note"] == 1, "a note for the facilitator comes as well"
    assert found.seen.unseen == ()
