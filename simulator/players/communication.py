"""Log, updates, messages to customers and answers to injects."""

from scenarios.placeholders import fill
from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act
from simulator.draws import uniform
from simulator.players.assembly import cover, hand_over
from simulator.players.common import holders, owed
from simulator.players.persona import Minds, SimulatedPlayer, Turn
from simulator.players.repair import delegate
from simulator.state import RESPOND, DrillState

INTERVAL = 8 * 60_000
"""How long a commander lets the channel be silent, in milliseconds (assumed; within the usual 20 to 30 minutes)."""
AHEAD = 0.75
"""At which share of a promised time the next message is begun (assumed)."""
NEXT = "next"
"""Marks the promised message, as opposed to one that has a reason of its own."""
SOON = 5 * 60_000
"""How close a promised message must be, or how new a draft, for nobody to begin another; in milliseconds (assumed)."""

CALLS = 0.4
"""How likely a commander thinks of somebody outside the team after an entry in the channel (assumed)."""
ASKS = 3 * 60_000
"""How long a draft waits for a commander who is a person before it goes out anyway, in milliseconds (assumed)."""


def open_log(turn: Turn) -> Act | None:
    """The first entry of the log: who commands, since when."""
    if turn.state.spoke_at is not None or turn.skipped:
        return None
    scenario = turn.state.plan.scenario
    since = f"Commander in place {turn.at // 60_000} min after the report."
    text = f"Severity {turn.state.severity}: {scenario.topic}. {since}"
    return do.LogEntry(who=turn.player.id, id=turn.key, text=text)


def on_spoke(minds: Minds, event: ev.EntryLogged | ev.UpdatePosted, state: DrillState) -> None:
    """The commander looks after a while whether the channel has fallen silent, and thinks of those outside the team."""
    leader = minds.reached(state.commander)
    if leader is not None and state.phase == RESPOND:
        minds.intend_at(leader, "update", event.at + INTERVAL)
        for place, outsider in enumerate(state.plan.scenario.outsiders or ()):
            unasked = outsider.id not in state.contacted
            if unasked and minds.happens(CALLS, leader, f"contact {outsider.id}", event.seq):
                minds.intend(leader, "contact", event.at, state, place)


def update(turn: Turn) -> Act | None:
    """Give the organization an update, if nobody has for a while."""
    if turn.state.phase != RESPOND or turn.at - (turn.state.spoke_at or 0) < INTERVAL:
        return None
    if turn.minds.happens(turn.player.figures.skips, turn.player, "update", turn.intention.number):
        return None
    busy = ", ".join(sorted({run.action for run in turn.state.running.values()})) or "nothing running"
    text = f"Impact: {turn.state.impact}. Under way: {busy}. Done: {len(turn.state.done)} checks and changes."
    return do.PostUpdate(who=turn.player.id, id=turn.key, text=text)


def workaround(turn: Turn) -> Act | None:
    """Tell operations how to go on meanwhile."""
    way = turn.state.plan.scenario.workaround
    if way is None or "workaround_used" not in owed(turn.state, turn.at) or turn.state.phase != RESPOND:
        return None
    if turn.skipped:
        return None
    return do.AnnounceWorkaround(who=turn.player.id, id=turn.key, text=fill(way, turn.state.values))


def draft(turn: Turn) -> Act | None:
    """Propose a message to customers; the commander sends it without asking."""
    protocol, scenario = turn.state.plan.protocol, turn.state.plan.scenario
    if "published" not in owed(turn.state, turn.at) or not _to_tell(turn) or turn.skipped:
        return None
    who, how = fill(scenario.impact.who, turn.state.values), fill(scenario.impact.how, turn.state.values)
    if turn.state.impact == "ended":
        text = f"Solved: {scenario.title}. It works again for everybody; we are watching it. Thanks for your patience."
    elif turn.state.published:
        text = f"We are still working on it: {scenario.title}. Affected: {who}"
    else:
        text = f"We know of a problem and are working on it. Affected: {who}. {how}"
    if turn.state.holds(turn.player.id, protocol.commander):
        return do.Publish(who=turn.player.id, id=turn.key, text=text, next_in=_promise(turn), by=_way_out(turn.state))
    return do.DraftMessage(who=turn.player.id, id=turn.key, text=text)


