"""A whole drill on the virtual clock, logged and scored, and the same drill in plain SimPy, which logs as well.

How many things happen in each is printed beside the ratio, and what a logged and scored drill costs.
"""

import statistics
import time
from collections.abc import Callable

from scoring.scorecard import grade
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.events import Event
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.players.cast import Cast
from tests.benchmarks.peer import PlainDrill

INCIDENTS = ("login-outage", "shift-planning-down", "billing-outage", "checkout-outage", "two-at-once")
DRILLS = 30
ROUNDS = 11


def plain(plan: DrillPlan) -> int:
    """Play a drill in SimPy and write it down; how many things happened."""
    drill = PlainDrill(plan.scenario, len(plan.players), plan.seed)
    drill.env.run(until=plan.scenario.ends.after / 1000 + 1200)
    drill.written()
    return len(drill.log)


def ours(plan: DrillPlan) -> list[Event]:
    """Play a drill with engine, players, state and typed events."""
    driver = Driver.start(plan, [Cast(plan)], VirtualClock(plan.start))
    driver.run()
    return driver.events


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def run() -> list[tuple[str, float, float | None, str]]:
    """Ratios of medians, the peers interleaved in one run: (label, ratio, limit, detail)."""
    return [row for name in INCIDENTS for row in _against_simpy(name)]


def _against_simpy(name: str) -> list[tuple[str, float, float | None, str]]:
    from tests.support import library_plan

    plan = library_plan(name, seed=7, profile="good")
    plans = [plan.model_copy(update={"seed": seed}) for seed in range(DRILLS)]
    played = [ours(one) for one in plans]
    logs = [DrillLog.reproducible(one, events) for one, events in zip(plans, played, strict=True)]
    things = statistics.mean(plain(one) for one in plans)
    times: dict[str, list[float]] = {"play": [], "seal": [], "grade": [], "plain": []}
    for _ in range(ROUNDS):
        times["play"].append(_seconds(lambda: [ours(one) for one in plans]))
        times["plain"].append(_seconds(lambda: [plain(one) for one in plans]))
        times["seal"].append(_seconds(lambda: [DrillLog.reproducible(*one) for one in zip(plans, played, strict=True)]))
        times["grade"].append(_seconds(lambda: [grade(log) for log in logs]))
    took = {what: statistics.median(values) / DRILLS * 1e3 for what, values in times.items()}
    logged = took["play"] + took["seal"]
    return [
        (
            f"logged drills a second against SimPy, {name}",
            took["plain"] / logged,
            0.25,
            f"at least; {statistics.mean(map(len, played)):.0f} events in {logged:.2f} ms, "
            f"SimPy {things:.0f} things in {took['plain']:.2f} ms",
        ),
        (f"sealing against simulating, {name}", took["seal"] / took["play"], 1.0, f"{took['seal']:.2f} ms a log"),
        (f"a logged and scored drill in ms, {name}", logged + took["grade"], None, f"{took['grade']:.2f} ms to score"),
    ]
