"""What all that simulated players do leans on."""

from collections.abc import Iterable

from scenarios.protocol import Duty
from simulator.minds import Minds, SimulatedPlayer
from simulator.state import DrillState


def holders(minds: Minds, state: DrillState, role: str | None) -> Iterable[SimulatedPlayer]:
    """The simulated players who hold a role now."""
    return (minds.players[name] for name in state.roles.get(role or "", {}) if name in minds.players)


def owed(state: DrillState, at: int) -> frozenset[Duty]:
    """What the true severity demands."""
    table = state.plan.protocol.table(state.plan.scenario.severity_at(at))
    return table.acts if table else frozenset()
