"""`actions`: what teams meant to change after drills; listed, and closed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drills.cli.help import Command, CommandGroup, WholeNumber
from drills.cli.outcome import FELL_SHORT, Impossible

if TYPE_CHECKING:  # for the types alone
    from drills.records.action_list import FolderActions

_PLACES = click.argument("places", metavar="[DIR]...", nargs=-1, type=click.Path(path_type=Path))
_DATABASE = click.option("--database", metavar="DB", help="A file, or the address of a database, instead of folders.")
_FILE = click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With folders: what was changed by hand.  [default: actions.yaml in the workspace, or here]",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
_RUNS = Path("drills-run")


@click.group(
    "actions",
    cls=CommandGroup,
    examples=[
        "drillroom actions list",
        "drillroom actions due --within 7",
        "drillroom actions close login-outage-7.212 --document https://wiki.example/failover",
    ],
)
def actions_command() -> None:
    """List and close corrective actions.

    They come from the drills of a database, or of folders: what a team wants to change, and runbook steps that somebody
    found wrong. One that names an obligation has held once the last two drills that owed it met its target. The others
    are closed by an observation or by a document.
    """


@actions_command.command(
    "list", cls=Command, examples=["drillroom actions list", "drillroom actions list drills-run --all --json"]
)
@_PLACES
@click.option("--all", "everything", is_flag=True, help="Also those that have held or were closed.")
@_DATABASE
@_FILE
@_JSON
def list_command(
    places: tuple[Path, ...], everything: bool, database: str | None, file: Path | None, as_json: bool
) -> None:
    """List the actions, overdue ones first.

    Without a folder or --database, those of the database here; if there is none, of the folders in drills-run.
    """
    found = _found(places, database, file, quiet=as_json)
    rows = [one for one in found if everything or one["state"] not in ("held", "closed")]
    _print(rows, "Nothing is open." if found and not everything else "There are no corrective actions.", as_json)


@actions_command.command("due", cls=Command, examples=["drillroom actions due", "drillroom actions due --within 7"])
@_PLACES
@click.option(
    "--within", type=WholeNumber(0, 366), default=14, show_default=True, metavar="DAYS", help="How far ahead."
)
@_DATABASE
@_FILE
@_JSON
def due_command(places: tuple[Path, ...], within: int, database: str | None, file: Path | None, as_json: bool) -> None:
    """List the open actions that are overdue or due soon. It exits with 1 if one is overdue."""
    until = (datetime.now(UTC).date() + timedelta(days=within)).isoformat()
    found = _found(places, database, file, quiet=as_json)
    rows = [one for one in found if one["state"] not in ("held", "closed") and one["due_on"] and one["due_on"] <= until]
    _print(rows, f"Nothing is due within {within} days.", as_json)
    if any(one["overdue"] for one in rows):
        click.get_current_context().exit(FELL_SHORT)


@actions_command.command(
    "close",
    cls=Command,
    examples=[
        'drillroom actions close login-outage-7.212 --seen "the alert names a commander"',
        "drillroom actions close login-outage-7.212 --document https://wiki.example/failover",
    ],
)
@click.argument("action")
@_PLACES
@click.option("--seen", metavar="TEXT", help="What somebody saw that shows that it is done.")
@click.option("--document", metavar="WHERE", help="Where the document is that shows it: a link, a name.")
@click.option("--on", metavar="DAY", help="The day, such as 2026-03-31.  [default: today]")
@_DATABASE
@_FILE
@_JSON
def close_command(
    action: str,
    places: tuple[Path, ...],
    seen: str | None,
    document: str | None,
    on: str | None,
    database: str | None,
    file: Path | None,
    as_json: bool,
) -> None:
    """Close an ACTION, by its id in the list: somebody saw that it is done, or a document shows it.

    A later drill that misses the obligation that it names opens it again.
    """
    if (seen is None) == (document is None):
        raise click.UsageError("say what shows that it is done: --seen or --document, one of them")
    how, text = ("document", document) if seen is None else ("observation", seen)
    day = on or datetime.now(UTC).date().isoformat()
    if _in_folders(places, database):
        line = _closed_in_file(action, places, file, {"on": day, how: str(text)}, quiet=as_json)
    else:
        with _opened(database) as place:
            line = place.post(f"/api/actions/{_quoted(action)}/close", {"how": how, "text": text, "on": day})
    if as_json:
        _print_json(line)
        return
    from drills.cli.terminal import say

    say(f"{line['id']}: {line['says']}.")


# -- from where --------------------------------------------------------------------------------------------------------


def _in_folders(places: tuple[Path, ...], database: str | None) -> bool:
    """Whether the actions are those of drills in folders."""
    if places and database is not None:
        raise click.UsageError("use either folders or --database")
    if places or database is not None:
        return bool(places)
    from drills.cli.inputs import read_settings
    from drills.records.database import url_of
    from drills.records.server_address import glance

    return glance(url_of(read_settings().database)) is None


def _found(places: tuple[Path, ...], database: str | None, file: Path | None, *, quiet: bool) -> list[dict[str, Any]]:
    """All actions as data, overdue ones first."""
    if not _in_folders(places, database):
        with _opened(database) as place:
            found: list[dict[str, Any]] = place.get("/api/actions", which="all")["actions"]
            return found
    return _lines(_read(places, file, quiet=quiet))


def _read(places: tuple[Path, ...], file: Path | None, *, quiet: bool) -> "FolderActions":
    from drills.cli.inputs import loading
    from drills.cli.terminal import note, progress
    from drills.records.action_list import actions_file, actions_in

    where = file or actions_file()
    with loading(), progress(quiet=quiet) as say:
        today = datetime.now(UTC).date().isoformat()
        found = actions_in(places or [_RUNS], where, today, lambda number: say(f"{number} logs read"))
    for left in found.left_out:
        note(f"Left out: {left.file}: {left.why}")
    if found.unknown:
        note(f"{where} speaks of actions that no drill here has: {', '.join(found.unknown)}")
    return found


def _lines(found: "FolderActions") -> list[dict[str, Any]]:
    from reports.actions import as_data

    return [as_data(one.action, one.text, one.owner_name) for one in found.rows]


def _closed_in_file(
    action: str, places: tuple[Path, ...], file: Path | None, closed: dict[str, str], *, quiet: bool
) -> dict[str, Any]:
    """Write into `actions.yaml` that an action is done; the action as it stands then."""
    from drills.cli.files import write_new_file
    from drills.cli.inputs import loading
    from drills.records.action_list import actions_file
    from scenarios.actions_file import added

    where = file or actions_file()
    known = {one["id"]: one for one in _lines(_read(places, file, quiet=quiet))}
    if action not in known:
        raise Impossible(f"there is no action {action} in these drills; `drillroom actions list --all` lists them")
    if known[action]["state"] == "closed":
        raise Impossible(f"{action} was closed on {known[action]['closed']['on']}")
    with loading():
        text = added(where, action, {"closed": closed})
    write_new_file(where, text, force=True)
    return next(one for one in _lines(_read(places, file, quiet=True)) if one["id"] == action)


def _opened(database: str | None) -> Any:  # noqa: ANN401 - a context manager that gives a Place
    from drills.cli.inputs import read_settings
    from drills.cli.server_client import database as opened

    return opened(read_settings(database=database))


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


# -- printing ----------------------------------------------------------------------------------------------------------


def _print(rows: list[dict[str, Any]], nothing: str, as_json: bool) -> None:
    if as_json:
        _print_json({"actions": rows})
        return
    from drills.cli.terminal import say

    if not rows:
        say(nothing)
        return
    from drills.cli.actions_view import show_actions

    show_actions(rows)


def _print_json(data: object) -> None:
    import json

    from drills.cli.terminal import say_bytes

    say_bytes(json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n")
