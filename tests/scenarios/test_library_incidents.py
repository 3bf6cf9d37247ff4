"""Each scenario that ships is worth its time: clues, false trails, something for everybody, and a guide to lead it.

There are three sorts. *Long* ones take an hour and have something to fix; *short* ones take a quarter of that;
and in some there is nothing to fix (a bug for the sprint, a false alarm), so the art is to see that and call nobody.
"""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from scenarios.base import format_duration
from scenarios.expects import Decision, Discussion, Judged
from scenarios.load import load_names
from scenarios.placeholders import BUILT_IN_NAMES, fill, names_in
from scenarios.runbook import Runbook
from scenarios.scenario import Action, Condition, Inject, Level, Scenario, Variable
from tests.scenarios.shipped import incident, names, protocol, take

MINUTE = 60_000
QUIET = 5 * MINUTE
"""The longest time for which a role may have nothing to do while the incident lasts."""
SHORT = 15 * MINUTE
"""What takes no longer fits a lunch break."""

ALL = {name: incident(name) for name in names("incidents")}


def to_mend(scenario: Scenario) -> bool:
    """Whether the protocol asks for an end of the impact."""
    table = protocol().table(scenario.severity_at(scenario.ends.after))
    assert table is not None
    return "impact_ended" in table.acts


def is_short(scenario: Scenario) -> bool:
    return scenario.length is not None and scenario.length <= SHORT


