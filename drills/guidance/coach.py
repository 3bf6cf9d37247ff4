"""The coach for practice: what the protocol would have a player do next, and why.

It follows the protocol in the team's order: the report, the alert, the channel, the roles, then what each role does.
It never says what the incident is, what fixes it, or how grave it is.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from drills.guidance.duties import Duty, as_declared, duties, state_of
from scenarios.protocol import Table
from simulator import events as ev
from simulator.log import DrillLog
from simulator.people import handles
from simulator.plan import DrillPlan
from simulator.state import FOLLOW_UP, HOT_WASH, PAPERS, DrillState

__all__ = ["coach"]

_MINUTE = 60_000
_QUIET = 5 * _MINUTE
"""After this long without a log entry the coach asks for one, well before the protocol does."""
_SOON = 2 * _MINUTE
"""How long before something is due the coach mentions it."""


class Word(NamedTuple):
    """What the coach says, and why."""

    says: str
    because: str


class _Desk(NamedTuple):
    """What one member looks at."""

    plan: DrillPlan
    state: DrillState
    log: DrillLog
    table: Table | None
    owed: list[Duty]
    me: str
    wants: str
    """The role that they mean to hold."""
    at: int
    names: Mapping[str, str]

    def name(self, member: str | None) -> str:
        """What a member is called."""
        return self.names.get(member or "", member or "somebody")

    def handle(self, member: str) -> str:
        """What you type to name a member."""
        return next((handle for handle, who in handles(self.names).items() if who == member), member)

    def title(self, role: str) -> str:
        """What a role is called."""
        return self.plan.protocol.title_of(role)

    def holds(self, role: str | None) -> bool:
        """Whether the member holds a role."""
        return role is not None and self.state.holds(self.me, role)

    def why(self, *words: str) -> str:
        """The sentence in the protocol's own description of its process that mentions something."""
        steps = self.plan.protocol.process
        return next((step for word in words for step in steps if word in step.lower()), steps[0])

    def paper(self, place: int) -> str:
        """What the protocol says about its papers, at that place in the list or the nearest one."""
        says = self.plan.protocol.papers or self.plan.protocol.process
        return says[max(-len(says), place)]

    def duty(self, act: str) -> Duty | None:
        """What is owed of a kind, if it is still open."""
        return next((one for one in self.owed if one.act == act and one.state in ("open", "overdue")), None)

    def asks_for(self, act: str) -> bool:
        """Whether the declared severity demands an act."""
        return self.table is not None and act in self.table.acts

    def because(self, act: str, otherwise: str) -> str:
        """The source of an obligation's time."""
        found = next((one for one in (self.table.obligations if self.table else []) if one.act == act), None)
        return found.because[:1].upper() + found.because[1:] + "." if found is not None and found.because else otherwise


def coach(log: DrillLog, member: str, at: int, names: Mapping[str, str], wants: str = "") -> dict[str, str]:
    """What the protocol would have a member do next, and why; `wants` is the role they mean to hold."""
    state = state_of(log)
    judged = as_declared(log, state)
    table = judged.plan.protocol.table(judged.plan.scenario.severity[-1].level) if judged is not None else None
    desk = _Desk(log.plan, state, log, table, duties(log, at, declared=True), member, wants, at, names)
    found = next((word for step in _STEPS for word in step(desk)), None)
    return (found or _LISTEN)._asdict()


_LISTEN = Word(
    "You owe nothing right now. Watch the signals, read along, and say what you see.",
    "What one person sees and nobody writes down is lost to the others.",
)


# -- the steps: the first that has something to say speaks -------------------------------------------------------------


def _standing_still(desk: _Desk) -> Iterator[Word]:
    if desk.state.halted:
        yield Word("The drill is paused. Go on when you are ready. /resume", "No time passes until then.")


def _after(desk: _Desk) -> Iterator[Word]:
    """The papers, the talk and the follow-up."""
    state = desk.state
    if state.phase == PAPERS:
        if desk.asks_for("situation_report") and not state.reported_situation:
            yield Word(
                "File the situation report: what solved it, who was hit, and how. The log fills in the rest. /sitrep",
                desk.paper(0),
            )
        if desk.asks_for("emailed") and not state.emailed:
            if desk.holds(desk.plan.protocol.commander):
                yield Word("Send the situation report to the stakeholders. /email", desk.paper(-2))
            yield Word(f"Ask the {desk.plan.protocol.commander_title} to send the report.", desk.paper(-2))
        if desk.asks_for("attached") and "situation_report" not in state.attached:
            yield Word(
                "Attach the situation report to the topic, so that it can be found again. /attach", desk.paper(-1)
            )
        yield Word("The papers are done. The talk comes next.", desk.paper(0))
    if state.phase == HOT_WASH:
        yield Word("Before you look at any number: what surprised you?", "What people remember fades within an hour.")
    if state.phase == FOLLOW_UP or state.finished:
        yield Word(
            "Write down one thing that you would do differently. /action",
            "One change that is tested in the next drill is worth more than ten that are not.",
        )


