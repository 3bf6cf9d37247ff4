"""`schedule`: what comes, for whom it is whose turn and why, and what a change of the file would move."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.help import Command, CommandGroup, OneOf
from drills.cli.outcome import FELL_SHORT, Impossible, suggestion

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from drills.planning.calendar.feed import Reader
    from drills.planning.calendar.slots import Slot
    from drills.planning.calendar.workspace import Planned

_FROM = click.option("--from", "first", metavar="DAY", help="The first day, such as 2027-01-01.  [default: today]")
_TO = click.option("--to", "last", metavar="DAY", help="The last day.  [default: 90 days after the first]")
_NAME = click.option("--schedule", "name", metavar="NAME", help="This one of several schedules.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
_AHEAD, _YEAR = timedelta(90), timedelta(365)


@click.group(
    "schedule",
    cls=CommandGroup,
    examples=[
        "drillroom schedule next",
        "drillroom schedule list --from 2027-01-01 --to 2027-03-31",
        "drillroom schedule check",
        "drillroom schedule why tuesday/2027-01-05",
        "drillroom schedule diff changed.yaml",
    ],
)
def schedule_command() -> None:
    """Show what a team's calendar comes to.

    It is read from schedule.yaml in the workspace, or from the files in its folder schedules. Of surprises you see the
    windows: their times are drawn with a secret, which the files do not hold. Turns and incidents are those that
    follow from the files alone.
    """


@schedule_command.command(
    "list", cls=Command, examples=["drillroom schedule list", "drillroom schedule list --from 2027-01-01 --json"]
)
@_FROM
@_TO
@_NAME
@_JSON
def list_command(first: str | None, last: str | None, name: str | None, as_json: bool) -> None:
    """List the drills that come."""
    from drills.cli.schedule_view import show_slots, slot_record
    from drills.cli.terminal import say

    begin, end = _range(first, last, _AHEAD)
    planned = _schedules(name)
    slots = _slots(planned, begin, end, name)
    if as_json:
        _print_json({"slots": [slot_record(one, _of(planned, one).presence) for one in slots]})
    elif not slots:
        say(f"No drill comes from {begin} to {end}.")
    else:
        show_slots(slots, planned)


@schedule_command.command("next", cls=Command, examples=["drillroom schedule next", "drillroom schedule next --json"])
@_NAME
@_JSON
def next_command(name: str | None, as_json: bool) -> None:
    """Show the next drill, whose turn it is, and why."""
    from drills.cli.schedule_view import show_slot, slot_record
    from drills.cli.terminal import say

    today = _today()
    planned = _schedules(name)
    now = int(datetime.now(UTC).timestamp()) // 60
    found = [one for one in _slots(planned, today - _AHEAD, today + _YEAR, name) if not one.skipped]
    coming = [one for one in found if (one.start is None and one.last >= today) or (one.start or 0) >= now]
    coming.sort(key=lambda one: one.start or _midnight(planned, one))
    if as_json:
        _print_json({"next": slot_record(coming[0], _of(planned, coming[0]).presence) if coming else None})
    elif not coming:
        say("No drill comes within a year.")
    else:
        show_slot(coming[0], _of(planned, coming[0]).presence)


@schedule_command.command("check", cls=Command, examples=["drillroom schedule check --to 2027-12-31"])
@_FROM
@_TO
@_NAME
@_JSON
def check_command(first: str | None, last: str | None, name: str | None, as_json: bool) -> None:
    """Say what is doubtful: drills that cannot be, people who never lead, days on which the clocks change.

    It looks a year ahead unless you say --to. It exits with 1 if an entry can never be.
    """
    from drills.cli.schedule_view import show_warnings
    from drills.cli.terminal import say
    from drills.planning.calendar.warnings import warnings

    begin, end = _range(first, last, _YEAR)
    planned = _schedules(name)
    slots = _slots(planned, begin, end, name)
    found = [
        (one, warned)
        for one in planned
        if name in (None, one.name)
        for warned in warnings(one.presence, [slot for slot in slots if slot.schedule == one.name], begin, end)
    ]
    bad = any(warned.gravity == "error" for _, warned in found)
    if as_json:
        _print_json(
            {
                "problems": [
                    {"schedule": one.name, "severity": warned.gravity, "where": warned.where, "message": warned.message}
                    for one, warned in found
                ]
            }
        )
    elif not found:
        say(f"Nothing is doubtful: {sum(not one.skipped for one in slots)} drills from {begin} to {end}.")
    else:
        show_warnings([warned for _, warned in found])
    if bad:
        click.get_current_context().exit(FELL_SHORT)


@schedule_command.command("why", cls=Command, examples=["drillroom schedule why tuesday/2027-01-05"])
@click.argument("slot")
@_JSON
def why_command(slot: str, as_json: bool) -> None:
    """Explain a SLOT: what ruled each day out, whose turn it is and why.

    SLOT is an entry and its day, as `schedule list` prints it; for a surprise, the first day of its window.
    """
    from drills.cli.schedule_view import reasons, show_reasons, slot_record

    planned = _schedules(None)
    day = _day(slot.rpartition("/")[2], "SLOT")
    slots = _slots(planned, day, day, None)
    found = next((one for one in slots if slot in (one.name, f"{one.entry.id}/{one.day}")), None)
    if found is None:
        there = ", ".join(f"{one.entry.id}/{one.day}" for one in slots)
        hint = f"on that day there is {there}" if there else "`drillroom schedule list` lists them"
        raise Impossible(f"there is no slot {slot}; {hint}")
    presence = _of(planned, found).presence
    why = reasons(found, presence)
    if as_json:
        _print_json({"slot": slot_record(found, presence), "reasons": why})
    else:
        show_reasons(found, presence, why)


@schedule_command.command("diff", cls=Command, examples=["drillroom schedule diff changed.yaml"])
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_FROM
@_TO
@_JSON
def diff_command(file: Path, first: str | None, last: str | None, as_json: bool) -> None:
    """Say what a changed FILE moves, of the schedule of that name in the workspace. It exits with 1 if it moves any."""
    from drills.cli.inputs import loading
    from drills.cli.schedule_view import show_changes, slot_record
    from drills.cli.terminal import say
    from drills.planning.calendar.changes import changes
    from drills.planning.calendar.workspace import open_schedule

    begin, end = _range(first, last, _YEAR)
    with loading():
        after = open_schedule(file)
    old = _schedules(None)
    if after.name not in [one.name for one in old]:
        close = suggestion(after.name, [one.name for one in old])
        raise Impossible(
            f"the workspace has no schedule {after.name!r} to compare with" + (f"; {close}" if close else "")
        )
    new = [after if one.name == after.name else one for one in old]
    found = list(changes(_slots(old, begin, end, None), _slots(new, begin, end, None)))
    if as_json:
        shown = [
            {
                "change": one.what,
                "before": slot_record(one.before, _of(old, one.before).presence) if one.before else None,
                "after": slot_record(one.after, _of(new, one.after).presence) if one.after else None,
            }
            for one in found
        ]
        _print_json({"changes": shown})
    elif not found:
        say(f"It moves nothing from {begin} to {end}.")
    else:
        show_changes(found, new)
    if found:
        click.get_current_context().exit(FELL_SHORT)


@schedule_command.command(
    "ics", cls=Command, examples=["drillroom schedule ics > drills.ics", "drillroom schedule ics --for facilitators"]
)
@click.option(
    "--for",
    "reader",
    type=OneOf(["players", "facilitators"]),
    default="players",
    show_default=True,
    help="Facilitators also see the windows of surprises.",
)
@_FROM
@_TO
@_NAME
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="A file, instead of standard output."
)
@click.option("--force", is_flag=True, help="Replace the file if it already exists.")
def ics_command(
    reader: "Reader", first: str | None, last: str | None, name: str | None, out: Path | None, force: bool
) -> None:
    """Write the calendar as a file that other calendars read (ICS), a year of it.

    It names neither an incident nor whose turn it is.
    """
    from drills.cli.terminal import say, say_bytes
    from drills.planning.calendar.feed import Feed, feed

    begin, end = _range(first, last, _YEAR)
    planned = _schedules(name)
    if name is None and len(planned) > 1:
        raise Impossible(f"name one with --schedule: {', '.join(one.name for one in planned)}")
    one = next(each for each in planned if name in (None, each.name))
    said = Feed(one.presence.team.title, one.presence.zone, datetime.now(UTC))
    made = feed(_slots(planned, begin, end, one.name), said, reader)
    if out is None:
        say_bytes(made)
        return
    from drills.cli.files import write_new_file

    write_new_file(out, made, force=force)
    say(f"Wrote {out}")


@schedule_command.command(
    "away",
    cls=Command,
    examples=["drillroom schedule away ana 2027-01-04", "drillroom schedule away ana 2027-01-04 2027-01-08"],
)
@click.argument("who")
@click.argument("first", metavar="DAY")
@click.argument("last", metavar="[DAY]", required=False)
def away_command(who: str, first: str, last: str | None) -> None:
    """Write into absences.yaml that WHO is away on a DAY, or from one to another. It asks for no reason.

    WHO is a member or a facilitator, by the id in the team's file.
    """
    from drills.cli.inputs import loading
    from drills.cli.terminal import say
    from drills.planning.calendar.absence_file import added, people_of

    begin, end = _day(first, "DAY"), _day(last or first, "DAY")
    if end < begin:
        raise Impossible(f"{end} comes before {begin}")
    with loading():
        known = people_of(_schedules(None))
        if who not in known:
            raise Impossible(
                f"there is nobody {who!r} in a scheduled team; {suggestion(who, known) or ', '.join(known)}"
            )
        file, text = added(who, begin, end)
    from drills.cli.files import write_new_file

    write_new_file(file, text, force=True)
    say(f"{who} is away " + (f"on {begin}" if begin == end else f"from {begin} to {end}") + f", says {file}.")


def _schedules(name: str | None) -> "list[Planned]":
    from drills.cli.inputs import loading
    from drills.planning.calendar.workspace import open_schedules
    from scenarios.workspace import workspace

    with loading():
        found = open_schedules()
    if not found:
        where = workspace()
        place = f"the workspace {where}" if where else "this folder"
        raise Impossible(f"there is no schedule.yaml in {place}; `drillroom new schedule NAME` writes one")
    if name is not None and name not in [one.name for one in found]:
        raise Impossible(f"there is no schedule {name!r}; there is {', '.join(one.name for one in found)}")
    return found


def _slots(planned: "list[Planned]", first: date, last: date, name: str | None) -> "list[Slot]":
    from drills.planning.calendar.workspace import all_slots

    found = [one for one in all_slots(planned, first, last, _today(), {}) if name in (None, one.schedule)]
    return sorted(found, key=lambda one: (one.start or _midnight(planned, one), one.name))


def _midnight(planned: "list[Planned]", slot: "Slot") -> int:
    from drills.planning.calendar.zones import midnight

    return midnight(slot.day, _of(planned, slot).presence.zone)


def _of(planned: "list[Planned]", slot: "Slot") -> "Planned":
    return next(one for one in planned if one.name == slot.schedule)


def _today() -> date:
    return datetime.now(UTC).date()


def _range(first: str | None, last: str | None, ahead: timedelta) -> tuple[date, date]:
    begin = _day(first, "--from") if first else _today()
    end = _day(last, "--to") if last else begin + ahead
    if end < begin:
        raise Impossible(f"--to {end} comes before --from {begin}")
    if end - begin > timedelta(3_660):
        raise Impossible("that is more than ten years; ask for less")
    return begin, end


def _day(text: str, option: str) -> date:
    from scenarios.civil import day

    try:
        return day(text)
    except ValueError as error:
        raise Impossible(f"{option}: {error}") from None


def _print_json(data: object) -> None:
    import json

    from drills.cli.terminal import say_bytes

    say_bytes((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
