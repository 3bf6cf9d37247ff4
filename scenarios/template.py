"""The commented scenario from which somebody writes their own."""

from importlib.resources import files

from scenarios.lookup import is_name
from scenarios.problem import LoadError, Problem, quoted

__all__ = ["new_scenario"]

_PLACEHOLDER = "my-scenario"


def new_scenario(name: str) -> str:
    """The text of a complete scenario of that name, to be changed. Raises LoadError if this cannot be a name."""
    if not is_name(name):
        hint = "lower-case words joined by - or _, such as search-outage"
        raise LoadError([Problem(quoted(name), 0, 0, "this cannot be the name of a scenario", hint)])
    text = (files("scenarios") / "library" / "templates" / "scenario.yaml").read_text(encoding="utf-8")
    return text.replace(_PLACEHOLDER, name)
