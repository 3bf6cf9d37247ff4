"""The guide for authors is true: its examples are accepted, and it leaves nothing out."""

import re
from pathlib import Path
from typing import get_args

import pytest

from scenarios.base import Model
from scenarios.expects import Decision, Discussion, Judged, Option
from scenarios.guide import Account, Customers, Guide, Hints
from scenarios.load import load_names
from scenarios.made_up import FakeValue
from scenarios.names import Names
from scenarios.protocol import Like
from scenarios.scenario import (
    Action,
    Condition,
    Ends,
    Expectation,
    Impact,
    Inject,
    Outsider,
    Repeat,
    Report,
    Scenario,
    SeveritySpan,
    Signal,
    Variable,
)
from scenarios.script import Script
from scenarios.source import Plain, parse

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "writing-scenarios.md"
TEXT = GUIDE.read_text(encoding="utf-8")


def examples() -> list[dict[str, Plain]]:
    """The YAML examples in the order of the guide, the whole scenario first."""
    return [parse(block.encode(), GUIDE.name).data for block in re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.M | re.S)]


WHOLE, *PARTS = examples()
SECTIONS = [part for part in PARTS if "acts" not in part and "names" not in part]
NAMES = [part for part in PARTS if "names" in part]
SCRIPTS = [part for part in PARTS if "acts" in part]


def test_the_scenario_in_twenty_lines_is_one() -> None:
    scenario = Scenario.model_validate(WHOLE)
    assert any(action.effect == "fixes" for action in scenario.actions)
    known = {action.id for action in scenario.actions}
    assert all(set(action.needs) <= known for action in scenario.actions)


@pytest.mark.parametrize("section", SECTIONS, ids=["-".join(section) for section in SECTIONS])
def test_every_section_that_is_shown_would_be_accepted(section: dict[str, Plain]) -> None:
    assert section.keys() <= Scenario.model_validate(WHOLE | section).model_fields_set


def test_the_names_file_is_one_and_leaves_some_names_as_they_are() -> None:
    [own] = [Names.model_validate(part) for part in NAMES]
    values = own.over(load_names()).values()
    assert values["service_checkout"] == "order desk"
    assert values["service_login"] == "login service"
    assert set(values) == set(load_names().values()), "it replaces names that scenarios use"


def test_the_script_is_one_and_names_actions_of_the_scenario() -> None:
    [script] = [Script.model_validate(part) for part in SCRIPTS]
    scenario = Scenario.model_validate(WHOLE)
    started = [act.fields["action"] for act in script.acts if act.do == "start_action"]
    assert started
    assert all(isinstance(name, str) and scenario.action(name) for name in started)
    assert [act.at for act in script.acts] == sorted(act.at for act in script.acts)


@pytest.mark.parametrize(
    "model",
    [
        Scenario,
        Like,
        Account,
        Customers,
        Guide,
        Hints,
        Names,
        SeveritySpan,
        Variable,
        Report,
        Impact,
        Signal,
        Action,
        Condition,
        Inject,
        Repeat,
        Expectation,
        Judged,
        Discussion,
        Decision,
        Option,
        Outsider,
        Ends,
    ],
)
def test_every_key_of_the_format_is_explained(model: type[Model]) -> None:
    """A key that is added to the format is added to the guide."""
    keys = [field.alias or name for name, field in model.model_fields.items()]
    missing = [key for key in keys if not re.search(rf"[`{{ ]{re.escape(key)}(:|`)|^{re.escape(key)}:", TEXT, re.M)]
    assert missing == []


def test_every_act_that_an_inject_may_expect_and_every_made_up_value_is_named() -> None:
    acts = get_args(Expectation.model_fields["act"].annotation)
    assert [act for act in acts if f"`{act}`" not in TEXT] == []
    assert [kind for kind in get_args(FakeValue) if not re.search(rf"\b{kind}\b", TEXT)] == []
