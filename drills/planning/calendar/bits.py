"""Sets of minutes as whole numbers: bit n is minute n. Hours, quiet times and quorums are a few operations on them."""

from collections.abc import Iterable, Iterator, Sequence

__all__ = ["at_least", "every", "filled", "listed", "starts"]


def filled(start: int, end: int, width: int) -> int:
    """The minutes from `start` up to `end`, as far as they lie within the first `width`."""
    start, end = max(0, start), min(width, end)
    return ((1 << (end - start)) - 1) << start if end > start else 0


def starts(free: int, minutes: int) -> int:
    """The minutes from which so many lie in `free` without a gap."""
    found, reach = free, 1
    while reach < minutes and found:
        step = min(reach, minutes - reach)
        found &= found >> step
        reach += step
    return found


def at_least(least: int, sets: Iterable[int]) -> int:
    """The minutes that lie in at least so many of the sets; with 0, every minute would, which is not asked for."""
    reached = [0] * least  # bit n of reached[k] says that minute n lies in more than k of the sets so far
    for one in sets:
        for k in range(least - 1, 0, -1):
            reached[k] |= reached[k - 1] & one
        reached[0] |= one
    return reached[-1]


def every(step: int, first: int, width: int) -> int:
    """The minutes `first`, `first + step` and so on within the first `width`."""
    found = 0
    for minute in range(first, width, step):
        found |= 1 << minute
    return found


def listed(minutes: int) -> Iterator[int]:
    """The minutes in a set, from the first on."""
    while minutes:
        lowest = minutes & -minutes
        yield lowest.bit_length() - 1
        minutes ^= lowest


def stretches(minutes: int) -> Sequence[tuple[int, int]]:
    """The minutes in a set as stretches, each with its first minute and the one behind its last."""
    found: list[tuple[int, int]] = []
    at = 0
    while minutes:
        gap = (minutes & -minutes).bit_length() - 1
        minutes >>= gap
        length = (~minutes & (minutes + 1)).bit_length() - 1
        found.append((at + gap, at + gap + length))
        minutes >>= length
        at += gap + length
    return found
