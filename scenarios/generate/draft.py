"""An incident while it is being made: what was drawn, and the words for it."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from scenarios.generate import models, stock
from scenarios.generate.company import HARMS, SERVICES, leans_on
from scenarios.generate.draws import Dice, Difficulty
from scenarios.generate.faults import OWN, Kind
from scenarios.generate.phrases import Phrases
from scenarios.placeholders import names_in
from scenarios.scenario import Variable

__all__ = ["Draft", "Node", "cast", "common_words", "people", "plain", "shown", "texts_in", "used_names"]

Node = str | int | float | bool | list["Node"] | dict[str, "Node"]
"""What a scenario file holds."""

_WIDE = 112
"""The length of lines of prose beside a log or a table."""
_MADE_UP: dict[str, tuple[str, ...]] = {
    "company": ("customer", "second_customer", "third_customer", "fourth_customer", "fifth_customer", "key_account"),
    "first_name": ("author", "developer", "agent", "second_agent", "third_agent", "neighbour", "lead", "reader"),
    "name": ("colleague", "second_colleague", "third_colleague", "second_lead", "admin"),
    "last_name": ("contact",),
    "city": ("depot",),
}
"""The people and things that texts may name, by what is made up for each."""
RATES = {"most": (63, 81), "some": (29, 36)}
"""The range of the share of attempts that fail, in percent, give or take what is drawn when the drill begins."""


@dataclass
class Draft:
    """What has been drawn so far."""

    dice: Dice
    severity: int
    difficulty: Difficulty
    kind: Kind
    fault: models.Fault
    harm: models.Harm
    manner: models.Manner
    phrases: Phrases
    rate: int
    """The share of attempts that fail, in percent."""
    innocents: list[models.Innocent] = field(default_factory=list)
    """What the looks that lead nowhere show, in the order in which they were chosen."""
    mistakes: list[str] = field(default_factory=list)
    """How teams go wrong over what was chosen, for the guide."""

    @property
    def talk(self) -> models.Talk:
        """What people say in any incident of this gravity."""
        return stock.talk("grave" if self.severity == 1 else "inside")

    @property
    def service(self) -> str:
        """The service that fails for the people who are hit."""
        return HARMS[self.harm.harm].service

    @property
    def seat(self) -> str:
        """The part with the fault."""
        return self.service if self.kind.sits == OWN else self.kind.sits

    @property
    def reach(self) -> frozenset[str]:
        """Everything that is part of the failing service."""
        return leans_on(self.service) | {self.service}

    def say(self, text: str, key: str) -> str:
        """A text of the stock with its slots filled."""
        return self.phrases.say(text, key)

    def said(self, texts: list[str], key: str) -> str:
        """One of several texts, with its slots filled."""
        return self.say(self.dice.pick(f"text {key}", texts), key)

    def shown(self, log: str | None, texts: list[str], key: str, besides: str | None = None) -> str:
        """What an action shows: lines of a log or a table if there are any, then what is to be said of them."""
        said = self.said(texts, f"{key} shows")
        if besides:
            said += " " + self.say(besides, f"{key} besides")
        return shown(None if log is None else self.say(log, f"{key} log"), said)

    def suffers(self, service: str) -> bool:
        """Whether a service is affected, by itself or because of others."""
        if service == self.service:
            return True
        if self.kind.spreads and self.seat in leans_on(service):
            return True
        return self.service in leans_on(service) and service in SERVICES


def shown(log: str | None, said: str) -> str:
    """Prose below the lines of a log or a table, if there are any."""
    if log is None:
        return said
    return "\n".join([log.rstrip("\n"), *textwrap.wrap(said, _WIDE, break_on_hyphens=False)])


def texts_in(node: Node) -> Iterator[str]:
    """Every text in a piece of a scenario."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from texts_in(inner)


def used_names(data: dict[str, Node]) -> set[str]:
    """The names in braces that its texts use."""
    return {name for text in texts_in(data) for name in names_in(text)}


def common_words(dice: Dice) -> dict[str, str | int | float]:
    """Words that any incident may use: numbers of changes and of machines, and how long ago things were."""
    first = dice.whole("first change", 1400, 3900)
    return {
        "pr": first,
        "pr2": first - dice.whole("second change", 2, 9),
        "pr3": first - dice.whole("third change", 11, 19),
        "n1": dice.whole("one machine", 2, 7),
        "n2": dice.whole("another machine", 8, 12),
        "since": dice.pick("since", ["forty minutes", "fifty minutes", "an hour", "an hour and a half"]),
    }


def people(dice: Dice) -> dict[str, dict[str, Node]]:
    """The releases, and whom texts may name: drawn when a drill begins, so that names do not wear out."""
    number = dice.whole("release", 210, 460)
    later = [number, number + dice.whole("second release", 2, 6), number + dice.whole("third release", 7, 14)]
    return {
        "release": {"choose": [f"v{each}" for each in later]},
        **{name: {"fake": kind} for kind, names in _MADE_UP.items() for name in names},
    }


def cast(draft: Draft) -> dict[str, dict[str, Node]]:
    """Whom and what the texts of an incident may name; it varies those that they do name."""
    dice, known = draft.dice, people(draft.dice)
    tickets = dice.whole("tickets", 14, 34)
    known["error_rate"] = {"between": [draft.rate - 5, draft.rate + 5]}
    known["tickets"] = {"between": [tickets, tickets + dice.whole("more tickets", 8, 15)]}
    if draft.harm.customers is not None:
        lowest, highest = draft.harm.customers.affected
        middle = dice.whole("affected", lowest, highest)
        known["accounts"] = {"between": [round(middle * 0.9), round(middle * 1.1)]}
    for own in (draft.fault.vary, draft.harm.vary):
        known.update({name: plain(variable) for name, variable in own.items()})
    return known


def plain(variable: Variable) -> dict[str, Node]:
    """A variable as a scenario's file has it."""
    found: dict[str, Node] = variable.model_dump(mode="json", exclude_none=True)
    return found
