"""Everything that is wrong with an authored file, or with a folder of them, as data to print in one way or another."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from scenarios import nameable
from scenarios.absences import Absences
from scenarios.actions_file import ActionsFile
from scenarios.checks import others
from scenarios.checks.base import finding
from scenarios.checks.comments import check_comments
from scenarios.checks.court import check_court
from scenarios.checks.quality import people_in
from scenarios.checks.scenario import check_scenario
from scenarios.checks.schedule import check_absences, check_schedule
from scenarios.load import FIRST_KEYS, MODELS, Loaded, kind_of, load_protocol, read_as, subject_of
from scenarios.lookup import Kind, called, is_name, named, names, own_files, referred
from scenarios.names import Names
from scenarios.ownership import Found, files_in
from scenarios.problem import Gravity, LoadError, Problem, quoted
from scenarios.protocol import Like, Protocol
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.salvage import problems_behind
from scenarios.scenario import Scenario
from scenarios.schedule import Schedule
from scenarios.script import Script
from scenarios.source import Source, read
from scenarios.team import Team
from scenarios.workspace import FOLDERS, leads_out, workspace

__all__ = ["ProblemRecord", "files_of", "lint", "read_and_lint", "to_github", "to_json"]

STANDARD_PROTOCOL = "officeluv"
"""The protocol to check a rubric against, since it names none itself."""


class ProblemRecord(TypedDict):
    """A problem as JSON."""

    file: str
    line: int
    column: int
    severity: Gravity
    message: str
    hint: str


def files_of(path: Path) -> Found:
    """The files that `lint` checks at a path, and those that it passes over; a file that is named is always ours."""
    return files_in(path) if path.is_dir() else Found([path], [])


def lint(path: Path, team: str | Path | None = None) -> list[Problem]:
    """All errors and warnings of a file, or of every file of ours in a folder and below, in the order of their paths.

    With a team, each scenario is also checked for whether that team can play it. User errors
    are never raised: a path that cannot be read, or a folder without a file of ours, is a problem like any other.
    """
    try:
        crew = read_as(Team, "team", referred("team", team, path)) if team is not None else None
    except LoadError as error:
        return list(error.problems)
    if not path.is_dir():
        return _of_file(path, crew)
    here = files_in(path)
    found = here.ours
    if not found:
        return [Problem(str(path), 0, 0, *_nothing(here))]
    problems: list[Problem] = []
    sources: list[Source] = []
    for file in found:
        if leads_out(file, path):
            problems.append(Problem(str(file), 0, 0, "the link leads out of the folder", "put the file itself there"))
            continue
        try:
            sources.append(read(file))
        except LoadError as error:
            problems += error.problems
            continue
        problems += _in_source(file, sources[-1], crew)
    return list(dict.fromkeys([*problems, *_repeated_names(sources)]))


def read_and_lint(path: Path) -> tuple[Source | None, list[Problem]]:
    """One file, which must not lead out of its folder, with all its errors and warnings; nothing if it is no YAML."""
    if leads_out(path, path.absolute().parent):
        return None, [Problem(str(path), 0, 0, "the link leads out of the folder", "put the file itself there")]
    try:
        source = read(path)
    except LoadError as error:
        return None, list(error.problems)
    return source, _in_source(path, source, None)


def _nothing(here: Found) -> tuple[str, str]:
    """What is said of a folder in which nothing is ours."""
    if not here.others:
        return "there is no YAML file in this folder", "`drillroom new NAME` writes a scenario"
    first = here.others[0].name
    return (
        f"no file in this folder is one of ours: {first} begins with none of our keys",
        f"the first key says what a file is: {', '.join(FIRST_KEYS.values())}; name a file to have it checked",
    )


def to_github(problem: Problem) -> str:
    """The problem as a command that GitHub Actions shows beside the line."""
    place = [f"file={_escaped(problem.file, also=',:')}"]
    if problem.line:
        place += [f"line={problem.line}", f"col={problem.column}"]
    text = problem.message + (f" ({problem.hint})" if problem.hint else "")
    return f"::{problem.severity} {','.join(place)}::{_escaped(text)}"


def to_json(problem: Problem) -> ProblemRecord:
    """The problem as a JSON object."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
    }


def _repeated_names(sources: list[Source]) -> Iterator[Problem]:
    """People who turn up in several scenarios: a team that plays both would take the second for a sequel."""
    first: dict[str, str] = {}
    for source in sources:
        scenario = source.models.get(Scenario)
        if not isinstance(scenario, Scenario):
            continue  # it is something else, or what is wrong with it has been said
        for path, name in people_in(scenario):
            if first.setdefault(name, scenario.scenario) != scenario.scenario:
                message = f"{name} is somebody in {first[name]} already"
                hint = "choose another name, or let one be drawn: `vary: {who: {fake: name}}`"
                yield finding(source, path, message, hint, severity="warning")


def _of_file(path: Path, team: Loaded[Team] | None) -> list[Problem]:
    try:
        return _in_source(path, read(path), team)
    except LoadError as error:
        return list(error.problems)


def _in_source(path: Path, source: Source, team: Loaded[Team] | None) -> list[Problem]:
    found = [*_of_place(path, source), *_cut_short(source)]
    try:
        found += _of_source(source, team)
    except LoadError as error:
        found += error.problems
    return sorted(found, key=lambda problem: (problem.line == 0, problem.line, problem.column))


