"""Which of a drill's events each participant may see, as JSON that a browser folds.

Players see what reached them: upcoming injects, the diagnosis, what was drawn, the state of the impact, and other
people's mail are never sent to them. An event that everybody may see is encoded once for all.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from scenarios.expects import Discussion
from scenarios.placeholders import fill
from scenarios.story_time import begin_of, fill_told
from simulator import events as ev
from simulator.events import Event
from simulator.plan import DrillPlan
from simulator.state import DrillState

__all__ = [
    "ADDED",
    "ASKS",
    "KEPT_BACK",
    "WITH_FILES",
    "Frame",
    "Frames",
    "Role",
    "Viewer",
    "frames_of",
    "knows",
    "may_open",
    "reveals",
    "sees",
    "visible",
]

Role = Literal["player", "facilitator", "evaluator", "observer"]
_ENCODE = msgspec.json.Encoder().encode


class Viewer(NamedTuple):
    """Somebody who looks at a drill."""

    role: Role
    member: str | None = None
    """The member that a player plays."""
    revealed: bool = False
    """Whether the talk has shown what happened: from then on everybody may read what reached others."""

    @property
    def staff(self) -> bool:
        """Whether they may see everything."""
        return self.role in ("facilitator", "evaluator")


Whom = Literal["all", "channel", "members", "staff"]
_Whom = tuple[Whom, frozenset[str], frozenset[str]]
"""Who may see something: whom it is for, which members, and who holds one of which roles."""


class Frame(NamedTuple):
    """An event as it may be sent."""

    seq: int
    whom: Whom
    """Who may see it: everybody, those whom the incident has reached, some members, or staff alone."""
    members: frozenset[str]
    """For `members`: who."""
    roles: frozenset[str]
    """For `members`: later holders of one of these roles may see it too."""
    public: bytes
    """What they see."""
    own: tuple[str, bytes] | None
    """Something more, for one member."""
    full: bytes
    """What staff see."""
    files: tuple[str, ...] = ()
    """The hashes of the files that come with it."""


AUDIENCE: dict[type[Event], Whom] = {
    ev.DrillStarted: "all",
    ev.PhaseBegan: "all",
    ev.DrillEnded: "all",
    ev.FollowUpClosed: "all",
    ev.DrillStopped: "all",
    ev.DrillPaused: "all",
    ev.DrillResumed: "all",
    ev.TimeSkipped: "all",
    ev.StoryJumped: "all",
    ev.ToolChanged: "all",
    ev.SeverityDeclared: "channel",
    ev.TeamAlerted: "channel",
    ev.ShiftBegan: "channel",
    ev.Acknowledged: "channel",
    ev.Joined: "channel",
    ev.Restated: "channel",
    ev.RoleTaken: "channel",
    ev.RoleReleased: "channel",
    ev.HandoverOffered: "channel",
    ev.RoleHandedOver: "channel",
    ev.MessagePosted: "channel",
    ev.EntryLogged: "channel",
    ev.UpdatePosted: "channel",
    ev.MessageDrafted: "channel",
    ev.DraftApproved: "channel",
    ev.MessagePublished: "channel",
    ev.SpokenReported: "channel",
    ev.ActionStarted: "channel",
    ev.ActionFinished: "channel",
    ev.StepDone: "channel",
    ev.StepFlagged: "channel",
    ev.TaskDelegated: "channel",
    ev.TaskDone: "channel",
    ev.WorkaroundAnnounced: "channel",
    ev.BugFiled: "channel",
    ev.IncidentResolved: "channel",
    ev.IncidentClosed: "channel",
    ev.SituationReportFiled: "channel",
    ev.ReportEmailed: "channel",
    ev.PaperAttached: "channel",
    ev.PostMortemFiled: "channel",
    ev.CorrectiveActionAdded: "channel",
    ev.MemberExcused: "channel",
    ev.IncidentReported: "members",
    ev.ReportEscalated: "members",
    ev.HintGiven: "members",
    ev.InjectDelivered: "members",
    ev.CustomerWrote: "members",
    ev.InjectAnswered: "members",
    ev.DecisionMade: "members",
    ev.QuestionAsked: "members",
    ev.QuestionAnswered: "members",
    ev.ImpactChanged: "staff",
    ev.InjectNotTaken: "staff",
    ev.InjectHeld: "staff",
    ev.FacilitatorTold: "staff",
    ev.ExpectationJudged: "staff",
    ev.NoteTaken: "staff",
    ev.Rated: "staff",
}
"""Whom each kind of event is for; `Frames` works out which members. One that is missing here is for staff alone."""
KEPT_BACK = ("values", "inject", "occurrence", "shows")
"""Fields that say more than what reached somebody."""
ADDED: dict[type[Event], tuple[str, ...]] = {
    ev.ActionStarted: ("label",),
    ev.ActionFinished: ("label",),
    ev.ReportEscalated: ("via", "sender", "text"),
}
"""What is sent with an event that the event itself does not hold."""
WITH_FILES = (ev.IncidentReported, ev.ReportEscalated, ev.InjectDelivered, ev.ActionFinished)
"""With these, `files` says which files come with them, if any do."""
ASKS = "asks"
"""What is sent with a message that asks something: its `questions` and its `decision`, to talk about and to choose."""


class Frames:
    """Makes frames of a drill's events, one after the other."""

    def __init__(self, plan: DrillPlan) -> None:
        self._plan = plan
        self._values: dict[str, str | int | float] = {}
        self._asked: dict[int, str | None] = {}
        self._arrived: dict[int, _Whom] = {}
        """Who may see each message from outside, and so the replies to it."""

    def frame(self, event: Event) -> Frame:
        """The frame of the next event."""
        if isinstance(event, ev.DrillStarted):
            self._values = event.values
        data: dict[str, Any] = msgspec.to_builtins(event)
        if isinstance(event, ev.ActionStarted | ev.ActionFinished):
            data["label"] = self._label(event.action)
        if isinstance(event, ev.ReportEscalated):
            report, begins = self._plan.scenario.report, self._plan.scenario.begins
            began = None if begins is None else begin_of(begins)
            data |= {
                "via": report.via,
                "sender": fill_told(report.sender, self._values, began),
                "text": fill_told(report.text, self._values, began),
            }
        files = self._files(event)
        if files:
            data["files"] = files
        if isinstance(event, ev.InjectDelivered) and (asks := self._asks(event.inject)):
            data[ASKS] = asks
        full = _ENCODE(data)
        kept = (*KEPT_BACK, "files") if isinstance(event, ev.ActionFinished) else KEPT_BACK
        public = {key: value for key, value in data.items() if key not in kept}
        whom, members, roles = self._whom(event)
        own = None
        if isinstance(event, ev.ActionFinished) and event.actor is not None:
            own = (event.actor, full)
        elif isinstance(event, ev.MemberExcused):
            own = (event.member, full)
        return Frame(
            event.seq, whom, members, roles, _ENCODE(public), own, full, tuple(file["sha256"] for file in files)
        )

    def _files(self, event: Event) -> list[dict[str, Any]]:
        """What comes with an event, as people see it."""
        scenario = self._plan.scenario
        if isinstance(event, ev.IncidentReported | ev.ReportEscalated):
            found = self._plan.attached(scenario.report)
        elif isinstance(event, ev.InjectDelivered):
            found = self._plan.attached(scenario.inject(event.inject or ""))
        elif isinstance(event, ev.ActionFinished):
            found = self._plan.attached(scenario.action(event.action))
        else:
            return []
        return [one.model_dump(include={"name", "type", "size", "sha256", "alt"}, exclude_none=True) for one in found]

    def _label(self, action: str) -> str:
        known = self._plan.scenario.action(action)
        return fill(known.label, self._values) if known is not None else action

    def _asks(self, name: str | None) -> dict[str, Any]:
        """What an inject asks those whom it reaches to talk about or to decide; what is judged stays unsaid."""
        inject = self._plan.scenario.inject(name or "")
        asked = inject.expects or [] if inject is not None else []
        asks: dict[str, Any] = {}
        questions = [fill(one.question, self._values) for one in asked if isinstance(one, Discussion)]
        if questions:
            asks["questions"] = questions
        if inject is not None and inject.decision is not None:
            options = [
                {"id": option.id, "label": fill(option.label, self._values)} for option in inject.decision.options
            ]
            asks["decision"] = {"ask": fill(inject.decision.decision, self._values), "options": options}
        return asks

    def _whom(self, event: Event) -> _Whom:
        if isinstance(event, ev.IncidentReported | ev.ReportEscalated | ev.HintGiven):
            return "members", frozenset({event.to}), frozenset()
        if isinstance(event, ev.Arrived):
            self._arrived[event.number] = reached = self._reached(event)
            return reached
        if isinstance(event, ev.InjectAnswered | ev.DecisionMade):
            whom, members, roles = self._arrived[event.number]
            return whom, members | {event.actor or ""}, roles
        if isinstance(event, ev.QuestionAsked):
            self._asked[event.question] = event.actor
            return "members", frozenset({event.actor or ""}), frozenset()
        if isinstance(event, ev.QuestionAnswered):
            return "members", frozenset({self._asked.get(event.question) or ""}), frozenset()
        return AUDIENCE.get(type(event), "staff"), frozenset(), frozenset()

    def _reached(self, event: ev.Arrived) -> _Whom:
        if "channel" in event.receivers:
            return "channel", frozenset(), frozenset()
        roles = frozenset(role.id for role in self._plan.protocol.roles)
        return "members", frozenset(event.recipients), roles.intersection(event.receivers)


