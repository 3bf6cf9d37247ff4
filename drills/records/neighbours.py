"""The drills before a drill, in folders beside its own or in the database: what its report sets it beside.

Drills on the virtual clock only have an hour in their story, so it is by when their logs were written that they are
earlier or later.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from drills.records.action_list import actions_file, handled_in
from drills.records.log_file import LOG, read_log
from reports.actions import ActionRow, action_row
from reports.earlier import Earlier, earlier_of
from reports.standing import FEWEST
from scenarios.actions_file import load_actions
from scenarios.problem import LoadError
from scoring.history.actions import Known, actions_of, key_of, shown_in
from scoring.history.earlier import Beside, beside_earlier
from scoring.history.figures import Figures, figures_of
from scoring.history.order import history_of
from scoring.result import Scorecard
from simulator.fields import ERASED
from simulator.log import DrillLog
from simulator.plan import DrillPlan

__all__ = ["earlier_beside", "earlier_kept"]

_LOOKED_AT = 12
"""So many earlier drills of the team and kind are read, the newest."""
_TRIED = 200
"""Of so many folders the kind is looked up."""


class _Plan(msgspec.Struct):
    team: str
    kind: str = "unknown"


class _Header(msgspec.Struct):
    plan: _Plan


def earlier_beside(
    folder: Path, log: DrillLog, card: Scorecard, names: Mapping[str, str], before: float | None = None
) -> Earlier | None:
    """A drill beside those whose folders lie beside its own; None if none of them may stand beside it.

    `before` is when the drill's own log was written, if it was. What cannot be read is passed over: `drillroom history`
    names it.
    """
    logs = [one for one in _logs(folder, log.plan, before) if one.head != log.head]
    now, earlier = figures_of(log, card=card), [figures_of(one) for one in logs]
    beside = _beside(now, earlier)
    if beside is None:
        return None
    texts = {
        key_of(one.plan.drill, meant.seq): _text(one, meant.seq)
        for one, figures in zip(logs, earlier, strict=True)
        for meant in figures.meant
    }
    return _told(beside, names, _shown(now, earlier, _known(now), texts))


def earlier_kept(
    log: DrillLog,
    card: Scorecard,
    names: Mapping[str, str],
    kept: Iterable[Figures],
    known: Known,
    texts: Mapping[str, str],
) -> Earlier | None:
    """A drill beside those of the database that began before it. `texts` are the words of actions, by their keys."""
    now = figures_of(log, card=card)
    before = [one for one in kept if one.drill.drill != now.drill.drill and one.drill.start < now.drill.start]
    earlier = sorted(before, key=lambda one: one.drill.start)
    beside = _beside(now, earlier)
    if beside is None:
        return None
    return _told(beside, names, _shown(now, earlier, known, texts))


def _told(beside: Beside, names: Mapping[str, str], actions: Sequence[ActionRow]) -> Earlier:
    difficulties: Mapping[str, tuple[float, float]] = {}
    if len(beside.kept) >= FEWEST:
        from drills.planning.calibration import kept  # with all calibrations, which only bands need

        difficulties = kept.difficulties(one.scenario for one in beside.kept)
    return earlier_of(beside, lambda who: names.get(who, who), actions, difficulties)


def _shown(now: Figures, earlier: Sequence[Figures], known: Known, texts: Mapping[str, str]) -> list[ActionRow]:
    """What the team meant to change after those drills, and this one shows something of."""
    actions = actions_of(history_of([*earlier, now]).drills, known)
    return [action_row(one, texts.get(one.key, ERASED)) for one in shown_in(actions, now.drill.head)]


def _known(now: Figures) -> Known:
    """What `actions.yaml` says, if it can be read: `drillroom actions` names what is wrong with it."""
    with suppress(LoadError):
        return Known(now.drill.date, handled_in(load_actions(actions_file())))
    return Known(now.drill.date)


def _text(log: DrillLog, seq: int) -> str:
    return str(getattr(log.events[seq], "text", ""))


def _beside(now: Figures, earlier: Sequence[Figures]) -> Beside | None:
    """The drill beside these, in their order, once it is known which are of the same team."""
    by_head = {one.drill.head: one for one in history_of([now, *earlier]).drills}
    return beside_earlier(by_head[now.drill.head], [by_head[one.drill.head] for one in earlier])


def _logs(folder: Path, plan: DrillPlan, before: float | None) -> Iterator[DrillLog]:
    """The logs of the same team and kind, oldest first."""
    written: list[tuple[float, Path]] = []
    with suppress(OSError):  # a folder of others that may not be looked into
        for one in folder.resolve().parent.iterdir():
            with suppress(OSError):
                log = one / LOG
                if one.resolve() != folder.resolve() and not one.name.startswith(".") and log.is_file():
                    written.append((log.stat().st_mtime, log))
    earlier = [(at, file) for at, file in sorted(written, reverse=True) if before is None or at < before]
    found: dict[str, DrillLog] = {}
    for _, file in earlier[:_TRIED]:
        if len(found) < _LOOKED_AT and (read := _read(file, plan)) is not None:
            found.setdefault(read.head, read)
    yield from reversed(found.values())


def _read(file: Path, plan: DrillPlan) -> DrillLog | None:
    """A log, if it is of the same team and kind and can be read."""
    try:
        with file.open("rb") as lines:
            header = msgspec.json.decode(lines.readline(), type=_Header)
        if (header.plan.team, header.plan.kind) != (plan.team, plan.kind):
            return None
        return read_log(file)
    except (LoadError, OSError, msgspec.DecodeError):
        return None
