"""Drills of a history that nobody played."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from scoring.history.figures import Crew, Figures, figures_of
from tests.scoring.build import plan_of, played

__all__ = ["drill", "with_outcomes"]


def drill(start: str = "2026-03-03T14:00", people: Sequence[str] = ("ana", "ben"), **fields: object) -> Figures:
    """A drill of a history, without playing it."""
    found = figures_of(played(plan_of("low")))
    begun = datetime.fromisoformat(f"{start}:00Z")
    fields = {"kind": "drill", "start": f"{start}:00.000Z", "date": start[:10], "head": f"{start}{people}", **fields}
    return replace(
        found,
        drill=replace(found.drill, drill=f"drill-{start}", **fields),
        crew=Crew(members=[*people, "bot"], persons=list(people), joined=list(people), may_lead=[*people], led=[]),
        responded=(begun + timedelta(minutes=30)).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    )


def with_outcomes(one: Figures, **changes: Mapping[str, object]) -> Figures:
    """The drill with other findings about some obligations."""
    return replace(one, obligations=[replace(row, **changes.get(row.obligation, {})) for row in one.obligations])
