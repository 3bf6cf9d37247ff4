"""The cases as the table that docs/explanation/score.md prints."""

from pathlib import Path

from tests.scoring.court.case import Case
from tests.scoring.court.cases import CASES

__all__ = ["PAGE", "current", "put"]

PAGE = Path(__file__).parents[3] / "docs/explanation/score.md"
_BEGIN, _END = "<!-- court: begin -->\n", "<!-- court: end -->\n"


def _bounds(case: Case) -> str:
    """By how much the first stands above the second."""
    least, most = case.least, case.most
    if least is None or (most is not None and least == -most):
        return f"at most {most:g} apart" if most else "equal"
    if most is None:
        return f"at least {least:g}" if least else "never below"
    return f"{least:g} to {most:g}"


def table() -> str:
    """A row for each case."""
    rows = [f"| {case.first} | {case.second}{_ceiling(case)} | {_bounds(case)} | {case.why} |" for case in CASES]
    return "\n".join(["| One team | Another team | Above it by | Why |", "|---|---|---|---|", *rows]) + "\n"


def _ceiling(case: Case) -> str:
    return f" (at most {case.ceiling:g})" if case.ceiling < 100 else ""


def current() -> bool:
    """Whether the page has the table as it would be written now."""
    return put(PAGE.read_text(encoding="utf-8")) == PAGE.read_text(encoding="utf-8")


def put(page: str) -> str:
    """The page with the table in its place."""
    before, rest = page.split(_BEGIN)
    return f"{before}{_BEGIN}\n{table()}\n{_END}{rest.split(_END)[1]}"
