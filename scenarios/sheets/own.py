"""Our own table of injects: what its cells say, and what has to stand beside them so that an inject comes back."""

import json
import re
from collections.abc import Mapping
from typing import Any

from scenarios.base import format_duration
from scenarios.sheets.expectations import ACTS
from scenarios.sheets.grid import Row
from scenarios.sheets.moments import Habit, moment_of
from scenarios.sheets.roles import THEMSELVES, plain, recipients, way

__all__ = ["ALSO", "BESIDE", "NOTE", "also_of", "inject_of", "is_own", "limits_of"]

ALSO, NOTE = "Also", "Note"
"""The column for what the others cannot hold, and what the number is of a row that is no inject."""
BESIDE = ("protocol", "begins", "teaches", "vary", "outsiders")
"""What of the scenario stands in that column of the report's row, for injects refer to it."""
_TELLING = {"number", "time", "inject", "message", "within", "at the latest"}
_SAVED_BY_A_SPREADSHEET = re.compile(r"(\d{1,3}):([0-5]\d)(?::00)?")


def is_own(row: Row) -> bool:
    """Whether these are the headings of our own table."""
    return {plain(cell) for cell in row.cells} >= _TELLING


def inject_of(cells: Mapping[str, str]) -> dict[str, Any]:
    """The inject that a row says, as its author would write it. Raises ValueError if its last column is no JSON."""
    said: dict[str, Any] = {"id": cells.get("Inject", "")}
    at = _at(cells.get("Time", ""))
    if at is not None:
        said["at"] = format_duration(at)
    to = recipients(cells.get("To", ""), {}, {}, THEMSELVES)
    if to.found and not to.unknown:
        said["to"] = to.found[0] if len(to.found) == 1 else list(to.found)
    via = way(cells.get("Method", ""), {})
    if via is not None:
        said["via"] = via
    said |= {key: cells[title] for key, title in _WORDS.items() if cells.get(title)}
    asked = _expected(cells)
    if asked:
        said["expects"] = asked
    for key, value in _also(cells.get(ALSO, "")).items():
        if value is None:
            said.pop(key, None)
        else:
            said[key] = value
    return said


_WORDS = {"from": "From", "text": "Message", "takes_out": "Who it takes out", "skips": "Skips"}


def _at(said: str) -> int | None:
    """A drill time: `3m30s`, or 3:30 and 03:30:00 as older tables and spreadsheets have it."""
    said = re.split(r", |; | \(", said, maxsplit=1)[0]
    saved = _SAVED_BY_A_SPREADSHEET.fullmatch(said)
    if saved:
        return (int(saved[1]) * 60 + int(saved[2])) * 1000
    moment = moment_of(said, "", Habit())
    return moment.offset if moment is not None and not moment.form and moment.day is None else None


def _expected(cells: Mapping[str, str]) -> dict[str, str]:
    act = plain(cells.get("Expected action", "")).replace(" ", "_")
    if act not in ACTS:
        return {}
    spans = {"target": cells.get("Within", ""), "deadline": cells.get("At the latest", "")}
    found = {key: at for key, said in spans.items() if (at := _at(said)) is not None}
    return {"act": act, **{key: format_duration(at) for key, at in found.items()}}


def limits_of(within: str, latest: str) -> tuple[str, str] | None:
    """Target and deadline as authors write them, where a table says both and in their order."""
    target, deadline = _at(within), _at(latest)
    if target is None or deadline is None or not 0 < target < deadline:
        return None
    return format_duration(target), format_duration(deadline)


def _also(said: str) -> dict[str, Any]:
    if not said:
        return {}
    try:
        data = json.loads(said)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ValueError(f"the column {ALSO} is not JSON, or not of the form {{key: value}}")  # noqa: TRY004 - as written
    return data


def also_of(cells: Mapping[str, str], inject: Mapping[str, Any]) -> str:
    """What has to stand in the last column, so that a row becomes this inject again; nothing if its cells suffice."""
    said = inject_of(cells)
    keys = [*inject, *(key for key in said if key not in inject)]
    lacking = {key: inject.get(key) for key in keys if said.get(key) != inject.get(key)}
    return json.dumps(lacking) if lacking else ""
