"""The ids of the roles that a file can name, as far as they can be read: the file itself may be wrong."""

from collections.abc import Iterator, Mapping

from scenarios.inject import FACILITATOR, GROUPS
from scenarios.lookup import named, names
from scenarios.problem import LoadError
from scenarios.source import Plain, Source

__all__ = ["role_ids"]

_DEEPEST = 5
"""So many protocols that are like one another are followed."""
_STANDARD = "officeluv"
"""The protocol of a scenario that names none."""


def role_ids(source: Source) -> list[str]:
    """The roles of the file's protocol, and whom else an inject can reach.

    A file that goes with any protocol, such as a team, can name the roles of all that there are, its workspace's first.
    """
    data = source.data
    if "scenario" in data:
        found = _of_reference(data.get("protocol", _STANDARD), source)
    elif "protocol" in data or "like" in data:
        found = _of_protocol(data, source)
    else:
        found = (role for name in names("protocol", source.path) for role in _of_reference(name, source))
    return list(dict.fromkeys([*found, *GROUPS, FACILITATOR]))


def _of_reference(reference: Plain, source: Source, depth: int = 0) -> Iterator[str]:
    """The roles of a protocol that is named, or written where it would be named."""
    if isinstance(reference, dict):
        yield from _of_protocol(reference, source, depth)
    elif isinstance(reference, str) and depth < _DEEPEST:
        try:
            other = named("protocol", reference, source.path)
        except LoadError:
            return  # another check says that there is none
        yield from _of_protocol(other.data, other, depth + 1)


def _of_protocol(data: Mapping[str, Plain], source: Source, depth: int = 0) -> Iterator[str]:
    roles = data.get("roles")
    for role in roles if isinstance(roles, list) else ():
        name = role.get("id") if isinstance(role, dict) else None
        if isinstance(name, str):
            yield name
    dropped = data.get("drop")
    gone = dropped if isinstance(dropped, list) else [dropped]
    if "like" in data:
        yield from (role for role in _of_reference(data["like"], source, depth) if role not in gone)
