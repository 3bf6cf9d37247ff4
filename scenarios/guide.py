"""What a scenario says to those who choose it and run it: where it comes from, how to lead the drill, who waits."""

from typing import Annotated

from pydantic import Field

from scenarios.base import Duration, Line, Model, Prose

__all__ = ["Account", "Customers", "Guide", "Hints"]


class Account(Model):
    """The published account of the incident on which a scenario is modelled."""

    title: Line
    """The account's title, with who published it and when."""
    link: Annotated[Line, Field(pattern=r"^https://\S+$")]
    """Where it can be read."""
    facts: list[Prose] = Field(min_length=1)
    """What the scenario took from it, in our own words."""
    changed: Prose
    """What is different here, so that nobody takes the story for the facts."""


class Hints(Model):
    """Help for a team that is stuck, in three strengths."""

    gentle: Prose
    """A question that points the way."""
    plain: Prose
    """Where to look."""
    strong: Prose
    """What to do."""


class Guide(Model):
    """The facilitator's guide. Never shown to players."""

    watch: list[Prose] = Field(min_length=1)
    """What to watch for."""
    mistakes: list[Prose] = Field(min_length=1)
    """Where teams go wrong."""
    hints: Hints
    """What to say to a team that is stuck."""
    hot_wash: list[Prose] = Field(min_length=1, max_length=20)
    """Questions for the talk right after."""


class Customers(Model):
    """Those whom the incident hits outside the company: they wait, and they write."""

    affected: int | Line
    """How many there are, or a name such as `"{accounts}"` that becomes a whole number when it is filled."""
    every: Annotated[Duration, Field(ge=30_000)]
    """The mean time from one message to the next while nobody tells them anything; at least 30s."""
    cannot: Line
    """What they cannot do, to go on from `I cannot`: such as `sign in`."""
    again: Line
    """What it is called when it works again, to go on from `Is … safe?` or `Thanks for`: such as `signing in`."""
    starts: Duration = 0
    """Drill time at which they begin to notice."""
