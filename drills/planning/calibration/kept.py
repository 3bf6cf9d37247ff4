"""Which calibrations there are, and which of them belong to scenarios as they are now."""

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
from scoring.calibration.findings import difficulty_of
from scoring.calibration.identity import identity
from simulator.plan import DrillPlan

__all__ = ["Known", "difficulties", "harder", "known_for", "library_mean", "of_library", "state_of"]


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
    files, alone = own_files("scenario"), not any(own_files(kind) for kind in ("protocol", "rubric", "runbook"))
    for name in dict.fromkeys(scenarios):
        calibration = _fitting(name, files.get(name), alone=alone)
        if calibration is not None:
            found[name] = harder(calibration)
    return found


def _fitting(name: str, own: Path | None, *, alone: bool) -> Calibration | None:
    """The calibration that belongs to a scenario; `alone` if no protocol, rubric or runbook of ours may change it."""
    kept = list(_kept(name, own))
    if kept and own is None and alone and kept == [of_library(name)]:
        return kept[0]  # nothing that it depends on can have changed since it was made
    wanted = _identity_now(name, state_of(name)) if kept else None
    return next((one for one in kept if one.identity == wanted), None)


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
