"""What a changed schedule moves: slots that come, that go, and that are otherwise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from drills.planning.calendar.slots import Slot

__all__ = ["Change", "changes"]

What = Literal["comes", "goes", "moves", "changes"]


@dataclass(frozen=True)
class Change:
    """What happens to one slot."""

    what: What
    """Whether it comes, goes, moves to another time, or stays there with other people or another incident."""
    before: Slot | None
    """The slot as it was."""
    after: Slot | None
    """The slot as it will be."""

    @property
    def slot(self) -> Slot:
        """The slot, as it will be if it stays."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of them is there
        return found


def changes(before: Iterable[Slot], after: Iterable[Slot]) -> Iterator[Change]:
    """Everything that is otherwise, in the order of the days."""
    old, new = ({one.name: one for one in slots} for slots in (before, after))
    for name in sorted({*old, *new}, key=lambda one: ((new.get(one) or old[one]).day, one)):
        was, will = old.get(name), new.get(name)
        if was is None or _is_none(was):
            if will is not None and not _is_none(will):
                yield Change("comes", was, will)
        elif will is None or _is_none(will):
            yield Change("goes", was, will)
        elif (was.start, was.last, was.minutes) != (will.start, will.last, will.minutes):
            yield Change("moves", was, will)
        elif _people(was) != _people(will) or was.scenario != will.scenario:
            yield Change("changes", was, will)


def _is_none(slot: Slot) -> bool:
    return bool(slot.skipped)


def _people(slot: Slot) -> dict[str, str]:
    return {role: assigned.member for role, assigned in slot.leads.items()}