def _to_tell(turn: Turn) -> bool:
    """Whether there is something to tell: while it lasts; and once that it is over, also after it was resolved."""
    state = turn.state
    if state.phase == RESPOND:
        return True
    told_since = bool(state.published) and state.published[-1] >= state.impact_since
    return state.impact == "ended" and not told_since and "told_over" in owed(state, turn.at)


def _promise(turn: Turn) -> int | None:
    if turn.skipped:
        return None
    return 0 if turn.state.impact == "ended" else turn.state.plan.protocol.cadence.external


def on_draft(minds: Minds, event: ev.MessageDrafted, state: DrillState) -> None:
    """The commander approves, or overlooks it and it goes out anyway; a commander who is a person is given time."""
    commander = minds.reached(state.commander)
    author = minds.reached(event.actor)
    if author is not None and state.commander is not None and state.commander not in minds.players:
        minds.intend_at(author, "press_on", event.at + ASKS, (event.draft, event.at))
        return
    minds.asked = event.draft if author is None else None
    if commander is not None and not minds.happens(commander.figures.skips, commander, "overlook", event.seq):
        minds.intend(commander, "approve", event.at, state, event.draft)
    elif author is not None:
        minds.intend(author, "publish", event.at, state, event.text)
    elif commander is not None:
        minds.intend_at(commander, "approve", event.at + ASKS, event.draft)  # a person asks until there is an answer


def approve(turn: Turn) -> Act | None:
    """Agree to a draft."""
    if not turn.state.holds(turn.player.id, turn.state.plan.protocol.commander):
        return None
    return do.ApproveDraft(who=turn.player.id, id=turn.key, draft=turn.intention.about)


def on_approved(minds: Minds, event: ev.DraftApproved, state: DrillState) -> None:
    """What is approved goes out."""
    minds.asked = None
    speaker = next(iter(holders(minds, state, state.plan.protocol.spokesperson)), None)
    if speaker is not None:
        minds.intend(speaker, "publish", event.at, state, state.drafts[event.draft - 1].text)


def _way_out(state: DrillState) -> str:
    """How customers can be told now."""
    return "email" if "status_page" in state.down else "status_page"


def publish(turn: Turn) -> Act | None:
    """Send what was drafted."""
    promise = _promise(turn)
    return do.Publish(
        who=turn.player.id, id=turn.key, text=turn.intention.about, next_in=promise, by=_way_out(turn.state)
    )


def press_on(turn: Turn) -> Act | None:
    """Send a draft that the commander has not answered, unless something else has gone out meanwhile."""
    draft, since = turn.intention.about
    state = turn.state
    if draft in state.approved or (state.published and state.published[-1] >= since) or state.phase != RESPOND:
        return None
    return do.Publish(
        who=turn.player.id, id=turn.key, text=state.drafts[draft - 1].text, next_in=_promise(turn), by=_way_out(state)
    )


def on_published(minds: Minds, event: ev.MessagePublished, state: DrillState) -> None:
    """Begin the next message before the promised time is over."""
    minds.asked = None
    player = minds.reached(event.actor)
    if player is None or event.next_in == 0 or state.phase != RESPOND:
        return
    wait = event.next_in or state.plan.protocol.cadence.external
    minds.intend(player, "draft", event.at + round(wait * AHEAD), state, NEXT)


def on_inject(minds: Minds, event: ev.InjectDelivered, state: DrillState) -> None:
    """The first of those whom an inject reaches deals with it; what goes to everyone is for the leader.

    Where it asks for a reply, the first of each further role that it is for replies too.
    """
    wanted = event.to in (*state.roles, "first_responder") or event.via in ("call", "email", "customer")
    player = minds.leader(state) if event.to == "everyone" else _first_reached(minds, event)
    inject = state.plan.scenario.inject(event.inject or "")
    acts = inject.acts if inject is not None else []
    if wanted and player is not None:
        for place in range(max(1, len(acts))):
            minds.intend(player, "answer", event.at, state, (event.number, place))
    if inject is not None and inject.decision is not None and player is not None:
        minds.intend(player, "choose", event.at, state, inject.id)
    reply = next((place for place, one in enumerate(acts) if one.act == "reply"), None)
    for to in event.also if reply is not None else ():
        other = next((found for name in state.recipients(to) if (found := minds.reached(name)) is not None), None)
        if other is not None and other is not player:
            minds.intend(other, "answer", event.at, state, (event.number, reply))


