"""A scorecard on screen: the total with its rating, the two headlines, the components, and what cost most."""

from typing import TYPE_CHECKING

from drills.cli.narrow import Bar
from drills.cli.terminal import columns, show, styled
from reports.format import joined, points, score_points, spell
from reports.story import COMPONENTS, Story, held_down
from scoring.result import ComponentScore, Conditions, Lost, Scorecard
from simulator.log import DrillLog

if TYPE_CHECKING:  # rich is slow to import and comes with the first table
    from rich.table import Table

__all__ = ["conditions_in_words", "show_people", "show_score"]

_LINES = 5


def show_score(log: DrillLog, card: Scorecard) -> None:
    """Print a scorecard."""
    story = Story(log, {})
    plan = log.plan
    begun = story.local(plan.start)
    show(
        styled(story.filled(plan.scenario.title), "bold"),
        styled(f"drill {plan.drill}, seed {plan.seed}, {begun:%Y-%m-%d %H:%M} {plan.timezone}", "dim"),
        "",
        _headlines(card),
        "",
        _parts(card),
    )
    held = held_down(card)
    if held is not None:
        show("", styled(held, "yellow"))
    lost = [line for line in card.ledger if round(line.points, 1) > 0][:_LINES]
    if lost:
        show("", styled("What would have changed most", "bold"), _ledger(lost, story))
    show("", _facts(card))


def show_people(log: DrillLog, card: Scorecard, names: dict[str, str]) -> None:
    """Print each member's own ledger. Only on request: points belong to roles unless somebody asks for their own."""
    story = Story(log, names)
    for member, ledger in (card.people or {}).items():
        held = [f"{story.role(role)} for {spell(seconds * 1000)}" for role, seconds in ledger.roles.items()]
        show("", styled(story.name(member), "bold"), styled(joined(held) or "held no role", "dim"))
        lost = [line for line in ledger.lost if round(line.points, 1) > 0]
        show(_ledger(lost, story) if lost else styled("lost no points"))


def _headlines(card: Scorecard) -> "Table":
    table = columns("", "", "", right=(1,))
    says = f"{card.verdict} ({card.rating})" if card.rating else card.verdict
    table.add_row(styled("Score", "bold"), styled(score_points(card.score), "bold"), styled(says))
    table.add_row(styled("Response time"), styled(score_points(card.response_time)), "")
    table.add_row(styled("Role coverage"), styled(score_points(card.role_coverage)), "")
    return table


def _parts(card: Scorecard) -> "Table":
    table = columns("Part", "Score", "", "Points", "of", right=(1, 3, 4))
    for name, part in card.components.items():
        available = sum(item.available for item in part.items)
        table.add_row(
            styled(COMPONENTS.get(name, name)),
            styled(score_points(part.score)),
            Bar((part.score or 0) / 100),
            styled(f"{_earned(part):.1f}" if part.score is not None else "–"),
            styled(f"{available:.1f}"),
        )
    return table


def _earned(part: ComponentScore) -> float:
    return sum(item.earned or 0 for item in part.items) * part.factor


def _ledger(lines: list[Lost], story: Story) -> "Table":
    table = columns("", "", "", right=(0,))
    for line in lines:
        said = styled(f"{line.title}: {line.why}")
        if line.better:
            said.append(f"\n{line.better}", style="dim")
        table.add_row(styled(points(-line.points)), styled(story.owner(line.owner)), said)
    return table


def _facts(card: Scorecard) -> "Table":
    table = columns("", "")
    table.add_row(styled("Conditions", "dim"), styled(conditions_in_words(card.conditions)))
    if card.provisional:
        table.add_row(styled("Provisional", "dim"), styled("the follow-up is still open and can still earn points"))
    if card.reachable < 100:
        said = (
            f"it can cover the roles only in part, worth {score_points(card.reachable)} of 100; the score allows for it"
        )
        table.add_row(styled("Team size", "dim"), styled(said))
    return table


def conditions_in_words(conditions: Conditions) -> str:
    """The conditions of the drill, in a sentence."""
    kinds = {"person": "played by people", "simulated": "simulated", "script": "scripted"}
    parts = [conditions.mode]
    parts += [f"{count} {kinds.get(kind, kind)}" for kind, count in conditions.seats.items() if count]
    if conditions.voice != "none":
        parts.append({"call": "also on a call", "room": "also in one room"}.get(conditions.voice, conditions.voice))
    for count, one, many in (
        (conditions.hints, "hint", "hints"),
        (conditions.interventions, "intervention", "interventions"),
        (conditions.spoken, "act said aloud", "acts said aloud"),
    ):
        parts += [f"{count} {one if count == 1 else many}"] if count else []
    parts += [f"paused for {spell(conditions.paused_s * 1000)}"] if conditions.paused_s else []
    parts += [f"{spell(conditions.skipped_s * 1000)} skipped"] if conditions.skipped_s else []
    return ", ".join(parts)
