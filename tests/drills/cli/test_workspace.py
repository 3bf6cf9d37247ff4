"""A workspace: made by `init`, found from within, its files before the library's; what is broken stops nothing else."""

import os
import signal
from pathlib import Path

import pytest
import yaml

from drills.settings import load_settings
from scenarios.workspace import workspace
from tests.drills.command_line import call, refused
from tests.drills.processes import ends, greeting, program

KINDS = "KIND is one of scenario, schedule, protocol, team, rubric, runbook, names"
NAMED = "lower-case words joined by - or _"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which no line of a list is broken."""
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def ours(here: Path) -> Path:
    """A new workspace, in which we are."""
    assert call("init").exit_code == 0
    return here


def test_a_new_workspace_lints_clean_and_its_first_drill_can_be_played(ours: Path) -> None:
    linted = call("lint", ".")
    assert (linted.stdout, linted.stderr) == ("no problems\n", "")
    assert sorted(str(file.relative_to(ours)) for file in ours.rglob("*") if file.is_file()) == [
        ".gitignore", "README.md", "ci-example.yaml", "drillroom.toml", "names.yaml", "scenarios/first-drill.yaml",
        "schedule.yaml", "scripts/first-drill.yaml", "teams/our-team.yaml",
    ]  # fmt: skip
    assert call("lint", ".", "--strict", "--play").exit_code == 0
    tested = call("test", ".", "--seeds", "1", "--jobs", "1")
    assert tested.exit_code == 0, tested.stdout
    assert [": ".join(line.split(": ")[:2]) for line in tested.stdout.splitlines()[:-2]] == [
        *(f"ok    first-drill: {case}" for case in ("expert", "good", "average", "poor", "absent", "injects", "order")),
        "ok    first-drill: script",
    ]
    result = call("run", "first-drill", "--team", "our-team")
    assert result.exit_code == 0
    assert (ours / "drills-run" / "first-drill-1" / "report.html").is_file()
    load_settings()


def test_the_example_for_a_ci_server_runs_what_the_guide_runs(ours: Path) -> None:
    """Its steps are commands that there are, and what they look at passes."""
    steps = yaml.safe_load((ours / "ci-example.yaml").read_text())["jobs"]["drills"]["steps"]
    lint, test = (step["run"].split()[1:] for step in steps if step.get("run", "").startswith("drillroom "))
    assert call(*lint).exit_code == 0
    assert call(*test, "-k", "script", "--jobs", "1").exit_code == 0
    assert (ours / "drills.xml").is_file()
    assert "*.xml" in (ours / ".gitignore").read_text().splitlines()


def test_init_says_what_it_wrote_and_leaves_alone_what_was_there(here: Path) -> None:
    (here / "ours").mkdir()
    (here / "ours" / "names.yaml").write_text("names: before\n")
    result = call("init", "ours")
    assert result.exit_code == 0
    assert "Wrote ours/drillroom.toml" in result.stdout.splitlines()
    assert "  cd ours" in result.stdout.splitlines()
    assert "ours/names.yaml was there and is left as it is" in result.stderr
    assert (here / "ours" / "names.yaml").read_text() == "names: before\n"
    assert refused("init", "ours") == "ours/drillroom.toml is there: this is a workspace already"


def test_a_workspace_inside_another_one_is_the_one_that_counts(ours: Path) -> None:
    result = call("init", "inner")
    assert f"it is inside the workspace {ours}" in result.stderr
    call("new", "team", "outside")
    os.chdir("inner")
    assert "there is no team by that name" in refused("show", "team", "outside")
    assert "first-drill" in call("show").stdout


def test_a_place_that_cannot_be_written_is_named(here: Path) -> None:
    (here / "file").write_text("")
    said = refused("init", "file/ours")
    assert said == "file/ours/drillroom.toml cannot be written: part of the path is a file, not a folder"


def test_everything_is_found_from_a_folder_inside(ours: Path) -> None:
    (ours / "drillroom.toml").write_text('port = 1234\ndatabase = "ours.sqlite"\n')
    (ours / "deep" / "er").mkdir(parents=True)
    os.chdir("deep/er")
    assert call("new", "team", "night").stdout.startswith("Wrote ../../teams/night.yaml.")
    shown = call("show", "team", "night")
    assert "from ../../teams/night.yaml" in shown.stderr
    assert "A team of three" in shown.stdout
    settings = load_settings()
    assert (settings.port, Path(settings.database).resolve()) == (1234, (ours / "ours.sqlite").resolve())
    assert load_settings(database="mine.sqlite").database == "mine.sqlite", (
        "what is typed counts from where it is typed"
    )
    (ours / "drillroom.toml").write_text("port = 0.5\n")
    assert refused("drills") == "../../drillroom.toml: port must be a whole number"


def test_a_name_is_ours_first_and_then_the_librarys(ours: Path) -> None:
    assert "from library/incidents/login-outage.yaml" in call("show", "login-outage").stderr
    assert call("new", "login-outage", "--like", "login-outage").exit_code == 0
    mine = ours / "scenarios" / "login-outage.yaml"
    mine.write_text(mine.read_text().replace("title: Customers cannot log in", "title: Nobody gets in", 1))
    shown = call("show", "login-outage")
    assert shown.stdout.startswith("Nobody gets in\n")
    assert "from scenarios/login-outage.yaml" in shown.stderr
    listed = call("show").stdout
    assert [line.split()[-1] for line in listed.splitlines() if line.startswith("login-outage ")] == ["workspace"]
    assert [line.split()[-1] for line in listed.splitlines() if line.startswith("checkout-outage ")] == ["library"]


def test_a_library_scenario_is_played_by_our_team_under_our_protocol_and_rubric(ours: Path) -> None:
    for kind, like in (("team", "small"), ("protocol", "officeluv"), ("rubric", "standard")):
        assert call("new", kind, f"our-{kind}s", "--like", like).exit_code == 0
    result = call(
        "run",
        "no-photos",
        "--team",
        "our-teams",
        "--protocol",
        "our-protocols",
        "--rubric",
        "our-rubrics",
        "--out",
        "x",
    )
    assert result.exit_code == 0, result.stderr
    assert '"rubric":"our-rubrics"' in (ours / "x" / "log.jsonl").read_text()
    assert call("new", "protocol", "theirs", "--like", "pagerduty-style").exit_code == 0
    assert call("lint", "protocols").stdout == "no problems\n"
    assert call("run", "no-photos", "--team", "our-teams", "--protocol", "theirs", "--out", "y").exit_code == 0


@pytest.mark.parametrize(
    ("what", "file"),
    [
        (["team", "night"], "teams/night.yaml"),
        (["protocol", "night"], "protocols/night.yaml"),
        (["rubric", "night"], "rubrics/night.yaml"),
        (["runbook", "night"], "runbooks/night.yaml"),
        (["scenario", "night"], "scenarios/night.yaml"),
        (["night"], "scenarios/night.yaml"),
    ],
)
def test_new_makes_every_kind_of_file_in_its_folder(ours: Path, what: list[str], file: str) -> None:
    assert call("new", *what).exit_code == 0
    assert "night" in (ours / file).read_text()
    assert call("lint", file).stdout == "no problems\n"
    assert call("show", *what).exit_code == 0
    assert refused("new", *what) == f"{file} already exists and was left as it is; choose another name or add --force"


def test_outside_a_workspace_a_new_file_is_here(here: Path) -> None:
    assert call("new", "names", "acme").exit_code == 0
    assert (here / "names.yaml").read_text().count("names: acme\n") == 1
    assert call("new", "team", "night").stdout.startswith("Wrote night.yaml.")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (["tean", "night"], f"write [KIND] NAME, where {KINDS}; did you mean 'team'?"),
        (["team", "a", "b"], f"write [KIND] NAME, where {KINDS}"),
        (["team", "Night Shift"], f"this cannot be the name of a team ({NAMED}, such as our-team)"),
        (["names", "?"], f"this cannot be the name of a names file ({NAMED}, such as our-company)"),
        (["team", "x", "--like", "smal"], "there is no team by that name (did you mean small?)"),
        (["team", "x", "--from", "y.csv"], "--from makes a scenario of a table"),
    ],
)  # fmt: skip
def test_what_new_refuses(here: Path, what: list[str], said: str) -> None:
    assert here.is_dir()
    assert said in refused("new", *what)


def test_show_says_which_where_a_name_means_several(here: Path) -> None:
    assert here.is_dir()
    said = refused("show", "officeluv")
    assert "officeluv is a protocol and a team and a names file; say which: drillroom show protocol officeluv" in said
    for kind, word in (("protocol", "At severity 1"), ("team", "Ana Ruiz"), ("names", "{platform}")):
        assert word in call("show", kind, "officeluv").stdout
    assert "Points of 100" in call("show", "standard").stdout
    assert "write [KIND] NAME" in refused("show", "tean", "officeluv")
    assert "small is a team; --facilitator and --msel need a scenario" in refused("show", "small", "--msel")


def test_a_broken_file_is_listed_with_its_place_and_stops_nothing_else(ours: Path) -> None:
    (ours / "scenarios" / "broken.yaml").write_text("scenario: broken\ntitle: [\n")
    (ours / "runbooks").mkdir()
    (ours / "runbooks" / "torn.yaml").write_text("runbook: torn\n")
    listed = call("show")
    assert [line.split() for line in listed.stdout.splitlines() if line.startswith(("broken ", "torn "))] == [
        ["broken", "does", "not", "load", "workspace"],
        ["torn", "does", "not", "load", "workspace"],
    ]
    assert [line.split(":")[0] for line in listed.stderr.splitlines()] == [
        "scenarios/broken.yaml",
        "runbooks/torn.yaml",
    ]
    assert call("run", "no-photos").exit_code == 0


def test_a_link_out_of_the_workspace_is_refused(ours: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "team.yaml"
    other.write_text((ours / "teams" / "our-team.yaml").read_text())
    (ours / "teams" / "theirs.yaml").symlink_to(other)
    assert "the link leads out of its folder" in refused("show", "team", "theirs")


def test_a_names_file_that_is_not_ours_is_passed_over_unless_it_is_in_a_workspace(here: Path) -> None:
    (here / "names.yaml").write_text("people:\n  - Ana\n")
    assert call("show", "no-photos").exit_code == 0
    assert call("run", "no-photos").exit_code == 0
    (here / "drillroom.toml").write_text("")
    assert "names.yaml:1:1: `names` is missing" in refused("show", "no-photos")


def test_a_file_that_is_not_found_by_its_own_name_is_said(ours: Path) -> None:
    (ours / "schedule.yaml").unlink()  # it names the team
    (ours / "teams" / "our-team.yaml").rename(ours / "scenarios" / "our-team.yaml")
    (ours / "teams" / "Night Shift.yaml").write_text((ours / "scenarios" / "our-team.yaml").read_text())
    (ours / "teams" / "day.yml").write_text((ours / "scenarios" / "our-team.yaml").read_text())
    (ours / "elsewhere.yaml").write_text((ours / "scenarios" / "our-team.yaml").read_text())
    assert call("lint", ".").stdout.splitlines() == [
        "scenarios/our-team.yaml:1:1: this is a team, in the folder scenarios (move it to teams/)",
        "teams/Night Shift.yaml: no command finds a file of this name (rename it to lower-case words joined by - or _, "
        "such as search-outage.yaml)",
        "teams/day.yml:3:7: warning: it is found by the name of its file, day, and calls itself 'our-team' (give both "
        "the same name)",
        "2 errors, 1 warning",
    ]
    assert "Ana Ruiz" in call("show", "team", "day").stdout


def test_a_link_that_leads_nowhere_keeps_no_other_file_from_being_checked(ours: Path) -> None:
    (ours / "scenarios" / "loop.yaml").symlink_to("loop.yaml")
    said = call("lint", ".").stdout.splitlines()
    assert said == [
        "scenarios/loop.yaml: the file cannot be read: too many levels of symbolic links",
        "1 error, 0 warnings",
    ]


def test_only_what_a_workspace_needs_makes_folders(ours: Path) -> None:
    assert call("new", "rubric", "strict").exit_code == 0
    assert (ours / "rubrics" / "strict.yaml").is_file()
    why = "cannot be written: there is no folder typo; choose another place"
    assert refused("random", "--seed", "1", "--out", "typo/random.yaml") == f"typo/random.yaml {why}"
    assert refused("new", "x", "--out", "typo/x.yaml") == f"typo/x.yaml {why}"


def test_above_a_folder_into_which_we_may_not_look_there_is_no_workspace(here: Path) -> None:
    inner = here / "closed" / "inner"
    inner.mkdir(parents=True)
    os.chdir(inner)
    root = os.geteuid() == 0
    try:
        (here / "closed").chmod(0)
        if root:  # who may look everywhere, and so looks as somebody else
            os.seteuid(65534)
        assert workspace(inner) is None
    finally:
        if root:
            os.seteuid(0)
        (here / "closed").chmod(0o755)
        os.chdir(here)


def test_a_server_says_at_its_start_which_files_are_broken(ours: Path) -> None:
    (ours / "scenarios" / "broken.yaml").write_text("scenario: broken\n")
    with program(ours, "serve", "--port", "0") as process:
        greeting(process)
        code, _, err = ends(process, signal.SIGTERM)
    assert code == 0
    assert "scenarios/broken.yaml:1:1: `title` is missing" in err
