"""The log of a drill: a header with the plan, then an event a line, each line sealed by a hash over all before it.

`seal` writes it; here it is read, checked and replayed. The events of a log that was read hold the texts that came with
it; if a text is erased or not here, they hold a mark in its place, and replay and score as before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import structs
from pydantic import ValidationError

from simulator import events as ev
from simulator.events import Event
from simulator.fields import ERASED, NOT_HERE
from simulator.folds import apply
from simulator.kinds import DECODER
from simulator.plan import DrillPlan
from simulator.seal import (
    DIGEST,
    FORMAT,
    SEAL,
    VERSION,
    Salt,
    SealedText,
    Sealer,
    repeating,
    seal_of,
    sealed_fields,
)
from simulator.state import DrillState
from simulator.upgrade import upgraded

__all__ = [
    "FORMAT",
    "VERSION",
    "DrillLog",
    "LogError",
    "SealedText",
    "Sealer",
    "Verdict",
    "repeating",
    "replay",
    "verify",
]

_HEX = 64
_DIGEST = re.compile(rf"{DIGEST}[0-9a-f]{{{_HEX}}}")


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


@dataclass(frozen=True)
class DrillLog:
    """A drill as it was: its plan, its events, and the sealed lines. Nothing seals it again."""

    plan: DrillPlan
    events: Sequence[Event]
    data: bytes
    """The sealed lines."""
    head: str
    """The last line's hash, 64 hexadecimal digits."""
    texts: tuple[SealedText, ...] = ()
    """What people typed, in the log's order, if it is here. A log of format 1 has it in its lines instead."""
    erased: int = 0
    """How many of the texts are not here."""

    @property
    def holds_texts(self) -> bool:
        """Whether its lines hold what people typed, as those of format 1 do, and not digests of it."""
        return _version(self.data[: self.data.find(b"\n")]) == 1

    @classmethod
    def seal(cls, plan: DrillPlan, events: Sequence[Event], salt: Salt) -> "DrillLog":
        """Write a whole drill down."""
        sealer = Sealer(salt)
        lines = [sealer.header(plan), *map(sealer.event, events)]
        texts = tuple(text for line in lines for text in line.texts)
        return cls(plan, tuple(events), b"".join(line.data for line in lines), sealer.head, texts)

    @classmethod
    def reproducible(cls, plan: DrillPlan, events: Sequence[Event]) -> "DrillLog":
        """Write a simulated drill down, the same bytes each time.

        Its salts follow from the seed in its header, so they hide nothing: do not use it for what people typed.
        """
        return cls.seal(plan, events, repeating(plan.seed))

    @classmethod
    def read(cls, data: bytes, texts: Iterable[SealedText] | None = None) -> "DrillLog":
        """Read a log that was written down, with the texts kept beside it; without any, they count as not here.

        Raises LogError at the first line that is wrong, or whose text is not the one that was sealed.
        """
        if not data:
            raise LogError(0, "the log is empty")
        plan: DrillPlan | None = None
        events: list[Event] = []
        head, version = "", VERSION
        for number, line in enumerate(_lines(data), 1):
            head = _check(line, head, number)
            if plan is None:
                version = _version(line)
                plan = _plan(line)
            else:
                events.append(_event(line, number, events[-1] if events else None))
        if not data.endswith(b"\n"):
            raise LogError(len(events) + 1, "the line was cut short")
        if plan is None or not events:
            raise LogError(1, "there is nothing after the header")
        if version == 1:
            return cls(plan, tuple(upgraded(plan, events)), data, head)
        found = _Unsealed(events, texts)
        return cls(plan, found.events, data, head, found.texts, found.missing)

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
    start = len(line) - len(SEAL) - _HEX - 2
    if number == 1 and not line.startswith(b'{"format":"' + FORMAT.encode() + b'"'):
        raise LogError(1, "this is not a drill's log")
    if number == 1:
        _version(line)
    if start < 1 or line[start : start + len(SEAL)] != SEAL or not line.endswith(b'"}'):
        raise LogError(number, "the line was cut short")
    digest = seal_of(line[:start], previous)
    if digest.encode() != line[-_HEX - 2 : -2]:
        raise LogError(number, "the line, or one before it, was altered after it was written")
    return digest


