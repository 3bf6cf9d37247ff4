"""A signature under a drill's record."""

import msgspec

__all__ = ["Signature"]


class Signature(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That somebody read a drill's record and stands by it."""

    by: str
    at: str
    """When, as a UTC instant."""
    head: str
    """The log's last hash when they signed."""
    own: bool = False
    """Whether they ran the drill themselves: then it is self-signed."""
