"""Learning: what only people can say about the incident, and what they mean to change."""

import re
from datetime import date

from scenarios.protocol import Duty
from scenarios.visible_text import says_something
from scoring.obligations import CUT_SHORT, NOT_DUE, Drill, Finding, Judge, Owed, not_done, rest, share
from simulator import events as ev

__all__ = ["JUDGES"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def answers(owed: Owed, drill: Drill) -> Finding:
    """How many of the three answers that no program can fill in the situation report gives."""
    filed = drill.facts.all(ev.SituationReportFiled)
    if not filed:
        return not_done(owed, drill, remedy="the solution, who was impacted and how")
    last = filed[-1]
    given = {"solution": last.solution, "who was impacted": last.who_impacted, "how": last.how_impacted}
    missing = [name for name, text in given.items() if not says_something(text)]
    finding = Finding(
        score=100.0 * (len(given) - len(missing)) / len(given),
        why=f"the situation report leaves out: {', '.join(missing)}" if missing else "all three answers given",
        remedy=f"an answer to: {', '.join(missing)}",
        evidence=(last.seq,),
    )
    return share(owed, drill, finding)


def follow_up(owed: Owed, drill: Drill) -> Finding:
    """Half for a post-mortem with a learning, half for a corrective action with an owner and a due date."""
    facts = drill.facts
    learned = [one for one in facts.with_follow_up(ev.PostMortemFiled)[-1:] if says_something(one.learnings)]
    actions = [one for one in facts.with_follow_up(ev.CorrectiveActionAdded) if _answered_for(one)]
    missing = [
        *([] if learned else ["a post-mortem with what was learned"]),
        *([] if actions else ["a corrective action with an owner and a day"]),
    ]
    if missing and not facts.follow_up_closed:
        return rest(NOT_DUE, owed)
    if missing and facts.cut_short:
        return rest(CUT_SHORT, owed)
    return Finding(
        score=100.0 - 50.0 * len(missing),
        why=f"missing: {' and '.join(missing)}"
        if missing
        else "a learning, and a corrective action with owner and day",
        remedy=" and ".join(missing),
        evidence=tuple(event.seq for event in [*learned, *actions[:1]]),
    )


def _answered_for(action: ev.CorrectiveActionAdded) -> bool:
    return says_something(action.text) and says_something(action.owner) and _real_day(action.due_on.strip())


def _real_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


JUDGES: dict[Duty, Judge] = {"answers": answers, "follow_up": follow_up}
