"""The one text syntax for acts, for the room, chat, the terminal and scripts. Prose is the raw rest of the line."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import structs

from scenarios.base import parse_duration
from scenarios.problem import closest
from scenarios.protocol import Protocol
from simulator import acts as do
from simulator.acts import Act, ActRefused
from simulator.events import Mark

__all__ = ["FORMS", "Form", "names_somebody", "parse", "with_handles", "with_ids"]

_SHOWN = 20
"""How much of an unknown verb an answer repeats."""
_JUDGED = re.compile(
    r"(\d{1,6})(?:\s+(\d{1,2}))?\s+(done|partly|not)(?:\s+(.*))?", re.IGNORECASE | re.ASCII | re.DOTALL
)
_NO_NEXT = ("none", "never")
"""In the place of the next message's time: this is the last."""
_NEXT = re.compile(r"(?:^|\s)next\s+(\S+)\s*$", re.IGNORECASE)

Reader = Callable[[str, str, str | None], Act]
"""Reads the rest of the line into an act of (who, client's id)."""


def parse(
    text: str,
    who: str,
    act: str | None = None,
    handles: Mapping[str, str] | None = None,
    protocol: Protocol | None = None,
) -> Act:
    """The act that a line means; `act` is the client's id for it. Raises ActRefused with what was expected.

    With handles, from handle to id, people can be named by those, too; with a protocol, severities and roles by its
    names for them.
    """
    text = (
        text.strip() if handles is None else _members_as(text.strip(), lambda verb, word: _id_of(verb, word, handles))
    )
    text = text if protocol is None else with_ids(text, protocol)
    if not text.startswith("/"):
        return do.Say(who=who, id=act, text=text)
    verb, rest = _first(text[1:])
    known = _READERS.get(verb.lower())
    if known is None:
        close = closest(verb[:_SHOWN].lower(), list(_READERS))
        raise ActRefused(
            f"there is no /{verb[:_SHOWN]}" + (f"; did you mean /{close}?" if close else "; plain text is a message")
        )
    return known(rest, who, act)


_NAMED = re.compile(r"/(sev|alert|restate|inject)(\s+)(.+)", re.IGNORECASE | re.DOTALL)
"""A line that begins with a severity, or with a role to which something goes."""


def with_ids(text: str, protocol: Protocol) -> str:
    """A line with a severity's number or a role's id where it begins with the protocol's own name for it."""
    named = _NAMED.fullmatch(text)
    if named is None:
        return text
    verb, gap, rest = named.groups()
    if verb.lower() == "inject":
        ids = {said: role.id for role in protocol.roles for said in (role.title, role.id.replace("_", " "))}
    else:
        ids = {said: str(level) for level, said in protocol.levels.items()}
    for said, known in sorted(ids.items(), key=lambda one: -len(one[0])):  # one name may begin with another
        found = re.match(rf"{re.escape(said)}[,:]?(?=\s|$)", rest, re.IGNORECASE)
        if found is not None and not said.isdigit():
            return f"/{verb}{gap}{known}{rest[found.end() :]}"
    return text


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
"""Where in the rest of a line somebody is named: what comes before, the word, what comes after."""


def names_somebody(text: str) -> bool:
    """Whether a line may name somebody."""
    return text.lstrip()[:1] == "/" and text.split(None, 1)[0][1:].lower() in _NAMES


