"""The plan of a scenario as a drawing in plain characters: what reaches whom, and when."""

from reports.planned_timeline import in_order, recipient, repeats
from scenarios.protocol import Protocol
from scenarios.scenario import Scenario

__all__ = ["timeline"]

MINUTE = 60_000
_NARROWEST, _WIDEST = 12, 90


def timeline(scenario: Scenario, protocol: Protocol, width: int) -> str:
    """A row for each recipient and a mark for each planned inject, over the minutes of the response."""
    end = scenario.ends.after
    rows = _rows(scenario, end)
    labels = {to: recipient(protocol, to) for to in rows}
    gutter = max((len(label) for label in labels.values()), default=len("min")) + 2
    room = max(_NARROWEST, min(_WIDEST, width - gutter - 3))
    lines = [f"{'min':>{gutter - 2}}  {_axis(end, room)}"]
    lines += [f"{labels[to]:<{gutter}}{_marks(times, end, room)}" for to, times in rows.items()]
    waiting = sum(inject.at is None for inject in scenario.injects)
    if waiting:
        lines.append(f"{waiting} more depend on what the team does. A number stands for that many at once.")
    return "\n".join(lines)


def _rows(scenario: Scenario, end: int) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for inject in in_order(scenario):
        if inject.at is not None:
            times = (inject.at, *repeats(inject, inject.at))
            for to in inject.to:
                rows.setdefault(to, []).extend(at for at in times if at <= end)
    return rows


def _column(at: int, end: int, room: int) -> int:
    return round(at / end * (room - 1))


def _axis(end: int, room: int) -> str:
    """Minutes along the top, as many as fit."""
    step = next((step for step in (1, 2, 5, 10, 15, 30, 60, 120) if room / max(end / MINUTE / step, 1) >= 5), 240)
    line = [" "] * (room + 8)
    for minute in range(0, end // MINUTE + 1, step):
        at = _column(minute * MINUTE, end, room)
        line[at : at + len(str(minute))] = str(minute)
    return "".join(line).rstrip()


def _marks(times: list[int], end: int, room: int) -> str:
    counts = [0] * room
    for at in times:
        counts[_column(at, end, room)] += 1
    return "".join("·" if not count else "●" if count == 1 else str(min(count, 9)) for count in counts)
