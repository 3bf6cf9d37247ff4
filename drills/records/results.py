"""How a drill went, in a row: what lists and new drills need, so that nobody has to read its log.

A row is valid for one log, one rubric and one version of the rules. If one of them has changed, it is stale: it is
hidden, and made again.
"""

import msgspec
import sqlalchemy as sa

from drills.records import history
from drills.records.schema import DRILLS, HISTORY, RESULTS, ResultRow
from scoring.result import Measures, Scorecard
from simulator import events as ev
from simulator.log import DrillLog

__all__ = ["Summary", "fresh", "put", "stale", "summarize", "summary_of"]


class Summary(msgspec.Struct, kw_only=True):
    """A drill in short."""

    head: str
    """The hash that its log ended in."""
    rubric: str
    """The hash of the rubric that scored it."""
    title: str
    score: float | None
    says: str | None
    provisional: bool
    measures: Measures
    played: list[str]
    """The members who came into the channel."""
    post_mortem: bool
    """Whether one was filed."""


def summarize(log: DrillLog, card: Scorecard | None = None) -> Summary:
    """A drill in short, from its log; `card` is its scorecard, if there is one already."""
    if card is None:
        from scoring.scorecard import grade  # only needed once drills are over

        card = grade(log)
    return Summary(
        head=log.head,
        rubric=card.rubric,
        title=log.plan.scenario.title,
        score=card.score,
        says=card.says,
        provisional=card.provisional,
        measures=card.measures,
        played=sorted({event.actor for event in log.events if isinstance(event, ev.Joined) and event.actor}),
        post_mortem=any(isinstance(event, ev.PostMortemFiled) for event in log.events),
    )


def put(connection: sa.Connection, log: DrillLog, found: Summary, rules: int) -> None:
    """Keep how a drill went, replacing what was kept before."""
    drill, encode = log.plan.drill, msgspec.json.encode
    row = ResultRow(
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
        played=encode(found.played).decode(),
    )
    connection.execute(RESULTS.delete().where(RESULTS.c.drill == drill))
    connection.execute(RESULTS.insert().values(**row._asdict()))


def fresh(connection: sa.Connection, drills: list[str], rules: int) -> list[ResultRow]:
    """The valid results of some closed drills."""
    asked = sa.select(RESULTS).join(HISTORY, _held(rules)).where(RESULTS.c.drill.in_(drills))
    return [ResultRow(*row) for row in connection.execute(asked)]


def stale(connection: sa.Connection, rules: int) -> list[str]:
    """The closed drills without a valid result, or without a valid row in the history, newest first."""
    asked = (
        sa.select(HISTORY.c.drill)
        .join(DRILLS, DRILLS.c.id == HISTORY.c.drill)
        .join(RESULTS, _held(rules), isouter=True)
        .where(sa.or_(RESULTS.c.drill.is_(None), HISTORY.c.head.is_(None), ~history.valid(rules)))
    )
    return list(connection.execute(asked.order_by(DRILLS.c.made.desc())).scalars())


def _held(rules: int) -> sa.ColumnElement[bool]:
    """Whether a result is of a drill in the history, and of its log."""
    return (RESULTS.c.drill == HISTORY.c.drill) & (RESULTS.c.head == HISTORY.c.log) & (RESULTS.c.rules == rules)


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
        played=decode(row.played, type=list[str]),
        post_mortem=row.post_mortem,
    )