def _members_as(text: str, change: Callable[[str, str], str], *, spoken: bool = False) -> str:
    """A line with each word that names somebody changed."""
    verb, gap, rest = re.fullmatch(r"(/\S+|)(\s*)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    found = _NAMES[known].fullmatch(rest) if (known := verb[1:].lower()) in _NAMES else None
    if found is None:
        return text
    before, word, behind = found.groups()
    if known == "heard" and not spoken:  # what was said is itself a line
        space = behind[: len(behind) - len(behind.lstrip())]
        behind = space + _members_as(behind.lstrip(), change, spoken=True)
    return f"{verb}{gap}{before}{change(known, word)}{behind}"


def _id_of(verb: str, word: str, handles: Mapping[str, str]) -> str:
    """The id of the person that a word names; the word itself if it is nobody's: it may be a role or an id."""
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


def _bare(kind: type[Act]) -> Reader:
    """Reads an act without arguments."""
    return lambda _, who, act: kind(who=who, id=act)


def _whole(kind: type[Act], field: str) -> Reader:
    """Reads an act with one field, the rest of the line."""
    return lambda rest, who, act: kind(who=who, id=act, **{field: rest})


def _numbered(kind: type[Act], field: str, form: str) -> Reader:
    """Reads an act with one field, an optional number."""
    return lambda rest, who, act: kind(who=who, id=act, **{field: _optional_number(rest, form)})


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


def _release(rest: str, who: str, act: str | None) -> Act:
    return do.ReleaseRole(who=who, id=act, role=rest or None)


def _hand_over(rest: str, who: str, act: str | None) -> Act:
    *role, to = rest.split() or [""]
    if not role:
        raise _usage("/handover incident_commander ben")
    return do.HandOver(who=who, id=act, role=" ".join(role), to=to)


_BY = re.compile(r"by (e-?mail|social[ _]media)(?: +|$)", re.IGNORECASE)
"""Another way to customers than the status page."""


def _publish(rest: str, who: str, act: str | None) -> do.Publish:
    way = _BY.match(rest)
    if way is not None:
        other = "email" if way[1].lower().startswith("e") else "social_media"
        return structs.replace(_publish(rest[way.end() :], who, act), by=other)
    promise = _NEXT.search(rest)
    if promise is None:
        return do.Publish(who=who, id=act, text=rest)
    text = rest[: promise.start()].strip()
    if promise[1].lower() in _NO_NEXT:
        return do.Publish(who=who, id=act, text=text, next_in=0)
    try:
        return do.Publish(who=who, id=act, text=text, next_in=parse_duration(promise[1]))
    except ValueError:
        return do.Publish(who=who, id=act, text=rest)  # "…, see you next week" is prose


def _reply(rest: str, who: str, act: str | None) -> Act:
    number, text = _two(rest, "/reply 3 We are on it")
    return do.Reply(who=who, id=act, number=_number(number, "/reply 3 We are on it"), text=text)


def _contact(rest: str, who: str, act: str | None) -> Act:
    outsider, text = _two(rest, "/contact counsel May we tell them?")
    return do.Contact(who=who, id=act, outsider=outsider, text=text)


def _judge(rest: str, who: str, act: str | None) -> Act:
    found = _JUDGED.fullmatch(rest)
    if found is None:
        raise _usage("/judge 3 done, /judge 3 partly they named nobody, or /judge 3 not")
    number, place, mark, text = found.groups()
    marks: dict[str, Mark] = {"done": "done", "partly": "partly", "not": "not"}
    expected = int(place) if place else None
    return do.Judge(who=who, id=act, number=int(number), mark=marks[mark.lower()], expected=expected, text=text or "")


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


_CORRECTIVE = "/action owner=ben due=2026-03-31 shows=not_silent what=…"


def _corrective(rest: str, who: str, act: str | None) -> Act:
    given = _fields(rest, ("owner", "due", "shows", "what"), _CORRECTIVE)
    return do.AddCorrectiveAction(
        who=who,
        id=act,
        text=given.get("what", ""),
        owner=given.get("owner", ""),
        due_on=given.get("due", ""),
        obligation=given.get("shows", ""),
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


def _tool(rest: str, who: str, act: str | None) -> Act:
    said = re.fullmatch(r"(.+?)\s+(down|up)", rest, re.IGNORECASE | re.DOTALL)
    if said is None:
        raise _usage("/tool dashboard down, or /tool status page up")
    tool = "_".join(said[1].lower().split())
    return do.SetTool(who=who, id=act, tool=tool, works=said[2].lower() == "up")


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


class Form(NamedTuple):
    """A verb: how it is written, for people who learn it, and how what comes after it is read."""

    form: str
    help: str
    read: Reader

    @property
    def verb(self) -> str:
        """The word after the slash."""
        return _first(self.form[1:])[0]

    @property
    def staff(self) -> bool:
        """Whether only those who run or rate the drill may use it."""
        return isinstance(parse(self.form, ""), do.StaffAct)


FORMS = (
    Form("/ack", "answer the alert", _bare(do.Acknowledge)),
    Form("/sev 1", "declare how severe it is; 0 is a false alarm", _severity),
    Form("/alert 1 login", "call the team, with severity and topic", _alert),
    Form("/join", "join the channel", _bare(do.Join)),
    Form("/restate 1 login", "restate severity and topic in the channel", _restate),
    Form("/role solutioneer", "take a role", _role),
    Form("/release solutioneer", "give a role back", _release),
    Form("/handover incident commander ben", "offer your role to somebody", _hand_over),
    Form("/accept", "accept the role you were offered", _bare(do.AcceptRole)),
    Form("/say hello", "talk in the channel, as plain text does", _whole(do.Say, "text")),
    Form("/log deployed v411", "add what has been done to the running log", _whole(do.LogEntry, "text")),
    Form("/update The cause is found", "give the organization an update", _whole(do.PostUpdate, "text")),
    Form("/draft We know of it", "propose a message to customers", _whole(do.DraftMessage, "text")),
    Form("/approve", "approve the last draft, as commander", _numbered(do.ApproveDraft, "draft", "/approve 2")),
    Form(
        "/publish We know of it next 20m",
        "tell customers, and when they hear more (`next none`: it is the last)",
        _publish,
    ),
    Form("/reply 3 We are on it", "answer a message by its number", _reply),
    Form("/choose take-it-offline", "decide, by the option's name or number", _whole(do.Choose, "option")),
    Form("/contact counsel May we tell them?", "contact somebody outside the team", _contact),
    Form("/do roll back", "do something, in your own words", _whole(do.Attempt, "text")),
    Form("/ask is the database slow?", "ask about something", _whole(do.Ask, "text")),
    Form("/step deployment/roll-back 2", "tick off a step of a procedure", _step),
    Form("/wrong deployment/roll-back 2 there is no lock", "say that a step is wrong, and how", _flag),
    Form("/delegate ben check the database", "ask somebody to do something", _delegate),
    Form("/done", "say that a task is done", _numbered(do.FinishTask, "task", "/done 2")),
    Form(
        "/workaround on paper",
        "tell operations how to keep working in the meantime",
        _whole(do.AnnounceWorkaround, "text"),
    ),
    Form("/bug the list is slow", "file it as a bug for the sprint", _whole(do.FileBug, "text")),
    Form("/close nothing is broken", "close it unresolved, with the reason", _whole(do.CloseIncident, "reason")),
    Form("/resolve", "declare it resolved", _whole(do.Resolve, "text")),
    Form("/sitrep solution=… who=… how=…", "file the situation report", _situation),
    Form("/email", "send the situation report to the stakeholders", _bare(do.EmailReport)),
    Form("/attach", "attach a paper to the topic", _attach),
    Form("/postmortem learnings=…", "file the post-mortem", _post_mortem),
    Form(_CORRECTIVE, "add something to change", _corrective),
    Form("/heard ben /ack", "report what somebody said aloud", _heard),
    Form("/confirm", "confirm what was reported of you", _numbered(do.Confirm, "report", "/confirm 2")),
    Form("/stop", "something real has happened: halt everything", _bare(do.Stop)),
    Form("/pause", "stop the clock", _whole(do.Pause, "reason")),
    Form("/resume", "let the clock run again", _bare(do.Resume)),
    Form("/skip", "skip ahead to what is due next", _bare(do.SkipAhead)),
    Form("/inject communications The press is calling", "send an inject", _inject),
    Form("/hold first-customer", "hold an inject back", _whole(do.HoldInject, "inject")),
    Form("/tool status page down", "let a tool of the team go down, or come up again", _tool),
    Form("/answer All is normal", "answer the oldest question", _answer),
    Form("/hint ben read the release notes", "help somebody", _hint),
    Form("/excuse ben called away", "excuse somebody from the rest", _excuse),
    Form("/note they were calm", "keep an observation", _whole(do.Note, "text")),
    Form("/rate calm 80 nobody shouted", "rate what no log can show", _rate),
    Form("/judge 3 done", "say whether they did what message 3 expects", _judge),
    Form("/end", "end the phase", _whole(do.EndDrill, "reason")),
    Form("/follow-up-done", "close the follow-up", _bare(do.CloseFollowUp)),
)
"""Every verb with an example, in the order in which a drill needs them."""
_READERS = {form.verb: form.read for form in FORMS}
