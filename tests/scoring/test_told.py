"""The ledger tells the truth: change the acts as a line says, play the drill again, and that is what it brings."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest
from msgspec import structs

from scoring.components import JUDGES
from scoring.remedies import REMEDIES
from scoring.result import Lost, Scorecard
from scoring.scorecard import grade
from scoring.told import MOST, Remedied, foremost, graded, remedied, with_ledger
from simulator import acts as do
from simulator.acts import Act
from simulator.changes import changed
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.events import Event, ImpactChanged, ReportEscalated
from simulator.log import DrillLog
from simulator.plan import Profile, Seat
from simulator.reenactment import course_of
from simulator.state import DrillState
from tests.scenarios.shipped import names
from tests.scoring.build import MINUTE, SECOND, Log, plan_of, played
from tests.support import library_plan, play
from tests.support.extent import FULL, PROVE
from tests.support.perfect import Timed, kind_of, perfect_acts

PROFILES: tuple[Profile, ...] = ("good", "average", "poor", "absent")
NEAR = 0.5
ENOUGH = 0.95
LINES = 1_500 if FULL or PROVE else 60
"""How many lines there are at least."""


class Told(NamedTuple):
    """A line, what it states, and what came of it when a script did as it says."""

    drill: str
    line: Lost
    states: float | None
    brings: float
    earned: bool


class Script:
    """Acts at their times, and nothing else: as a drill with --acts, without what the replay knows of the log."""

    def __init__(self, acts: Sequence[tuple[int, Act]]) -> None:
        self._acts = sorted(acts, key=lambda timed: timed[0])
        self._next = 0

    def observe(self, event: Event, state: DrillState) -> None:
        """Nobody looks around."""

    def next_due(self, halted: bool) -> int | None:  # noqa: ARG002 - nobody pauses
        return self._acts[self._next][0] if self._next < len(self._acts) else None

    def act(self, at: int, state: DrillState) -> Act | None:  # noqa: ARG002 - nobody looks around
        self._next += 1
        return self._acts[self._next - 1][1]

    def catch_up(self, events: Sequence[Event]) -> None:
        """Nobody resumes."""


def by_script(log: DrillLog, one: Remedied) -> Scorecard:
    course, _ = changed(course_of(log.events), one.changes)
    plan = log.plan.model_copy(update={"seats": {who: Seat(kind="script") for who in log.plan.seats}})
    acts = [(done.at, done.act) for done in course if done.act is not None]
    driver = Driver.start(plan, [Script(acts)], VirtualClock(plan.start))
    driver.run()
    return grade(Log(log.plan, driver.events))


def stated(line: Lost) -> float | None:
    """The figure that a line states in words."""
    said = re.search(r": (nothing|[+−]\d+\.\d)(?: by itself| while .*)?$", line.better)
    if said is None:
        return None
    return 0.0 if said[1] == "nothing" else float(said[1].replace("−", "-"))


def drills() -> Iterator[DrillLog]:
    for name in names("incidents") if FULL or PROVE else ("login-outage", "nobody-answers"):
        for seed in range(1, 5 if PROVE else 3 if FULL else 2):
            for profile in PROFILES:
                yield play(library_plan(name, seed, profile))


def told(log: DrillLog) -> Iterator[Told]:
    card, lines = grade(log), remedied(log)
    for one, line in zip(lines, with_ledger(card, lines).ledger, strict=True):
        if one.found is None:
            assert stated(line) is None, "what was not played states nothing"
            continue
        after = by_script(log, one)
        scores = {item.id: item.score for item in after.components[line.component].items}
        earned = scores.get(line.item) is None or (scores[line.item] or 0) >= 99
        yield Told(log.plan.drill, line, stated(line), (after.score or 0) - (card.score or 0), earned)


@pytest.fixture(scope="module")
def lines() -> list[Told]:
    return [line for log in drills() for line in told(log)]


def test_a_line_states_what_it_brings(lines: list[Told]) -> None:
    wrong = [one for one in lines if one.states is None or abs(one.states - one.brings) > NEAR]
    assert len(lines) >= LINES
    assert len(wrong) <= (1 - ENOUGH) * len(lines), "\n".join(
        f"{one.drill}: {one.line.title}: {one.line.better} brought {one.brings:.1f}" for one in wrong
    )


def test_what_a_line_says_earns_its_item_unless_it_says_that_people_were_not_there(lines: list[Told]) -> None:
    said = [one for one in lines if "as far as people were there" not in one.line.better]
    wrong = [f"{one.drill}: {one.line.title}: {one.line.better}" for one in said if not one.earned]
    assert len(said) >= 0.8 * len(lines)
    assert len(wrong) <= (1 - ENOUGH) * len(said), "\n".join(wrong)


def test_no_line_offers_what_would_have_made_it_worse(lines: list[Told]) -> None:
    assert [f"{one.drill}: {one.line.title}: {one.line.better}" for one in lines if (one.line.brings or 0) < 0] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_the_lines_add_up_to_all_that_was_lost_and_what_brings_most_comes_first(profile: Profile) -> None:
    log = play(library_plan("login-outage", 3, profile))
    plain, card = grade(log), graded(log)
    assert sum(line.points for line in card.ledger) == pytest.approx(sum(line.points for line in plain.ledger))
    assert plain.uncapped is not None
    assert sum(line.points for line in card.ledger) == pytest.approx(100 - plain.uncapped, abs=0.3)
    brings = [line.brings or 0.0 for line in card.ledger]
    assert brings == sorted(brings, reverse=True)
    assert len(foremost(remedied(log))) <= MOST


# -- one cause, one line -----------------------------------------------------------------------------------------------


def shifted(by: int, *, since: int, but: str = "") -> list[Timed]:
    """A perfect drill in which everything from a time on comes later."""
    plan = plan_of("login-outage")
    return [Timed(at + (by if at >= since and kind_of(act) != but else 0), act) for at, act in perfect_acts(plan)]


def test_one_late_alert_is_one_line_that_names_all_that_followed_from_it() -> None:
    plan = plan_of("login-outage")
    log = played(plan, shifted(4 * MINUTE, since=25 * SECOND))
    first, *others = graded(log).ledger
    assert (first.item, first.owner) == ("team_alerted", "first_responder")
    assert {"Incident Commander in place", "Roles covered", "First log entry"} <= set(first.also)
    assert first.brings is not None
    assert first.brings > 5 * sum(line.points for line in others)
    assert first.better.startswith("3 min 25 s sooner (also: ")
    assert stated(first) == first.brings


def test_what_a_cap_swallows_says_so() -> None:
    """Nobody ever said how grave it was, and the report was not sent: sending it alone would have brought little."""
    plan = plan_of("login-outage")
    acts = [
        Timed(at, structs.replace(act, severity=None) if isinstance(act, do.AlertTeam | do.Restate) else act)
        for at, act in perfect_acts(plan)
        if kind_of(act) not in ("declare_severity", "email")
    ]
    first, *others = graded(played(plan, acts)).ledger
    assert "Severity declared" in (first.title, *first.also)
    line = next(line for line in others if line.item == "emailed")
    assert line.better.startswith("the situation report e-mailed by the ")
    assert re.search(r" while the score is held down \(.+\), \+\d\.\d without that$", line.better)
    assert line.brings is not None
    assert line.brings < line.points - 0.1


def test_every_duty_has_its_remedy() -> None:
    assert set(REMEDIES) == set(JUDGES)


def test_a_role_is_promised_what_a_person_for_it_brings_and_not_the_whole_loss() -> None:
    """One person held all the roles, and nobody else said one: more people for them is what earns it, in one line."""
    plan = plan_of("login-outage")
    acts = [
        Timed(at, structs.replace(act, who=plan.first_responder) if isinstance(act, do.TakeRole) else act)
        for at, act in perfect_acts(plan)
    ]
    line = next(line for line in graded(played(plan, acts)).ledger if "Roles covered" in (line.title, *line.also))
    assert line.brings is not None
    assert abs(line.brings - line.points) <= NEAR
    assert stated(line) == line.brings


# -- people as they were -----------------------------------------------------------------------------------------------


def of(log: DrillLog | Log, item: str) -> Remedied:
    """The line that stands for an item."""
    return next(one for one in remedied(log) if item in (one.line.item, *(other.line.item for other in one.others)))


def refused(one: Remedied) -> list[str]:
    """Why acts that the change added would have been refused."""
    return [gone.why for gone in one.found.gone if gone.seq is None] if one.found is not None else ["no change"]


def test_a_report_that_went_on_to_the_next_still_reaches_those_who_took_it_up() -> None:
    """The first responder slept. They alert in time, or else whoever took it up does all sooner; nobody's acts go."""
    log = play(library_plan("two-truths", 1, "good"))
    assert any(isinstance(event, ReportEscalated) for event in log.events)
    alerted = of(log, "team_alerted")
    assert alerted.line.better.startswith("5 min")
    assert alerted.brings > 5
    assert {"Severity declared", "Roles covered"} <= set(with_ledger(grade(log), [alerted]).ledger[0].also)
    assert refused(alerted) == []


