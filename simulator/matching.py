"""People's own words: which action they mean, and whether two texts say the same."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, utils

from scenarios.scenario import Action

__all__ = ["same_message", "which_action"]

SURE = 80
"""How alike own words must be to an action's for us to take them for it (assumed)."""
SAME = 70
"""How alike what is published must be to the draft that was approved to be the same message (assumed)."""
MARGIN = 6
"""How much more alike the best action must be than the second (assumed)."""
_NEGATION = re.compile(r"\b(?:never|(?:do|should|must) ?n(?:ot|['’]?t))\b")
"""Words that turn what follows round; then we ask rather than do."""
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
    """The action that somebody's words mean; nothing when none or several could be meant."""
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


def same_message(text: str, drafts: Sequence[str]) -> int | None:
    """The place of the draft that a text is, give or take a few words; of several the one most like it, then the last.

    Nothing if it is none of them.
    """
    alike = ((fuzz.ratio(text, draft, processor=utils.default_process), place) for place, draft in enumerate(drafts))
    best, place = max(alike, default=(0.0, 0))
    return place if best >= SAME else None


def _essence(text: str) -> str:
    """The words that carry the meaning, in lower case."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return " ".join(word for word in words if word not in _FILLERS)


def _alike(wanted: str, known: str) -> float:
    if not known:
        return 0.0
    # Words in any order, and a part of the known words, count almost as much as all; the more that fit, the better.
    every = fuzz.token_sort_ratio(wanted, known)
    return max(every, 0.75 * fuzz.token_set_ratio(wanted, known) + 0.25 * every)
