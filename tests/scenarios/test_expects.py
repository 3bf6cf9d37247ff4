"""What injects expect and whom they are for, as authors write it, and what they read when it is wrong."""

from pathlib import Path

import pytest

from scenarios.inject import Inject
from scenarios.lint import lint
from scenarios.protocol import Protocol
from scenarios.scenario import Scenario
from scenarios.source import parse
from scenarios.translate import under
from tests.scenarios.shipped import take

SMALL = """\
scenario: small
title: It is slow
severity: 2
topic: pages
teaches: [Say who decides.]
brief: A quiet day.
report: {via: alert, from: Watch, text: Pages take ten seconds.}
impact: {who: Every customer, how: They wait.}
actions:
  - {id: look, label: Look, takes: 2m, clue: true, shows: It is full.}
  - {id: empty, label: Empty it, takes: 2m, needs: [look], effect: fixes}
workaround: Wait.
outsiders:
  - {id: counsel, name: Counsel}
injects:
  - id: ask
    at: 2m
    to: [communications, solutioneer]
    from: counsel
    text: Well?
    objective: 1
    expects:
      - {act: reply, target: 2m, deadline: 6m}
      - judged: Keeps calm
      - question: Who decides?
      - decision: Stop?
        options: [{id: stop-it, label: Stop}, {id: go-on, label: Go on}]
        target: 2m
        deadline: 6m
  - {id: note, at: 3m, to: facilitator, text: Do not tell.}
  - {id: then, after: go-on, text: Now it is worse.}
  - {id: calm, when: {chosen: stop-it}, unless: {contacted: counsel}, text: Good.}
solution: Empty it.
ends: {after: 20m}
"""


def test_all_of_it_lints_clean(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    assert [str(problem) for problem in lint(file)] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("solutioneer]", "solver]", "there is no role or group 'solver'"),
        ("solutioneer]", "communications]", "'ask': `to` names somebody twice"),
        ("solutioneer]", "facilitator]", "'ask': a note for the facilitator goes to nobody else"),
        ("solutioneer]", "everyone]", "warning: `everyone` is everybody; the others in `to` add nobody"),
        ("[communications, solutioneer]", "5", "`to` should be text, not 5"),
        ("text: Do not tell.", "text: No., expects: {judged: Calm}", "'note': a note for the facilitator asks nothing"),
        ("objective: 1", "objective: 2", "there is no objective 2 (`teaches` has 1)"),
        (
            "objective: 1",
            "objective: Say who decide.",
            "`teaches` does not have 'Say who decide.' (did you mean Say who",
        ),
        ("after: go-on", "after: go-an", "there is no action, inject or option 'go-an' (did you mean go-on?)"),
        ("chosen: stop-it", "chosen: stop", "there is no option 'stop' (did you mean stop-it?)"),
        ("contacted: counsel", "contacted: council", "there is no outsider 'council' (did you mean counsel?)"),
        ("id: go-on", "id: look", "the id 'look' is used twice, first by an action"),
        (", {id: go-on, label: Go on}]", "]", "`options` needs at least 2 items"),
        (
            "label: Stop}",
            "label: Stop, effect: fixes}",
            "`effect` cannot be 'fixes' (expected eases or worsens or noth",
        ),
        ("judged: Keeps calm", "juged: Keeps calm", "unknown key `juged` (did you mean judged?)"),
        ("question: Who decides?", "question: 5", "`question` should be text, not 5 (put it in quotes)"),
        ("{act: reply, target: 2m", "{act: replay, target: 2m", "`act` cannot be 'replay' (expected"),
        ("        deadline: 6m\n", "", "`deadline` is missing (Done after this, it is worth a tenth)"),
        ("name: Counsel}", "name: A}\n  - {id: counsel, name: B}", "the id 'counsel' is used twice, first by A"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert SMALL.count(old) == 1
    text = SMALL.replace(old, new)
    if said == "unused":
        text = SMALL.replace(
            "  - {id: counsel, name: Counsel}", "  - {id: counsel, name: A}\n  - {id: counsel, name: B}"
        )
        said = "the id 'counsel' is used twice, first by A"
    file = tmp_path / "small.yaml"
    file.write_text(text, encoding="utf-8")
    found = [str(problem).split(": ", 1)[1] for problem in lint(file)]
    assert any(one.startswith(said) for one in found), found


def test_one_thing_and_a_list_of_it_are_the_same_and_are_written_as_one() -> None:
    plain = {"id": "ask", "at": "2m", "to": "communications", "text": "Well?", "expects": {"judged": "Calm"}}
    listed = plain | {"to": ["communications"], "expects": [{"judged": "Calm"}]}
    one, other = Inject.model_validate(plain), Inject.model_validate(listed)
    assert one == other
    assert other.model_dump(mode="json", by_alias=True, exclude_none=True)["to"] == "communications"
    assert other.model_dump(mode="json", by_alias=True, exclude_none=True)["expects"] == {"judged": "Calm"}


def test_two_roles_are_read_as_those_of_another_protocol_and_a_note_stays_one() -> None:
    made = under(
        Scenario.model_validate(parse(SMALL.encode(), "small").data), take("protocols", "pagerduty-style", Protocol)
    )
    assert [one.to for one in made.injects[:2]] == [["customer_liaison", "subject_matter_expert"], ["facilitator"]]
