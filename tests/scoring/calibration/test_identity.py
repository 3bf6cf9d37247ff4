"""To what a calibration belongs: any number that players or score read, and no word."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from drills.planning.calibration.chunks import Brief, brief_of, encoded, play_chunk, prepared
from scoring.calibration.identity import UNREAD, identity, read_of
from simulator.plan import DrillPlan
from tests.support.extent import sampled

NAME = "login-outage"


@pytest.fixture(scope="module")
def brief() -> Brief:
    return brief_of(NAME, 75)


@pytest.fixture(scope="module")
def plan(brief: Brief) -> DrillPlan:
    return prepared(brief.plan)


def changed(plan: DrillPlan, part: str, *path: str | int, to: object) -> DrillPlan:
    """The plan with one value of its scenario, protocol or rubric replaced."""
    data = plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    node: Any = data[part]
    for step in path[:-1]:
        node = node[step]
    assert node.get(path[-1]) != to
    node[path[-1]] = to
    return DrillPlan.model_validate(data)


def test_words_change_nothing_and_the_drills_go_the_same_way(plan: DrillPlan) -> None:
    """Every text of the scenario is another one; what is played and what it is worth stay the same."""
    data = plan.model_dump(mode="json", by_alias=True, exclude_none=True)
    story = data["scenario"]
    for key in ("title", "topic", "brief", "solution", "workaround"):
        story |= {key: "Other words."} if key in story else {}
    story["report"] |= {"from": "Somebody", "text": "Other words."}
    story["impact"] |= {"who": "Others", "how": "They wait for something else."}
    for one in story["actions"]:
        one |= {"label": f"Other words for {one['id']}", **({"shows": "Other words."} if "shows" in one else {})}
        one.pop("also", None)
    for one in story["injects"]:
        one |= {"text": "Other words."}
    other = DrillPlan.model_validate(data)
    assert identity(other) == identity(plan)
    assert encoded(play_chunk(other, 30, 0)) == encoded(play_chunk(plan, 30, 0))


@pytest.mark.parametrize(
    ("part", "path", "to"),
    [
        ("scenario", ("ends", "after"), "44m"),
        ("scenario", ("actions", 0, "takes"), "1m"),
        ("scenario", ("actions", 2, "clue"), False),
        ("scenario", ("injects", 0, "chance"), 0.5),
        ("scenario", ("injects", 0, "at"), "2m"),
        ("scenario", ("severity",), 2),
        ("scenario", ("customers", "every"), "50s"),
        ("scenario", ("signals", "login_errors", "recovery"), "7m"),
        ("protocol", ("escalate_after",), "6m"),
        ("protocol", ("tables", 0, "obligations", 1, "target"), "50s"),
        ("rubric", ("components", "learning"), 6.0),
        ("rubric", ("cap_presses_from",), 0.8),
    ],
)
def test_a_number_that_is_read_makes_it_another(
    plan: DrillPlan, part: str, path: tuple[str | int, ...], to: object
) -> None:
    assert identity(changed(plan, part, *path, to=to)) != identity(plan)


@pytest.mark.parametrize(
    ("part", "path", "to"),
    [
        ("scenario", ("title",), "Something else"),
        ("scenario", ("difficulty",), "hard"),
        ("scenario", ("length",), "3h"),
        ("scenario", ("tags",), ["other"]),
        ("protocol", ("severities", 0, "name"), "Worst"),
        ("rubric", ("title",), "Another"),
        ("rubric", ("ratings", 0, "says"), "Well done."),
    ],
)
def test_what_only_people_read_does_not(plan: DrillPlan, part: str, path: tuple[str | int, ...], to: object) -> None:
    assert identity(changed(plan, part, *path, to=to)) == identity(plan)


def test_who_plays_and_with_which_seed_does_not_matter(plan: DrillPlan) -> None:
    assert identity(plan.model_copy(update={"seed": 9, "players": plan.players[:2]})) == identity(plan)


def numbers(node: object, unread: frozenset[str] = frozenset()) -> Iterator[float]:
    """Every number below that differs from what holds if nothing is said."""
    if isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            value = getattr(node, name)
            if name not in unread and (field.is_required() or value != field.default):
                yield from numbers(value, unread)
    elif isinstance(node, dict):
        for one in node.values():
            yield from numbers(one, unread)
    elif isinstance(node, list | tuple):
        for one in node:
            yield from numbers(one, unread)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield float(node)


@pytest.mark.parametrize("name", sampled(["orders-gone", "nobody-answers", "two-at-once", NAME], 2))
def test_every_number_of_a_scenario_is_in_it_but_those_that_the_list_leaves_out(name: str) -> None:
    story = prepared(brief_of(name, 75).plan).scenario
    unread = frozenset({"length", "guide", "source", "objective"})
    assert unread <= frozenset().union(*UNREAD.values())
    assert sorted(numbers(read_of(story))) == sorted(numbers(story, unread))
