"""The browser's view of a drill agrees with the engine's state, after every event of eventful drills.

The browser's side is `fold.js` itself under Node, fed with what the server sends: everything for staff, and for players
and observers what they may see. Thirty drills every day; with FULL_TESTS=1, as .ci/run sets it, six hundred.
"""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from drills.guidance.visibility import Frame, Frames, Viewer, knows, reveals, sees, visible
from drills.live.drill import LiveDrill
from drills.live.rooms import Room
from drills.web.page_data import static_data
from scenarios.expects import Decision
from simulator import events as ev
from simulator.events import Event
from simulator.kinds import EVENTS
from simulator.plan import DrillPlan
from simulator.state import RESPOND, DrillState
from tests.support.extent import FULL
from tests.support.meddling import meddled_plan, play_meddled
from tests.support.node import Script, script

HARNESS = Path(__file__).parent / "js" / "fold_of.js"
DRILLS = 600 if FULL else 20
AT_ONCE = 10
"""Drills in one test, so that processes share the work."""
Facts = dict[str, Any]
_ENCODE = msgspec.json.Encoder().encode
Step = tuple[msgspec.Raw | None, list[msgspec.Raw] | None]


@pytest.fixture(scope="module")
def browser() -> Iterator[Script]:
    with script(HARNESS) as found:
        yield found


