"""How much is tested: a sample every day, all of it in CI, and more in `make prove`."""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

__all__ = ["FULL", "LONG", "PROVE", "examples", "sampled"]

FULL = os.environ.get("FULL_TESTS") == "1"
"""As `.ci/run` sets it: all that needs more than Python runs, and so does all that takes long."""
PROVE = os.environ.get("PROVE_TESTS") == "1"
LONG = pytest.mark.skipif(not FULL, reason="takes long; FULL_TESTS=1 runs it, as .ci/run does")
Case = TypeVar("Case")


def sampled(cases: Sequence[Case], every: int) -> list[Case]:
    """All cases in CI; each day one in so many, always the same."""
    return list(cases if FULL else cases[::every])


def examples(many: int) -> int:
    """How many examples Hypothesis tries of so many in CI: each day one in five, and at least ten."""
    return many if FULL else min(many, max(10, many // 5))
