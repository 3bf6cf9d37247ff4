"""Every file that ships loads by its name, and no check finds anything in it, not even a warning."""

from collections.abc import Callable

import pytest

from drills.planning.calibration.results import ENDING
from scenarios.base import Model
from scenarios.checks.others import check_rubric, check_team_for
from scenarios.checks.scenario import check_scenario
from scenarios.lint import lint
from scenarios.load import (
    load_names,
    load_protocol,
    load_rubric,
    load_runbook,
    load_runbooks,
    load_scenario,
    load_team,
    read_as,
    subject_of,
)
from scenarios.problem import Problem
from scenarios.rubric import Rubric
from scenarios.scenario import Scenario
from scenarios.source import read
from scenarios.team import Team
from tests.scenarios.shipped import LIBRARY, incident, names

LOADERS: dict[str, Callable[[str], Model]] = {
    "incidents": load_scenario,
    "protocols": load_protocol,
    "teams": load_team,
    "rubrics": load_rubric,
    "runbooks": load_runbook,
    "names": load_names,
}
SHIPPED = [(folder, name) for folder in LOADERS for name in names(folder)]


@pytest.mark.parametrize(("folder", "name"), SHIPPED)
def test_every_file_loads_by_its_name_and_says_that_name(folder: str, name: str) -> None:
    loaded = LOADERS[folder](name)
    own = {"incidents": "scenario", "names": "names"}.get(folder, folder.removesuffix("s"))
    assert getattr(loaded, own) == name


def test_nothing_else_lies_in_the_library() -> None:
    """A file with another ending, or in a folder that nobody reads, would ship and never be found."""
    files = {path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*") if path.is_file()}
    templates = {name for name in files if name.startswith("templates/")}
    attached = {f"incidents/{one.file}" for name in names("incidents") for _, one in incident(name).attachments}
    calibrations = {f"incidents/{name}{ENDING}" for name in names("incidents")}
    assert files - templates == {f"{folder}/{name}.yaml" for folder, name in SHIPPED} | attached | calibrations


@pytest.mark.parametrize("name", names("incidents"))
def test_no_check_finds_anything_in_a_scenario(name: str) -> None:
    source = read(LIBRARY / "incidents" / f"{name}.yaml")
    assert [str(problem) for problem in check_scenario(subject_of(read_as(Scenario, "scenario", source)))] == []


@pytest.mark.parametrize("name", names("incidents"))
def test_the_runbooks_of_a_scenario_ship_with_it(name: str) -> None:
    assert load_runbooks(load_scenario(name))


@pytest.mark.parametrize("name", names("teams"))
def test_every_team_can_play_every_severity_of_its_protocol(name: str) -> None:
    """A team that is called like a protocol is made for that one; the others speak the roles of the first."""
    protocol = load_protocol(name if name in names("protocols") else "officeluv")
    source = read(LIBRARY / "teams" / f"{name}.yaml")
    team = read_as(Team, "team", source).model
    levels = [table.severity for table in protocol.tables]
    found: list[Problem] = list(check_team_for(team, source, protocol, levels, ends=1))
    assert found == []


@pytest.mark.parametrize("protocol", names("protocols"))
@pytest.mark.parametrize("name", names("rubrics"))
def test_every_rubric_weighs_what_each_protocol_has(name: str, protocol: str) -> None:
    source = read(LIBRARY / "rubrics" / f"{name}.yaml")
    assert list(check_rubric(read_as(Rubric, "rubric", source).model, source, load_protocol(protocol))) == []


@pytest.mark.parametrize("name", names("protocols"))
def test_each_severity_of_a_protocol_and_a_false_alarm_have_a_table(name: str) -> None:
    protocol = load_protocol(name)
    levels = [severity.level for severity in protocol.severities]
    assert sorted(table.severity for table in protocol.tables) == [0, *levels]
    assert levels == list(range(1, len(levels) + 1))


def test_the_linter_finds_nothing_in_the_whole_library() -> None:
    assert [str(problem) for problem in lint(LIBRARY)] == []
