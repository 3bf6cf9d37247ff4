"""From the report to a team in its roles."""

from collections.abc import Iterable

from scenarios.placeholders import fill
from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act
from simulator.events import Event
from simulator.players.common import can_wait, decider, owed, recorder, settle
from simulator.players.persona import Minds, SimulatedPlayer, Turn
from simulator.state import RESPOND, DrillState


def on_reported(minds: Minds, event: ev.IncidentReported | ev.ReportEscalated, state: DrillState) -> None:
    """The player whom the report reaches judges it."""
    player = minds.reached(event.to)
    if player is not None:
        minds.intend(player, "judge", event.at, state)


def judge(turn: Turn) -> Act | None:
    """Say how grave it is; some are wrong at first."""
    if turn.state.severity is not None:
        return None
    true = turn.state.plan.scenario.severity_at(turn.at)
    severity = true
    if turn.minds.happens(turn.player.figures.misjudge, turn.player, "misjudge", turn.intention.number):
        others = _near(true, [known.level for known in turn.state.plan.protocol.severities])
        severity = (
            others[int(turn.minds.happens(0.5, turn.player, "how", turn.intention.number)) % len(others)]
            if others
            else true
        )
    return do.DeclareSeverity(who=turn.player.id, id=turn.key, severity=severity)


def on_declared(minds: Minds, event: ev.SeverityDeclared, state: DrillState) -> None:
    """For a grave incident the team is called; a lesser one is looked into first, and then settled."""
    _gather_for(minds, event, state)
    player = minds.reached(event.actor)
    if player is not None:
        scenario = state.plan.scenario
        if event.severity != scenario.severity_at(event.at):
            minds.intend(player, "reconsider", event.at, state)
        for span in scenario.severity:
            if span.since > event.at:
                minds.intend(player, "reconsider", span.since, state)
        if not can_wait(state) and state.alerted_at is None:
            minds.intend(player, "alert", event.at, state)
    if can_wait(state):
        _deal_with(minds, event, state)


def _deal_with(minds: Minds, event: Event, state: DrillState) -> None:
    """What can wait is looked into before it is settled, if there is anything to look at."""
    if state.done or all(action.effect != "nothing" for action in state.plan.scenario.actions):
        settle(minds, event, state)
        return
    player = decider(minds, state, event.actor)
    if player is not None:
        minds.intend(player, "look", event.at, state)


def _near(true: int, levels: list[int]) -> list[int]:
    """The two levels that people mistake the true one for; for a false alarm the gravest, which frighten most."""
    others = [level for level in levels if level != true]
    return sorted(sorted(others, key=lambda level: abs(level - true))[:2])


def _gather_for(minds: Minds, event: ev.SeverityDeclared, state: DrillState) -> None:
    """A graver severity may demand roles that nobody holds yet; those in the channel who can be spared notice."""
    table = state.plan.protocol.table(event.severity)
    if table is None or all(state.roles[role] for role in table.roles):
        return
    alone = {next(iter(state.roles[role])) for role in table.roles if len(state.roles[role]) == 1}
    there = [name for name in state.joined if name not in state.excused]
    for name in [name for name in there if name not in alone] or there:
        player = minds.reached(name)
        if player is not None:
            minds.intend(player, "step_in", event.at, state)


def reconsider(turn: Turn) -> Act | None:
    """Correct a severity that was, or has become, wrong."""
    true = turn.state.plan.scenario.severity_at(turn.at)
    if turn.state.severity == true or turn.state.phase != RESPOND:
        return None
    if not turn.minds.happens(turn.player.figures.corrects, turn.player, "correct", turn.intention.number):
        return None
    return do.DeclareSeverity(who=turn.player.id, id=turn.key, severity=true)


def alert(turn: Turn) -> Act | None:
    """Call the team; some forget the topic."""
    if turn.state.alerted_at is not None:
        return None
    topic = None if turn.skipped else turn.state.plan.scenario.topic
    return do.AlertTeam(who=turn.player.id, id=turn.key, severity=turn.state.severity, topic=topic)


def look(turn: Turn) -> Act | None:
    """Take a look before deciding."""
    clues = [action for action in turn.state.plan.scenario.actions if action.effect == "nothing"]
    clues.sort(key=lambda action: not action.clue)
    free = next((action for action in clues if action.id not in turn.state.done), None)
    if free is None or turn.player.id in turn.state.running or turn.state.phase != RESPOND:
        return None
    return do.StartAction(who=turn.player.id, id=turn.key, action=free.id)


