"""What outside saw a log: a commit that was pushed, or a time stamp by RFC 3161 beside it. Less is no witness."""

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING

from reports.evidence.record import Witness

if TYPE_CHECKING:  # an extra
    from cryptography.x509 import Certificate

__all__ = ["STAMP", "WitnessError", "certificates", "seen_from_outside"]

STAMP = ".tsr"
"""A time stamp's file is called like the stamped file, and this."""
_PATIENCE = 20.0


class WitnessError(Exception):
    """A time stamp, or the certificate to check it by, is of no use; the message says why."""


def seen_from_outside(file: Path, data: bytes, trusted: "Sequence[Certificate]" = ()) -> Witness | None:
    """Who outside saw the file as it is; None if nobody did. `trusted` are certificates of time stamping authorities.

    Raises WitnessError for a time stamp that is not of this file.
    """
    return _stamped(file, data, trusted) or _pushed(file, data)


# -- a commit ----------------------------------------------------------------------------------------------------------


def _pushed(file: Path, data: bytes) -> Witness | None:
    """The commit that has the file as it is, if a remote has the commit. What is only here witnesses nothing."""
    blob = sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()
    found = _git(file.parent, "log", "--format=%H %cI", f"--find-object={blob}", "--diff-filter=AMR", "--", file.name)
    for line in reversed(found.splitlines()):  # the first that had it
        commit, _, at = line.partition(" ")
        remotes = _git(file.parent, "branch", "--remotes", "--format=%(refname:short)", "--contains", commit)
        if remotes:
            return Witness(way="git", says=f"commit {commit[:12]} of {at}, pushed to {remotes.splitlines()[0]}")
    return None


def _git(folder: Path, *words: str) -> str:
    """What git says; nothing if it is not here, or this is no repository. Nothing that the repository names is run."""
    quiet = ("-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "core.hooksPath=/dev/null")
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(  # noqa: S603 - words of our own, and a file's name after --
            ["git", *quiet, "-C", str(folder), *words],  # noqa: S607 - git from the path, as the user has it
            capture_output=True,
            timeout=_PATIENCE,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
            check=False,
        )
        return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""
    return ""


# -- a time stamp ------------------------------------------------------------------------------------------------------


def certificates(file: Path) -> "list[Certificate]":
    """Certificates of time stamping authorities, from a file in PEM form. Raises WitnessError."""
    try:
        from cryptography import x509
    except ImportError:
        raise WitnessError(_NEEDS) from None
    try:
        return list(x509.load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError) as error:
        why = "it is not a certificate in PEM form" if isinstance(error, ValueError) else (error.strerror or "").lower()
        raise WitnessError(f"{file} cannot be read: {why}") from None


_NEEDS = "time stamps need rfc3161-client; install it with: pip install 'drillroom[evidence]'"


def _stamped(file: Path, data: bytes, trusted: "Sequence[Certificate]") -> Witness | None:
    stamp = file.with_name(file.name + STAMP)
    if not trusted or not stamp.is_file():
        return None
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        answer = decode_timestamp_response(stamp.read_bytes())
    except ValueError:
        raise WitnessError(f"{stamp} is not the answer of a time stamping authority") from None
    why = ""
    for root in trusted:
        try:
            VerifierBuilder().add_root_certificate(root).build().verify_message(answer, data)
        except VerificationError as error:
            why = str(error)
            continue
        info = answer.tst_info
        return Witness(way="RFC 3161", says=f"stamped {info.gen_time.isoformat()}, number {info.serial_number}")
    raise WitnessError(f"{stamp} does not stamp {file.name} as it is: {why[:1].lower()}{why[1:]}")
