"""Which acts are accepted, and the one event that each becomes. A refusal says why in one sentence."""

from datetime import date

from scenarios.base import format_duration
from scenarios.placeholders import fill
from scenarios.problem import closest
from scenarios.scenario import Action
from scenarios.visible_text import cleaned
from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act, ActRefused
from simulator.decisions import option_meant
from simulator.events import Event
from simulator.fields import is_gone
from simulator.matching import what_it_says, which_action
from simulator.people import command, person
from simulator.rules_common import (
    ActTime,
    Rule,
    Rules,
    check_may_take,
    did_you_mean,
    known_level,
    known_member,
    known_role,
    optional,
    prose,
    stamp,
    topic_of,
)
from simulator.rules_staff import STAFF_RULES, check_staff
from simulator.state import RESPOND, DrillState
from simulator.syntax import parse

__all__ = ["RULES", "decide"]

RULES = Rules()
"""The rules of what players do."""

WAYS_OUT = ("status_page", "email", "social_media")
"""How a message reaches customers."""
SPOKEN_BACK = 2 * 60_000
"""How far back something said aloud counts, in milliseconds."""


def decide(state: DrillState, act: Act, now: ActTime) -> Event:
    """The event that the act becomes, in its place in the log; raises ActRefused."""
    if state.finished:
        raise ActRefused("the follow-up is closed; the drill is over")
    kind = type(act)
    rule = RULES.get(kind)
    if rule is None:
        rule = STAFF_RULES[kind]
        check_staff(state, act.who, rule)
    else:
        _check_player(state, act.who, rule)
    return rule.becomes(state, act, now)


# -- who may act, and when ---------------------------------------------------------------------------------------------


def _check_player(state: DrillState, who: str, rule: Rule) -> None:
    if rule.also(state, who):
        return
    if who not in state.players:
        raise ActRefused(f"{who!r} is not in the team{did_you_mean(who, state)}")
    if state.halted:
        raise ActRefused("the drill is paused; wait until it goes on")
    if who in state.off_duty:
        known = state.player(who)
        since = format_duration(known.since or 0) if known is not None else ""
        raise ActRefused(f"you come on duty at {since}; until then nobody can call you")
    if who not in state.joined and not state.knows(who):
        raise ActRefused("the incident has not reached you yet")
    if rule.phase == "afterwards" and state.phase == RESPOND:
        raise ActRefused("the incident is still open; declare it resolved first (/resolve)")
    if rule.phase == "response" and state.phase != RESPOND:
        raise ActRefused("the response is over")
    if rule.in_channel and who not in state.joined:
        raise ActRefused(f"join {state.plan.protocol.channel} first (/join)")


def _takes_part(state: DrillState, who: str) -> bool:
    return who in (*state.players, *state.plan.facilitators, *state.plan.evaluators)


def _facilitates(state: DrillState, who: str) -> bool:
    """What was said aloud is checked as its speaker's act."""
    return who in state.plan.facilitators


def _leads_the_talk(state: DrillState, who: str) -> bool:
    """The facilitator writes down the results of the talk."""
    return who in state.plan.facilitators and state.phase != RESPOND


# -- getting together --------------------------------------------------------------------------------------------------


@RULES.add(phase="response")
def _acknowledge(state: DrillState, act: do.Acknowledge, now: ActTime) -> Event:
    if act.who in state.acknowledged:
        raise ActRefused("you have already acknowledged")
    return ev.Acknowledged(*stamp(state, act, now))


@RULES.add(phase="response")
def _declare(state: DrillState, act: do.DeclareSeverity, now: ActTime) -> Event:
    if known_level(state, act.severity) == state.severity == state.declared:
        raise ActRefused(f"it is already declared {state.plan.protocol.severity_of(act.severity)}")
    return ev.SeverityDeclared(*stamp(state, act, now), severity=act.severity)


@RULES.add(phase="response")
def _alert(state: DrillState, act: do.AlertTeam, now: ActTime) -> Event:
    severity = None if act.severity is None else known_level(state, act.severity)
    away = state.excused | state.off_duty
    everyone = tuple(player.id for player in state.plan.players if player.id not in away)
    return ev.TeamAlerted(*stamp(state, act, now), recipients=everyone, severity=severity, topic=topic_of(act.topic))


