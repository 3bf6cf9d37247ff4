"""Whatever people do and however time passes, some things are always true."""

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from simulator import acts as do
from simulator import events as ev
from simulator.acts import ACTS, Act, ActRefused
from simulator.engine import Engine
from simulator.events import Event
from simulator.folds import apply
from simulator.kinds import DECODER
from simulator.log import DrillLog, verify
from simulator.state import DrillState
from simulator.syntax import parse
from tests.simulator.build import MINUTE, START, small_plan, snapshot
from tests.support.extent import examples

PLAN = small_plan(
    severity=[{"from": "0s", "is": 2}, {"from": "5m", "is": 1}],
    injects=[
        {"id": "soon", "at": "2m", "text": "Soon.", "to": "communications"},
        {"id": "again", "at": "4m", "text": "Again.", "repeat": {"every": "3m", "times": 3}, "chance": 0.7},
        {"id": "then", "after": "look", "delay": "30s", "text": "Then."},
        {"id": "chain", "after": "then", "text": "Chain.", "unless": {"action_done": "mend"}},
        {
            "id": "open",
            "when": {"role_open": "incident_commander", "for": "3m"},
            "text": "Who?",
            "repeat": {"every": "2m", "times": 3},
        },
        {
            "id": "quiet",
            "when": {"all": [{"silent": "sitrep", "for": "2m"}, {"acknowledged": "anyone"}]},
            "text": "Well?",
        },
        {"id": "mended", "when": {"impact": "ended", "for": "30s"}, "text": "It is well."},
        {
            "id": "gone",
            "at": "11m",
            "to": "incident_commander",
            "text": "The line is dead.",
            "takes_out": "The commander's line went dead.",
        },
        {"id": "note", "at": "90s", "to": "facilitator", "text": "Watch them."},
        {"id": "later", "at": "150s", "text": "It is later.", "skips": "2h", "down": ["dashboard", "chat"]},
        {"id": "works", "after": "later", "delay": "3m", "text": "It works.", "up": ["chat"]},
        {
            "id": "choice",
            "at": "1m",
            "to": ["communications", "solutioneer"],
            "text": "Go on?",
            "expects": [
                {
                    "decision": "Do we go on?",
                    "options": [{"id": "go-on", "label": "Yes", "effect": "worsens"}, {"id": "stop-it", "label": "No"}],
                    "target": "2m",
                    "deadline": "6m",
                },
                {"judged": "Says why"},
            ],
        },
        {"id": "chose", "after": "go-on", "delay": "20s", "text": "On it goes."},
        {"id": "asked", "when": {"contacted": "counsel", "for": "1m"}, "from": "counsel", "text": "Once more."},
        {"id": "paper", "when": {"resolved": True, "for": "1m"}, "papers": True, "text": "Write it down."},
        {"id": "grave", "when": {"any": [{"severity_declared": 1}, {"published": 2}]}, "text": "Grave."},
    ],
    customers={"affected": 300, "every": "40s", "cannot": "sign in", "again": "signing in", "starts": "1m"},
    outsiders=[{"id": "counsel", "name": "Legal counsel", "says": ["Wait."]}],
    begins="Tuesday 14:35",
    ends={"after": "20m", "papers": "5m", "hot_wash": "5m"},
)
LINES = """
    /ack | /sev 1 | /sev 2 | /alert 1 login | /join | /restate 1 login | /role incident_commander | /role solutioneer
    /role communications | /release | /release solutioneer | /handover incident_commander ben | /accept | hello
    /handover incident_commander chloe | /log did it | /update so | /draft We know | /approve | /publish | /do look
    /publish We know next 20m | /reply 1 yes | /do mend | /do ease | /do smash | /ask why? | /delegate ben look | /done
    /wrong deployment/roll-back 2 no lock
    /step deployment/roll-back 1 | /workaround paper | /bug it | /close no | /resolve | /sitrep who=all | /email
    /postmortem learnings=x | /action owner=ben what=x | /heard ben /log x | /heard ana /role incident_commander
    /attach | /confirm | /stop | /contact counsel may we? | /choose go-on | /choose stop-it
"""
STAFF = """
    /pause | /resume | /resume | /skip | /inject soon | /inject again | /inject ben hello | /hold quiet | /answer so
    /tool chat down | /tool chat up
    /hint ben look | /excuse chloe away | /note x | /rate calm 80 | /end | /follow-up-done | /confirm
    /judge 1 done | /judge 2 not they waited
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().replace("\n", "|").split("|")]


PEOPLE = ("ana", "ben", "chloe")
_FATES = (ev.InjectDelivered, ev.FacilitatorTold, ev.InjectNotTaken)
_ENCODE = msgspec.json.Encoder().encode


class Drill(RuleBasedStateMachine):
    """Throws acts and time at an engine."""

    @initialize(gathered=st.booleans())
    def begin(self, gathered: bool) -> None:
        self.engine, events = Engine.start(PLAN)
        self.events: list[Event] = list(events)
        self.at = 0
        self.wall = START
        self.count = 0
        self._happen()
        if gathered:
            for who, line in [("ana", "/alert 1 login"), *((one, "/join") for one in PEOPLE)]:
                self._do(parse(line, who))

    def _happen(self) -> None:
        while (due := self.engine.next_due()) is not None and due <= self.at:
            self.events += self.engine.advance(self.at, self.wall)

    def _do(self, act: Act) -> None:
        self._happen()
        before = snapshot(self.engine.state), self.engine.next_due()
        try:
            events = self.engine.act(act, self.at, self.wall)
        except ActRefused as refused:
            if not str(refused) or "\n" in str(refused):
                raise AssertionError("a refusal is one sentence") from refused
            assert (snapshot(self.engine.state), self.engine.next_due()) == before
            return
        assert len(events) <= 1
        self.events += events
        self.at = max(self.at, self.engine.state.at)  # a skip moves drill time
        self._happen()

    @rule(who=st.sampled_from(PEOPLE), line=st.sampled_from(lines(LINES)), named=st.booleans())
    def a_player_acts(self, who: str, line: str, named: bool) -> None:
        self.count += 1
        act = parse(line, who, f"{who}-{self.count}" if named else None)
        self._do(act)
        if named and (who, act.id) in self.engine.state.acts:
            assert self.engine.act(act, self.at, self.wall) == []

    @rule(who=st.sampled_from(["fay", "fay", "fay", "eve", "ana"]), line=st.sampled_from(lines(STAFF)))
    def the_staff_act(self, who: str, line: str) -> None:
        self._do(parse(line, who))

    @rule(wait=st.integers(0, 4 * MINUTE), late=st.booleans())
    def time_passes(self, wait: int, late: bool) -> None:
        if self.engine.state.halted:
            self.wall += timedelta(milliseconds=wait)
            return
        until = self.at + wait
        while not late and (due := self.engine.next_due()) is not None and due <= until:
            self._pass_to(max(due, self.at))
            self.events += self.engine.advance(self.at, self.wall)
        self._pass_to(until)
        self._happen()

    def _pass_to(self, at: int) -> None:
        self.wall += timedelta(milliseconds=at - self.at)
        self.at = at

    @rule()
    def the_program_starts_anew(self) -> None:
        """A restart: what comes next must be the same."""
        other = Engine.resume(PLAN, self.events)
        assert snapshot(other.state) == snapshot(self.engine.state)
        assert other.next_due() == self.engine.next_due()
        self.engine = other

    def teardown(self) -> None:
        """Taken up after any of its events, the drill waits for what came next."""
        if not hasattr(self, "events"):
            return
        for place, event in enumerate(self.events[1:], 1):
            due = Engine.resume(PLAN, self.events[:place]).next_due()
            assert due == event.due if event.due is not None else due is None or due > event.at, event

    @rule()
    def it_is_written_down(self) -> None:
        sealed = DrillLog.reproducible(PLAN, self.events)
        assert verify(sealed.data, sealed.head, sealed.texts).right
        assert list(DrillLog.read(sealed.data, sealed.texts).events) == self.events

    @invariant()
    def places_and_times_are_in_order(self) -> None:
        if not hasattr(self, "events"):
            return
        assert [event.seq for event in self.events] == list(range(len(self.events)))
        assert all(first.at <= second.at for first, second in zip(self.events, self.events[1:], strict=False))
        assert all(event.due is None or event.due <= event.at for event in self.events)
        assert all((event.said is None) or event.at - 2 * MINUTE <= event.said <= event.at for event in self.events)

    @invariant()
    def the_state_is_a_fold_of_the_events(self) -> None:
        if not hasattr(self, "events"):
            return
        state = DrillState(PLAN)
        for event in self.events:
            apply(state, event)
        assert snapshot(state) == snapshot(self.engine.state)
        assert Engine.resume(PLAN, self.events).next_due() == self.engine.next_due()

    @invariant()
    def people_are_where_they_can_be(self) -> None:
        if not hasattr(self, "events"):
            return
        state = self.engine.state
        assert len(state.roles["incident_commander"]) <= 1
        assert {run.actor for run in state.running.values()} == set(state.running)
        open_runs: dict[Any, int] = {}
        for event in self.events:
            if isinstance(event, ev.ActionStarted):
                assert open_runs.setdefault(event.actor, event.run) == event.run
            elif isinstance(event, ev.ActionFinished):
                assert open_runs.pop(event.actor) == event.run
        assert {name: run.run for name, run in state.running.items()} == open_runs

    @invariant()
    def an_inject_comes_or_does_not(self) -> None:
        if not hasattr(self, "events"):
            return
        numbers = [event.number for event in self.events if isinstance(event, ev.Arrived)]
        assert numbers == list(range(1, len(numbers) + 1))
        fates: dict[str, list[int]] = {}
        for event in self.events:
            if isinstance(event, _FATES) and event.inject is not None:
                fates.setdefault(event.inject, []).append(event.occurrence)
        assert all(fate == list(range(len(fate))) for fate in fates.values())
        phase = self.engine.state.phase
        decided = [one.id for one in PLAN.scenario.injects if phase != "papers" or one.papers is None]
        if phase != "respond":
            assert set(decided) <= set(fates)

    @invariant()
    def nothing_comes_after_the_end(self) -> None:
        if not hasattr(self, "events"):
            return
        names = [type(event).__name__ for event in self.events]
        assert names.count("DrillEnded") <= 1
        assert "FollowUpClosed" not in names[:-1]
        if self.engine.state.finished:
            assert self.engine.next_due() is None

    @invariant()
    def every_event_survives_json(self) -> None:
        if hasattr(self, "events"):
            assert DECODER.decode(_ENCODE(self.events[-1])) == self.events[-1]


TestDrill = Drill.TestCase
TestDrill.settings = settings(max_examples=examples(40), stateful_step_count=40, deadline=None)


def test_the_lines_above_hold_every_act() -> None:
    typed = {type(parse(line, "ana")) for line in [*lines(LINES), *lines(STAFF)]}
    assert typed == set(ACTS) - {do.StartAction}
