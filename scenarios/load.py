"""Authored files as models. Whatever is wrong with a file comes back at once, each problem with its place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from scenarios.absences import Absences
from scenarios.actions_file import ActionsFile
from scenarios.base import Model
from scenarios.checks import others
from scenarios.checks.base import Subject
from scenarios.checks.scenario import check_scenario
from scenarios.decode import first_key
from scenarios.explain import explain
from scenarios.lookup import Kind, called, named, names, names_file, own_source, referred, shipped
from scenarios.names import Names
from scenarios.problem import LoadError, Problem, nearest
from scenarios.protocol import Like, Protocol
from scenarios.rename import linked, renamed
from scenarios.role_ids import role_ids
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.scenario import Scenario
from scenarios.schedule import Schedule
from scenarios.script import Script
from scenarios.small_protocol import Nowhere, written_out
from scenarios.source import Path as Path_
from scenarios.source import Plain, Source, read
from scenarios.team import Team
from scenarios.workspace import workspace

__all__ = [
    "FIRST_KEYS",
    "KINDS_BY_KEY",
    "MODELS",
    "LoadError",
    "Loaded",
    "Problem",
    "is_ours",
    "kind_of",
    "load_names",
    "load_protocol",
    "load_rubric",
    "load_runbook",
    "load_runbooks",
    "load_scenario",
    "load_script",
    "load_team",
    "names",
    "protocol_for",
    "read_as",
    "scenario_in",
    "subject_of",
]

M = TypeVar("M", bound=Model)

MODELS: dict[Kind, type[Model]] = {
    "scenario": Scenario,
    "team": Team,
    "rubric": Rubric,
    "runbook": Runbook,
    "script": Script,
    "protocol": Protocol,
    "names": Names,
    "schedule": Schedule,
    "absences": Absences,
    "actions": ActionsFile,
}
"""The model of each kind of file, in the order in which a file is asked what it is."""

FIRST_KEYS: dict[Kind, str] = {kind: "acts" if kind == "script" else kind for kind in MODELS}
"""The key with which a file of each kind begins."""

KINDS_BY_KEY: dict[str, Kind] = {
    **{key: kind for kind, key in FIRST_KEYS.items() if kind != "actions"},
    "plays": "script",
    "like": "protocol",
    "expects": "script",
}
"""What a file is, by its first key; a script may say first what it plays, or what it expects.

Scenarios have `actions` too, and so have files of other tools: a file of actions has nothing else.
"""


@dataclass(frozen=True)
class Loaded(Generic[M]):
    """A model with the file that it comes from."""

    model: M
    """What the file says."""
    source: Source
    """Where it says so."""


_SOUND: dict[str, Subject] = {}
"""The library's scenarios with all that they refer to, as each was last found without errors, by its file."""
_RENAMED: dict[str, tuple[Scenario, dict[str, str], Scenario]] = {}
"""The library's scenarios with the names that took their places in them last, and what came of it, by its file."""

STANDARD_NAMES = "officeluv"
"""The names of the library's company and its things."""


def load_scenario(reference: str | Path, own: Names | None = None) -> Scenario:
    """A scenario by name or path, complete: what it refers to exists, and it can be played.

    Its company's names come from `own`, or else the workspace's names file, or else the library. Raises
    LoadError with every error that `lint` would find; its warnings stay with `lint`.
    """
    loaded = read_as(Scenario, "scenario", referred("scenario", reference))
    subject = subject_of(loaded)
    if _SOUND.get(loaded.source.file) != subject:
        problems = [found for found in check_scenario(subject) if found.severity == "error"]
        if problems:
            raise LoadError(problems)
        if loaded.source.path is None:
            _SOUND[loaded.source.file] = subject
    return scenario_in(loaded.source, own)


