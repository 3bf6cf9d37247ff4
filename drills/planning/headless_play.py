"""A scenario played by simulated teams of every profile, and what came of it, as its author reads it.

`python -m drills.planning.headless_play` does it in a process of its own: it reads a plan as one line of JSON from its
standard input and writes what it found. It is less urgent than anything else, ends when its standard input does, and is
bounded in time and memory, since a scenario may have been written to play forever.
"""

import os
import signal
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from scoring.result import Scorecard
from scoring.scorecard import grade
from simulator import events as ev
from simulator.plan import DrillPlan, Profile
from simulator.playtest import Playtest, playtest

__all__ = ["MOST_SECONDS", "Findings", "Loss", "ProfileResult", "headless"]

MOST_SECONDS = 60
"""Of the processor's time; a scenario of the library takes one or two."""
MOST_MEMORY = 1 << 30
"""Bytes of address space; a play of the library takes a fifth of it."""
LEAST_URGENT = 19
"""The priority of the process, as `nice` counts it."""
MOST_LOSSES = 3
"""So many losses are told of each profile."""
_FEWEST_POINTS = 0.5
"""A smaller mean loss is not worth an author's time."""


class Loss(msgspec.Struct, frozen=True):
    """Where a profile loses points."""

    title: str
    """What was owed, such as Team alerted."""
    points: float
    """Of 100, in the mean of all its drills."""
    drills: int
    """In how many of them it lost any."""


class ProfileResult(msgspec.Struct, frozen=True):
    """What a profile made of the scenario."""

    profile: Profile
    scores: list[float]
    """From the lowest to the highest, one of each drill that could be scored."""
    fixed_s: list[float]
    """Seconds from the report to the fix, from the soonest to the latest, of the drills that were fixed at all."""
    losses: list[Loss]
    """The dearest first."""


class Findings(msgspec.Struct, frozen=True):
    """What was found."""

    profiles: list[ProfileResult]
    """From the best profile to the worst."""
    met: dict[str, float]
    """For each inject the share of all simulated teams whom it reached."""
    seen: Playtest
    """What only play shows: what never came, who had nothing to do, whether it can be won."""


@dataclass(frozen=True)
class _Unsealed:
    """A drill as grading needs it. Nobody keeps it, so nothing seals it."""

    plan: DrillPlan
    events: Sequence[ev.Event]
    head: str = ""


def headless(plan: DrillPlan) -> Findings:
    """Play the plan's scenario with teams of every profile, and score each drill."""
    cards: dict[Profile, list[Scorecard]] = defaultdict(list)
    met: Counter[str] = Counter()

    def watch(profile: Profile, played: DrillPlan, events: list[ev.Event]) -> None:
        cards[profile].append(grade(_Unsealed(played, events)))
        came = (event for event in events if isinstance(event, ev.InjectDelivered | ev.FacilitatorTold))
        met.update({event.inject for event in came if event.inject})

    seen = playtest(plan, watch=watch)
    drills = seen.drills * len(cards)
    return Findings(
        profiles=[_result(profile, found) for profile, found in cards.items()],
        met={inject.id: met[inject.id] / drills for inject in plan.scenario.injects},
        seen=seen,
    )


def _result(profile: Profile, cards: list[Scorecard]) -> ProfileResult:
    points: dict[str, list[float]] = defaultdict(list)
    for card in cards:
        for lost in card.ledger:
            points[lost.title].append(lost.points)
    losses = [Loss(title, round(sum(lost) / len(cards), 1), len(lost)) for title, lost in points.items()]
    losses.sort(key=lambda loss: (-loss.points, loss.title))
    return ProfileResult(
        profile=profile,
        scores=sorted(card.score for card in cards if card.score is not None),
        fixed_s=sorted(card.measures.time_to_fix_s for card in cards if card.measures.time_to_fix_s is not None),
        losses=[loss for loss in losses[:MOST_LOSSES] if loss.points >= _FEWEST_POINTS],
    )


# -- the process -------------------------------------------------------------------------------------------------------


def _main() -> None:
    _behave()
    plan = DrillPlan.model_validate_json(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    sys.stdout.buffer.write(msgspec.json.encode(headless(plan)))


def _behave() -> None:
    """Stand back for everything else on the machine, and do not go on forever."""
    import resource  # only where a server runs, which is not on Windows

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C in the server's terminal reaches us too
    with suppress(OSError):
        os.nice(LEAST_URGENT)
    if hasattr(os, "SCHED_IDLE"):  # Linux: whoever wakes up takes the processor from us at once
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    limits = ((resource.RLIMIT_CPU, MOST_SECONDS, MOST_SECONDS + 5), (resource.RLIMIT_AS, MOST_MEMORY, MOST_MEMORY))
    for what, soft, hard in limits:
        with suppress(OSError, ValueError):  # some systems do not limit memory, or limit us more closely already
            resource.setrlimit(what, (soft, hard))


def _end_with_the_server() -> None:
    while os.read(sys.stdin.fileno(), 1):  # a buffered read would hold a lock that the interpreter wants at its end
        pass
    os._exit(1)  # our server has ended, however that came


if __name__ == "__main__":
    _main()