def _of_place(path: Path, source: Source) -> Iterator[Problem]:
    """Whether a file in a workspace's folder is found there by name: no command, and no page, would miss it aloud."""
    folder = path.absolute().parent
    kind = next((kind for kind, name in FOLDERS.items() if folder.name == name), None)
    if kind is None or workspace(folder) != folder.parent:
        return
    actual = kind_of(source)
    if actual is not None and actual != kind:
        hint = f"move it to {FOLDERS[actual]}/" if actual in FOLDERS else f"a {kind} belongs there"
        yield Problem(source.file, 1, 1, f"this is a {called(actual)}, in the folder {folder.name}", hint)
    elif not is_name(path.stem):
        hint = "rename it to lower-case words joined by - or _, such as search-outage.yaml"
        yield Problem(source.file, 0, 0, "no command finds a file of this name", hint)
    elif source.data.get(kind, path.stem) != path.stem:
        message = f"it is found by the name of its file, {path.stem}, and calls itself {quoted(str(source.data[kind]))}"
        yield finding(source, (kind,), message, "give both the same name", severity="warning")


def _cut_short(source: Source) -> Iterator[Problem]:
    kind = kind_of(source)
    if kind is None:
        return iter(())
    return check_comments(source, [MODELS[kind], Like] if kind == "protocol" else [MODELS[kind]])


def _of_source(source: Source, team: Loaded[Team] | None) -> Iterator[Problem]:
    """The problems that checks find. Raises LoadError with those of the file itself."""
    match kind_of(source):
        case "scenario":
            try:
                loaded = read_as(Scenario, "scenario", source)
            except LoadError as error:
                raise LoadError([*error.problems, *problems_behind(source)]) from None
            yield from _of_scenario(loaded, team)
        case "team":
            yield from others.check_team(read_as(Team, "team", source).model, source)
        case "runbook":
            yield from others.check_runbook(read_as(Runbook, "runbook", source).model, source)
        case "script":
            yield from others.check_script(read_as(Script, "script", source).model, source)
        case "rubric":
            rubric = read_as(Rubric, "rubric", source).model
            rules = load_protocol(STANDARD_PROTOCOL)
            yield from others.check_rubric(rubric, source, rules)
            yield from check_court(rubric, source, rules)
        case "protocol":
            protocol = read_as(Protocol, "protocol", source)
            yield from others.check_protocol(protocol.model, protocol.source, _read_by(protocol.model, source))
        case "names":
            own, near = read_as(Names, "names", source).model, source.path
            yield from others.check_names(own, source, nameable.words(near), nameable.procedures(near))
        case other:
            yield from _of_other(other, source)


def _of_other(kind: Kind | None, source: Source) -> Iterator[Problem]:
    """The problems of what is about drills, and not what they are made of."""
    match kind:
        case "schedule":
            yield from _of_schedule(read_as(Schedule, "schedule", source).model, source)
        case "absences":
            away = read_as(Absences, "absences", source).model
            yield from check_absences(away, source, _everybody(source))
        case "actions":
            read_as(ActionsFile, "actions", source)
        case _:
            keys = ", ".join(FIRST_KEYS.values())
            yield Problem(source.file, 1, 1, "nothing says what this file is", f"its first key is one of {keys}")


def _of_schedule(schedule: Schedule, source: Source) -> Iterator[Problem]:
    near = source.path
    team: Team | None = None
    with suppress(LoadError):  # that there is none, or what is wrong with it, is said where it is
        team = read_as(Team, "team", named("team", schedule.team, near)).model
    yield from check_schedule(
        schedule,
        source,
        team,
        teams=names("team", near),
        scenarios=names("scenario", near),
        protocols=names("protocol", near),
        roles=_roles(schedule, near),
    )


def _roles(schedule: Schedule, near: Path | None) -> list[str]:
    """The roles of the protocols under which a schedule's drills are played, as far as they can be loaded."""
    found: list[str] = []
    for name in dict.fromkeys(entry.protocol or STANDARD_PROTOCOL for entry in schedule.drills):
        with suppress(LoadError):
            found += [role.id for role in load_protocol(name, near).roles]
    return list(dict.fromkeys(found))


def _everybody(source: Source) -> set[str]:
    """The ids in all our teams."""
    found: set[str] = set()
    for file in own_files("team", source.path).values():
        with suppress(LoadError):
            team = read_as(Team, "team", read(file)).model
            found |= {*(one.id for one in team.members), *team.facilitators, *team.evaluators}
    return found


def _read_by(protocol: Protocol, source: Source) -> dict[str, Protocol]:
    """The other protocols that one says how to read, as far as they can be loaded."""
    found: dict[str, Protocol] = {}
    for name in protocol.reads or {}:
        with suppress(LoadError):
            found[name] = load_protocol(name, source.path)
    return found


def _of_scenario(loaded: Loaded[Scenario], team: Loaded[Team] | None) -> Iterator[Problem]:
    subject = subject_of(loaded)
    yield from check_scenario(subject)
    if team is not None and subject.protocol is not None:
        severities = sorted({span.level for span in loaded.model.severity})
        found = list(
            others.check_team_for(team.model, team.source, subject.protocol, severities, loaded.model.ends.after)
        )
        key = "protocol" if loaded.source.has(("protocol",)) else "scenario"
        who = f"the team {quoted(team.model.team)}, under the protocol {quoted(subject.protocol.protocol)},"
        yield from others.cannot_play(loaded.source, (key,), who, found)


def _escaped(text: str, also: str = "") -> str:
    """Text escaped so that nothing in it can end the command."""
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + also else sign for sign in text)