def test_a_message_is_agreed_with_whoever_took_the_command_next() -> None:
    """Nobody commanded yet when it was due: the one who did later does so sooner, and stays in command."""
    plan = plan_of("login-outage")
    acts = [
        Timed(at + (20 * MINUTE if isinstance(act, do.Publish) else 0), act)
        for at, act in perfect_acts(plan)
        if not isinstance(act, do.DraftMessage | do.ApproveDraft)
    ]
    late = [Timed(at + (4 * MINUTE if isinstance(act, do.TakeRole) else 0), act) for at, act in acts]
    one = of(played(plan, late), "messages_agreed")
    assert refused(one) == []
    assert [gone.why for gone in one.found.gone if gone.act != "publish"] == [] if one.found is not None else False
    assert one.brings > 0


def test_declared_over_too_soon_after_the_fix_is_declared_later() -> None:
    plan = plan_of("login-outage")
    acts = perfect_acts(plan)
    done = played(plan, acts)
    fixed = max(event.at for event in done.events if isinstance(event, ImpactChanged))
    first = min(at for at, act in acts if isinstance(act, do.Resolve))
    hasty = [Timed(at - (first - fixed - SECOND if at >= first else 0), act) for at, act in acts]
    line = of(played(plan, hasty), "resolved_by_commander").line
    assert line.points > 0
    told = with_ledger(grade(played(plan, hasty)), remedied(played(plan, hasty))).ledger
    said = next(one.better for one in told if one.item == "resolved_by_commander")
    assert re.fullmatch(r"the signals watched for \d+ s first(?: \(also: .+\))?: \+\d\.\d", said)
