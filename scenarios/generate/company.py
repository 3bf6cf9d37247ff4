"""A small model of a company: what its services depend on, what each shows while it works, and how grave a harm is."""

from functools import lru_cache
from typing import Literal, NamedTuple

__all__ = ["HARMS", "SERVICES", "Harmed", "Hit", "Service", "Vital", "dependents", "leans_on", "severity_of"]

Hit = Literal["customers", "bottom_line", "operations_stopped", "operations_hampered", "nobody"]
"""Whom an incident hits and how, in the words by which the protocol defines its severities."""


class Vital(NamedTuple):
    """A figure that shows how a service is doing."""

    name: str
    title: str
    unit: str
    well: float
    """Its level when all is well."""
    touched: float
    """Its level when something that the service depends on fails, and the service suffers with it."""
    noise: str


class Service(NamedTuple):
    """A part of the company's systems."""

    called: str
    """What texts call it, after "the"."""
    needs: tuple[str, ...]
    """What it depends on directly."""
    vital: Vital | None = None
    """What shows how it is doing; empty if only other services' figures show it."""
    fine: str = ""
    """What somebody who tries it finds while it works."""
    poor: str = ""
    """What they find while something that it depends on fails."""


_EDGE = ("dns", "certificates", "deploy")
"""What everything that is reached from outside depends on."""

SERVICES: dict[str, Service] = {
    "web": Service(
        "{service_web}",
        ("database", "cache", *_EDGE),
        Vital("page_time", "Slowest twentieth of pages", "s", 0.8, 3.1, "7%"),
        "pages come in under a second",
        "pages come, after three seconds and more",
    ),
    "booking": Service(
        "booking calendar",
        ("web", "database", "queue"),
        Vital("booking_time", "Slowest twentieth of bookings", "s", 1.2, 5.2, "8%"),
        "a test booking takes a second",
        "a test booking goes through after five seconds",
    ),
    "login": Service(
        "{service_login}",
        ("web", "database", "cache"),
        Vital("failed_sign_ins", "Failed sign-ins", "%", 0.5, 9, "10%"),
        "signs in at once",
        "signs in at the second or third try",
    ),
    "checkout": Service(
        "{service_checkout}",
        ("web", "database", "payments", "queue"),
        Vital("order_time", "Slowest twentieth of orders", "s", 1.9, 7.5, "8%"),
        "a test order goes through in two seconds",
        "a test order goes through, in eight seconds",
    ),
    "billing": Service(
        "{service_billing}",
        ("database", "payments", "queue", "deploy"),
        Vital("invoice_time", "Time to write an invoice", "s", 0.9, 4.2, "9%"),
        "a single invoice is written in a second",
        "a single invoice is written, in five seconds",
    ),
    "search": Service(
        "{service_search}",
        ("web", "queue", "cache"),
        Vital("search_time", "Slowest twentieth of searches", "s", 0.4, 2.2, "9%"),
        "finds what it should in half a second",
        "finds what it should, in two seconds",
    ),
    "api": Service(
        "{service_api}",
        ("login", "database", "queue", *_EDGE),
        Vital("partner_calls", "Partners' calls refused", "%", 0.3, 7, "12%"),
        "answers 200 in 120 ms",
        "answers 200, and now and then 504",
    ),
    "mail": Service(
        "{service_mail}",
        ("queue", "mailer", "dns", "deploy"),
        Vital("mail_delay", "Mail until it has left", "s", 6, 95, "12%"),
        "a test mail is there in ten seconds",
        "a test mail is there after a minute and a half",
    ),
    "storage": Service(
        "{service_storage}",
        _EDGE,
        Vital("file_errors", "Files that fail to open", "%", 0.1, 5, "15%"),
        "a stored file opens at once",
        "a stored file opens at the second try",
    ),
    "queue": Service(
        "{service_queue}",
        ("deploy",),
        Vital("oldest_job", "Oldest waiting job", "s", 3, 140, "12%"),
        "a test job is done in four seconds",
        "a test job is done after two minutes",
    ),
    "dispatch": Service("{service_queue}", ("queue", "database", "deploy")),
    "board": Service("dispatch board", ("login", "database", "queue", "deploy", "certificates")),
    "clocking": Service("time recording", ("database", "queue", "deploy", "certificates", "dns")),
    "desk": Service("support console", ("login", "database", "search", "deploy")),
    "picking": Service("pick lists", ("queue", "database", "storage", "deploy")),
    "payroll": Service("hours export", ("queue", "database", "storage", "deploy")),
    "database": Service("{service_database}", ()),
    "cache": Service("{service_cache}", ()),
    "payments": Service("{payment_provider}", ()),
    "mailer": Service("mail provider", ()),
    "dns": Service("{service_dns}", ()),
    "certificates": Service("certificates", ()),
    "deploy": Service("{service_deploy}", ()),
}
"""Every part by its id. What customers use comes first, what everything else depends on last."""


class Harmed(NamedTuple):
    """What it means when a service fails."""

    service: str
    hit: Hit


HARMS: dict[str, Harmed] = {
    "login": Harmed("login", "customers"),
    "checkout": Harmed("checkout", "customers"),
    "booking": Harmed("booking", "customers"),
    "site": Harmed("web", "customers"),
    "search": Harmed("search", "customers"),
    "api": Harmed("api", "customers"),
    "documents": Harmed("storage", "customers"),
    "mail": Harmed("mail", "customers"),
    "dispatch": Harmed("dispatch", "customers"),
    "billing": Harmed("billing", "bottom_line"),
    "board": Harmed("board", "operations_stopped"),
    "clocking": Harmed("clocking", "operations_stopped"),
    "desk": Harmed("desk", "operations_stopped"),
    "picking": Harmed("picking", "operations_stopped"),
    "payroll": Harmed("payroll", "operations_stopped"),
}
"""The harms that an incident can do, each with the service that fails those who are hit."""

_GRAVITY: dict[Hit, int] = {
    "customers": 1,
    "bottom_line": 1,
    "operations_stopped": 2,
    "operations_hampered": 3,
    "nobody": 0,
}


def severity_of(hit: Hit) -> int:
    """The severity that the protocol gives to a harm: customers or the bottom line 1, operations stopped but with a
    workaround 2, operations merely hampered 3, nobody 0.
    """
    return _GRAVITY[hit]


@lru_cache
def leans_on(service: str) -> frozenset[str]:
    """Everything that a service depends on, directly or through others, without the service itself."""
    found: set[str] = set()
    waiting = list(SERVICES[service].needs)
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting.extend(SERVICES[part].needs)
    return frozenset(found)


def dependents(part: str) -> list[str]:
    """The services that depend on a part, in the order of the table."""
    return [name for name in SERVICES if part in leans_on(name)]