def parametrized(chosen: dict[str, Scenario]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("scenario", list(chosen.values()), ids=list(chosen))


every_incident = parametrized(ALL)
every_long_one = parametrized({name: one for name, one in ALL.items() if to_mend(one) and not is_short(one)})
every_one_to_mend = parametrized({name: one for name, one in ALL.items() if to_mend(one)})


def test_the_four_scenarios_are_there() -> None:
    shipped = {name: one.severity_at(0) for name, one in ALL.items()}
    wanted = {"login-outage": 1, "checkout-outage": 1, "billing-outage": 1, "shift-planning-down": 2}
    assert {name: level for name, level in shipped.items() if name in wanted} == wanted


# -- what those read who choose it and lead it -------------------------------------------------------------------------


@every_incident
def test_it_says_what_it_teaches_how_long_it_takes_how_hard_it_is_and_whom_it_suits(scenario: Scenario) -> None:
    assert 2 <= len(scenario.teaches) <= 5
    assert scenario.difficulty is not None
    assert scenario.suits is not None
    assert scenario.length is not None
    assert 10 * MINUTE <= scenario.length <= SHORT or 50 * MINUTE <= scenario.length <= 75 * MINUTE
    assert scenario.ends.after < scenario.length


@every_incident
def test_it_has_a_guide_for_its_facilitator(scenario: Scenario) -> None:
    guide = scenario.guide
    assert guide is not None
    assert len(guide.watch) >= 3
    assert len(guide.mistakes) >= 3
    assert len(guide.hot_wash) == 6
    assert all(question.rstrip().endswith("?") for question in guide.hot_wash)
    assert len({guide.hints.gentle, guide.hints.plain, guide.hints.strong}) == 3


@every_incident
def test_the_company_is_named_by_names_that_others_can_replace(scenario: Scenario) -> None:
    fixed = {"OfficeLuv", "officeluv", "Heroku", "Paylane", "Support desk"}
    said = [*texts(scenario), *guidance(scenario)]
    assert [text for text in said if any(word in text for word in fixed)] == []


@every_incident
def test_a_published_account_is_named_linked_and_told_in_facts(scenario: Scenario) -> None:
    if scenario.source is not None:
        assert len(scenario.source.facts) >= 3
        assert len(scenario.source.changed.split()) >= 10


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
    long = to_mend(scenario) and not is_short(scenario)
    assert len(actions) >= (8 if long else 6)
    assert sum(action.clue for action in actions) >= (3 if long else 2)
    assert sum(action.herring for action in actions) >= (3 if long else 2)
    assert not any(action.clue and action.herring for action in actions)
    assert all(action.shows for action in actions)


@every_one_to_mend
def test_it_can_be_made_better_and_worse(scenario: Scenario) -> None:
    found = {action.effect for action in scenario.actions}
    assert {"worsens", "fixes", "nothing"} <= found
    assert is_short(scenario) or "eases" in found or any(action.together for action in scenario.actions)


@every_one_to_mend
def test_the_way_out_needs_the_clues_and_follows_a_runbook(scenario: Scenario) -> None:
    clues = {action.id for action in scenario.actions if action.clue}
    for fix in fixes(scenario):
        assert set(fix.needs) & clues
        assert set(fix.needs) <= clues | {other.id for other in fixes(scenario)}
        assert fix.runbook is not None
        name, _, procedure = fix.runbook.partition("/")
        assert take("runbooks", name, Runbook).procedure(procedure) is not None


@every_one_to_mend
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
    receivers = {one.id for one in protocol().roles} | {"first_responder", "everyone", "channel", "facilitator"}
    for inject in scenario.injects:
        assert set(inject.to) <= receivers
        assert inject.after is None or inject.after in actions + injects
        assert set(inject.signals) <= set(scenario.signals)
        for leaf in leaves(inject):
            assert leaf.action_done is None or leaf.action_done in actions


@every_incident
def test_nobody_is_busy_for_long(scenario: Scenario) -> None:
    least = MINUTE // 2 if is_short(scenario) else MINUTE
    assert [action.id for action in scenario.actions if not least <= action.takes <= 5 * MINUTE] == []


def straight_way(scenario: Scenario, action: Action) -> int:
    """How long one action takes with all that it needs, when everything needed is done at the same time by several."""
    needed = [found for name in action.needs if (found := scenario.action(name))]
    return action.takes + max((straight_way(scenario, one) for one in needed), default=0)


@every_long_one
def test_the_impact_can_be_ended_in_time_by_looking_around(scenario: Scenario) -> None:
    """Two solutioneers who try every action that explains something, and one in two of the others, keep the target."""
    target, deadline = scenario.targets["impact_ended"].target, scenario.targets["impact_ended"].deadline
    look_around = sum(action.takes for action in scenario.actions if action.clue)
    look_around += sum(action.takes for action in scenario.actions if action.herring) // 2
    fixing = sum(fix.takes for fix in scenario.cures)
    together_at = 3 * MINUTE
    assert together_at + look_around // 2 + fixing <= target
    assert max(straight_way(scenario, fix) for fix in scenario.cures) >= 6 * MINUTE
    assert 15 * MINUTE <= target <= 28 * MINUTE
    assert deadline < scenario.ends.after


@every_incident
def test_everything_that_is_owed_can_be_judged_before_the_end(scenario: Scenario) -> None:
    """A deadline beyond the end of the response would mean that what is left undone is never judged."""
    table = protocol().table(scenario.severity_at(scenario.ends.after))
    assert table is not None
    for owed in table.obligations:
        if owed.act == "told_over":
            continue  # it runs from the fix, and customers can be told after the response as well
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
    """Whether it comes for certain, whatever the team does, as long as the incident is not fixed or resolved."""
    over = {fix.id for fix in fixes(scenario)}
    if inject.chance < 1 or inject.when is not None:
        return False
    parts = inject.unless.parts() if inject.unless else []
    return all(part.resolved or part.some or part.impact == "ended" or part.action_done in over for part in parts)


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
        if first is not None and {role, "everyone", "channel"} & set(inject.to):
            again = inject.repeat
            times += [
                first + number * (again.every if again else 0) for number in range(1 + (again.times if again else 0))
            ]
    return sorted(time for time in times if time < scenario.ends.after)


@every_incident
@pytest.mark.parametrize("role", ["incident_commander", "solutioneer", "communications"])
def test_every_role_has_something_to_do_every_five_minutes(scenario: Scenario, role: str) -> None:
    """Where nobody is to be called, that is the one who hears of it first."""
    if not to_mend(scenario):
        role = "first_responder"
    times = [0, *busy(scenario, role), scenario.ends.after]
    quiet = [
        f"{format_duration(one)} to {format_duration(next_one)}"
        for one, next_one in pairwise(times)
        if next_one - one > QUIET
    ]
    assert quiet == []


@every_long_one
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


@every_long_one
def test_each_role_is_asked_for_something(scenario: Scenario) -> None:
    asked = [to for inject in scenario.injects if inject.expects for to in inject.to]
    assert all(asked.count(one.id) >= 4 for one in protocol().roles)
    assert len({one.act for inject in scenario.injects for one in inject.acts}) >= 3


@every_incident
def test_nothing_is_asked_that_could_not_be_answered_before_the_end(scenario: Scenario) -> None:
    """What comes too late to be judged is fine once, as the last of its kind, and not as a habit."""
    late = [
        inject.id
        for inject in scenario.injects
        if any(inject.at is not None and inject.at + one.deadline > scenario.ends.after for one in inject.acts)
    ]
    assert late == []


# -- signals and text --------------------------------------------------------------------------------------------------


def texts(scenario: Scenario) -> Iterator[str]:
    """All that people may read."""
    yield from (scenario.title, scenario.topic, scenario.brief, scenario.solution, scenario.workaround or "")
    if scenario.customers is not None:
        yield from (scenario.customers.cannot, scenario.customers.again)
    yield from (scenario.report.sender, scenario.report.text, scenario.impact.who, scenario.impact.how)
    for action in scenario.actions:
        yield from (action.label, action.shows or "")
    for inject in scenario.injects:
        yield from (inject.sender, inject.text)
        for one in inject.expects or ():
            if isinstance(one, Decision):
                yield from (
                    one.decision,
                    *(text for option in one.options for text in (option.label, option.says or "")),
                )
            elif isinstance(one, Discussion):
                yield one.question
    for outsider in scenario.outsiders or ():
        yield from (outsider.name, *(outsider.says or ()))


def guidance(scenario: Scenario) -> Iterator[str]:
    """All that only those read who choose a scenario and lead it."""
    yield from (*scenario.teaches, scenario.suits or "")
    yield from (one.judged for inject in scenario.injects for one in inject.expects or () if isinstance(one, Judged))
    yield from (outsider.knows or "" for outsider in scenario.outsiders or ())
    if scenario.guide is not None:
        guide = scenario.guide
        yield from (*guide.watch, *guide.mistakes, *guide.hot_wash)
        yield from (guide.hints.gentle, guide.hints.plain, guide.hints.strong)


def levels(scenario: Scenario) -> Iterator[Level]:
    for signal in scenario.signals.values():
        yield from (signal.normal, signal.incident)
    for action in scenario.actions:
        yield from action.signals.values()
    for inject in scenario.injects:
        yield from inject.signals.values()
    if scenario.customers is not None and isinstance(scenario.customers.affected, str):
        yield scenario.customers.affected


def samples(variable: Variable) -> list[str | int | float]:
    if variable.between is not None:
        return [*variable.between]
    return [*variable.choose] if variable.choose is not None else ["Somebody"]


@every_incident
def test_every_name_in_braces_is_drawn_and_every_drawn_name_is_used(scenario: Scenario) -> None:
    written = [*texts(scenario), *guidance(scenario), *(level for level in levels(scenario) if isinstance(level, str))]
    used = {name for text in written for name in names_in(text)}
    words = set(load_names().values())
    assert used <= set(scenario.vary) | BUILT_IN_NAMES | words
    assert set(scenario.vary) <= used
    assert not set(scenario.vary) & (BUILT_IN_NAMES | words)


@every_incident
def test_filled_texts_have_no_braces_left_and_levels_become_numbers(scenario: Scenario) -> None:
    for pick in (0, -1):
        values = {name: samples(variable)[pick] for name, variable in scenario.vary.items()} | {"weekday": "Tuesday"}
        values |= load_names().values()
        assert [text for text in texts(scenario) if set(fill(text, values)) & set("{}")] == []
        assert all(float(fill(level, values)) >= 0 for level in levels(scenario) if isinstance(level, str))


@every_incident
def test_signals_move_and_one_tells_the_cause_from_the_rest(scenario: Scenario) -> None:
    assert (3 if not is_short(scenario) else 2) <= len(scenario.signals) <= 6
    moving = [signal for signal in scenario.signals.values() if signal.normal != signal.incident]
    assert len(moving) >= (3 if not is_short(scenario) else 2)
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
