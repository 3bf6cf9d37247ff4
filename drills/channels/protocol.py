"""What every channel is: something that takes one message to one target and says what became of it.

The outbox, which keeps messages and decides when each is tried, asks nothing else of a channel. What became of a try is
one of four things, because "failed" alone would hide the case that matters: a message that may or may not have left is
`unknown`, and an unknown one is never resent automatically.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

__all__ = ["Channel", "Message", "Outcome", "Sent"]

Outcome = Literal["sent", "pending", "failed", "unknown"]
"""It was taken; nothing has left and it may be tried again; it will never be taken; nobody can say."""


@dataclass(frozen=True)
class Message:
    """One message to one target."""

    id: str
    """Stays the same from try to try, so that a receiver can tell a second copy from a second message."""
    target: str
    """Where it goes, in the channel's own terms: an address, a number, a channel's id."""
    subject: str
    """One line; says that it is a drill."""
    body: str
    """Plain text; says that it is a drill."""


@dataclass(frozen=True)
class Sent:
    """What became of one try."""

    outcome: Outcome
    proof: str = ""
    """What the receiver gave back, such as a queue's id; empty where it gave nothing."""
    why: str = ""
    """In one sentence, if it was not `sent`."""


class Channel(Protocol):
    """A way to send messages."""

    name: str
    """What settings and pages call it."""
    dedupes: bool
    """Whether its receivers drop a second copy, so that a message may be sent again when the outcome is unknown."""

    async def send(self, message: Message) -> Sent:
        """Try once, within a time of the channel's own, and never raise."""
        ...
