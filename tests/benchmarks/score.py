"""Scoring a drill against simulating the same drill, with one scorecard for each of many seeds."""

import statistics
import time
from collections.abc import Callable

from scoring.scorecard import grade, to_json
from scoring.whatif import read_changes, what_if
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.plan import DrillPlan, Seat
from simulator.players.cast import Cast
from tests.scoring.build import Log, plan_of

DRILLS = 30
ROUNDS = 11
LARGE = 110
"""Events from which scoring has to be a small part of simulating; below, what every drill costs shows."""
INCIDENTS = ("login-outage", "shift-planning-down")


def plans_of(name: str) -> list[DrillPlan]:
    """The same incident with good simulated players, for many seeds."""
    plan = plan_of(name)
    seats = {player.id: Seat(kind="simulated", profile="good") for player in plan.players}
    return [plan.model_copy(update={"seats": seats, "seed": seed}) for seed in range(DRILLS)]


def simulated(plan: DrillPlan) -> Log:
    """A whole drill, as events in memory."""
    driver = Driver.start(plan, [Cast(plan)], VirtualClock(plan.start))
    driver.run()
    return Log(plan, driver.events)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def run() -> list[tuple[str, float, float | None, str]]:
    """Ratios of medians, the two interleaved in one run: (label, ratio, limit, detail)."""
    return [row for name in INCIDENTS for row in _against_simulating(name)]


def _against_simulating(name: str) -> list[tuple[str, float, float | None, str]]:
    plans = plans_of(name)
    logs = [simulated(plan) for plan in plans]
    cards = [grade(log) for log in logs]
    asked = [read_changes(log, moves=["alert 20s sooner"]) for log in logs]
    times: dict[str, list[float]] = {"simulate": [], "grade": [], "write": [], "what if": []}
    for _ in range(ROUNDS):
        times["simulate"].append(_seconds(lambda: [simulated(plan) for plan in plans]))
        times["grade"].append(_seconds(lambda: [grade(log) for log in logs]))
        times["what if"].append(_seconds(lambda: [what_if(*one) for one in zip(logs, asked, strict=True)]))
        times["write"].append(_seconds(lambda: [to_json(card) for card in cards]))
    median = {what: statistics.median(values) / DRILLS * 1e3 for what, values in times.items()}
    events = statistics.mean(len(log.events) for log in logs)
    return [
        (
            f"scoring against simulating, {name}",
            median["grade"] / median["simulate"],
            0.35 if events > LARGE else 1.0,
            f"{median['grade']:.2f} ms against {median['simulate']:.2f} ms for {events:.0f} events",
        ),
        (
            f"a what-if against simulating and scoring, {name}",
            median["what if"] / (median["simulate"] + median["grade"]),
            2.0,
            f"{median['what if']:.2f} ms, the alert 20 s sooner",
        ),
        (f"writing the scorecard, {name}", median["write"] / median["simulate"], None, f"{median['write']:.3f} ms"),
    ]
