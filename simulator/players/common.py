"""What everything that simulated players do builds on."""

from collections.abc import Iterable

from scenarios.protocol import Duty
from simulator.events import Event
from simulator.players.persona import Minds, SimulatedPlayer
from simulator.state import RESPOND, DrillState


def holders(minds: Minds, state: DrillState, role: str | None) -> Iterable[SimulatedPlayer]:
    """The simulated players who hold a role now."""
    return (minds.players[name] for name in state.roles.get(role or "", {}) if name in minds.players)


def recorder(state: DrillState, at: int) -> str | None:
    """The role that keeps the log, if the protocol has one that does nothing else."""
    table = state.plan.protocol.table(state.plan.scenario.severity_at(at))
    owner = next((duty.owner for duty in table.obligations if duty.act == "logged"), None) if table else None
    return owner if owner in state.roles and owner != state.plan.protocol.solver else None


def demanded(state: DrillState, severity: int) -> frozenset[Duty]:
    """What a severity demands."""
    table = state.plan.protocol.table(severity)
    return table.acts if table else frozenset()


def owed(state: DrillState, at: int) -> frozenset[Duty]:
    """What the true severity demands."""
    return demanded(state, state.plan.scenario.severity_at(at))


def can_wait(state: DrillState) -> bool:
    """Whether it is declared to be something that nobody is called for."""
    return state.severity is not None and "team_alerted" not in demanded(state, state.severity)


def decider(minds: Minds, state: DrillState, actor: str | None) -> SimulatedPlayer | None:
    """The simulated player who decides what comes next: the commander, or else the one with the report who just acted.

    If that is a person, they decide themselves.
    """
    if state.commander is None and actor in state.reported:
        return minds.reached(actor)
    return minds.leader(state)


def settle(minds: Minds, event: Event, state: DrillState) -> None:
    """A bug is filed first and then closed; some forget to file it and close it at once."""
    player = decider(minds, state, event.actor)
    duties = owed(state, event.at)
    if player is None or state.phase != RESPOND:
        return
    forgets = minds.happens(player.figures.skips, player, "forget to file", 0)
    if "bug_filed" in duties and not state.bug_filed and not forgets:
        minds.intend(player, "bug", event.at, state)
    elif "closed" in duties:
        minds.intend(player, "close", event.at, state)
