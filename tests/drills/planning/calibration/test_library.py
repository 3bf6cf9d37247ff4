"""The library's calibrations: each belongs to its scenario as it is, and can be made again. See `make calibrate`."""

from pathlib import Path

import msgspec
import pytest

from drills.planning import catalogue
from drills.planning.calibration import kept
from drills.planning.calibration.chunks import brief_of, digest_of, play_chunk, prepared
from drills.planning.calibration.results import to_json
from scenarios.lookup import shipped_names
from scoring.calibration.findings import findings
from tests.support.extent import sampled

LIBRARY = Path(__file__).parents[4] / "scenarios" / "library" / "incidents"
NAMES = sorted(shipped_names("scenario"))


@pytest.mark.parametrize("name", NAMES)
def test_it_belongs_to_the_scenario_as_it_is(name: str) -> None:
    """If this fails: the scenario, its protocol, the rubric or the simulated teams are others. `make calibrate`."""
    found = kept.of_library(name)
    assert found is not None, "it has none"
    brief = brief_of(name, found.drills)
    assert found.identity == brief.identity
    assert found.command == f"drillroom calibrate {name} -n {found.drills}"
    assert f" -n {found.drills} " in (LIBRARY.parents[2] / "Makefile").read_text(encoding="utf-8")
    assert found.counts.drills == found.drills
    assert to_json(found) == (LIBRARY / f"{name}.calibration.json").read_bytes()
    said = findings(found.counts, prepared(brief.plan).scenario)
    assert said.error <= 0.05
    assert said.separates["good-poor"] > 0.8
    assert said.warnings == []


@pytest.mark.parametrize("name", sampled(NAMES, 9))
def test_its_first_drills_go_as_they_went(name: str) -> None:
    """If this fails: what players do, what is counted or what it is worth has changed. `make calibrate`."""
    found = kept.of_library(name)
    assert found is not None
    brief = brief_of(name, found.drills)
    assert digest_of(play_chunk(prepared(brief.plan), brief.drills, 0)) == found.first


def test_difficulties_are_those_of_scenarios_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = kept.difficulties(["login-outage", "slow-report", "nothing-of-the-sort"])
    calibration = kept.of_library("login-outage")
    assert calibration is not None
    assert set(found) == {"login-outage", "slow-report"}
    assert found["login-outage"] == kept.harder(calibration)
    mean = sum(by for by, _ in kept.difficulties(NAMES).values()) / len(NAMES)
    assert mean == pytest.approx(0.0, abs=1e-9)

    (tmp_path / "drillroom.toml").write_text("")
    (tmp_path / "rubrics").mkdir()
    rubric = (LIBRARY.parent / "rubrics" / "standard.yaml").read_text(encoding="utf-8")
    (tmp_path / "rubrics" / "standard.yaml").write_text(rubric.replace("learning: 5", "learning: 6.5"))
    catalogue.look()
    assert kept.difficulties(["login-outage"]) == {}  # it was measured by another rubric
    (tmp_path / "rubrics" / "standard.yaml").write_text(rubric)
    catalogue.look()
    assert kept.difficulties(["login-outage"]) == {"login-outage": found["login-outage"]}

    (tmp_path / "scenarios").mkdir()
    mine = tmp_path / "scenarios" / "login-outage.calibration.json"
    mine.write_bytes(to_json(msgspec.structs.replace(calibration, identity="of another")))
    assert kept.difficulties(["login-outage"]) == {"login-outage": found["login-outage"]}
