"""Random incidents are worth their time too: they meet the same rules as the library's."""

import inspect
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from itertools import combinations, product
from statistics import fmean

import pytest

from scenarios.checks.scenario import check_scenario
from scenarios.generate import DIFFICULTIES, SEVERITIES, Difficulty, random_scenario, random_text, stock
from scenarios.generate.company import HARMS, SERVICES, dependents, leans_on, severity_of
from scenarios.generate.faults import FAULTS, OWN
from scenarios.load import load_names, read_as, subject_of
from scenarios.names import Names
from scenarios.scenario import Scenario
from scenarios.source import parse
from tests.scenarios import test_library_incidents as library
from tests.support.extent import FULL, LONG, sampled

TENS = sampled(range(0, 200, 10), 4)
SEEDS = [seed for first in TENS for seed in range(first, first + 10)]
FEW = sampled(range(40), 4)
EXTREMES = (0, 1, 2**31, 2**63 - 1)

Rule = Callable[..., None]


@cache
def made(seed: int, severity: int | None = None, difficulty: Difficulty | None = None) -> Scenario:
    return random_scenario(seed, severity, difficulty)


@cache
def text(seed: int, severity: int | None = None) -> str:
    return random_text(seed, severity)


def read_back(text: str, name: str = "random.yaml") -> Scenario:
    return read_as(Scenario, "scenario", parse(text.encode(), name)).model


def rules() -> Iterator[tuple[str, Rule, str]]:
    """The library's own rules, each with the sort of scenario that it is for."""
    sorts = {
        "any": library.every_incident.kwargs["ids"],
        "long": library.every_long_one.kwargs["ids"],
        "to mend": library.every_one_to_mend.kwargs["ids"],
    }
    for name, rule in inspect.getmembers(library, inspect.isfunction):
        for mark in getattr(rule, "pytestmark", []):
            sort = next((sort for sort, ids in sorts.items() if mark.kwargs.get("ids") == ids), None)
            if name.startswith("test_") and sort is not None:
                yield name, rule, sort


RULES = {name: (rule, sort) for name, rule, sort in rules() if "file_is_called" not in name}


def is_for(sort: str, scenario: Scenario) -> bool:
    mends = library.to_mend(scenario)
    return (
        sort == "any" or (sort == "to mend" and mends) or (sort == "long" and mends and not library.is_short(scenario))
    )


@pytest.mark.parametrize("name", RULES)
def test_what_holds_for_the_library_holds_for_random_incidents(name: str) -> None:
    rule, sort = RULES[name]
    roles = [{"role": role} for role in ("incident_commander", "solutioneer", "communications")]
    for seed in SEEDS:
        scenario = made(seed)
        for more in roles if "role" in inspect.signature(rule).parameters else [{}]:
            if is_for(sort, scenario):
                rule(scenario=scenario, **more)


def test_the_library_has_rules_to_hold_to() -> None:
    assert len(RULES) >= 20
    assert {sort for _, sort in RULES.values()} == {"any", "long", "to mend"}


@pytest.mark.parametrize("severity", [None, *SEVERITIES])
def test_no_check_finds_anything_not_even_a_warning(severity: int | None) -> None:
    for seed in SEEDS if severity is None else FEW:
        source = parse(text(seed, severity).encode(), f"random-{seed}.yaml")
        problems = check_scenario(subject_of(read_as(Scenario, "scenario", source)))
        assert [str(problem) for problem in problems] == []


def test_what_is_written_reads_back_as_the_same_scenario() -> None:
    for seed in SEEDS:
        assert read_back(text(seed)) == made(seed)


@pytest.mark.parametrize("first", [0, 1, 30])
def test_thirty_seeds_in_a_row_are_thirty_incidents(first: int) -> None:
    told = Counter(tuple(inject.text for inject in made(seed).injects) for seed in range(first, first + 30))
    assert set(told.values()) == {1}


@pytest.mark.parametrize("severity", [None, *SEVERITIES])
def test_seeds_near_each_other_have_different_faults(severity: int | None) -> None:
    faults = [fault_of(made(seed, severity)) for seed in range(30)]
    for one, other in combinations(range(30), 2):
        assert other - one > 5 or faults[one] != faults[other], (one, other)


def test_databases_and_dns_are_called_as_engineers_call_them() -> None:
    odd = re.compile(r"original and (the )?replica|the replica the original|name service|\bmend(s|ed|ing)?\b")
    for seed, severity in product(FEW, SEVERITIES):
        found = odd.search(text(seed, severity))
        assert not found, found


