"""How simulated players play: what moves them (REACTIONS), and what they then do (DOINGS).

They know the scenario, as no person does; what makes them play like people are their latencies and mistakes.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from scenarios.scenario import Action
from scenarios.text import fill
from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act
from simulator.events import Event
from simulator.minds import Intention, Minds, SimulatedPlayer
from simulator.state import RESPOND, DrillState

__all__ = ["DOINGS", "REACTIONS"]

Doing = Callable[[Minds, SimulatedPlayer, Intention, int, DrillState], Act | None]
Reaction = Callable[[Minds, Any, DrillState], None]

INTERVAL = 8 * 60_000
"""How long a commander lets the channel be silent, in milliseconds (assumed; within the usual 20 to 30 minutes)."""
AHEAD = 0.75
"""At which share of a promised time the next message is begun (assumed)."""
CORRECT_WITHIN = timedelta(days=14)
"""When corrective actions fall due (assumed)."""


def _key(player: SimulatedPlayer, intention: Intention) -> str:
    return f"{player.id}-{intention.number}"


def _holders(minds: Minds, state: DrillState, role: str | None) -> Iterable[SimulatedPlayer]:
    return (minds.players[name] for name in state.roles.get(role or "", {}) if name in minds.players)


def _skips(minds: Minds, player: SimulatedPlayer, intention: Intention) -> bool:
    return minds.happens(player.figures.skips, player, "skip", intention.number)


def _owed(state: DrillState, at: int) -> set[str]:
    """What the true severity demands."""
    table = state.plan.protocol.table(state.plan.scenario.severity_at(at))
    return {owed.act for owed in table.obligations} if table else set()


# -- the incident is reported, judged and alerted ----------------------------------------------------------------------


def on_reported(minds: Minds, event: ev.IncidentReported | ev.ReportEscalated, state: DrillState) -> None:
    player = minds.reached(event.to)
    if player is not None:
        minds.intend(player, "judge", event.at, state)


def judge(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    if state.severity is not None:
        return None
    true = state.plan.scenario.severity_at(at)
    severity = true
    if minds.happens(player.figures.misjudge, player, "misjudge", intention.number):
        levels = [0, *(known.level for known in state.plan.protocol.severities)]
        others = [level for level in levels if level not in (true, 0)]
        severity = others[int(minds.happens(0.5, player, "how", intention.number)) % len(others)] if others else true
    return do.DeclareSeverity(who=player.id, id=_key(player, intention), severity=severity)


def on_declared(minds: Minds, event: ev.SeverityDeclared, state: DrillState) -> None:
    player = minds.reached(event.actor)
    if player is None:
        return
    scenario = state.plan.scenario
    grave = next((known for known in state.plan.protocol.severities if known.level == event.severity), None)
    if event.severity != scenario.severity_at(event.at):
        minds.intend(player, "reconsider", event.at, state)
    for span in scenario.severity:
        if span.since > event.at:
            minds.intend(player, "reconsider", span.since, state)
    if grave is not None and grave.level < max(known.level for known in state.plan.protocol.severities):
        if state.alerted_at is None:
            minds.intend(player, "alert", event.at, state)
        return
    for kind in ("look",) if not state.done else ("bug", "close"):
        minds.intend(player, kind, event.at, state)


def reconsider(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    true = state.plan.scenario.severity_at(at)
    if state.severity == true or state.phase != RESPOND:
        return None
    if not minds.happens(player.figures.corrects, player, "correct", intention.number):
        return None
    return do.DeclareSeverity(who=player.id, id=_key(player, intention), severity=true)


def alert(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if state.alerted_at is not None:
        return None
    topic = None if _skips(minds, player, intention) else state.plan.scenario.topic
    return do.AlertTeam(who=player.id, id=_key(player, intention), severity=state.severity, topic=topic)


def look(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    clues = [action for action in state.plan.scenario.actions if action.effect == "nothing"]
    clues.sort(key=lambda action: not action.clue)
    free = next((action for action in clues if action.id not in state.done), None)
    if free is None or player.id in state.running or state.phase != RESPOND:
        return None
    return do.StartAction(who=player.id, id=_key(player, intention), action=free.id)


def bug(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    if "bug_filed" not in _owed(state, at) or state.phase != RESPOND or _skips(minds, player, intention):
        return None
    scenario = state.plan.scenario
    text = f"{scenario.title}. {fill(scenario.impact.how, state.values)}"
    return do.FileBug(who=player.id, id=_key(player, intention), text=text)


def close(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    if "closed" not in _owed(state, at) or state.phase != RESPOND or _skips(minds, player, intention):
        return None
    reason = "False alarm: " if state.plan.scenario.severity_at(at) == 0 else "Filed for the current sprint: "
    return do.CloseIncident(
        who=player.id, id=_key(player, intention), reason=reason + fill(state.plan.scenario.solution, state.values)
    )


def on_bug(minds: Minds, event: ev.BugFiled, state: DrillState) -> None:
    player = minds.reached(event.actor)
    if player is not None:
        minds.intend(player, "close", event.at, state)


# -- the team comes together -------------------------------------------------------------------------------------------


def on_alerted(minds: Minds, event: ev.TeamAlerted, state: DrillState) -> None:
    for name in event.recipients:
        player = minds.reached(name)
        if player is None or name in state.joined:
            continue
        minds.intend(player, "join" if name == event.actor else "acknowledge", event.at, state)


def acknowledge(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if player.id in state.acknowledged or state.phase != RESPOND or _skips(minds, player, intention):
        return None
    return do.Acknowledge(who=player.id, id=_key(player, intention))


def on_acknowledged(minds: Minds, event: ev.Acknowledged, state: DrillState) -> None:
    player = minds.reached(event.actor)
    if player is not None:
        minds.intend(player, "join", event.at, state)


def join(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if player.id in state.joined or state.phase != RESPOND:
        return None
    return do.Join(who=player.id, id=_key(player, intention))


def on_joined(minds: Minds, event: ev.Joined, state: DrillState) -> None:
    player = minds.reached(event.actor)
    if player is None:
        return
    if player.id in state.reported:
        minds.intend(player, "restate", event.at, state)
    minds.intend(player, "take_role", event.at, state)
    minds.intend(player, "cover", event.at, state)


def restate(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if state.restated or state.phase != RESPOND or _skips(minds, player, intention):
        return None
    topic = state.plan.scenario.topic
    return do.Restate(who=player.id, id=_key(player, intention), severity=state.severity, topic=topic)


def take_role(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if state.phase != RESPOND or any(state.holds(player.id, role) for role in state.roles):
        return None
    authored = state.plan.player(player.id)
    wishes = [authored.prefers] if authored is not None and authored.prefers else []
    open_ones = [role for role, holders in state.roles.items() if not holders]
    role = _first_possible(
        state, player, [*wishes, *open_ones, *([state.plan.protocol.solver] if state.plan.protocol.solver else [])]
    )
    return None if role is None else do.TakeRole(who=player.id, id=_key(player, intention), role=role)


def cover(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    """Take what is still open, as a second role if need be."""
    table = state.plan.protocol.table(state.plan.scenario.severity_at(at))
    needed = [role for role in table.roles if not state.roles[role]] if table is not None else []
    role = _first_possible(state, player, needed)
    if role is None or state.phase != RESPOND or _skips(minds, player, intention):
        return None
    return do.TakeRole(who=player.id, id=_key(player, intention), role=role)


def _first_possible(state: DrillState, player: SimulatedPlayer, roles: Iterable[str]) -> str | None:
    authored = state.plan.player(player.id)
    for role in roles:
        known = state.plan.protocol.role(role)
        full = known is not None and known.most is not None and len(state.roles[role]) >= known.most
        allowed = authored is None or authored.roles is None or role in authored.roles
        if allowed and not full and not state.holds(player.id, role):
            return role
    return None


def on_role(minds: Minds, event: ev.RoleTaken | ev.RoleHandedOver, state: DrillState) -> None:
    player = minds.reached(event.actor)
    if player is None:
        return
    protocol = state.plan.protocol
    if event.role == protocol.commander:
        for kind in ("open_log", "restate", "delegate", "workaround"):
            minds.intend(player, kind, event.at, state)
    elif event.role == protocol.solver:
        minds.intend(player, "work", event.at, state)
    if event.role == protocol.spokesperson or (
        event.role == protocol.commander and not state.roles.get(protocol.spokesperson or "")
    ):
        minds.intend(player, "draft", event.at, state)


# -- speaking ----------------------------------------------------------------------------------------------------------


def open_log(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    if state.spoke_at is not None or _skips(minds, player, intention):
        return None
    scenario = state.plan.scenario
    text = (
        f"Severity {state.severity}: {scenario.topic}. {player.id} commands since {at // 60_000} min after the report."
    )
    return do.LogEntry(who=player.id, id=_key(player, intention), text=text)


def on_spoke(minds: Minds, event: ev.EntryLogged | ev.UpdatePosted, state: DrillState) -> None:
    leader = minds.reached(state.commander)
    if leader is not None and state.phase == RESPOND:
        minds.intend(leader, "update", event.at + INTERVAL, state)


def update(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    if state.phase != RESPOND or at - (state.spoke_at or 0) < INTERVAL or _skips(minds, player, intention):
        return None
    busy = ", ".join(sorted({run.action for run in state.running.values()})) or "nothing running"
    text = f"Impact: {state.impact}. Under way: {busy}. Done: {len(state.done)} checks and changes."
    return do.PostUpdate(who=player.id, id=_key(player, intention), text=text)


def workaround(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    way = state.plan.scenario.workaround
    if way is None or "workaround_used" not in _owed(state, at) or state.phase != RESPOND:
        return None
    if _skips(minds, player, intention):
        return None
    return do.AnnounceWorkaround(who=player.id, id=_key(player, intention), text=fill(way, state.values))


def draft(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    protocol, scenario = state.plan.protocol, state.plan.scenario
    if "published" not in _owed(state, at) or state.phase != RESPOND or _skips(minds, player, intention):
        return None
    who, how = fill(scenario.impact.who, state.values), fill(scenario.impact.how, state.values)
    if state.impact == "ended":
        text = f"Solved: {scenario.title}. It works again for all; we are watching it. Thank you for your patience."
    elif state.published:
        text = f"We are still working on it: {scenario.title}. Affected: {who}"
    else:
        text = f"We know of a problem and are working on it. Affected: {who}. {how}"
    if state.holds(player.id, protocol.commander):
        return do.Publish(
            who=player.id, id=_key(player, intention), text=text, next_in=_promise(minds, player, intention, state)
        )
    return do.DraftMessage(who=player.id, id=_key(player, intention), text=text)


def _promise(minds: Minds, player: SimulatedPlayer, intention: Intention, state: DrillState) -> int | None:
    if _skips(minds, player, intention):
        return None
    return 0 if state.impact == "ended" else state.plan.protocol.cadence.external


def on_draft(minds: Minds, event: ev.MessageDrafted, state: DrillState) -> None:
    commander = minds.reached(state.commander)
    author = minds.reached(event.actor)
    if commander is not None and not minds.happens(commander.figures.skips, commander, "overlook", event.seq):
        minds.intend(commander, "approve", event.at, state, event.draft)
    elif author is not None:
        minds.intend(author, "publish", event.at, state, event.text)


def approve(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if not state.holds(player.id, state.plan.protocol.commander):
        return None
    return do.ApproveDraft(who=player.id, id=_key(player, intention), draft=intention.about)


def on_approved(minds: Minds, event: ev.DraftApproved, state: DrillState) -> None:
    for player in _holders(minds, state, state.plan.protocol.spokesperson):
        minds.intend(player, "publish", event.at, state, state.drafts[event.draft - 1])
        return


def publish(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    promise = _promise(minds, player, intention, state)
    return do.Publish(who=player.id, id=_key(player, intention), text=intention.about, next_in=promise)


def on_published(minds: Minds, event: ev.MessagePublished, state: DrillState) -> None:
    player = minds.reached(event.actor)
    if player is None or event.next_in == 0 or state.phase != RESPOND:
        return
    wait = event.next_in or state.plan.protocol.cadence.external
    minds.intend(player, "draft", event.at + round(wait * AHEAD), state)


# -- injects -----------------------------------------------------------------------------------------------------------


def on_inject(minds: Minds, event: ev.InjectDelivered, state: DrillState) -> None:
    wanted = event.to in (*state.roles, "first_responder") or event.via in ("call", "email", "customer")
    names = event.recipients if event.to != "everyone" else (state.commander or "",)
    player = next((found for name in names if (found := minds.reached(name)) is not None), None)
    if wanted and player is not None:
        minds.intend(player, "answer", event.at, state, event.number)


def answer(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    delivered = state.injects[intention.about - 1]
    inject = state.plan.scenario.inject(delivered.inject or "")
    if state.phase != RESPOND or _skips(minds, player, intention):
        return None
    wish = inject.expects.act if inject is not None and inject.expects is not None else "reply"
    key = _key(player, intention)
    if wish == "publish":
        return draft(minds, player, intention, at, state)
    if wish == "update":
        return do.PostUpdate(who=player.id, id=key, text=f"To {delivered.sender}: {_status(state)}")
    if wish == "log":
        return do.LogEntry(who=player.id, id=key, text=f"{delivered.sender} reports: {delivered.text}")
    if wish == "delegate":
        return delegate(minds, player, intention, at, state)
    if wish == "declare_severity":
        true = state.plan.scenario.severity_at(at)
        return None if state.severity == true else do.DeclareSeverity(who=player.id, id=key, severity=true)
    if wish == "take_role":
        return cover(minds, player, intention, at, state)
    if player.id not in delivered.recipients:
        return None
    return do.Reply(who=player.id, id=key, number=delivered.number, text=f"Thank you. {_status(state)}")


def _status(state: DrillState) -> str:
    return (
        "It is mended and we are watching it." if state.impact == "ended" else "We are on it and will write again soon."
    )


# -- working -----------------------------------------------------------------------------------------------------------


def delegate(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    free = [p for p in _holders(minds, state, state.plan.protocol.solver) if p is not player and p.id in state.joined]
    todo = _useful(state)
    if not free or not todo or player.id not in state.joined or state.phase != RESPOND:
        return None
    return do.Delegate(who=player.id, id=_key(player, intention), to=free[0].id, text=todo[0].label)


def on_delegated(minds: Minds, event: ev.TaskDelegated, state: DrillState) -> None:
    player = minds.reached(event.to)
    if player is not None:
        minds.intend(player, "work", event.at, state)


def _cure(state: DrillState) -> Action | None:
    return next((action for action in state.plan.scenario.actions if action.effect == "fixes"), None)


def _useful(state: DrillState) -> list[Action]:
    """The looks that lead to the cure and that nobody has taken yet, in the order in which they need each other."""
    scenario, order = state.plan.scenario, list[Action]()
    taken = state.done.keys() | {run.action for run in state.running.values()}

    def reach(name: str, path: tuple[str, ...]) -> None:
        action = scenario.action(name)
        if action is None or name in path:
            return
        for need in action.needs:
            reach(need, (*path, name))
        if path and name not in taken and action not in order:
            order.append(action)

    cure = _cure(state)
    if cure is not None:
        reach(cure.id, ())
    ready = [action for action in order if all(need in state.done for need in action.needs)]
    return ready or [a for a in scenario.actions if a.clue and a.effect == "nothing" and a.id not in taken]


def work(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if player.id in state.running or state.phase != RESPOND or state.impact == "ended":
        return None
    action = _next_action(minds, player, intention, state)
    return None if action is None else do.StartAction(who=player.id, id=_key(player, intention), action=action.id)


def _next_action(minds: Minds, player: SimulatedPlayer, intention: Intention, state: DrillState) -> Action | None:
    known, number, scenario = player.figures, intention.number, state.plan.scenario
    taken = state.done.keys() | {run.action for run in state.running.values()}
    cure = _cure(state)
    running = {run.action for run in state.running.values()}
    if cure is not None and cure.id not in running:
        ready = all(need in state.done for need in cure.needs)
        if ready and minds.happens(known.mistakes, player, "mistake", number):
            wrong = [a for a in scenario.actions if a.effect == "worsens" and a.id not in taken]
            if wrong:
                return wrong[0]
        if ready or (state.done and minds.happens(known.rushes, player, "rush", number)):
            return cure
    if minds.happens(known.strays, player, "stray", number):
        strays = [a for a in scenario.actions if a.herring and a.id not in taken]
        if strays:
            return strays[number % len(strays)]
    useful = _useful(state)
    relief = [
        a
        for a in scenario.actions
        if a.effect == "eases" and a.id not in taken and all(n in state.done for n in a.needs)
    ]
    return next(iter([*useful[:1], *relief[:1]]), None)


def on_started(minds: Minds, event: ev.ActionStarted, state: DrillState) -> None:
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


def step(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    procedure, number = intention.about
    if player.id not in state.running:
        return None
    return do.TickStep(who=player.id, id=_key(player, intention), procedure=procedure, step=number)


def on_finished(minds: Minds, event: ev.ActionFinished, state: DrillState) -> None:
    player = minds.reached(event.actor)
    if state.phase != RESPOND:
        return
    if player is not None:
        if player.id in state.joined:
            minds.intend(player, "report", event.at, state, (event.action, event.shows))
            minds.intend(player, "done", event.at, state)
        elif state.alerted_at is None:
            for kind in ("bug", "close"):
                minds.intend(player, kind, event.at, state)
    for solver in _holders(minds, state, state.plan.protocol.solver):
        if solver.id not in state.running:
            minds.intend(solver, "work", event.at, state)
    leader = minds.leader(state)
    if state.alerted_at is not None and leader is not None and not _owed(state, event.at) & {"impact_ended"}:
        minds.intend(leader, "reconsider", event.at, state)


def report(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    name, shows = intention.about
    action = state.plan.scenario.action(name)
    if action is None or not minds.happens(player.figures.writes, player, "write", intention.number):
        return None
    first = shows.partition("\n")[0]
    return do.LogEntry(who=player.id, id=_key(player, intention), text=f"{action.label}: {first or 'done'}")


def done(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    mine = [number for number, task in state.tasks.items() if task.to == player.id]
    if not mine or _skips(minds, player, intention):
        return None
    return do.FinishTask(who=player.id, id=_key(player, intention), task=min(mine))


def on_impact(minds: Minds, event: ev.ImpactChanged, state: DrillState) -> None:
    if state.phase != RESPOND:
        return
    leader = minds.leader(state)
    if leader is not None and event.impact == "ended":
        minds.intend(leader, "resolve", event.at, state)
    if (
        leader is not None
        and event.impact == "eased"
        and minds.happens(leader.figures.premature, leader, "premature", event.seq)
    ):
        minds.intend(leader, "resolve", event.at, state, "premature")
    if event.impact == "ended":
        for player in _holders(minds, state, state.plan.protocol.spokesperson):
            minds.intend(player, "draft", event.at, state)
    else:
        for player in _holders(minds, state, state.plan.protocol.solver):
            minds.intend(player, "work", event.at, state)


def resolve(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if state.phase != RESPOND or (state.impact != "ended" and intention.about != "premature"):
        return None
    return do.Resolve(who=player.id, id=_key(player, intention), text=f"Resolved: {state.plan.scenario.topic}.")


# -- papers ------------------------------------------------------------------------------------------------------------


def on_phase(minds: Minds, event: ev.PhaseBegan, state: DrillState) -> None:
    author = minds.leader(state)
    if author is not None and event.phase == "papers":
        minds.intend(author, "situation", event.at, state)
    if author is not None and event.phase == "follow_up":
        minds.intend(author, "post_mortem", event.at, state)


def situation(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if "situation_report" not in _owed(state, state.phase_since) or _skips(minds, player, intention):
        return None
    scenario, known, number = state.plan.scenario, player.figures, intention.number
    texts = (scenario.solution, scenario.impact.who, scenario.impact.how)
    filled = [
        fill(text, state.values) if minds.happens(known.answers, player, f"answer {place}", number) else ""
        for place, text in enumerate(texts)
    ]
    return do.FileSituationReport(
        who=player.id, id=_key(player, intention), solution=filled[0], who_impacted=filled[1], how_impacted=filled[2]
    )


def on_situation(minds: Minds, event: ev.SituationReportFiled, state: DrillState) -> None:
    player = minds.reached(event.actor)
    if player is not None:
        for kind in ("email", "attach"):
            minds.intend(player, kind, event.at, state)


def email(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    return (
        None
        if state.emailed or _skips(minds, player, intention)
        else do.EmailReport(who=player.id, id=_key(player, intention))
    )


def attach(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    return None if _skips(minds, player, intention) else do.Attach(who=player.id, id=_key(player, intention))


def post_mortem(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:
    if "follow_up" not in _owed(state, min(at, state.response_over or at)) or _skips(minds, player, intention):
        return None
    scenario = state.plan.scenario
    return do.FilePostMortem(
        who=player.id,
        id=_key(player, intention),
        summary=scenario.title,
        learnings=f"What mended it: {fill(scenario.solution, state.values)}",
    )


def on_post_mortem(minds: Minds, event: ev.PostMortemFiled, state: DrillState) -> None:
    player = minds.reached(event.actor)
    if player is not None:
        minds.intend(player, "attach", event.at, state)
        minds.intend_at(player, "corrective", event.at + 60_000, (event.wall + CORRECT_WITHIN).date().isoformat())


def corrective(minds: Minds, player: SimulatedPlayer, intention: Intention, at: int, state: DrillState) -> Act | None:  # noqa: ARG001
    if _skips(minds, player, intention):
        return None
    return do.AddCorrectiveAction(
        who=player.id,
        id=_key(player, intention),
        text=f"Make sure that this cannot happen again: {state.plan.scenario.title}",
        owner=player.id,
        due_on=intention.about,
    )


REACTIONS: dict[type[Event], Reaction] = {
    ev.IncidentReported: on_reported,
    ev.ReportEscalated: on_reported,
    ev.SeverityDeclared: on_declared,
    ev.BugFiled: on_bug,
    ev.TeamAlerted: on_alerted,
    ev.Acknowledged: on_acknowledged,
    ev.Joined: on_joined,
    ev.RoleTaken: on_role,
    ev.RoleHandedOver: on_role,
    ev.EntryLogged: on_spoke,
    ev.UpdatePosted: on_spoke,
    ev.MessageDrafted: on_draft,
    ev.DraftApproved: on_approved,
    ev.MessagePublished: on_published,
    ev.InjectDelivered: on_inject,
    ev.TaskDelegated: on_delegated,
    ev.ActionStarted: on_started,
    ev.ActionFinished: on_finished,
    ev.ImpactChanged: on_impact,
    ev.PhaseBegan: on_phase,
    ev.SituationReportFiled: on_situation,
    ev.PostMortemFiled: on_post_mortem,
}
"""Which events move simulated players, and how."""

DOINGS: dict[str, Doing] = {
    doing.__name__: doing
    for doing in (
        judge,
        reconsider,
        alert,
        look,
        bug,
        close,
        acknowledge,
        join,
        restate,
        take_role,
        cover,
        open_log,
        update,
        workaround,
        draft,
        approve,
        publish,
        answer,
        delegate,
        work,
        step,
        report,
        done,
        resolve,
        situation,
        email,
        attach,
        post_mortem,
        corrective,
    )
}
"""What each kind of intention does when its time has come."""
