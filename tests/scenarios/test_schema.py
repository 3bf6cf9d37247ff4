import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from scenarios.load import MODELS, load_scenario
from scenarios.lookup import FOLDERS, Kind, named, names
from scenarios.schema import schema
from scenarios.source import parse
from scenarios.template import new_scenario

KINDS: tuple[Kind, ...] = tuple(MODELS)


@cache
def validator(kind: Kind) -> jsonschema.Draft202012Validator:
    """Made once: `jsonschema.validate` checks the schema too, each time, and that takes longer than the data."""
    return jsonschema.Draft202012Validator(schema(kind))


def check(kind: Kind, data: object) -> None:
    validator(kind).validate(data)


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_a_schema_in_which_every_key_is_explained(kind: Kind) -> None:
    made = json.loads(json.dumps(schema(kind)))
    jsonschema.Draft202012Validator.check_schema(made)
    models = [made, *made.get("$defs", {}).values()]
    for model in models:
        for name, field in model.get("properties", {}).items():
            other = made["$defs"][field["$ref"].rpartition("/")[2]] if "$ref" in field else {}
            assert field.get("description") or other.get("description"), (model.get("title"), name)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS if kind in FOLDERS for name in names(kind)])
def test_what_ships_in_the_library_satisfies_its_schema(kind: Kind, name: str) -> None:
    check(kind, named(kind, name).data)


def test_the_example_and_the_template_satisfy_the_schema(example: str) -> None:
    check("scenario", parse(example.encode(), "x").data)
    check("scenario", parse(new_scenario("mine").encode(), "x").data)
    check("script", {"acts": [{"at": "20s", "who": "ana", "do": "declare_severity", "severity": 1}]})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("titel",), "x"),
        (("ends", "after"), 45),
        (("ends", "after"), "10mo"),
        (("signals", "login_errors", "noise"), 8),
        (("signals", "Bad Name"), {"normal": 1, "incident": 2}),
        (("injects", 0, "via"), "mail"),
        (("injects", 1, "when", "role_opne"), "x"),
        (("severity",), "high"),
        (("actions", 0, "id"), "Bad Id"),
    ],
)
def test_an_editor_marks_what_the_loader_refuses(path: tuple[str | int, ...], value: object, example: str) -> None:
    data = json.loads(json.dumps(parse(example.encode(), "x").data))
    node = data
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        check("scenario", data)


def test_keys_are_those_that_authors_write() -> None:
    made = json.loads(json.dumps(schema("scenario")))
    assert {"from", "is"} <= set(made["$defs"]["SeveritySpan"]["properties"])
    assert {"all", "any", "not", "for"} <= set(made["$defs"]["Condition"]["properties"])
    assert made["$defs"]["Ends"]["properties"]["papers"]["default"] == "20m"
    assert made["$defs"]["Signal"]["properties"]["noise"]["default"] == "0%"
    assert {each.get("type") for each in made["properties"]["severity"]["anyOf"]} == {"integer", "array"}


def test_the_template_makes_a_scenario_that_loads_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "search-outage.yaml"
    path.write_text(new_scenario("search-outage"), encoding="utf-8")
    assert load_scenario(path).scenario == "search-outage"