def fault_of(scenario: Scenario) -> tuple[frozenset[str], frozenset[str]]:
    """What a fault leaves in a scenario: its tags, without those of the harm, and what changes the impact."""
    harms = {tag for harm in map(stock.harm, HARMS) for tag in harm.tags}
    return frozenset(scenario.tags) - harms, frozenset(one.id for one in scenario.actions if one.effect != "nothing")


def test_a_file_begins_with_a_word_to_its_facilitator() -> None:
    for seed in range(20):
        first, blank, second = text(seed).split("\n")[:3]
        assert first.startswith(f"# Made at random from seed {seed}: ")
        assert (blank, second[:22]) == ("#", "# For the facilitator:")


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_severity_and_difficulty_are_as_asked_for(severity: int, difficulty: Difficulty) -> None:
    for seed in range(10):
        scenario = made(seed, severity, difficulty)
        assert scenario.severity_at(0) == severity
        assert scenario.difficulty == difficulty


def test_a_harder_one_needs_more_clues_and_has_more_that_leads_nowhere() -> None:
    def clues(difficulty: Difficulty) -> float:
        fixes = [
            action for seed in range(40) for action in made(seed, 1, difficulty).actions if action.effect == "fixes"
        ]
        return sum(len(fix.needs) for fix in fixes) / len(fixes)

    def strays(difficulty: Difficulty) -> int:
        return sum(action.herring for seed in range(40) for action in made(seed, 1, difficulty).actions)

    assert clues("easy") < clues("medium") < clues("hard")
    assert strays("easy") < strays("medium") < strays("hard")


@pytest.mark.parametrize("seed", EXTREMES)
def test_any_seed_will_do(seed: int) -> None:
    assert read_back(random_text(seed)) == made(seed)


