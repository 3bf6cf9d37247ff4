"""A scripted team: acts with their times, for a drill without people."""

from pydantic import ConfigDict, Field

from scenarios.base import Duration, Id, Line, Model, Prose

__all__ = ["Script", "ScriptedAct"]


class ScriptedAct(Model):
    """One act of the script: either `do` with its fields, or `say` with the text somebody would type."""

    model_config = ConfigDict(extra="allow")

    at: Duration
    """Drill time since the start of the exercise."""
    who: Id
    """The id of a member of the team, or of a facilitator or evaluator."""
    do: Line | None = None
    """The kind of act, such as `declare_severity`; its fields stand beside it."""
    say: Prose | None = None
    """What somebody would type, such as `/alert 1 login`."""

    @property
    def fields(self) -> dict[str, object]:
        """The fields that belong to the kind of act named by `do`."""
        return dict(self.model_extra or {})


class Script(Model):
    """What a scripted team does."""

    acts: list[ScriptedAct] = Field(max_length=100_000)
    """The acts in the order of their times. An act that is refused is listed and the drill goes on."""
