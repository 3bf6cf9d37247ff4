"""The drills whose folders lie beside a drill's own: what its report sets it beside.

Drills on the virtual clock only have an hour in their story, so it is by when their logs were written that they are
earlier or later.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from drills.guidance.retests import actions_of, likely
from drills.records.log_file import LOG, read_log
from reports.earlier import Earlier, Meant, earlier_of
from scenarios.problem import LoadError
from scenarios.protocol import Duty
from scoring.history.earlier import beside_earlier
from scoring.history.figures import figures_of
from scoring.history.selection import history_of
from scoring.result import Scorecard
from simulator.log import DrillLog
from simulator.plan import DrillPlan

__all__ = ["earlier_beside"]

_LOOKED_AT = 12
"""So many earlier drills of the team and kind are read, the newest."""
_TRIED = 200
"""Of so many folders the kind is looked up."""
_SHOWN_BY: dict[str, Duty] = {
    "time_to_alert_s": "team_alerted",
    "time_to_commander_s": "role_in_place",
    "time_to_first_message_s": "published",
    "time_to_fix_s": "impact_ended",
    "longest_silence_s": "not_silent",
}
"""The obligation that shows whether an action helped, by the measure that its words point to."""


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
    found = history_of([figures_of(log, card=card), *(figures_of(one) for one in logs)])
    by_head = {one.drill.head: one for one in found.drills}
    beside = beside_earlier(by_head[log.head], [by_head[one.head] for one in logs])
    if beside is None:
        return None
    shown = {one.head for one in beside.earlier}
    meant = [one for earlier in logs if earlier.head in shown for one in _meant(earlier)]
    return earlier_of(beside, lambda who: names.get(who, who), meant)


def _logs(folder: Path, plan: DrillPlan, before: float | None) -> Iterator[DrillLog]:
    """The logs of the same team and kind, oldest first."""
    written: list[tuple[float, Path]] = []
    try:
        for one in folder.resolve().parent.iterdir():
            log = one / LOG
            if one.resolve() != folder.resolve() and not one.name.startswith(".") and log.is_file():
                written.append((log.stat().st_mtime, log))
    except OSError:
        return
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


def _meant(log: DrillLog) -> Iterator[Meant]:
    """What a team meant to change after a drill, with the obligation that would show it."""
    protocol = log.plan.protocol
    duties = [duty for table in protocol.tables for duty in table.obligations]
    for action in actions_of(log.events):
        author = log.events[action.seq].actor or ""
        if author in log.plan.seats and log.plan.seats[author].kind == "simulated":
            continue  # they always say the same
        act = _SHOWN_BY[likely(action.text)]
        owed = (one.id for one in duties if one.act == act and one.role in (None, protocol.commander))
        obligation = next(owed, None)
        if obligation is not None:
            yield Meant(action.text, obligation, log.head)
