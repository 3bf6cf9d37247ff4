"""What a form that makes a drill offers, and what it asks for."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from msgspec.structs import replace

from drills.planning import catalogue
from drills.planning.materials import RANDOM
from drills.planning.setup import Person, Setup, SetupError, people_of
from drills.records.people import TeamListed
from drills.records.tombstones import plain
from scenarios.generate import SEVERITIES
from scenarios.lookup import Kind, called, names
from scenarios.problem import nearest
from scenarios.team import OnCall, Team, is_zone
from simulator.people import handles

__all__ = ["STARTER", "TeamChoice", "setup_of", "team_choices", "things_to_choose"]

STARTER = "no-photos"
"""The scenario that is chosen for the first drill on a server: easy, and over in a quarter of an hour."""
REHEARSAL_PACE = 10.0
FEWEST = 4
"""How many simulated people rehearse if none are named."""


@dataclass(frozen=True)
class TeamChoice:
    """A team that can be chosen: of a file of ours, of the library, or one that has played here."""

    id: str
    """What the form sends: the name of its file, or the id that it has in the database."""
    title: str
    where: str
    """`yours`, `library`, or `known here` where there is no file."""
    name: str
    """As its drills' logs name it."""
    people: tuple[Person, ...]
    """Its members, whose ids are those of the file or of the database."""
    timezone: str = ""
    first_responder: str = ""
    """The name of who hears of an incident first; empty means the first member."""

    @property
    def lines(self) -> str:
        """Its people as the form writes them, one a line."""
        return "\n".join(f"{one.name}, {one.email}" if one.email else one.name for one in self.people)

    def says(self) -> dict[str, Any]:
        """What the form's script needs of it."""
        return {"id": self.id, "people": self.lines, "timezone": self.timezone, "where": self.where}


def team_choices(known: Iterable[TeamListed]) -> list[TeamChoice]:
    """The teams that can be chosen: our files, then those that have played here, then the library's."""
    files = [_of_file(item) for item in catalogue.items("team")]
    own = {one.name for one in files if one.where == "yours"}
    kept = [
        TeamChoice(one.id, one.title, "known here", one.name, tuple(Person(r.id, r.name, r.email) for r in one.people))
        for one in known
        if one.name not in own
    ]
    here = {one.name for one in kept}
    ours = [one for one in files if one.where == "yours"]
    return [*ours, *kept, *(one for one in files if one.where == "library" and one.name not in here)]


def _of_file(item: catalogue.Item) -> TeamChoice:
    team = item.model
    assert isinstance(team, Team)  # noqa: S101 - it was asked for as one
    people = [
        Person(
            one.id,
            one.name,
            one.email or "",
            roles=one.roles,
            prefers=one.prefers or "",
            on_call=one.on_call,
            since=one.since,
            file_id=one.id,
        )
        for one in team.members
    ]
    first = next((one.name for one in people if one.id == team.first_responder), "")
    return TeamChoice(item.name, team.title, item.where, team.team, tuple(people), team.timezone, first)


def things_to_choose(kind: Kind) -> list[dict[str, str]]:
    """The protocols, or the rubrics, that a form offers."""
    return [{"name": one.name, "title": one.title, "where": one.where} for one in catalogue.items(kind)]


# -- what a form asks for ----------------------------------------------------------------------------------------------