@pytest.mark.parametrize(
    ("seed", "severity", "difficulty", "said"),
    [
        (-1, None, None, "a seed is"),
        (2**63, None, None, "a seed is"),
        (1, 4, None, "one of 0, 1, 2, 3"),
        (1, 1, "very", "easy"),
    ],
)
def test_what_cannot_be_made_is_refused(
    seed: int, severity: int | None, difficulty: Difficulty | None, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        random_scenario(seed, severity, difficulty)


def test_no_signal_is_set_to_what_cannot_be() -> None:
    for seed in SEEDS:
        scenario = made(seed)
        for action in scenario.actions:
            for name, level in action.signals.items():
                assert not isinstance(level, str)
                assert 0 <= level <= (100 if scenario.signals[name].unit == "%" else float("inf"))


def test_what_eases_lies_between_well_and_ill_and_what_worsens_beyond() -> None:
    for seed in SEEDS:
        scenario = made(seed, 1)
        name, first = next(iter(scenario.signals.items()))
        well, ill = float(first.normal), float(first.incident) if not isinstance(first.incident, str) else 65.0
        for action in scenario.actions:
            if action.effect == "eases":
                assert min(well, ill) <= float(action.signals[name]) <= max(well, ill)
            if action.effect == "worsens" and not isinstance(first.incident, str):
                assert abs(float(action.signals[name]) - well) >= abs(ill - well) * 0.99


# -- the same and different --------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    assert [text(seed) for seed in SEEDS] == [random_text(seed) for seed in SEEDS]
    bodies = {text(seed).split("\n\n", 1)[1].replace(f"random-{seed}", "") for seed in SEEDS}
    assert len(bodies) == len(SEEDS)


def test_another_severity_or_difficulty_is_another_incident() -> None:
    for seed in range(10):
        names = {
            made(seed, severity, difficulty).scenario for severity in (None, 1, 2) for difficulty in (None, "easy")
        }
        assert len(names) == 6
        solutions = {made(seed, severity).solution for severity in SEVERITIES}
        assert len(solutions) == len(SEVERITIES)


def test_the_name_does_not_say_what_was_asked_for() -> None:
    """Players see it. The same wish must not leave the same mark twice."""
    marks = [made(seed, 1).scenario.rpartition("-")[2] for seed in range(40)]
    assert len(set(marks)) > 35


def test_another_process_makes_the_same_bytes() -> None:
    """Neither the hash seed nor the locale nor the time zone has a part in it."""
    seeds = 25 if FULL else 8
    script = (
        "import json; from hashlib import sha256; from scenarios.generate import random_text; "
        f"print(json.dumps([sha256(random_text(seed).encode()).hexdigest() for seed in range({seeds})]))"
    )
    here = [sha256(text(seed).encode()).hexdigest() for seed in range(seeds)]
    for hashed, language, zone in (("1", "C", "Pacific/Kiritimati"), ("4711", "de_DE.UTF-8", "America/New_York")):
        changed = {**os.environ, "PYTHONHASHSEED": hashed, "LC_ALL": language, "LANG": language, "TZ": zone}
        told = subprocess.run([sys.executable, "-c", script], env=changed, capture_output=True, check=True, text=True)
        assert json.loads(told.stdout) == here


# -- a spread ----------------------------------------------------------------------------------------------------------


@LONG
def test_two_hundred_seeds_show_nearly_everything_there_is() -> None:
    scenarios = [made(seed) for seed in SEEDS]
    severities = Counter(scenario.severity_at(0) for scenario in scenarios)
    assert set(severities) == set(SEVERITIES)
    assert severities[1] > severities[2] > max(severities[0], severities[3])
    ways = {action.label for scenario in scenarios for action in scenario.actions if action.effect == "fixes"}
    assert len(ways) >= 30
    topics = Counter(scenario.topic for scenario in scenarios)
    assert len(topics) >= 30
    assert max(topics.values()) <= 20
    assert len({scenario.solution for scenario in scenarios}) >= 120


def test_one_sentence_is_seldom_heard_twice_in_ten_incidents() -> None:
    """A reader of ten of them should not recognize the voices."""
    shares = []
    for first in TENS:
        heard = Counter(inject.text for seed in range(first, first + 10) for inject in made(seed).injects)
        assert max(heard.values()) <= 4
        shares.append(sum(times > 1 for times in heard.values()) / len(heard))
    assert fmean(shares) < 0.15


def test_ten_seeds_in_a_row_are_ten_stories() -> None:
    for first in TENS:
        ten = [made(seed) for seed in range(first, first + 10)]
        assert Counter(one.severity_at(0) for one in ten) == {1: 6, 2: 2, 3: 1, 0: 1}
        assert len({one.solution for one in ten}) >= 9  # where a deck ends, the next may begin with the same card
        assert len({one.title for one in ten}) >= 8


def test_nobody_is_called_to_the_same_role_with_the_same_words_twice() -> None:
    for seed in SEEDS:
        texts = [inject.text for inject in made(seed).injects]
        assert len(texts) == len(set(texts))


# -- the model of the company ------------------------------------------------------------------------------------------


def test_a_fault_does_harm_only_where_something_leans_on_it() -> None:
    for kind in FAULTS:
        for harm in kind.harms:
            service = HARMS[harm].service
            assert kind.sits == OWN or kind.sits == service or kind.sits in leans_on(service), (kind.name, harm)


def test_the_services_lean_on_what_there_is_and_in_no_circle() -> None:
    for name, service in SERVICES.items():
        assert set(service.needs) <= set(SERVICES)
        assert name not in leans_on(name)
    assert dependents("database")[:3] == ["web", "booking", "login"]
    assert "login" not in dependents("payments")


def test_severity_follows_from_the_harm_by_the_protocols_definitions() -> None:
    assert severity_of("customers") == severity_of("bottom_line") == 1
    assert severity_of("operations_stopped") == 2
    assert severity_of("operations_hampered") == 3
    assert severity_of("nobody") == 0
    for seed in SEEDS:
        scenario = made(seed)
        level = scenario.severity_at(0)
        assert (scenario.customers is not None) == (level == 1)
        assert level != 2 or scenario.workaround


def test_there_are_many_kinds_of_fault_and_most_do_several_harms() -> None:
    assert len(FAULTS) >= 20
    assert sum(len(kind.harms) > 1 for kind in FAULTS) >= 22


# -- names -------------------------------------------------------------------------------------------------------------


def test_a_company_can_have_its_own_names() -> None:
    own = Names(
        names="own", company="Kehrwoche", services={"login": "Pforte", "checkout": "Kasse", "database": "Karteikasten"}
    )
    names = own.over(load_names("officeluv"))
    said = "".join(random_text(seed, 1, names=names) for seed in range(30))
    assert "Pforte" in said
    assert "Karteikasten" in said
    assert "{service_" not in said
    assert "OfficeLuv" not in said


def test_without_names_the_places_for_them_stay() -> None:
    assert "{service_" in "".join(random_text(seed, 1) for seed in range(5))
