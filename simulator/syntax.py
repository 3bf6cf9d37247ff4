"""The one text syntax for acts, for the room, chat, the terminal and scripts. Prose is the raw rest of the line."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from scenarios.base import parse_duration
from scenarios.problem import closest
from simulator import acts as do
from simulator.acts import Act, ActRefused

__all__ = ["FORMS", "VERBS", "Form", "parse", "with_handles"]

_SHOWN = 20
"""How much of an unknown verb an answer repeats."""
_NEXT = re.compile(r"(?:^|\s)next\s+(\S+)\s*$", re.IGNORECASE)

Reader = Callable[[str, str, str | None], Act]
"""Reads the rest of the line into an act of (who, client's id)."""


def parse(text: str, who: str, act: str | None = None, handles: Mapping[str, str] | None = None) -> Act:
    """The act that a line means; `act` is the client's id for it. Raises ActRefused with what was expected.

    With handles, from handle to id, people can be named by those, too.
    """
    text = (
        text.strip() if handles is None else _members_as(text.strip(), lambda verb, word: _id_of(verb, word, handles))
    )
    if not text.startswith("/"):
        return do.Say(who=who, id=act, text=text)
    verb, rest = _first(text[1:])
    known = VERBS.get(verb.lower())
    if known is None:
        close = closest(verb[:_SHOWN].lower(), list(VERBS))
        raise ActRefused(
            f"there is no /{verb[:_SHOWN]}" + (f"; did you mean /{close}?" if close else "; plain text is a message")
        )
    return known(rest, who, act)


def with_handles(text: str, handles: Mapping[str, str]) -> str:
    """A line with the handles of people where it has their ids, as they would be typed."""
    by_id = {who: handle for handle, who in handles.items()}
    return _members_as(text, lambda _, word: by_id.get(word, word))


_NAMES = {
    **dict.fromkeys(("delegate", "hint", "excuse", "heard"), re.compile(r"()(\S+)(.*)", re.DOTALL)),
    "inject": re.compile(r"()(\S+)(\s.*)", re.DOTALL),
    "handover": re.compile(r"(.*\s)(\S+)()", re.DOTALL),
    "action": re.compile(r"((?:|.*\s)owner=)(\S+)(.*)", re.DOTALL),
}
"""Where in the rest of a line somebody is named: what stands before, the word, what stands behind."""


def _members_as(text: str, change: Callable[[str, str], str]) -> str:
    """A line in which each word that names somebody is changed."""
    verb, gap, rest = re.fullmatch(r"(/\S+|)(\s*)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    found = _NAMES[known].fullmatch(rest) if (known := verb[1:].lower()) in _NAMES else None
    if found is None:
        return text
    before, word, behind = found.groups()
    if known == "heard":  # what was said is a line as well
        space = behind[: len(behind) - len(behind.lstrip())]
        behind = space + _members_as(behind.lstrip(), change)
    return f"{verb}{gap}{before}{change(known, word)}{behind}"


def _id_of(verb: str, word: str, handles: Mapping[str, str]) -> str:
    """The id of whom a word names; the word itself where it is nobody's, which may be a role or an id."""
    spelled = word.lstrip("@").rstrip(",:").lower()
    if spelled in handles or word in handles.values():
        return handles.get(spelled, word)
    close = closest(spelled, list(handles))
    if close is not None and verb != "inject":  # that may go to a role
        raise ActRefused(f"{word[:_SHOWN]!r} is nobody in this drill; did you mean {close!r}?")
    return word


def _first(text: str) -> tuple[str, str]:
    """The first word, and the raw rest; a line break sets them apart as a space does."""
    words = text.split(None, 1)
    return (words[0], words[1].strip()) if len(words) == 2 else ("".join(words), "")


def _usage(form: str) -> ActRefused:
    return ActRefused(f"write it like {form}")


def _number(text: str, form: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise _usage(form)
    return int(text)


def _optional_number(text: str, form: str) -> int | None:
    return _number(text, form) if text else None


def _grave(rest: str) -> tuple[int | None, str | None]:
    """A severity and a topic, either of which may be missing."""
    first, others = _first(rest)
    if re.fullmatch(r"\d", first, re.ASCII):
        return int(first), others or None
    return None, rest or None


def _two(rest: str, form: str) -> tuple[str, str]:
    first, others = _first(rest)
    if not others:
        raise _usage(form)
    return first, others


def _fields(rest: str, names: tuple[str, ...], form: str) -> dict[str, str]:
    """`name=prose` after `name=prose`; prose runs to the next name."""
    parts = re.split(rf"(?:^|\s)({'|'.join(names)})=", rest)
    if len(parts) == 1 or parts[0].strip():
        raise _usage(form)
    return dict(zip(parts[1::2], (prose.strip() for prose in parts[2::2]), strict=True))


def _severity(rest: str, who: str, act: str | None) -> Act:
    return do.DeclareSeverity(who=who, id=act, severity=_number(rest, "/sev 1"))


def _alert(rest: str, who: str, act: str | None) -> Act:
    severity, topic = _grave(rest)
    return do.AlertTeam(who=who, id=act, severity=severity, topic=topic)


def _restate(rest: str, who: str, act: str | None) -> Act:
    severity, topic = _grave(rest)
    return do.Restate(who=who, id=act, severity=severity, topic=topic)


def _role(rest: str, who: str, act: str | None) -> Act:
    if not rest:
        raise _usage("/role solutioneer")
    return do.TakeRole(who=who, id=act, role=rest)


def _hand_over(rest: str, who: str, act: str | None) -> Act:
    *role, to = rest.split() or [""]
    if not role:
        raise _usage("/handover incident_commander ben")
    return do.HandOver(who=who, id=act, role=" ".join(role), to=to)


def _publish(rest: str, who: str, act: str | None) -> Act:
    promise = _NEXT.search(rest)
    if promise is None:
        return do.Publish(who=who, id=act, text=rest)
    try:
        return do.Publish(who=who, id=act, text=rest[: promise.start()].strip(), next_in=parse_duration(promise[1]))
    except ValueError:
        return do.Publish(who=who, id=act, text=rest)  # "…, see you next week" is prose


def _reply(rest: str, who: str, act: str | None) -> Act:
    number, text = _two(rest, "/reply 3 We are on it")
    return do.Reply(who=who, id=act, number=_number(number, "/reply 3 We are on it"), text=text)


def _step(rest: str, who: str, act: str | None) -> Act:
    procedure, step = _two(rest, "/step deployment/roll-back 2")
    return do.TickStep(who=who, id=act, procedure=procedure, step=_number(step, "/step deployment/roll-back 2"))


def _flag(rest: str, who: str, act: str | None) -> Act:
    form = "/wrong deployment/roll-back 2 the pipeline has no lock any more"
    procedure, others = _two(rest, form)
    step, text = _two(others, form)
    return do.FlagStep(who=who, id=act, procedure=procedure, step=_number(step, form), text=text)


def _delegate(rest: str, who: str, act: str | None) -> Act:
    to, text = _two(rest, "/delegate ben check the database")
    return do.Delegate(who=who, id=act, to=to, text=text)


def _situation(rest: str, who: str, act: str | None) -> Act:
    given = _fields(rest, ("solution", "who", "how"), "/sitrep solution=… who=… how=…")
    return do.FileSituationReport(
        who=who,
        id=act,
        solution=given.get("solution", ""),
        who_impacted=given.get("who", ""),
        how_impacted=given.get("how", ""),
    )


def _post_mortem(rest: str, who: str, act: str | None) -> Act:
    names = ("summary", "went_well", "went_badly", "learnings")
    return do.FilePostMortem(
        who=who, id=act, **_fields(rest, names, "/postmortem learnings=… went_well=… went_badly=…")
    )


def _corrective(rest: str, who: str, act: str | None) -> Act:
    given = _fields(rest, ("owner", "due", "what"), "/action owner=ben due=2026-03-31 what=…")
    return do.AddCorrectiveAction(
        who=who, id=act, text=given.get("what", ""), owner=given.get("owner", ""), due_on=given.get("due", "")
    )


def _heard(rest: str, who: str, act: str | None) -> Act:
    speaker, text = _two(rest, "/heard ben /ack")
    return do.Heard(who=who, id=act, speaker=speaker, text=text)


def _attach(rest: str, who: str, act: str | None) -> Act:
    if not rest:
        return do.Attach(who=who, id=act)
    if rest not in ("situation_report", "post_mortem"):
        raise _usage("/attach situation_report or /attach post_mortem")
    return do.Attach(who=who, id=act, paper="situation_report" if rest == "situation_report" else "post_mortem")


def _answer(rest: str, who: str, act: str | None) -> Act:
    first, others = _first(rest)
    if re.fullmatch(r"\d{1,6}", first, re.ASCII) and others:
        return do.Answer(who=who, id=act, question=int(first), text=others)
    return do.Answer(who=who, id=act, text=rest)


def _inject(rest: str, who: str, act: str | None) -> Act:
    first, others = _first(rest)
    if not first:
        raise _usage("/inject first-customer, or /inject communications The press is calling")
    if not others:
        return do.SendInject(who=who, id=act, inject=first)
    return do.SendInject(who=who, id=act, to=first, text=others)


def _hint(rest: str, who: str, act: str | None) -> Act:
    to, text = _two(rest, "/hint ben read the release notes")
    return do.Hint(who=who, id=act, to=to, text=text)


def _excuse(rest: str, who: str, act: str | None) -> Act:
    member, reason = _two(rest, "/excuse ben called to a real incident")
    return do.Excuse(who=who, id=act, member=member, reason=reason)


def _rate(rest: str, who: str, act: str | None) -> Act:
    item, others = _two(rest, "/rate calm 80 nobody shouted")
    value, text = _first(others)
    return do.Rate(who=who, id=act, item=item, value=_number(value, "/rate calm 80"), text=text)


def _confirm(rest: str, who: str, act: str | None) -> Act:
    return do.Confirm(who=who, id=act, report=_optional_number(rest, "/confirm 2"))


VERBS: dict[str, Reader] = {
    "ack": lambda _, who, act: do.Acknowledge(who=who, id=act),
    "sev": _severity,
    "alert": _alert,
    "join": lambda _, who, act: do.Join(who=who, id=act),
    "restate": _restate,
    "role": _role,
    "release": lambda rest, who, act: do.ReleaseRole(who=who, id=act, role=rest or None),
    "handover": _hand_over,
    "accept": lambda _, who, act: do.AcceptRole(who=who, id=act),
    "say": lambda rest, who, act: do.Say(who=who, id=act, text=rest),
    "log": lambda rest, who, act: do.LogEntry(who=who, id=act, text=rest),
    "update": lambda rest, who, act: do.PostUpdate(who=who, id=act, text=rest),
    "draft": lambda rest, who, act: do.DraftMessage(who=who, id=act, text=rest),
    "approve": lambda rest, who, act: do.ApproveDraft(who=who, id=act, draft=_optional_number(rest, "/approve 2")),
    "publish": _publish,
    "reply": _reply,
    "do": lambda rest, who, act: do.Attempt(who=who, id=act, text=rest),
    "ask": lambda rest, who, act: do.Ask(who=who, id=act, text=rest),
    "step": _step,
    "wrong": _flag,
    "delegate": _delegate,
    "done": lambda rest, who, act: do.FinishTask(who=who, id=act, task=_optional_number(rest, "/done 2")),
    "workaround": lambda rest, who, act: do.AnnounceWorkaround(who=who, id=act, text=rest),
    "bug": lambda rest, who, act: do.FileBug(who=who, id=act, text=rest),
    "close": lambda rest, who, act: do.CloseIncident(who=who, id=act, reason=rest),
    "resolve": lambda rest, who, act: do.Resolve(who=who, id=act, text=rest),
    "sitrep": _situation,
    "email": lambda _, who, act: do.EmailReport(who=who, id=act),
    "attach": _attach,
    "postmortem": _post_mortem,
    "action": _corrective,
    "heard": _heard,
    "confirm": _confirm,
    "stop": lambda _, who, act: do.Stop(who=who, id=act),
    "pause": lambda rest, who, act: do.Pause(who=who, id=act, reason=rest),
    "resume": lambda _, who, act: do.Resume(who=who, id=act),
    "skip": lambda _, who, act: do.SkipAhead(who=who, id=act),
    "inject": _inject,
    "hold": lambda rest, who, act: do.HoldInject(who=who, id=act, inject=rest),
    "answer": _answer,
    "hint": _hint,
    "excuse": _excuse,
    "note": lambda rest, who, act: do.Note(who=who, id=act, text=rest),
    "rate": _rate,
    "end": lambda rest, who, act: do.EndDrill(who=who, id=act, reason=rest),
    "follow-up-done": lambda _, who, act: do.CloseFollowUp(who=who, id=act),
}
"""Every verb that may follow the slash."""


class Form(NamedTuple):
    """How a verb is written, for those who learn it."""

    verb: str
    form: str
    help: str
    staff: bool = False
    """Whether only those who run or rate the drill may use it."""


FORMS = (
    Form("ack", "/ack", "answer the alert"),
    Form("sev", "/sev 1", "declare how grave it is; 0 is a false alarm"),
    Form("alert", "/alert 1 login", "call the team, with severity and topic"),
    Form("join", "/join", "come into the channel"),
    Form("restate", "/restate 1 login", "restate severity and topic in the channel"),
    Form("role", "/role solutioneer", "take a role"),
    Form("release", "/release solutioneer", "give a role back"),
    Form("handover", "/handover incident commander ben", "offer your role to somebody"),
    Form("accept", "/accept", "accept the role you were offered"),
    Form("say", "/say hello", "talk in the channel, as plain text does"),
    Form("log", "/log deployed v411", "put into the running log what has been done"),
    Form("update", "/update The cause is found", "tell the organization how it stands"),
    Form("draft", "/draft We know of it", "propose a message to customers"),
    Form("approve", "/approve", "agree to the last draft, as commander"),
    Form("publish", "/publish We know of it next 20m", "tell customers, and when they hear more"),
    Form("reply", "/reply 3 We are on it", "answer a message by its number"),
    Form("do", "/do roll back", "do something, in your own words"),
    Form("ask", "/ask is the database slow?", "ask how something stands"),
    Form("step", "/step deployment/roll-back 2", "tick off a step of a procedure"),
    Form("wrong", "/wrong deployment/roll-back 2 there is no lock", "say that a step is wrong, and how"),
    Form("delegate", "/delegate ben check the database", "ask somebody to do something"),
    Form("done", "/done", "say that a task is done"),
    Form("workaround", "/workaround on paper", "tell operations how to go on meanwhile"),
    Form("bug", "/bug the list is slow", "file it as a bug for the sprint"),
    Form("close", "/close nothing is broken", "close it without a resolution, with the reason"),
    Form("resolve", "/resolve", "declare it resolved"),
    Form("sitrep", "/sitrep solution=… who=… how=…", "file the situation report"),
    Form("email", "/email", "send the situation report to the stakeholders"),
    Form("attach", "/attach", "attach a paper to the topic"),
    Form("postmortem", "/postmortem learnings=…", "file the post-mortem"),
    Form("action", "/action owner=ben due=2026-03-31 what=…", "enter something to change"),
    Form("heard", "/heard ben /ack", "report what somebody said aloud"),
    Form("confirm", "/confirm", "confirm what was reported of you"),
    Form("stop", "/stop", "something real has happened: halt everything"),
    Form("pause", "/pause", "stop the clock", staff=True),
    Form("resume", "/resume", "let the clock run again", staff=True),
    Form("skip", "/skip", "go ahead to what is due next", staff=True),
    Form("inject", "/inject communications The press is calling", "send an inject", staff=True),
    Form("hold", "/hold first-customer", "hold an inject back", staff=True),
    Form("answer", "/answer All is normal", "answer the oldest question", staff=True),
    Form("hint", "/hint ben read the release notes", "help somebody", staff=True),
    Form("excuse", "/excuse ben called away", "expect nothing more of somebody", staff=True),
    Form("note", "/note they were calm", "keep an observation", staff=True),
    Form("rate", "/rate calm 80 nobody shouted", "rate what no log can show", staff=True),
    Form("end", "/end", "end the phase", staff=True),
    Form("follow-up-done", "/follow-up-done", "close the follow-up", staff=True),
)
"""Every verb with an example, in the order in which a drill needs them."""
