"""Which calibrations there are, and which of them belong to scenarios as they are now."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from drills.planning.calibration.chunks import gathered, plan_of
from drills.planning.calibration.results import ENDING, Calibration, place_of, read
from scenarios.lookup import own_files, shipped_names
from scenarios.problem import LoadError
from scoring.calibration.counts import PROFILES
from scoring.calibration.findings import difficulty_of
from scoring.calibration.identity import identity
from simulator.plan import DrillPlan

__all__ = ["Known", "difficulties", "harder", "known_for", "library_mean", "losses", "of_library"]


_MIDDLING = [PROFILES.index(profile) for profile in ("good", "average", "poor")]


class Known(NamedTuple):
    """A calibration of a scenario."""

    calibration: Calibration
    fits: bool
    """Whether it belongs to the scenario as it is now; else only to an earlier version of it."""


@cache
def of_library(scenario: str) -> Calibration | None:
    """The calibration that came with a scenario of the library."""
    file = files("scenarios") / "library" / "incidents" / f"{scenario}{ENDING}"
    return read(file.read_bytes()) if file.is_file() else None


@cache
def library_mean() -> float:
    """The mean difficulty of the library's scenarios: what counts as neither hard nor easy."""
    found = [one for name in sorted(shipped_names("scenario")) if (one := of_library(name)) is not None]
    return fmean(difficulty_of(one.counts)[0] for one in found) if found else 0.0


def harder(calibration: Calibration) -> tuple[float, float]:
    """By how much a scenario is harder than the library's mean, on the scale of readiness, and the standard error."""
    difficulty, error = difficulty_of(calibration.counts)
    return difficulty - library_mean(), error


def known_for(name: str, plan: DrillPlan, file: Path | None = None) -> Known | None:
    """The calibration of a scenario that was planned; one that fits before one that does not. None if there is none."""
    wanted = identity(plan)
    known = [Known(one, one.identity == wanted) for one in _kept(name, file)]
    return next((one for one in known if one.fits), known[0] if known else None)


def difficulties(scenarios: Iterable[str]) -> dict[str, tuple[float, float]]:
    """For each of these scenarios that has a calibration which belongs to it as it is now: `harder`."""
    found = {}
    for name in dict.fromkeys(scenarios):
        calibration = _fitting(name)
        if calibration is not None:
            found[name] = harder(calibration)
    return found


def losses(scenarios: Iterable[str]) -> dict[str, float]:
    """What simulated teams lose of each obligation, in points a drill that owes it, over these scenarios.

    Of good, average and poor teams alike; a scenario counts as often as it is named. Without those that have no
    calibration which belongs to them as they are now.
    """
    sums: defaultdict[str, float] = defaultdict(float)
    owed: Counter[str] = Counter()
    for name, often in Counter(scenarios).items():
        calibration = _fitting(name)
        if calibration is None:
            continue
        for obligation, judged in calibration.counts.judged.items():
            number = sum(judged[place] for place in _MIDDLING)
            lost = calibration.counts.lost.get(obligation)
            if number:
                points = 0 if lost is None else sum(lost[place] for place in _MIDDLING)
                sums[obligation] += often * points / number / 100
                owed[obligation] += often
    return {obligation: sums[obligation] / number for obligation, number in owed.items()}


def _fitting(name: str) -> Calibration | None:
    own = own_files("scenario").get(name)
    kept = list(_kept(name, own))
    if not kept:
        return None
    shipped = of_library(name) if name in shipped_names("scenario") else None
    if own is None and shipped is not None and len(kept) == 1 and not _ours_besides():
        return shipped  # nothing that it depends on can have changed since it was made
    try:
        known = known_for(name, plan_of(gathered(name)), own)
    except LoadError:
        return None
    return known.calibration if known is not None and known.fits else None


def _ours_besides() -> bool:
    """Whether a protocol, a rubric or a runbook of ours may stand for one of the library's."""
    return any(own_files(kind) for kind in ("protocol", "rubric", "runbook"))


def _kept(name: str, file: Path | None) -> Iterator[Calibration]:
    """What is kept for a scenario: beside its file, among our scenarios, and with the library."""
    for place in dict.fromkeys([place_of(name, file), place_of(name, None)]):
        try:
            found = read(place.read_bytes())
        except OSError:
            continue
        if found is not None:
            yield found
    shipped = of_library(name) if name in shipped_names("scenario") else None
    if shipped is not None:
        yield shipped
