"""An understanding in words: how a sheet was read, for the terminal, the page and the draft's comments."""

from collections.abc import Iterable, Sequence

from scenarios.base import format_duration
from scenarios.problem import quoted
from scenarios.sheets.casts import STANDARD
from scenarios.sheets.columns import Field
from scenarios.sheets.times import MEANT, Reading
from scenarios.sheets.understanding import Line, Understanding

__all__ = ["ENTRIES", "entry", "meant_as", "read_as"]

_CALLED: dict[Field, str] = {
    "time": "time", "date": "date", "sender": "from", "to": "to", "via": "via", "text": "text", "expected": "expects",
    "within": "within", "latest": "at the latest", "controller": "controller", "number": "number",
}  # fmt: skip
_MOST_NAMED = 12
_KINDS = {"time": "when it comes", "to": "who it goes to", "via": "how it comes", "expected": "what is expected"}


def read_as(understood: Understanding) -> list[str]:
    """How the sheet was read, a line for each thing: form, columns, times, what is not used, what is not known."""
    headings = understood.headings
    columns = [f"{_CALLED[field]} = {quoted(headings.title(field))}" for field in headings.places]
    lines = [
        f"read as: {understood.grid.form}; headings in row {headings.row.line}",
        f"columns: {', '.join(columns)}",
    ]
    if headings.unused and not understood.own:
        lines.append(f"columns not used: {_some([quoted(heading) for heading in headings.unused])}")
    lines.append(f"times: {understood.times.meant}")
    if understood.roles.protocol != STANDARD:
        lines.append(f"roles: those of the protocol {understood.roles.protocol}")
    lines += [f"note: {note}" for note in understood.notes]
    if understood.passed:
        rows = [f"{line} ({why})" for line, why in understood.passed]
        lines.append(f"rows that are no injects: {_some(rows)}")
    for kind, called in _KINDS.items():
        said = [quoted(one.said) for one in understood.unknown if one.kind == kind]
        if said:
            lines.append(f"not known, {called}: {_some(said)}")
    return lines


def meant_as(reading: Reading) -> str:
    """A way in which times with colons may be meant, in words."""
    return MEANT[reading]


def _some(said: Sequence[str]) -> str:
    return ", ".join(said[:_MOST_NAMED]) + (f" and {len(said) - _MOST_NAMED} more" if len(said) > _MOST_NAMED else "")


ENTRIES = ("Row", "At", "From", "To", "Via", "Message", "Expects")
"""The columns of the table that shows an understanding."""


def entry(line: Line) -> tuple[str, ...]:
    """A line of the table: what is not sure has a question mark."""
    inject = line.inject
    to, asked = inject.get("to", "everyone"), inject.get("expects", [])
    at = str(inject.get("at", _later(inject)))
    if "skips" in inject:
        at += f" (story: {format_duration(line.story)})"
    sure = " ".join(line.missing)
    return (
        str(line.line),
        at + _doubt("when it comes", sure),
        str(inject.get("from", "")),
        ", ".join(_each(to)).replace("_", " ") + _doubt("who it goes to", sure),
        str(inject.get("via", "chat")).replace("_", " ") + _doubt("how it comes", sure),
        " ".join(str(inject.get("text", "")).split()),
        ", ".join(str(one.get("act", "")) for one in ([asked] if isinstance(asked, dict) else asked)).replace("_", " ")
        + _doubt("what it expects", sure),
    )


def _each(value: object) -> Iterable[str]:
    return map(str, value) if isinstance(value, list) else [str(value)]


def _doubt(what: str, missing: str) -> str:
    return "?" if what in missing else ""


def _later(inject: object) -> str:
    return "when something happens" if isinstance(inject, dict) and "when" in inject else "later"
