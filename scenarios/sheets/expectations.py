"""Which acts a sheet's words of what is expected mean: whole words in their sense, and nothing that is denied."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

__all__ = ["ACTS", "Expected", "expected"]

_INSIDERS = (
    r"(?:the |our |all |senior |executive )*(?:management|managers?|executives?|leadership|leaders?|stakeholders?|"
    r"board|staff|employees|ceo|cio|cto|ciso|incident manager|incident commander|directors?|chain of command)"
)
_OUTSIDERS = (
    r"(?:the |our |all |affected )*(?:customers?|clients?|users?|public|media|press|patients|passengers|readers)"
)
ACTS: Mapping[str, str] = {
    "publish": rf"publish(?:es|ed)?|(?:updates? )?(?:the )?status page|"
               rf"press release|post(?:s|ed)? (?:an? |the |to |on )|"
               rf"statement (?:is )?(?:released|issued|published|sent|made)|"
               rf"(?:public|press|media|external|customer) (?:statement|notice)|"
               rf"(?:issue|release|make|put out|send|give)(?:s|d)? (?:an? |the |out )*(?:\w+ )?statement|"
               rf"(?:tell|inform|notify|notifie|warn|update)s? {_OUTSIDERS}|customer message|"
               rf"{_OUTSIDERS} (?:is|are) (?:told|informed|notified|warned)",
    "hand_over": r"hands? ?over|handover|transfers? (?:of )?command",
    "take_role": r"takes? (?:the |on the )?role|(?:assign|name|appoint)s? (?:an? |the )?(?:incident )?commander|"
                 r"takes? (?:over )?command|assumes? command",
    "declare_severity": r"severity|declares? (?:an? |the )?(?:major )?incident|"
                        r"classif(?:y|ies|ied) (?:it|the incident|an? incident)",
    "delegate": r"delegat(?:e|es|ed|ion)|assigns?|assigned|tasks (?:somebody|someone|an?|the)",
    "update": rf"updates?|briefs?|situation report|sitrep|(?:inform|tell|notify|notifie)s? {_INSIDERS}|"
              rf"{_INSIDERS} (?:is|are) (?:told|informed|notified|briefed)",
    "log": r"logs?|logged|documents (?:it|the|what)|documented|"
           r"(?:record|note)s? (?:it|the|this|that|what|when|in|down)|"
           r"(?:is|are) (?:recorded|noted)|writes? (?:it |this )?down|make a note|takes notes",
    "reply": r"repl(?:y|ies|ied)|answers?|answered|respond|responds|acknowledg(?:e|es|ed)|acknowledgement|calls? back|"
             r"confirms?|confirmed",
}  # fmt: skip
"""Words by which an act is told."""
_FOUND = {act: re.compile(rf"\b(?:{words})(?!\w|-\w)", re.IGNORECASE) for act, words in ACTS.items()}
_NOT_VERBS = re.compile(
    r"\b(?:log ?in|log files?|logs? (?:file|files|server|of|show|are|is)|audit logs?|access logs?|"
    r"briefs? (?:outage|interruption)|security updates?|software updates?|updates? (?:the )?"
    r"(?:software|system|servers?|firmware|rules?|signatures?|plan|policy))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|not|none|nobody|nothing|never|without|don['’]?t|doesn['’]?t|won['’]?t|cannot|can['’]?t|neither|refrains?|"
    r"avoids?|n/a)\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\b(?:no|not) (?:later|longer|fewer|less|more) than\b|\bwithout (?:delay|hesitation)\b|\bif not\b|\bor not\b|"
    r"\bnot only\b|\bas soon as\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\s*(?:-+|–|n/?a|none|nothing|for (?:your )?information(?: only)?|fyi(?: only)?|information only|tbd)\s*",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.;:!?\n]|\s[-–—]\s|,\s*(?:but|then|and then)\b|\bbut\b|\bhowever\b|\binstead\b", re.IGNORECASE)


class Expected(NamedTuple):
    """What is expected of an inject."""

    acts: tuple[str, ...]
    """The acts, in the order in which they are told."""
    unclear: bool
    """Whether it says something that is no act of ours and is not denied either."""


def expected(said: str, means: Mapping[str, str]) -> Expected:
    """The acts that a cell expects. `means` is what somebody said of its words; `nothing` there expects none."""
    words = " ".join(re.sub(r"[^\w# ]", " ", said.lower().replace("_", " ")).split())
    if words in means:
        return Expected((means[words],) if means[words] in ACTS else (), unclear=False)
    return _told(said)


@lru_cache(maxsize=1_000)
def _told(said: str) -> Expected:
    told: list[str] = []
    unclear = False
    for clause in _CLAUSES.split(said.replace("_", " ")):
        if not clause.strip() or _NOTHING.fullmatch(clause):
            continue
        acts, denied = _in_clause(clause)
        told += acts
        unclear = unclear or not (acts or denied)
    return Expected(tuple(dict.fromkeys(told)), unclear and not told)


def _in_clause(clause: str) -> tuple[list[str], bool]:
    """The acts of a clause in their order, and whether it denies anything: what stands behind a denial is denied."""
    bare = _NOT_VERBS.sub(lambda found: "~" * len(found[0]), _NO_DENIAL.sub(lambda found: "~" * len(found[0]), clause))
    denial = _DENIED.search(bare)
    end = denial.start() if denial else len(bare)
    places: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    for act, pattern in _FOUND.items():
        for found in pattern.finditer(bare, 0, end):
            if not any(start < found.end() and found.start() < stop for start, stop in taken):
                taken.append(found.span())
                places.append((found.start(), act))
    return [act for _, act in sorted(places)], denial is not None