def bug(turn: Turn) -> Act | None:
    """File it for the sprint, if that is right and nobody has."""
    if "bug_filed" not in owed(turn.state, turn.at) or turn.state.phase != RESPOND or turn.state.bug_filed:
        return None
    scenario = turn.state.plan.scenario
    text = f"{scenario.title}. {fill(scenario.impact.how, turn.state.values)}"
    return do.FileBug(who=turn.player.id, id=turn.key, text=text)


def close(turn: Turn) -> Act | None:
    """Close it, if there is nothing to resolve; once somebody commands, that is up to them."""
    if "closed" not in owed(turn.state, turn.at) or turn.state.phase != RESPOND or turn.skipped:
        return None
    if turn.state.commander not in (None, turn.player.id):
        return None
    reason = "False alarm: " if turn.state.plan.scenario.severity_at(turn.at) == 0 else "Filed for the current sprint: "
    return do.CloseIncident(
        who=turn.player.id, id=turn.key, reason=reason + fill(turn.state.plan.scenario.solution, turn.state.values)
    )


def on_bug(minds: Minds, event: ev.BugFiled, state: DrillState) -> None:
    """What is filed can be closed."""
    settle(minds, event, state)


def on_alerted(minds: Minds, event: ev.TeamAlerted, state: DrillState) -> None:
    """Everyone whom the alert finds answers; the one who called goes ahead."""
    for name in event.recipients:
        player = minds.reached(name)
        if player is None or name in state.joined:
            continue
        minds.intend(player, "join" if name == event.actor else "acknowledge", event.at, state)


def on_shift(minds: Minds, event: ev.ShiftBegan, state: DrillState) -> None:
    """Who comes on duty answers the alert that went out before."""
    player = minds.reached(event.member)
    if player is not None and event.member in state.alerted and event.member not in state.joined:
        minds.intend(player, "acknowledge", event.at, state)


def acknowledge(turn: Turn) -> Act | None:
    """Answer the alert."""
    if turn.player.id in turn.state.acknowledged or turn.state.phase != RESPOND or turn.skipped:
        return None
    return do.Acknowledge(who=turn.player.id, id=turn.key)


def on_acknowledged(minds: Minds, event: ev.Acknowledged, state: DrillState) -> None:
    """Players who have answered come in."""
    player = minds.reached(event.actor)
    if player is not None:
        minds.intend(player, "join", event.at, state)


def join(turn: Turn) -> Act | None:
    """Come into the channel."""
    if turn.player.id in turn.state.joined or turn.state.phase != RESPOND:
        return None
    return do.Join(who=turn.player.id, id=turn.key)


def on_joined(minds: Minds, event: ev.Joined, state: DrillState) -> None:
    """Players who have come in restate what it is about and take a role."""
    player = minds.reached(event.actor)
    if player is None:
        return
    if player.id in state.reported:
        minds.intend(player, "restate", event.at, state)
    minds.intend(player, "take_role", event.at, state)
    minds.intend(player, "cover", event.at, state)


def restate(turn: Turn) -> Act | None:
    """Restate severity and topic, unless somebody has."""
    if turn.state.restated or turn.state.phase != RESPOND or turn.skipped:
        return None
    topic = turn.state.plan.scenario.topic
    return do.Restate(who=turn.player.id, id=turn.key, severity=turn.state.severity, topic=topic)


def take_role(turn: Turn) -> Act | None:
    """Take the preferred role, or else an open one, or else help to solve."""
    if turn.state.phase != RESPOND or any(turn.state.holds(turn.player.id, role) for role in turn.state.roles):
        return None
    authored = turn.state.player(turn.player.id)
    wishes = [authored.prefers] if authored is not None and authored.prefers else []
    if wishes and turn.state.roles[wishes[0]]:
        wishes = [*_unwished(turn), *wishes]
    open_ones = [role for role, holders in turn.state.roles.items() if not holders]
    role = _first_possible(
        turn.state,
        turn.player,
        [*wishes, *open_ones, *([turn.state.plan.protocol.solver] if turn.state.plan.protocol.solver else [])],
    )
    return None if role is None else do.TakeRole(who=turn.player.id, id=turn.key, role=role)


