"""Drills scored again, by another rubric or by newer rules, each beside what it scored before."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from drills.records.archive import LeftOut, logs_in, made_of
from scenarios.rubric import Rubric
from scoring.scorecard import grade
from simulator.log import DrillLog

__all__ = ["Rescored", "Side", "rescored"]

_TELLING = 0.05
"""Points; a part that changed by less changed nothing."""


class _Item(msgspec.Struct):
    id: str
    title: str
    earned: float | None = None


class _Part(msgspec.Struct):
    items: list[_Item] = []


class _Cap(msgspec.Struct):
    id: str


class _Card(msgspec.Struct):
    """What is compared of a scorecard, also of one that an older version wrote."""

    log: str
    score: float | None
    rubric: str
    rules: int | None = None
    caps: list[_Cap] = []
    components: dict[str, _Part] = {}


class Side(NamedTuple):
    """What a drill scored, and by what."""

    score: float | None
    """The total after caps; missing if there is none."""
    rules: int | None
    """The version of the scoring rules; missing in scorecards that do not say."""
    rubric: str
    """The hash of the rubric."""


class Rescored(NamedTuple):
    """A drill scored again."""

    drill: str
    file: str
    old: Side
    kept: bool
    """Whether the old score is that of the scorecard beside the log; else today's rules made it, by its own rubric."""
    new: Side
    difference: float | None
    """New less old, in points; missing if one of them has no total."""
    most: str | None
    """What changed most: an obligation's title, or a cap; missing if nothing did."""
    by: float | None
    """By how many points of the total without caps; missing for a cap."""


def rescored(
    places: Sequence[Path], rubric: Rubric | None, tell: Callable[[int], None] = lambda _: None
) -> tuple[list[Rescored], list[LeftOut]]:
    """The drills in some folders scored by today's rules and a rubric, or each by its own; and what was left out.

    Raises LoadError for a place that is not there.
    """
    rows: list[Rescored] = []
    left_out: list[LeftOut] = []
    first: dict[str, Path] = {}
    for number, file in enumerate(logs_in(places), 1):
        found = made_of(file, lambda log, file=file: (log.head, _again(log, file, rubric)))  # type: ignore[misc]
        if isinstance(found, LeftOut):
            left_out.append(found)
        elif found[0] in first:
            left_out.append(LeftOut(str(file), f"the same drill as {first[found[0]]}, which counts"))
        else:
            first[found[0]] = file
            rows.append(found[1])
        tell(number)
    return rows, left_out


def _again(log: DrillLog, file: Path, rubric: Rubric | None) -> Rescored:
    kept = _kept(file, log.head)
    old = kept or _told(log, None)
    new = _told(log, rubric)
    most, by = _most(old, new)
    there = old.score is not None and new.score is not None
    return Rescored(
        drill=log.plan.drill,
        file=str(file),
        old=Side(old.score, old.rules, old.rubric),
        kept=kept is not None,
        new=Side(new.score, new.rules, new.rubric),
        difference=round((new.score or 0.0) - (old.score or 0.0), 1) + 0.0 if there else None,
        most=most,
        by=by,
    )


def _told(log: DrillLog, rubric: Rubric | None) -> _Card:
    return msgspec.convert(msgspec.to_builtins(grade(log, rubric)), _Card)


def _kept(file: Path, head: str) -> _Card | None:
    """The scorecard beside a log, if it is of that log."""
    with suppress(OSError, msgspec.DecodeError):
        card = msgspec.json.decode((file.parent / "scorecard.json").read_bytes(), type=_Card)
        return card if card.log == head else None
    return None


def _most(old: _Card, new: _Card) -> tuple[str | None, float | None]:
    """What changed most, and by how many points."""
    before, after = ({one.id for one in card.caps} for card in (old, new))
    came, went = sorted(after - before), sorted(before - after)
    if came or went:
        return f"cap {came[0]}" if came else f"no cap {went[0]}", None
    earned: dict[str, tuple[str, float]] = {}
    for card, sign in ((old, -1), (new, 1)):
        for item in (one for part in card.components.values() for one in part.items):
            earned[item.id] = item.title, earned.get(item.id, ("", 0.0))[1] + sign * (item.earned or 0.0)
    title, by = max(earned.values(), key=lambda pair: abs(pair[1]), default=("", 0.0))
    return (title, round(by, 1)) if abs(by) >= _TELLING else (None, None)
