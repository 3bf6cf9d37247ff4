"""Drills in which everything happens: simulated players of all kinds, and somebody who meddles at random but sensibly.

The same seed makes the same drill.
"""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from typing import get_args

import msgspec

from drills.planning.materials import Materials, gather, plan_drill
from scenarios.lookup import names
from scenarios.scenario import Inject, Outsider, Scenario
from simulator import acts as do
from simulator.acts import Act
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.events import Event
from simulator.plan import DrillPlan, Profile, Seat
from simulator.players.cast import Cast
from simulator.state import DrillState

__all__ = ["Meddler", "meddled_plan", "play_meddled"]

MOST_ACTS = 90
WORDS = (
    "We know that signing in fails and we are on it.",
    "We know that signing in fails, and we are on it!",
    "The release is rolled back and it works again for most of you.",
    "Sorry.",
    "Orders are late today; nothing is lost and we write again soon.",
)
"""What customers are told: some alike, some not."""
ALOUD = (
    "/ack", "/join", "/sev 2", "/role solutioneer", "/log it is done", "/ask is the disk full?", "/draft Sorry.",
    "/publish Sorry. next 10m", "/done", "/release", "/resolve", "/reply 1 we are on it", "/delegate {} look at it",
    "/accept", "/accept", "/alert 1 login", "/restate 1 login", "/approve", "/handover solutioneer {}",
    "/close it went",
)  # fmt: skip
FACILITATOR, EVALUATOR = "fay", "eve"


@cache
def _incident(name: str) -> Materials:
    return gather(name)


def meddled_plan(seed: int) -> DrillPlan:
    """A drill of the library with a facilitator or without one, and players of all kinds."""
    chance = random.Random(f"plan-{seed}")  # noqa: S311 - a test
    plan = plan_drill(_incident(chance.choice(names("scenario"))), seed, "good")
    seats = {
        player.id: Seat(kind="simulated", profile=chance.choice(get_args(Profile)))
        if chance.random() < 0.7
        else Seat(kind="person")
        for player in plan.players
    }
    staff = {"facilitators": [FACILITATOR] if chance.random() < 0.8 else [], "evaluators": [EVALUATOR]}
    *others, last = plan.players
    later = last.model_copy(update={"since": 120_000 if seed % 3 == 0 else None})
    more = {"seats": seats, "scenario": _with_more(plan), "players": [*others, later]}
    return plan.model_copy(update={**more, **staff})


def _with_more(plan: DrillPlan) -> Scenario:
    """The scenario with a jump, a tool that is down, a note, a decision and somebody outside, which few others have."""
    roles = [role.id for role in plan.protocol.roles][:2]
    options = [{"id": "meddle", "label": "Yes", "says": "So be it."}, {"id": "let-be", "label": "No"}]
    decision = {"decision": "Shall we?", "options": options, "target": "2m", "deadline": "6m"}
    more = [
        {"id": "a-jump", "at": "50s", "to": "everyone", "text": "It is later.", "skips": "2h", "down": ["dashboard"]},
        {
            "id": "a-note",
            "at": "40s",
            "to": "facilitator",
            "text": "Watch them.",
            "repeat": {"every": "3m", "times": 1},
        },
        {"id": "a-choice", "at": "90s", "to": roles, "text": "Well?", "expects": [decision, {"judged": "Calm"}]},
    ]
    injects = [*plan.scenario.injects, *(Inject.model_validate(one) for one in more)]
    outside = [Outsider(id="counsel", name="A lawyer", says=["Wait."]), *(plan.scenario.outsiders or ())]
    return plan.scenario.model_copy(update={"injects": injects, "outsiders": outside})


def play_meddled(plan: DrillPlan, seed: int, observe: Callable[[Event, DrillState], None]) -> None:
    """Play it; `observe` is told of each event and of the state that it left."""
    meddler = Meddler(plan, seed, observe)
    driver = Driver.start(plan, [meddler, Cast(plan)], clock := VirtualClock(plan.start))
    while driver.step():
        if meddler.chance.random() < 0.004 and driver.next_due() is not None:
            at, since = clock.reach(driver.engine.state.at)
            driver.engine.interrupt(at, since, since + timedelta(seconds=40), "the server was down")


