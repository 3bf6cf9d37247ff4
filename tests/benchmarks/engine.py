"""A whole drill on the virtual clock, as events in memory, against the same drill in plain SimPy.

The peer is the login outage as SimPy processes: the same team with the same latencies, the same injects, actions,
messages and papers, drawn with `random.Random`. It keeps no log, no state and no score; it only lets the same things
happen. How many things happen in each is printed beside the ratio.
"""

import random
import statistics
import time
from collections.abc import Callable, Generator
from typing import Any

import simpy

from scenarios.scenario import Inject, Scenario
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.players.cast import Cast
from simulator.players.profiles import LATENCIES, figures

Process = Generator[simpy.Event, Any, None]
DRILLS = 40
ROUNDS = 15


class PlainDrill:
    """The peer: a drill as SimPy processes."""

    def __init__(self, scenario: Scenario, team: int, seed: int) -> None:
        self.env = simpy.Environment()
        self.chance = random.Random(seed)  # noqa: S311 - a simulation, no secret
        self.scenario = scenario
        self.known = figures("good")
        self.day = self.chance.lognormvariate(0, self.known.common)
        self.happened = 0
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

    def takes(self, kind: str) -> simpy.Event:
        shift, median = LATENCIES[kind]
        self.happened += 1
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
                self.happened += 1
            self.done[action.id].succeed()
            if not self.skips():
                yield self.takes("report")
            if action.effect == "fixes" and not self.fixed.triggered:
                self.fixed.succeed()

    def inject(self, inject: Inject, delay: float) -> Process:
        yield self.env.timeout(delay)
        self.happened += 1
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


def plain(plan: DrillPlan) -> int:
    """Play a drill in SimPy; how many things happened."""
    drill = PlainDrill(plan.scenario, len(plan.players), plan.seed)
    drill.env.run(until=plan.scenario.ends.after / 1000 + 1200)
    return drill.happened


def ours(plan: DrillPlan) -> int:
    """Play a drill with engine, players, state and typed events; how many events there are."""
    driver = Driver.start(plan, [Cast(plan)], VirtualClock(plan.start))
    driver.run()
    return len(driver.events)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def run() -> list[tuple[str, float, float | None, str]]:
    """Ratios of medians, the peers interleaved in one run: (label, ratio, limit, detail)."""
    from tests.support import library_plan

    plan = library_plan("login-outage", seed=7, profile="good")
    plans = [plan.model_copy(update={"seed": seed}) for seed in range(DRILLS)]
    things = [statistics.mean(play(one) for one in plans) for play in (ours, plain)]
    driver = Driver.start(plan, [Cast(plan)], VirtualClock(plan.start))
    driver.run()
    times: dict[str, list[float]] = {"ours": [], "plain": [], "seal": []}
    for _ in range(ROUNDS):
        times["ours"].append(_seconds(lambda: [ours(one) for one in plans]))
        times["plain"].append(_seconds(lambda: [plain(one) for one in plans]))
        times["seal"].append(_seconds(lambda: [DrillLog.reproducible(plan, driver.events) for _ in plans]))
    median = {name: statistics.median(values) / DRILLS for name, values in times.items()}
    return [
        (
            "drills a second against plain SimPy",
            median["plain"] / median["ours"],
            0.5,
            f"at least; {things[0]:.0f} events in {median['ours'] * 1e3:.2f} ms, "
            f"SimPy {things[1]:.0f} things in {median['plain'] * 1e3:.2f} ms",
        ),
        ("sealing against simulating", median["seal"] / median["ours"], 1.0, f"{median['seal'] * 1e3:.2f} ms a log"),
    ]
