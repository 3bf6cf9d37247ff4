"""What an act is worth, depending on when it came."""

from math import log

__all__ = ["LATE", "timeliness"]

LATE = 10.0
"""What an act is worth after its deadline but before the phase ended: late is always better than never."""


def timeliness(took: float, target: float, deadline: float) -> float:
    """100 up to the target, then less, down to 10 from the deadline on. One unit for all three; 0 < target < deadline.

    It falls with the logarithm of the time, because in an incident the first minute lost costs more than the tenth.
    """
    if took <= target:
        return 100.0
    if took >= deadline:
        return LATE
    return LATE + (100.0 - LATE) * log(deadline / took) / log(deadline / target)
