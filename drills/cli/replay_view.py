"""A drill as a timeline on screen."""

from drills.cli.terminal import columns, show, styled
from reports.event_sentences import sentence
from reports.format import minutes
from reports.story import Story
from simulator import events as ev
from simulator.events import Event
from simulator.log import DrillLog

__all__ = ["show_replay"]

_TURNS = (ev.DrillStarted, ev.PhaseBegan, ev.IncidentResolved, ev.IncidentClosed, ev.ImpactChanged, ev.DrillEnded)
"""Highlights the turning points of the drill."""


def show_replay(log: DrillLog) -> None:
    """Print every event as a line: when, who by id, and what."""
    story = Story(log, {})
    show(styled(f"{story.filled(log.plan.scenario.title)}, drill {log.plan.drill}", "bold"))
    table = columns("Time", "Who", "What", right=(0,))
    for event in story.everything:
        said = styled(sentence(story, event, lambda who: who), _style(event))
        table.add_row(styled(minutes(event.when)), styled(event.actor or "", "cyan"), said)
    show(table)
    if not log.complete:
        show(styled("The log ends here; the drill was not played to its end.", "dim"))


def _style(event: Event) -> str:
    if isinstance(event, ev.Arrived | ev.IncidentReported):
        return "yellow"
    return "bold" if isinstance(event, _TURNS) else ""
