"""`tokens`: what programs use the API with; made, listed and revoked."""

import json
from typing import Any

import click

from drills.cli.help import Command, CommandGroup, OneOf, WholeNumber

_SCOPES = ("read", "run", "people")
_DATABASE = click.option(
    "--database", metavar="DB", help="A file, or the address of a database.  [default: drillroom.sqlite]"
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group(
    "tokens",
    cls=CommandGroup,
    examples=[
        "drillroom tokens create nightly-ci --scope read --scope run",
        "drillroom tokens list",
        "drillroom tokens revoke nightly-ci",
    ],
)
def tokens_command() -> None:
    """Make, list and revoke tokens for the API.

    If a server runs on the database, it is asked; otherwise the database is opened. A program sends its token in the
    header `Authorization: Bearer TOKEN`.
    """


@tokens_command.command(
    "create",
    cls=Command,
    examples=["drillroom tokens create dashboard", "drillroom tokens create nightly-ci --scope read --scope run"],
)
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=OneOf(_SCOPES),
    multiple=True,
    default=("read",),
    show_default=True,
    help="What it is for; give it several times for several.",
)
@click.option(
    "--days",
    type=WholeNumber(1, 366),
    default=90,
    show_default=True,
    metavar="N",
    help="In how many days it expires.",
)
@_DATABASE
@_JSON
def create_command(name: str, scopes: tuple[str, ...], days: int, database: str | None, as_json: bool) -> None:
    """Make a token, and print it: nobody can read it again.

    `read` lists scenarios, teams and drills, and reads results without names and texts. `run` makes, starts and runs
    drills. `people` reads what names people, which is recorded under the token's NAME.
    """
    from drills.cli.terminal import note, say

    with _opened(database) as place:
        found = place.post("/api/tokens", {"name": name, "scopes": list(scopes), "days": days})
    if as_json:
        _print(found)
        return
    say(found["token"])
    note(
        f"{name} is for {' and '.join(found['made']['scopes'])} until {found['made']['expires'][:10]}. Keep it secret."
    )


@tokens_command.command("list", cls=Command, examples=["drillroom tokens list", "drillroom tokens list --json"])
@_DATABASE
@_JSON
def list_command(database: str | None, as_json: bool) -> None:
    """List all tokens, the newest first; not what would let anybody use them."""
    from drills.cli.terminal import columns, say, show, styled

    with _opened(database) as place:
        found = place.get("/api/tokens")
    if as_json:
        _print(found)
        return
    if not found["tokens"]:
        say("There are no tokens yet.")
        return
    table = columns("name", "for", "state", "expires", "last used")
    for one in found["tokens"]:
        used = (one["used"] or "never")[:10]
        table.add_row(*map(styled, (one["name"], ", ".join(one["scopes"]), one["state"], one["expires"][:10], used)))
    show(table)


@tokens_command.command("revoke", cls=Command, examples=["drillroom tokens revoke nightly-ci"])
@click.argument("token")
@_DATABASE
@_JSON
def revoke_command(token: str, database: str | None, as_json: bool) -> None:
    """Revoke a token, by its name or id. It opens nothing from now on, on every server."""
    from urllib.parse import quote

    from drills.cli.terminal import say

    with _opened(database) as place:
        found = place.post(f"/api/tokens/{quote(token, safe='')}/revoke")
    if as_json:
        _print(found)
    else:
        say(f"{found['revoked']['name']} is revoked.")


def _opened(database: str | None) -> Any:  # noqa: ANN401 - a context manager that gives a Place
    from drills.cli.inputs import read_settings
    from drills.cli.server_client import database as opened

    return opened(read_settings(database=database))


def _print(data: object) -> None:
    from drills.cli.terminal import say_bytes

    say_bytes(json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n")
