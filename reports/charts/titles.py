"""What each chart shows, as its title: the one thing that its reader should see in it."""

from reports.format import points, spell
from reports.story import COMPONENTS, Story
from scoring.result import Scorecard

__all__ = ["titles"]


_WORTH_SAYING = 60_000
"""Milliseconds: a shorter wait is not the one thing to see."""


def titles(story: Story, card: Scorecard) -> dict[str, str]:
    """A title for each chart."""
    return {
        "timeline": _timeline(story),
        "response-times": _times(card),
        "role-coverage": _coverage(story, card),
        "communication": _communication(story, card),
        "score": _score(card),
    }


def _timeline(story: Story) -> str:
    facts = story.facts
    over = (
        "never declared over"
        if facts.closing is None
        else f"declared over after {_span(facts.closing.when - facts.report)}"
    )
    if facts.fixed is not None:
        felt = f", felt for {_span(story.felt_on - facts.report)}" if story.felt_on is not None else ""
        return f"The drill: fixed after {_span(facts.fixed.when - facts.report)}{felt}, {over}"
    if facts.closing is not None and story.fixed_too_late is not None:
        return f"The drill: {over}, fixed {story.fixed_too_late} later"
    return f"The drill: {'still broken' if facts.mendable else 'nothing to fix'}, {over}"


def _times(card: Scorecard) -> str:
    part = card.components.get("response_time")
    judged = [item for item in part.items if item.score is not None and item.target_s is not None] if part else []
    missed = [item for item in judged if (item.score or 0) < 100]
    if not judged:
        return "Nothing had to be done by a time"
    if not missed:
        return (
            f"Done in time: {len(judged)} of {len(judged)} that were judged"
            if card.cut_short
            else "Everything was done by its target"
        )
    never = [item for item in missed if item.actual_s is None]
    worst = min(never or missed, key=lambda item: (item.score or 0, -(item.available or 0)))
    kept = f"{len(judged) - len(missed)} of {len(judged)} by their targets"
    return f"Done in time: {kept}; {'missing' if never else 'latest'}: {worst.title.lower()}"


def _coverage(story: Story, card: Scorecard) -> str:
    gaps = [(stop - start, role) for role, found in story.gaps(card).items() for start, stop in found]
    if not card.roles:
        return "Nobody owed a role yet" if card.cut_short else "No role was asked for"
    if not gaps and story.facts.walked_away:
        return "Every role was held until it was declared over, too soon; none counts after that"
    if not gaps:
        return "Every role was held throughout"
    longest, role = max(gaps)
    commands = role == story.plan.protocol.commander
    return f"{'Nobody commanded' if commands else f'Nobody held {story.role(role)}'} for {_span(longest)}"


def _communication(story: Story, card: Scorecard) -> str:
    facts = story.facts
    waits = [stop - start for start, stop in story.waits if stop - start >= _WORTH_SAYING or not facts.messages]
    if waits and not facts.messages:
        return "Customers were told nothing"
    if waits:
        return f"Customers waited up to {_span(max(waits))} for a message that was due"
    silence = card.measures.longest_silence_s
    channel = story.plan.protocol.channel
    return (
        f"{channel} was never silent for long"
        if silence is None
        else f"{channel} was silent for {_span(silence * 1000)} at most"
    )


def _score(card: Scorecard) -> str:
    lost = {name: part.lost for name, part in card.components.items()}
    if card.score is None:
        return f"No score: {card.verdict}"
    name, most = max(lost.items(), key=lambda one: one[1], default=("", 0.0))
    if most < 0.05:
        return "Nothing was lost"
    return f"Most was lost on {COMPONENTS.get(name, name).lower()}: {points(most)} points"


def _span(milliseconds: float) -> str:
    """A span in words for a title: minutes without seconds once there are ten."""
    whole = round(milliseconds / 60_000) * 60_000 if milliseconds >= 600_000 else milliseconds
    return spell(whole)
