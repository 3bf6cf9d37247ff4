"""How a drill is written down: a header with the plan, then an event a line, each sealed by a hash over all before.

What people typed is not in the lines. A line holds a salted digest of it, and the text is kept beside the log, so that
it can be erased and every seal still holds.
"""

from collections.abc import Callable
from hashlib import blake2b, sha256
from typing import NamedTuple

import msgspec
from msgspec import structs

from simulator import events as ev
from simulator.events import Event
from simulator.fields import typed_in
from simulator.plan import DrillPlan

__all__ = ["FORMAT", "VERSION", "Salt", "SealedLine", "SealedText", "Sealer", "digest_of", "repeating", "sealed_fields"]

FORMAT = "drillroom-log"
VERSION = 2
SEAL = b',"hash":"'
SALT_BYTES = 16
DIGEST = "sha256:"
_ENCODE = msgspec.json.Encoder().encode

Salt = Callable[[int, str], bytes]
"""Gives the salt of a text, 16 bytes, by the place of its event and the name of its field."""


class SealedText(NamedTuple):
    """What somebody typed, as kept beside a log."""

    seq: int
    """The place of its event."""
    field: str
    """The event's field."""
    salt: bytes
    """Random bytes, without which a short text could be guessed from its digest."""
    text: str

    @property
    def digest(self) -> str:
        """What replaces the text in the log."""
        return digest_of(self.salt, self.text)


class SealedLine(NamedTuple):
    """A line of a log."""

    data: bytes
    """The line with its line feed."""
    head: str
    """Its hash, 64 hexadecimal digits."""
    texts: tuple[SealedText, ...] = ()
    """The texts whose digests it holds."""


class Sealer:
    """Seals line after line. It can begin after any line, given that line's hash as the head."""

    def __init__(self, salt: Salt, head: str = "") -> None:
        self._salt = salt
        self.head = head
        """The hash of the last line; empty before the header."""

    def header(self, plan: DrillPlan) -> SealedLine:
        """The first line."""
        return self._line(f'{{"format":"{FORMAT}","version":{VERSION},"plan":{plan.to_json()}'.encode(), ())

    def event(self, event: Event) -> SealedLine:
        """The next line. Each event is sealed once: sealing again would use other salts, and so give another hash."""
        fields = sealed_fields(event)
        if not fields:
            return self._line(_ENCODE(event)[:-1], ())
        texts: tuple[SealedText, ...] = ()
        digests: dict[str, str] = {}
        for name, text in fields:
            salt = self._salt(event.seq, name)
            texts += (SealedText(event.seq, name, salt, text),)
            digests[name] = digest_of(salt, text)
        return self._line(_ENCODE(structs.replace(event, **digests))[:-1], texts)

    def again(self, sealed: Event) -> SealedLine:
        """The next line, for an event that already holds digests instead of its texts."""
        return self._line(_ENCODE(sealed)[:-1], ())

    def _line(self, body: bytes, texts: tuple[SealedText, ...]) -> SealedLine:
        self.head = head = seal_of(body, self.head)
        return SealedLine(b'%b%b%b"}\n' % (body, SEAL, head.encode()), head, texts)


def seal_of(body: bytes, previous: str) -> str:
    """The seal of a line, given without its closing brace, after the line with that seal."""
    return sha256(previous.encode() + body).hexdigest()


def digest_of(salt: bytes, text: str) -> str:
    """What replaces a text in a log."""
    return DIGEST + sha256(salt + text.encode()).hexdigest()


def sealed_fields(event: Event) -> list[tuple[str, str]]:
    """The names of an event's sealed fields, with their content: everything that the actor typed.

    What the scenario says stays in the line, and so does an empty text, so that everybody sees that it was left out.
    """
    typed = typed_in(type(event))
    if not typed or event.actor is None or (isinstance(event, ev.InjectDelivered) and event.inject is not None):
        return []
    return [(name, text) for name in typed if (text := getattr(event, name)) and not text.isspace()]


def repeating(seed: int) -> Salt:
    """Salts that are the same for the same seed, for drills that must be the same to the byte. They hide nothing."""
    return lambda seq, field: blake2b(f"{seed}\x1fsalt\x1f{field}\x1f{seq}".encode(), digest_size=SALT_BYTES).digest()