def setup_of(form: Mapping[str, str], team: TeamChoice | None = None) -> Setup:
    """What a form asks for. Raises SetupError with what is wrong, field by field."""
    errors: dict[str, str] = {}
    rehearsal = form.get("kind") == "rehearsal"
    seed = _number(form, "seed", secrets.randbelow(2**31), 2**63 - 1, errors)
    simulated = _number(form, "simulated", 0, 40, errors)
    typed = form.get("people", "")
    if team is not None and not typed.strip():
        typed = team.lines
    people: list[Person] = []
    try:
        people = _people(typed, simulated, team, rehearsal=rehearsal)
    except SetupError as error:
        errors |= error.errors
    scenario = form.get("scenario", "")
    if not scenario:
        errors["scenario"] = "choose a scenario, or a random one"
    elif scenario != RANDOM and scenario not in names("scenario"):
        errors["scenario"] = "there is no scenario by that name"
    errors |= dict(_unknown(form, ("protocol", "rubric")))
    if form.get("team", "") and team is None:
        errors["team"] = "there is no team by that name; it may have been renamed or removed"
    first = _first_responder(form, people, team, errors)
    severity = form.get("severity", "")
    if severity and severity not in map(str, SEVERITIES):
        errors["severity"] = "that is not a severity"
    timezone = form.get("timezone", "").strip() or (team.timezone if team is not None else "") or "UTC"
    if not is_zone(timezone):
        errors["timezone"] = f"there is no time zone {timezone[:40]!r}; write it like Europe/Berlin or UTC"
    if errors:
        raise SetupError(errors)
    setup = Setup(
        scenario=scenario,
        people=people,
        seed=seed,
        minutes=25 if form.get("minutes") == "25" else 60,
        severity=int(severity) if severity and scenario == RANDOM else None,
        first_responder=first,
        mode="training" if form.get("mode") == "training" else "assessed",
        voice={"call": "call", "room": "room"}.get(form.get("voice", ""), "none"),  # type: ignore[arg-type]  # one of three
        play_too=bool(form.get("play_too")) and not rehearsal,
        kind="rehearsal" if rehearsal else "drill",
        pace=REHEARSAL_PACE if rehearsal else 1.0,
        timezone=timezone,
        protocol=form.get("protocol", ""),
        rubric=form.get("rubric", ""),
        on_call=on_call_of(form),
    )
    return setup if team is None else replace(setup, team=team.id, team_name=team.name, team_title=team.title)


def on_call_of(form: Mapping[str, str]) -> OnCall | None:
    """Where a form says that a call finds those who are simulated; None if it says nothing that there is."""
    return next((where for where in get_args(OnCall) if where == form.get("on_call")), None)


def _unknown(form: Mapping[str, str], kinds: Sequence[Kind]) -> Iterable[tuple[str, str]]:
    """The kinds of which a form names something that there is not."""
    for kind in kinds:
        name, known = form.get(kind, ""), names(kind)
        if name and name not in known:
            near = nearest(name, known)
            yield kind, f"there is no {called(kind)} by that name" + (f"; {near}" if near else "")


def _first_responder(
    form: Mapping[str, str], people: list[Person], team: TeamChoice | None, errors: dict[str, str]
) -> str:
    """The id of who hears of it first; empty for the first in the list."""
    said = " ".join(form.get("first_responder", "").split())
    known = {person.name.lower(): person.id for person in people}
    known |= handles({one.id: one.name for one in people})
    if said and people and said.lower() not in known:
        errors["first_responder"] = f"{said[:40]!r} is not one of the players"
    return known.get((said or (team.first_responder if team is not None else "")).lower(), "")


def _people(text: str, simulated: int, team: TeamChoice | None, *, rehearsal: bool) -> list[Person]:
    """The players; in a rehearsal all of them are simulated. Raises SetupError."""
    if not rehearsal:
        return _as_members(people_of(text, simulated), team)
    named = people_of(text, simulated) if text.strip() or simulated else []
    if len(named) < FEWEST:
        named = people_of(text, FEWEST - len(named) + simulated)
    # How simulated people act is drawn from their ids: with the same seed a rehearsal goes the same way again.
    return [
        replace(one, id=f"s-{place}", email="", simulated=True) for place, one in enumerate(_as_members(named, team), 1)
    ]


def _as_members(people: list[Person], team: TeamChoice | None) -> list[Person]:
    """The people in a list, those of the team with what the team's file says of them."""
    left = list(team.people) if team is not None else []
    found = []
    for one in people:
        member = next((each for each in left if not one.simulated and plain(each.name) == plain(one.name)), None)
        if member is None:
            found.append(one)
            continue
        left.remove(member)
        found.append(
            replace(
                one,
                roles=member.roles,
                prefers=member.prefers,
                on_call=member.on_call,
                since=member.since,
                file_id=member.file_id,
            )
        )
    return found


def _number(form: Mapping[str, str], field: str, otherwise: int, most: int, errors: dict[str, str]) -> int:
    said = form.get(field, "").strip()
    if not said:
        return otherwise
    if not (said.isascii() and said.isdigit()) or len(said) > 19 or int(said) > most:
        errors[field] = f"{said[:20]!r} is not a whole number from 0 to {most:,}"
        return otherwise
    return int(said)
