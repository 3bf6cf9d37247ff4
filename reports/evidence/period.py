"""The evidence of a period: every drill that was found is accounted for, and the files that say so."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from reports.evidence.chain import ALL, CHAIN, FIRST, Entry, written
from reports.evidence.record import Record
from reports.spreadsheet import csv_of
from scoring.labels import counted

__all__ = ["Accounted", "Evidence", "Kept", "evidence_files", "says"]

NEVER = "never begun"
UNREAD = "left out"


class Accounted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A drill that was found, and what became of it."""

    drill: str
    """Its id, or the file if it could not be read."""
    state: str
    """`held`, `cut short`, `not finished`, `never begun`, or `left out`."""
    date: str = ""
    title: str = ""
    why: str = ""


class Kept(msgspec.Struct, frozen=True):
    """A drill whose log is part of the evidence."""

    record: Record
    log: bytes
    """The sealed lines, with digests in the place of what people typed."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of a period."""

    since: str
    """The first day, in each team's own zone."""
    until: str
    """The last day."""
    made: str
    """When it was put together, as a UTC instant."""
    by: str
    """The version of the program that did."""
    kept: list[Kept]
    """In the order in which they began."""
    others: list[Accounted]
    """Those without a log in it: never begun, or left out, and why."""
    notes: list[str] = []
    """What a reader should know of clocks, names and the like."""
    changed: list[str] = []
    """What is another than in the evidence before, and stands beside it."""
    after: str = FIRST
    """The last seal of the evidence of the period before."""

    @property
    def accounted(self) -> list[Accounted]:
        """All that was found."""
        found = [
            Accounted(one.record.drill, one.record.state, one.record.start[:10], one.record.title) for one in self.kept
        ]
        return [*found, *self.others]


class _Whole(msgspec.Struct, frozen=True):
    """What evidence.json holds besides the records."""

    format: int
    since: str
    until: str
    made: str
    by: str
    after: str
    accounted: list[Accounted]
    notes: list[str]
    changed: list[str]


def says(evidence: Evidence) -> str:
    """How many drills were found and what became of them, in a sentence."""
    found = Counter(one.state for one in evidence.accounted)
    number = sum(found.values())
    states = ", ".join(f"{count} {state}" for state, count in found.items())
    return f"{counted(number, 'drill', 'drills')} found, {number} of {number} accounted for: {states}."


def evidence_files(evidence: Evidence) -> dict[str, bytes]:
    """The folder's files by their paths, without the pages."""
    entries = [
        Entry(f"{place:03}-{one.record.drill}", one.record.head, _json(one.record))
        for place, one in enumerate(evidence.kept, 1)
    ]
    whole = _json(
        _Whole(
            format=1,
            since=evidence.since,
            until=evidence.until,
            made=evidence.made,
            by=evidence.by,
            after=evidence.after,
            accounted=evidence.accounted,
            notes=evidence.notes,
            changed=evidence.changed,
        )
    )
    files = {ALL: whole, CHAIN: written(entries, whole, evidence.after)}
    for entry, one in zip(entries, evidence.kept, strict=True):
        files |= {entry.log_file: one.log, entry.record_file: entry.record}
    return files | _tables([one.record for one in evidence.kept])


def _json(value: msgspec.Struct) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _tables(records: Sequence[Record]) -> dict[str, bytes]:
    attendance = [
        [one.drill, who.name, who.seat, who.identified, who.came, who.left, str(who.minutes), "; ".join(who.roles)]
        for one in records
        for who in one.attendance
    ]
    decisions = [[one.drill, made.after, made.at, made.says] for one in records for made in one.decisions]
    findings = [
        [one.drill, found.text, found.owner, found.due_on, found.state, found.retest]
        for one in records
        for found in one.findings
    ]
    heads = {
        "attendance.csv": ["drill", "name", "seat", "identified", "came", "left", "minutes", "roles"],
        "decisions.csv": ["drill", "after", "at", "says"],
        "findings.csv": ["drill", "finding", "owner", "due_on", "state", "retest"],
    }
    rows = {"attendance.csv": attendance, "decisions.csv": decisions, "findings.csv": findings}
    return {name: csv_of([head, *rows[name]]) for name, head in heads.items()}
