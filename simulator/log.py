"""The log of a drill: a header with the plan, then an event a line, each line sealed by a hash over all before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from pydantic import ValidationError

from simulator import events as ev
from simulator.events import Event
from simulator.plan import DrillPlan
from simulator.state import DrillState

__all__ = ["FORMAT", "VERSION", "DrillLog", "LogError", "Verdict", "replay", "verify"]

FORMAT = "drillroom-log"
VERSION = 1
_SEAL = b',"hash":"'
_HEX = 64
_ENCODE = msgspec.json.Encoder().encode
_DECODE: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class LogError(Exception):
    """A log cannot be read; the message names the line."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}" if line else why)
        self.line = line
        self.why = why


class _Header(msgspec.Struct):
    format: str
    version: int
    plan: msgspec.Raw = msgspec.Raw(b"")


def _seal(body: bytes, previous: str) -> tuple[bytes, str]:
    """A line without its closing brace, sealed; and its hash."""
    digest = sha256(previous.encode() + body).hexdigest()
    return body + _SEAL + digest.encode() + b'"}\n', digest


@dataclass(frozen=True)
class DrillLog:
    """A drill as it was: its plan, its events and the hash of its last line."""

    plan: DrillPlan
    events: Sequence[Event]
    data: bytes
    """The sealed lines."""
    head: str
    """The last line's hash, 64 hexadecimal digits."""

    @classmethod
    def seal(cls, plan: DrillPlan, events: Sequence[Event]) -> "DrillLog":
        """Write a drill down."""
        header = (
            f'{{"format":"{FORMAT}","version":{VERSION},"plan":{plan.model_dump_json(by_alias=True, exclude_none=True)}'
        )
        line, head = _seal(header.encode(), "")
        lines = [line]
        for event in events:
            line, head = _seal(_ENCODE(event)[:-1], head)
            lines.append(line)
        return cls(plan, tuple(events), b"".join(lines), head)

    @classmethod
    def read(cls, data: bytes) -> "DrillLog":
        """Read a log that was written down; raises LogError at the first line that is wrong."""
        if not data:
            raise LogError(0, "the log is empty")
        plan: DrillPlan | None = None
        events: list[Event] = []
        head = ""
        for number, line in enumerate(_lines(data), 1):
            head = _check(line, head, number)
            if plan is None:
                plan = _plan(line)
            else:
                events.append(_event(line, number, events[-1] if events else None))
        if not data.endswith(b"\n"):
            raise LogError(len(events) + 1, "the line was cut short")
        if plan is None or not events:
            raise LogError(1, "there is nothing after the header")
        return cls(plan, tuple(events), data, head)

    @property
    def complete(self) -> bool:
        """Whether the drill was played to its end."""
        return any(isinstance(event, ev.DrillEnded) for event in reversed(self.events))


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    if lines[-1] == b"":
        return lines[:-1]
    return lines  # the last line was cut short


def _check(line: bytes, previous: str, number: int) -> str:
    """The hash that seals the line, if it is the right one."""
    start = len(line) - len(_SEAL) - _HEX - 2
    if number == 1 and not line.startswith(b'{"format":"' + FORMAT.encode() + b'"'):
        raise LogError(1, "this is not a drill's log")
    if number == 1:
        _check_version(line)
    if start < 1 or line[start : start + len(_SEAL)] != _SEAL or not line.endswith(b'"}'):
        raise LogError(number, "the line was cut short")
    digest = sha256(previous.encode() + line[:start]).hexdigest()
    if digest.encode() != line[-_HEX - 2 : -2]:
        raise LogError(number, "the line, or one before it, was altered after it was written")
    return digest


def _check_version(line: bytes) -> None:
    version = line.partition(b'"version":')[2].partition(b",")[0]
    if not version.isdigit() or len(version) > 9:
        raise LogError(1, "the header does not say its version")
    if int(version) < 1:
        raise LogError(1, f"there is no format {int(version)} of a log")
    if int(version) > VERSION:
        raise LogError(1, f"the log is of format {int(version)}, and this program reads up to {VERSION}; upgrade it")


def _plan(line: bytes) -> DrillPlan:
    try:
        header = msgspec.json.decode(line, type=_Header)
        return DrillPlan.model_validate_json(bytes(header.plan))
    except (msgspec.DecodeError, ValidationError) as error:
        raise LogError(1, f"the header cannot be read: {str(error).splitlines()[0]}") from None


def _event(line: bytes, number: int, before: Event | None) -> Event:
    try:
        event = _DECODE.decode(line)
    except msgspec.DecodeError as error:
        raise LogError(number, f"the event cannot be read: {error}") from None
    place = 0 if before is None else before.seq + 1
    if event.seq != place:
        raise LogError(number, f"the event is number {event.seq}, and {place} was expected")
    if before is None and not isinstance(event, ev.DrillStarted):
        raise LogError(number, "a log begins with DrillStarted")
    if before is not None and event.at < before.at:
        raise LogError(number, "the event is earlier than the one before it")
    if event.due is not None and event.due > event.at:
        raise LogError(number, "the event came before it was due")
    return event


@dataclass(frozen=True)
class Verdict:
    """What `verify` found."""

    line: int | None
    """The first line that is wrong; nothing if none is."""
    why: str
    """What was found, as a sentence."""
    complete: bool = False
    """Whether the drill was played to its end."""
    head: str = ""
    """The last line's hash, if all lines are right."""

    @property
    def right(self) -> bool:
        """Whether the log is as it was written."""
        return self.line is None


def verify(data: bytes, head: str | None = None) -> Verdict:
    """Whether a log is as it was written, and, if a head is given, the very one that ended in that hash.

    Whoever holds a whole log can make its chain anew; only the comparison with a head kept elsewhere shows that.
    """
    try:
        log = DrillLog.read(data)
    except LogError as error:
        return Verdict(error.line, error.why)
    if head is not None and head.strip().lower() != log.head:
        last = len(log.events) + 1
        return Verdict(last, f"the log ends in another hash than the one given: {log.head}", log.complete, log.head)
    state = "complete" if log.complete else "incomplete: the drill was not played to its end"
    return Verdict(None, f"{len(log.events)} events, {state}", log.complete, log.head)


def replay(log: DrillLog) -> Iterator[tuple[Event, DrillState]]:
    """Each event with the state that it led to. The state is one object that goes along."""
    state = DrillState(log.plan)
    for event in log.events:
        state.apply(event)
        yield event, state