@RULES.add()
def _join(state: DrillState, act: do.Join, now: ActTime) -> Event:
    if act.who in state.joined:
        raise ActRefused(f"you are already in {state.plan.protocol.channel}")
    return ev.Joined(*stamp(state, act, now))


@RULES.add(phase="response", in_channel=True)
def _restate(state: DrillState, act: do.Restate, now: ActTime) -> Event:
    severity = None if act.severity is None else known_level(state, act.severity)
    return ev.Restated(*stamp(state, act, now), severity=severity, topic=topic_of(act.topic))


@RULES.add(phase="response", in_channel=True)
def _take(state: DrillState, act: do.TakeRole, now: ActTime) -> Event:
    role = known_role(state, act.role)
    check_may_take(state, act.who, role)
    known = state.plan.protocol.role(role)
    holders = state.roles[role]
    if known is not None and known.most is not None and len(holders) >= known.most:
        held_by = ", ".join(map(person, holders))
        title = state.plan.protocol.title_of(role)
        asked = f"/handover {title} {command(act.who)}"
        raise ActRefused(f"{held_by} holds the role {title}; ask for a handover ({asked})")
    return ev.RoleTaken(*stamp(state, act, now), role=role)


@RULES.add(phase="response")
def _release(state: DrillState, act: do.ReleaseRole, now: ActTime) -> Event:
    held = [role for role in state.roles if state.holds(act.who, role)]
    role = known_role(state, act.role) if act.role is not None else held[0] if len(held) == 1 else None
    if role is None:
        raise ActRefused(
            f"say which role: {', '.join(map(state.plan.protocol.title_of, held))}" if held else "you hold no role"
        )
    if role not in held:
        raise ActRefused(f"you do not hold the role {state.plan.protocol.title_of(role)}")
    return ev.RoleReleased(*stamp(state, act, now), role=role)


@RULES.add(phase="response", in_channel=True)
def _hand_over(state: DrillState, act: do.HandOver, now: ActTime) -> Event:
    role, to = known_role(state, act.role), known_member(state, act.to)
    if not state.holds(act.who, role):
        raise ActRefused(f"you do not hold the role {state.plan.protocol.title_of(role)}")
    check_may_take(state, to, role)
    if to not in state.joined:
        raise ActRefused(f"{person(to)} is not in {state.plan.protocol.channel} yet")
    return ev.HandoverOffered(*stamp(state, act, now), role=role, to=to)


@RULES.add(phase="response", in_channel=True)
def _accept(state: DrillState, act: do.AcceptRole, now: ActTime) -> Event:
    for role, (giver, to) in state.offers.items():
        if to == act.who:
            return ev.RoleHandedOver(*stamp(state, act, now), role=role, giver=giver)
    raise ActRefused("nobody has offered you a role")


# -- speaking ----------------------------------------------------------------------------------------------------------


@RULES.add(in_channel=True)
def _say(state: DrillState, act: do.Say, now: ActTime) -> Event:
    if "chat" in state.down:
        raise ActRefused("the chat is down; talk on the telephone, and note what matters (/log …, /update …)")
    return ev.MessagePosted(*stamp(state, act, now), text=prose(act.text, "something"))


@RULES.add(in_channel=True)
def _log(state: DrillState, act: do.LogEntry, now: ActTime) -> Event:
    return ev.EntryLogged(*stamp(state, act, now), text=prose(act.text, "what has been done"))


@RULES.add(in_channel=True)
def _update(state: DrillState, act: do.PostUpdate, now: ActTime) -> Event:
    return ev.UpdatePosted(*stamp(state, act, now), text=prose(act.text, "what the status is"))


@RULES.add()
def _draft(state: DrillState, act: do.DraftMessage, now: ActTime) -> Event:
    text = prose(act.text, "what customers should read")
    return ev.MessageDrafted(*stamp(state, act, now), draft=len(state.drafts) + 1, text=text)


@RULES.add()
def _approve(state: DrillState, act: do.ApproveDraft, now: ActTime) -> Event:
    if not state.holds(act.who, state.plan.protocol.commander):
        raise ActRefused(f"only the {state.plan.protocol.commander_title} can approve a message")
    draft = act.draft if act.draft is not None else len(state.drafts)
    if not 1 <= draft <= len(state.drafts):
        raise ActRefused(f"there is no draft {draft}" if state.drafts else "there is no draft yet (/draft …)")
    return ev.DraftApproved(*stamp(state, act, now), draft=draft)


