"""A drill played again from its log: everybody does what they did when they did it, and time brings what it brings.

Nobody reacts to anything. So what a change to the acts brings is what it brings by itself, with all else as it was.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from msgspec import structs

from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act, ActRefused
from simulator.engine import Engine
from simulator.events import Event
from simulator.fields import is_gone, typed_in
from simulator.plan import DrillPlan, Seat
from simulator.rules import decide
from simulator.rules_common import ActTime

__all__ = ["MADE_BY", "Done", "Gone", "Played", "course_of", "reenact"]

_MILLISECOND = timedelta(milliseconds=1)


class Done(NamedTuple):
    """An act of a drill and its drill time in milliseconds."""

    at: int
    act: Act | None
    """None for a pause that nobody asked for: the server was down."""
    event: Event | None = None
    """What became of it in the drill; None for an act that was not in it."""


class Gone(NamedTuple):
    """An act that no longer applies."""

    done: Done
    why: str
    """The reason, in one sentence."""


class Played(NamedTuple):
    """A drill that was played again."""

    events: tuple[Event, ...]
    gone: tuple[Gone, ...]


# -- from events to acts -----------------------------------------------------------------------------------------------


def _same(kind: type[Act]) -> Callable[[Any], Act]:
    """The act whose fields are called as those of its event."""
    names = [name for name in kind.__struct_fields__ if name not in ("who", "id")]
    return lambda event: kind(who=event.actor, id=event.act, **{name: getattr(event, name) for name in names})


def _sent(event: Any) -> Act:  # noqa: ANN401 - both kinds of inject have these fields
    if event.inject is not None:
        return do.SendInject(who=event.actor, id=event.act, inject=event.inject)
    return do.SendInject(
        who=event.actor, id=event.act, to=event.to, via=event.via, sender=event.sender, text=event.text
    )


def _asked(event: ev.QuestionAsked) -> Act:
    who = event.actor or ""
    if event.outsider is not None:
        return do.Contact(who=who, id=event.act, outsider=event.outsider, text=event.text)
    return do.Ask(who=who, id=event.act, text=event.text)


MADE_BY: Mapping[type[Event], Callable[[Any], Act]] = {
    ev.Acknowledged: _same(do.Acknowledge),
    ev.SeverityDeclared: _same(do.DeclareSeverity),
    ev.TeamAlerted: _same(do.AlertTeam),
    ev.Joined: _same(do.Join),
    ev.Restated: _same(do.Restate),
    ev.RoleTaken: _same(do.TakeRole),
    ev.RoleReleased: _same(do.ReleaseRole),
    ev.HandoverOffered: _same(do.HandOver),
    ev.RoleHandedOver: _same(do.AcceptRole),
    ev.MessagePosted: _same(do.Say),
    ev.EntryLogged: _same(do.LogEntry),
    ev.UpdatePosted: _same(do.PostUpdate),
    ev.MessageDrafted: _same(do.DraftMessage),
    ev.DraftApproved: _same(do.ApproveDraft),
    ev.MessagePublished: _same(do.Publish),
    ev.InjectAnswered: _same(do.Reply),
    ev.SpokenReported: _same(do.Heard),
    ev.ActionStarted: _same(do.StartAction),
    ev.StepDone: _same(do.TickStep),
    ev.StepFlagged: _same(do.FlagStep),
    ev.TaskDelegated: _same(do.Delegate),
    ev.TaskDone: _same(do.FinishTask),
    ev.QuestionAsked: _asked,
    ev.QuestionAnswered: _same(do.Answer),
    ev.WorkaroundAnnounced: _same(do.AnnounceWorkaround),
    ev.BugFiled: _same(do.FileBug),
    ev.IncidentClosed: _same(do.CloseIncident),
    ev.IncidentResolved: _same(do.Resolve),
    ev.DecisionMade: _same(do.Choose),
    ev.SituationReportFiled: _same(do.FileSituationReport),
    ev.ReportEmailed: _same(do.EmailReport),
    ev.PaperAttached: _same(do.Attach),
    ev.PostMortemFiled: _same(do.FilePostMortem),
    ev.CorrectiveActionAdded: _same(do.AddCorrectiveAction),
    ev.DrillStopped: _same(do.Stop),
    ev.DrillPaused: _same(do.Pause),
    ev.DrillResumed: _same(do.Resume),
    ev.TimeSkipped: _same(do.SkipAhead),
    ev.InjectDelivered: _sent,
    ev.FacilitatorTold: _sent,
    ev.InjectHeld: _same(do.HoldInject),
    ev.HintGiven: _same(do.Hint),
    ev.MemberExcused: _same(do.Excuse),
    ev.NoteTaken: _same(do.Note),
    ev.Rated: _same(do.Rate),
    ev.ExpectationJudged: _same(do.Judge),
    ev.PhaseBegan: lambda event: do.EndDrill(who=event.actor, id=event.act),
    ev.DrillEnded: _same(do.EndDrill),
    ev.FollowUpClosed: _same(do.CloseFollowUp),
}
"""The act that an event with an actor came from. The other kinds come by themselves alone."""


def course_of(events: Sequence[Event]) -> list[Done]:
    """What people did in a drill, in its order."""
    drafts = _drafts(events)
    return [
        Done(event.at, None if event.actor is None else MADE_BY[type(event)](_worded(event, drafts)), event)
        for event in events
        if event.due is None and (event.actor is not None or isinstance(event, ev.DrillPaused | ev.DrillResumed))
    ]


def _drafts(events: Sequence[Event]) -> dict[int, int]:
    """The place of each draft in the log, by its number."""
    return {event.draft: event.seq for event in events if isinstance(event, ev.MessageDrafted)}


def _worded(event: Event, drafts: Mapping[int, int]) -> Event:
    """The event with words where its own are erased or not here. A message and the draft that it was have the same."""
    gone = [name for name in typed_in(type(event)) if is_gone(getattr(event, name) or "")]
    if not gone:
        return event
    source = drafts.get(event.draft or 0, event.seq) if isinstance(event, ev.MessagePublished) else event.seq
    words = sha256(str(source).encode()).hexdigest()  # unlike any other, so that no other draft is taken for it
    return structs.replace(event, **dict.fromkeys(gone, words))


# -- playing it again --------------------------------------------------------------------------------------------------

_NAMES: Mapping[type[Act], str] = {
    do.ApproveDraft: "draft",
    do.Reply: "number",
    do.Judge: "number",
    do.FinishTask: "task",
    do.Answer: "question",
}
"""The field in which an act names an earlier entry by its number."""
_NUMBERS: Mapping[type[Event], str] = {
    ev.MessageDrafted: "draft",
    ev.InjectDelivered: "number",
    ev.CustomerWrote: "number",
    ev.TaskDelegated: "task",
    ev.QuestionAsked: "question",
}
"""The field in which an entry has its number."""


class _Entries:
    """Entries that acts name by number: which number each of the drill's has when it is played again."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._old: dict[tuple[object, ...], int] = {}
        self._moods: dict[str, int] = {}
        for event in events:
            self._old |= dict(self._keyed(event, event))
        self._moods.clear()
        self._now: dict[tuple[str, int], int] = {}

    def _keyed(self, event: Event, was: Event | None) -> list[tuple[tuple[object, ...], int]]:
        """What tells an entry from the others of its kind, and its number. What somebody did is the act that it was."""
        field = _NUMBERS.get(type(event))
        if field is None:
            return []
        what: tuple[object, ...]
        if isinstance(event, ev.CustomerWrote):
            self._moods[event.mood] = self._moods.get(event.mood, 0) + 1
            what = (event.mood, self._moods[event.mood])
        elif isinstance(event, ev.InjectDelivered) and event.inject is not None:
            what = (event.inject, event.occurrence)
        elif was is not None:
            what = ("act", was.seq)
        else:
            return []
        return [((field, *what), getattr(event, field))]

    def add(self, event: Event, was: Event | None) -> None:
        """Take in an event of the drill as it is played again, and the one that it was, if it was one."""
        for key, number in self._keyed(event, was):
            if key in self._old:
                self._now[str(key[0]), self._old[key]] = number

    def named(self, act: Act) -> Act:
        """The act with the number that the entry it names has now; raises ActRefused if that has not come."""
        field = _NAMES.get(type(act))
        number = getattr(act, field) if field is not None else None
        if field is None or number is None:
            return act
        now = self._now.get((field, number))
        if now is None:
            raise ActRefused(f"what it names, {field} {number}, has not come by then")
        return structs.replace(act, **{field: now})


