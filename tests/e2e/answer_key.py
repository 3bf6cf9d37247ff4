"""Looking through what a player's browser has received for what no player may know."""

import html
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from scenarios.placeholders import fill
from scenarios.scenario import Scenario
from simulator import events as ev
from simulator.log import DrillLog
from simulator.plan import DrillPlan

__all__ = ["Secret", "keys_in", "known_to", "leaks", "secrets"]

_LONG = 5
"""So many words in a row are no accident."""
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_WORDS = re.compile(r"[a-z0-9]+")
KEYS = (
    *('"effect":', '"clue":', '"herring":', '"expects":', '"occurrence":', '"needs":', '"also":', '"guide":'),
    *(
        '"kind":"ImpactChanged"',
        '"kind":"InjectNotTaken"',
        '"kind":"InjectHeld"',
        '"kind":"FacilitatorTold"',
        '"kind":"ExpectationJudged"',
        '"kind":"NoteTaken"',
        '"kind":"Rated"',
    ),
    *('"answers":{', '"severity":[['),
)
"""What JSON for those who run a drill holds, and JSON for players never."""

_WRITTEN = ("text", "solution", "who_impacted", "how_impacted", "learnings")
"""The fields of events in which people write."""
_DRAWN = re.compile(r'"kind":"DrillStarted"[^}]*"values":')


class Secret(NamedTuple):
    """A text that somebody may not know before an instant, or never."""

    what: str
    text: str
    until: float | None = None


def secrets(log: DrillLog, member: str, revealed: float) -> Iterator[Secret]:
    """What a member may not have received before the score; mail of others only once the talk shows what happened."""
    scenario = log.plan.scenario
    values: Mapping[str, str | int | float] = next(one.values for one in log.events if isinstance(one, ev.DrillStarted))
    over = next(one.wall.timestamp() for one in log.events if isinstance(one, ev.PhaseBegan))
    yield Secret("the title", scenario.title, over)
    for what, text in _of_scenario(scenario):
        yield Secret(what, fill(text, values))
    did = {one.action: one for one in log.events if isinstance(one, ev.ActionFinished) and one.actor == member}
    for action in scenario.actions:
        done = did.get(action.id)
        until = None if done is None else done.wall.timestamp()
        yield Secret(f"what {action.id} shows", fill(action.shows or "", values), until)
        begun = [one for one in log.events if isinstance(one, ev.ActionStarted) and one.action == action.id]
        if not begun:
            yield Secret(f"the label of {action.id}", fill(action.label, values))
    for inject in scenario.injects:
        came = [
            one.wall.timestamp() if member in one.recipients else revealed
            for one in log.events
            if isinstance(one, ev.InjectDelivered) and one.inject == inject.id
        ]
        yield Secret(f"the inject {inject.id}", fill(inject.text, values), min(came, default=None))


def _of_scenario(scenario: Scenario) -> Iterator[tuple[str, str]]:
    yield "the solution", scenario.solution
    yield "who is hit", scenario.impact.who
    yield "how", scenario.impact.how
    yield "the workaround", scenario.workaround or ""
    guide = scenario.guide
    assert guide is not None
    yield from (("what to watch", text) for text in guide.watch)
    yield from (("a mistake", text) for text in guide.mistakes)
    yield from (("a hint", text) for text in (guide.hints.gentle, guide.hints.plain, guide.hints.strong))


def leaks(received: str, secret: Secret, known: str) -> list[str]:
    """Parts of a secret that were received, apart from what stands also in what everybody may know."""
    plain, common = (f" {normal(text)} " for text in (received, known))
    words = _WORDS.findall(secret.text.lower())
    length = min(_LONG, len(words))
    parts = [" ".join(words[at : at + length]) for at in range(len(words) - length + 1)] if words else []
    return [part for part in parts if f" {part} " in plain and f" {part} " not in common]


@lru_cache(maxsize=64)
def normal(text: str) -> str:
    """A text as words in a row, however it was escaped on its way."""
    plain = html.unescape(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)).replace("\\n", " ")
    return " ".join(_WORDS.findall(plain.lower()))


def keys_in(received: str) -> list[str]:
    """Which parts of JSON that only those who run a drill may get were received."""
    compact = html.unescape(received).replace('": ', '":')
    return [key for key in KEYS if key in compact] + _DRAWN.findall(compact)


def known_to(log: DrillLog, member: str, until: float, revealed: float) -> str:
    """What a member may have read by an instant: the brief, the protocol, the runbooks, and what had reached them;
    once the talk shows what happened, also what had reached others.
    """
    everything = until > revealed
    happened = [event for event in log.events if event.wall.timestamp() < until]
    reached = [text for event in happened for text in _read_by(event, member, everything=everything)]
    return "\n".join([_public(log.plan), *reached])


def _public(plan: DrillPlan) -> str:
    """What everybody may read of a drill."""
    scenario, protocol = plan.scenario, plan.protocol.model_dump_json()
    return "\n".join(
        [scenario.brief, scenario.report.text, protocol, *(book.model_dump_json() for book in plan.runbooks)]
    )


def _read_by(event: ev.Event, member: str, *, everything: bool) -> Iterator[str]:
    if isinstance(event, ev.FacilitatorTold | ev.ExpectationJudged | ev.NoteTaken | ev.Rated):
        return
    if isinstance(event, ev.Arrived) and member not in event.recipients and not everything:
        return
    if isinstance(event, ev.ActionFinished) and event.actor == member:
        yield event.shows or ""
    for field in _WRITTEN:
        yield str(getattr(event, field, ""))
