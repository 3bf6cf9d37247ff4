"""The kinds of fault: where each sits, how it shows, and which harms it can do. Their texts are in the stock."""

from typing import Literal, NamedTuple

__all__ = ["FAULTS", "OWN", "Kind", "Manner", "Share"]

Manner = Literal["errors", "slow", "missing", "wrong"]
"""How a harm shows: attempts fail, they hang, what should happen does not, or what is shown is not so."""
Share = Literal["most", "some"]
"""How many of the attempts fail."""

OWN = "own"
"""A fault in the failing service itself, and in nothing that others depend on."""


class Kind(NamedTuple):
    """A kind of fault."""

    name: str
    sits: str
    """The part in which it sits, or OWN."""
    manner: Manner
    harms: tuple[str, ...]
    """The harms that it can do. Their failing services are those that depend on where it sits."""
    share: Share = "most"
    spreads: bool = False
    """Whether everything else that depends on the same part suffers too."""


FAULTS: tuple[Kind, ...] = (
    # -- in the service itself
    Kind("release-crash", OWN, "errors", ("login", "checkout", "booking", "api", "board", "desk")),
    Kind("migration-trap", OWN, "errors", ("checkout", "booking", "api", "clocking")),
    Kind("two-versions", OWN, "errors", ("login", "checkout", "booking"), "some"),
    Kind("wrong-setting", OWN, "errors", ("checkout", "documents", "api", "board")),
    Kind("wrong-flag", OWN, "errors", ("checkout", "booking", "login"), "some"),
    Kind("memory-leak", OWN, "errors", ("booking", "api", "checkout"), "some"),
    Kind("pool-held", OWN, "slow", ("checkout", "login", "booking", "api", "desk")),
    Kind("retry-storm", OWN, "slow", ("api", "login", "clocking", "booking")),
    Kind("clock-skew", OWN, "errors", ("login", "api", "documents"), "some"),
    Kind("scraper", OWN, "slow", ("site", "search", "booking")),
    Kind("quota-used-up", OWN, "errors", ("checkout", "booking", "board")),
    # -- in the database
    Kind("missing-index", "database", "slow", ("checkout", "booking", "login", "desk", "board"), spreads=True),
    Kind("lock-queue", "database", "slow", ("checkout", "booking", "board", "clocking")),
    Kind("disk-full", "database", "errors", ("checkout", "booking", "login", "clocking"), spreads=True),
    Kind("replica-behind", "database", "wrong", ("booking", "board")),
    Kind("runaway-job", "database", "slow", ("login", "site", "checkout", "board", "desk"), spreads=True),
    Kind("id-overflow", "database", "errors", ("checkout", "login", "booking", "clocking")),
    Kind("clean-up-went-too-far", "database", "errors", ("checkout", "api", "booking"), "some"),
    # -- in the queue and its workers
    Kind("poison-message", "queue", "missing", ("dispatch", "billing", "mail", "picking", "payroll")),
    Kind("flood-in-the-queue", "queue", "missing", ("mail", "dispatch", "picking")),
    Kind("hung-workers", "queue", "missing", ("billing", "dispatch", "mail", "payroll")),
    # -- with those who take the payments and carry the mail
    Kind("provider-limit", "payments", "errors", ("checkout",), "some"),
    Kind("callback-refused", "payments", "errors", ("checkout",)),
    Kind("provider-part-down", "payments", "errors", ("checkout",), "some"),
    Kind("on-a-blocklist", "mailer", "missing", ("mail",)),
    Kind("sender-record-lost", "dns", "missing", ("mail",)),
    # -- elsewhere
    Kind("cache-stampede", "cache", "slow", ("site", "search", "booking"), spreads=True),
    Kind("alias-points-nowhere", OWN, "wrong", ("search",)),
    Kind("expired-inside", "certificates", "errors", ("api", "documents", "checkout", "board")),
    Kind("record-changed", "dns", "errors", ("site",), "some"),
    Kind("key-revoked", OWN, "errors", ("documents", "checkout")),
    Kind("storage-rule", "storage", "errors", ("documents",), "some"),
)
"""Every kind of fault, by where it sits."""
