"""The cases that do not hold yet, with what their drills are worth today."""

__all__ = ["FAILING"]

FAILING: dict[tuple[str, int], str] = {}
"""By the name of the case and the size of the team."""