def _unwished(turn: Turn) -> list[str]:
    """Demanded roles that nobody holds or prefers: they fall to players whose own role is already taken."""
    table = turn.state.plan.protocol.table(turn.state.plan.scenario.severity_at(turn.at))
    preferred = {player.prefers for player in turn.state.plan.players}
    demanded = table.roles if table is not None else []
    return [role for role in demanded if role not in preferred and not turn.state.roles[role]]


def cover(turn: Turn) -> Act | None:
    """Take what is still open, as a second role if need be."""
    table = turn.state.plan.protocol.table(turn.state.plan.scenario.severity_at(turn.at))
    needed = [role for role in table.roles if not turn.state.roles[role]] if table is not None else []
    role = _first_possible(turn.state, turn.player, needed)
    if role is None or turn.state.phase != RESPOND or turn.skipped:
        return None
    return do.TakeRole(who=turn.player.id, id=turn.key, role=role)


def step_in(turn: Turn) -> Act | None:
    """Take a role that has become vacant; the quickest gets it."""
    return None if turn.player.id not in turn.state.joined else cover(turn)


def on_vacant(minds: Minds, event: ev.MemberExcused | ev.RoleReleased, state: DrillState) -> None:
    """Players in the channel notice an open role; the one who gave it up does not take it again."""
    if state.phase != RESPOND:
        return
    for name in state.joined:
        player = minds.reached(name)
        if player is not None and name not in state.excused and name != event.actor:
            minds.intend(player, "step_in", event.at, state)


def hand_over(turn: Turn) -> Act | None:
    """Offer the role to somebody who may take it, preferably somebody without a role."""
    state = turn.state
    role = turn.intention.about
    if not state.holds(turn.player.id, role) or state.phase != RESPOND:
        return None
    able = [name for name in state.joined if name not in state.excused and _may_take(state, name, role)]
    able.sort(key=lambda name: any(state.holds(name, other) for other in state.roles))
    return do.HandOver(who=turn.player.id, id=turn.key, role=role, to=able[0]) if able else None


def on_offered(minds: Minds, event: ev.HandoverOffered, state: DrillState) -> None:
    """A player who is offered a role accepts it."""
    player = minds.reached(event.to)
    if player is not None:
        minds.intend(player, "accept", event.at, state)


def accept(turn: Turn) -> Act | None:
    """Take over what was offered."""
    offered = any(to == turn.player.id for _, to in turn.state.offers.values())
    return do.AcceptRole(who=turn.player.id, id=turn.key) if offered and turn.state.phase == RESPOND else None


def _may_take(state: DrillState, member: str, role: str) -> bool:
    authored = state.player(member)
    allowed = authored is None or authored.roles is None or role in authored.roles
    return allowed and not state.holds(member, role)


def _first_possible(state: DrillState, player: SimulatedPlayer, roles: Iterable[str]) -> str | None:
    for role in roles:
        known = state.plan.protocol.role(role)
        full = known is not None and known.most is not None and len(state.roles[role]) >= known.most
        if not full and _may_take(state, player.id, role):
            return role
    return None


def on_role(minds: Minds, event: ev.RoleTaken | ev.RoleHandedOver, state: DrillState) -> None:
    """Each role begins its work."""
    player = minds.reached(event.actor)
    if player is None:
        return
    protocol = state.plan.protocol
    if event.role == protocol.commander:
        for kind in ("open_log", "restate", "delegate", "workaround"):
            minds.intend(player, kind, event.at, state)
        if state.impact == "ended":  # it was fixed while nobody commanded
            minds.intend(player, "resolve", event.at, state)
        if can_wait(state):  # and so was this called one that can wait
            _deal_with(minds, event, state)
        if minds.asked is not None:
            minds.intend(player, "approve", event.at, state, minds.asked)
    elif event.role == protocol.solver:
        minds.intend(player, "work", event.at, state)
    elif event.role == recorder(state, event.at):
        minds.intend(player, "open_log", event.at, state)
    if event.role == protocol.spokesperson or (
        event.role == protocol.commander and not state.roles.get(protocol.spokesperson or "")
    ):
        minds.intend(player, "draft", event.at, state)
