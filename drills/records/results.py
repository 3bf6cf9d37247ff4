"""How a drill went, in a row: what lists and new drills need, so that nobody has to read its log.

A row is valid for one log, one rubric and one version of the rules. If one of them has changed, it is stale: it is
hidden, and made again.
"""

from typing import Any

import msgspec
import sqlalchemy as sa

from drills.guidance import retests
from drills.records import history
from drills.records.schema import ACTIONS, DRILLS, HISTORY, RESULTS, RETESTS, TEXTS, ActionRow, ResultRow
from scoring.result import Measures
from simulator import events as ev
from simulator.fields import ERASED
from simulator.log import DrillLog

__all__ = ["Change", "Summary", "fresh", "open_actions", "put", "stale", "summarize", "summary_of"]


class Change(msgspec.Struct):
    """Something that a team meant to change."""

    seq: int
    text: str
    owner: str
    due_on: str


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
    changes: list[Change] = []
    """What the team meant to change; not kept here, see `open_actions`."""
    played: list[str]
    """The members who came into the channel."""
    post_mortem: bool
    """Whether one was filed."""


def summarize(log: DrillLog) -> Summary:
    """A drill in short, from its log."""
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
        changes=[Change(one.seq, one.text, one.owner, one.due_on) for one in retests.actions_of(log.events)],
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
    for table in (RESULTS, ACTIONS):
        connection.execute(table.delete().where(table.c.drill == drill))
    connection.execute(RESULTS.insert().values(**row._asdict()))
    actions = [_action(log, one) for one in found.changes]
    if actions:
        connection.execute(ACTIONS.insert(), actions)


def _action(log: DrillLog, one: Change) -> dict[str, Any]:
    """An action without the words that somebody typed: those stay where they can be erased."""
    typed = str(getattr(log.events[one.seq], "text", ""))
    lead = one.text.removesuffix(typed)
    return {"drill": log.plan.drill, "seq": one.seq, "lead": lead, "owner": one.owner, "due_on": one.due_on}


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


def open_actions(
    connection: sa.Connection, drills: list[str] | None, most: int, rules: int
) -> list[tuple[ActionRow, Measures]]:
    """What teams meant to change after closed drills and no later drill has shown to hold, newest first."""
    held = sa.exists().where(RETESTS.c.earlier == ACTIONS.c.drill, RETESTS.c.seq == ACTIONS.c.seq, RETESTS.c.held)
    words = (TEXTS.c.drill == ACTIONS.c.drill) & (TEXTS.c.seq == ACTIONS.c.seq) & (TEXTS.c.field == "text")
    asked = (
        sa.select(ACTIONS, TEXTS.c.text, RESULTS.c.measures)
        .select_from(DRILLS)
        .join(ACTIONS, ACTIONS.c.drill == DRILLS.c.id)
        .join(RESULTS, RESULTS.c.drill == DRILLS.c.id)
        .join(TEXTS, words, isouter=True)
        .where(DRILLS.c.state == "closed", DRILLS.c.kind == "drill", RESULTS.c.rules == rules, ~held)
        .order_by(DRILLS.c.made.desc(), ACTIONS.c.seq)
        .limit(most)
    )
    if drills is not None:
        asked = asked.where(DRILLS.c.id.in_(drills))
    found = []
    for *action, measures in connection.execute(asked):
        row = ActionRow(*action)
        found.append((row._replace(text=row.text or ERASED), msgspec.json.decode(measures, type=Measures)))
    return found


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
