"""What all rules use: registration, the stamp of an event, and checks of what an act names.

The checks raise ActRefused.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec

from scenarios.problem import closest
from scenarios.visible_text import cleaned
from simulator.acts import Act, ActRefused
from simulator.dispatch import kinds_taken
from simulator.events import Event
from simulator.fields import is_gone
from simulator.people import command, person
from simulator.state import DrillState

LONGEST_TEXT = 8_000
LONGEST_ID = 100


class ActTime(msgspec.Struct, frozen=True, gc=False):
    """When an act is made, and what else it needs to know of time."""

    at: int
    """Drill time in milliseconds."""
    wall: datetime
    """UTC instant."""
    due: int | None = None
    """Drill time of the next thing that happens by itself."""
    said: int | None = None
    """Drill time at which it was said aloud, if it was."""


Becomes = Callable[[DrillState, Any, ActTime], Event]
"""The event that an act becomes; raises ActRefused."""
Decides = TypeVar("Decides", bound=Callable[..., Event])
May = Callable[[DrillState, str], bool]
"""Whether somebody may, in the current state."""
Phase = Literal["response", "afterwards"]


class Rule(NamedTuple):
    """What an act becomes, and what has to hold before that is asked."""

    becomes: Becomes
    phase: Phase | None
    """When it may be done: until the response is over, or only after it; None if both are fine."""
    in_channel: bool
    """Whether the actor has to be in the channel."""
    also: May
    """Who may do it regardless of the other conditions."""


class Rules(dict[type[Act], Rule]):
    """The rules of acts, by the kind of act."""

    def add(
        self, *, phase: Phase | None = None, in_channel: bool = False, also: May = lambda _, __: False
    ) -> Callable[[Decides], Decides]:
        """Registers the function below as the rule for the kind of act that it takes; nothing else has to change."""

        def register(becomes: Decides) -> Decides:
            self.update(dict.fromkeys(kinds_taken(becomes), Rule(becomes, phase, in_channel, also)))
            return becomes

        return register


Due = tuple[int, int, datetime, str | None, int]
"""The common fields of an event that happens by itself: place, time, instant, actor, when it was due."""
Stamp = tuple[int, int, datetime, str, None, str | None, int | None]
"""The same for one that an act becomes: place, time, instant, actor, never due, the act's id, when it was said."""


def stamp(state: DrillState, act: Act, now: ActTime) -> Stamp:
    """The common fields of the event that an act becomes."""
    if act.id is not None and not (len(act.id) <= LONGEST_ID and act.id.isascii() and act.id.isprintable()):
        raise ActRefused(f"an act's id is at most {LONGEST_ID} plain letters, digits and signs")
    return state.seq, now.at, now.wall, act.who, None, act.id, now.said


def prose(text: str, what: str) -> str:
    """What somebody typed, cleaned; refused when there is nothing to see, or far too much."""
    text = cleaned(text)
    if not text:
        raise ActRefused(f"say {what}")
    if is_gone(text):
        raise ActRefused("those words were erased; write them again")
    if len(text) > LONGEST_TEXT:
        raise ActRefused(f"that is longer than {LONGEST_TEXT} characters; put it in a document and refer to it")
    return text


def optional(text: str) -> str:
    """As `prose`, but it may be empty."""
    return prose(text, "less") if cleaned(text) else ""


def one_line(text: str, what: str) -> str:
    """As `prose`, in one line."""
    return prose(" ".join(text.split()), what)


def known_level(state: DrillState, severity: int) -> int:
    """The severity, if the protocol has it; 0 is a false alarm."""
    levels = state.plan.protocol.levels
    if severity not in levels:
        known = ", ".join(f"{level} ({name})" for level, name in levels.items())
        raise ActRefused(f"there is no severity {severity}; it is one of {known}")
    return severity


def topic_of(topic: str | None) -> str | None:
    """The topic in one line; None if it is empty."""
    return None if topic is None or not cleaned(topic) else one_line(topic, "the topic")


def known_role(state: DrillState, role: str) -> str:
    """The id of the role that somebody named, by its title or its id."""
    protocol = state.plan.protocol
    known = protocol.role_called(role)
    if known is None:
        raise ActRefused(f"there is no role {role!r}; {protocol.roles_like(role)}")
    return known


def check_may_take(state: DrillState, member: str, role: str) -> None:
    """Check that the member is in the drill, may take the role and does not hold it."""
    player = state.player(member)
    if member in state.excused:
        raise ActRefused(f"{person(member)} is excused from the rest of this drill")
    if player is not None and player.roles is not None and role not in player.roles:
        raise ActRefused(f"{person(member)} may not take the role {state.plan.protocol.title_of(role)}")
    if member in state.off_duty:
        raise ActRefused(f"{person(member)} is not on duty yet")
    if state.holds(member, role):
        raise ActRefused(f"{person(member)} already holds the role {state.plan.protocol.title_of(role)}")


def known_member(state: DrillState, name: str) -> str:
    """The id, if a member has it."""
    if state.player(name) is None:
        raise ActRefused(f"{name!r} is not in the team{did_you_mean(name, state)}")
    return name


def did_you_mean(name: str, state: DrillState) -> str:
    """The end of a sentence that suggests the member who was meant."""
    close = closest(name, [player.id for player in state.plan.players])
    return f"; did you mean '{command(close)}'?" if close else ""
