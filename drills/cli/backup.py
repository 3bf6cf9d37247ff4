"""`backup` and `restore`: a copy of an SQLite database, and putting one back without the people forgotten since."""

from pathlib import Path

import click

from drills.cli.help import Command
from drills.cli.outcome import Impossible

_DATABASE = click.option("--database", metavar="DB", help="The database's file.  [default: drillroom.sqlite]")


@click.command("backup", cls=Command, examples=["drillroom backup drills-backup.sqlite"])
@click.argument("file", type=click.Path(path_type=Path))
@_DATABASE
def backup_command(file: Path, database: str | None) -> None:
    """Save a copy of the database while it is in use.

    The copy holds names and what people typed. The page of everybody in it says that it was saved. On PostgreSQL use
    pg_dump.
    """
    from datetime import UTC, datetime

    from drills.cli.inputs import read_settings
    from drills.cli.terminal import say
    from drills.records.backup import back_up
    from drills.records.store import StoreError

    try:
        back_up(read_settings(database=database).database, file, datetime.now(UTC).isoformat())
    except StoreError as error:
        raise Impossible(str(error)) from None
    say(f"Saved {file}. It holds names and what people typed: keep it where only you can read it.")


@click.command(
    "restore",
    cls=Command,
    examples=["drillroom restore drills-backup.sqlite", "drillroom restore drills-backup.sqlite --replace"],
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace a database that already exists.")
@_DATABASE
def restore_command(file: Path, replace: bool, database: str | None) -> None:
    """Put a copy of the database back, while no server uses it.

    People who were forgotten since the copy was made are forgotten in it before it is put in place. The database that
    is replaced and the file `.forgotten` beside it know them, by digests that nobody can read. FILE stays as it is. On
    PostgreSQL use pg_restore.
    """
    from drills.cli.inputs import read_settings
    from drills.cli.terminal import note, say
    from drills.records.backup import restore
    from drills.records.store import StoreError

    path = read_settings(database=database).database
    try:
        found = restore(path, file, replace=replace)
    except StoreError as error:
        raise Impossible(str(error)) from None
    say(f"{path} is as {file} was.")
    if found.people:
        who = "1 person was" if found.people == 1 else f"{found.people} people were"
        say(f"{who} forgotten since, and {'is' if found.people == 1 else 'are'} not in it.")
    if found.other:
        note("The database there was a different one; people forgotten in it could not be looked for in this copy.")
