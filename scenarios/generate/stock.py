"""The stock of random incidents, read from the folder `material` by the strict loader, each file once."""

from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

from pydantic import ValidationError

from scenarios.base import Model
from scenarios.explain import explain
from scenarios.generate.models import Alarms, Fault, Harm, Look, Looks, Reflex, Reflexes, Talk
from scenarios.names import Names
from scenarios.problem import LoadError
from scenarios.source import parse

__all__ = ["alarms", "fault", "harm", "looks", "reflexes", "standard_names", "talk"]

M = TypeVar("M", bound=Model)


def _read(model: type[M], name: str) -> M:
    """A file of the package. Raises LoadError with everything that is wrong with it."""
    file = f"{name}.yaml"
    source = parse((files("scenarios") / file).read_bytes(), file)
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        raise LoadError(explain(error, source, model)) from None


@lru_cache
def fault(name: str) -> Fault:
    """A kind of fault by its id."""
    return _read(Fault, f"generate/material/faults/{name}")


@lru_cache
def harm(name: str) -> Harm:
    """A harm by its id."""
    return _read(Harm, f"generate/material/harms/{name}")


@lru_cache
def looks() -> tuple[Look, ...]:
    """The places where engineers look."""
    return tuple(_read(Looks, "generate/material/looks").looks)


@lru_cache
def reflexes() -> tuple[Reflex, ...]:
    """What people do at once."""
    return tuple(_read(Reflexes, "generate/material/reflexes").reflexes)


@lru_cache
def talk(name: str) -> Talk:
    """What people say in any incident of a severity: `grave` or `inside`."""
    return _read(Talk, f"generate/material/{name}")


@lru_cache
def alarms(name: str) -> Alarms:
    """Incidents for which nobody is called: `false-alarms` or `for-the-sprint`."""
    return _read(Alarms, f"generate/material/{name}")


@lru_cache
def standard_names() -> Names:
    """What the library's company is called."""
    return _read(Names, "library/names/officeluv")
