"""What this server holds in a database shared by several servers, and for how long it can be sure of that."""

import secrets
import time
from collections.abc import Iterable

from drills.records import leases
from drills.records.future import Promise
from drills.records.leases import Holder, Lease
from drills.records.writer import Job, Writer

__all__ = ["Holdings"]


class Holdings:
    """The leases of this server. It knows their names and tokens; only the database knows whether they still hold."""

    def __init__(self, writer: Writer, url: str, seconds: float) -> None:
        """`url`: where the other servers reach this one; `seconds`: for how long a lease holds."""
        self.me = Holder(secrets.token_hex(8), url)
        self.seconds = seconds
        self._writer = writer
        self._held: dict[str, Lease] = {}
        self._sure: dict[str, float] = {}
        """Until when nobody else can have it, by this machine's monotonic clock, counted from before the request."""

    def __contains__(self, name: str) -> bool:
        return name in self._held

    @property
    def names(self) -> list[str]:
        """What is held, as far as this server knows."""
        return list(self._held)

    def lease(self, name: str) -> Lease:
        """The token to show when writing; for what is not held, one that the database refuses."""
        return self._held.get(name) or Lease(name, self.me.id, "")

    def sure(self, name: str) -> bool:
        """Whether no other server can have it yet, even if this one was stopped for a while without noticing."""
        return self._sure.get(name, 0.0) > time.monotonic()

    async def take(self, names: Iterable[str]) -> list[str]:
        """Take what nobody holds; the names of what is newly held. Raises StoreError."""
        wanted = [name for name in names if name not in self._held]
        sure = time.monotonic() + self.seconds
        asked = Job(lambda connection: leases.take(connection, self.me.id, wanted, self.seconds))
        promise: Promise[list[Lease]] = self._writer.promise(asked)
        taken = await promise
        self.add(taken, sure)
        return [lease.name for lease in taken]

    def add(self, taken: Iterable[Lease], sure: float) -> None:
        """These were taken."""
        for lease in taken:
            self._held[lease.name], self._sure[lease.name] = lease, sure

    async def renew(self) -> list[str]:
        """Renew everything; the names of what another server may have by now. Raises StoreError."""
        held = list(self._held.values())
        sure = time.monotonic() + self.seconds
        asked = Job(lambda connection: leases.renew(connection, self.me, held, self.seconds))
        promise: Promise[set[str]] = self._writer.promise(asked)
        still = await promise
        lost = []
        for lease in held:
            if self._held.get(lease.name) != lease:
                continue  # it was given back meanwhile
            if lease.name in still:
                self._sure[lease.name] = sure
            else:
                lost.append(lease.name)
        return lost

    def succeed(self) -> Promise[None]:
        """Take what an earlier server at this address held and did not give back."""
        return self._writer.promise(Job(lambda connection: leases.succeed(connection, self.me)))

    def drop(self, name: str) -> None:
        """Another server may have it."""
        self._held.pop(name, None)
        self._sure.pop(name, None)

    def give_back(self, name: str) -> Promise[None]:
        """Let others have it, after everything written so far."""
        lease = self.lease(name)
        self.drop(name)
        return self._writer.promise(Job(lambda connection: leases.give_back(connection, [lease])))

    def leave(self) -> Promise[None]:
        """Let others have everything, after everything written so far."""
        self._held.clear()
        self._sure.clear()
        return self._writer.promise(Job(lambda connection: leases.leave(connection, self.me.id)))
