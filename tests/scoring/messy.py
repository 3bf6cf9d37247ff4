"""Drills as real teams play them: the perfect one with acts left out, delayed, repeated, and a few mistakes."""

from collections.abc import Sequence

import msgspec
from hypothesis import strategies as st

from simulator import acts as do
from simulator.events import Event
from simulator.plan import DrillPlan
from tests.scoring.build import INCIDENTS, MINUTE, Log, plan_of, played, renumbered
from tests.support.perfect import Timed, kind_of, perfect_acts

TEAMS = ("small", "officeluv")


@st.composite
def messy_drills(draw: st.DrawFn, incidents: Sequence[str] = INCIDENTS) -> Log:
    """A whole drill, played by the real engine."""
    plan = plan_of(draw(st.sampled_from(incidents)), draw(st.sampled_from(TEAMS)))
    return played(plan, draw(messy_acts(plan)), answers=draw(st.booleans()))


@st.composite
def messy_acts(draw: st.DrawFn, plan: DrillPlan) -> list[Timed]:
    """A timetable bent out of shape."""
    perfect = perfect_acts(plan)
    kinds = sorted({kind_of(timed.act) for timed in perfect})
    dropped = draw(st.sets(st.sampled_from(kinds), max_size=4))
    delays = draw(st.dictionaries(st.sampled_from(kinds), st.integers(0, 15 * MINUTE), max_size=5))
    lost = draw(st.sets(st.integers(0, len(perfect) - 1), max_size=6))
    kept = [
        Timed(at + delays.get(kind_of(act), 0), act)
        for place, (at, act) in enumerate(perfect)
        if kind_of(act) not in dropped and place not in lost
    ]
    return [*kept, *draw(mistakes(plan))]


@st.composite
def mistakes(draw: st.DrawFn, plan: DrillPlan) -> list[Timed]:
    """Acts that a perfect team would not do."""
    who = st.sampled_from([player.id for player in plan.players])
    times = st.integers(30_000, 20 * MINUTE)
    actions = [action.id for action in plan.scenario.actions]
    roles = [role.id for role in plan.protocol.roles]
    wrong = st.one_of(
        st.builds(do.StartAction, who=who, action=st.sampled_from(actions)),
        st.builds(do.DeclareSeverity, who=who, severity=st.sampled_from([0, 1, 2, 3])),
        st.builds(do.AlertTeam, who=who),
        st.builds(do.ReleaseRole, who=who, role=st.sampled_from(roles)),
        st.builds(do.TakeRole, who=who, role=st.sampled_from(roles)),
        st.builds(do.Publish, who=who, text=st.just("We look into it."), next_in=st.sampled_from([None, 0, 60_000])),
        st.builds(do.Resolve, who=who),
        st.builds(do.CloseIncident, who=who, reason=st.just("It went away.")),
        st.builds(do.Say, who=who, text=st.just("Hm.")),
    )
    return draw(st.lists(st.builds(Timed, times, wrong), max_size=4))


def moved(log: Log, event: Event, to: int) -> Log:
    """The log in which one event happened at another drill time."""
    changed = [msgspec.structs.replace(one, at=to, due=None) if one is event else one for one in log.events]
    return Log(log.plan, renumbered(sorted(changed, key=lambda one: one.at)))
