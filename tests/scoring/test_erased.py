"""A drill is worth the same when its texts are erased, and when its people have other names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from scoring.result import Scorecard
from scoring.scorecard import grade
from simulator.log import DrillLog
from simulator.plan import Profile
from simulator.upgrade import renamed
from tests.scenarios.shipped import names
from tests.scoring.build import Log
from tests.scoring.messy import messy_drills
from tests.simulator.build import library_plan, played
from tests.support.extent import examples

PROFILES: tuple[tuple[Profile, ...], ...] = (("good", "poor"), ("average", "absent", "expert"), ("poor",))


@pytest.mark.parametrize(("place", "name"), list(enumerate(names("incidents"))))
def test_every_drill_of_the_library_scores_alike_without_its_texts(place: int, name: str) -> None:
    plan = library_plan(name, seed=place, profiles=PROFILES[place % 3])
    log = DrillLog.reproducible(plan, played(plan).events)
    bare = DrillLog.read(log.data)
    assert bare.erased == len(log.texts)
    assert grade(bare, people=True) == grade(log, people=True)


@settings(max_examples=examples(60))
@given(messy_drills(), st.data())
def test_a_drill_scores_alike_whichever_texts_are_erased(played_log: Log, data: st.DataObject) -> None:
    log = DrillLog.reproducible(played_log.plan, played_log.events)
    kept = [text for text in log.texts if data.draw(st.booleans())]
    assert grade(DrillLog.read(log.data, kept), people=True) == grade(log, people=True)


@settings(max_examples=examples(60))
@given(messy_drills(), st.data())
def test_a_drill_scores_alike_with_other_ids(played_log: Log, data: st.DataObject) -> None:
    people = [*(player.id for player in played_log.plan.players), *played_log.plan.facilitators]
    ranks = data.draw(st.permutations(range(len(people))))  # their order by name is another, too
    ids = {name: f"p-{rank:02}" for name, rank in zip(people, ranks, strict=True)}
    log = DrillLog.reproducible(played_log.plan, played_log.events)
    other = DrillLog.reproducible(*renamed(log.plan, log.events, ids))
    assert not any(f'"{name}"'.encode() in other.data for name in people)
    assert grade(other, people=True) == called(grade(log, people=True), ids, other.head)
    back = renamed(other.plan, other.events, {new: old for old, new in ids.items()})
    assert back == (log.plan, list(log.events))


@pytest.mark.parametrize("name", names("incidents"))
def test_every_drill_of_the_library_scores_alike_with_other_ids(name: str) -> None:
    plan = library_plan(name, profiles=("average", "good"))
    log = DrillLog.reproducible(plan, played(plan).events)
    ids = {player.id: f"p-{rank:02}" for rank, player in enumerate(reversed(plan.players))}
    other = DrillLog.reproducible(*renamed(log.plan, log.events, ids))
    assert grade(other, people=True) == called(grade(log, people=True), ids, other.head)


def test_two_people_do_not_become_one() -> None:
    plan = library_plan("login-outage")
    with pytest.raises(ValueError, match="two people of the drill would have the id 'ben'"):
        renamed(plan, (), {"ana": "ben"})


def called(card: Scorecard, ids: dict[str, str], head: str) -> Scorecard:
    """A scorecard of people who have other ids."""
    people = card.people or {}
    return structs.replace(card, log=head, people={ids[name]: ledger for name, ledger in people.items()})
