"""Everything that the HTML report shows, read from a drill and its scorecard before a template sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.palette import GROUND, TONES
from reports.earlier import Earlier
from reports.event_sentences import sentence
from reports.format import by_way, clean, joined, minutes, points, score_points, spell, to_the_second
from reports.handed_out import HandedOut
from reports.postmortem import PostMortem
from reports.situation import SituationReport
from reports.story import COMPONENTS, Story, held_down
from scoring.result import ComponentScore, Item, Lost, Scorecard
from simulator import events as ev

__all__ = ["Figure", "Page"]

_STAFF_ONLY = ev.FacilitatorTold | ev.ExpectationJudged | ev.NoteTaken | ev.Rated
"""Players open this page, and never see these; what was judged stands among the points."""


@dataclass(frozen=True)
class Figure:
    """A chart as the page holds it. The pictures are SVG of our own making."""

    name: str
    title: str
    caption: str
    alternative: str
    wide: str
    narrow: str
    """Empty if only the wide one is wanted."""


@dataclass(frozen=True)
class Fact:
    """A figure and what it means."""

    label: str
    value: str


@dataclass(frozen=True)
class LossRow:
    """A line of the ledger."""

    points: str
    title: str
    owner: str
    why: str
    better: str


@dataclass(frozen=True)
class RoleRow:
    """What a role, the first responder or the team as a whole lost."""

    owner: str
    points: str
    items: str


@dataclass(frozen=True)
class ItemRow:
    """An item of a component."""

    title: str
    score: str
    earned: str
    owner: str
    why: str


@dataclass(frozen=True)
class ComponentTable:
    """A component and its items."""

    title: str
    score: str
    weight: str
    note: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True)
class LogRow:
    """An event."""

    seq: int
    clock: str
    at: str
    who: str
    says: str


class Page:
    """What the template reads."""

    def __init__(
        self,
        story: Story,
        card: Scorecard,
        figures: list[Figure],
        papers: tuple[str, str],
        handed_out: Sequence[HandedOut] = (),
        *,
        earlier: Earlier | None = None,
        paper_only: bool = False,
    ) -> None:
        self.paper_only = paper_only
        """Whether the page is only ever printed: one size of each chart, nothing folded."""
        self.tones = [(name, light, dark) for light, (name, dark) in TONES.items()]
        self.ground = GROUND
        """What the page lies on, in the light and in the dark."""
        self.title = story.filled(story.plan.scenario.title)
        self.figures = figures
        self.situation, self.post_mortem = papers
        """The papers as HTML that has been made safe."""
        self.handed_out = handed_out
        """The files that reached somebody."""
        self.earlier = earlier
        """The drills before it; None if none may stand beside it."""
        self.drill = story.plan.drill
        start = story.local(to_the_second(story.plan.start))
        self.when = f"{start:%Y-%m-%d}, {start:%H:%M} ({story.plan.timezone})"
        self.team = f"{story.plan.team}, {len(story.members)} people"
        self.brief = story.filled(story.plan.scenario.brief)
        self.impact = f"{story.filled(story.plan.scenario.impact.who).rstrip('.')}. " + story.filled(
            story.plan.scenario.impact.how
        )
        self.lost = story.filled(story.plan.scenario.impact.lost or "")
        self.solution = story.filled(story.plan.scenario.solution)
        self.channel = story.plan.protocol.channel
        self.roles = [(role.title, role.responsible_for[0]) for role in story.plan.protocol.roles]
        self.report = _report(story)
        self.severity = _severity(story)
        self.scored = card.score is not None
        self.score = score_points(card.score)
        self.says = card.verdict.capitalize()
        self.response_time = score_points(card.response_time)
        self.role_coverage = score_points(card.role_coverage)
        self.notes = _notes(card)
        self.facts = _facts(story, card)
        self.losses = [_loss(story, lost) for lost in card.ledger if lost.points >= 0.05]
        self.by_role = _by_role(story, card)
        self.components = [_component(story, name, part) for name, part in card.components.items()]
        self.conditions = _conditions(card)
        self.events = [
            LogRow(
                event.seq,
                story.clock(story.said_at(event)),
                minutes(event.when),
                story.name(event.actor),
                sentence(story, event),
            )
            for event in story.everything
            if not isinstance(event, _STAFF_ONLY)
        ]
        self.head = story.head
        self.rubric = card.rubric
        self.seed = card.seed
        self.version = clean(story.plan.versions.get("drillroom", ""))


def papers_of(story: Story, card: Scorecard) -> tuple[SituationReport, PostMortem]:
    """Both papers of a drill."""
    return SituationReport.of(story), PostMortem.of(story, card)


def _report(story: Story) -> str:
    report = story.facts.reported
    if report is None:
        return "Nothing had been reported when the log ends."
    return f"{clean(report.sender)}, {by_way(report.via)}, to {story.name(report.to)}: “{clean(report.text)}”"


def _severity(story: Story) -> str:
    known = {each.level: f" ({each.response})" for each in story.plan.protocol.severities}
    true = ", then ".join(f"{story.severity_of(span.level)}{known.get(span.level, '')}" for span in story.facts.spans)
    levels = [level for _, level, _ in story.facts.said]
    said = [story.severity_of(level) for place, level in enumerate(levels) if levels[:place][-1:] != [level]]
    return f"Truly {true}. " + (f"The team said {', then '.join(said)}." if said else "Nobody said how grave it was.")


def _notes(card: Scorecard) -> list[str]:
    held = held_down(card)
    notes = [] if held is None else [held]
    if card.reachable < 99.95:
        notes.append(f"A team of this size can reach {points(card.reachable)}.")
    if card.provisional and card.score is not None:
        notes.append("Provisional: the follow-up is still open.")
    return notes


def _facts(story: Story, card: Scorecard) -> list[Fact]:
    found, fix = card.measures, story.facts.fixed_at_all
    fixed_s = None if fix is None else max(0, fix.when - story.facts.report) / 1000
    answered = [seconds for seconds in found.time_to_acknowledge_s if seconds is not None]
    of = len(found.time_to_acknowledge_s)
    times = [
        ("Team alerted after", found.time_to_alert_s, "team_alerted"),
        (f"{clean(story.plan.protocol.commander_title)} in place after", found.time_to_commander_s, "role_in_place"),
        ("First message to customers after", found.time_to_first_message_s, "published"),
        ("Fixed after" if story.felt_on is not None else "Impact ended after", fixed_s, "impact_ended"),
        ("Declared over after", found.time_to_resolve_s, None),
        ("Longest silence", found.longest_silence_s, "not_silent"),
    ]
    if story.felt_on is not None:
        times.insert(4, ("Customers stopped feeling it after", (story.felt_on - story.facts.report) / 1000, None))
    facts = [
        Fact(label, "never" if value is None else spell(value * 1000))
        for label, value, duty in times
        if value is not None or duty is None or story.facts.listed(duty) is not None  # only what was owed is missing
    ]
    if of:
        facts.insert(
            1 if found.time_to_alert_s is not None else 0, Fact("Alert acknowledged by", f"{len(answered)} of {of}")
        )
    return facts


def _loss(story: Story, lost: Lost) -> LossRow:
    return LossRow(points(-lost.points), lost.title, story.owner(lost.owner), lost.why, lost.better)


def _by_role(story: Story, card: Scorecard) -> list[RoleRow]:
    """Everybody who owed something, those who lost the most first."""
    lost: dict[str, float] = {}
    items: dict[str, list[str]] = {}
    for part in card.components.values():
        for item in part.items:
            lost.setdefault(item.owner, 0.0)
    for entry in card.ledger:
        lost[entry.owner] = lost.get(entry.owner, 0.0) + entry.points
        if entry.points >= 0.05:
            items.setdefault(entry.owner, []).append(entry.title)
    order = sorted(lost, key=lambda owner: -lost[owner])
    return [
        RoleRow(story.owner(owner), points(-lost[owner]), joined(items.get(owner, [])) or "nothing") for owner in order
    ]


def _component(story: Story, name: str, part: ComponentScore) -> ComponentTable:
    note = clean(part.why or "")
    return ComponentTable(
        COMPONENTS.get(name, name),
        score_points(part.score),
        f"{part.weight:g}",
        note[:1].upper() + note[1:],
        tuple(_item(story, item) for item in part.items),
    )


def _item(story: Story, item: Item) -> ItemRow:
    earned = "–" if item.earned is None else f"{points(item.earned)} of {points(item.available)}"
    return ItemRow(item.title, score_points(item.score), earned, story.owner(item.owner), item.why)


_SEATS = {"person": "played by people", "simulated": "simulated", "script": "scripted"}


def _conditions(card: Scorecard) -> list[Fact]:
    found = card.conditions
    seats = [f"{count} {_SEATS.get(kind, kind)}" for kind, count in found.seats.items() if count]
    facts = [
        Fact("Mode", found.mode),
        Fact("Seats", joined(seats) or "none"),
        Fact("Voice", found.voice),
        Fact("Hints", str(found.hints)),
        Fact("Interventions", str(found.interventions)),
        Fact("Paused", spell(found.paused_s * 1000)),
    ]
    if found.skipped_s:
        facts.append(Fact("Skipped", spell(found.skipped_s * 1000)))
    if found.spoken:
        facts.append(Fact("Said aloud and confirmed", str(found.spoken)))
    return facts
