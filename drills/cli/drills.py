"""`drills`: what a database holds."""

from typing import TYPE_CHECKING, Any

import click

from drills.cli.help import Command

if TYPE_CHECKING:  # for the types alone
    from rich.table import Table


@click.command(
    "drills",
    cls=Command,
    examples=["drillroom drills", "drillroom drills --database drills.sqlite --json"],
)
@click.option("--database", metavar="DB", help="A file, or the address of a database.  [default: drillroom.sqlite]")
@click.option("--before", metavar="DRILL", help="Only drills older than the one with this id.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def drills_command(database: str | None, before: str | None, as_json: bool) -> None:
    """List the drills of a database, the newest first.

    If a server runs on the database, it is asked; otherwise the database is opened. At most a hundred are listed. The
    score is shown once the drill is closed and its talk has shown it.
    """
    from drills.cli.inputs import read_settings
    from drills.cli.server_client import database as opened
    from drills.cli.terminal import note, say, show

    with opened(read_settings(database=database)) as place:
        found = place.get("/api/drills", **({"before": before} if before is not None else {}))
    kept = [one for one in found["drills"] if one["kind"] == "drill"]
    if as_json:
        from drills.cli.terminal import say_bytes

        say_bytes(_json({"drills": [_line(one) for one in kept], "next": found["next"]}))
        return
    if not kept:
        say("There are no drills in it." if before is None else "There are none before it.")
        return
    show(_table(kept), whole_lines=True)
    if found["next"] is not None:
        note(f"There are older ones: drillroom drills --before {found['next']}")


def _line(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("id", "state", "title", "made", "score")}


def _json(data: object) -> bytes:
    import json

    return json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n"


def _table(drills: list[dict[str, Any]]) -> "Table":
    from drills.cli.terminal import columns, styled

    table = columns("id", "state", "made", "score", "title", right=(3,))
    for one in drills:
        score = "" if one["score"] is None else f"{one['score']:.1f}"
        made = one["made"][:16].replace("T", " ")
        table.add_row(*map(styled, (one["id"], one["state"], made, score, one["title"] or "")))
    return table
