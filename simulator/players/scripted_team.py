"""The acts of a script as participants of a drill."""

import re
from collections.abc import Sequence

import msgspec

from scenarios.base import parse_duration
from scenarios.problem import closest
from scenarios.protocol import Protocol
from scenarios.script import Script, ScriptedAct
from simulator.acts import ACTS, Act, ActRefused, act_of, kind_of
from simulator.events import Event
from simulator.plan import DrillPlan
from simulator.state import DrillState
from simulator.syntax import parse

__all__ = ["ScriptError", "ScriptedTeam", "read_act"]


class ScriptError(Exception):
    """An act of a script has no meaning; `place` counts the acts from 0."""

    def __init__(self, place: int, why: str) -> None:
        super().__init__(why)
        self.place = place


class ScriptedTeam:
    """Everyone in a script. Its times are real time: a pause does not hold them up."""

    def __init__(self, plan: DrillPlan, script: Script) -> None:
        self._acts: list[tuple[int, Act]] = []
        known = {player.id for player in plan.players} | {*plan.facilitators, *plan.evaluators}
        latest = 0
        for place, scripted in enumerate(script.acts):
            if scripted.who not in known:
                close = closest(scripted.who, sorted(known))
                raise ScriptError(
                    place, f"{scripted.who!r} is not in the team" + (f"; did you mean {close!r}?" if close else "")
                )
            if scripted.at < latest:
                raise ScriptError(place, "this act is earlier than the one before it; write them in order of time")
            latest = scripted.at
            self._acts.append((scripted.at, read_act(scripted, place, plan.protocol)))
        self._next = 0
        self._stood = 0

    def observe(self, event: Event, state: DrillState) -> None:  # noqa: ARG002 - a script does not look around
        """Follow the clock."""
        self._stood = state.stood

    def next_due(self, halted: bool) -> int | None:  # noqa: ARG002 - something must resume the drill
        """Drill time of the next act."""
        return self._acts[self._next][0] - self._stood if self._next < len(self._acts) else None

    def act(self, at: int, state: DrillState) -> Act | None:  # noqa: ARG002 - a script does not look around
        """The next act."""
        act = self._acts[self._next][1]
        self._next += 1
        return act

    def catch_up(self, events: Sequence[Event]) -> None:
        """Go on after the last act that these events know, and after all of an earlier time."""
        done = {event.act for event in events if event.act is not None}
        last = max((place for place, (_, act) in enumerate(self._acts) if act.id in done), default=-1)
        self._next = last + 1
        while self._next < len(self._acts) and self._acts[self._next][0] - self._stood < events[-1].at:
            self._next += 1


def read_act(scripted: ScriptedAct, place: int, protocol: Protocol | None = None) -> Act:
    """The act that a line of a script means, with the protocol's own names; raises ScriptError."""
    act_id = f"script-{place + 1}"
    if (scripted.do is None) == (scripted.say is None):
        raise ScriptError(place, "an act has either `do` or `say`")
    try:
        if scripted.say is not None:
            if scripted.fields:
                raise ScriptError(place, f"`say` stands alone; {next(iter(scripted.fields))!r} belongs to `do`")
            return parse(scripted.say, scripted.who, act_id, protocol=protocol)
        fields = dict(scripted.fields)
        promised = fields.pop("next", None)
        if promised is not None:
            fields["next_in"] = parse_duration(str(promised))
        act = act_of({**fields, "do": scripted.do, "who": scripted.who, "id": act_id})
    except ActRefused as refusal:
        raise ScriptError(place, str(refusal)) from None
    except msgspec.ValidationError as error:
        raise ScriptError(place, _plainly(str(error), scripted.do)) from None
    except ValueError as error:
        raise ScriptError(place, str(error)) from None
    return act


_UNKNOWN = re.compile(r"Object contains unknown field `(\w+)`")
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_OTHER_TYPE = re.compile(r"Expected `([^`]+)`, got `([^`]+)` - at `\$\.(\w+)")
_NOT_ONE_OF = re.compile(r"Invalid enum value ('[^']*') - at `\$\.(\w+)")
_TYPES = {"int": "a whole number", "str": "text", "float": "a number", "bool": "true or false", "null": "nothing",
          "array": "a list", "object": "keys and values"}  # fmt: skip


def _plainly(error: str, kind: str | None) -> str:
    """Msgspec's message in a sentence for authors."""
    if "Invalid value" in error and "$.do" in error:
        close = closest(kind or "", ACT_KINDS)
        return f"there is no act {kind!r}" + (f"; did you mean {close!r}?" if close else "")
    fields = _FIELDS.get(kind or "", [])
    if stray := _UNKNOWN.search(error):
        close = closest(stray[1], fields)
        known = f"did you mean {close}?" if close else f"it takes {', '.join(fields) or 'no field'}"
        return f"{kind} takes no `{stray[1]}`; {known}"
    if lacking := _MISSING.search(error):
        return f"{kind} lacks `{lacking[1]}`"
    if other := _OTHER_TYPE.search(error):
        wanted, given = (
            " or ".join(_TYPES.get(word.strip(), word) for word in text.split("|")) for text in other.group(1, 2)
        )
        return f"`{other[3]}` of {kind} should be {wanted}, not {given}"
    if wrong := _NOT_ONE_OF.search(error):
        return f"`{wrong[2]}` of {kind} cannot be {wrong[1]}"
    return f"{kind}: {error.replace('$.', '')}"


ACT_KINDS = sorted(map(kind_of, ACTS))
"""Every value of `do`."""
_FIELDS = {kind_of(kind): [name for name in kind.__struct_fields__ if name not in ("id", "who")] for kind in ACTS}
"""What each kind of act takes besides who does it."""
