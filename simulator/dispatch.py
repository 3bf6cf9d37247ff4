"""Functions that are found by the kind of what they take: each says it once, in its signature."""

import inspect
from collections.abc import Callable
from typing import get_args

__all__ = ["kinds_taken"]


def kinds_taken(function: Callable[..., object]) -> tuple[type, ...]:
    """The kinds that a function's second parameter may be of, as it is annotated: a class, or a union of classes."""
    _, second, *_ = inspect.signature(function).parameters.values()
    return get_args(second.annotation) or (second.annotation,)
