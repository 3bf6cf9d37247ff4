"""What somebody starts from: a commented scenario, a copy of what the library has, a whole workspace."""

import re
from importlib.resources import files

from scenarios.load import read_as
from scenarios.lookup import Kind, called, is_name, named
from scenarios.problem import LoadError, Problem, quoted
from scenarios.protocol import Protocol
from scenarios.workspace import EXAMPLE, MARK

__all__ = ["STARTERS", "new_file", "new_scenario", "new_schedule", "new_workspace"]

_PLACEHOLDER = "my-scenario"
STARTERS: dict[Kind, str] = {
    "protocol": "officeluv",
    "team": "small",
    "rubric": "standard",
    "runbook": "deployment",
    "names": "officeluv",
}
"""What a new file of a kind is copied from unless another is named. A scenario starts from a template of its own."""


def new_scenario(name: str) -> str:
    """The text of a complete scenario of that name, to be changed. Raises LoadError if this cannot be a name."""
    _check_name("scenario", name)
    return _template("scenario.yaml").replace(_PLACEHOLDER, name)


def new_file(kind: Kind, name: str, like: str | None = None) -> str:
    """The text of a new file of a kind: a copy of the one called `like`, under its own name. Raises LoadError."""
    _check_name(kind, name)
    if like is None and kind == "scenario":
        return new_scenario(name)
    if kind == "schedule":
        return new_schedule(name)
    source = named(kind, like or STARTERS[kind])
    text = re.sub(rf"^{kind}:.*$", f"{kind}: {name}", source.text, count=1, flags=re.MULTILINE)
    return _reading(text, read_as(Protocol, kind, source).model) if kind == "protocol" else text


def _reading(text: str, original: Protocol) -> str:
    """A copy of a protocol under which whatever was written for the original is played as it is."""
    levels = ", ".join(f"{one.level}: {one.level}" for one in original.severities)
    roles = ", ".join(f"{role.id}: {role.id}" for role in original.roles)
    entry = f"  {original.protocol}:\n    severities: {{{levels}}}\n    roles: {{{roles}}}\n"
    said = re.search(r"^reads:.*\n", text, flags=re.MULTILINE)
    if said is not None:
        return text[: said.end()] + entry + text[said.end() :]
    lead = (
        "# How what was written for other protocols is read under this one: its levels and roles, and which are ours."
    )
    return f"{text.rstrip()}\n\n{lead}\nreads:\n{entry}"


def new_schedule(name: str) -> str:
    """The text of a schedule of that name, to be changed. Raises LoadError if this cannot be a name."""
    _check_name("schedule", name)
    return _template("schedule").replace("my-schedule", name)


def new_workspace() -> dict[str, str]:
    """The files of a new workspace, by their paths in it."""
    return {
        MARK: _template(f"workspace/{MARK}"),
        "README.md": _template("workspace/README.md"),
        "names.yaml": _template("workspace/names.yaml"),
        "schedule.yaml": new_schedule("our-drills"),
        "teams/our-team.yaml": _template("workspace/our-team.yaml"),
        "scenarios/first-drill.yaml": new_scenario("first-drill"),
        "scripts/first-drill.yaml": _template("workspace/script"),
        EXAMPLE: _template("workspace/ci"),
        ".gitignore": _template("workspace/gitignore"),
    }


def _check_name(kind: Kind, name: str) -> None:
    if not is_name(name):
        hint = f"lower-case words joined by - or _, such as {_EXAMPLES.get(kind, 'our-' + kind)}"
        raise LoadError(
            [
                Problem(
                    quoted(name),
                    0,
                    0,
                    f"this cannot be the name of a {called(kind)}",
                    hint,
                )
            ]
        )


_EXAMPLES: dict[Kind, str] = {"scenario": "search-outage", "names": "our-company"}


def _template(name: str) -> str:
    return (files("scenarios") / "library" / "templates").joinpath(*name.split("/")).read_text(encoding="utf-8")