@RULES.add()
def _publish(state: DrillState, act: do.Publish, now: ActTime) -> Event:
    protocol = state.plan.protocol
    commands = state.holds(act.who, protocol.commander)
    speaker = protocol.spokesperson
    if speaker is not None and state.roles[speaker] and not commands and not state.holds(act.who, speaker):
        raise ActRefused(f"the role {speaker} speaks to customers; propose it with /draft")
    if act.by not in WAYS_OUT:
        raise ActRefused(f"there is no way {act.by!r}; it is one of {', '.join(WAYS_OUT)}")
    if act.by in state.down:
        raise ActRefused("the status page is down; tell customers another way (/publish by email …, by social media …)")
    approved = state.drafts[state.approved[-1] - 1].text if state.approved else ""
    text = act.text if cleaned(act.text) else approved
    if act.next_in is not None and act.next_in < 0:
        raise ActRefused("the next message cannot be promised for the past")
    text = prose(text, "what customers should read, or have a draft approved first")
    said = what_it_says(text, state)
    return ev.MessagePublished(
        *stamp(state, act, now),
        message=len(state.published) + 1,
        text=text,
        agreed=commands or said.draft in state.approved,
        next_in=act.next_in,
        draft=said.draft,
        says_over=said.over,
        terse=said.terse,
        by=act.by,
    )


@RULES.add()
def _reply(state: DrillState, act: do.Reply, now: ActTime) -> Event:
    found = state.injects[act.number - 1] if 1 <= act.number <= len(state.injects) else None
    if found is None or not state.reaches(act.who, found):
        raise ActRefused(f"no message {act.number} has reached you")
    return ev.InjectAnswered(*stamp(state, act, now), number=act.number, text=prose(act.text, "what to answer"))


@RULES.add()
def _choose(state: DrillState, act: do.Choose, now: ActTime) -> Event:
    number, option = option_meant(state, act.who, act.option)
    says = state.told(option.says, now.at) if option.says is not None else ""
    return ev.DecisionMade(*stamp(state, act, now), number=number, option=option.id, says=says)


@RULES.add(phase="response")
def _contact(state: DrillState, act: do.Contact, now: ActTime) -> Event:
    known = [one.id for one in state.plan.scenario.outsiders or ()]
    if not known:
        raise ActRefused("there is nobody outside the team to contact in this drill; ask the facilitator (/ask …)")
    if act.outsider not in known:
        close = closest(act.outsider, known)
        hint = f"did you mean {close}?" if close else f"you can contact {', '.join(known)}"
        raise ActRefused(f"there is nobody called {act.outsider!r} outside the team; {hint}")
    text = prose(act.text, "what you want of them")
    question = state.question_count + 1
    return ev.QuestionAsked(*stamp(state, act, now), question=question, text=text, outsider=act.outsider)


@RULES.add(also=_facilitates)
def _heard(state: DrillState, act: do.Heard, now: ActTime) -> Event:
    speaker = known_member(state, act.speaker)
    if speaker == act.who:
        raise ActRefused("report what others said; what you said you can do yourself")
    text = cleaned(act.text)  # before it is understood: what is confirmed is what was checked here
    spoken = parse(text, speaker, protocol=state.plan.protocol)
    if isinstance(spoken, do.StaffAct | do.Heard | do.Confirm | do.Stop):
        raise ActRefused("that cannot be reported for somebody else")
    _check_player(state, speaker, RULES[type(spoken)])
    return ev.SpokenReported(
        *stamp(state, act, now), report=state.spoken_count + 1, speaker=speaker, text=prose(text, "what was said")
    )


@RULES.add(also=_facilitates)
def _confirm(state: DrillState, act: do.Confirm, now: ActTime) -> Event:
    waiting = [
        report
        for report in state.spoken.values()
        if act.report in (None, report.report) and (report.speaker, _spoken_id(report)) not in state.acts
    ]
    mine = [report for report in waiting if act.who == report.speaker or act.who in state.plan.facilitators]
    if not waiting:
        raise ActRefused("nothing said aloud is waiting to be confirmed")
    if not mine:
        raise ActRefused(f"{person(waiting[-1].speaker)} or a facilitator confirms that")
    report = mine[-1]
    if is_gone(report.text):
        raise ActRefused("what was said was erased; do it yourself")
    spoken = parse(report.text, report.speaker, _spoken_id(report), protocol=state.plan.protocol)
    return decide(state, spoken, ActTime(now.at, now.wall, now.due, max(report.at, now.at - SPOKEN_BACK)))


