"""Each scenario that ships is worth an hour of a team's time: clues, false trails, and something for everybody."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from scenarios.base import format_duration
from scenarios.runbook import Runbook
from scenarios.scenario import Action, Condition, Inject, Level, Scenario, Variable
from scenarios.text import BUILT_IN_NAMES, fill, names_in
from tests.scenarios.shipped import incident, names, protocol, take

MINUTE = 60_000
QUIET = 5 * MINUTE
"""The longest time for which a role may have nothing to do while the incident lasts."""

every_incident = pytest.mark.parametrize(
    "scenario", [incident(name) for name in names("incidents")], ids=names("incidents")
)


def test_the_four_scenarios_are_there() -> None:
    shipped = {name: incident(name).severity_at(0) for name in names("incidents")}
    wanted = {"login-outage": 1, "checkout-outage": 1, "billing-outage": 1, "shift-planning-down": 2}
    assert {name: level for name, level in shipped.items() if name in wanted} == wanted


@every_incident
def test_a_file_is_called_what_its_scenario_is_called(scenario: Scenario) -> None:
    assert scenario.scenario in names("incidents")
    assert scenario.protocol in names("protocols")


# -- what there is to find out -----------------------------------------------------------------------------------------


def fixes(scenario: Scenario) -> list[Action]:
    return [action for action in scenario.actions if action.effect == "fixes"]


@every_incident
def test_there_are_clues_and_false_trails(scenario: Scenario) -> None:
    actions = scenario.actions
    assert len(actions) >= 8
    assert sum(action.clue for action in actions) >= 3
    assert sum(action.herring for action in actions) >= 3
    assert not any(action.clue and action.herring for action in actions)
    assert all(action.shows for action in actions)
    assert {action.effect for action in actions} == {"nothing", "eases", "worsens", "fixes"}


@every_incident
def test_the_way_out_needs_the_clues_and_follows_a_runbook(scenario: Scenario) -> None:
    clues = {action.id for action in scenario.actions if action.clue}
    for fix in fixes(scenario):
        assert fix.needs
        assert set(fix.needs) <= clues
        assert fix.runbook is not None
        name, _, procedure = fix.runbook.partition("/")
        assert take("runbooks", name, Runbook).procedure(procedure) is not None


@every_incident
def test_what_makes_it_worse_is_a_risk_and_shows(scenario: Scenario) -> None:
    """It must be possible to know better beforehand, and impossible to overlook afterwards."""
    for action in scenario.actions:
        if action.effect == "worsens":
            assert action.needs
            assert action.signals
            assert any(inject.after == action.id for inject in scenario.injects)


@every_incident
def test_names_that_refer_to_something_find_it(scenario: Scenario) -> None:
    actions, injects = [one.id for one in scenario.actions], [one.id for one in scenario.injects]
    assert len(set(actions + injects)) == len(actions + injects)
    for action in scenario.actions:
        assert set(action.needs) <= set(actions)
        assert set(action.signals) <= set(scenario.signals)
    receivers = {one.id for one in protocol().roles} | {"first_responder", "everyone", "channel"}
    for inject in scenario.injects:
        assert inject.to in receivers
        assert inject.after is None or inject.after in actions + injects
        assert set(inject.signals) <= set(scenario.signals)
        for leaf in leaves(inject):
            assert leaf.action_done is None or leaf.action_done in actions


@every_incident
def test_nobody_is_busy_for_long(scenario: Scenario) -> None:
    assert [action.id for action in scenario.actions if not MINUTE <= action.takes <= 5 * MINUTE] == []


def straight_way(scenario: Scenario, action: Action) -> int:
    """How long one action takes with all that it needs, when everything needed is done at the same time by several."""
    needed = [found for name in action.needs if (found := scenario.action(name))]
    return action.takes + max((straight_way(scenario, one) for one in needed), default=0)


@every_incident
def test_the_impact_can_be_ended_in_time_by_looking_around(scenario: Scenario) -> None:
    """Two solutioneers who try every action that explains something, and one in two of the others, keep the target."""
    target, deadline = scenario.targets["impact_ended"].target, scenario.targets["impact_ended"].deadline
    look_around = sum(action.takes for action in scenario.actions if action.clue)
    look_around += sum(action.takes for action in scenario.actions if action.herring) // 2
    fix = min(fixes(scenario), key=lambda one: straight_way(scenario, one))
    together_at = 3 * MINUTE
    assert together_at + look_around // 2 + fix.takes <= target
    assert straight_way(scenario, fix) >= 6 * MINUTE
    assert 15 * MINUTE <= target <= 25 * MINUTE
    assert deadline < scenario.ends.after


@every_incident
def test_everything_that_is_owed_can_be_judged_before_the_end(scenario: Scenario) -> None:
    """A deadline beyond the end of the response would mean that what is left undone is never judged."""
    table = protocol().table(scenario.severity_at(scenario.ends.after))
    assert table is not None
    for owed in table.obligations:
        deadline = scenario.targets[owed.id].deadline if owed.id in scenario.targets else owed.deadline
        assert (deadline or 0) <= scenario.ends.after
    assert set(scenario.targets) <= {owed.id for owed in table.obligations}


@every_incident
def test_a_workaround_is_described_where_one_is_owed(scenario: Scenario) -> None:
    table = protocol().table(scenario.severity_at(0))
    assert table is not None
    if any(one.act == "workaround_used" for one in table.obligations):
        assert scenario.workaround is not None


# -- what happens to the team ------------------------------------------------------------------------------------------


def leaves(inject: Inject) -> Iterator[Condition]:
    """The conditions of an inject that are not made of others."""
    for condition in (inject.when, inject.unless):
        for part in condition.parts() if condition else []:
            if part.every is None and part.some is None and part.negated is None:
                yield part


def comes_while_it_lasts(scenario: Scenario, inject: Inject) -> bool:
    """Whether it comes for certain, whatever the team does, as long as the incident is not mended or resolved."""
    over = {fix.id for fix in fixes(scenario)}
    if inject.chance < 1 or inject.when is not None:
        return False
    parts = inject.unless.parts() if inject.unless else []
    return all(part.resolved or part.some or part.action_done in over for part in parts)


def planned(scenario: Scenario, inject: Inject) -> int | None:
    """When an inject comes for the first time if it comes for certain, in milliseconds."""
    if not comes_while_it_lasts(scenario, inject):
        return None
    if inject.at is not None:
        return inject.at
    before = scenario.inject(inject.after or "")
    since = None if before is None else planned(scenario, before)
    return None if since is None else since + inject.delay


def busy(scenario: Scenario, role: str) -> list[int]:
    """The drill times at which something certainly reaches a role."""
    times = []
    for inject in scenario.injects:
        first = planned(scenario, inject)
        if first is not None and inject.to in (role, "everyone"):
            again = inject.repeat
            times += [
                first + number * (again.every if again else 0) for number in range(1 + (again.times if again else 0))
            ]
    return sorted(time for time in times if time < scenario.ends.after)


@every_incident
@pytest.mark.parametrize("role", ["incident_commander", "solutioneer", "communications"])
def test_every_role_has_something_to_do_every_five_minutes(scenario: Scenario, role: str) -> None:
    times = [0, *busy(scenario, role), scenario.ends.after]
    quiet = [
        f"{format_duration(one)} to {format_duration(next_one)}"
        for one, next_one in pairwise(times)
        if next_one - one > QUIET
    ]
    assert quiet == []


@every_incident
def test_much_of_what_happens_depends_on_the_team(scenario: Scenario) -> None:
    injects = scenario.injects
    assert len(injects) >= 14
    followers = [inject for inject in injects if inject.after and scenario.action(inject.after)]
    watchers = [inject for inject in injects if inject.when]
    assert len(followers) >= 3
    assert len(watchers) >= 1
    assert len(followers) + len(watchers) >= 4
    assert any(inject.chance < 1 for inject in injects)
    assert any(inject.repeat for inject in injects)
    assert any(part.role_open for inject in injects for part in leaves(inject))


@every_incident
def test_each_role_is_asked_for_something(scenario: Scenario) -> None:
    asked = [inject.to for inject in scenario.injects if inject.expects]
    assert all(asked.count(one.id) >= 4 for one in protocol().roles)
    assert len({inject.expects.act for inject in scenario.injects if inject.expects}) >= 3


@every_incident
def test_nothing_is_asked_that_could_not_be_answered_before_the_end(scenario: Scenario) -> None:
    """What comes too late to be judged is fine once, as the last of its kind, and not as a habit."""
    late = [
        inject.id
        for inject in scenario.injects
        if inject.expects and inject.at is not None and inject.at + inject.expects.deadline > scenario.ends.after
    ]
    assert late == []


# -- signals and text --------------------------------------------------------------------------------------------------


def texts(scenario: Scenario) -> Iterator[str]:
    """All that people may read."""
    yield from (scenario.title, scenario.topic, scenario.brief, scenario.solution, scenario.workaround or "")
    yield from (scenario.report.sender, scenario.report.text, scenario.impact.who, scenario.impact.how)
    for action in scenario.actions:
        yield from (action.label, action.shows or "")
    for inject in scenario.injects:
        yield from (inject.sender, inject.text)


def levels(scenario: Scenario) -> Iterator[Level]:
    for signal in scenario.signals.values():
        yield from (signal.normal, signal.incident)
    for action in scenario.actions:
        yield from action.signals.values()
    for inject in scenario.injects:
        yield from inject.signals.values()


def samples(variable: Variable) -> list[str | int | float]:
    if variable.between is not None:
        return [*variable.between]
    return [*variable.choose] if variable.choose is not None else ["Somebody"]


@every_incident
def test_every_name_in_braces_is_drawn_and_every_drawn_name_is_used(scenario: Scenario) -> None:
    written = [*texts(scenario), *(level for level in levels(scenario) if isinstance(level, str))]
    used = {name for text in written for name in names_in(text)}
    assert used <= set(scenario.vary) | BUILT_IN_NAMES
    assert set(scenario.vary) <= used
    assert not set(scenario.vary) & BUILT_IN_NAMES


@every_incident
def test_filled_texts_have_no_braces_left_and_levels_become_numbers(scenario: Scenario) -> None:
    for pick in (0, -1):
        values = {name: samples(variable)[pick] for name, variable in scenario.vary.items()} | {"weekday": "Tuesday"}
        assert [text for text in texts(scenario) if set(fill(text, values)) & set("{}")] == []
        assert all(float(fill(level, values)) >= 0 for level in levels(scenario) if isinstance(level, str))


@every_incident
def test_signals_move_and_one_tells_the_cause_from_the_rest(scenario: Scenario) -> None:
    assert 3 <= len(scenario.signals) <= 5
    moving = [signal for signal in scenario.signals.values() if signal.normal != signal.incident]
    assert len(moving) >= 3
    assert any(signal.onset or signal.starts for signal in moving)
    assert all(signal.recovery for signal in moving if signal.noise and signal.onset)
    assert any(signal.noise for signal in moving)
    for action in scenario.actions:
        if action.effect == "eases":
            assert action.signals, f"{action.id}: what it eases is not said"


@every_incident
def test_the_opening_does_not_give_the_way_out_away(scenario: Scenario) -> None:
    opening = " ".join([scenario.title, scenario.topic, scenario.brief, scenario.report.text]).casefold()
    for fix in fixes(scenario):
        said = [words for words in [fix.label, fix.id.replace("-", " "), *fix.also] if words.casefold() in opening]
        assert said == []


@every_incident
def test_the_facilitator_is_told_the_cause_the_way_and_what_to_change(scenario: Scenario) -> None:
    assert len(scenario.solution.split()) >= 40
