"""A runbook: the procedures a team follows, step by step, while it fixes something."""

from pydantic import Field

from scenarios.base import Id, Line, Model, Prose

__all__ = ["Procedure", "Runbook", "Step"]


class Step(Model):
    """One step of a procedure."""

    do: Prose
    """What to do."""
    expect: Prose | None = None
    """What one sees when it worked."""
    otherwise: Prose | None = None
    """What to do when it did not."""
    link: Line | None = None
    """The page that says more."""


class Procedure(Model):
    """One way through the work, such as rolling a release back."""

    id: Id
    """Its name; an action refers to it as `runbook/procedure`."""
    title: Line
    """Its name as people read it."""
    when: Prose
    """When this is the right procedure, and when it is not."""
    link: Line | None = None
    """The company's real page for it."""
    steps: list[Step] = Field(min_length=1)
    """The steps in order; people name them by number, from 1."""


class Runbook(Model):
    """A set of procedures around one piece of work."""

    runbook: Id
    """Its name."""
    title: Line
    """Its name as people read it."""
    about: Prose
    """What it is for and who keeps it."""
    procedures: list[Procedure] = Field(min_length=1)
    """The procedures."""

    def procedure(self, name: str) -> Procedure | None:
        """The procedure of that id, if there is one."""
        return next((procedure for procedure in self.procedures if procedure.id == name), None)
