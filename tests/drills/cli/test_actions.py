"""`actions`: what it lists, what it writes into actions.yaml, and what it says if it cannot."""

import json
from pathlib import Path
from typing import Any

import pytest

from scenarios.actions_file import load_actions
from scenarios.problem import LoadError
from simulator.events import CorrectiveActionAdded
from simulator.log import DrillLog
from simulator.plan import Profile, Seat
from simulator.texts import texts_json
from tests.drills.command_line import call, refused
from tests.support import library_plan, play

TEXT = "Write down what is done, when it is done, and who does it"


def drill(place: Path, name: str, month: int, players: Profile, *meant: dict[str, Any]) -> None:
    """A drill of people in a folder, who said that they mean to change something."""
    plan = library_plan("login-outage", month, players)
    plan = plan.model_copy(update={"drill": name, "start": plan.start.replace(year=2026, month=month, day=3)})
    events = play(plan).events
    said_by_players = [one.seq for one in events if isinstance(one, CorrectiveActionAdded)]
    events = events[: min(said_by_players, default=len(events))]
    people = plan.model_copy(update={"kind": "drill", "seats": {one: Seat(kind="person") for one in plan.seats}})
    last = events[-1]
    stamp: dict[str, Any] = {"at": last.at, "wall": last.wall, "actor": "ana"}
    said = [CorrectiveActionAdded(seq=len(events) + n, **stamp, **one) for n, one in enumerate(meant)]
    made = DrillLog.reproducible(people, [*events, *said])
    (place / name).mkdir(parents=True)
    (place / name / "log.jsonl").write_bytes(made.data)
    (place / name / "texts.json").write_bytes(texts_json(made.texts))
    (place / name / "people.json").write_text(json.dumps({"format": 1, "names": {"ben": "Ben Okafor"}}))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, played: Path) -> Path:
    """A folder with the drills in drills-run."""
    (tmp_path / "drills-run").symlink_to(played)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three drills: after the first, the team wants to change two things, of which an obligation shows one."""
    place = tmp_path_factory.mktemp("drills")
    shown = {"text": TEXT, "owner": "ben", "due_on": "2020-01-31", "obligation": "not_silent"}
    other = {"text": "Ask the provider for a second line", "owner": "gone", "due_on": "2999-12-31"}
    drill(place, "first", 1, "poor", shown, other)
    for month, name in ((2, "second"), (3, "third")):
        drill(place, name, month, "good")
    return place


def listed(*args: str) -> list[dict[str, Any]]:
    result = call("actions", "list", *args, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["actions"]
    return found


@pytest.mark.usefixtures("here")
def test_what_held_and_what_is_open_is_listed() -> None:
    other, shown = listed("--all")
    assert [shown[name] for name in ("text", "owner_name", "state", "shown_by")] == [
        TEXT,
        "Ben Okafor",
        "held",
        "No long silence",
    ]
    assert shown["says"].startswith("held: met in 2 retests running. A team that changes nothing looks so in 38 of 100")
    assert shown["retests"] == ["second", "third"]
    assert (other["state"], other["owner"], other["left"]) == ("open", "gone", False)
    assert [one["id"] for one in listed()] == [other["id"]]
    assert listed("drills-run", "--all") == [other, shown]
    assert call("actions", "due").stdout == "Nothing is due within 14 days.\n"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_table_says_all_of_it_at_any_width(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = call("actions", "list", "--all").stdout
    assert max(map(len, shown.splitlines())) <= width
    words = shown.replace("\n", " ").split()
    assert {"2999-12-31", "Write", "38", "Ben", "closes"} <= set(words)


def test_an_action_is_closed_in_the_file_and_stays_so(here: Path) -> None:
    (other,) = listed()
    said = call("actions", "close", other["id"], "--document", "https://wiki.example/line: #2", "--on", "2026-11-30")
    assert said.stdout == f"{other['id']}: closed on 2026-11-30: a document shows it.\n"
    assert listed() == []
    text = (here / "actions.yaml").read_text()
    assert text == (
        f"actions:\n  - action: {other['id']}\n"
        '    closed: {on: "2026-11-30", document: "https://wiki.example/line: #2"}\n'
    )
    assert refused("actions", "close", other["id"], "--seen", "x") == f"{other['id']} was closed on 2026-11-30"
    (here / "actions.yaml").write_text(f"# ours\n{text}  # below\n  - {{action: {other['id']}, due: 2020-01-01}}\n")
    (found,) = (one for one in listed("--all") if one["id"] == other["id"])
    assert (found["due_on"], found["state"], found["closed"]["text"]) == (
        "2020-01-01",
        "closed",
        "https://wiki.example/line: #2",
    )


def test_an_overdue_one_makes_it_fall_short(here: Path) -> None:
    (other,) = listed()
    (here / "actions.yaml").write_text(f"actions:\n  - {{action: {other['id']}, due: 2020-01-01, owner: ana}}\n")
    result = call("actions", "due", "--within", "0")
    assert result.exit_code == 1
    assert "2020-01-01" in result.stdout
    named = f"actions:\n  - {{action: {other['id']}, obligation: team_alerted}}\n"
    (here / "actions.yaml").write_text(named)
    assert listed("--all")[0]["shown_by"] == "Team alerted"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("actions:\n  - {action: first, due: 2020-01-01}\n", "actions.yaml:2:14: "),
        ("actions:\n  - {action: first.7, due: soon}\n", "'soon' is not a day; write it like 2027-03-16"),
        ("actions:\n  - {action: first.7, closed: {on: 2026-02-30, document: x}}\n", "there is no day 2026-02-30"),
        ("actions:\n  - {action: first.7, closed: {on: 2026-02-03}}\n", "give an `observation` or a `document`"),
        ("actions: no\n", "actions.yaml:1:10: "),
        ("action: []\n", "actions.yaml:1:1: "),
    ],
)
def test_what_is_wrong_with_the_file_is_said_in_a_line(here: Path, text: str, why: str) -> None:
    (here / "actions.yaml").write_text(text)
    assert why in refused("actions", "list")
    with pytest.raises(LoadError):
        load_actions(here / "actions.yaml")


def test_what_it_refuses(here: Path) -> None:
    (other,) = listed()
    assert refused("actions", "close", "first.1", "--seen", "x").startswith(
        "there is no action first.1 in these drills"
    )
    assert "say what shows that it is done: --seen or --document" in refused("actions", "close", other["id"])
    assert "use either folders or --database" in refused("actions", "list", "drills-run", "--database", "x.sqlite")
    (here / "actions.yaml").write_text("actions: []  # none\n")
    why = refused("actions", "close", other["id"], "--seen", "x", "--on", "2026-01-02")
    assert "nothing can be added at its end" in why
    assert f'add it by hand: - action: {other["id"]}; closed: {{on: "2026-01-02", observation: "x"}}' in why
    (here / "actions.yaml").write_text("actions:\n  - {action: nowhere.3, owner: ana}\n")
    assert "speaks of actions that no drill here has: nowhere.3" in call("actions", "list").stderr
    assert refused("actions", "list", "nothing-here").startswith("nothing-here:")


def test_what_a_leaver_was_to_do_is_the_leads(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert listed("--all")[1]["owner_name"] == "Ben Okafor"
    (here / "drillroom.toml").write_text("")
    (here / "teams").mkdir()
    (here / "teams" / "officeluv.yaml").write_text(
        "team: officeluv\ntitle: Those who stayed\nmembers:\n  - {id: ana, name: Ana}\n"
    )
    found = listed("--all")[1]
    assert (found["owner"], found["owner_name"], found["left"]) == ("", "", True)
    assert "the lead (the owner has left)" in call("actions", "list", "--all").stdout


def test_a_folder_without_actions_says_so(tmp_path: Path) -> None:
    drill(tmp_path / "runs", "only", 1, "poor")
    assert call("actions", "list", tmp_path / "runs").stdout == "There are no corrective actions.\n"
