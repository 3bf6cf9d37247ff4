"""The data of pages: a drill as somebody may see it, as plain data for templates and for the browser."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from drills.guidance.retests import shown_by
from drills.guidance.visibility import Viewer, visible
from drills.live.drill import LiveDrill
from drills.live.past import Drill
from drills.live.rooms import Room
from drills.planning import catalogue
from scenarios.expects import Judged
from scenarios.placeholders import fill
from scenarios.protocol import Protocol
from scenarios.scenario import Action, Inject, Scenario
from scenarios.story_time import begin_of
from simulator import events as ev
from simulator.customers import WAITING
from simulator.plan import DrillPlan
from simulator.signals import level_of
from simulator.state import DrillState
from simulator.syntax import FORMS

if TYPE_CHECKING:
    from reports.planned_timeline import PlannedStory

__all__ = ["COURSE_STEP", "answers_of", "clock_of", "iso", "page_data", "readings", "signal_course", "static_data"]

COURSE_STEP = 15_000
"""Milliseconds from one point of a signal's course to the next."""
MOST_POINTS = 240
MAY_SEE_WAITING = ("commander", "spokesperson")
Values = dict[str, str | int | float]


def iso(instant: datetime) -> str:
    """An instant as browsers read it."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def page_data(room: Room, viewer: Viewer) -> dict[str, Any]:
    """Everything that a page needs of a drill that runs or has run."""
    live = room.live
    assert live is not None  # noqa: S101 - pages of a waiting drill are made elsewhere
    return {
        "static": static_data(room, live, viewer),
        "clock": clock_of(live),
        "phase": room.phase,
        "signals": signal_course(room, sees_waiting(live, viewer), open_eyed=viewer.staff or viewer.revealed),
        "events": [msgspec.Raw(data) for data in visible(viewer, live.state, room.frames)],
        "seq": len(room.frames) - 1,
    }


def clock_of(live: Drill) -> dict[str, Any]:
    """What time it is in a drill."""
    state = live.state
    # As its events have it, also if the machine's clock was set meanwhile.
    now = live.clock.instant() if isinstance(live, LiveDrill) else datetime.now(UTC)
    return {
        "at": live.at,
        "wall": iso(now),
        "running": not (state.halted or state.finished or live.fault is not None),
        "stopped": state.stopped,
        "fault": live.fault,
        "pace": live.pace,
    }


def static_data(room: Room, live: Drill, viewer: Viewer) -> dict[str, Any]:
    """What does not change while a drill runs. What only staff may read is left out for others."""
    plan = live.plan
    scenario, protocol = plan.scenario, plan.protocol
    values = live.state.values
    over = live.state.ended_at is not None
    open_book = viewer.staff or (plan.mode == "training" and viewer.role == "player")
    return {
        "drill": plan.drill,
        "title": scenario.title if viewer.staff or over else None,
        "channel": protocol.channel,
        "mode": plan.mode,
        "voice": plan.voice,
        "viewer": {
            "role": viewer.role,
            "member": viewer.member,
            "name": room.called(viewer.role, viewer.member),
        },
        "timezone": plan.timezone,
        "story": None
        if scenario.begins is None
        else {"begins": begin_of(scenario.begins), "day": values.get("weekday", "")},
        "start": iso(plan.start),
        "brief": fill(scenario.brief, values),
        "company": catalogue.company(),
        "practice": room.kind == "practice",
        "rehearsal": room.kind == "rehearsal",
        "commander": protocol.commander,
        "spokesperson": protocol.spokesperson,
        "solver": protocol.solver,
        "members": [
            {
                "id": player.id,
                "name": room.names.get(player.id, player.id),
                "simulated": plan.seats[player.id].kind == "simulated",
                "roles": player.roles,
                "since": player.since,
            }
            for player in plan.players
        ],
        "staff": room.staff,
        "roles": [role.model_dump(mode="json") for role in protocol.roles],
        "severities": [level.model_dump(mode="json") for level in protocol.severities],
        "runbooks": [_runbook(book.model_dump(mode="json")) for book in plan.runbooks],
        "process": protocol.process,
        "questions": [question.model_dump(mode="json") for question in protocol.questions],
        "post_mortem": protocol.post_mortem,
        "obligations": [one._asdict() for one in shown_by(protocol)],
        "ends": {"after": scenario.ends.after, "papers": scenario.ends.papers, "hot_wash": scenario.ends.hot_wash},
        "signals": _signals(scenario, values, waiting=sees_waiting(live, viewer)),
        "actions": [_action(action, values) for action in scenario.actions] if open_book else None,
        "outsiders": [{"id": one.id, "name": fill(one.name, values)} for one in scenario.outsiders or ()],
        "syntax": [
            {"verb": form.verb, "form": form.form, "help": form.help, "staff": form.staff}
            for form in FORMS
            if viewer.staff or not form.staff
        ],
        "answers": answers_of(scenario, protocol, values, _planned_story(live.state)) if viewer.staff else None,
    }


def _runbook(book: dict[str, Any]) -> dict[str, Any]:
    return {"id": book.pop("runbook"), **book}


def _action(action: Action, values: Values) -> dict[str, Any]:
    return {"id": action.id, "label": fill(action.label, values), "takes": action.takes}


def _signals(scenario: Scenario, values: Values, *, waiting: bool) -> list[dict[str, Any]]:
    found = [
        {
            "name": name,
            "title": fill(signal.title or name.replace("_", " ").capitalize(), values),
            "unit": signal.unit,
            "normal": level_of(signal.normal, values),
        }
        for name, signal in scenario.signals.items()
    ]
    if waiting and scenario.customers is not None:
        found.append({"name": WAITING, "title": "Customers waiting", "unit": "", "normal": 0})
    return found


def sees_waiting(live: Drill, viewer: Viewer) -> bool:
    """Whether somebody may see how many customers wait: staff, commander and Communications; later everybody."""
    if viewer.staff or viewer.revealed:
        return True
    protocol, member = live.plan.protocol, viewer.member or ""
    roles = [role for role in (protocol.commander, protocol.spokesperson) if role is not None]
    return bool(member) and any(live.state.holds(member, role) for role in roles)


def signal_course(room: Room, waiting: bool, *, open_eyed: bool = True) -> dict[str, list[list[float]]]:
    """The signals so far, as points of drill time (milliseconds) and reading.

    Who is not `open_eyed` sees none of the time in which the dashboard was down.
    """
    live, history = room.live, room.history
    if live is None or history is None:
        return {}
    now = live.at
    step = max(COURSE_STEP, now // MOST_POINTS)
    names = _names(live.plan, waiting)
    dark = [] if open_eyed else _dark(live)
    times = [at for at in range(0, now + 1, step) if not any(since <= at < until for since, until in dark)]
    return {name: [[at, _rounded(history.value(name, at))] for at in times] for name in names}


def _dark(live: Drill) -> list[tuple[int, int]]:
    """When the dashboard was down, in drill time."""
    changes = [one for one in live.events if isinstance(one, ev.ToolChanged) and one.tool == "dashboard"]
    times = [one.at if one.due is None else one.due for one in changes]
    spans = zip(changes, times, [*times[1:], live.at + 1], strict=False)
    return [(since, until) for one, since, until in spans if not one.works]


def readings(room: Room, at: int) -> dict[str, float]:
    """What the signals show at a drill time, and how many customers wait."""
    live, history = room.live, room.history
    if live is None or history is None:
        return {}
    return {name: _rounded(history.value(name, at)) for name in _names(live.plan, waiting=True)}


def _names(plan: DrillPlan, waiting: bool) -> list[str]:
    return [*plan.scenario.signals, *([WAITING] if waiting and plan.scenario.customers is not None else [])]


def _rounded(value: float) -> float:
    return round(value, 1 if abs(value) < 100 else 0)


def _planned_story(state: DrillState) -> "PlannedStory":
    """The story's clock at what is still to come in a drill that runs."""
    from reports.planned_timeline import PlannedStory  # only needed for those who may read it

    came = {one.inject: one.at for one in state.injects if isinstance(one, ev.InjectDelivered) and one.inject}
    return PlannedStory(state.plan.scenario, state.jumped_by, came, state.settled | state.held | state.jumped)


