"""Which option of a decision somebody means: by its label as they read it, its number there, or its id."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from scenarios.placeholders import fill
from scenarios.problem import closest
from scenarios.scenario import Option
from simulator.acts import ActRefused
from simulator.state import PAPERS, RESPOND, DrillState

__all__ = ["option_meant"]


class _Offer(NamedTuple):
    """One option that somebody can choose."""

    message: int
    """The number of the message that asks."""
    place: int
    """Its number in that message, from 1."""
    option: Option
    label: str


def option_meant(state: DrillState, who: str, said: str) -> tuple[int, Option]:
    """The option that somebody means, with the number of the message that asks. Raises ActRefused."""
    offers = _offers(state, who)
    if not offers:
        raise ActRefused("nobody has asked you to decide anything")
    decided = {offer.message: offer.label for offer in offers if offer.option.id in state.chosen}
    waiting = [offer for offer in offers if offer.message not in decided]
    meant = waiting or [offer for offer in offers if offer.message == offers[0].message]
    found = next((offer for offer in offers if offer.option.id == said), None)
    found = found or _only([offer for offer in waiting if _plain(offer.label) == _plain(said)])
    found = found or next((offer for offer in offers if _plain(offer.label) == _plain(said)), None)
    found = found or _numbered(meant, said)
    if found is None:
        raise ActRefused(f"there is no option {said!r} for you; {_known(meant, said)}")
    if found.message in decided:
        raise ActRefused(f"that is decided already: {decided[found.message]}")
    return found.message, found.option


def _offers(state: DrillState, who: str) -> list[_Offer]:
    """What somebody has been asked to choose from, the last message first."""
    mine = [message for message in state.injects if state.reaches(who, message)]
    if state.phase != RESPOND:  # what comes while the papers are written can still be decided then
        mine = [message for message in mine if state.phase == PAPERS and message.at >= state.phase_since]
        if not mine:
            raise ActRefused("the response is over")
    return [
        _Offer(message.number, place, option, fill(option.label, state.values))
        for message in reversed(mine)
        if (decision := state.decision(message)) is not None
        for place, option in enumerate(decision.options, start=1)
    ]


def _numbered(offers: Sequence[_Offer], said: str) -> _Offer | None:
    """The option of that number, if only one message asks."""
    if not re.fullmatch(r"#?\d{1,2}", said.strip(), re.ASCII):
        return None
    found = [offer for offer in offers if offer.place == int(said.strip().lstrip("#"))]
    if len(found) > 1:
        labels = " or ".join(repr(offer.label) for offer in found)
        raise ActRefused(f"several messages ask you to decide; say which is meant: {labels}")
    return _only(found)


def _only(found: Sequence[_Offer]) -> _Offer | None:
    return found[0] if len(found) == 1 else None


def _known(offers: Sequence[_Offer], said: str) -> str:
    """The end of a sentence about an option that there is not: the one that was meant, or all of them."""
    by_name = {name: offer.label for offer in offers for name in (_plain(offer.label), offer.option.id)}
    close = closest(_plain(said), list(by_name))
    return (
        f"did you mean {by_name[close]!r}?"
        if close
        else f"you can choose {', '.join(f'{offer.place} ({offer.label})' for offer in offers)}"
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
