"""What must hold of every score, whatever a team does."""

from datetime import timedelta
from itertools import pairwise, product

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scenarios.rubric import Rubric
from scoring.result import ComponentScore, Scorecard
from simulator import events as ev
from simulator.events import Event
from simulator.kinds import DECODER
from simulator.plan import DrillPlan
from tests.scoring.build import (
    INCIDENTS,
    MINUTE,
    SECOND,
    Log,
    altered,
    graded,
    item,
    plan_of,
    played,
    renumbered,
    rubric,
    scenario_of,
)
from tests.scoring.messy import messy_drills, moved
from tests.support.extent import examples, sampled
from tests.support.perfect import Timed, kind_of, perfect_acts

LOOK = settings(max_examples=examples(40), deadline=None)


def marks(card: Scorecard) -> dict[str, float | None]:
    """Every figure of a scorecard that is a judgement."""
    found = {one.id: one.score for part in card.components.values() for one in part.items}
    found |= {f"component {name}": part.score for name, part in card.components.items()}
    return {**found, "score": card.score, "uncapped": card.uncapped, "reachable": card.reachable}


# -- bounds and books --------------------------------------------------------------------------------------------------


@LOOK
@given(messy_drills())
def test_every_figure_lies_between_0_and_100(log: Log) -> None:
    card = graded(log)
    assert all(value is None or 0 <= value <= 100 for value in marks(card).values())
    assert card.score is not None
    assert card.uncapped is not None
    assert card.score == min([card.uncapped, *(cap.leaves or 0 for cap in card.caps)])
    assert all(cap.leaves is not None and cap.leaves <= cap.at_most for cap in card.caps)


@LOOK
@given(messy_drills())
def test_earned_and_lost_make_what_was_available(log: Log) -> None:
    card = graded(log)
    lost = {(line.component, line.item): line.points for line in card.ledger}
    for name, part in card.components.items():
        for one in part.items:
            if one.earned is not None:
                assert one.earned + lost.pop((name, one.id), 0.0) == pytest.approx(one.available, abs=1e-9)
            else:
                assert one.available == 0
    assert all(name == "order" for _, name in lost)
    judged = [one for part in card.components.values() for one in part.items if one.earned is not None]
    slack = 0.01 * len(judged) + 0.05
    assert sum(one.available for one in judged) == pytest.approx(100, abs=slack)
    assert 100 - sum(line.points for line in card.ledger) == pytest.approx(card.uncapped, abs=slack)


@LOOK
@given(messy_drills())
def test_what_was_not_judged_says_why_and_what_was_lost_says_how_to_do_better(log: Log) -> None:
    card = graded(log)
    seen = {event.seq for event in log.events}
    for part in card.components.values():
        assert part.score is not None or part.why
        for one in part.items:
            assert one.why
            assert set(one.evidence) <= seen
            assert (one.better is None) == (one.score in (None, 100.0)) or _nearly(part, one.id)
    assert [line.points for line in card.ledger] == sorted((line.points for line in card.ledger), reverse=True)


def _nearly(part: ComponentScore, name: str) -> bool:
    """A loss too small for the one decimal that is shown."""
    return next(one for one in part.items if one.id == name).score == 100.0


# -- what changes nothing ----------------------------------------------------------------------------------------------


@LOOK
@given(messy_drills())
def test_renaming_people_changes_nothing(log: Log) -> None:
    names = {player.id: f"p{place}" for place, player in enumerate(log.plan.players)}
    data = msgspec.json.encode(log.events).decode()
    plan = log.plan.model_dump_json(by_alias=True, exclude_none=True)
    for old, new in names.items():
        data, plan = data.replace(f'"{old}"', f'"{new}"'), plan.replace(f'"{old}"', f'"{new}"')
    events = [DECODER.decode(one) for one in msgspec.json.decode(data, type=list[msgspec.Raw])]
    renamed = Log(DrillPlan.model_validate_json(plan), events, log.head)
    assert graded(renamed) == graded(log)


@LOOK
@given(messy_drills(), st.integers(-(10**6), 10**6))
def test_shifting_the_clock_on_the_wall_changes_nothing(log: Log, minutes: int) -> None:
    later = [msgspec.structs.replace(one, wall=one.wall + timedelta(minutes=minutes)) for one in log.events]
    assert graded(Log(log.plan, later)) == graded(log)


