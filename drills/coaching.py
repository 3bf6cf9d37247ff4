"""Help while a drill runs: what is owed and by when, what the protocol would do next and why, advice before publishing.

None of it scores anything. What is owed is read from the scorecard of the drill as far as it has come.
"""

import re
from typing import Any, Literal, NamedTuple

from scenarios.protocol import Obligation
from scenarios.text import fill
from scoring.result import Item
from scoring.scorecard import grade
from simulator import events as ev
from simulator.crowd import claims_over
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.state import DrillState

__all__ = ["Advice", "Duty", "advice", "coach", "duties"]


class Duty(NamedTuple):
    """Something that is owed, and how it stands."""

    id: str
    title: str
    owner: str
    owner_title: str
    target_at: int | None
    """Drill time in milliseconds."""
    deadline_at: int | None
    state: Literal["open", "overdue", "late", "done", "void"]
    act: str
    hint: str


class Advice(NamedTuple):
    """Something to think of before a message goes out."""

    id: str
    text: str


def duties(log: DrillLog, at: int) -> list[Duty]:
    """What the true severity demands that has a time, in the order of those times; `at` is drill time now."""
    card = grade(log)
    table = log.plan.protocol.table(card.severity)
    known = {owed.id: owed for owed in table.obligations} if table is not None else {}
    found = [
        _duty(item, known[item.id], log.plan, at)
        for part in card.components.values()
        for item in part.items
        if item.id in known and item.target_s is not None
    ]
    return sorted(found, key=lambda duty: (duty.target_at is None, duty.target_at or 0, duty.id))


def _duty(item: Item, owed: Obligation, plan: DrillPlan, at: int) -> Duty:
    start = item.clock_start_s
    target = None if start is None or item.target_s is None else round((start + item.target_s) * 1000)
    deadline = None if start is None or item.deadline_s is None else round((start + item.deadline_s) * 1000)
    state: Literal["open", "overdue", "late", "done", "void"] = "open"
    if item.actual_s is not None and item.score is not None:
        state = "done" if item.score >= 100 else "late"
    elif target is not None and at > target:
        state = "overdue"
    return Duty(
        owed.id, item.title, owed.owner, _owner(owed.owner, plan), target, deadline, state, owed.act, _hint(owed)
    )


def _owner(owner: str, plan: DrillPlan) -> str:
    role = plan.protocol.role(owner)
    return (
        role.title
        if role is not None
        else {"first_responder": "First responder", "everyone": "Everyone"}.get(owner, "The team")
    )


_DOING = {
    "severity_declared": ("Say how grave it is.", "/sev 1"),
    "team_alerted": ("Call the team, with severity and topic.", "/alert 1 topic"),
    "acknowledged": ("Answer the alert.", "/ack"),
    "joined": ("Come into the channel.", "/join"),
    "role_in_place": ("Somebody takes the role.", "/role {role}"),
    "roles_covered": ("Take the roles that are open.", "/role …"),
    "logged": ("Begin the running log.", "/log …"),
    "updated": ("Tell the organization how it stands.", "/update …"),
    "published": ("Tell customers what you know, and when they hear more.", "/publish … next 20m"),
    "workaround_used": ("Tell operations how to go on meanwhile.", "/workaround …"),
    "bug_filed": ("File it as a bug for the sprint.", "/bug …"),
    "closed": ("Close it, and say why.", "/close …"),
    "impact_ended": ("Look for the cause, then mend it.", "/do …"),
    "not_silent": ("Say in the channel how it stands.", "/log …"),
}
"""What to do for each kind of duty, and how one types it."""


def _hint(owed: Obligation) -> str:
    said, form = _DOING.get(owed.act, (f"{owed.id.replace('_', ' ').capitalize()}.", ""))
    return f"{said} {form.format(role=(owed.role or '').replace('_', ' '))}".strip()


