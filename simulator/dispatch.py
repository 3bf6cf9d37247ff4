"""Functions that are looked up by the type of their argument, which each states once, in its signature."""

import inspect
from collections.abc import Callable
from typing import get_args

__all__ = ["kinds_taken"]


def kinds_taken(function: Callable[..., object]) -> tuple[type, ...]:
    """The types in the annotation of a function's second parameter: a class, or a union of classes."""
    _, second, *_ = inspect.signature(function).parameters.values()
    return get_args(second.annotation) or (second.annotation,)
