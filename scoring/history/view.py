"""The drills that a team's page shows together: of many, those that may share a figure, and why the others may not."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from scoring.history.figures import DrillFigures, Figures
from scoring.history.inheritance import inherited
from scoring.history.selection import Keys, keys_of

__all__ = ["MOST", "Asked", "View", "view_of"]

MOST = 40
"""So many drills are shown, the last: more cannot be told apart on a page, and a team is not what it was long ago."""


class Asked(NamedTuple):
    """Which drills are wanted together; nothing means those of the newest drill."""

    group: int | None = None
    kind: str | None = None
    mode: str | None = None
    protocol: str | None = None
    players: str | None = None

    def take(self, keys: Keys) -> bool:
        """Whether drills with these keys are among them."""
        return all(
            mine in (None, theirs)
            for mine, theirs in (
                (self.group, keys.group),
                (self.kind, keys.kind),
                (self.mode, keys.mode),
                (self.protocol, keys.protocol),
                (self.players, keys.players),
            )
        )


class View(NamedTuple):
    """What stands on the page."""

    keys: Keys | None
    """What all of its drills have in common; None if there is no drill."""
    drills: list[Figures]
    """At most MOST, oldest first."""
    whole: int
    """How many there are, with those before the last MOST."""
    left_out: dict[str, int]
    """How many with the same keys are not shown, by the reason."""
    others: dict[Keys, int]
    """How many drills there are with other keys, which are never put together with these."""
    inherited: Sequence[Figures] = ()
    """Drills of another team that most of this one played before it was one: shown beside, and counted nowhere."""


def view_of(
    drills: Sequence[Figures],
    asked: Asked = Asked(),  # noqa: B008 - it cannot change
    every: Sequence[Figures] | None = None,
) -> View:
    """The drills that may share a figure: of those that are asked for, the ones like the newest.

    `every` are all drills that the reader may see, if `drills` are only some of them.
    """
    apart: defaultdict[Keys, list[Figures]] = defaultdict(list)
    for one in drills:
        apart[keys_of(one.drill)].append(one)
    fitting = [keys for keys in apart if asked.take(keys)]
    if not fitting:
        return View(None, [], 0, {}, {keys: len(mine) for keys, mine in apart.items()})
    keys = max(fitting, key=lambda one: apart[one][-1].drill.start)
    reasons = [(one, _why_not(one.drill)) for one in apart[keys]]
    sound = [one for one, why in reasons if not why]
    others = {other: len(mine) for other, mine in apart.items() if other != keys}
    left_out = dict(Counter(why for _, why in reasons if why))
    brought = inherited(sound, drills if every is None else every)
    return View(keys, sound[-MOST:], len(sound), left_out, others, brought)


def _why_not(one: DrillFigures) -> str:
    """Why a drill is in no figure; empty if it may be."""
    if one.cut_short:
        return "cut short"
    if not one.complete:
        return "not played to its end"
    return "with its follow-up still open" if one.provisional else ""
