"""The post-mortem: what the log already knows of it, and room for what only the team can write."""

from dataclasses import dataclass
from itertools import pairwise

from reports.by_role import by_role
from reports.format import as_sentence, clean, points, score_points, spell
from reports.handed_out import Enclosed, enclosed
from reports.story import Story, held_down
from scoring.result import Item, Scorecard
from simulator import events as ev

__all__ = ["Correction", "PostMortem", "TimelineEntry"]

_PARTS = {"summary", "impact", "timeline", "what went well", "what went badly", "learnings", "corrective actions"}
"""The parts that every post-mortem has."""
_TELLING = (
    ev.IncidentReported,
    ev.ReportEscalated,
    ev.SeverityDeclared,
    ev.TeamAlerted,
    ev.RoleTaken,
    ev.RoleReleased,
    ev.RoleHandedOver,
    ev.EntryLogged,
    ev.UpdatePosted,
    ev.MessagePublished,
    ev.ActionFinished,
    ev.ImpactChanged,
    ev.StoryJumped,
    ev.DecisionMade,
    ev.ToolChanged,
    ev.WorkaroundAnnounced,
    ev.BugFiled,
    ev.IncidentResolved,
    ev.IncidentClosed,
    ev.SituationReportFiled,
    ev.ReportEmailed,
    ev.DrillPaused,
    ev.DrillResumed,
)


@dataclass(frozen=True)
class TimelineEntry:
    """A line of the timeline."""

    clock: str
    """Time of day in the team's zone."""
    says: str
    files: tuple[Enclosed, ...] = ()
    """What came with it."""
    day: str = ""
    """The date, where a drill of several days comes to a new one."""


@dataclass(frozen=True)
class Correction:
    """A corrective action; what is empty is to be filled in."""

    text: str
    owner: str
    due_on: str


@dataclass(frozen=True)
class PostMortem:
    """The retrospective, by role and without names: it looks for causes, not for culprits."""

    title: str
    drill: str
    zone: str
    summary: str
    team_summary: str
    """What the team wrote; empty if it wrote nothing. The same goes for the other `team_` fields."""
    impact: str
    timeline: tuple[TimelineEntry, ...]
    went_well: tuple[str, ...]
    team_went_well: str
    went_badly: tuple[tuple[str, tuple[str, ...]], ...]
    """What was lost, by who owed it."""
    team_went_badly: str
    others: tuple[str, ...]
    """Further parts that the protocol wants, which only the team can write."""
    learnings: str
    corrections: tuple[Correction, ...]
    scored: bool
    """Whether there is a score, so that something can have been lost or not."""
    head: str

    @classmethod
    def of(cls, story: Story, card: Scorecard) -> "PostMortem":
        """Read it from the log and the ledger."""
        nothing = ev.PostMortemFiled(seq=0, at=0, wall=story.plan.start)
        filed = (story.facts.with_follow_up(ev.PostMortemFiled) or [nothing])[-1]
        actions = story.facts.with_follow_up(ev.CorrectiveActionAdded)
        return cls(
            title=story.filled(story.plan.scenario.title),
            drill=story.plan.drill,
            zone=story.plan.timezone,
            summary=_summary(story, card),
            team_summary=clean(filed.summary, lines=True),
            impact=_impact(story),
            timeline=_timeline(story),
            went_well=tuple(_well(story, card)),
            team_went_well=clean(filed.went_well, lines=True),
            went_badly=tuple(_badly(story, card)),
            team_went_badly=clean(filed.went_badly, lines=True),
            others=tuple(part for part in story.plan.protocol.post_mortem if part.casefold() not in _PARTS),
            learnings=clean(filed.learnings, lines=True),
            corrections=(
                *(
                    Correction(clean(action.text), story.name(clean(action.owner)), clean(action.due_on))
                    for action in actions
                ),
                *(
                    Correction(f"Fix step {flag.step} of {flag.procedure}: {clean(flag.text)}", "", "")
                    for flag in story.facts.with_follow_up(ev.StepFlagged)
                ),
            ),
            scored=card.score is not None,
            head=story.head,
        )


