"""The situation report: the protocol's questions, each answered from the log."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from reports.format import as_sentence, by_way, clean, joined, spell
from reports.handed_out import Enclosed, enclosed
from reports.story import Story
from scenarios.visible_text import says_something
from simulator import events as ev

__all__ = ["Answer", "SituationReport"]

LEFT_OUT = "The team left this out."
NOT_FILED = "The team filed no situation report, so this is not answered."


@dataclass(frozen=True)
class Answer:
    """One question and what the log answers."""

    id: str
    asks: str
    lines: tuple[str, ...]
    """The answer in words; what people typed is not yet escaped."""
    by_people: bool
    """Whether only people can know it."""
    missing: bool = False
    """Whether it is missing."""
    files: tuple[Enclosed, ...] = ()
    """What came with it."""


@dataclass(frozen=True)
class SituationReport:
    """What is sent to the stakeholders and attached to the topic."""

    title: str
    drill: str
    day: str
    zone: str
    """The time zone of all times of day in it."""
    answers: tuple[Answer, ...]
    head: str
    """The log's last hash, to check the log against."""

    @classmethod
    def of(cls, story: Story) -> "SituationReport":
        """Read it from the log."""
        known = {
            "incident": _incident,
            "reported_at": _reported,
            "closed_at": _closed,
            "response_time": _response_time,
            "people": _people,
        }
        filed = next(reversed(story.all(ev.SituationReportFiled)), None)
        answers = []
        for question in story.plan.protocol.questions:
            if question.id in known:
                lines = known[question.id](story)
                missing = question.id in ("reported_at", "closed_at") and len(lines) == 1 and lines[0].startswith("It ")
                files = enclosed(story, story.facts.reported) if question.id == "incident" else ()
                answers.append(
                    Answer(question.id, question.asks, tuple(lines), by_people=False, missing=missing, files=files)
                )
            else:
                typed = clean(getattr(filed, question.id, ""), lines=True)
                left_out = (
                    LEFT_OUT if filed is not None else "The team filed no situation report, so this is not answered."
                )
                lines = [typed] if says_something(typed) else [left_out]
                answers.append(
                    Answer(question.id, question.asks, tuple(lines), by_people=True, missing=not says_something(typed))
                )
        lost = story.plan.scenario.impact.lost
        if lost is not None:
            answers.append(Answer("lost", "What is lost for good?", (story.filled(lost),), by_people=False))
        start = story.local(story.plan.start)
        return cls(
            title=story.filled(story.plan.scenario.title),
            drill=story.plan.drill,
            day=f"{start:%Y-%m-%d}",
            zone=story.plan.timezone,
            answers=tuple(answers),
            head=story.head,
        )


def _at(story: Story, instant: datetime) -> str:
    """A time of day with its zone, and with the day if it is not the drill's own."""
    zone = [] if story.clocks_change else [f"{story.local(instant):%Z}"]  # else the time of day has it
    return f"{story.clock(instant)} ({', '.join(dict.fromkeys([*zone, story.plan.timezone]))})"


def _incident(story: Story) -> list[str]:
    report = story.facts.reported
    if report is None:
        return ["Nothing had been reported when the log ends."]
    how = f"{report.sender}, {by_way(report.via)}, to {story.name(report.to)}"
    return [
        f"{as_sentence(story.filled(story.plan.scenario.title))} {_declared(story)}",
        f"Reported by {how}: {clean(report.text)}",
    ]


def _declared(story: Story) -> str:
    """What it was said to be, by whatever act, and when that changed."""
    said = [(level, event) for _, level, event in story.facts.said]
    changes = said[:1] + [one for before, one in pairwise(said) if one[0] != before[0]]
    if not changes:
        return "Its severity was never declared."
    if len(changes) == 1:
        return f"Declared as {story.severity_of(changes[0][0])}."
    times = [f"at {story.clock(story.said_at(event))} as {story.severity_of(level)}" for level, event in changes]
    return f"Declared {joined(times)}."


def _reported(story: Story) -> list[str]:
    report = story.facts.reported
    return [_at(story, story.said_at(report))] if report else ["It was not reported."]


