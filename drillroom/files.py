"""What people author, from Python."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, overload

from scenarios import load as loader
from scenarios import lookup
from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.scenario import Scenario
from scenarios.team import Team

__all__ = ["Kind", "load", "names"]

Kind = Literal["scenario", "protocol", "team", "rubric"]
"""What can be loaded."""
_LOADERS: dict[Kind, Callable[[str | Path], Scenario | Protocol | Team | Rubric]] = {
    "scenario": loader.load_scenario,
    "protocol": loader.load_protocol,
    "team": loader.load_team,
    "rubric": loader.load_rubric,
}


@overload
def load(reference: str | Path, kind: Literal["scenario"] = "scenario") -> Scenario: ...
@overload
def load(reference: str | Path, kind: Literal["protocol"]) -> Protocol: ...
@overload
def load(reference: str | Path, kind: Literal["team"]) -> Team: ...
@overload
def load(reference: str | Path, kind: Literal["rubric"]) -> Rubric: ...
def load(reference: str | Path, kind: Kind = "scenario") -> Scenario | Protocol | Team | Rubric:
    """Load a scenario, protocol, team or rubric: by name from the workspace or the library, or from a file.

    Raises LoadError with everything that is wrong with it, each problem with its place.
    """
    _check(kind)
    return _LOADERS[kind](reference)


def names(kind: Kind = "scenario") -> list[str]:
    """The names that there are of a kind, in the workspace and in the library, sorted."""
    _check(kind)
    return lookup.names(kind)


def _check(kind: str) -> None:
    if kind not in _LOADERS:
        raise ValueError(f"there is no kind {kind!r}; there are {', '.join(_LOADERS)}")
