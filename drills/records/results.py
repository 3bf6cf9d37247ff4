"""How a drill went, in a row: what lists and new drills need of it, so that nobody reads its log for that."""

import msgspec

from drills.guidance import retests
from drills.records.schema import ResultRow
from scoring.result import Measures
from simulator import events as ev
from simulator.log import DrillLog

__all__ = ["Change", "Summary", "row_of", "summarize", "summary_of"]


class Change(msgspec.Struct):
    """Something that a team meant to change."""

    seq: int
    text: str
    owner: str
    due_on: str


class Summary(msgspec.Struct, kw_only=True):
    """A drill in short."""

    head: str
    """The hash in which its log ended."""
    rubric: str
    """The hash of the rubric by which it was scored."""
    title: str
    score: float | None
    says: str | None
    provisional: bool
    measures: Measures
    changes: list[Change]
    played: list[str]
    """The members who came into the channel."""
    post_mortem: bool
    """Whether one was filed."""


def summarize(log: DrillLog) -> Summary:
    """A drill in short, from its log."""
    from scoring.scorecard import grade  # only who has drills that are over needs it

    card = grade(log)
    return Summary(
        head=log.head,
        rubric=card.rubric,
        title=log.plan.scenario.title,
        score=card.score,
        says=card.says,
        provisional=card.provisional,
        measures=card.measures,
        changes=[Change(one.seq, one.text, one.owner, one.due_on) for one in retests.actions_of(log.events)],
        played=sorted({event.actor for event in log.events if isinstance(event, ev.Joined) and event.actor}),
        post_mortem=any(isinstance(event, ev.PostMortemFiled) for event in log.events),
    )


def row_of(drill: str, found: Summary, rules: int) -> ResultRow:
    """A summary as it is kept."""
    encode = msgspec.json.encode
    return ResultRow(
        drill=drill,
        head=found.head,
        rubric=found.rubric,
        rules=rules,
        title=found.title,
        score=found.score,
        says=found.says,
        provisional=found.provisional,
        post_mortem=found.post_mortem,
        measures=encode(found.measures).decode(),
        changes=encode(found.changes).decode(),
        played=encode(found.played).decode(),
    )


def summary_of(row: ResultRow) -> Summary:
    """What was kept, as a summary."""
    decode = msgspec.json.decode
    return Summary(
        head=row.head,
        rubric=row.rubric,
        title=row.title,
        score=row.score,
        says=row.says,
        provisional=row.provisional,
        measures=decode(row.measures, type=Measures),
        changes=decode(row.changes, type=list[Change]),
        played=decode(row.played, type=list[str]),
        post_mortem=row.post_mortem,
    )
