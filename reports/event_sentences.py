"""Each event as a sentence for people."""

from collections.abc import Callable

from reports.format import by_way, clean, joined, spell
from reports.story import Story
from scenarios.visible_text import says_something
from simulator import events as ev
from simulator.events import Event
from simulator.syntax import with_handles

__all__ = ["sentence"]

_PHASES = {"respond": "response", "papers": "papers", "hot_wash": "hot wash", "follow_up": "follow-up"}

_SAYS: dict[type[Event], str] = {
    ev.DrillStarted: "STARTEX: the drill began",
    ev.IncidentReported: "the incident was reported to {to} {by_way}, from {sender}: {text}",
    ev.ReportEscalated: "nobody had taken up the report; it went to {to}",
    ev.PhaseBegan: "the phase {phase} began",
    ev.IncidentResolved: "declared the incident resolved. {text}",
    ev.IncidentClosed: "closed the incident: {reason}",
    ev.DrillEnded: "ENDEX: the drill ended. {reason}",
    ev.FollowUpClosed: "the time for the follow-up was over",
    ev.SeverityDeclared: "declared {severity}",
    ev.ShiftBegan: "{member} came on duty",
    ev.Acknowledged: "acknowledged",
    ev.Joined: "joined the channel",
    ev.RoleTaken: "took the role {role}",
    ev.RoleReleased: "gave up the role {role}",
    ev.HandoverOffered: "offered the role {role} to {to}",
    ev.RoleHandedOver: "took over as {role} from {giver}",
    ev.MessagePosted: "said: {text}",
    ev.EntryLogged: "logged: {text}",
    ev.UpdatePosted: "posted an update: {text}",
    ev.MessageDrafted: "drafted message {draft} to customers: {text}",
    ev.DraftApproved: "approved draft {draft}",
    ev.InjectAnswered: "answered inject {number}: {text}",
    ev.SpokenReported: "reported what {speaker} said: {text}",
    ev.ActionStarted: "began: {action}",
    ev.ActionFinished: "finished: {action}. {shows}",
    ev.StepDone: "did step {step} of {procedure}",
    ev.StepFlagged: "found step {step} of {procedure} wrong: {text}",
    ev.TaskDelegated: "asked {to}: {text}",
    ev.TaskDone: "did task {task}",
    ev.QuestionAnswered: "question {question} was answered: {text}",
    ev.WorkaroundAnnounced: "told operations about the workaround: {text}",
    ev.BugFiled: "filed a bug: {text}",
    ev.InjectDelivered: "inject {number} from {sender}, {by_way}, to {recipients}: {text}",
    ev.FacilitatorTold: "a note for the facilitator, from {sender}: {text}",
    ev.DecisionMade: "decided what inject {number} asked: {option}. {says}",
    ev.ExpectationJudged: "judged what inject {number} expects, number {expected} of it: {mark}. {text}",
    ev.CustomerWrote: "message {number} from {sender}, a customer, to {recipients}: {text}",
    ev.InjectHeld: "held the inject {inject} back",
    ev.ReportEmailed: "e-mailed the situation report to the stakeholders",
    ev.DrillStopped: "said that something real had happened; everything stopped",
    ev.DrillPaused: "the drill was paused: {reason}",
    ev.TimeSkipped: "drill time was moved ahead",
    ev.HintGiven: "gave {to} a hint: {text}",
    ev.MemberExcused: "excused {member}: {reason}",
    ev.NoteTaken: "noted: {text}",
    ev.Rated: "rated {item} at {value}. {text}",
    ev.CorrectiveActionAdded: "added a corrective action: {text}",
}
"""Our own templates; what people typed is only ever filled in."""

_IMPACT = {
    "ended": "the impact ended",
    "eased": "the impact eased",
    "worse": "it got worse",
    "full": "the impact is back",
}
_UNTAKEN = {
    "condition": "its condition did not hold",
    "chance": "chance",
    "never": "its moment never came",
    "held": "it was held back",
}
_PAPER = {"situation_report": "the situation report", "post_mortem": "the post-mortem"}


