"""What ships in the library, read for the tests that look at it."""

from functools import cache
from pathlib import Path
from typing import TypeVar

import scenarios
from scenarios.base import Model
from scenarios.protocol import Protocol
from scenarios.scenario import Scenario
from scenarios.source import read

LIBRARY = Path(scenarios.__file__).parent / "library"

Kind = TypeVar("Kind", bound=Model)


def names(folder: str) -> list[str]:
    """The names of the files in a folder of the library."""
    return sorted(path.stem for path in (LIBRARY / folder).glob("*.yaml"))


def take(folder: str, name: str, kind: type[Kind]) -> Kind:
    """A file of the library as its model."""
    return kind.model_validate(read(LIBRARY / folder / f"{name}.yaml").data)


@cache
def protocol() -> Protocol:
    """The protocol that ships."""
    return take("protocols", "officeluv", Protocol)


@cache
def incident(name: str) -> Scenario:
    """A scenario that ships."""
    return take("incidents", name, Scenario)
