"""docs/reference/history.md, made from the rows themselves: `python -m drills.cli.history_page`."""

import inspect
import sys

from drills.cli.scorecard_page import fields_of
from reports.history_export import TABLES

__all__ = ["history_page"]

_HEAD = """\
# The history

What `drillroom history` and `drillroom.history()` know of earlier drills: a table of drills and one of their
obligations, joined by `head`. Both name nobody. This page is generated from the program by `make docs`.

<!-- begin: drillroom run login-outage --seed 7 -->

```sh
drillroom history drills-run --since 2026-01-01 --out history --parquet
```

Without a folder, `drillroom history` reads the database that is here, or `drills-run` if there is none; a server gives
the same at `GET /api/history`. A database has its closed drills: practice and rehearsals are nobody else's.

It looks into folders at any depth. A log that is torn, altered, of a newer version, or there twice is named on standard
error and left out, and so is a copy that holds only the beginning of a drill; `--json` has them under `left_out`.
Under `notes`, and on standard error, stands what is doubtful: teams of one name that have nobody in common, which
are told apart by `group`; clocks that were set back; two ids with one title, as a renamed scenario leaves them.

**Never put different ones of these into one figure:** `kind`, `mode`, `protocol`, `team` and `group`. Leave out what
was `cut_short` or is not `complete`, and mind what is `provisional`. On screen each combination has a table of its own.

In CSV, what is missing is empty, and several values in one cell are separated by spaces. In Parquet and pandas they
are lists. Columns whose names end in `_s` are seconds.

The figures of older logs are made by today's rules (`rules`), under the rubric that the drill was started with
(`rubric`). From 20 logs on they are kept beside the folders, in `.drillroom-history` of the first, and a server keeps
them in its database. Both make them anew where the log, the rules or what is kept has changed, and `drillroom history
--anew` does so at once. `drillroom score drills-run --rubric our-rubric.yaml` sets the totals under another rubric, or
those that older rules gave, beside today's.

`drillroom history --programme`, and `/programme` in the room for the owner's link, say what several teams did: drills
held, how many people joined and led at least once, what was never met and what is now, actions retested. One figure is
of all teams together: a permutation of each team's drills within the team (p says how often luck alone looks so).
"""


def history_page() -> str:
    """The page about the history, in Markdown."""
    parts = [_HEAD]
    for table, kind in TABLES.items():
        parts.append(f"## {table}\n\n{inspect.getdoc(kind)}\n")
        rows = (f"| `{field}` | {meaning} | `{kinds}` |" for field, meaning, kinds in fields_of(kind))
        parts.append("\n".join(["| Column | Meaning | Type |", "| --- | --- | --- |", *rows]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(history_page())