def answers_of(
    scenario: Scenario, protocol: Protocol, values: Values, story: "PlannedStory | None" = None
) -> dict[str, Any]:
    """What players may not read before the end."""
    from reports.planned_timeline import PlannedStory, in_order  # likewise

    planned = PlannedStory(scenario) if story is None else story

    def said(text: str | None) -> str | None:
        return None if text is None else planned.told(text, None, values)

    guide = scenario.guide.model_dump(mode="json") if scenario.guide is not None else None
    return {
        "severity": [[span.since, protocol.severity_of(span.level)] for span in scenario.severity],
        "solution": said(scenario.solution),
        "who": said(scenario.impact.who),
        "how": said(scenario.impact.how),
        "lost": said(scenario.impact.lost),
        "workaround": said(scenario.workaround),
        "actions": [
            {
                **_action(action, values),
                "effect": action.effect,
                "clue": action.clue,
                "herring": action.herring,
                "needs": action.needs,
                "shows": said(action.shows),
            }
            for action in scenario.actions
        ],
        "injects": [_inject(inject, scenario, protocol, values, planned) for inject in in_order(scenario)],
        "outsiders": [
            {
                "id": one.id,
                "name": fill(one.name, values),
                "knows": said(one.knows),
                "says": [said(text) for text in one.says or ()],
            }
            for one in scenario.outsiders or ()
        ],
        "guide": _filled(guide, values),
    }


def _inject(
    inject: Inject, scenario: Scenario, protocol: Protocol, values: Values, story: "PlannedStory"
) -> dict[str, Any]:
    from reports.format import by_way  # likewise
    from reports.msel import asks_by_when, receivers, words_of

    time = story.of(inject)
    return {
        "id": inject.id,
        "at": inject.at,
        "when": words_of(inject, protocol),
        "story": story.says(time),
        "to": inject.to,
        "whom": receivers(inject, protocol),
        "via": inject.via,
        "way": by_way(inject.via),
        "from": story.told(scenario.sender(inject), time, values),
        "text": story.told(inject.text, time, values),
        "papers": inject.papers is not None,
        "files": [one.file for one in inject.attach or []],
        "expects": [fill(asks_by_when(one), values) for one in inject.expects or ()],
        "judged": [place for place, one in enumerate(inject.expects or (), 1) if isinstance(one, Judged)],
        "objective": scenario.objective(inject),
    }


def _filled(node: Any, values: Values) -> Any:  # noqa: ANN401 - plain JSON
    if isinstance(node, str):
        return fill(node, values)
    if isinstance(node, list):
        return [_filled(inner, values) for inner in node]
    return {key: _filled(inner, values) for key, inner in node.items()} if isinstance(node, dict) else node
