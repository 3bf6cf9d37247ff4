"""What each chart shows, in words."""

from reports.format import joined, minutes, points, score_points
from reports.story import COMPONENTS, Story
from scoring.result import Scorecard
from simulator import events as ev
from simulator.customers import WAITING

__all__ = ["alternative"]


def alternative(story: Story, card: Scorecard) -> dict[str, str]:
    """For each chart, what a reader would see."""
    return {
        "timeline": _timeline(story),
        "response-times": _times(card),
        "role-coverage": _coverage(story, card),
        "communication": _communication(story),
        "score": _score(card),
    }


def _timeline(story: Story) -> str:
    facts = story.facts
    parts = [f"{len(story.members)} people, {len(story.all(ev.InjectDelivered))} injects"]
    if facts.alert is not None:
        parts.append(f"the team was alerted at {minutes(facts.alert.when)}")
    parts += [
        f"{story.name(one.who)} held {story.role(one.role)} from {minutes(one.start)} to {minutes(one.end)}"
        for one in story.holdings
    ]
    parts += [
        f"{story.name(one.who)}: {story.action(one.action)}, {minutes(one.start)} to {minutes(one.end)}"
        for one in story.doings
    ]
    for change in story.all(ev.ImpactChanged):
        parts.append(f"at {minutes(change.when)} the impact was {change.impact}")
    parts += [f"at {minutes(at)} {says}" for at, says in story.turns]
    if facts.closing is not None:
        parts.append(f"declared over at {minutes(facts.closing.when)}")
    return "; ".join(parts) + "."


def _times(card: Scorecard) -> str:
    part = card.components.get("response_time")
    if part is None or not part.items:
        return "Nothing had to be done by a time."
    return "; ".join(f"{item.title}: {item.why}, score {score_points(item.score)}" for item in part.items) + "."


def _coverage(story: Story, card: Scorecard) -> str:
    if not card.roles:
        return "No role was required, or none was due."
    parts = []
    for role, open_for in story.gaps(card).items():
        gaps = [f"{minutes(start)} to {minutes(stop)}" for start, stop in open_for]
        parts.append(f"{story.role(role)}: " + (f"open from {joined(gaps)}" if gaps else "held throughout"))
    counts_on = (
        f" It was declared over too soon, at {minutes(story.facts.response_end)}: every role counts as open then."
    )
    return "; ".join(parts) + "." + (counts_on if story.facts.walked_away else "")


def _communication(story: Story) -> str:
    facts = story.facts
    waited = sum(stop - start for start, stop in story.waits)
    posts = f"{len(facts.posts)} log entries and updates"
    told = [minutes(message.when) for message in facts.messages]
    messages = f"customers were told something at {joined(told)}" if told else "customers were told nothing"
    return f"{posts}; {messages}; they waited {minutes(waited)} for messages that were due.{_waiting(story)}"


def _waiting(story: Story) -> str:
    if story.plan.scenario.customers is None or not story.values_known:
        return ""
    reading = story.reading(WAITING)
    most, at = max((reading(at), -at) for at in range(0, story.facts.response_end + 1, 15_000))
    return f" At most {most:,.0f} customers waited, at {minutes(-at)}."


def _score(card: Scorecard) -> str:
    parts = [
        f"{COMPONENTS.get(name, name)} {score_points(part.score)} of 100, weight {part.weight:g}"
        for name, part in card.components.items()
    ]
    lost = [f"{entry.title} {points(-entry.points)}" for entry in card.ledger[:5]]
    if card.score is None:
        return f"No score: {card.verdict}."
    return "; ".join(parts) + (f". What would have changed most: {', '.join(lost)}." if lost else ". Nothing was lost.")
