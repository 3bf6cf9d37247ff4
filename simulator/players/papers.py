"""The papers."""

from datetime import timedelta

from scenarios.placeholders import fill
from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act
from simulator.players.common import owed
from simulator.players.persona import Minds, Turn
from simulator.state import DrillState

CORRECT_WITHIN = timedelta(days=14)
"""When corrective actions are due (assumed)."""


def on_phase(minds: Minds, event: ev.PhaseBegan, state: DrillState) -> None:
    """The leader writes the papers."""
    author = minds.leader(state)
    if author is not None and event.phase == "papers":
        minds.intend(author, "situation", event.at, state)
    if author is not None and event.phase == "follow_up":
        minds.intend(author, "post_mortem", event.at, state)


def situation(turn: Turn) -> Act | None:
    """Give the answers that only people can give; some leave one out."""
    if "situation_report" not in owed(turn.state, turn.state.phase_since) or turn.skipped:
        return None
    scenario, known, number = turn.state.plan.scenario, turn.player.figures, turn.intention.number
    texts = (scenario.solution, scenario.impact.who, scenario.impact.how)
    filled = [
        fill(text, turn.state.values)
        if turn.minds.happens(known.answers, turn.player, f"answer {place}", number)
        else ""
        for place, text in enumerate(texts)
    ]
    return do.FileSituationReport(
        who=turn.player.id, id=turn.key, solution=filled[0], who_impacted=filled[1], how_impacted=filled[2]
    )


def on_situation(minds: Minds, event: ev.SituationReportFiled, state: DrillState) -> None:
    """A filed report is sent and attached."""
    player = minds.reached(event.actor)
    if player is not None:
        for kind in ("email", "attach"):
            minds.intend(player, kind, event.at, state)


def email(turn: Turn) -> Act | None:
    """Send the situation report to the stakeholders."""
    return None if turn.state.emailed or turn.skipped else do.EmailReport(who=turn.player.id, id=turn.key)


def attach(turn: Turn) -> Act | None:
    """Attach a paper to the topic."""
    return None if turn.skipped else do.Attach(who=turn.player.id, id=turn.key)


def post_mortem(turn: Turn) -> Act | None:
    """File the retrospective with what was learned."""
    if "follow_up" not in owed(turn.state, min(turn.at, turn.state.response_over or turn.at)) or turn.skipped:
        return None
    scenario = turn.state.plan.scenario
    return do.FilePostMortem(
        who=turn.player.id,
        id=turn.key,
        summary=scenario.title,
        learnings=f"What fixed it: {fill(scenario.solution, turn.state.values)}",
    )


def on_post_mortem(minds: Minds, event: ev.PostMortemFiled, state: DrillState) -> None:
    """What was learned leads to something to change."""
    player = minds.reached(event.actor)
    if player is not None:
        minds.intend(player, "attach", event.at, state)
        minds.intend_at(player, "corrective", event.at + 60_000, (event.wall + CORRECT_WITHIN).date().isoformat())


def corrective(turn: Turn) -> Act | None:
    """Add something to change, with owner and day."""
    if turn.skipped:
        return None
    return do.AddCorrectiveAction(
        who=turn.player.id,
        id=turn.key,
        text=f"Make sure that this cannot happen again: {turn.state.plan.scenario.title}",
        owner=turn.player.id,
        due_on=turn.intention.about,
    )