def _first_reached(minds: Minds, event: ev.Arrived) -> SimulatedPlayer | None:
    return next((found for name in event.recipients if (found := minds.reached(name)) is not None), None)


def on_customer(minds: Minds, event: ev.CustomerWrote, state: DrillState) -> None:
    """Customers who wait in vain, or were told something wrong, need another message, unless one is on its way."""
    player, protocol = _first_reached(minds, event), state.plan.protocol
    speaking = [role for role in (protocol.spokesperson, protocol.commander) if role is not None]
    if player is None or not any(state.holds(player.id, role) for role in speaking):
        return
    if event.mood in ("let_down", "misled") and not _on_its_way(minds, state, event.at):
        minds.intend(player, "draft", event.at, state)


def _on_its_way(minds: Minds, state: DrillState, at: int) -> bool:
    """Whether a message to customers is about to be written, or was written a moment ago and has not gone out."""
    last = state.published[-1] if state.published else 0
    if state.drafted_at is not None and state.drafted_at >= max(last, at - SOON):
        return True
    coming = minds.still_to_come(("draft", "approve", "publish", "press_on"), at)
    return any(one.about != NEXT or due <= at + SOON for due, one in coming)


def answer(turn: Turn) -> Act | None:
    """Do what the inject asks for, or answer it."""
    number, place = turn.intention.about
    delivered = turn.state.injects[number - 1]
    name = delivered.inject if isinstance(delivered, ev.InjectDelivered) else None
    inject = turn.state.plan.scenario.inject(name or "")
    if turn.skipped or (turn.state.phase != RESPOND and (inject is None or inject.papers is None)):
        return None
    protocol = turn.state.plan.protocol
    acts = inject.acts if inject is not None else []
    wish = acts[place].act if acts else "reply"
    key = turn.key
    if wish == "publish":
        return draft(turn)
    if wish == "update":
        return do.PostUpdate(who=turn.player.id, id=key, text=f"To {delivered.sender}: {status(turn.state)}")
    if wish == "log":
        return do.LogEntry(who=turn.player.id, id=key, text=f"{delivered.sender} reports: {delivered.text}")
    if wish == "delegate":
        return delegate(turn)
    if wish == "declare_severity":
        true = turn.state.plan.scenario.severity_at(turn.at)
        return None if turn.state.severity == true else do.DeclareSeverity(who=turn.player.id, id=key, severity=true)
    if wish == "take_role":
        return cover(turn)
    if wish == "hand_over":
        return hand_over(turn.about(delivered.to if delivered.to in turn.state.roles else protocol.commander))
    if turn.player.id not in delivered.recipients:
        return None
    return do.Reply(who=turn.player.id, id=key, number=delivered.number, text=f"Thank you. {status(turn.state)}")


def choose(turn: Turn) -> Act | None:
    """Choose any of the options; who makes no mistake here takes none that makes it worse."""
    inject = turn.state.plan.scenario.inject(turn.intention.about)
    if inject is None or inject.decision is None or turn.state.phase != RESPOND or turn.skipped:
        return None
    every = inject.decision.options
    mistaken = turn.minds.happens(turn.player.figures.mistakes, turn.player, f"choose badly {inject.id}", 0)
    options = every if mistaken else [option for option in every if option.effect != "worsens"] or every
    drawn = uniform(turn.minds.seed, "choose", inject.id)
    return do.Choose(who=turn.player.id, id=turn.key, option=options[int(drawn * len(options))].id)


def contact(turn: Turn) -> Act | None:
    """Contact somebody outside the team, if nobody has."""
    outsider = (turn.state.plan.scenario.outsiders or [])[turn.intention.about]
    if outsider.id in turn.state.contacted or turn.state.phase != RESPOND:
        return None
    text = f"{status(turn.state)} What do we need from you?"
    return do.Contact(who=turn.player.id, id=turn.key, outsider=outsider.id, text=text)


def status(state: DrillState) -> str:
    """The state of the incident, in a sentence for those who ask."""
    return (
        "It is fixed and we are watching it." if state.impact == "ended" else "We are on it and will write again soon."
    )