def _first_hour(desk: _Desk) -> Iterator[Word]:
    """The person with the report takes it up, judges it and calls the others."""
    state, me = desk.state, desk.me
    if not state.knows(me) and me not in state.joined:
        yield Word(
            "Nothing has reached you yet. The first responder hears first; wait for the alert.",
            desk.why("reported", "notices"),
        )
    if me in state.reported and not state.taken_up:
        yield Word("The report has reached you: take it up. /ack", "Until somebody does, it goes to the next person.")
    if me in state.reported and state.severity is None:
        yield Word(
            "Judge how severe it is: compare it with the examples of each severity. /sev 1",
            desk.why("alerted", "pages;"),
        )
    if me in state.reported and not state.alerted and desk.asks_for("team_alerted"):
        yield Word("Call the team. Say severity and topic. /alert 1 topic", desk.why("alerted", "pages;"))
    if me in state.alerted and me not in state.acknowledged and me not in state.joined:
        yield Word(
            "The alert has reached you: answer it. /ack", desk.because("acknowledged", desk.why("alerted", "pages;"))
        )
    if state.alerted and me not in state.joined:
        yield Word(f"Come into {desk.plan.protocol.channel}. /join", desk.why("role they", "into the channel"))


def _alone(desk: _Desk) -> Iterator[Word]:
    """Incidents that need no team: a bug for the sprint, a false alarm."""
    state = desk.state
    if state.alerted or desk.table is None or desk.me not in state.reported:
        return
    if desk.asks_for("bug_filed") and not state.bug_filed:
        if not state.done and not state.running:
            yield Word(
                "Look at it once before you let it wait. /ask or /do, in your own words",
                desk.why("filed as a bug", "ticket"),
            )
        yield Word(
            "File it as a bug for the sprint: what is wrong, and since when. /bug",
            desk.why("filed as a bug", "ticket"),
        )
    if desk.asks_for("closed"):
        if not state.done and not state.running:
            yield Word(
                "Look before you close it: only then do you know that nothing is wrong. /ask or /do",
                desk.why("filed as a bug", "ticket"),
            )
        if not desk.asks_for("bug_filed") or state.bug_filed:
            yield Word("Close it, and say why. /close", desk.why("filed as a bug", "ticket"))


def _gathering(desk: _Desk) -> Iterator[Word]:
    """Severity and topic are restated, and everybody takes a role."""
    state, me, protocol = desk.state, desk.me, desk.plan.protocol
    if me not in state.joined:
        return
    offered = next((role for role, (_, to) in state.offers.items() if to == me), None)
    if offered is not None:
        giver = desk.name(state.offers[offered][0])
        yield Word(
            f"{giver} offers you the role {desk.title(offered)}: accept it. /accept",
            desk.why("role they", "into the channel"),
        )
    if not state.restated and desk.asks_for("restated"):
        yield Word(
            "Restate severity and topic in the channel, for those who just joined. /restate 1 topic",
            desk.why("role they", "into the channel"),
        )
    mine = [role for role, holders in state.roles.items() if me in holders]
    player = desk.plan.player(me)
    able = [role.id for role in protocol.roles if player is None or player.roles is None or role.id in player.roles]
    empty = [role for role in (desk.table.roles if desk.table is not None else []) if not state.roles[role]]
    if not mine:
        wanted = [desk.wants] if desk.wants in able and desk.wants in state.roles else []
        choice = next((role for role in (*wanted, *empty) if role in able and not _full(desk, role)), None)
        if choice is not None:
            duties_of = protocol.role(choice)
            first = duties_of.responsible_for[0] if duties_of is not None else desk.why("role they", "into the channel")
            yield Word(f"Say which role you take: {desk.title(choice)}. /role {desk.title(choice)}", first)
    late = state.alerted_at is not None and desk.at - state.alerted_at > 2 * _MINUTE
    if late and protocol.commander in empty and protocol.commander in able:
        yield Word(
            f"Nobody is in command. Take it, or ask somebody by name. /role {desk.title(protocol.commander)}",
            desk.because("role_in_place", desk.why("decides", "commander")),
        )


def _full(desk: _Desk, role: str) -> bool:
    known = desk.plan.protocol.role(role)
    return known is not None and known.most is not None and len(desk.state.roles[role]) >= known.most


def _waiting_for_me(desk: _Desk) -> Iterator[Word]:
    """What somebody else waits for."""
    state, me = desk.state, desk.me
    task = next((one for one in state.tasks.values() if one.to == me), None)
    if task is not None:
        yield Word(
            f"{desk.name(task.actor)} asked you: {task.text.rstrip('.')}. Say when it is done. /done",
            "People who delegate need to hear back, or they ask again.",
        )
    reply = next((one for one in desk.owed if one.act == "reply" and one.state in ("open", "overdue")), None)
    if reply is not None and _mine(desk, reply.owner):
        yield Word(reply.hint, "People who ask and hear nothing ask somebody else, and louder.")


def _mine(desk: _Desk, owner: str) -> bool:
    if owner in desk.state.roles:
        return desk.holds(owner)
    return owner in ("everyone", desk.me) or (owner == "first_responder" and desk.me in desk.state.reported)


