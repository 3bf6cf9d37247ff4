"""What those who run or rate the drill may do: pause, send and hold injects, answer, hint, excuse, note, end."""

from typing import get_args

from scenarios.base import Tool
from scenarios.expects import Judged
from scenarios.inject import GROUPS
from scenarios.problem import closest
from scenarios.scenario import Inject, Via
from simulator import acts as do
from simulator import events as ev
from simulator.acts import ActRefused, NotAllowed
from simulator.delivery import delivered
from simulator.events import Event
from simulator.people import person
from simulator.rules_common import ActTime, Rule, Rules, known_member, one_line, optional, prose, stamp
from simulator.state import FOLLOW_UP, PAPERS, RESPOND, DrillState

__all__ = ["STAFF_RULES", "check_staff"]


STAFF_RULES = Rules()
"""The rules for the acts of those who run or rate the drill."""


def check_staff(state: DrillState, who: str, rule: Rule) -> None:
    """Check that the actor may; raises NotAllowed."""
    if who not in state.plan.facilitators and not rule.also(state, who):
        raise NotAllowed(f"only a facilitator may do that, and '{person(who)}' is not one")


def _evaluates(state: DrillState, who: str) -> bool:
    return who in state.plan.evaluators


def _alone_after_a_stop(state: DrillState, who: str) -> bool:
    """Without a facilitator, the team itself resumes after a stop."""
    return not state.plan.facilitators and state.stopped and who in state.players


@STAFF_RULES.add()
def _pause(state: DrillState, act: do.Pause, now: ActTime) -> Event:
    if state.halted:
        raise ActRefused("the drill is already paused")
    return ev.DrillPaused(*stamp(state, act, now), reason=optional(act.reason))


@STAFF_RULES.add(also=_alone_after_a_stop)
def _resume(state: DrillState, act: do.Resume, now: ActTime) -> Event:
    if state.paused_wall is None:
        raise ActRefused("the drill is running")
    paused = max(0, round((now.wall - state.paused_wall).total_seconds() * 1000))
    return ev.DrillResumed(*stamp(state, act, now), paused_ms=paused)


@STAFF_RULES.add()
def _skip(state: DrillState, act: do.SkipAhead, now: ActTime) -> Event:
    if now.due is None:
        raise ActRefused("there is nothing ahead to skip to")
    return ev.TimeSkipped(*stamp(state, act, now), to=now.due)


@STAFF_RULES.add()
def _send(state: DrillState, act: do.SendInject, now: ActTime) -> Event:
    named = state.plan.scenario.inject(act.inject) if act.inject is not None else None
    late = named is not None and named.papers is not None and state.phase == PAPERS
    if state.phase != RESPOND and not late:
        raise ActRefused("the response is over")
    stamped = stamp(state, act, now)
    if act.inject is not None:
        inject = _scenario_inject(state, act.inject)
        occurrence = state.delivered.get(inject.id, 0)
        return delivered(state, inject, occurrence, stamped)
    if act.via not in get_args(Via):
        raise ActRefused(f"there is no way {act.via!r}; it is one of {', '.join(get_args(Via))}")
    to = act.to if act.to in GROUPS else state.plan.protocol.role_called(act.to)
    recipients = state.recipients(to or known_member(state, act.to))
    return ev.InjectDelivered(
        *stamped,
        number=len(state.injects) + 1,
        recipients=recipients,
        via=act.via,
        sender=one_line(act.sender, "who it comes from"),
        text=prose(act.text, "what the inject says"),
        to=to or act.to,
    )


def _scenario_inject(state: DrillState, name: str) -> Inject:
    inject = state.plan.scenario.inject(name)
    if inject is None:
        close = closest(name, [known.id for known in state.plan.scenario.injects])
        raise ActRefused(f"there is no inject {name!r}" + (f"; did you mean {close!r}?" if close else ""))
    if name in state.settled:
        raise ActRefused(f"the inject {name} has already come, or will not come")
    return inject