def scenario_in(source: Source, own: Names | None = None) -> Scenario:
    """The scenario in a file in which `lint` has found no error, as `load_scenario` gives it without looking again."""
    scenario = read_as(Scenario, "scenario", source).model
    values = (own if own is not None else load_names(near=source.path)).values()
    known = _RENAMED.get(source.file)
    if known is not None and known[0] is scenario and known[1] == values:
        return known[2]
    made = renamed(scenario, values)
    if source.path is None:
        _RENAMED[source.file] = (scenario, values, made)
    return made


def load_names(reference: str | Path | None = None, near: Path | None = None) -> Names:
    """A company's names by name or path, whatever they leave out as the library's company calls it.

    Without a reference, those of the workspace of the file `near`, or of the current folder, or else the library's.
    """
    base = read_as(Names, "names", named("names", STANDARD_NAMES)).model
    if reference is not None:
        return read_as(Names, "names", referred("names", reference, near)).model.over(base)
    file = names_file(near)
    if file is None or not is_ours(file):
        return base
    return read_as(Names, "names", own_source(file)).model.over(base)


def is_ours(names_yaml: Path) -> bool:
    """Whether a names file is one of ours. Outside a workspace, one that is called so may be anybody's."""
    if workspace(names_yaml.absolute().parent) is not None:
        return True
    try:
        return first_key(names_yaml) == "names"
    except OSError:
        return False


def load_protocol(reference: str | Path, near: Path | None = None) -> Protocol:
    """A protocol by name or path; `near` is the file whose neighbours are asked before the library."""
    return read_as(Protocol, "protocol", referred("protocol", reference, near)).model


def protocol_for(scenario: Scenario, near: Path | None = None) -> Protocol:
    """The protocol that a scenario is written for; `near` is its own file, if it has one. Raises LoadError."""
    if isinstance(scenario.protocol, str):
        return load_protocol(scenario.protocol, near)
    own: dict[str, Plain] = scenario.protocol.model_dump(mode="json", exclude_defaults=True)
    source = Nowhere(scenario.scenario, "", own, [], near)
    return _as_model(Protocol, _in_full(source, own, (), scenario.protocol_id))


def load_team(reference: str | Path) -> Team:
    """A team by name or path."""
    return _checked(read_as(Team, "team", referred("team", reference)), others.check_team)


def load_runbook(reference: str | Path, near: Path | None = None) -> Runbook:
    """A runbook by name or path; `near` is the file whose neighbours are asked before the library."""
    return _checked(read_as(Runbook, "runbook", referred("runbook", reference, near)), others.check_runbook)


def load_runbooks(scenario: Scenario, near: Path | None = None, own: Names | None = None) -> list[Runbook]:
    """The runbooks to which a scenario's actions refer, each once, in the order of the actions.

    Procedures link to the pages that `own`, else the workspace's names file, has for them. Raises LoadError with the
    problems of all of them; `near` is the scenario's own file, if it has one.
    """
    own = own if own is not None else load_names(near=near)
    wanted = dict.fromkeys(action.runbook.partition("/")[0] for action in scenario.actions if action.runbook)
    found: list[Runbook] = []
    problems: list[Problem] = []
    for name in wanted:
        try:
            found.append(linked(load_runbook(name, near), own))
        except LoadError as error:
            problems.extend(error.problems)
    if problems:
        raise LoadError(problems)
    return found


def load_rubric(reference: str | Path, near: Path | None = None) -> Rubric:
    """A rubric by name or path; `near` is the file whose neighbours are asked before the library."""
    return read_as(Rubric, "rubric", referred("rubric", reference, near)).model


def load_script(path: str | Path) -> Script:
    """A script of acts. Scripts have no names, only paths."""
    return _checked(read_as(Script, "script", read(Path(path))), others.check_script)


def kind_of(source: Source) -> Kind | None:
    """What kind of file this is: its first key says so, else any key that says so."""
    first = next(iter(source.data), "")
    if first in KINDS_BY_KEY:
        return KINDS_BY_KEY[first]
    if [*source.data] == [FIRST_KEYS["actions"]]:
        return "actions"
    kinds = (kind for kind, key in FIRST_KEYS.items() if key in source.data and kind in KINDS_BY_KEY.values())
    return next(kinds, None)


