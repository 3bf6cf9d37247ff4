"""That somebody read a drill's record and stands by it: `sign-off.json` beside a log; `signatures` has the database."""

from pathlib import Path
from typing import Literal

import msgspec

from drills.records.log_file import log_file
from reports.evidence.signature import Signature
from scenarios.problem import LoadError, Problem

__all__ = ["SIGNED", "sign_off_beside", "sign_off_json", "signed_through"]

SIGNED = "sign-off.json"


class _SignOff(msgspec.Struct):
    format: Literal[1]
    signature: Signature


def sign_off_json(signature: Signature) -> bytes:
    """The file's content."""
    return msgspec.json.format(msgspec.json.encode(_SignOff(1, signature)), indent=2) + b"\n"


def sign_off_beside(path: Path) -> Signature | None:
    """Who signed a log, from the file beside it; None if nobody did. Raises LoadError if it is broken."""
    file = log_file(path).with_name(SIGNED)
    if not file.is_file():
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=_SignOff).signature
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        why = f"the sign-off cannot be read: {error}"
        raise LoadError([Problem(str(file), 0, 0, why, "restore it, or remove it and sign again")]) from None


def signed_through(data: bytes, head: str) -> int | None:
    """How many events of a log came after the line with that hash; None if it has no such line."""
    lines = data.rstrip(b"\n").split(b"\n")
    end = f'"{head}"}}'.encode()
    return next((after for after, line in enumerate(reversed(lines)) if line.endswith(end)), None)
