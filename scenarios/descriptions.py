"""What the fields of authored models mean: the docstring below each, read from the source when somebody asks.

Pydantic can do this as it makes each class. But reading the source of seventy classes takes a tenth of a second, and
nearly no program that loads them ever asks.
"""

import ast
import inspect
from functools import cache
from textwrap import dedent
from typing import cast

from pydantic import BaseModel

__all__ = ["descriptions"]


@cache
def descriptions(model: type[BaseModel]) -> dict[str, str]:
    """What each field of a model means, by the field's name; those that say nothing are left out."""
    said: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, BaseModel) and kind is not BaseModel:
            said |= _below_fields(kind)
    said |= {name: field.description for name, field in model.model_fields.items() if field.description}
    return {name: said[name] for name in model.model_fields if name in said}


def _below_fields(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings in the body of one class, without those of its bases."""
    whole = cast("ast.ClassDef", ast.parse(dedent(inspect.getsource(model))).body[0])
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in zip(whole.body, whole.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