class _Again(Engine):
    """The engine, for acts whose outcome is known: what words meant was decided when they were typed."""

    def again(self, act: Act, now: ActTime, was: Event | None) -> Event:
        """Let an act happen again; raises ActRefused, also if it would become something else."""
        event = decide(self.state, act, now)
        if was is not None:
            event = _as_it_was(event, was)
        self._take(event)
        return event

    def take(self, event: Event) -> None:
        """Take in an event as it was."""
        self._take(event)


def _as_it_was(event: Event, was: Event) -> Event:
    if type(event) is not type(was) or (isinstance(event, ev.PhaseBegan) and event.phase != was.phase):  # type: ignore[attr-defined]
        raise ActRefused("it would become something else")
    if isinstance(event, ev.MessagePublished) and isinstance(was, ev.MessagePublished):
        return structs.replace(event, says_over=was.says_over, terse=was.terse)
    if isinstance(event, ev.TimeSkipped) and isinstance(was, ev.TimeSkipped):
        return structs.replace(event, to=min(event.to, max(was.to, event.at)))
    return event


class _Stage:
    """The drill as it is played again."""

    def __init__(self, plan: DrillPlan, events: Sequence[Event], since: int) -> None:
        seats = {who: Seat(kind="script") for who in plan.seats}  # a person in an assessed drill could not name actions
        self.plan = plan.model_copy(update={"seats": seats})
        self.entries = _Entries(events)
        self.events: list[Event] = []
        self.gone: list[Gone] = []
        self._was: Event | None = None
        self._last = events[-1].at
        self._over = any(isinstance(event, ev.DrillEnded) for event in events)
        self._finished = isinstance(events[-1], ev.FollowUpClosed)
        self._halted: datetime | None = None
        """The instant in the log at which the pause began that lasts now."""
        past = [event for event in events if event.at < since]
        drafts = _drafts(events)
        self.engine = _Again(self.plan, self._observe)
        for event in past or events[:1]:
            self._was = event
            self.engine.take(_worded(event, drafts))
            self._note_pause(event)
        self._was = None

    def _observe(self, event: Event, _: object) -> None:
        self.events.append(event)
        self.entries.add(event, self._was)

    def _wall(self, at: int) -> datetime:
        return self.plan.start + (at + self.engine.state.stood) * _MILLISECOND

    def _note_pause(self, was: Event) -> None:
        if isinstance(was, ev.DrillPaused | ev.DrillStopped):
            self._halted = self._halted or was.wall
        elif isinstance(was, ev.DrillResumed | ev.DrillEnded):
            self._halted = None

    def pass_until(self, at: int) -> None:
        """Let everything happen that is due by then."""
        state = self.engine.state
        while (due := self.engine.next_due()) is not None and due <= at:
            self.engine.advance(max(due, state.at), self._wall(max(due, state.at)))

    def repeat(self, done: Done) -> None:
        """Let an act happen, or note why it cannot."""
        state = self.engine.state
        self.pass_until(done.at)
        at = state.at if state.halted else max(done.at, state.at)
        wall, was = self._wall(at), done.event
        if state.paused_wall is not None and was is not None and self._halted is not None:
            wall = state.paused_wall + max(timedelta(0), was.wall - self._halted)
        self._was = was
        try:
            if done.act is not None:
                said = None if was is None or was.said is None else max(0, at - (was.at - was.said))
                self.engine.again(self.entries.named(done.act), ActTime(at, wall, self.engine.next_due(), said), was)
            elif was is not None:
                self.engine.take(structs.replace(was, seq=state.seq, at=at, wall=wall))
            if was is not None:
                self._note_pause(was)
        except ActRefused as refusal:
            self.gone.append(Gone(done, str(refusal)))
        self._was = None

    def finish(self) -> None:
        """Go on as far as the log went: to the same moment, and to the end of what had ended in it."""
        state = self.engine.state
        self.pass_until(self._last)
        while (due := self.engine.next_due()) is not None and (
            (self._over and state.ended_at is None) or (self._finished and not state.finished)
        ):
            self.pass_until(due)


def reenact(plan: DrillPlan, events: Sequence[Event], course: Sequence[Done], since: int = 0) -> Played:
    """Play a drill again from a drill time on with these acts, which before it are those of its events.

    `events` are the drill's, and begin with its first. Acts of one time happen in the order of `course`.
    """
    stage = _Stage(plan, events, since)
    for done in sorted((done for done in course if done.at >= since), key=lambda done: done.at):
        stage.repeat(done)
    stage.finish()
    return Played(tuple(stage.events), tuple(stage.gone))