def _timeline(story: Story) -> tuple[TimelineEntry, ...]:
    """What the log holds, and the turns of the incident that are no event of their own."""
    told = [
        (event.at, story.said_at(event), by_role(story, event), enclosed(story, event))
        for event in story.events
        if isinstance(event, _TELLING) or (isinstance(event, ev.InjectDelivered) and enclosed(story, event))
    ]
    turns = [(at, story.at(at), f"{says[:1].upper()}{says[1:]}", ()) for at, says in story.turns]
    lines = sorted([*told, *turns], key=lambda one: one[0])
    days = [story.day(instant) for _, instant, _, _ in lines]
    new = [day if len(set(days)) > 1 and day != before else "" for before, day in pairwise(["", *days])]
    return tuple(
        TimelineEntry(story.time_of_day(instant), says, files, day)
        for (_, instant, says, files), day in zip(lines, new, strict=True)
    )


def _summary(story: Story, card: Scorecard) -> str:
    facts = story.facts
    parts = [f"A drill of {_severities(story)}: {as_sentence(story.filled(story.plan.scenario.title))}"]
    if facts.alert is not None:
        parts.append(f"The team was alerted {spell(facts.alert.when - facts.report)} after the report.")
    if facts.fixed is not None:
        parts.append(_ended(story, facts.fixed.when))
    elif facts.mendable:
        parts.append(_not_ended(story))
    if facts.closing is None:
        parts.append("It was never declared over.")
    if card.score is not None:
        parts.append(f"Score {score_points(card.score)} of 100: {card.says}.")
    else:
        parts.append(f"No score: {card.verdict}.")
    held = held_down(card)
    if held is not None:
        parts.append(held)
    return " ".join(parts)


def _severities(story: Story) -> str:
    """How grave it truly was, and when it grew."""
    first, *grown = story.facts.spans
    later = [
        f", which grew to {story.severity_of(span.level)}, {spell(span.since - story.facts.report)} after the report"
        for span in grown
    ]
    return "".join([story.severity_of(first.level), *later])


def _not_ended(story: Story) -> str:
    late, closing = story.fixed_too_late, story.facts.closing
    if late is None:
        return "The impact was not ended."
    if closing is None:
        return f"The impact ended {late} after the response was over."
    over = spell(closing.when - story.facts.report)
    return f"It was declared over {over} after the report, {late} before the impact ended."


def _ended(story: Story, fixed: int) -> str:
    """When the fix was in, and when customers stopped feeling it if that was later."""
    facts = story.facts
    if facts.relieved is None or facts.relieved == fixed:
        return f"The impact ended {spell(fixed - facts.report)} after the report."
    felt = spell(facts.relieved - facts.report)
    return f"The fix was in {spell(fixed - facts.report)} after the report; customers felt it until {felt} after it."


def _impact(story: Story) -> str:
    facts, impact = story.facts, story.plan.scenario.impact
    until = facts.took_hold if facts.took_hold is not None else facts.response_end
    lasted = spell(max(until - facts.report, 0))
    ended = f"It lasted {lasted} from the report." if facts.fixed_at_all else f"It still lasted after {lasted}."
    said = [as_sentence(story.filled(impact.who)), as_sentence(story.filled(impact.how)), ended]
    if impact.lost is not None:
        said.append(f"Lost for good: {as_sentence(story.filled(impact.lost))}")
    return " ".join(said)


_RIGHT_ENOUGH = 50
"""Below this, the severity was wrong for most of the time."""


def _well(story: Story, card: Scorecard) -> list[str]:
    """What earned full points, in the order of the score. A wrong severity, however soon, did not go well."""
    table = story.plan.protocol.table(card.severity)
    acts = {owed.id: owed.act for owed in table.obligations} if table is not None else {}
    items = [item for part in card.components.values() for item in part.items]
    if any(acts.get(item.id) == "severity_judged" and (item.score or 0) < _RIGHT_ENOUGH for item in items):
        items = [item for item in items if acts.get(item.id) != "severity_declared"]
    return [_said(item) for item in items if item.score is not None and item.score >= 100 and item.available > 0]


def _said(item: Item) -> str:
    """What went well, and how, unless the title says all of it."""
    return item.title if item.why.casefold() in item.title.casefold() else f"{item.title}: {item.why}"


def _badly(story: Story, card: Scorecard) -> list[tuple[str, tuple[str, ...]]]:
    """The ledger by owner, most costly first."""
    by_owner: dict[str, list[str]] = {}
    for lost in card.ledger:
        if lost.points >= 0.05:
            says = f"{lost.title}: {lost.why} ({points(-lost.points)}). Better: {lost.better}"
            by_owner.setdefault(lost.owner, []).append(says)
    return [(story.owner(owner), tuple(lines)) for owner, lines in by_owner.items()]