def _spoken_id(report: ev.SpokenReported) -> str:
    """The id of the act that a confirmed report becomes: it is applied once, however often it is confirmed."""
    return f"heard-{report.report}"


# -- working -----------------------------------------------------------------------------------------------------------


def _begin(state: DrillState, act: Act, action: Action, now: ActTime) -> Event:
    running = state.running.get(act.who)
    if running is not None:
        busy = state.plan.scenario.action(running.action)
        label = fill(busy.label, state.values) if busy is not None else running.action
        raise ActRefused(f"you are busy until that is done: {label}; one thing at a time")
    again = action.takes_again is not None and action.id in state.done
    takes = action.takes_again if again and action.takes_again is not None else action.takes
    return ev.ActionStarted(*stamp(state, act, now), action=action.id, run=state.runs + 1, ends=now.at + takes)


@RULES.add(phase="response")
def _start_action(state: DrillState, act: do.StartAction, now: ActTime) -> Event:
    plan = state.plan
    if plan.mode == "assessed" and plan.seats[act.who].kind == "person":
        raise ActRefused("say what you do in your own words (/do …); an assessed drill has no list to choose from")
    action = state.plan.scenario.action(act.action)
    if action is None:
        close = closest(act.action, [known.id for known in state.plan.scenario.actions])
        raise ActRefused(f"there is no action {act.action!r}" + (f"; did you mean {close!r}?" if close else ""))
    return _begin(state, act, action, now)


@RULES.add(phase="response")
def _attempt(state: DrillState, act: do.Attempt | do.Ask, now: ActTime) -> Event:
    text = prose(act.text, "what to do" if isinstance(act, do.Attempt) else "what you want to know")
    action = which_action(text, state.plan.scenario.actions)
    if action is not None and (isinstance(act, do.Attempt) or action.effect == "nothing"):
        return _begin(state, act, action, now)
    return ev.QuestionAsked(*stamp(state, act, now), question=state.question_count + 1, text=text)


@RULES.add(phase="response")
def _tick(state: DrillState, act: do.TickStep, now: ActTime) -> Event:
    _check_step(state, act)
    return ev.StepDone(*stamp(state, act, now), procedure=act.procedure, step=act.step)


@RULES.add()
def _flag(state: DrillState, act: do.FlagStep, now: ActTime) -> Event:
    _check_step(state, act)
    text = prose(act.text, "what is wrong with the step")
    return ev.StepFlagged(*stamp(state, act, now), procedure=act.procedure, step=act.step, text=text)


def _check_step(state: DrillState, act: do.TickStep | do.FlagStep) -> None:
    """Check that the procedure has such a step."""
    book, _, name = act.procedure.partition("/")
    runbook = state.plan.runbook(book)
    procedure = runbook.procedure(name) if runbook is not None else None
    if procedure is None:
        known = [f"{one.runbook}/{part.id}" for one in state.plan.runbooks for part in one.procedures]
        close = closest(act.procedure, known)
        raise ActRefused(f"there is no procedure {act.procedure!r}" + (f"; did you mean {close!r}?" if close else ""))
    if not 1 <= act.step <= len(procedure.steps):
        raise ActRefused(f"{act.procedure} has steps 1 to {len(procedure.steps)}")


@RULES.add(phase="response", in_channel=True)
def _delegate(state: DrillState, act: do.Delegate, now: ActTime) -> Event:
    to = known_member(state, act.to)
    if to not in state.joined:
        raise ActRefused(f"{person(to)} is not in {state.plan.protocol.channel} yet")
    return ev.TaskDelegated(
        *stamp(state, act, now), task=state.task_count + 1, to=to, text=prose(act.text, f"what {person(to)} should do")
    )


@RULES.add()
def _finish_task(state: DrillState, act: do.FinishTask, now: ActTime) -> Event:
    mine = [number for number, task in state.tasks.items() if task.to == act.who]
    task = act.task if act.task is not None else min(mine, default=None)
    if task is None or task not in mine:
        raise ActRefused("you have no such open task" if task is not None else "you have no open task")
    return ev.TaskDone(*stamp(state, act, now), task=task)