@LOOK
@given(messy_drills(["login-outage", "shift-planning-down", "low", "nothing"]), st.integers(1, 60 * MINUTE))
def test_shifting_drill_time_changes_no_judgement(log: Log, by: int) -> None:
    ends = log.plan.scenario.ends.model_copy(update={"after": log.plan.scenario.ends.after + by})
    injects = [
        one if one.at is None else one.model_copy(update={"at": one.at + by}) for one in log.plan.scenario.injects
    ]
    scenario = altered(log.plan.scenario, ends=ends, injects=injects)
    later = [msgspec.structs.replace(one, at=one.at + by, due=None) for one in log.events]
    assert marks(graded(Log(log.plan.model_copy(update={"scenario": scenario}), later))) == marks(graded(log))


@LOOK
@given(messy_drills(), st.data())
def test_an_event_that_is_there_twice_changes_nothing(log: Log, data: st.DataObject) -> None:
    twice = data.draw(st.sets(st.integers(0, len(log.events) - 1), max_size=10))
    events = [one for place, event in enumerate(log.events) for one in [event] * (2 if place in twice else 1)]
    assert marks(graded(Log(log.plan, renumbered(events)))) == marks(graded(log))


@LOOK
@given(messy_drills(), st.sampled_from([0.001, 0.1, 3.0, 7.3, 1000.0]), st.sampled_from([0.25, 2.0]))
def test_scaling_all_weights_changes_nothing(log: Log, factor: float, within: float) -> None:
    own = {owed.id: owed.weight for table in log.plan.protocol.tables for owed in table.obligations}
    base = Rubric.model_validate({**rubric().model_dump(), "items": own})
    scaled = base.model_copy(
        update={
            "components": {name: weight * factor for name, weight in base.components.items()},
            "items": {name: weight * within for name, weight in own.items()},
        }
    )
    assert marks(graded(log, scaled)) == marks(graded(log, base))


# -- sooner is never worse ---------------------------------------------------------------------------------------------

DECISIVE: dict[str, type[Event]] = {
    "severity_declared": ev.SeverityDeclared,
    "team_alerted": ev.TeamAlerted,
    "acknowledged": ev.Acknowledged,
    "joined": ev.Joined,
    "commander_in_place": ev.RoleTaken,
    "first_log_entry": ev.EntryLogged,
    "first_external_message": ev.MessagePublished,
    "first_update": ev.UpdatePosted,
    "workaround_used": ev.WorkaroundAnnounced,
    "bug_filed": ev.BugFiled,
    "closed": ev.IncidentClosed,
    "impact_ended": ev.ImpactChanged,
}


@settings(max_examples=examples(120), deadline=None)
@given(messy_drills(), st.sampled_from(sorted(DECISIVE)), st.data())
def test_an_act_that_came_sooner_is_never_worth_less(log: Log, name: str, data: st.DataObject) -> None:
    """One event moved ahead; what its clock runs from stays before it, and the order of its kind the same."""
    card = graded(log)
    kind = DECISIVE[name]
    chosen = [event for event in log.events if isinstance(event, kind)]
    assume(chosen and any(one.id == name for part in card.components.values() for one in part.items))
    event = data.draw(st.sampled_from(chosen))
    triggers = (kind, ev.TeamAlerted, *((ev.ActionFinished,) if name in ("closed", "severity_declared") else ()))
    before = [one.at for one in log.events if one.seq < event.seq and isinstance(one, triggers)]
    earliest = max([one.at for one in log.events if isinstance(one, ev.IncidentReported)] + before)
    sooner = graded(moved(log, event, data.draw(st.integers(earliest, event.at))))
    now, then = item(sooner, name).score, item(card, name).score
    assert then is None or (now is not None and now >= then - 0.1)


KINDS = (
    "declare_severity", "alert", "acknowledge", "join", "restate", "take_role", "log", "publish", "start_action",
    "workaround", "resolve", "file_situation_report", "email", "attach", "bug", "close",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), sampled(list(product(KINDS, INCIDENTS)), 3))
def test_delaying_one_kind_of_act_never_raises_the_total(name: str, kind: str) -> None:
    """Without injects: what comes late for the protocol may come just in time for an inject.

    Where it grows, alert and restatement say no severity: what was true at first is wrong later, and the later it comes
    the shorter it stands.
    """
    plan = plan_of(altered(scenario_of(name), injects=[]))
    acts = perfect_acts(plan)
    if kind in ("alert", "restate") and len(plan.scenario.severity) > 1:
        acts = [
            Timed(at, msgspec.structs.replace(act, severity=None) if kind_of(act) == kind else act) for at, act in acts
        ]
    if not any(kind_of(timed.act) == kind for timed in acts):
        return
    scores = []
    for delay in (0, 30 * SECOND, 2 * MINUTE, 5 * MINUTE, 12 * MINUTE, 25 * MINUTE):
        late = [Timed(at + delay if kind_of(act) == kind else at, act) for at, act in acts]
        scores.append(graded(played(plan, late)).uncapped or 0.0)
    assert all(sooner >= later for sooner, later in pairwise(scores)), scores


