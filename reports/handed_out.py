"""The files that a scenario handed to people, as a drill's folder and its report have them."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reports.format import clean, minutes
from reports.story import Story
from scenarios.attachments import is_picture
from simulator import events as ev
from simulator.events import Event
from simulator.plan import PlanFile

__all__ = ["Enclosed", "HandedOut", "enclosed", "handed_out"]

MOST_LINES = 60
"""Of a text in the report; the folder has all of it."""


class Enclosed(NamedTuple):
    """A file that came with something, as papers name it."""

    name: str
    path: str
    """Where it is in the drill's folder."""


@dataclass(frozen=True)
class HandedOut:
    """A file that reached somebody."""

    name: str
    path: str
    """Where it is in the drill's folder."""
    alt: str
    """What a picture shows."""
    came: str
    """When it came first, and with what."""
    data: bytes | None
    """Its content; None if it is not here."""
    picture: str
    """A picture for a page, as a `data:` address; empty for a text."""
    text: str
    """The beginning of a text."""
    cut: bool
    """Whether there is more of the text."""


def handed_out(story: Story, contents: Mapping[str, bytes]) -> list[HandedOut]:
    """What reached somebody, in order, each file once."""
    found: dict[str, HandedOut] = {}
    for event in story.everything:
        for file in _with(story, event):
            found.setdefault(file.sha256, _made(story, event, file, contents.get(file.sha256)))
    return list(found.values())


def enclosed(story: Story, event: Event | None) -> tuple[Enclosed, ...]:
    """The files that came with an event, in the scenario's order."""
    return tuple(Enclosed(clean(file.name), file.beside) for file in _with(story, event))


def _with(story: Story, event: Event | None) -> list[PlanFile]:
    plan = story.plan
    match event:
        case ev.IncidentReported():
            return plan.attached(plan.scenario.report)
        case ev.InjectDelivered():
            return plan.attached(plan.scenario.inject(event.inject or ""))
        case ev.ActionFinished():
            return plan.attached(plan.scenario.action(event.action))
    return []


def _made(story: Story, event: Event, file: PlanFile, data: bytes | None) -> HandedOut:
    picture, text, cut = "", "", False
    if data is not None and is_picture(file.type):
        picture = f"data:{file.type};base64,{b64encode(data).decode()}"
    elif data is not None:
        lines = [clean(line) for line in data.decode("utf-8-sig", "replace").splitlines()]
        text, cut = "\n".join(lines[:MOST_LINES]), len(lines) > MOST_LINES
    source = {"ActionFinished": f"found by {story.name(event.actor)}"}.get(type(event).__name__)
    source = source or f"from {clean(getattr(event, 'sender', ''))}"
    return HandedOut(
        name=clean(file.name),
        path=file.beside,
        alt=clean(file.alt or ""),
        came=f"{minutes(event.when)}, {source}",
        data=data,
        picture=picture,
        text=text,
        cut=cut,
    )
