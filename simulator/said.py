"""What an event says about the incident, whichever act said it: read by the state, by the score and by the coach."""

from simulator import events as ev
from simulator.events import Event

__all__ = ["SAYS_SEVERITY", "severity_said"]

SAYS_SEVERITY: tuple[type[Event], ...] = (ev.SeverityDeclared, ev.TeamAlerted, ev.Restated)
"""The kinds of event that can say how grave it is."""


def severity_said(event: Event) -> int | None:
    """The severity that was declared, or stated in an alert or in the channel; None if the event states none."""
    return event.severity if isinstance(event, ev.SeverityDeclared | ev.TeamAlerted | ev.Restated) else None
