"""Drillroom from Python: load what people author, play drills without waiting, grade their logs, compare many of them.

    import drillroom

    log = drillroom.run("login-outage", players="average", seed=7)
    print(drillroom.grade(log).score)

What is listed in `__all__` is what you can rely on. All else that is installed with it, as the packages `scenarios`,
`simulator`, `scoring`, `reports` and `drills`, may change with any version. Importing this module is quick:
each name loads what it needs when it is first used. docs/reference/python.md explains them with examples.
"""

from typing import TYPE_CHECKING

from drillroom.origins import ForeignPackageError, check_origins, explained
from drillroom.origins import main as main  # the program

if TYPE_CHECKING:  # what `__getattr__` loads when it is asked for
    from drillroom.campaigns import campaign as campaign
    from drillroom.files import load as load
    from drillroom.files import names as names
    from drillroom.folders import FolderError as FolderError
    from drillroom.folders import read as read
    from drillroom.folders import report as report
    from drillroom.folders import write as write
    from drillroom.frames import frame as frame
    from drillroom.headless import RefusedActWarning as RefusedActWarning
    from drillroom.headless import grade as grade
    from drillroom.headless import run as run
    from drillroom.headless import whatif as whatif
    from drillroom.histories import History as History
    from drillroom.histories import history as history
    from scenarios.problem import LoadError as LoadError
    from scenarios.problem import Problem as Problem
    from scenarios.protocol import Protocol as Protocol
    from scenarios.rubric import Rubric as Rubric
    from scenarios.scenario import Scenario as Scenario
    from scenarios.team import Team as Team
    from scoring.result import Scorecard as Scorecard
    from scoring.whatif import WhatIf as WhatIf
    from simulator.log import DrillLog as DrillLog

    __version__: str

__all__ = [
    "DrillLog",
    "FolderError",
    "ForeignPackageError",
    "History",
    "LoadError",
    "Problem",
    "Protocol",
    "RefusedActWarning",
    "Rubric",
    "Scenario",
    "Scorecard",
    "Team",
    "WhatIf",
    "campaign",
    "frame",
    "grade",
    "history",
    "load",
    "names",
    "read",
    "report",
    "run",
    "whatif",
    "write",
]

_HOMES = {
    "DrillLog": "simulator.log",
    "FolderError": "drillroom.folders",
    "History": "drillroom.histories",
    "LoadError": "scenarios.problem",
    "Problem": "scenarios.problem",
    "Protocol": "scenarios.protocol",
    "RefusedActWarning": "drillroom.headless",
    "Rubric": "scenarios.rubric",
    "Scenario": "scenarios.scenario",
    "Scorecard": "scoring.result",
    "Team": "scenarios.team",
    "WhatIf": "scoring.whatif",
    "campaign": "drillroom.campaigns",
    "frame": "drillroom.frames",
    "grade": "drillroom.headless",
    "history": "drillroom.histories",
    "load": "drillroom.files",
    "names": "drillroom.files",
    "read": "drillroom.folders",
    "report": "drillroom.folders",
    "run": "drillroom.headless",
    "whatif": "drillroom.headless",
    "write": "drillroom.folders",
}
"""The module that each name comes from."""


def __getattr__(name: str) -> object:
    """Load a name when it is first asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("drillroom")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    check_origins()
    try:
        value = getattr(import_module(_HOMES[name]), name)
    except (ImportError, AttributeError) as error:
        raise explained(error) from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
