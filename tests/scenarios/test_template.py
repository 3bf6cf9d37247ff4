import re
from pathlib import Path

import pytest

from drills.planning.materials import gather, plan_drill
from scenarios.lint import lint
from scenarios.problem import LoadError
from scenarios.scenario import Action, Condition, Inject, Scenario, Signal
from scenarios.template import new_scenario
from simulator.events import FollowUpClosed, ImpactChanged, InjectDelivered
from tests.support import play


def test_a_new_scenario_lints_clean_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "search-outage.yaml"
    path.write_text(new_scenario("search-outage"), encoding="utf-8")
    assert lint(path) == []


@pytest.mark.parametrize("model", [Scenario, Action, Inject, Signal, Condition])
def test_it_shows_every_key_that_there_is(model: type[Scenario]) -> None:
    """Somebody who has only this file must be able to find out what a scenario can do."""
    text = new_scenario("mine")
    for name, field in model.model_fields.items():
        key = field.alias or name
        assert re.search(rf"\b{key}\b:?", text), key


@pytest.mark.parametrize("name", ["Search Outage", "../mine", "", "a" * 65, "mine.yaml", "a--b", "-a"])
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(LoadError, match="this cannot be the name of a scenario"):
        new_scenario(name)


def test_it_can_be_played_as_it_is(tmp_path: Path) -> None:
    """Its author can run it and see a drill whose incident is fixed, with injects that come."""
    path = tmp_path / "search-outage.yaml"
    path.write_text(new_scenario("search-outage"), encoding="utf-8")
    events = play(plan_drill(gather(path), 7, "expert")).events
    assert any(isinstance(event, ImpactChanged) and event.impact == "ended" for event in events)
    assert sum(isinstance(event, InjectDelivered) for event in events) >= 2
    assert isinstance(events[-1], FollowUpClosed)