class Meddler:
    """Acts for anybody, at random times, in ways that are mostly possible."""

    def __init__(self, plan: DrillPlan, seed: int, observe: Callable[[Event, DrillState], None]) -> None:
        self.chance = random.Random(f"meddler-{seed}")  # noqa: S311 - a test
        self._plan = plan
        self._told = observe
        self._at = self.chance.choice((5_000, 5_000, 5_000, 900_000))
        self._count = 0

    def observe(self, event: Event, state: DrillState) -> None:
        self._told(event, state)

    def next_due(self, halted: bool) -> int | None:  # noqa: ARG002 - somebody must go on
        return self._at if self._count < MOST_ACTS else None

    def catch_up(self, events: Sequence[Event]) -> None:
        raise NotImplementedError("it is never resumed")

    def act(self, at: int, state: DrillState) -> Act | None:
        self._at = at + self.chance.choice((0, 500, 5_000, 20_000, 60_000))
        self._count += 1
        return msgspec.structs.replace(self._drawn(state), id=f"m{self._count}")

    # -- what to do ----------------------------------------------------------------------------------------------------

    def _drawn(self, state: DrillState) -> Act:
        if state.halted and self.chance.random() < 0.5:
            return do.Resume(who=self._staff(state))
        if state.alerted_at is None and self.chance.random() < 0.5:
            return do.AlertTeam(who=self._plan.first_responder, severity=1, topic="login")
        if len(state.joined) < len(state.alerted) - 1 and self.chance.random() < 0.4:
            return do.Join(who=self.chance.choice([who for who in state.players if who not in state.joined]))
        draw = self.chance.random()
        if draw < 0.1:
            return self._gathering(state)
        if draw < 0.3:
            return self._role(state)
        if draw < 0.58:
            return self._message(state)
        if draw < 0.72:
            return self._work(state)
        if draw < 0.8:
            return self._aloud(state)
        if draw < 0.86:
            return self._paper(state)
        return self._running(state)

    def _somebody(self, state: DrillState) -> str:
        came = list(state.joined) if self.chance.random() < 0.8 else []
        return self.chance.choice(came or list(state.players))

    def _staff(self, state: DrillState) -> str:
        return next(iter(self._plan.facilitators), None) or self._somebody(state)

    def _level(self) -> int:
        return self.chance.choice([0, *(known.level for known in self._plan.protocol.severities)])

    def _gathering(self, state: DrillState) -> Act:
        who = self._somebody(state)
        kinds: list[Act] = [
            do.Acknowledge(who=who),
            do.Join(who=self.chance.choice(list(state.players))),
            do.DeclareSeverity(who=who, severity=self._level()),
            do.AlertTeam(who=who, severity=self._level(), topic=self.chance.choice(["login", "", None])),
            do.Restate(who=who, severity=self._level(), topic=self.chance.choice(["login", None])),
        ]
        return self.chance.choice(kinds)

    def _role(self, state: DrillState) -> Act:
        role = self.chance.choice(list(state.roles))
        held = list(state.roles[role])
        if state.offers and self.chance.random() < 0.6:
            return do.AcceptRole(who=self.chance.choice([to for _, to in state.offers.values()]))
        if held and self.chance.random() < 0.7:
            giver = self.chance.choice(held)
            if self.chance.random() < 0.25:
                return do.ReleaseRole(who=giver, role=role)
            return do.HandOver(who=giver, role=role, to=self._somebody(state))
        return do.TakeRole(who=self._somebody(state), role=role)

    def _message(self, state: DrillState) -> Act:
        who = self._somebody(state)
        leads = state.commander or who
        draw = self.chance.random()
        if not state.drafts or draw < 0.3:
            return do.DraftMessage(who=who, text=self.chance.choice(WORDS))
        number = self.chance.randint(1, len(state.drafts))
        if draw < 0.65:
            return do.ApproveDraft(who=leads, draft=self.chance.choice([None, number]))
        text = self.chance.choice(["", state.drafts[number - 1].text, state.drafts[-1].text + " Bear with us.", *WORDS])
        later = self.chance.choice([None, 0, 600_000])
        return do.Publish(who=self.chance.choice([leads, who]), text=text, next_in=later)

    def _work(self, state: DrillState) -> Act:
        who = self._somebody(state)
        plan = self._plan
        procedures = [f"{book.runbook}/{part.id}" for book in plan.runbooks for part in book.procedures] or [
            "none/none"
        ]
        text = self.chance.choice(["look at the database", "is it slow?", "nothing of the kind 7"])
        open_task = self.chance.choice([None, *state.tasks])
        kinds: list[Act] = [
            do.StartAction(who=who, action=self.chance.choice(plan.scenario.actions).id),
            do.Attempt(who=who, text=text),
            do.Ask(who=who, text=text),
            do.Answer(who=self._staff(state), text="All is normal."),
            do.TickStep(who=who, procedure=self.chance.choice(procedures), step=1),
            do.FlagStep(who=who, procedure=self.chance.choice(procedures), step=1, text="old"),
            do.Delegate(who=who, to=self._somebody(state), text="Look, please."),
            do.FinishTask(who=state.tasks[open_task].to if open_task else who, task=open_task),
            do.AnnounceWorkaround(who=who, text="On paper."),
            self._reply(state, who),
            do.Contact(who=who, outsider="counsel", text="May we?"),
            *[do.Choose(who=who, option=self.chance.choice(["meddle", "let-be"]))] * 3,
        ]
        return self.chance.choice(kinds)

    def _reply(self, state: DrillState, who: str) -> Act:
        if not state.injects:
            return do.Reply(who=who, number=1, text="Yes.")
        arrived = self.chance.choice(state.injects)
        return do.Reply(who=self.chance.choice(arrived.recipients), number=arrived.number, text="We are on it.")

    def _aloud(self, state: DrillState) -> Act:
        applied = {act for _, act in state.acts}
        waiting = [report for report in state.spoken.values() if f"heard-{report.report}" not in applied]
        if waiting and self.chance.random() < 0.7:
            report = self.chance.choice(waiting)
            who = self.chance.choice([report.speaker, self._staff(state)])
            return do.Confirm(who=who, report=self.chance.choice([None, report.report]))
        text = self.chance.choice(ALOUD).format(self._somebody(state))
        return do.Heard(who=self._somebody(state), speaker=self._somebody(state), text=text)

    def _paper(self, state: DrillState) -> Act:
        who = state.commander or self._somebody(state)
        kinds: list[Act] = [
            do.FileSituationReport(who=who, solution="It was rolled back."),
            do.EmailReport(who=who),
            do.Attach(who=who),
            do.FilePostMortem(who=who, learnings="Roll back sooner."),
            do.AddCorrectiveAction(who=who, text="Test it.", owner=who, due_on="2026-04-01"),
            do.LogEntry(who=who, text="Done so far."),
            do.PostUpdate(who=who, text="It goes on."),
            do.Say(who=who, text="Hm."),
            do.FileBug(who=who, text="It is slow."),
        ]
        return self.chance.choice(kinds)

    def _running(self, state: DrillState) -> Act:
        staff = self._staff(state)
        draw = self.chance.random()
        injects = [inject.id for inject in self._plan.scenario.injects]
        inject = self.chance.choice(injects) if injects else "none"
        kinds: list[tuple[float, Act]] = [
            (0.12, do.Pause(who=staff, reason="lunch")),
            (0.10, do.Resume(who=staff)),
            (0.09, do.Stop(who=self.chance.choice([staff, self._somebody(state)]))),
            (0.08, do.SkipAhead(who=staff)),
            (0.08, do.SendInject(who=staff, inject=inject)),
            (0.07, do.SendInject(who=staff, to=self._addressee(state), text="Is it over?")),
            (0.03, do.SetTool(who=staff, tool="status_page", works="status_page" in state.down)),
            (0.10, do.HoldInject(who=staff, inject=inject)),
            (0.06, do.Hint(who=staff, to=self._somebody(state), text="Read the log.")),
            (0.05, do.Excuse(who=staff, member=self._somebody(state), reason="called away")),
            (0.03, do.Note(who=EVALUATOR, text="Calm.")),
            (0.03, do.Rate(who=EVALUATOR, item="calm", value=70)),
            (0.05, self._judged(state)),
            (0.06, do.EndDrill(who=staff)),
            (0.01, do.CloseFollowUp(who=staff)),
            (0.03, do.Resolve(who=state.commander or self._somebody(state))),
            (0.01, do.CloseIncident(who=state.commander or self._somebody(state), reason="nothing")),
        ]
        for share, act in kinds:
            if draw < share:
                return act
            draw -= share
        return do.Resume(who=staff)

    def _judged(self, state: DrillState) -> Act:
        numbers = [one.number for one in state.injects if getattr(one, "inject", None) == "a-choice"] or [1]
        return do.Judge(who=EVALUATOR, number=self.chance.choice(numbers), mark=self.chance.choice(["done", "not"]))

    def _addressee(self, state: DrillState) -> str:
        groups = ["everyone", "channel", "first_responder", *state.roles, *state.players]
        return self.chance.choice(groups)