@STAFF_RULES.add()
def _hold(state: DrillState, act: do.HoldInject, now: ActTime) -> Event:
    inject = _scenario_inject(state, act.inject)
    if inject.id in state.held:
        raise ActRefused(f"the inject {inject.id} is already held back")
    return ev.InjectHeld(*stamp(state, act, now), inject=inject.id)


@STAFF_RULES.add()
def _set_tool(state: DrillState, act: do.SetTool, now: ActTime) -> Event:
    if state.phase not in (RESPOND, PAPERS):
        raise ActRefused("the papers are over")
    if act.tool not in get_args(Tool):
        raise ActRefused(f"there is no tool {act.tool!r}; it is one of {', '.join(get_args(Tool))}")
    if act.works == (act.tool not in state.down):
        raise ActRefused(f"the {act.tool.replace('_', ' ')} {'works' if act.works else 'is down'} already")
    return ev.ToolChanged(*stamp(state, act, now), tool=act.tool, works=act.works)


@STAFF_RULES.add()
def _answer(state: DrillState, act: do.Answer, now: ActTime) -> Event:
    question = act.question if act.question is not None else min(state.questions, default=0)
    if question not in state.questions:
        raise ActRefused("no question is waiting for an answer")
    return ev.QuestionAnswered(*stamp(state, act, now), question=question, text=prose(act.text, "the answer"))


@STAFF_RULES.add()
def _hint(state: DrillState, act: do.Hint, now: ActTime) -> Event:
    return ev.HintGiven(*stamp(state, act, now), to=known_member(state, act.to), text=prose(act.text, "the hint"))


@STAFF_RULES.add()
def _excuse(state: DrillState, act: do.Excuse, now: ActTime) -> Event:
    member = known_member(state, act.member)
    if member in state.excused:
        raise ActRefused(f"{person(member)} is already excused")
    return ev.MemberExcused(*stamp(state, act, now), member=member, reason=prose(act.reason, "the reason"))


@STAFF_RULES.add(also=_evaluates)
def _note(state: DrillState, act: do.Note, now: ActTime) -> Event:
    return ev.NoteTaken(*stamp(state, act, now), text=prose(act.text, "what you saw"))


@STAFF_RULES.add(also=_evaluates)
def _rate(state: DrillState, act: do.Rate, now: ActTime) -> Event:
    if not 0 <= act.value <= 100:
        raise ActRefused("a rating goes from 0 to 100")
    item = one_line(act.item, "what is rated")
    return ev.Rated(*stamp(state, act, now), item=item, value=act.value, text=optional(act.text))


@STAFF_RULES.add(also=_evaluates)
def _judge(state: DrillState, act: do.Judge, now: ActTime) -> Event:
    message = state.injects[act.number - 1] if 1 <= act.number <= len(state.injects) else None
    name = message.inject if isinstance(message, ev.InjectDelivered) else None
    inject = state.plan.scenario.inject(name or "")
    asked = inject.expects or [] if inject is not None else []
    places = [place for place, one in enumerate(asked, 1) if isinstance(one, Judged)]
    if not places:
        raise ActRefused(f"message {act.number} expects nothing that somebody judges")
    expected = act.expected if act.expected is not None else places[0]
    if expected not in places:
        raise ActRefused(f"what is judged of message {act.number} is number {', '.join(map(str, places))}")
    return ev.ExpectationJudged(
        *stamp(state, act, now), number=act.number, expected=expected, mark=act.mark, text=optional(act.text)
    )


@STAFF_RULES.add(also=_alone_after_a_stop)
def _end(state: DrillState, act: do.EndDrill, now: ActTime) -> Event:
    stamped = stamp(state, act, now)
    if state.ended_at is not None:
        raise ActRefused("the drill has already ended")
    if state.halted or state.phase not in (RESPOND, "papers"):
        return ev.DrillEnded(*stamped, reason=optional(act.reason))
    return ev.PhaseBegan(*stamped, phase="papers" if state.phase == RESPOND else "hot_wash")


@STAFF_RULES.add()
def _close_follow_up(state: DrillState, act: do.CloseFollowUp, now: ActTime) -> Event:
    if state.phase != FOLLOW_UP:
        raise ActRefused("the follow-up has not begun")
    return ev.FollowUpClosed(*stamp(state, act, now))
