"""Who plays a scenario when nobody says who: a team that can, so that no scenario is passed over for want of one."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from drills.planning.materials import RUBRIC, TEAM, Incident, Materials, gather, incident
from scenarios.checks.others import check_team, check_team_for
from scenarios.load import Loaded, load_team, read_as
from scenarios.lookup import is_name, own_files, referred
from scenarios.problem import LoadError
from scenarios.protocol import Protocol
from scenarios.scenario import Scenario
from scenarios.team import Member, Team

__all__ = ["gather_with_crew", "made_up", "ready_level"]

_SPARE = 3
"""So many people more than there are roles: somebody is free to look while others speak."""


def gather_with_crew(
    scenario: str | Path | Incident,
    team: str | Path | None = None,
    rubric: str | Path = RUBRIC,
    *,
    having: Collection[str] = (),
) -> Materials:
    """A drill's materials. Without a team, with the first that can play it and has all those members.

    That is one of the workspace, by name; else the library's; else one made up of the protocol's roles. Raises
    LoadError if the scenario cannot be loaded, or the team that is named cannot play it.
    """
    if team is not None:
        return gather(scenario, team, rubric)
    wanted = scenario if isinstance(scenario, Incident) else Incident(scenario)
    story, near = incident(wanted)
    nobody = Team(team="nobody", title="Nobody", members=[Member(id="nobody", name="Nobody")])
    found = gather(replace(wanted, scenario=story, near=near), nobody, rubric)
    able = [one for one in _candidates(near) if _can_play(one, found.protocol, found.scenario)]
    crew = next((one for one in able if set(having) <= set(_ids(one.model))), able[0] if able else None)
    return replace(found, team=made_up(found.protocol) if crew is None else crew.model)


def ready_level(team: str) -> float:
    """From which level on a team counts as ready: what its file says, if there is one of that name."""
    with suppress(LoadError):  # lint says what is wrong with it
        if is_name(team):
            return load_team(team).ready
    return float(Team.model_fields["ready"].default)


def _candidates(near: Path | None) -> Iterator[Loaded[Team]]:
    references: list[str | Path] = [*own_files("team", near).values(), TEAM]
    for reference in references:
        try:
            loaded = read_as(Team, "team", referred("team", reference))
        except LoadError:
            continue  # lint says what is wrong with it
        if not list(check_team(loaded.model, loaded.source)):
            yield loaded


def _can_play(team: Loaded[Team], protocol: Protocol, scenario: Scenario) -> bool:
    severities = sorted({span.level for span in scenario.severity})
    return not list(check_team_for(team.model, team.source, protocol, severities, scenario.ends.after))


def _ids(team: Team) -> list[str]:
    return [*(member.id for member in team.members), *team.facilitators, *team.evaluators]


def made_up(protocol: Protocol, size: int | None = None) -> Team:
    """So many people who may take any of the protocol's roles, each of which is preferred by one of them.

    Without a size, a few more than there are roles.
    """
    count = len(protocol.roles) + _SPARE if size is None else size
    preferred = [*(role.id for role in protocol.roles), *([None] * count)][:count]
    members = [
        Member(id=f"player-{number}", name=f"Player {number}", prefers=role)
        for number, role in enumerate(preferred, start=1)
    ]
    return Team(team="made-up", title="A team made up for this", members=members)
