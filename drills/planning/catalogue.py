"""What can be played as the files are now: the workspace's and the library's. Files may change meanwhile.

A server looks at the workspace's files every second, in a thread. Everything else here answers from what the last look
found, so that no page waits for a disk. While a file has errors, its last version without is what everybody is offered.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from drills.planning.materials import Incident, incident
from drills.planning.shelf import OwnFile, Shelf, Snapshot
from scenarios.base import Model
from scenarios.load import (
    load_names,
    load_protocol,
    load_rubric,
    load_runbook,
    load_scenario,
    load_team,
    protocol_for,
    scenario_in,
)
from scenarios.lookup import Kind, shipped_names, standing_in
from scenarios.problem import LoadError, Problem
from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.scenario import Scenario
from scenarios.team import Team
from scenarios.workspace import workspace

__all__ = [
    "LOOK_EVERY",
    "Item",
    "as_offered",
    "company",
    "items",
    "look",
    "own_file",
    "own_files",
    "problems",
    "protocol",
    "protocol_of",
    "rubric",
    "runbook",
    "scenario",
    "state_of",
    "team",
]

LOOK_EVERY = 1.0
"""Seconds between two looks at a workspace's files."""
M = TypeVar("M", bound=Model)
_shelves: dict[Path, Shelf] = {}
_making = threading.Lock()
_LOADERS: Mapping[Kind, Callable[[str], Model]] = {
    "scenario": load_scenario,
    "protocol": load_protocol,
    "team": load_team,
    "rubric": load_rubric,
    "runbook": load_runbook,
}


@dataclass(frozen=True)
class Item:
    """Something that has a name: ours, or the library's."""

    kind: Kind
    name: str
    title: str
    model: Model
    """What it says."""
    own: OwnFile | None
    """Our file; nothing if it is the library's."""

    @property
    def where(self) -> str:
        """Where it comes from, in a word."""
        return "yours" if self.own is not None else "library"


def look() -> Snapshot:
    """See what has changed, and load it. This reads the disk; call it in a thread."""
    shelf = _shelf()
    before = shelf.now
    if shelf.look() is not before:
        for kind in _LOADERS:
            items(kind)  # so that no page waits for it
    return shelf.now


def state_of(kind: Kind, name: str) -> object:
    """A value that changes whenever a thing by that name may have changed."""
    return _key(kind, name, _now())


@contextmanager
def as_offered() -> Iterator[None]:
    """Inside it, whatever is loaded by name is loaded as it is offered."""
    with standing_in(_now().stand_ins):
        yield


def items(kind: Kind) -> list[Item]:
    """Everything of a kind that loads, ours first, each by title."""
    own, found = _now().named(kind), []
    for name in {*own, *shipped_names(kind)}:
        model = _loaded(kind, name)
        if model is not None:
            found.append(Item(kind, name, str(getattr(model, "title", name)), model, own.get(name)))
    return sorted(found, key=lambda one: (one.own is None, one.title.lower(), one.name))


def scenario(name: str) -> Scenario | None:
    """The scenario of that name, or of that file; None while it does not load."""
    return _as(Scenario, _loaded("scenario", name))


def protocol(name: str) -> Protocol | None:
    """The protocol of that name; None while it does not load."""
    return _as(Protocol, _loaded("protocol", name))


def protocol_of(scenario_name: str) -> Protocol | None:
    """The protocol that a scenario is written for, which may lie beside its file; None while either does not load."""
    return _protocol_of(scenario_name, _key("scenario", scenario_name, _now()))


def team(name: str) -> Team | None:
    """The team of that name; None while it does not load."""
    return _as(Team, _loaded("team", name))


def rubric(name: str) -> Rubric | None:
    """The rubric of that name; None while it does not load."""
    return _as(Rubric, _loaded("rubric", name))


def runbook(name: str) -> Runbook | None:
    """The runbook of that name; None while it does not load."""
    return _as(Runbook, _loaded("runbook", name))


def company() -> str:
    """The name of the company that the drills are about; empty while the file that says it does not load."""
    return _company(_now().others)


def own_files() -> list[OwnFile]:
    """All our files in the order of kinds and names, those included that no name finds."""
    return list(_now().files.values())


def own_file(kind: Kind, name: str) -> OwnFile | None:
    """Our file of that name, if we have one."""
    return _now().named(kind).get(name)


def problems() -> list[Problem]:
    """The errors in the workspace's files, for which something is not offered or not found."""
    return [problem for file in _now().files.values() for problem in file.errors]


# -- looking -----------------------------------------------------------------------------------------------------------


def _shelf() -> Shelf:
    """The shelf of the current folder's workspace."""
    here = _here()
    with _making:
        if here not in _shelves:
            _shelves[here] = Shelf(workspace())
        return _shelves[here]


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # somebody removed the folder that we are in
        return Path()


def _now() -> Snapshot:
    shelf = _shelf()
    return shelf.now if shelf.looked else shelf.look()


def _key(kind: Kind, name: str, now: Snapshot) -> object:
    """What a thing's model depends on."""
    own = now.named(kind).get(name)
    return (own.key, now.others) if own is not None else now.others


def _loaded(kind: Kind, name: str) -> Model | None:
    return _model(kind, name, _key(kind, name, _now()))


@lru_cache(maxsize=2048)
def _model(kind: Kind, name: str, _: object) -> Model | None:
    own = own_file(kind, name)
    try:
        with as_offered():
            if kind == "scenario" and own is not None and own.source is not None and not own.errors:
                return scenario_in(own.source)  # the look has checked it
            return _LOADERS[kind](name)
    except LoadError:
        return None


@lru_cache(maxsize=512)
def _protocol_of(name: str, _: object) -> Protocol | None:
    try:
        with as_offered():
            return protocol_for(*incident(Incident(name)))
    except LoadError:
        return None


@lru_cache(maxsize=8)
def _company(_: object) -> str:
    try:
        with as_offered():
            return load_names().company or ""
    except LoadError:
        return ""


def _as(model: type[M], found: Model | None) -> M | None:
    return found if isinstance(found, model) else None
