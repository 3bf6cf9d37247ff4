"""What could be played next under a protocol, with what it owes."""

from drills.planning import catalogue
from scoring.history.exercises import Offer, offer_of

__all__ = ["offers_under"]


def offers_under(protocol: str) -> list[Offer]:
    """The scenarios that can be played as the files are now, and that a protocol, by its id, is the one for."""
    return [
        offer_of(story, rules)
        for item in catalogue.items("scenario")
        if (story := catalogue.scenario(item.name)) is not None
        and (rules := catalogue.protocol_of(item.name) or catalogue.protocol(protocol)) is not None
        and rules.protocol == protocol
    ]