def _version(line: bytes) -> int:
    version = line.partition(b'"version":')[2].partition(b",")[0]
    if not version.isdigit() or len(version) > 9:
        raise LogError(1, "the header does not say its version")
    if int(version) < 1:
        raise LogError(1, f"there is no log format {int(version)}")
    if int(version) > VERSION:
        raise LogError(1, f"the log is of format {int(version)}, and this program reads up to {VERSION}; upgrade it")
    return int(version)


class _Unsealed:
    """The events of a log, with the texts from beside it instead of their digests."""

    def __init__(self, sealed: Sequence[Event], texts: Iterable[SealedText] | None) -> None:
        self._left = {(text.seq, text.field): text for text in texts or ()}
        self._mark = NOT_HERE if texts is None else ERASED
        self._found: list[SealedText] = []
        self.missing = 0
        """How many texts are not here."""
        self.events = tuple(map(self._opened, sealed))
        stray = min(self._left, default=None)
        if stray is not None:
            raise LogError(min(stray[0], len(sealed) - 1) + 2, f"no {stray[1]} is sealed here, and there is one beside")
        self.texts = tuple(self._found)

    def _opened(self, event: Event) -> Event:
        change = {name: self._text(event.seq, name, digest) for name, digest in sealed_fields(event)}
        return structs.replace(event, **change) if change else event

    def _text(self, seq: int, name: str, digest: str) -> str:
        if not _DIGEST.fullmatch(digest):
            raise LogError(seq + 2, f"the {name} is not sealed")
        text = self._left.pop((seq, name), None)
        if text is None:
            self.missing += 1
            return self._mark
        if text.digest != digest:
            raise LogError(seq + 2, f"the {name} beside the log is not the one that was sealed")
        self._found.append(text)
        return text.text


def _plan(line: bytes) -> DrillPlan:
    try:
        header = msgspec.json.decode(line, type=_Header)
        return DrillPlan.model_validate_json(bytes(header.plan))
    except (msgspec.DecodeError, ValidationError) as error:
        raise LogError(1, f"the header cannot be read: {str(error).splitlines()[0]}") from None


def _event(line: bytes, number: int, before: Event | None) -> Event:
    try:
        event = DECODER.decode(line)
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
    """The first line that is wrong; None if none is."""
    why: str
    """What was found, as a sentence."""
    complete: bool = False
    """Whether the drill was played to its end."""
    head: str = ""
    """The last line's hash, if all lines are right."""
    texts: int = 0
    """How many texts are here."""
    erased: int = 0
    """How many are not."""

    @property
    def right(self) -> bool:
        """Whether the log is as it was written."""
        return self.line is None


def verify(data: bytes, head: str | None = None, texts: Iterable[SealedText] | None = None) -> Verdict:
    """Whether a log is as it was written, and, if a head is given, the very one that ended in that hash.

    With texts, whether each is the one that was typed. Anyone with a whole log can rebuild its chain; only comparing it
    with a head kept elsewhere shows that.
    """
    try:
        log = DrillLog.read(data, texts)
    except LogError as error:
        return Verdict(error.line, error.why)
    found = log.complete, log.head, len(log.texts), log.erased
    if head is not None and head.strip().lower() != log.head:
        why = f"the log ends in a different hash from the one given: {log.head}"
        return Verdict(len(log.events) + 1, why, *found)
    state = "complete" if log.complete else "incomplete: the drill was not played to its end"
    return Verdict(None, f"{len(log.events)} events, {state}{_of_texts(log, beside=texts is not None)}", *found)


def _of_texts(log: DrillLog, *, beside: bool) -> str:
    """The sentence about the texts of a log."""
    if not log.texts and not log.erased:
        return ""
    if not beside:
        return f"; its {log.erased} texts are not here"
    return f"; {len(log.texts)} texts are as they were typed, {log.erased or 'none'} erased"


def replay(log: DrillLog) -> Iterator[tuple[Event, DrillState]]:
    """Each event with the state after it. The state is one object that changes along the way."""
    state = DrillState(log.plan)
    for event in log.events:
        apply(state, event)
        yield event, state