@RULES.add(phase="response")
def _workaround(state: DrillState, act: do.AnnounceWorkaround, now: ActTime) -> Event:
    return ev.WorkaroundAnnounced(*stamp(state, act, now), text=prose(act.text, "what operations can do meanwhile"))


@RULES.add(phase="response")
def _bug(state: DrillState, act: do.FileBug, now: ActTime) -> Event:
    return ev.BugFiled(*stamp(state, act, now), text=prose(act.text, "what is wrong"))


@RULES.add(phase="response")
def _close(state: DrillState, act: do.CloseIncident, now: ActTime) -> Event:
    commander = state.commander
    if act.who not in (commander, *(() if commander else state.reported)):
        raise ActRefused(
            f"the {state.plan.protocol.commander_title} closes an incident; before there is one, the first responder"
        )
    return ev.IncidentClosed(*stamp(state, act, now), reason=prose(act.reason, "why it can be closed"))


@RULES.add(phase="response")
def _resolve(state: DrillState, act: do.Resolve, now: ActTime) -> Event:
    return ev.IncidentResolved(*stamp(state, act, now), text=optional(act.text))


# -- papers ------------------------------------------------------------------------------------------------------------


@RULES.add(phase="afterwards")
def _situation(state: DrillState, act: do.FileSituationReport, now: ActTime) -> Event:
    return ev.SituationReportFiled(
        *stamp(state, act, now),
        solution=optional(act.solution),
        who_impacted=optional(act.who_impacted),
        how_impacted=optional(act.how_impacted),
    )


@RULES.add(phase="afterwards")
def _email(state: DrillState, act: do.EmailReport, now: ActTime) -> Event:
    if not state.reported_situation:
        raise ActRefused("there is no situation report yet (/sitrep …)")
    if state.emailed:
        raise ActRefused("the situation report has already been sent")
    return ev.ReportEmailed(*stamp(state, act, now))


@RULES.add(phase="afterwards")
def _attach(state: DrillState, act: do.Attach, now: ActTime) -> Event:
    ready: dict[ev.Paper, bool] = {"situation_report": state.reported_situation, "post_mortem": state.post_mortem}
    waiting = [paper for paper, there in ready.items() if there and paper not in state.attached]
    paper = act.paper if act.paper is not None else next(iter(waiting), None)
    if paper is None or paper not in waiting:
        raise ActRefused("no paper is waiting to be attached; file it first")
    return ev.PaperAttached(*stamp(state, act, now), paper=paper)


@RULES.add(phase="afterwards")
def _post_mortem(state: DrillState, act: do.FilePostMortem, now: ActTime) -> Event:
    parts = [optional(part) for part in (act.summary, act.went_well, act.went_badly, act.learnings)]
    if not any(parts):
        raise ActRefused("say at least what was learned (learnings=…)")
    return ev.PostMortemFiled(
        *stamp(state, act, now), summary=parts[0], went_well=parts[1], went_badly=parts[2], learnings=parts[3]
    )


@RULES.add(phase="afterwards", also=_leads_the_talk)
def _corrective(state: DrillState, act: do.AddCorrectiveAction, now: ActTime) -> Event:
    if act.owner:
        known_member(state, act.owner)
    due_on = ""
    if act.due_on:
        try:
            due_on = date.fromisoformat(act.due_on).isoformat()
        except ValueError:
            raise ActRefused(f"{act.due_on!r} is not a date; write it like 2026-03-31") from None
    text = prose(act.text, "what should change")
    owed = {one.id for table in state.plan.protocol.tables for one in table.obligations}
    if act.obligation and act.obligation not in owed:
        close = closest(act.obligation, sorted(owed))
        advice = f"; did you mean {close!r}?" if close else "; leave it out if none shows that it helped"
        raise ActRefused(f"the protocol has no obligation {act.obligation!r}{advice}")
    return ev.CorrectiveActionAdded(
        *stamp(state, act, now), text=text, owner=act.owner, due_on=due_on, obligation=act.obligation
    )


@RULES.add(also=_takes_part)
def _stop(state: DrillState, act: do.Stop, now: ActTime) -> Event:
    if state.stopped:
        raise ActRefused("everything is already halted")
    return ev.DrillStopped(*stamp(state, act, now))