def _closed(story: Story) -> list[str]:
    closing = story.facts.closing
    if closing is None:
        return ["It was never declared resolved or closed."]
    verb = "Declared resolved" if isinstance(closing, ev.IncidentResolved) else "Closed"
    by = f" by {story.name(closing.actor)}" if closing.actor else ""
    text = closing.text if isinstance(closing, ev.IncidentResolved) else closing.reason
    lines = [f"{_at(story, story.said_at(closing))}. {verb}{by}{': ' + clean(text) if clean(text) else '.'}"]
    fixed = story.facts.fixed
    if fixed is not None:
        felt = story.facts.relieved
        if felt is not None and felt > fixed.when:
            lines.append(f"The fix was in at {_at(story, story.said_at(fixed))}.")
            lines.append(f"Customers stopped feeling it {spell(felt - fixed.when)} later, {_by_then(story)}.")
        else:
            lines.append(f"The impact ended at {_at(story, story.said_at(fixed))}.")
    elif story.facts.mendable:
        late, fix = story.fixed_too_late, story.facts.fixed_at_all
        ended = "" if late is None or fix is None else f" It ended {late} later, at {_at(story, story.said_at(fix))}."
        lines.append(f"The impact had not ended by then.{ended}")
    return lines


def _by_then(story: Story) -> str:
    return "before it was declared over" if story.facts.over else "after it was declared over"


def _response_time(story: Story) -> list[str]:
    facts = story.facts
    others = [at for who, at in _acknowledged(story).items() if facts.alert and who != facts.alert.actor]
    steps: list[tuple[str, int | None]] = [
        ("until the team was alerted", facts.alert.when if facts.alert else None),
        ("until the first member had acknowledged", min(others, default=None)),
        ("until somebody commanded", _since(story, story.plan.protocol.commander)),
        ("until the impact ended", facts.took_hold),
        ("until it was declared over", facts.closing.when if facts.closing else None),
    ]
    lines = [f"{spell(at - facts.report)} {what}" for what, at in steps if at is not None]
    missing = [what.removeprefix("until ") for what, at in steps if at is None]
    if not lines:
        return ["Nobody responded."]
    lines[0] = f"From the report: {lines[0]}"
    skipped = sum(one.to - one.at for one in story.all(ev.TimeSkipped))
    return [
        f"{'; '.join(lines)}.",
        *([f"Drill time was moved ahead by {spell(skipped)}; times of day were not."] if skipped else []),
        *([f"It did not come to this: {'; '.join(missing)}."] if missing else []),
    ]


def _acknowledged(story: Story) -> dict[str, int]:
    return {who: event.when for who, event in story.facts.acknowledged.items()}


def _since(story: Story, role: str) -> int | None:
    first = story.roles.first(role)
    return first.since if first else None


def _people(story: Story) -> list[str]:
    lines = []
    for who in story.members:
        spans: dict[str, list[str]] = {}
        for one in story.holdings:
            if one.who == who and one.start < story.facts.response_end:
                span = f"from {_clock_of(story, one.start)} to {_clock_of(story, one.end)}"
                spans.setdefault(story.role(one.role), []).append(span)
        held = [f"{role} {joined(times)}" for role, times in spans.items()]
        acted = any(event.actor == who for event in story.events)
        reported = story.facts.reported is not None and story.facts.reported.to == who
        parts = (["first responder"] if reported else []) + held
        if parts or acted:
            again = any(len(times) > 1 for times in spans.values())
            words = "; ".join(parts) if again else joined(parts)
            lines.append(f"{story.name(who)}: {words if parts else 'took part without a role'}")
    silent = [story.name(who) for who in story.members if not any(event.actor == who for event in story.events)]
    if silent:
        lines.append(f"No act in the log: {joined(silent)}")
    return lines or ["Nobody."]


def _clock_of(story: Story, at: int) -> str:
    """The time of day of a drill time, at the latest that of the end of the response."""
    return story.clock(story.at(min(at, story.facts.response_end)))
