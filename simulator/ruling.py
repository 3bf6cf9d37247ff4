"""What all rules lean on: the stamp of an event, and checks of what an act names. Each raises ActRefused."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from simulator.acts import Act, ActRefused
from simulator.state import DrillState
from simulator.words import nearest

LONGEST_TEXT = 8_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Moment(NamedTuple):
    """When an act is made, and what it needs to know of time."""

    at: int
    """Drill time in milliseconds."""
    wall: datetime
    """UTC instant."""
    due: int | None = None
    """Drill time of the next thing that happens by itself."""
    said: int | None = None
    """Drill time at which it was said aloud, if it was."""


def stamp(state: DrillState, act: Act, now: Moment) -> dict[str, Any]:
    """Place, time and actor of the event that an act becomes."""
    fields: dict[str, Any] = {"seq": state.seq, "at": now.at, "wall": now.wall, "actor": act.who, "act": act.id}
    if now.said is not None:
        fields["said"] = now.said
    return fields


def prose(text: str, what: str) -> str:
    """What somebody typed, without control characters; refused when empty or far too long."""
    text = _CONTROL.sub("", text).strip()
    if not text:
        raise ActRefused(f"say {what}")
    if len(text) > LONGEST_TEXT:
        raise ActRefused(f"that is longer than {LONGEST_TEXT} characters; put it in a document and name that")
    return text


def optional(text: str) -> str:
    """As `prose`, but it may be empty."""
    return prose(text, "less") if text.strip() else ""


def known_level(state: DrillState, severity: int) -> int:
    """The severity, if the protocol has it; 0 is a false alarm."""
    levels = [0, *(known.level for known in state.plan.protocol.severities)]
    if severity not in levels:
        raise ActRefused(f"there is no severity {severity}; it is one of {', '.join(map(str, levels))}")
    return severity


def topic_of(topic: str | None) -> str | None:
    """The topic in one line; nothing if it says nothing."""
    return None if topic is None or not topic.strip() else prose(topic.replace("\n", " "), "the topic")


def known_role(state: DrillState, role: str) -> str:
    """The id of the role that somebody named, by id or by its words."""
    known = [other.id for other in state.plan.protocol.roles]
    if role in known:
        return role
    spelled = role.strip().lower().replace(" ", "_").replace("-", "_")
    if spelled in known:
        return spelled
    close = nearest(spelled, known)
    raise ActRefused(
        f"there is no role {role!r}" + (f"; did you mean {close!r}?" if close else f"; it is one of {', '.join(known)}")
    )


def check_may_take(state: DrillState, member: str, role: str) -> None:
    """That the member may take the role and does not hold it."""
    player = state.plan.player(member)
    if player is not None and player.roles is not None and role not in player.roles:
        raise ActRefused(f"{member} may not take the role {role}")
    if state.holds(member, role):
        raise ActRefused(f"{member} already holds the role {role}")


def known_member(state: DrillState, name: str) -> str:
    """The id, if a member has it."""
    if state.plan.player(name) is None:
        raise ActRefused(f"{name!r} is not in the team{did_you_mean(name, state)}")
    return name


def did_you_mean(name: str, state: DrillState) -> str:
    """The end of a sentence that suggests the member who was meant."""
    close = nearest(name, [player.id for player in state.plan.players])
    return f"; did you mean {close!r}?" if close else ""
