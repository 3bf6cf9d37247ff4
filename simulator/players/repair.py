"""Looking, fixing and saying that it is fixed."""

from scenarios.scenario import Action
from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act
from simulator.players.common import can_wait, holders, owed, recorder, settle
from simulator.players.persona import Minds, Turn
from simulator.state import RESPOND, DrillState


def delegate(turn: Turn) -> Act | None:
    """Ask a solutioneer for the next look."""
    free = [
        p
        for p in holders(turn.minds, turn.state, turn.state.plan.protocol.solver)
        if p is not turn.player and p.id in turn.state.joined
    ]
    todo = useful(turn.state, taken(turn.state))
    if not free or todo is None or turn.player.id not in turn.state.joined or turn.state.phase != RESPOND:
        return None
    return do.Delegate(who=turn.player.id, id=turn.key, to=free[0].id, text=todo.label)


def on_delegated(minds: Minds, event: ev.TaskDelegated, state: DrillState) -> None:
    """A player who is asked goes to work."""
    player = minds.reached(event.to)
    if player is not None:
        minds.intend(player, "work", event.at, state)


def taken(state: DrillState) -> set[str]:
    """Actions that somebody has done or is doing."""
    return {*state.done, *(run.action for run in state.running.values())}


def useful(state: DrillState, taken: set[str]) -> Action | None:
    """The next look that leads to the fix, that nobody has taken yet and that is ready to be taken."""
    for action in state.plan.scenario.way_to_cure:
        if action.id not in taken and all(need in state.done for need in action.needs):
            return action
    return None


def work(turn: Turn) -> Act | None:
    """Begin the next action."""
    if turn.player.id in turn.state.running or turn.state.phase != RESPOND or turn.state.impact == "ended":
        return None
    if turn.state.later is not None and turn.state.later.impact == "ended":
        return None  # it is fixed, and only has to take hold
    action = _next_action(turn)
    return None if action is None else do.StartAction(who=turn.player.id, id=turn.key, action=action.id)


def _next_action(turn: Turn) -> Action | None:
    state, number = turn.state, turn.intention.number
    known, scenario, busy = turn.player.figures, state.plan.scenario, taken(state)
    for cure in _cures_left(state, busy):
        ready = all(need in state.done for need in cure.needs)
        if ready and turn.minds.happens(known.mistakes, turn.player, "mistake", number):
            wrong = next((a for a in scenario.actions if a.effect == "worsens" and a.id not in busy), None)
            if wrong is not None:
                return wrong
        if ready or (state.done and turn.minds.happens(known.rushes, turn.player, "rush", number)):
            return cure
    if turn.minds.happens(known.strays, turn.player, "stray", number):
        strays = [a for a in scenario.actions if a.herring and a.id not in busy]
        if strays:
            return strays[number % len(strays)]
    next_look = useful(state, busy)
    if next_look is not None:
        return next_look
    return next(
        (
            action
            for action in scenario.actions
            if action.effect == "eases" and action.id not in busy and all(need in state.done for need in action.needs)
        ),
        None,
    )


def _cures_left(state: DrillState, busy: set[str]) -> list[Action]:
    """What ends the impact and is still to be done; if all was done and broken again, all once more."""
    cures = state.plan.scenario.cures
    if all(cure.id in state.done for cure in cures):
        running = {run.action for run in state.running.values()}
        return [cure for cure in cures if cure.id not in running]
    return [cure for cure in cures if cure.id not in busy]


def on_started(minds: Minds, event: ev.ActionStarted, state: DrillState) -> None:
    """A player who follows the runbook ticks off its steps on the way."""
    action = state.plan.scenario.action(event.action)
    player = minds.reached(event.actor)
    if player is None or action is None or action.runbook is None:
        return
    if not minds.happens(player.figures.follows, player, "follow", event.run):
        return
    book, _, name = action.runbook.partition("/")
    runbook = state.plan.runbook(book)
    procedure = runbook.procedure(name) if runbook is not None else None
    steps = len(procedure.steps) if procedure is not None else 0
    for step in range(1, steps + 1):
        due = event.at + (event.ends - event.at) * step // (steps + 1)
        minds.intend_at(player, "step", due, (action.runbook, step))


def step(turn: Turn) -> Act | None:
    """Tick off a step."""
    procedure, number = turn.intention.about
    if turn.player.id not in turn.state.running:
        return None
    return do.TickStep(who=turn.player.id, id=turn.key, procedure=procedure, step=number)


def on_finished(minds: Minds, event: ev.ActionFinished, state: DrillState) -> None:
    """Findings are reported; everyone free looks for what is next."""
    player = minds.reached(event.actor)
    if state.phase != RESPOND:
        return
    if player is not None and player.id in state.joined:
        writer = next(iter(holders(minds, state, recorder(state, event.at))), player)
        minds.intend(writer, "report", event.at, state, (event.action, event.shows))
        if any(task.to == player.id for task in state.tasks.values()):
            minds.intend(player, "done", event.at, state)
    if can_wait(state):
        settle(minds, event, state)
    for solver in holders(minds, state, state.plan.protocol.solver):
        if solver.id not in state.running:
            minds.intend(solver, "work", event.at, state)
    leader = minds.leader(state)
    if state.alerted_at is not None and leader is not None and not owed(state, event.at) & {"impact_ended"}:
        minds.intend(leader, "reconsider", event.at, state)


def report(turn: Turn) -> Act | None:
    """Log what was found."""
    name, shows = turn.intention.about
    action = turn.state.plan.scenario.action(name)
    if action is None or not turn.minds.happens(
        turn.player.figures.writes, turn.player, "write", turn.intention.number
    ):
        return None
    first = shows.partition("\n")[0]
    return do.LogEntry(who=turn.player.id, id=turn.key, text=f"{action.label}: {first or 'done'}")


def done(turn: Turn) -> Act | None:
    """Say that a delegated task is done."""
    mine = [number for number, task in turn.state.tasks.items() if task.to == turn.player.id]
    if not mine or turn.skipped:
        return None
    return do.FinishTask(who=turn.player.id, id=turn.key, task=min(mine))


def on_impact(minds: Minds, event: ev.ImpactChanged, state: DrillState) -> None:
    """A fixed incident can be resolved; one that is not is worked on."""
    if state.phase != RESPOND:
        return
    leader = minds.leader(state)
    over = state.plan.scenario.felt_until(event.at) if event.impact == "ended" else event.at
    if leader is not None and event.impact == "ended":
        minds.intend(leader, "resolve", over, state)
    if (
        leader is not None
        and event.impact == "eased"
        and minds.happens(leader.figures.premature, leader, "premature", event.seq)
    ):
        minds.intend(leader, "resolve", event.at, state, "premature")
    if event.impact == "ended":
        speaker = next(iter(holders(minds, state, state.plan.protocol.spokesperson)), None)
        if speaker is not None:
            minds.intend(speaker, "draft", over, state)
    else:
        for player in holders(minds, state, state.plan.protocol.solver):
            minds.intend(player, "work", event.at, state)


def resolve(turn: Turn) -> Act | None:
    """Declare it resolved, unless it is one that is filed and closed."""
    if can_wait(turn.state) and "closed" in owed(turn.state, turn.at):
        return None
    if turn.state.phase != RESPOND or (turn.state.impact != "ended" and turn.intention.about != "premature"):
        return None
    return do.Resolve(who=turn.player.id, id=turn.key, text=f"Resolved: {turn.state.plan.scenario.topic}.")