def frames_of(plan: DrillPlan, events: Iterable[Event]) -> list[Frame]:
    """The frames of a drill's events from its beginning."""
    making = Frames(plan)
    return [making.frame(event) for event in events]


def sees(viewer: Viewer, state: DrillState, frame: Frame) -> bytes | None:
    """What a viewer may see of an event right now; None if nothing."""
    if viewer.staff:
        return frame.full
    member = viewer.member or ""
    if viewer.role == "player" and frame.own is not None and frame.own[0] == member:
        return frame.own[1]
    if viewer.revealed:
        return frame.public if frame.whom != "staff" else None
    if viewer.role == "observer":
        return frame.public if frame.whom in ("all", "channel") else None
    if frame.whom == "all":
        return frame.public
    if frame.whom == "channel":
        return frame.public if knows(member, state) else None
    if frame.whom == "members":
        mine = member in frame.members or any(state.holds(member, role) for role in frame.roles)
        return frame.public if mine else None
    return None


def may_open(viewer: Viewer, state: DrillState, frames: Sequence[Frame], file: str) -> bool:
    """Whether a viewer may open a file, by its hash: one that came with something they may see right now."""
    for frame in frames:
        if file in frame.files:
            data = sees(viewer, state, frame)
            if data is not None and file.encode() in data:
                return True
    return False


def knows(member: str, state: DrillState) -> bool:
    """Whether a member may read the channel: the incident has reached them, or they came in."""
    return state.knows(member) or member in state.joined


def visible(viewer: Viewer, state: DrillState, frames: Sequence[Frame], after: int = -1) -> list[bytes]:
    """All that a viewer may see of the events after a place, in order."""
    found = (sees(viewer, state, frame) for frame in frames[after + 1 :])
    return [data for data in found if data is not None]


def reveals(event: Event, member: str) -> bool:
    """Whether an event lets a member see what came before it: then everything must be read again."""
    if isinstance(event, ev.TeamAlerted):
        return member in event.recipients or event.actor == member
    if isinstance(event, ev.ShiftBegan):
        return event.member == member
    if isinstance(event, ev.ReportEscalated | ev.IncidentReported):
        return event.to == member
    return isinstance(event, ev.RoleTaken | ev.RoleHandedOver | ev.Joined) and event.actor == member
