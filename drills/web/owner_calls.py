"""How an owner's command proves itself: it signs its request with the secret of the database.

A signature is for one start of one server, one method and one address, and is valid for a minute: if a stranger now
listens where a server was, it is no use to them. The server proves in turn that it has the secret too.
"""

import secrets
import time
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

__all__ = ["HEADER", "OwnerCalls"]

HEADER = "authorization"
_SCHEME = "Drillroom "
_LASTS = 60
"""Seconds by which two clocks may differ, including the time that a request takes."""


class OwnerCalls:
    """Signs the requests of commands, and checks the signatures."""

    def __init__(self, secret: str, run: str | None = None) -> None:
        self.run = run if run is not None else secrets.token_urlsafe(16)
        """The name of the server's start that it is signed for."""
        strong = {"digest_method": sha256}
        self._calls = URLSafeSerializer(secret, salt="owner's call", signer_kwargs=strong)
        self._proofs = URLSafeSerializer(secret, salt="server's proof", signer_kwargs=strong)

    def signed(self, method: str, target: str) -> str:
        """The header's value for a request to an address, including its query."""
        return _SCHEME + str(self._calls.dumps([self.run, method, target, int(time.time())]))

    def opens(self, header: str, method: str, target: str) -> bool:
        """Whether a header's value was signed for this request, recently."""
        try:
            run, *what, at = self._calls.loads(header.removeprefix(_SCHEME))
        except (BadSignature, ValueError, TypeError):
            return False
        return (run, what) == (self.run, [method, target]) and abs(time.time() - at) <= _LASTS

    def proof(self, nonce: str) -> str:
        """A server's proof that it has the secret, for the one who chose the nonce."""
        return str(self._proofs.dumps([self.run, nonce]))

    def proves(self, proof: object, nonce: str) -> bool:
        """Whether a proof is right."""
        try:
            return bool(self._proofs.loads(str(proof)) == [self.run, nonce])
        except BadSignature:
            return False