def coach(log: DrillLog, state: DrillState, member: str, at: int) -> dict[str, str]:
    """What the protocol would have a member do next, and why."""
    plan = log.plan
    if state.phase == "papers":
        return {"says": "File the situation report, send it and attach it.", "because": plan.protocol.papers[0]}
    if state.phase != "respond":
        return {"says": "The response is over. Look at what it was worth.", "because": plan.protocol.papers[-1]}
    mine = [duty for duty in duties(log, at) if duty.state in ("open", "overdue") and _is_mine(duty, state, member)]
    if not mine:
        return {
            "says": "Nothing is owed by you just now. Listen, and log what you see.",
            "because": plan.protocol.process[3 % len(plan.protocol.process)],
        }
    first = mine[0]
    table = plan.protocol.table(plan.scenario.severity_at(at))
    owed = next((one for one in table.obligations if one.id == first.id), None) if table is not None else None
    late = " It is overdue." if first.state == "overdue" else ""
    because = owed.because if owed is not None and owed.because else "The protocol asks for it."
    return {"says": f"{first.hint}{late}", "because": because}


def _is_mine(duty: Duty, state: DrillState, member: str) -> bool:
    if duty.owner == "first_responder":
        return member in state.reported
    if duty.owner == "everyone":
        done = state.acknowledged if duty.act == "acknowledged" else state.joined
        return member in state.alerted and member not in done
    return duty.owner == "team" or (duty.owner in state.roles and state.holds(member, duty.owner))


_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d+\s*(?:min|minutes|hours?|h)\b", re.IGNORECASE)
_CAUSE = re.compile(r"\b(?:because|due to|caused by|the cause|reason is|root cause)\b", re.IGNORECASE)


def advice(
    plan: DrillPlan, state: DrillState, events: "list[ev.Event]", text: str, next_in: int | None
) -> list[Advice]:
    """What to think of before this goes out to customers. It judges nothing, and no point depends on it."""
    said = text.lower()
    found: list[Advice] = []

    def say(name: str, words: str) -> None:
        found.append(Advice(name, words))

    if not re.search(r"\b(?:some|all|every|customers?|users?|those|everyone|anybody|anyone|who|you)\b", said):
        say("who_affected", "Say who is affected.")
    if not re.search(r"\b(?:cannot|can't|unable|error|fail|slow|not|see|wait|wrong|twice|lost|late|problem)", said):
        say("what_they_see", "Say what they see, in their words.")
    if next_in is None and not claims_over(text):
        say("next_message", "Say when they hear from you next.")
    leaked = _internal(plan, state, said)
    if leaked:
        say("internal_name", f"“{leaked}” is a name that only we use.")
    known = " ".join(event.text.lower() for event in events if isinstance(event, ev.EntryLogged | ev.UpdatePosted))
    if _CAUSE.search(text) and not _CAUSE.search(known) and not state.done:
        say("cause_unknown", "You name a cause, and the log does not know one yet.")
    told = _TIME.search(text)
    if told and next_in is None and told[0].lower() not in known:
        say("time_unknown", f"“{told[0]}”: the log knows no such time.")
    if (claims_over(text) or next_in == 0) and state.impact != "ended":
        say("not_over", "You say that it is over. Look at the signals again.")
    return found


def _internal(plan: DrillPlan, state: DrillState, said: str) -> str:
    """A word that outsiders do not know, if the message has one."""
    words = [name for name in plan.scenario.signals if "_" in name]
    words += [str(value).lower() for name, value in state.values.items() if name in ("release", "change", "build")]
    words += [role.title.lower() for role in plan.protocol.roles] + [plan.protocol.channel.lower()]
    words += re.findall(r"\b[a-z]+-[a-z]+-?[a-z0-9]*\b(?=:)", fill(plan.scenario.report.text, state.values).lower())
    return next((word for word in words if word and word in said), "")


def as_data(found: "list[Duty] | list[Advice]") -> list[dict[str, Any]]:
    """Duties or advice as plain data."""
    return [one._asdict() for one in found]
