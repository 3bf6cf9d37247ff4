"""What a changed schedule moves: exactly the slots that are otherwise, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from drills.planning.calendar.changes import changes
from drills.planning.calendar.slots import Slot
from scenarios.schedule import Schedule
from tests.drills.planning.calendar.schedules import cases, planned, schedule


def stands(slot: Slot | None) -> object:
    """What people would notice of a slot: nothing of one that is left out, or not there."""
    if slot is None or slot.skipped:
        return None
    people = {role: one.member for role, one in slot.leads.items()}
    return slot.start, slot.last, slot.minutes, people, slot.scenario


@given(cases(), st.data())
def test_exactly_what_is_otherwise_is_listed(case: tuple[Schedule, object, object], data: st.DataObject) -> None:
    what, who, away = case
    other = data.draw(cases())[0].drills
    kept = data.draw(st.lists(st.sampled_from(what.drills), unique_by=lambda one: one.id))
    new = {one.id: one for one in [*kept, *data.draw(st.lists(st.sampled_from(other), unique_by=lambda one: one.id))]}
    after_that = what.model_copy(update={"drills": list(new.values()) or what.drills})
    before, after = (planned(one, who, last="2027-02-15", away=away) for one in (what, after_that))  # type: ignore[arg-type]
    old, young = ({one.name: one for one in slots} for slots in (before, after))
    wanted = {name for name in {*old, *young} if stands(old.get(name)) != stands(young.get(name))}
    found = list(changes(before, after))
    assert {one.slot.name for one in found} == wanted
    assert len(found) == len(wanted)
    for one in found:
        there = (stands(one.before) is not None, stands(one.after) is not None)
        assert there == {"comes": (False, True), "goes": (True, False)}.get(one.what, (True, True))


def test_what_stays_at_its_time_with_other_people_has_changed_and_has_not_moved() -> None:
    weekly = {"every": "week", "on": "tue", "at": "10:00"}
    others = {**weekly, "turns": {"first_responder": {"among": ["dee"]}}}
    later = {**weekly, "at": "11:00"}
    before = planned(schedule(weekly), last="2027-01-05")
    assert [one.what for one in changes(before, planned(schedule(others), last="2027-01-05"))] == ["changes"]
    assert [one.what for one in changes(before, planned(schedule(later), last="2027-01-05"))] == ["moves"]
    assert list(changes(before, before)) == []
