"""What models say of a place in a file: which keys it can have, what they mean, whether it takes free text."""

from collections.abc import Iterator, Sequence
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel

from scenarios.base import harmless
from scenarios.descriptions import descriptions
from scenarios.source import Path

__all__ = ["keys_at", "meaning_of", "takes_text"]


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys allowed at a path, as authors write them."""
    return [field.alias or name for found in _models(model, path) for name, field in found.model_fields.items()]


def meaning_of(model: type[BaseModel], path: Path, key: str) -> str:
    """The first sentence of what a key means."""
    for found in _models(model, path):
        for name, meaning in descriptions(found).items():
            if key == (found.model_fields[name].alias or name):
                return " ".join(meaning.split()).split(". ")[0].rstrip(".").replace("; ", ", ")
    return ""


def takes_text(model: type[BaseModel], path: Path) -> bool:
    """Whether what is at a path is free text: a line or prose, alone or in a list."""
    for end in range(len(path), 0, -1):
        fields = [
            field
            for found in _models(model, path[: end - 1])
            for name, field in found.model_fields.items()
            if path[end - 1] == (field.alias or name)
        ]
        if fields:
            return any(_free(field.annotation, field.metadata) for field in fields)
    return False


def _free(kind: object, constraints: Sequence[object] = ()) -> bool:
    """Whether a type is that of free text, or of a list or mapping of it."""
    if (kind is str and not constraints) or any(
        isinstance(one, AfterValidator) and one.func is harmless for one in constraints
    ):
        return True
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _free(inner[0], inner[1:])
    return origin in (Union, UnionType, list, dict) and any(map(_free, inner))


def _models(model: type[BaseModel], path: Path) -> list[type[BaseModel]]:
    """The models that describe what is at a path."""
    kinds: list[object] = [model]
    for part in path:
        kinds = [inner for kind in kinds for inner in _below(kind, part)]
    kinds += [inner for kind in kinds if get_origin(kind) is list for inner in _single(get_args(kind)[0])]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _below(kind: object, part: str | int) -> Iterator[object]:
    """The types that a key or list place can have within a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part == (field.alias or name):
                yield from _single(field.annotation)
    elif get_origin(kind) is list:
        items = _single(get_args(kind)[0])
        # A single thing may stand for a list of it.
        yield from items if isinstance(part, int) else (inner for item in items for inner in _below(item, part))
    elif get_origin(kind) is dict:
        yield from _single(get_args(kind)[1])


def _single(annotation: object) -> Iterator[object]:
    """The members of a union, without annotations."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _single(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for member in get_args(annotation):
            yield from _single(member)
    else:
        yield annotation
