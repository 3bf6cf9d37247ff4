"""The peer of the engine's benchmark: a drill in plain SimPy, as somebody would write it for one purpose.

The same team with the same latencies, the same injects, actions, messages, papers and customers, drawn with
`random.Random`. What happens is written down as lines of JSON. It keeps no state that can be asked or resumed.
"""

import json
import random
from collections.abc import Generator
from typing import Any

import simpy

from scenarios.guide import Customers
from scenarios.scenario import Inject, Scenario
from simulator.players.profiles import LATENCIES, figures

__all__ = ["PlainDrill"]

Process = Generator[simpy.Event, Any, None]
THANKS = 5 * 60
"""For how many seconds customers go on writing after the fix."""
OPENINGS = ("Hello,", "It is me again.", "Is it just us?", "We are waiting.", "Anybody there?")
ENDINGS = ("Please help.", "What shall I do?", "Thank you.", "Kind regards", "")


class PlainDrill:
    """A drill as SimPy processes. `log` is what happened, a dictionary for each thing."""

    def __init__(self, scenario: Scenario, team: int, seed: int) -> None:
        self.env = simpy.Environment()
        self.chance = random.Random(seed)  # noqa: S311 - a simulation, no secret
        self.scenario = scenario
        self.known = figures("good")
        self.day = self.chance.lognormvariate(0, self.known.common)
        self.log: list[dict[str, object]] = []
        self.alerted, self.commands, self.spoken, self.fixed, self.resolved = (self.env.event() for _ in range(5))
        self.drafts, self.approved = simpy.Store(self.env), simpy.Store(self.env)
        self.todo = [action for action in scenario.actions if action.clue or action.effect in ("fixes", "eases")]
        self.done = {action.id: self.env.event() for action in scenario.actions}
        self.env.process(self.first_responder())
        for member in range(1, team):
            self.env.process(self.member(member))
        for inject in scenario.injects:
            if inject.at is not None:
                self.env.process(self.inject(inject, inject.at / 1000))
            elif inject.after is not None:
                self.env.process(self.follow(inject))
            else:
                self.env.process(self.wait(inject))

        if scenario.customers is not None:
            self.env.process(self.customers(scenario.customers))

    def note(self, kind: str, **what: object) -> None:
        self.log.append({"seq": len(self.log), "at": round(self.env.now * 1000), "kind": kind, **what})

    def written(self) -> bytes:
        """The log as lines of JSON."""
        return "\n".join(map(json.dumps, self.log)).encode()

    def takes(self, kind: str, who: int = 0) -> simpy.Event:
        """Wait for as long as something takes; it is noted when it begins."""
        shift, median = LATENCIES[kind]
        self.note(kind, who=f"player-{who}", text=f"What {kind} says, a sentence of usual length.")
        strain = self.day * (1 + self.known.fatigue * self.env.now / 3600)
        return self.env.timeout(shift + median * strain * self.chance.lognormvariate(0, self.known.spread))

    def skips(self) -> bool:
        return self.chance.random() < self.known.skips

    def first_responder(self) -> Process:
        for kind in ("judge", "alert"):
            yield self.takes(kind)
        self.alerted.succeed()
        for kind in ("join", "restate", "take_role"):
            yield self.takes(kind)
        self.commands.succeed()
        for kind in ("open_log", "delegate"):
            yield self.takes(kind)
        self.env.process(self.approve())
        self.env.process(self.updates())
        yield self.fixed
        yield self.takes("resolve")
        self.resolved.succeed()
        for paper in ("situation", "email", "attach", "post_mortem", "corrective"):
            if not self.skips():
                yield self.takes(paper)

    def approve(self) -> Process:
        while not self.resolved.triggered:
            yield self.drafts.get()
            yield self.takes("approve")
            yield self.approved.put(None)

    def updates(self) -> Process:
        while not self.resolved.triggered:
            yield self.env.timeout(8 * 60)
            yield self.takes("update")

    def member(self, place: int) -> Process:
        if self.chance.random() < self.known.unreachable:
            return
        yield self.alerted
        for kind in ("acknowledge", "join", "take_role"):
            yield self.takes(kind)
        yield from (self.speak() if place in (2, 5) else self.solve())

    def speak(self) -> Process:
        while not self.resolved.triggered:
            yield self.takes("draft")
            yield self.drafts.put(None)
            yield self.approved.get()
            yield self.takes("publish")
            if not self.spoken.triggered:
                self.spoken.succeed()
            yield self.env.any_of([self.env.timeout(15 * 60), self.fixed])

    def solve(self) -> Process:
        while self.todo and not self.fixed.triggered:
            yield self.takes("work")
            if not self.todo:
                return
            stray = self.chance.random() < self.known.strays
            action = self.todo.pop(-1 if stray else 0)
            steps = 7 if action.runbook else 1
            for _ in range(steps):
                yield self.env.timeout(action.takes / 1000 / steps)
                self.note("step", action=action.id)
            self.done[action.id].succeed()
            if not self.skips():
                yield self.takes("report")
            if action.effect == "fixes" and not self.fixed.triggered:
                self.fixed.succeed()

    def inject(self, inject: Inject, delay: float) -> Process:
        yield self.env.timeout(delay)
        self.note("inject", inject=inject.id, to=inject.to, sender=str(inject.sender), text=inject.text)
        if self.resolved.triggered or self.chance.random() > inject.chance or self.skips():
            return
        yield self.takes("answer")

    def follow(self, inject: Inject) -> Process:
        yield self.done.get(inject.after or "", self.fixed)
        yield from self.inject(inject, inject.delay / 1000)

    def wait(self, inject: Inject) -> Process:
        """Something that comes when nobody has commanded, spoken or fixed anything for this long."""
        lasting = (inject.when.lasting if inject.when is not None else 0) / 1000
        yield self.alerted
        heard = self.commands if inject.to == ["incident_commander"] else self.spoken
        patience = self.env.timeout(lasting)
        yield self.env.any_of([patience, heard, self.resolved])
        if not heard.triggered and not self.resolved.triggered:
            yield from self.inject(inject, 0)

    def customers(self, crowd: Customers) -> Process:
        """Customers write at random until a while after the fix, less often while somebody speaks to them."""
        yield self.env.timeout(crowd.starts / 1000)
        thanks = None
        while not self.resolved.triggered:
            often = 0.6 if self.spoken.triggered else 1.0
            yield self.env.timeout(self.chance.expovariate(often * 1000 / crowd.every))
            if self.fixed.triggered:
                thanks = self.env.now + THANKS if thanks is None else thanks
                if self.env.now > thanks:
                    return
            text = f"{self.chance.choice(OPENINGS)} I cannot {crowd.cannot}. {self.chance.choice(ENDINGS)}"
            self.note("customer", sender=f"customer-{self.chance.randrange(100)}", text=text)
