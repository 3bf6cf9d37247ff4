"""What sheets call the people an inject goes to and the ways it comes, and what they are called here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "CONTROLLERS",
    "ROLES",
    "THEMSELVES",
    "WAYS",
    "Known",
    "is_for_controllers",
    "parts_of",
    "plain",
    "recipients",
    "way",
]

CONTROLLERS = "facilitator"
"""Whom an inject goes to that is for those who lead the exercise."""
ROLES: Mapping[str, tuple[str, ...]] = {
    "incident_commander": (
        "incident commander", "commander", "ic", "lead", "incident lead", "manager", "incident manager", "ir lead",
        "incident response lead", "incident response manager", "ir manager", "major incident manager", "mim",
        "team lead", "team leader", "duty manager", "crisis manager", "incident coordinator", "response lead",
    ),
    "solutioneer": (
        "solutioneer", "engineer", "engineering", "technical", "tech", "developer", "dev", "operations", "ops",
        "sre", "it", "on call", "on call engineer", "responder", "resolver", "soc", "soc analyst", "analyst",
        "security analyst", "incident responder", "devops", "it operations", "it ops", "network operations", "noc",
        "infrastructure", "platform", "sysadmin", "system administrator", "network", "csirt", "cert", "ir",
        "incident response", "technical lead", "tech lead", "database administrator", "dba",
        "site reliability engineer",
    ),
    "communications": (
        "communications", "communication", "comms", "pr", "press", "marketing", "customer liaison", "support",
        "spokesperson", "public relations", "comms lead", "communications lead", "pio", "public information officer",
        "press officer", "press office", "media relations", "corporate communications", "customer support",
        "customer service", "communications manager", "communications officer", "marketing and communications",
        "public affairs",
    ),
    "first_responder": ("first responder", "first on call", "on duty", "duty officer"),
    "everyone": (
        "everyone", "all", "everybody", "all players", "all participants", "whole team", "all hands", "players",
        "participants", "all staff", "any", "the team", "group", "plenary", "all roles", "exercise players",
    ),
    "channel": ("channel", "sitrep", "#sitrep", "room", "incident channel"),
    CONTROLLERS: (
        "facilitator", "controller", "control cell", "sim cell", "simcell", "simulation cell", "exercise control",
        "exercise controller", "evaluator", "white cell", "white", "exercise director", "excon", "facilitators only",
        "controllers only", "moderator", "trusted agent", "observer", "exercise staff",
    ),
}  # fmt: skip
"""What an inject may go to, and what sheets call it; plurals, `team` and the like come by themselves."""
THEMSELVES: Mapping[str, str] = {role: role for role in ROLES}
"""Who is meant by each of them under the standard protocol."""
WAYS: Mapping[str, tuple[str, ...]] = {
    "alert": ("alert", "page", "pager", "monitoring", "alarm", "notification", "siem", "ticket", "pagerduty",
              "opsgenie", "dashboard", "system alert", "servicenow", "jira"),
    "call": ("call", "phone", "telephone", "phone call", "voice", "radio", "video call", "conference call",
             "conference bridge", "bridge", "zoom", "voice message", "voicemail", "hotline", "mobile"),
    "email": ("email", "e mail", "mail", "letter", "fax", "memo", "written", "document", "handout", "paper"),
    "chat": ("chat", "slack", "teams", "im", "message", "text", "sms", "instant message", "text message", "ms teams",
             "microsoft teams", "whatsapp", "signal", "discord", "mattermost"),
    "customer": ("customer", "social media", "social", "twitter", "post", "tweet", "public", "news", "press", "web",
                 "media", "facebook", "website", "contact form", "news report", "tv"),
    "in_person": ("in person", "face to face", "f2f", "verbal", "verbally", "oral", "personally", "spoken", "runner",
                  "visit", "walk in", "in the room", "person"),
}  # fmt: skip
"""How an inject may come, and what sheets call it."""

_AFFIXES = re.compile(
    r"^(?:the|our|to) |\b(?:team|teams|staff|group|department|dept|cell|unit|members?|only|personnel)$"
)
_JOINT = re.compile(r"\s*(?:[,;/\n+&]|\band\b|\bor\b|\bplus\b|\bcc\b)\s*", re.IGNORECASE)
_FOR_CONTROLLERS = re.compile(
    r"^(?:exercise\s+)?(?:set-?\s?up|setup)\b|\bstart\s?ex\b|\bend\s?ex\b|^(?:end|start) of (?:the )?exercise\b|"
    r"\bdo(?:n't| not) (?:tell|show|share|reveal|brief)\b|^(?:player|participant|controller|staff)s? brief(?:ing)?\b|"
    r"^(?:for |note (?:to|for) )?(?:the )?(?:controller|facilitator|evaluator|moderator)s?\b"
    r"(?: only| notes?)?\s*[:(\-–]|"
    r"^(?:hot ?wash|debrief(?:ing)?)\b",
    re.IGNORECASE,
)


class Known(NamedTuple):
    """What a cell says, as far as it is known."""

    found: tuple[str, ...]
    """What it means, each once."""
    unknown: tuple[str, ...]
    """The words that mean nothing here, as they stand in the sheet."""


def plain(said: str) -> str:
    """Words in lower case, without signs, to be looked up."""
    return " ".join(re.sub(r"[^\w# ]", " ", said.lower().replace("_", " ")).split())


def parts_of(said: str) -> list[str]:
    """The recipients that a cell names, as they stand in it."""
    return [part.strip() for part in _JOINT.split(re.sub(r"\([^)]*\)", " ", said)) if part.strip()]


def recipients(said: str, means: Mapping[str, str], titles: Mapping[str, str], stand_ins: Mapping[str, str]) -> Known:
    """Whom a cell names. `means` is what somebody said of its words, `titles` what a protocol calls its roles.

    `stand_ins` says who is meant under that protocol by a role of ROLES.
    """
    whole = _role(said, means, titles, stand_ins)
    if whole is not None:
        return Known((whole,), ())
    parts = parts_of(said)
    found = {part: _role(part, means, titles, stand_ins) for part in parts}
    known = dict.fromkeys(role for role in found.values() if role is not None)
    if len(known) > 1:
        known.pop(CONTROLLERS, None)  # what players hear, controllers hear
    if "everyone" in known:
        known = {"everyone": None}
    return Known(tuple(known), tuple(part for part, role in found.items() if role is None))


def _role(said: str, means: Mapping[str, str], titles: Mapping[str, str], stand_ins: Mapping[str, str]) -> str | None:
    words = plain(said)
    if words in means:
        return means[words]
    if words in titles:
        return titles[words]
    named = said.strip().replace(" ", "_")
    return stand_ins.get((named if named in ROLES else _known_role(words)) or "")


@lru_cache(maxsize=1_000)
def _known_role(words: str) -> str | None:
    shorter = _AFFIXES.sub("", words).strip()
    every = re.fullmatch(r"all(?: \w+)?", words) and (shorter in ("all", "") or words.split()[-1] in _GROUPS)
    if every:
        return "everyone"
    forms = {words, shorter, words.removesuffix("s"), shorter.removesuffix("s")} - {""}
    return next((meant for meant, known in ROLES.items() if forms & {*known}), None)


_GROUPS = {"teams", "players", "participants", "staff", "members", "roles", "groups", "hands", "agencies"}


def way(said: str, means: Mapping[str, str]) -> str | None:
    """The way that a cell names; None if it names none that is known."""
    words = plain(said)
    return means.get(words) or _whole(words) or _within(words)


@lru_cache(maxsize=1_000)
def _whole(words: str) -> str | None:
    return next((meant for meant, known in _ways() if words in known or words.removesuffix("s") in known), None)


_NOT_ALONE = {
    "paper",
    "text",
    "post",
    "person",
    "public",
    "web",
    "message",
    "mail",
    "written",
    "document",
    "page",
    "im",
}
"""Words that mean a way when they stand alone, and much else beside others."""


def _within(words: str) -> str | None:
    """The way whose word stands first among others, as in `MARCS radio`."""
    found = _ANY_WAY.search(words)
    return _MEANT[found[0]] if found else None


def _ways() -> Iterable[tuple[str, Sequence[str]]]:
    return ((meant, (meant.replace("_", " "), *known)) for meant, known in WAYS.items())


_MEANT = {name: meant for meant, known in _ways() for name in known if name not in _NOT_ALONE}
_ANY_WAY = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _MEANT), key=len, reverse=True))})\b")


def is_for_controllers(text: str) -> bool:
    """Whether what an inject says is for those who lead the exercise, whoever the sheet sends it to."""
    return _FOR_CONTROLLERS.search(text) is not None