# -- nothing is judged before its time ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INCIDENTS)
def test_nothing_is_judged_before_its_deadline(name: str) -> None:
    """While a perfect drill runs, no instant of it has lost a point or met a cap."""
    log = played(plan_of(name))
    for place in range(1, len(log.events)):
        upcoming = log.events[place]
        last = max(log.events[place - 1].at, upcoming.at - 1)
        note = ev.NoteTaken(seq=place, at=last, wall=upcoming.wall, actor="fay", text="So far.")
        card = graded(Log(log.plan, [*log.events[:place], note]))
        assert card.uncapped in (None, 100.0), (place, upcoming, card.ledger)
        assert card.caps == []
        assert card.provisional


@LOOK
@given(messy_drills(), st.data())
def test_an_unfinished_drill_judges_no_act_that_may_still_come_in_time(log: Log, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(log.events) - 1))
    card = graded(Log(log.plan, log.events[:place]))
    now = log.events[place - 1].at / SECOND
    over = any(
        isinstance(event, ev.IncidentResolved | ev.IncidentClosed | ev.PhaseBegan) for event in log.events[:place]
    )
    for part in card.components.values():
        for one in part.items:
            if one.deadline_s is not None and one.score == 0 and not over and one.id in DECISIVE:
                assert now >= (one.clock_start_s or 0) + one.deadline_s


# -- nothing can be escaped --------------------------------------------------------------------------------------------


@settings(max_examples=examples(80), deadline=None)
@given(messy_drills())
def test_no_act_makes_a_component_inapplicable(log: Log) -> None:
    def applicable(card: Scorecard) -> set[str]:
        return {name for name, part in card.components.items() if part.score is not None}

    assert applicable(graded(log)) == applicable(graded(played(log.plan)))


@settings(max_examples=examples(80), deadline=None)
@given(messy_drills(["login-outage", "checkout-outage", "billing-outage", "shift-planning-down", "grows"]))
def test_nothing_passes_that_did_not_mend_it(log: Log) -> None:
    card = graded(log)
    fixed = item(card, "impact_ended").score not in (0, None)
    assert fixed or (card.score is not None and card.score <= 59)


# -- late and never, caps and their items ------------------------------------------------------------------------------


@settings(max_examples=examples(120), deadline=None)
@given(
    st.sampled_from(INCIDENTS), st.sampled_from(sorted(DECISIVE)), st.integers(0, 40 * MINUTE), st.integers(0, MINUTE)
)
def test_what_was_done_is_never_worth_less_than_what_was_left_out(name: str, what: str, delay: int, left: int) -> None:
    """One act of the perfect drill comes late, and the scenario ends soon after it."""
    log = played(plan_of(name))
    chosen = next((event for event in log.events if isinstance(event, DECISIVE[what])), None)
    assume(chosen is not None)
    assert chosen is not None
    ends = max(chosen.at + delay + left, MINUTE)
    scenario = altered(log.plan.scenario, ends=log.plan.scenario.ends.model_copy(update={"after": ends}))
    over = ev.PhaseBegan(seq=0, at=ends, wall=log.plan.start, phase="papers")
    later = moved(log, chosen, chosen.at + delay).events
    events = [one for one in later if one.at <= ends and not isinstance(one, ev.PhaseBegan)]
    without = [one for one in events if not isinstance(one, DECISIVE[what])]
    plan = log.plan.model_copy(update={"scenario": scenario})
    done, never = (graded(Log(plan, renumbered([*some, over]))) for some in (events, without))
    for one in (one for part in done.components.values() for one in part.items if one.id == what):
        if one.score is not None and one.score < 100:
            left_out = item(never, what).score
            assert left_out is not None
            assert left_out <= one.score


@LOOK
@given(messy_drills())
def test_a_cap_never_says_more_than_the_item_that_it_rests_on(log: Log) -> None:
    acts = {"nobody_acknowledged": "acknowledged", "impact_not_ended": "impact_ended", "harm_done": "no_harm"}
    card = graded(log)
    for cap in card.caps:
        if cap.id in acts:
            assert item(card, acts[cap.id]).score == 0
        else:
            assert (item(card, "severity_judged").score or 0) < 100