def read_as(model: type[M], kind: Kind, source: Source) -> Loaded[M]:
    """The model of a file. Raises LoadError with everything that the model finds wrong."""
    actual = kind_of(source)
    if actual is not None and actual != kind:
        line, column = source.key_at((FIRST_KEYS[actual],)) if FIRST_KEYS[actual] in source.data else (1, 1)
        message = f"this is a {called(actual)}, not a {called(kind)}"
        raise LoadError(
            [Problem(source.file, line, column, message, f"a {called(kind)} begins with `{FIRST_KEYS[kind]}:`")]
        )
    if kind == "protocol" and "like" in source.data:
        _as_model(Like, source)
        source = _in_full(source, source.data, (), _name_of(source))
    return Loaded(_as_model(model, source), source)


def _as_model(model: type[M], source: Source) -> M:
    known = source.models.get(model)
    if isinstance(known, model):
        return known
    try:
        made = model.model_validate(source.data)
    except ValidationError as error:
        raise LoadError(explain(error, source, model, role_ids(source))) from None
    source.models[model] = made
    return made


def _name_of(source: Source) -> str:
    """What a small protocol in a file of its own is called unless it says so: as its file."""
    return source.path.stem if source.path is not None else str(source.data["like"])


def _in_full(source: Source, own: Mapping[str, Plain], top: Path_, name: str, seen: tuple[str, ...] = ()) -> Source:
    """A small protocol that stands at `top` in a file, written out. Raises LoadError."""
    like, place = own["like"], source.value_at((*top, "like"))
    known = names("protocol", source.path)
    if not isinstance(like, str) or like not in known:
        hint = (nearest(like, known) if isinstance(like, str) else "") or f"there are {', '.join(known)}"
        raise LoadError([Problem(source.file, *place, "`like` names no protocol that there is", hint)])
    base = named("protocol", like, source.path)
    if _same_file(base, source) and not top:  # one of ours that is called as the library's is like that one
        base = shipped("protocol", like) or base
    if base.file in seen or _same_file(base, source):
        message = f"{like!r} is like this one itself"
        raise LoadError([Problem(source.file, *place, message, "one of them has to be a whole protocol")])
    if "like" in base.data:
        base = _in_full(base, base.data, (), _name_of(base), (*seen, source.file))
    _as_model(Protocol, base)
    return written_out(own, name, base.data, source, top)


def _same_file(one: Source, other: Source) -> bool:
    return one.path is not None and other.path is not None and one.path.absolute() == other.path.absolute()


def subject_of(loaded: Loaded[Scenario]) -> Subject:
    """A scenario with all that it refers to, to be checked. What cannot be found is left out; the checks say so.

    Raises LoadError if something is there but cannot be used.
    """
    scenario, near = loaded.model, loaded.source.path
    protocols, runbooks = names("protocol", near), names("runbook", near)
    wanted = {action.runbook.partition("/")[0] for action in scenario.actions if action.runbook}
    return Subject(
        scenario=scenario,
        source=loaded.source,
        protocol=_protocol_in(loaded) if scenario.written_for in protocols else None,
        runbooks={name: load_runbook(name, near) for name in sorted(wanted & set(runbooks))},
        known_runbooks=tuple(runbooks),
        known_protocols=tuple(protocols),
        words=tuple(load_names(near=near).values()),
    )


def _protocol_in(loaded: Loaded[Scenario]) -> Protocol:
    """A scenario's protocol; what is wrong with what it changes in one is at its place. Raises LoadError."""
    own = loaded.source.data.get("protocol")
    if not isinstance(own, dict):
        return protocol_for(loaded.model, loaded.source.path)
    full = _in_full(loaded.source, own, ("protocol",), loaded.model.protocol_id)
    return _as_model(Protocol, full)


def _checked(loaded: Loaded[M], check: Callable[[M, Source], Iterable[Problem]]) -> M:
    problems = list(check(loaded.model, loaded.source))
    if problems:
        raise LoadError(problems)
    return loaded.model
