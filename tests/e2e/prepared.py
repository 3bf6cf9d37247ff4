"""Drills brought to a certain point without a browser: what a test does not look at need not be clicked."""

from typing import NamedTuple

from tests.drills.server import Browser, Place

__all__ = ["PEOPLE", "Drill", "begun", "gathered", "made", "resolved", "talking"]

PEOPLE = "Ana Ruiz\nBen Okafor\nChloe Lindqvist\nDana Whitfield-Oyelaran"
_MEMBERS = ("ana", "ben", "chloe", "dana")
WORDS = "Some of you cannot send a request with a photo just now. Please telephone us; we are looking into it."


class Drill(NamedTuple):
    """A drill with the browsers of those who play it."""

    id: str
    owner: Browser
    ana: Browser
    ben: Browser
    chloe: Browser
    dana: Browser

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/d/{self.id}"

    def link(self) -> str:
        """The one link."""
        found: str = self.owner.data(self.id, "/lobby")["link"]
        return found


def made(place: Place, owner: Browser) -> Drill:
    """A drill that waits in its lobby."""
    drill = place.make(owner, scenario="no-photos", people=PEOPLE)
    return Drill(drill, owner, *(place.player(owner, drill, member) for member in _MEMBERS))


def begun(place: Place, owner: Browser) -> Drill:
    """A drill of which Ana has the report."""
    drill = made(place, owner)
    owner.start(drill.id)
    return drill


def gathered(place: Place, owner: Browser) -> Drill:
    """A drill in which three of four have come and hold the three roles."""
    drill = begun(place, owner)
    drill.ana.does(drill.id, "/ack", "/sev 1", "/alert 1 repair requests", "/join", "/role incident commander")
    drill.ben.does(drill.id, "/ack", "/join", "/role solutioneer")
    drill.chloe.does(drill.id, "/ack", "/join", "/role communications")
    return drill


def resolved(place: Place, owner: Browser) -> Drill:
    """A drill whose response is over."""
    drill = gathered(place, owner)
    drill.chloe.does(drill.id, f"/publish {WORDS} next 10m")
    place.ahead(drill.id, 60_000)
    drill.ana.does(drill.id, "/resolve")
    return drill


def talking(place: Place, owner: Browser) -> Drill:
    """A drill in its hot wash, in which everybody has guessed."""
    drill = resolved(place, owner)
    drill.ana.does(drill.id, "/sitrep solution=the list who=some how=no photos", "/email", "/attach")
    for number, client in enumerate((drill.ana, drill.ben, drill.chloe, drill.dana)):
        guess = {"surprise": "How long it took", "heard": 10_000 * number, "command": 30_000}
        answer = client.post(f"/api/drills/{drill.id}/wash", json=guess)
        assert answer.status_code == 200, answer.text
    return drill
