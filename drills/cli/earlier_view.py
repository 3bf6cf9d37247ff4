"""A drill beside earlier ones, at the end of `run`: what was not always met, and what changed."""

from drills.cli.terminal import columns, show, styled
from reports.earlier import Earlier

__all__ = ["show_earlier"]

_LINES = 8


def show_earlier(earlier: Earlier) -> None:
    """Print it, what cost most this time first. What was met in all of these drills is left to the report."""
    said = " ".join(part for part in (earlier.changed, earlier.never_led, earlier.left_out) if part)
    show("", styled("Beside earlier drills", "bold"), styled(said))
    open_ones = sorted((row for row in earlier.rows if not row.always_met), key=lambda row: -row.cost)
    if open_ones:
        days = [*(day for day, _ in earlier.headings[:-1]), "this drill"]
        table = columns("", "Target", *days, "")
        for row in open_ones[:_LINES]:
            note = "" if row.comparable == "yes" else row.comparable
            table.add_row(*map(styled, (row.title, row.target, *(cell.says for cell in row.cells), note)))
        show(table)
    left = len(open_ones) - _LINES
    if left > 0:
        show(styled(f"and {left} more in the report", "dim"))
    for action in earlier.actions:
        show(styled(f"{action.text}: {action.says}"))
