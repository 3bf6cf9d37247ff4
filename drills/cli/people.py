"""`people`: who is known in a database; merging two rows; and forgetting somebody."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from drills.cli.help import Command, CommandGroup
from drills.cli.outcome import FellShort, Impossible

_DATABASE = click.option(
    "--database", metavar="DB", help="A file, or the address of a database.  [default: drillroom.sqlite]"
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group(
    "people",
    cls=CommandGroup,
    examples=["drillroom people list", "drillroom people add team.yaml", 'drillroom people forget "Ana Ruiz"'],
)
def people_command() -> None:
    """Show, add, merge and forget people.

    If a server runs on the database, it is asked; otherwise the database is opened. In place of a name you can always
    give an id.
    """


@people_command.command("list", cls=Command, examples=["drillroom people list", "drillroom people list --json"])
@_DATABASE
@_JSON
def list_command(database: str | None, as_json: bool) -> None:
    """List everybody who is known, by name."""
    from drills.cli.terminal import columns, say, show, styled

    found = _all(database)
    if as_json:
        _print({"people": found})
        return
    if not found:
        say("Nobody is known yet.")
        return
    table = columns("name", "id", "drills", "teams", right=(2,))
    for one in found:
        table.add_row(*map(styled, (one["name"], one["id"], str(one["drills"]), ", ".join(one["teams"]))))
    show(table)


@people_command.command("add", cls=Command, examples=["drillroom people add team.yaml"])
@click.argument("team_file", type=click.Path(path_type=Path))
@_DATABASE
@_JSON
def add_command(team_file: Path, database: str | None, as_json: bool) -> None:
    """Add the people of a team file, or update them.

    They are recognized by their ids in the file, or else by their names. Forgotten people are left out.
    """
    from drills.cli.inputs import loading
    from drills.cli.terminal import note, say
    from scenarios.load import load_team

    with loading():
        team = load_team(team_file)
    members = [{"id": one.id, "name": one.name, "email": one.email or ""} for one in team.members]
    with _opened(database) as place:
        found = place.post("/api/teams", {"team": team.team, "title": team.title, "members": members})
    if as_json:
        _print(found)
        return
    count, left = found["people"], found["left_out"]
    say(f"{team.title}: {count} {'person' if count == 1 else 'people'}.")
    if left:
        note(
            f"{left} {'was' if left == 1 else 'were'} left out: forgotten before. See `drillroom people allow --help`."
        )


@people_command.command("merge", cls=Command, examples=['drillroom people merge "Ana Ruiz" "Ana R." --yes'])
@click.argument("keep")
@click.argument("gone")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_DATABASE
@_JSON
def merge_command(keep: str, gone: str, yes: bool, database: str | None, as_json: bool) -> None:
    """Merge two rows into one person, who keeps the name of the first. This cannot be undone."""
    from drills.cli.terminal import say

    with _opened(database) as place:
        known = place.get("/api/people")["people"]
        stays, goes = _one(known, keep), _one(known, gone)
        _ask(f"Make {goes['name']} ({goes['id']}) the same person as {stays['name']} ({stays['id']})?", yes)
        found = place.post(f"/api/people/{stays['id']}/merge", {"gone": goes["id"]})
    if as_json:
        _print(found)
    else:
        say(f"{goes['name']} and {stays['name']} are one person now.")


@people_command.command("forget", cls=Command, examples=['drillroom people forget "Ana Ruiz" --yes'])
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_DATABASE
@_JSON
def forget_command(who: str, yes: bool, database: str | None, as_json: bool) -> None:
    """Forget somebody: their name, texts, address, seats and links, and what others wrote that names them.

    Drills stay, and verify and score as before. Prints what is out of reach, such as what somebody has downloaded.
    """
    from drills.cli.terminal import say

    with _opened(database) as place:
        one = _one(place.get("/api/people")["people"], who)
        _ask(f"Forget {one['name']} ({one['id']}) for good?", yes)
        found = place.post(f"/api/people/{one['id']}/forget")
    if as_json:
        _print(found)
        return
    texts, drills = found["texts"], len(found["drills"])
    say(
        f"{found['name']} is forgotten. {texts} {'text' if texts == 1 else 'texts'} erased, in {drills} "
        f"{'drill' if drills == 1 else 'drills'}."
    )
    say("Out of reach:")
    for line in found["out_of_reach"]:
        say(f"  {line}.")


@people_command.command("allow", cls=Command, examples=['drillroom people allow "Ana Ruiz"'])
@click.argument("name")
@_DATABASE
@_JSON
def allow_command(name: str, database: str | None, as_json: bool) -> None:
    """Let the name of somebody who was forgotten be used again.

    For somebody else with that name, or somebody who wants to come back. What was forgotten stays forgotten.
    """
    from drills.cli.terminal import say

    with _opened(database) as place:
        found = place.post("/api/people/allow", {"name": name})
    if as_json:
        _print(found)
    elif found["allowed"]:
        say(f"{name} can be named in drills and teams again.")
    if not found["allowed"]:
        raise FellShort(f"nobody called {name} was forgotten here")


def _opened(database: str | None) -> Any:  # noqa: ANN401 - a context manager that gives a Place
    from drills.cli.inputs import read_settings
    from drills.cli.server_client import database as opened

    return opened(read_settings(database=database))


def _all(database: str | None) -> list[dict[str, Any]]:
    with _opened(database) as place:
        found: list[dict[str, Any]] = place.get("/api/people")["people"]
    return found


def _one(known: list[dict[str, Any]], who: str) -> dict[str, Any]:
    """The person that a name or an id refers to. Raises Impossible."""
    from drills.records.tombstones import plain
    from scenarios.problem import closest

    found = [one for one in known if one["id"] == who.strip()]
    found = found or [one for one in known if plain(one["name"]) == plain(who)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(one["id"] for one in found)
        raise Impossible(f"{who} are {len(found)} people; name one by id: {ids}")
    near = closest(who, [one["name"] for one in known])
    raise Impossible(
        f"nobody is called {who}" + (f"; did you mean {near}?" if near else "; see `drillroom people list`")
    )


def _ask(question: str, yes: bool) -> None:
    """Ask, unless it was already answered."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise Impossible(f"{question} Say --yes; nothing was changed")
    if not click.confirm(question, err=True):
        raise Impossible("nothing was changed")


def _print(data: object) -> None:
    from drills.cli.terminal import say_bytes

    say_bytes(json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n")
