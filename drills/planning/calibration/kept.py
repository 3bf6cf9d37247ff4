"""Which calibrations there are, and which of them belong to scenarios as they are now."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from drills.planning import catalogue
from drills.planning.calibration.chunks import gathered, plan_of
from drills.planning.calibration.results import ENDING, Calibration, place_of, read
from drills.planning.materials import RUBRIC
from scenarios.lookup import own_files, shipped_names
from scenarios.problem import LoadError
from scoring.calibration.counts import PROFILES
from scoring.calibration.findings import difficulty_of
from scoring.calibration.identity import identity
from simulator.plan import DrillPlan

__all__ = ["Known", "difficulties", "harder", "known_for", "library_mean", "losses", "of_library", "state_of"]

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
    return {name: harder(calibration) for name, calibration in _fitting(scenarios).items()}


def losses(scenarios: Iterable[str]) -> dict[str, float]:
    """What simulated teams lose of each obligation, in points a drill that owes it, over these scenarios.

    Of good, average and poor teams alike; a scenario counts as often as it is named. Without those that have no
    calibration which belongs to them as they are now.
    """
    sums: defaultdict[str, float] = defaultdict(float)
    owed: Counter[str] = Counter()
    named = Counter(scenarios)
    for name, calibration in _fitting(named).items():
        often = named[name]
        for obligation, judged in calibration.counts.judged.items():
            number = sum(judged[place] for place in _MIDDLING)
            lost = calibration.counts.lost.get(obligation)
            if number:
                points = 0 if lost is None else sum(lost[place] for place in _MIDDLING)
                sums[obligation] += often * points / number / 100
                owed[obligation] += often
    return {obligation: sums[obligation] / number for obligation, number in owed.items()}


def _fitting(scenarios: Iterable[str]) -> dict[str, Calibration]:
    """For each of these scenarios that has one, the calibration that belongs to it as it is now."""
    files, alone = own_files("scenario"), not any(own_files(kind) for kind in ("protocol", "rubric", "runbook"))
    found = {}
    for name in dict.fromkeys(scenarios):
        own = files.get(name)
        kept = list(_kept(name, own))
        if kept and own is None and alone and kept == [of_library(name)]:
            found[name] = kept[0]  # nothing that it depends on can have changed since it was made
            continue
        wanted = _identity_now(name, state_of(name)) if kept else None
        fits = next((one for one in kept if one.identity == wanted), None)
        if fits is not None:
            found[name] = fits
    return found


def state_of(name: str) -> object:
    """A value that changes whenever a scenario, or what it is measured by, may have changed."""
    return catalogue.state_of("scenario", name), catalogue.state_of("rubric", RUBRIC)


@lru_cache(maxsize=1024)
def _identity_now(name: str, _: object) -> str | None:
    """The identity of a scenario as it is offered; None while it does not load."""
    try:
        with catalogue.as_offered():
            return identity(plan_of(gathered(name)))
    except LoadError:
        return None


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
