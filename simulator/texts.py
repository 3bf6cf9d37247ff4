"""What is kept beside a log: the texts that people typed, by the event and the field that they belong to."""

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from simulator.seal import SealedText

__all__ = ["TextsError", "read_texts", "texts_json"]

_KEY = re.compile(r"(0|[1-9]\d{0,8})\.([a-z_]{1,40})", re.ASCII)
_SALT = re.compile(r"(?:[0-9a-f]{2}){1,64}")


class TextsError(Exception):
    """Texts cannot be read; the message says why in a few words."""


class _Text(msgspec.Struct):
    salt: str
    text: str


class _Texts(msgspec.Struct):
    format: Literal[1]
    texts: dict[str, _Text]


def texts_json(texts: Iterable[SealedText]) -> bytes:
    """`{"format": 1, "texts": {"17.text": {"salt": …, "text": …}}}`, in the order of their events."""
    known = {f"{one.seq}.{one.field}": _Text(one.salt.hex(), one.text) for one in texts}
    return msgspec.json.format(msgspec.json.encode(_Texts(1, known)), indent=1) + b"\n"


def read_texts(data: bytes) -> tuple[SealedText, ...]:
    """The texts of a file; raises TextsError."""
    try:
        found = msgspec.json.decode(data, type=_Texts)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TextsError(str(error)) from None
    return tuple(_read(key, value) for key, value in found.texts.items())


def _read(key: str, one: _Text) -> SealedText:
    place = _KEY.fullmatch(key)
    if place is None:
        raise TextsError(f"{key[:40]!r} is not the place of a text; it is like '17.text'")
    if not _SALT.fullmatch(one.salt):
        raise TextsError(f"the salt of {key} is not written in hexadecimal digits")
    return SealedText(int(place[1]), place[2], bytes.fromhex(one.salt), one.text)
