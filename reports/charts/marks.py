"""What people did, as marks: which kind of act an event is, and where the marks of a lane are."""

from dataclasses import dataclass

from reports.story import Story
from simulator import events as ev
from simulator.events import Event

__all__ = ["KINDS", "Mark", "Milestone", "marks_of", "milestones"]

KINDS = {
    "decided": "decided, alerted, delegated",
    "came": "acknowledged, joined",
    "wrote": "wrote in the channel, or replied",
    "told": "told customers",
    "papers": "papers",
}

_KIND: dict[type[Event], str] = {
    ev.SeverityDeclared: "decided",
    ev.TeamAlerted: "decided",
    ev.TaskDelegated: "decided",
    ev.DraftApproved: "decided",
    ev.IncidentResolved: "decided",
    ev.IncidentClosed: "decided",
    ev.WorkaroundAnnounced: "decided",
    ev.BugFiled: "decided",
    ev.Acknowledged: "came",
    ev.Joined: "came",
    ev.Restated: "wrote",
    ev.EntryLogged: "wrote",
    ev.UpdatePosted: "wrote",
    ev.InjectAnswered: "wrote",
    ev.MessagePublished: "told",
    ev.SituationReportFiled: "papers",
    ev.ReportEmailed: "papers",
    ev.PaperAttached: "papers",
    ev.PostMortemFiled: "papers",
}


@dataclass(frozen=True)
class Mark:
    """Something a member did, at a drill time in milliseconds."""

    at: int
    kind: str


@dataclass(frozen=True)
class Milestone:
    """A turning point of the drill."""

    at: int
    says: str
    tone: str
    """`plain`, `good` or `bad`."""


def marks_of(story: Story) -> dict[str, list[Mark]]:
    """Each member's marks in order of time."""
    found: dict[str, list[Mark]] = {}
    for event in story.events:
        kind = _KIND.get(type(event))
        if kind is not None and event.actor is not None:
            found.setdefault(event.actor, []).append(Mark(event.when, kind))
    return {who: sorted(marks, key=lambda mark: mark.at) for who, marks in found.items()}


def milestones(story: Story) -> list[Milestone]:
    """Reported, alerted, each change of the impact and turn of the incident, and how it was declared over."""
    found: list[Milestone] = []
    facts = story.facts
    report, alert = story.first(ev.IncidentReported), story.first(ev.TeamAlerted)
    if report:
        found.append(Milestone(report.when, "reported", "plain"))
    if alert:
        found.append(Milestone(alert.when, "team alerted", "plain"))
    says = {
        "ended": ("impact ended", "good"),
        "eased": ("impact eased", "good"),
        "worse": ("made worse", "bad"),
        "full": ("impact back", "bad"),
    }
    for change in story.all(ev.ImpactChanged):
        fix = story.felt_on is not None and facts.fixed is not None and change.seq == facts.fixed.seq
        found.append(Milestone(change.when, *(("fix in", "good") if fix else says[change.impact])))
    tones = {True: "good", False: "bad"}
    found += [Milestone(at, says.removeprefix("it "), tones[at == story.felt_on]) for at, says in story.turns]
    if facts.closing is not None:
        resolved = isinstance(facts.closing, ev.IncidentResolved)
        found.append(Milestone(facts.closing.when, "declared resolved" if resolved else "closed", "plain"))
    return sorted(found, key=lambda milestone: milestone.at)