def _speaking(desk: _Desk) -> Iterator[Word]:
    """Customers hear from us, agreed with the commander and when it was promised."""
    state, protocol = desk.state, desk.plan.protocol
    speaker, commander = protocol.spokesperson, protocol.commander
    waits = len(state.drafts) > 0 and len(state.drafts) not in state.approved
    unsent = state.drafted_at is not None and (not state.published or state.published[-1] < state.drafted_at)
    if desk.holds(commander) and waits and unsent:
        yield Word("A message to customers needs your approval: read it. /approve", desk.why("decides", "commander"))
    if speaker is None or not desk.holds(speaker):
        return
    if state.approved:
        yield Word(
            f"The {protocol.commander_title} approved your message: publish it, and say when the next one comes. "
            "/publish next 20m",
            desk.why("decides", "commander"),
        )
    if waits and unsent and state.commander not in (None, desk.me):
        yield Word(
            f"Your message is waiting for {desk.name(state.commander)} to agree. Ask again; if time runs out, "
            "publish it anyway. /publish",
            desk.why("decides", "commander"),
        )
    due = desk.duty("published")
    first = not state.published
    if due is not None and (first or due.target_at is None or desk.at > due.target_at - _SOON):
        said = (
            "Tell customers what you know: who is hit, what they see, when they hear more."
            if first
            else ("The next message to customers is due: say what is new, and when the next one comes.")
        )
        form = "/draft" if state.commander not in (None, desk.me) else "/publish … next 20m"
        yield Word(f"{said} {form}", desk.because("published", desk.why("decides", "commander")))


def _solving(desk: _Desk) -> Iterator[Word]:
    """Look, then fix it, and say what was done."""
    state, me = desk.state, desk.me
    finished = [event for event in desk.log.events if isinstance(event, ev.ActionFinished) and event.actor == me]
    wrote = [event.seq for event in desk.log.events if isinstance(event, ev.EntryLogged) and event.actor == me]
    if finished and (not wrote or wrote[-1] < finished[-1].seq):
        yield Word("Write down what you found, even if it was nothing. /log", desk.why("running log", "record"))
    if desk.holds(desk.plan.protocol.solver) and me not in state.running and state.impact != "ended":
        if not state.done:
            yield Word(
                "Look for the cause: ask what you would look at first. /ask, in your own words",
                desk.why("decides", "commander"),
            )
        yield Word(
            "Go on: look where the last thing you saw points to, or fix it by the runbook. /do, in your own words",
            "Stopping the harm comes first; the cause can wait until it is stopped.",
        )


def _commanding(desk: _Desk) -> Iterator[Word]:
    """Keep the organization informed, and declare it resolved when the signals say so."""
    state, protocol = desk.state, desk.plan.protocol
    if not desk.holds(protocol.commander):
        return
    if state.impact == "ended" and desk.at - state.impact_since > _MINUTE:
        yield Word(
            "The signals are back to normal. If they stay so, declare it resolved. /resolve",
            desk.why("declares it"),
        )
    if desk.asks_for("workaround_used") and desk.duty("workaround_used") is not None:
        yield Word(
            "Tell operations how to keep working in the meantime. /workaround",
            desk.because("workaround_used", desk.why("filed as a bug", "ticket")),
        )
    idle = [
        player.id
        for player in desk.plan.players
        if player.id in state.joined
        and player.id != desk.me
        and not any(player.id in who for who in state.roles.values())
    ]
    if idle:
        yield Word(
            f"{desk.name(idle[0])} has no role: say what you need from them. /delegate {desk.handle(idle[0])} …",
            desk.why("decides", "commander"),
        )
    updates = [event.at for event in desk.log.events if isinstance(event, ev.UpdatePosted)]
    if (
        desk.at - (updates[-1] if updates else state.alerted_at or 0)
        > protocol.cadence.at(desk.at - min(state.reported.values(), default=0)).internal - _QUIET
    ):
        yield Word("Give the organization an update. /update", protocol.cadence.because)


def _overdue(desk: _Desk) -> Iterator[Word]:
    """Whatever else the protocol asks of them, in order of time."""
    for duty in desk.owed:
        if duty.state == "overdue" and duty.act not in ("acknowledged", "joined") and _mine(desk, duty.owner):
            yield Word(f"Overdue: {duty.hint}", desk.because(duty.act, "The protocol asks for it."))


def _quiet(desk: _Desk) -> Iterator[Word]:
    state = desk.state
    last = state.spoke_at if state.spoke_at is not None else state.alerted_at
    if desk.me in state.joined and last is not None and desk.at - last > _QUIET:
        yield Word(
            "Nobody has logged anything for five minutes. Log the current status. /log",
            desk.why("running log", "record"),
        )


_STEPS: tuple[Callable[[_Desk], Iterator[Word]], ...] = (
    _standing_still,
    _after,
    _first_hour,
    _alone,
    _gathering,
    _waiting_for_me,
    _speaking,
    _commanding,
    _solving,
    _overdue,
    _quiet,
)
