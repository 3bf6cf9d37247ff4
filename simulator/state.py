"""The state of a drill: nothing but a fold of its events; `folds` says what each event changes."""

from datetime import datetime

from scenarios.expects import Decision
from scenarios.story_time import begin_of, fill_told
from simulator import events as ev
from simulator.harm import Later
from simulator.plan import DrillPlan, Player

__all__ = ["DrillState"]

RESPOND, PAPERS, HOT_WASH, FOLLOW_UP = "respond", "papers", "hot_wash", "follow_up"


class DrillState:
    """What is true at a moment of a drill. Times are drill time in milliseconds; None means not yet."""

    def __init__(self, plan: DrillPlan) -> None:
        self.plan = plan
        self.players = {player.id: place for place, player in enumerate(plan.players)}
        """The place of each member."""
        self.seq = 0
        """The number of events so far, which is the next event's place."""
        self.at = 0
        """When the last event happened."""
        self.values: dict[str, str | int | float] = {}
        """The scenario's variables as drawn."""
        self.acts: set[tuple[str | None, str]] = set()
        """The act ids that have been applied, each with its actor."""
        # The exercise
        self.phase: ev.Phase = "respond"
        self.phase_since = 0
        self.response_over: int | None = None
        """When the incident was resolved or closed."""
        self.ended_at: int | None = None
        self.finished = False
        """The follow-up is closed; nothing happens any more."""
        self.paused_wall: datetime | None = None
        """Since which instant the clock is paused, while it is."""
        self.stood = 0
        """Milliseconds for which drill time was paused while instants ran on, minus those that were skipped."""
        self.stopped = False
        """Somebody said that something real has happened."""
        self.excused: set[str] = set()
        self.off_duty = {player.id for player in plan.players if player.since is not None}
        """Whose shift has not begun yet."""
        # Who knows, who came
        self.reported: dict[str, int] = {}
        """Whom the report has reached, and when, in that order."""
        self.taken_up = False
        """Somebody whom the report reached has done something."""
        self.alerted_at: int | None = None
        self.alerted_by: str | None = None
        """Who alerted the team first."""
        self.alerted: dict[str, int] = {}
        self.acknowledged: dict[str, int] = {}
        self.joined: dict[str, int] = {}
        self.restated = False
        self.severity: int | None = None
        """As said last, in a declaration, an alert or the channel."""
        self.declared: int | None = None
        """As declared last."""
        self.severity_since = 0
        self.roles: dict[str, dict[str, int]] = {role.id: {} for role in plan.protocol.roles}
        """Who holds each role since when."""
        self.role_changed: dict[str, int] = {}
        """When each role was last taken by a first or given up by the last holder."""
        self.offers: dict[str, tuple[str, str]] = {}
        """Roles offered: by whom to whom."""
        # What was said
        self.spoke_at: int | None = None
        """The last log entry or update."""
        self.published: list[int] = []
        self.drafts: list[ev.MessageDrafted] = []
        self.drafted_at: int | None = None
        """The last draft."""
        self.approved: list[int] = []
        """The drafts that were approved and are not yet published, the latest approved at the end."""
        self.spoken: dict[int, ev.SpokenReported] = {}
        self.spoken_count = 0
        # What was done
        self.running: dict[str, ev.ActionStarted] = {}
        self.runs = 0
        self.done: dict[str, int] = {}
        """Actions finished, and when for the first time."""
        self.effect: tuple[str, ev.Impact, int] | None = None
        """The action whose effect is about to show, what the impact will be then, and the action's run."""
        self.later: Later | None = None
        """What becomes of the impact by itself, unless something else changes it before."""
        self.impact: ev.Impact = "full"
        self.impact_since = 0
        self.tasks: dict[int, ev.TaskDelegated] = {}
        """Delegated tasks that are not done."""
        self.task_count = 0
        self.questions: dict[int, ev.QuestionAsked] = {}
        """Questions without an answer."""
        self.question_count = 0
        # Injects
        self.injects: list[ev.Arrived] = []
        """All messages from outside, injects and customers', in order; the number of one is its place from 1."""
        self.delivered: dict[str, int] = {}
        """The next occurrence of each inject that has come at least once."""
        self.settled: set[str] = set()
        """Injects that will not come (again)."""
        self.held: set[str] = set()
        self.down: set[str] = set()
        """What responders use themselves that is down."""
        self.switches: list[tuple[str, bool]] = []
        """What of that is about to change, and whether it works then."""
        self.switched = 0
        """How often something of that has changed."""
        self.jumped: set[str] = set()
        """Injects whose jump of the story's clock has happened."""
        self.jumped_by = 0
        """How far the story's clock is ahead of drill time, beyond where it began."""
        self.chosen: dict[str, int] = {}
        """Options of decisions that were chosen, and when."""
        self.contacted: dict[str, int] = {}
        """When each person outside the team was first contacted."""
        self.asked: dict[int, tuple[str, int]] = {}
        """For each question to such a person who it was, and how often they had been asked before."""
        self.bug_filed = False
        # Papers
        self.reported_situation = False
        self.emailed = False
        self.attached: set[str] = set()
        self.post_mortem = False

    def story_time(self, at: int) -> int | None:
        """The story's time at a drill time from now on; None if the scenario does not say when it begins."""
        begins = self.plan.scenario.begins
        return None if begins is None else begin_of(begins) + at + self.jumped_by

    def told(self, text: str, at: int, ahead: int = 0) -> str:
        """A text of the scenario as people hear it at a drill time; `ahead` is how far the story jumps with it."""
        time = self.story_time(at)
        return fill_told(text, self.values, None if time is None else time + ahead)

    def player(self, name: str) -> Player | None:
        """The member of that id, if there is one."""
        place = self.players.get(name)
        return None if place is None else self.plan.players[place]

    def knows(self, member: str) -> bool:
        """Whether the incident has reached the member at all."""
        return member in self.alerted or member in self.reported

    def holds(self, member: str, role: str) -> bool:
        """Whether the member holds the role now."""
        return member in self.roles[role]

    @property
    def commander(self) -> str | None:
        """Who commands now."""
        return next(iter(self.roles[self.plan.protocol.commander]), None)

    @property
    def halted(self) -> bool:
        """Whether the clock is paused."""
        return self.paused_wall is not None

    def recipients(self, *receivers: str) -> tuple[str, ...]:
        """Whom something meant for roles, groups or members reaches now, each once.

        What is meant for a role that nobody holds reaches the commander, or else the first responder.
        """
        return tuple(dict.fromkeys(member for to in receivers for member in self._reached(to)))

    def decision(self, message: ev.Arrived) -> Decision | None:
        """The decision that a message asks for, if it does."""
        name = message.inject if isinstance(message, ev.InjectDelivered) else None
        inject = self.plan.scenario.inject(name or "")
        return None if inject is None else inject.decision

    def reaches(self, member: str, message: ev.Arrived) -> bool:
        """Whether a message from outside has reached a member, or is for a role that they hold by now."""
        held = (to for to in message.receivers if to in self.roles and self.holds(member, to))
        return member in message.recipients or any(held)

    def _reached(self, to: str) -> tuple[str, ...]:
        if to in self.roles:
            holders = tuple(self.roles[to])
            if holders:
                return holders
            commander = self.commander
            return (commander,) if commander is not None else self._first()
        if to == "channel":
            return tuple(self.joined) or self._first()
        if to == "everyone":
            return tuple(self.alerted) or self._first()
        if to == "first_responder":
            return self._first()
        return (to,)

    def struck(self, event: ev.InjectDelivered) -> tuple[str, ...]:
        """Whom an inject takes out: the holders of the role that it went to, if any; or the first responder."""
        if event.to in self.roles:
            return tuple(self.roles[event.to])
        return event.recipients

    def can_leave(self, member: str) -> bool:
        """Whether a member is still in, and not the last one who is."""
        still_in = self.players.keys() - self.excused - self.off_duty
        return member in still_in and len(still_in) > 1

    def _first(self) -> tuple[str, ...]:
        """The one who has the report: the last whom it reached, among those still in if there are any."""
        still_in = (member for member in reversed(self.reported) if member not in self.excused)
        return (next(still_in, next(reversed(self.reported), self.plan.first_responder)),)
