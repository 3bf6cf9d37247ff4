"""A server in a workspace: its own scenarios are offered and played, and a broken file stops nothing that runs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.template import new_file, new_workspace
from tests.drills.server import Browser, Place, serving

TITLE = "Customers cannot search the shop"
OURS = "The search is ours"


@pytest.fixture
def place(here: Path) -> Iterator[Place]:
    for name, text in new_workspace().items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    story = here / "scenarios" / "first-drill.yaml"
    story.write_text(story.read_text().replace(TITLE, OURS))
    with serving(here) as made:
        yield made


def page(browser: Browser, path: str = "/library") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.text


def test_our_scenario_stands_first_in_the_library_and_can_be_played(place: Place) -> None:
    owner = place.owner()
    listed = page(owner)
    assert listed.index(OURS) < listed.index("Customers cannot log in")
    assert listed.count('<span class="badge">yours</span>') == 1
    assert "problems in your files" not in listed
    assert OURS in page(owner, "/library/first-drill")
    assert 'value="first-drill"' in page(owner, "/new")
    drill = place.make(owner, scenario="first-drill")
    owner.start(drill)
    assert place.live(drill).plan.scenario.title == OURS


def test_a_file_that_breaks_is_named_to_facilitators_with_its_place_and_stops_nothing(place: Place, here: Path) -> None:
    owner, story = place.owner(), here / "scenarios" / "first-drill.yaml"
    drill = place.make(owner, scenario="first-drill")
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    good = story.read_text()
    story.write_text(good.replace("topic:", "topik:", 1))
    (here / "runbooks").mkdir()
    (here / "runbooks" / "torn.yaml").write_text("runbook: torn\n")
    place.until(lambda: "in your files" in page(owner))
    said = page(owner)
    assert "scenarios/first-drill.yaml:" in said
    assert "runbooks/torn.yaml:" in said
    assert OURS in said, "its last version without errors stays offered"
    assert re.search(r"The version of <time [^>]+>\d\d:\d\d UTC</time> is used", said)
    assert "Nothing of it is used: there was no version without errors" in said, "torn.yaml never had one"
    assert "in your files" not in page(ana), "files are the facilitators' business"
    ana.does(drill, "/ack")
    assert place.live(drill).plan.scenario.title == OURS
    assert place.make(owner, scenario="no-photos")
    again = place.make(owner, scenario="first-drill")
    plan = place.room(again).plan
    assert plan is not None
    assert plan.scenario.title == OURS
    story.write_text(good.replace(OURS, "Better now"))
    (here / "runbooks" / "torn.yaml").unlink()
    place.until(lambda: "Better now" in page(owner))
    assert "in your files" not in page(owner)
    assert place.live(drill).plan.scenario.title == OURS, "what runs keeps what it began with"


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("protocols/officeluv.yaml", "protocol: officeluv\n", "protocols/officeluv.yaml:1:1: `"),
    ],
)
def test_what_everything_needs_may_break_and_pages_say_where(
    place: Place, here: Path, file: str, text: str, why: str
) -> None:
    owner = place.owner()
    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    (here / file).parent.mkdir(exist_ok=True)
    (here / file).write_text(text)
    place.until(lambda: why in page(owner))
    for path in ("/", "/practise", "/new", f"/d/{drill}"):
        page(owner, path)
    page(ana, f"/d/{drill}")
    answer = owner.post("/new", data={"scenario": "no-photos", "people": "Ana\nBen"})
    assert answer.status_code == 422
    assert why in answer.text
    practice = ana.post("/practise", data={"scenario": "random"})
    assert practice.status_code == 409
    assert "cannot be played while one of its files has errors; choose another" in practice.text
    assert file not in practice.text, "what is wrong in a file may be what an incident is about"


def test_what_no_name_can_mean_is_said_and_disturbs_nothing(place: Place, here: Path) -> None:
    owner, folder = place.owner(), here / "scenarios"
    (folder / "Bad Name.yaml").write_text((folder / "first-drill.yaml").read_text())
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "folder.yaml").mkdir()
    (folder / "binary.yaml").write_bytes(b"\xff\xfe\x00" * 20)
    place.until(lambda: "4 problems in your files" in page(owner))
    for name in ("Bad Name.yaml", "loop.yaml", "folder.yaml", "binary.yaml"):
        assert f"scenarios/{name}: " in page(owner)
    assert OURS in page(owner)


def test_each_kind_of_file_has_its_last_good_version_while_it_is_broken(place: Place, here: Path) -> None:
    owner, names = place.owner(), here / "names.yaml"
    own = {
        "names.yaml": names.read_text().replace("company:", "company: Acme Ltd #", 1),
        "protocols/ours.yaml": new_file("protocol", "ours"),
        "teams/night.yaml": new_file("team", "night"),
        "rubrics/mild.yaml": new_file("rubric", "mild"),
        "runbooks/deployment.yaml": new_file("runbook", "deployment").replace("title:", "title: Our way; #", 1),
    }
    for file, text in own.items():
        (here / file).parent.mkdir(exist_ok=True)
        (here / file).write_text(text)
    asked = {"protocol": "ours", "team": "night", "rubric": "mild", "people": "", "scenario": "first-drill"}
    place.until(lambda: 'value="ours"' in page(owner, "/new") and 'value="night"' in page(owner, "/new"))
    for file in own:
        (here / file).write_text("nothing: like it\n")
    place.until(lambda: all(file in page(owner) for file in own))
    assert page(owner).count(" is used.") == len(own)
    plan = place.room(place.make(owner, **asked)).plan
    assert plan is not None
    assert (plan.protocol.protocol, plan.team, plan.rubric.rubric) == ("ours", "night", "mild")
    assert "Our way;" in [book.title for book in plan.runbooks]


def test_a_protocol_that_no_longer_fits_is_named_and_the_scenario_is_not_offered(place: Place, here: Path) -> None:
    owner, story = place.owner(), here / "scenarios" / "first-drill.yaml"
    ours = here / "protocols" / "ours.yaml"
    ours.parent.mkdir()
    ours.write_text(new_file("protocol", "ours"))
    story.write_text(story.read_text().replace("topic:", "protocol: ours\ntopic:", 1).replace(OURS, "By our rules"))
    place.until(lambda: "By our rules" in page(owner))
    ours.unlink()
    place.until(lambda: "there is no protocol" in page(owner) or "unknown protocol" in page(owner))
    assert "scenarios/first-drill.yaml:" in page(owner)
    place.until(lambda: owner.get("/library/first-drill").status_code == 404)


def test_a_scenario_with_its_own_protocol_is_rehearsed_and_practised(place: Place, here: Path) -> None:
    owner, story = place.owner(), here / "scenarios" / "first-drill.yaml"
    (here / "protocols").mkdir()
    rules = new_file("protocol", "ours").replace("incident_commander", "captain")
    (here / "protocols" / "ours.yaml").write_text(rules)
    text = story.read_text().replace("incident_commander", "captain").replace(OURS, "By our rules")
    story.write_text(text.replace("topic:", "protocol: ours\ntopic:", 1))
    place.until(lambda: "By our rules" in page(owner))
    rehearsal = place.make(owner, scenario="first-drill", kind="rehearsal", people="", simulated="6")
    answer = owner.post("/practise", data={"scenario": "first-drill", "role": "captain"})
    assert answer.status_code == 303, answer.text
    for drill in (rehearsal, answer.headers["location"].removeprefix("/d/")):
        page(owner, f"/d/{drill}")
        plan = place.live(drill).plan
        assert (plan.protocol.protocol, plan.protocol.commander) == ("ours", "captain")
    refused = owner.post("/practise", data={"scenario": "first-drill", "role": "incident_commander"})
    assert refused.status_code == 409
    assert "it is one of captain, solutioneer, communications" in refused.text


def test_the_library_shows_every_kind_and_what_lint_says_to_facilitators_alone(place: Place, here: Path) -> None:
    owner = place.owner()
    ana = place.player(owner, place.make(owner), "ana")
    for kind, name in (("protocol", "ours"), ("rubric", "mild"), ("runbook", "release"), ("team", "night")):
        file = here / f"{kind}s" / f"{name}.yaml"
        file.parent.mkdir(exist_ok=True)
        good = new_file(kind, name)  # type: ignore[arg-type]  # each is a kind
        file.write_text(good)
        one = f"/library/{kind}/{name}"
        place.until(lambda one=one: owner.get(one).status_code == 200)  # type: ignore[misc]  # its default is its value
        assert f"{kind}s/{name}.yaml" in page(owner, one)
        assert "No problems." in page(owner, one)
        listed = page(owner, f"/library/all/{kind}")
        assert re.findall(rf'href="/library/{kind}/([^"]+)"', listed)[0] == name, "ours stands first"
        file.write_text(good.replace("title:", "titel:", 1))
        place.until(lambda one=one: "The file has errors." in page(owner, one))  # type: ignore[misc]  # as above
        assert re.search(r"This is the version of <time [^>]+>\d\d:\d\d UTC</time>\.", page(owner, one))
        assert re.search(rf"{kind}s/{name}.yaml:\d+:\d+: unknown key `titel`", page(owner, one))
        if kind == "team":
            assert (ana.get(one).status_code, ana.get(f"/library/all/{kind}").status_code) == (403, 403)
        else:
            assert "titel" not in page(ana, one)
            assert "error" not in page(ana, f"/library/all/{kind}")
    assert owner.get("/library/protocol/nothing").status_code == 404
    assert owner.get("/library/script/x").status_code == 404
    assert owner.get("/library/all/scenario").status_code == 404