@pytest.mark.parametrize("first", range(0, DRILLS, AT_ONCE))
def test_the_browser_and_the_engine_agree_after_every_event(browser: Script, first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        plan = meddled_plan(seed)
        watch = Watch(plan)
        play_meddled(plan, seed, watch)
        for looking in watch.looking:
            looking.compare(browser, seed, watch.events)


def test_everything_that_a_log_can_hold_happens_in_these_drills() -> None:
    seen: set[type[Event]] = set()
    for seed in range(60):
        play_meddled(meddled_plan(seed), seed, lambda event, _: seen.add(type(event)))
    never = sorted(kind.__name__ for kind in EVENTS if kind not in seen)
    assert not never, f"the meddler in tests/support/meddling.py never brings about {', '.join(never)}"


class Watch:
    """Everybody who looks at a drill as it is played."""

    def __init__(self, plan: DrillPlan) -> None:
        self.events: list[Event] = []
        self._making = Frames(plan)
        self._frames: list[Frame] = []
        self._said: Said = {}
        members = [plan.first_responder, plan.players[-1].id]
        viewers = [Viewer("facilitator"), Viewer("observer"), *(Viewer("player", member) for member in members)]
        self.looking = [Looking(plan, viewer, self._said) for viewer in viewers]

    def __call__(self, event: Event, state: DrillState) -> None:
        self.events.append(event)
        self._frames.append(self._making.frame(event))
        note_when(event, self._said)
        for one in self.looking:
            one.take(event, state, self._frames)


Said = dict[tuple[str, ...], int]


def note_when(event: Event, said: Said) -> None:
    """Keep when that was said which may be recorded later: the browser shows it, the engine goes by the record."""
    match event:
        case ev.Acknowledged() | ev.Joined():
            said[type(event).__name__, event.actor or ""] = event.when
        case ev.TeamAlerted():
            said.setdefault(("Acknowledged", event.actor or ""), event.at)
        case ev.RoleTaken() | ev.RoleHandedOver():
            if isinstance(event, ev.RoleHandedOver):
                said.pop((event.role, event.giver), None)
            said.setdefault((event.role, event.actor or ""), event.when)
        case ev.RoleReleased():
            said.pop((event.role, event.actor or ""), None)
        case ev.MemberExcused():
            for key in [key for key in said if key[-1] == event.member and key[0] not in ("Acknowledged", "Joined")]:
                del said[key]


class Looking:
    """One viewer: what was sent to them, and what they should know after each event."""

    def __init__(self, plan: DrillPlan, viewer: Viewer, said: Said) -> None:
        self.viewer = viewer
        self._plan = plan
        self._said = said
        self._statics: Facts | None = None
        self._steps: list[Step] = []
        self._expected: list[dict[str, bytes]] = []
        self._before: dict[str, bytes] = {}

    def take(self, event: Event, state: DrillState, frames: list[Frame]) -> None:
        if self._statics is None:
            self._statics = statics_of(self._plan, state, self.viewer)
        seen = sees(self.viewer, state, frames[-1])
        again = None
        if seen is not None and self.viewer.member is not None and reveals(event, self.viewer.member):
            again = [msgspec.Raw(data) for data in visible(self.viewer, state, frames)]
        self._steps.append((None if seen is None else msgspec.Raw(seen), again))
        facts = {name: _ENCODE(value) for name, value in expected(self._plan, self.viewer, state, self._said).items()}
        self._expected.append({name: told for name, told in facts.items() if self._before.get(name) != told})
        self._before = facts

    def compare(self, browser: Script, seed: int, events: list[Event]) -> None:
        answers = browser.ask({"statics": self._statics, "steps": self._steps})
        assert len(answers) == len(events)
        known: Facts = {}
        should: Facts = {}
        for event, news, changed in zip(events, answers, self._expected, strict=True):
            known |= news
            should |= {name: msgspec.json.decode(told) for name, told in changed.items()}
            differ = {name: (known.get(name), should.get(name)) for name in (*news, *changed)}
            differ = {name: (is_so, ought) for name, (is_so, ought) in differ.items() if is_so != ought}
            assert not differ, f"drill {seed}, {self.viewer}, (browser, engine) after {event}"


def statics_of(plan: DrillPlan, state: DrillState, viewer: Viewer) -> Facts:
    room = cast("Room", SimpleNamespace(names={}, kind="drill", staff=[], called=lambda role, member: member or role))
    return static_data(room, cast("LiveDrill", SimpleNamespace(plan=plan, state=state)), viewer)


# -- what somebody should know -----------------------------------------------------------------------------------------


def expected(plan: DrillPlan, viewer: Viewer, state: DrillState, said: Said) -> Facts:
    """What the engine's state holds, as far as the viewer may know it, in plain JSON."""
    here = viewer.member is None or knows(viewer.member, state)
    nothing = DrillState(plan)
    shown = state if here else nothing
    return {
        **_course(state, shown, viewer),
        **_people(shown, said),
        "excused": sorted(shown.excused | (state.excused & {viewer.member})),
        **_messages(shown),
        **_work(shown),
        **_own(state, shown, viewer),
        **_behind(state if viewer.staff else nothing, plan),
        "reached": here,
    }


def _course(state: DrillState, shown: DrillState, viewer: Viewer) -> Facts:
    me = viewer.member
    since = None if state.paused_wall is None else round(state.paused_wall.timestamp() * 1000)
    owes = me is not None and state.phase == RESPOND and state.knows(me)
    return {
        "phase": ["closed" if state.finished else state.phase, state.phase_since],
        "at": state.at if viewer.staff else None,
        "halted": None if since is None else [since, state.stopped],
        "over": shown.response_over,
        "owes": owes and me not in state.acknowledged and me not in state.excused,
    }


def _people(state: DrillState, said: Said) -> Facts:
    roles = {role: [[who, said[role, who]] for who in held] for role, held in state.roles.items()}
    stretches = [[role, who, since] for role, held in roles.items() for who, since in held]
    return {
        "severity": state.severity,
        "alert": None if state.alerted_at is None else [state.alerted_by, state.alerted_at],
        "alerted": state.alerted,
        "acknowledged": {who: said["Acknowledged", who] for who in state.acknowledged},
        "joined": {who: said["Joined", who] for who in state.joined},
        "roles": roles,
        "commander": state.commander,
        "stretches": sorted(stretches, key=lambda one: ",".join(map(str, one))),
        "offers": {role: list(offer) for role, offer in state.offers.items()},
    }


def _messages(state: DrillState) -> Facts:
    return {
        "drafts": [draft.text for draft in state.drafts],
        "approved": state.approved,
        "next": state.approved[-1] if state.approved else None,
        "published": [[number, at] for number, at in enumerate(state.published, 1)],
    }


def _work(state: DrillState) -> Facts:
    running = sorted(state.running.values(), key=lambda run: run.run)
    return {
        "tasks": [[task.task, task.actor, task.to, task.text] for task in state.tasks.values()],
        "taskCount": state.task_count,
        "running": [[run.run, run.action, run.actor, run.ends] for run in running],
        "runs": state.runs,
        "done": state.done,
        "papers": [state.reported_situation, state.emailed, sorted(state.attached), state.post_mortem],
    }


def _own(state: DrillState, shown: DrillState, viewer: Viewer) -> Facts:
    """What reached the viewer, of what reaches only some."""
    me, staff = viewer.member, viewer.staff
    mails = [mail for mail in state.injects if staff or (me is not None and state.reaches(me, mail))]
    asked = [question for question in state.questions.values() if staff or question.actor == me is not None]
    waiting = [
        report for report in shown.spoken.values() if (report.speaker, f"heard-{report.report}") not in shown.acts
    ]
    return {
        "reported": {who: at for who, at in state.reported.items() if staff or who == me},
        "inbox": [
            [mail.number, mail.via, mail.sender, mail.text, list(mail.receivers), list(mail.recipients)]
            for mail in mails
        ],
        "decided": [mail.number for mail in mails if (one := state.decision(mail)) and _chosen(one, state)],
        "undecided": [mail.number for mail in mails if (one := state.decision(mail)) and not _chosen(one, state)],
        "questions": [[question.question, question.actor, question.text] for question in asked],
        "spoken": [[one.report, one.actor, one.speaker, one.text] for one in waiting if staff or one.speaker == me],
    }


def _chosen(decision: Decision, state: DrillState) -> bool:
    return any(option.id in state.chosen for option in decision.options)


def _behind(state: DrillState, plan: DrillPlan) -> Facts:
    come = set()
    for name, times in state.delivered.items():
        inject = plan.scenario.inject(name)
        if inject is not None and (inject.repeat is None or times > inject.repeat.times):
            come.add(name)
    return {
        "delivered": state.delivered,
        "untaken": sorted(state.settled - come),
        "held": sorted(state.held),
        "impact": [state.impact, state.impact_since],
    }
