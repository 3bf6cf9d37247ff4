"""The stock of random incidents: every piece is there, is meant for something, and fits wherever it can come."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from scenarios.base import Model
from scenarios.checks.scenario import check_scenario
from scenarios.generate import DIFFICULTIES, models, stock
from scenarios.generate.actions import ANYWHERE
from scenarios.generate.build import draft_of, put_together
from scenarios.generate.company import HARMS, SERVICES
from scenarios.generate.draft import common_words, people
from scenarios.generate.draws import Dice
from scenarios.generate.faults import FAULTS, Kind
from scenarios.generate.phrases import Phrases
from scenarios.generate.write import written
from scenarios.load import read_as, subject_of
from scenarios.placeholders import BUILT_IN_NAMES, fill, names_in
from scenarios.scenario import Scenario
from scenarios.source import Plain, parse
from simulator.matching import which_action
from tests.scenarios.shipped import LIBRARY
from tests.support.extent import sampled

MATERIAL = LIBRARY.parent / "generate" / "material"
ALARMS = ("false-alarms", "for-the-sprint")
TALKS = ("grave", "inside")

every_kind = pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.name)


def voices(node: object) -> Iterator[models.Voice]:
    """Every voice in a piece of the stock."""
    if isinstance(node, models.Voice):
        yield node
    elif isinstance(node, Model):
        for name in type(node).model_fields:
            yield from voices(getattr(node, name))
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from voices(inner)


def test_every_file_of_the_stock_is_used_and_every_name_has_one() -> None:
    files = {path.relative_to(MATERIAL).as_posix() for path in MATERIAL.rglob("*") if path.is_file()}
    wanted = {f"faults/{kind.name}.yaml" for kind in FAULTS} | {f"harms/{name}.yaml" for name in HARMS}
    wanted |= {f"{name}.yaml" for name in (*ALARMS, *TALKS, "looks", "reflexes")}
    assert files == wanted


@every_kind
def test_a_fault_says_its_name_and_what_it_means_for_each_harm(kind: Kind) -> None:
    fault = stock.fault(kind.name)
    assert fault.fault == kind.name
    assert not fault.cases or set(fault.cases) == set(kind.harms)
    for harm in kind.harms:
        assert kind.manner in stock.harm(harm).manners
    assert (kind.share == "some") == bool(fault.some)
    assert not fault.some or kind.share == "some"


@every_kind
def test_a_fault_is_found_by_looks_that_there_are(kind: Kind) -> None:
    fault, looks = stock.fault(kind.name), {look.look for look in stock.looks()}
    clues = {clue.look for clue in fault.clues}
    reflexes = {reflex.reflex for reflex in stock.reflexes()}
    assert clues <= looks
    assert len(clues) == len(fault.clues)
    for act in (fault.eases, fault.fixes, *fault.worsens):
        assert set(act.needs) <= clues
    assert set(fault.without) <= looks | reflexes
    acts = [fault.eases.id, fault.fixes.id, *(act.id for act in fault.worsens)]
    assert set(acts) & reflexes <= set(fault.without)
    assert fault.fixes.runbook is not None


@every_kind
def test_no_word_of_a_fault_hides_one_that_others_use(kind: Kind) -> None:
    fault = stock.fault(kind.name)
    own = set(fault.words) | {name for figures in fault.sets for name in figures}
    own |= {name for cases in fault.cases.values() for case in cases for name in case}
    others = set(common_words(Dice(1, ""))) | {name for harm in HARMS for name in stock.harm(harm).words}
    assert own & others == set()
    assert len({frozenset(figures) for figures in fault.sets}) <= 1
    assert len({frozenset(case) for cases in fault.cases.values() for case in cases}) <= 1


def test_looks_and_reflexes_are_of_parts_that_there_are_and_name_faults_that_there_are() -> None:
    kinds = {kind.name for kind in FAULTS}
    manners = {kind.manner for kind in FAULTS}
    for look in stock.looks():
        assert look.of is None or look.of in SERVICES
        for innocent in look.innocent:
            assert set(innocent.unless) <= kinds
            assert set(innocent.harms) <= set(HARMS)
            assert set(innocent.manners) <= manners
    for reflex in stock.reflexes():
        assert reflex.of is None or reflex.of in SERVICES
        assert set(reflex.unless) <= kinds
        assert set(reflex.harms) <= set(HARMS)
        assert set(reflex.manners) <= manners
        assert set(reflex.needs) <= {look.look for look in stock.looks()}
    assert set(ANYWHERE) <= set(SERVICES)


def test_no_two_voices_have_one_id() -> None:
    """Their ids become those of injects, of which each is there once."""
    pieces = [
        *(stock.fault(kind.name) for kind in FAULTS),
        *(stock.harm(name) for name in HARMS),
        *(stock.talk(name) for name in TALKS),
        *stock.reflexes(),
    ]
    ids = Counter(voice.id for voice in voices(pieces))
    assert [name for name, times in ids.items() if times > 1] == []
    actions = {look.look for look in stock.looks()} | {reflex.reflex for reflex in stock.reflexes()}
    actions |= {act.id for kind in FAULTS for act in acts_of(stock.fault(kind.name))}
    assert set(ids) & actions == set()


def acts_of(fault: models.Fault) -> list[models.Act]:
    return [fault.eases, fault.fixes, *fault.worsens]


@pytest.mark.parametrize("name", ALARMS)
def test_in_an_alarm_every_id_is_there_once_and_needs_a_look_of_its_own(name: str) -> None:
    alarms = stock.alarms(name)
    assert len({alarm.alarm for alarm in alarms.alarms}) == len(alarms.alarms) >= 6
    shared = [voice.id for voice in (*alarms.called, *alarms.too_grave, *alarms.too_light)]
    for alarm in alarms.alarms:
        looks = [look.id for look in alarm.looks]
        ids = [*looks, alarm.worsens.id, *(voice.id for voice in alarm.voices), *shared]
        ids += [voice.id for voice in alarm.worsens.follow]
        assert len(set(ids)) == len(ids)
        assert set(alarm.worsens.needs) <= set(looks)
        assert sum(look.clue for look in alarm.looks) >= 2


@every_kind
def test_every_fault_can_do_every_one_of_its_harms_at_every_difficulty(kind: Kind) -> None:
    """Each is put together with a few seeds: no slot is left over, and no check finds anything."""
    for harm, difficulty, seed in sampled(list(product(kind.harms, DIFFICULTIES, range(2))), 11):
        draft = draft_of(Dice(seed, f"{harm} {difficulty}"), difficulty, kind, harm)
        data, note = put_together("random-test", draft)
        text = written(Scenario.model_validate(data), note)
        assert "<<" not in text
        assert ">>" not in text.replace(">>>", "")
        source = parse(text.encode(), f"{kind.name} {harm} {difficulty} {seed}")
        problems = check_scenario(subject_of(read_as(Scenario, "scenario", source)))
        assert [str(problem) for problem in problems] == []


@every_kind
def test_own_words_mean_the_action_that_they_belong_to_or_none(kind: Kind) -> None:
    for harm, difficulty in sampled(list(product(kind.harms, DIFFICULTIES)), 5):
        draft = draft_of(Dice(5, f"{harm} {difficulty}"), difficulty, kind, harm)
        scenario = Scenario.model_validate(put_together("random-test", draft)[0])
        for action in scenario.actions:
            for words in (action.label, *action.also):
                meant = which_action(words, scenario.actions)
                assert meant is None or meant.id == action.id, (words, meant)


# -- texts -------------------------------------------------------------------------------------------------------------


def texts(node: Plain) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from texts(inner)


def all_texts() -> list[tuple[str, str]]:
    files = sorted(MATERIAL.rglob("*.yaml"))
    return [(path.name, text) for path in files for text in texts(parse(path.read_bytes(), path.name).data)]


def test_the_company_and_its_people_have_no_names_of_their_own() -> None:
    fixed = re.compile(r"OfficeLuv|officeluv|Heroku|Paylane|Support desk|TODO|\bXXX\b")
    assert [(name, text) for name, text in all_texts() if fixed.search(text)] == []


def test_slots_are_closed_and_hold_no_other() -> None:
    for name, text in all_texts():
        assert text.count("<<") == text.count(">>"), (name, text)
        assert not re.search(r"<<[^>]*<<", text), (name, text)


def test_an_article_before_a_slot_fits_what_comes() -> None:
    """`a <<thing>>` is wrong before an order; `<<a thing>>` is right before anything."""
    named = re.compile(r"\b[Aa]n? <<(thing|job|person|service)>>")
    assert [(name, text) for name, text in all_texts() if named.search(text)] == []


def test_a_slot_draws_the_same_word_for_the_same_seed_and_words_can_be_filled_up_for_tables() -> None:
    phrases = Phrases(Dice(3, "test"), {"thing": "order", "log": "an <<thing>>"})
    assert phrases.say("<<a thing>>, <<A thing>>, <<Thing>>", "x") == "an order, An order, Order"
    assert phrases.say("[<<thing:8>>]", "x") == "[order   ]"
    assert phrases.say("<<log>>", "x") == "an order"
    drawn = {phrases.say("<<red|green|blue>>", f"key {number}") for number in range(30)}
    assert drawn == {"red", "green", "blue"}
    assert phrases.say("<<red|green|blue>>", "key 1") == phrases.say("<<red|green|blue>>", "key 1")
    with pytest.raises(KeyError, match="nobody says what <<nonsense>> is"):
        phrases.say("<<nonsense>>", "x")


def test_neighbouring_seeds_are_dealt_different_cards() -> None:
    cards = list(range(10))
    for first in (0, 10, 70):
        assert {Dice(seed, "test").dealt("x", cards) for seed in range(first, first + 10)} == set(cards)
    hands = [Dice(seed, "test").deck("x", cards, hand=5)[:5] for seed in (4, 5)]
    assert sorted(hands[0] + hands[1]) == cards
    assert Dice(7, "test").dealt("x", ["only"]) == "only"


def test_braces_hold_names_that_are_known_and_nothing_else() -> None:
    known = {*people(Dice(1, "")), "accounts", "tickets", "error_rate"}
    known |= {*stock.standard_names().values(), *BUILT_IN_NAMES}
    for name, text in all_texts():
        assert set(names_in(text)) <= known, (name, text)
        assert not set(fill(text, dict.fromkeys(known, "x"))) & set("{}"), (name, text)


@pytest.mark.parametrize("file", sorted(MATERIAL.rglob("*.yaml")), ids=lambda file: file.stem)
def test_a_label_is_a_whole_one(file: Path) -> None:
    """In a list between brackets a comma ends an item: what comes behind it would become a label of its own."""
    labels = re.findall(r"^\s+label: \[(.+)\]$", file.read_text(encoding="utf-8"), re.MULTILINE)
    parts = [part for label in labels for part in re.findall(r'\s*("[^"]*"|[^,]+)(?:,|$)', label)]
    assert [part for part in parts if not re.match(r'"?[A-Z<{]', part)] == []
