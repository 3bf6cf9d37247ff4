"""Changes to what people did in a drill, as somebody writes them: an act moved, dropped or added."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from scenarios.base import parse_duration
from simulator.acts import Act, ActRefused, PlayerAct, kind_of
from simulator.events import Event
from simulator.plan import DrillPlan
from simulator.reenactment import Done
from simulator.syntax import FORMS, parse, with_ids

__all__ = ["Change", "ChangeError", "changed", "drop", "insert", "move", "read_change", "spelled", "typed"]

_SECOND = 1_000
_SHOWN = 8
"""How many acts an answer lists."""
_LINE = 60
"""How much of an act it shows."""
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]\d)", re.ASCII)
_SECONDS = re.compile(r"(\d{1,7})\.(\d{1,3})s", re.ASCII)
_AFTER = re.compile(r"[\s,]+and all after it$", re.IGNORECASE)
_TO = re.compile(r"(.+?)\s+to\s+(\S+)", re.IGNORECASE | re.DOTALL)
_BY = re.compile(r"(.+?)\s+(\S+)\s+(sooner|earlier|later)", re.IGNORECASE | re.DOTALL)
_MOVE = "write a move like 'alert to 1m', '41 30s sooner' or 'alert to 1m and all after it'"
_ADD = "write an act to add like '3m ana /sev 1': when, who, and what they would type"


class ChangeError(ValueError):
    """A change means nothing in this drill; the message says why in one sentence, and the way out."""


class Change(NamedTuple):
    """One change. `str` writes it as it can be read again."""

    how: Literal["move", "drop", "add"]
    seq: int = -1
    """The number of the act that is moved or dropped: the place of its event in the log."""
    at: int = 0
    """When it is to happen, in milliseconds of drill time."""
    rest: bool = False
    """Whether all that players did after it moves along."""
    who: str = ""
    line: str = ""
    """For an act that is added: who does it, and what they would type."""

    def __str__(self) -> str:
        if self.how == "add":
            return f"{spelled(self.at)} {self.who} {self.line}"
        along = " and all after it" if self.rest else ""
        return f"{self.seq} to {spelled(self.at)}{along}" if self.how == "move" else f"{self.seq}"


def move(seq: int, at: int, *, rest: bool = False) -> Change:
    """An act moved to a drill time, alone or with all after it."""
    return Change("move", seq, at, rest=rest)


def drop(seq: int) -> Change:
    """An act left out."""
    return Change("drop", seq)


def insert(at: int, who: str, line: str) -> Change:
    """An act that somebody did not do."""
    return Change("add", at=at, who=who, line=line)


# -- words -------------------------------------------------------------------------------------------------------------

_VERBS = {type(parse(form.form, "")): form.verb for form in reversed(FORMS)}


def spelled(milliseconds: int) -> str:
    """A drill time as it can be read again: `1:30`, or `1:02:05`, with a decimal only where it needs one."""
    seconds, rest = divmod(milliseconds, _SECOND)
    if rest:
        return f"{seconds}.{rest:03}s"
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def read_time(text: str) -> int:
    """A drill time such as `1m30s`, `1:30` or `90.5s`, in milliseconds; raises ChangeError."""
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * _SECOND
    if found := _SECONDS.fullmatch(text):
        return int(found[1]) * _SECOND + int(found[2].ljust(3, "0"))
    try:
        return parse_duration(text)
    except ValueError:
        raise ChangeError(f"{text!r} is no drill time; write 90s, 1m30s or 1:30") from None


def typed(act: Act) -> str:
    """An act much as somebody would type it, without who does it."""
    verb = _VERBS.get(type(act), kind_of(type(act)))
    fields = [name for name in act.__struct_fields__ if name not in ("who", "id")]
    values = [getattr(act, name) for name in fields]
    return " ".join([f"/{verb}", *(" ".join(str(value).split()) for value in values if value not in (None, ""))])


def read_change(how: Literal["move", "drop", "add"], text: str, plan: DrillPlan, course: Sequence[Done]) -> Change:
    """The change that a text means in a drill. Raises ChangeError, which lists the acts that could be meant."""
    text = text.strip()
    if how == "add":
        return _read_addition(text, plan)
    if how == "drop":
        return drop(_found(text, course).seq)
    what, rest = _AFTER.subn("", text)
    if found := _TO.fullmatch(what):
        return move(_found(found[1], course).seq, read_time(found[2]), rest=bool(rest))
    if found := _BY.fullmatch(what):
        event = _found(found[1], course)
        by = read_time(found[2])
        return move(event.seq, max(0, event.when + (by if found[3].lower() == "later" else -by)), rest=bool(rest))
    raise ChangeError(f"{text!r} is no move; {_MOVE}")


def _read_addition(text: str, plan: DrillPlan) -> Change:
    words = text.split(None, 2)
    if len(words) < 3:
        raise ChangeError(f"{text!r} is no act to add; {_ADD}")
    at, who, line = read_time(words[0]), words[1].lstrip("@").lower(), words[2]
    known = [*(player.id for player in plan.players), *plan.facilitators, *plan.evaluators]
    if who not in known:
        raise ChangeError(f"{words[1]!r} is nobody in this drill; there are {', '.join(known)}")
    try:
        line = with_ids(line, plan.protocol)
        parse(line, who)
    except ActRefused as refusal:
        raise ChangeError(f"{line!r}: {refusal}") from None
    return insert(at, who, line)


def _found(what: str, course: Sequence[Done]) -> Event:
    """The one act of a drill that some words mean: its number, or who did it, the verb, and what follows it."""
    acts = {done.event: done.act for done in course if done.act is not None and done.event is not None}
    number = re.fullmatch(r"#?(\d{1,9})", what.strip(), re.ASCII)
    if number is not None:
        near = sorted(acts, key=lambda event: abs(event.seq - int(number[1])))
        if near and near[0].seq == int(number[1]):
            return near[0]
        raise ChangeError(
            f"number {number[1]} is nothing that somebody did; near it there are {_several(near[:3], acts)}"
        )
    words = {word.lstrip("/@").lower() for word in what.split()}
    for reads in (_keys, _words):
        found = [event for event, act in acts.items() if words <= reads(act)]
        if len(found) == 1:
            return found[0]
        if found:
            raise ChangeError(f"{what!r} could be any of {len(found)}; name one by its number: {_several(found, acts)}")
    verbs = dict.fromkeys(typed(act).split()[0] for act in acts.values())
    raise ChangeError(f"nobody did {what!r} in this drill; what was done: {', '.join(verbs)}")


def _several(found: Sequence[Event], acts: Mapping[Event, Act]) -> str:
    said = [_listed(event, acts[event]) for event in sorted(found, key=lambda event: event.seq)]
    more = len(said) - _SHOWN
    return "; ".join([*said[:_SHOWN], *([f"and {more} more"] if more > 0 else [])])


def _listed(event: Event, act: Act) -> str:
    line = f"{act.who} {typed(act)}"
    shown = line if len(line) <= _LINE else f"{line[: _LINE - 1]}…"
    return f"{event.seq} ({spelled(event.when // _SECOND * _SECOND)} {shown})"


def _keys(act: Act) -> set[str]:
    """What an act is told apart by: who, the verb, and the names and numbers in it, not its prose."""
    verb, *rest = typed(act).lower().split()
    return {act.who.lower(), verb.lstrip("/"), kind_of(type(act)), *(rest if len(rest) <= 2 else rest[:1])}


def _words(act: Act) -> set[str]:
    return {act.who.lower(), *(word.strip("/.,:;") for word in typed(act).lower().split())}


# -- applying them -----------------------------------------------------------------------------------------------------


def changed(course: Sequence[Done], changes: Sequence[Change]) -> tuple[list[Done], int | None]:
    """The acts of a drill with changes made to them, and the drill time from which they differ; None if nowhere.

    Answers to what comes by itself stay where they are when all after an act moves along. Raises ChangeError if an act
    is changed twice.
    """
    acts, since = list(course), list[int]()
    for seq, times in Counter(change.seq for change in changes if change.how != "add").items():
        if times > 1:
            raise ChangeError(f"number {seq} is changed twice; change an act once")
    for change in sorted(changes, key=lambda change: not change.rest):  # what is moved by itself is moved last
        if change.how == "add":
            acts.append(Done(change.at, parse(change.line, change.who)))
            since.append(change.at)
            continue
        place = next(
            place for place, done in enumerate(acts) if done.event is not None and done.event.seq == change.seq
        )
        one = acts.pop(place)
        delta = change.at - (one.event.when if one.event is not None else one.at)
        since.append(one.at)
        if change.how == "move":
            at = change.at + (one.event.at - one.event.when if one.event is not None else 0)
            since.append(at)
            moved = one._replace(at=max(0, at))
            acts[place:] = (
                [moved, *(_along(done, delta) for done in acts[place:])]
                if change.rest
                else [
                    *acts[place:],
                    moved,
                ]
            )
    return acts, max(0, min(since)) if since else None


_ANSWERS = ("number", "question", "option")
"""An act with such a field answers something that comes by itself."""


def _along(done: Done, delta: int) -> Done:
    act = done.act
    answers = act is not None and any(name in _ANSWERS for name in act.__struct_fields__)
    return done._replace(at=max(0, done.at + delta)) if isinstance(act, PlayerAct) and not answers else done
