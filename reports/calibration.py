"""What a calibration says of its scenario, in sentences and short lists. `in_short` spoils nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from scenarios.protocol import Protocol
from scoring.calibration.findings import ABLE, Findings
from scoring.labels import title_of
from scoring.scale import figure_of, on_scale

__all__ = ["CIRCULAR", "Told", "hard", "in_short", "luck", "named", "percent", "tells", "titles_of", "told"]

CIRCULAR = "Simulated teams know the scenario. What people make of it may be otherwise."
_LEVEL = 90.0
"""The level of the team for which it is said what a scenario's difficulty costs."""
_ALIKE = 0.1
"""So little harder or easier is not worth a word."""
_RARELY = 0.05
_MOST = 8


class Told(NamedTuple):
    """One thing that was found."""

    label: str
    says: str


def in_short(found: Findings, mean: float) -> list[str]:
    """All that can be said of it to anybody."""
    return [hard(found, mean), tells(found), luck(found), CIRCULAR]


def hard(found: Findings, mean: float) -> str:
    """How hard it is beside the library's mean."""
    by = found.difficulty - mean
    sign = f"{by:+.2f} ± {1.96 * found.error:.2f} on the scale of readiness"
    if abs(by) < _ALIKE:
        return f"As hard as the library's scenarios are on average ({sign})."
    there = figure_of(on_scale(_LEVEL) + by)
    average = f"{'Harder' if by > 0 else 'Easier'} than the library's scenarios are on average ({sign})"
    return f"{average}: who scores {_LEVEL:.0f} there scores {there:.0f} here."


def tells(found: Findings) -> str:
    """How well it tells good teams from others."""
    poor, average = (percent(found.separates[f"good-{other}"]) for other in ("poor", "average"))
    return f"A good team scores more than a poor one in {poor} of drills, and more than an average one in {average}."


def luck(found: Findings) -> str:
    """How much luck decides."""
    return f"Luck alone moves a score by {found.luck_points:.0f} points (standard deviation)."


def told(found: Findings, protocol: Protocol) -> list[Told]:
    """What its author and whoever leads it should know. It gives the scenario away."""
    rare = [
        f"{name} ({percent(_able(shares))})" for name, shares in found.injects.items() if 0 < _able(shares) < _RARELY
    ]
    ends = [f"{name} ({percent(_able(shares))})" for name, shares in found.ended.items()]
    titles = titles_of(protocol)
    lists: list[tuple[str, Sequence[str]]] = [
        ("Wrong", found.warnings),
        ("What ends it", ends),
        ("Comes to nobody", found.never_come),
        ("Comes rarely", rare),
        ("Clues that nobody looks at", found.never_found),
        ("Cures that never end it", found.never_end),
        ("Met by everybody", [titles.get(name, name) for name in found.everybody]),
        ("Met by nobody", [titles.get(name, name) for name in found.nobody]),
    ]
    return [Told(label, _listed(names)) for label, names in lists if names]


def titles_of(protocol: Protocol) -> dict[str, str]:
    """What each obligation is called, and acts in the wrong order."""
    duties = {duty.id: title_of(duty, protocol) for table in protocol.tables for duty in table.obligations}
    return {**duties, "order": "Acts in the protocol's order"}


def named(found: Findings, protocol: Protocol, place: int) -> str:
    """Where teams of a profile lose points, the dearest first."""
    titles = titles_of(protocol)
    lost = found.profiles[place].losses[:3]
    return "; ".join(f"{titles.get(one.obligation, one.obligation)} {one.points:g}" for one in lost)


def _able(shares: Sequence[float]) -> float:
    """The mean share over teams that do something."""
    return sum(shares[: len(ABLE)]) / len(ABLE)


def percent(share: float) -> str:
    """A share in whole percent; never 0% or 100% for what is neither."""
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 < share < 1 else f"{share:.0%}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")