def sentence(story: Story, event: Event, name: Callable[[str], str] | None = None) -> str:
    """What happened, on one line, without who did it. `name` gives members' names; the default is their own."""
    special = _special(story, event)
    if special is not None:
        return clean(special)
    template = _SAYS.get(type(event))
    if template is None:
        return type(event).__name__
    said = template.format_map(_Words(story, event, name or story.name))
    return clean(said.removesuffix(": "))  # where nothing was typed


class _Words(dict[str, str]):
    """An event's fields as words: names for members, titles for roles and actions."""

    def __init__(self, story: Story, event: Event, name: Callable[[str], str]) -> None:
        super().__init__()
        self._name = name
        self._story = story
        self._event = event

    def __missing__(self, field: str) -> str:
        if field == "by_way":
            return by_way(str(getattr(self._event, "via", "")))
        value: object = getattr(self._event, field)
        if isinstance(value, tuple):
            return joined([self._name(str(who)) for who in value]) or "nobody"
        words = str(value)
        if isinstance(self._event, ev.SpokenReported) and field == "text":
            return clean(with_handles(words, self._story.handles))
        if field in ("to", "giver", "member", "speaker"):
            return self._name(words)
        if field == "severity":
            return self._story.severity_of(int(words))
        if field == "role":
            return self._story.role(words)
        if field == "option":
            return self._story.option(words)
        if field == "action":
            return self._story.action(words)
        return _PHASES.get(words, words) if field == "phase" else clean(words)


def _special(story: Story, event: Event) -> str | None:
    """Sentences that need more than filling in fields."""
    match event:
        case ev.TeamAlerted() | ev.Restated():
            stated = [story.severity_of(event.severity)] if event.severity is not None else []
            stated += [f"topic {event.topic}"] if event.topic else []
            what = "alerted the team" if isinstance(event, ev.TeamAlerted) else "restated in the channel"
            return f"{what}: {'; '.join(stated) or 'without severity or topic'}"
        case ev.MessagePublished():
            promise = {None: "no time for the next one", 0: "the last one"}.get(event.next_in)
            promise = promise or f"next in {spell(event.next_in or 0)}"
            agreed = "agreed" if event.agreed else f"not agreed with the {clean(story.plan.protocol.commander_title)}"
            way = "" if event.by == "status_page" else f"by {event.by.replace('_', ' ')}; "
            return f"told customers ({way}{agreed}; {promise}): {event.text}"
        case ev.QuestionAsked():
            return (
                f"asked: {event.text}"
                if event.outsider is None
                else (f"contacted {story.outsider(event.outsider)}: {event.text}")
            )
        case ev.ImpactChanged():
            fixed = story.facts.fixed
            fix = story.felt_on is not None and fixed is not None and event.seq == fixed.seq
            return f"{'the fix was in' if fix else _IMPACT[event.impact]}: {story.mover(event.cause)}"
        case ev.InjectNotTaken():
            return _not_sent(event)
        case ev.ToolChanged():
            return _changed(event)
        case ev.StoryJumped():
            now = story.story_time(event)
            return f"the story moved on by {spell(event.by)}" + (f", to {now}" if now else "")
        case ev.PaperAttached():
            return f"attached {_PAPER[event.paper]} to the topic in the channel"
        case ev.DrillResumed():
            return f"the drill went on after {spell(event.paused_ms)}"
        case ev.SituationReportFiled():
            given = {"solution": event.solution, "who": event.who_impacted, "how": event.how_impacted}
            return "filed the situation report, " + (
                f"with: {joined([key for key, text in given.items() if says_something(text)]) or 'no answers'}"
            )
        case ev.PostMortemFiled():
            return "filed the post-mortem"
    return None


def _not_sent(event: ev.InjectNotTaken) -> str:
    if not event.occurrence:
        return f"the inject {event.inject} was not sent: {_UNTAKEN[event.reason]}"
    over = "the response was over" if event.reason == "never" else _UNTAKEN[event.reason]
    return f"the inject {event.inject} was not sent again: {over}"


def _changed(event: ev.ToolChanged) -> str:
    tool = event.tool.replace("_", " ")
    if event.actor is not None:
        return f"{'brought back' if event.works else 'took down'} the {tool}"
    return f"the {tool} {'works again' if event.works else 'went down'}"
