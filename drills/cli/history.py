"""`history`: earlier drills together, as tables and for other programs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drills.cli.help import Command
from drills.cli.outcome import Impossible

if TYPE_CHECKING:  # for the types alone
    from drills.records.archive import Archive


class Day(click.ParamType[str]):
    """A day, as 2026-03-31."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's
        """The day in its one form."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a day of no zone
        except ValueError:
            self.fail(f"{value!r} is not a day; write it like 2026-03-31", param, ctx)


@click.command(
    "history",
    cls=Command,
    examples=[
        "drillroom history",
        "drillroom history --database drills.sqlite --team officeluv",
        "drillroom history drills-run --scenario login-outage",
        "drillroom history last-year this-year --since 2026-01-01 --out history",
        "drillroom history drills-run --report drills.html",
    ],
)
@click.argument("places", metavar="[DIR]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--database", metavar="DB", help="A file, or the address of a database, instead of folders.")
@click.option("--team", metavar="TEAM", help="Only the drills of this team, by its id.")
@click.option("--scenario", metavar="SCENARIO", help="Only drills of this scenario, by its id.")
@click.option("--tag", metavar="TAG", help="Only drills of scenarios with this tag.")
@click.option("--since", type=Day(), metavar="DAY", help="Only drills that began on this day or later.")
@click.option("--until", type=Day(), metavar="DAY", help="Only drills that began on this day or earlier.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Write drills.csv and obligations.csv there."
)
@click.option("--parquet", is_flag=True, help="With --out, also as Parquet; needs `pip install 'drillroom[parquet]'`.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what the drills say together, as charts with their numbers: FILE.html, or FILE.pdf to print.",
)
@click.option("--force", is_flag=True, help="Replace these files if they already exist.")
@click.option("--programme", is_flag=True, help="Show what each team did, for whoever answers for several.")
@click.option("--anew", is_flag=True, help="Make all figures anew from the logs, by today's rules.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def history_command(
    places: tuple[Path, ...],
    database: str | None,
    team: str | None,
    scenario: str | None,
    tag: str | None,
    since: str | None,
    until: str | None,
    out: Path | None,
    parquet: bool,
    report: Path | None,
    force: bool,
    programme: bool,
    anew: bool,
    as_json: bool,
) -> None:
    """Show earlier drills together, and export them.

    DIR is a folder with drills' folders in it, at any depth, or a log.  [default: the database here, if there is one;
    else drills-run]

    A log that is torn, altered, of a newer version or there twice is named and left out. Teams of one name that have
    nobody in common are told apart. Drills of different kinds, modes and protocols are never put together.
    """
    if programme and (out is not None or report is not None):
        raise click.UsageError("--programme is shown on screen or as JSON; leave out --out and --report")
    if parquet and out is None:
        raise click.UsageError("--parquet needs a folder to write to; name it with --out")
    from drills.cli.history_view import as_json as json_of
    from drills.cli.history_view import show_history
    from scoring.history.selection import Filters, chosen

    if places and database is not None:
        raise click.UsageError("use either folders or --database")
    if programme:
        from drills.cli.history_programme import show_programme

        found = _read(list(places), quiet=as_json, anew=anew) if places else None
        show_programme(found, database, Filters(team, scenario, tag, since, until), as_json=as_json)
        return
    if report is not None:
        from drills.cli.history_report import refuse_report

        refuse_report(report, force=force)
    archive = _read(list(places), quiet=as_json, anew=anew) if places else _kept(database, quiet=as_json, anew=anew)
    shown = chosen(archive.history, Filters(team, scenario, tag, since, until))
    archive = archive._replace(history=shown)
    if not shown.drills and not as_json:
        raise Impossible(_nothing(archive))
    if out is not None:
        _write(archive, out, parquet=parquet, force=force)
    if report is not None:
        filters = {"team": team, "scenario": scenario, "tag": tag, "since": since, "until": until}
        _report(archive, report, database, filters, force=force)
    if as_json:
        from drills.cli.terminal import say_bytes

        say_bytes(json_of(archive))
        return
    show_history(archive)
    if out is not None:
        from drills.cli.terminal import say

        say(f"\nTables: {out}")
    if report is not None:
        from drills.cli.terminal import say

        say(f"\nReport: {report}")


def _read(places: list[Path], *, quiet: bool, anew: bool) -> "Archive":
    from drills.cli.inputs import loading
    from drills.cli.terminal import progress
    from drills.records.archive import read_archive

    with loading(), progress(quiet=quiet) as say:
        return read_archive(places, datetime.now(UTC), lambda number: say(f"{number} logs read"), anew=anew)


def _kept(database: str | None, *, quiet: bool, anew: bool) -> "Archive":
    """The history of the database that is named, or is here; without one, of `drills-run`."""
    from drills.cli.inputs import read_settings
    from drills.records.database import url_of
    from drills.records.server_address import glance

    settings = read_settings(database=database)
    if database is None and glance(url_of(settings.database)) is None:
        return _read([Path("drills-run")], quiet=quiet, anew=anew)
    from drills.cli.server_client import database as opened
    from drills.cli.terminal import note
    from drills.records.archive import Archive
    from scoring.history.selection import history_in
    from scoring.labels import counted

    with opened(settings) as place:
        left = int(place.post("/api/history/anew")["left"]) if anew else 0
        if left:
            note(f"Note: {counted(left, 'drill is', 'drills are')} still to be made, and missing here until then.")
        return Archive(history_in(place.get("/api/history")), [])


def _report(
    archive: "Archive", file: Path, database: str | None, filters: dict[str, str | None], *, force: bool
) -> None:
    """Write the report; of a database its own page, which knows who was there."""
    from drills.cli.history_report import report_of_archive, report_of_database, write_report
    from drills.cli.inputs import read_settings

    if archive.files:
        page = report_of_archive(archive, file)
    else:
        page = report_of_database(read_settings(database=database), file, filters)
    write_report(page, file, force=force)


def _nothing(archive: "Archive") -> str:
    if not archive.left_out:
        return "there are no drills there, or none that were asked for; `drillroom run` plays one"
    first, more = archive.left_out[0], len(archive.left_out) - 1
    rest = f"; and {more} more, which --json lists" if more else ""
    return f"no drill is left to show: {first.file} was left out: {first.why}{rest}"


def _write(archive: "Archive", out: Path, *, parquet: bool, force: bool) -> None:
    from drills.cli.files import write_new_file
    from reports.history_export import ParquetError, csv_files, parquet_files

    drills = archive.history.drills
    try:
        files = csv_files(drills) | (parquet_files(drills) if parquet else {})
    except ParquetError as error:
        raise Impossible(str(error)) from None
    for name in files:
        if not force and (out / name).exists():
            raise Impossible(f"{out / name} already exists and was left as it is; choose another folder or add --force")
    for name, content in files.items():
        write_new_file(out / name, content, force=force, folders=True)
