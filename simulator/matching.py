"""People's own words: which action they mean, and what a message to customers says.

Words are only read here, when they are typed; what they were taken to mean is kept in the event.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, utils

from scenarios.scenario import Action
from simulator.state import DrillState

__all__ = ["Said", "claims_over", "what_it_says", "which_action"]

SURE = 80
"""How similar somebody's words must be to an action's to count as it (assumed)."""
SAME = 70
"""How similar a published text must be to a draft to be the same message (assumed)."""
MARGIN = 6
"""How much more similar the best action must be than the second (assumed)."""
TERSE = 6
"""A message to customers with fewer words is not clear (assumed)."""
_OVER = re.compile(
    r"\b(?:resolved|solved|fixed|restored|over|works again|working again|back to normal|back up|recovered"
    r"|works as usual|we are back|all (?:is )?(?:green|well)"
    r"|can (?:\w+ ){1,4}again)\b"
)
_NOT_OVER = re.compile(r"\b(?:not|no|isn['’]?t|until|once|when|before|being|will|to be|yet|working to|trying)\b")
_NEGATION = re.compile(r"\b(?:never|(?:do|should|must) ?n(?:ot|['’]?t))\b")
"""Words that negate what follows; then we ask rather than do."""
_FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "at",
        "be",
        "can",
        "check",
        "could",
        "do",
        "does",
        "for",
        "from",
        "have",
        "how",
        "i",
        "in",
        "is",
        "it",
        "let",
        "look",
        "me",
        "my",
        "now",
        "of",
        "on",
        "our",
        "please",
        "see",
        "some",
        "that",
        "the",
        "then",
        "this",
        "to",
        "up",
        "us",
        "was",
        "we",
        "what",
        "whether",
        "with",
        "you",
    ]
)


def which_action(text: str, actions: Sequence[Action]) -> Action | None:
    """The action that somebody's words mean; None if none or several could be meant."""
    exact = [action for action in actions if text.strip().lower() in (action.id, action.label.lower())]
    if exact:
        return exact[0]
    wanted = _essence(text)
    if not wanted or _NEGATION.search(text.lower()):
        return None
    ranked = sorted(
        (
            (max(_alike(wanted, _essence(words)) for words in (action.label, action.id, *action.also)), place)
            for place, action in enumerate(actions)
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    if not ranked or ranked[0][0] < SURE:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN:
        return None
    return actions[ranked[0][1]]


class Said(NamedTuple):
    """What matters in a message to customers."""

    draft: int | None
    """The draft that it is, give or take a few words; None if it is none."""
    over: bool
    """Whether it says that the incident is over."""
    terse: bool
    """Whether it is too short to be a clear message."""


def what_it_says(text: str, state: DrillState) -> Said:
    """What a message to customers says, if it goes out now. Approved drafts come before the others."""
    texts = {number: draft.text for number, draft in enumerate(state.drafts, 1)}
    approved = {number: texts.pop(number, "") for number in state.approved}
    draft = _same_message(text, approved) or _same_message(text, texts)
    return Said(draft, claims_over(text), len(text.split()) < TERSE)


def claims_over(text: str) -> bool:
    """Whether a message to customers says that it is over."""
    return any(
        _OVER.search(sentence) and not _NOT_OVER.search(sentence) for sentence in re.split(r"[.;!?\n]", text.lower())
    )


def _same_message(text: str, drafts: dict[int, str]) -> int | None:
    """The draft that a text is, give or take a few words; the most similar of several, then the last."""
    alike = (
        (fuzz.ratio(text, draft, processor=utils.default_process), place, number)
        for place, (number, draft) in enumerate(drafts.items())
    )
    best, _, number = max(alike, default=(0.0, 0, 0))
    return number if best >= SAME else None


def _essence(text: str) -> str:
    """The words that carry the meaning, in lower case."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return " ".join(word for word in words if word not in _FILLERS)


def _alike(wanted: str, known: str) -> float:
    if not known:
        return 0.0
    # Words in any order, or only some of the known words, count almost as much as all; the more that fit, the better.
    every = fuzz.token_sort_ratio(wanted, known)
    return max(every, 0.75 * fuzz.token_set_ratio(wanted, known) + 0.25 * every)
