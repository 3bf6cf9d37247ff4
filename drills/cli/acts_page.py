"""docs/reference/acts-and-events.md, made from the acts and events themselves: `python -m drills.cli.acts_page`."""

import inspect
from collections.abc import Sequence

from drills.guidance.visibility import AUDIENCE
from simulator.acts import ACTS, kind_of
from simulator.kinds import EVENTS
from simulator.syntax import FORMS, parse

__all__ = ["page"]

_HEAD = """\
# Acts and events

What can be done in a drill, and what its log can hold. This page is generated from the program by `make docs`.

## Acts

Each act becomes exactly one event, or is refused with the reason. Scripts and the API name it by its `do`; in the room
and in scripts it can be typed.

| `do` | Typed | What it does |
| --- | --- | --- |
"""
_EVENTS = """
## Events

Who an event is for: *all* is everyone who watches; *channel* is everyone the incident has reached; *members* are the
ones it was sent to; *staff* run or rate the drill and see everything.

| `kind` | What happened | For |
| --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    typed = {type(parse(form.form, "ana")): form.form for form in FORMS}
    done = [(f"`{kind_of(kind)}`", f"`{typed[kind]}`" if kind in typed else "", _said(kind)) for kind in ACTS]
    kinds = [(f"`{kind.__name__}`", _said(kind), AUDIENCE.get(kind, "staff")) for kind in EVENTS]
    return _HEAD + _rows(done) + _EVENTS + _rows(kinds)


def _said(kind: type) -> str:
    return " ".join((inspect.getdoc(kind) or "").split())


def _rows(rows: Sequence[tuple[str, str, str]]) -> str:
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - this is what it is for
