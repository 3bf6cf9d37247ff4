"""The edges of time in the score: what is done, due or over at the very instant, and a moment before or after it."""

from collections.abc import Iterable

import pytest

from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.scenario import Scenario
from simulator import acts as do
from simulator import events as ev
from simulator.plan import Player
from tests.scenarios.shipped import protocol
from tests.scoring.build import (
    MINUTE,
    SECOND,
    Log,
    by_hand,
    graded,
    item,
    plan_of,
    played,
    rubric,
    saying,
    small_scenario,
)
from tests.scoring.test_boundaries import at, caps, gathered, score, scored
from tests.support.perfect import Timed, kind_of


def but(*kinds: str) -> list[Timed]:
    """The team gathered, without some kinds of act."""
    return [timed for timed in gathered() if kind_of(timed.act) not in kinds]


def within(ends: str, **changes: object) -> Scenario:
    """The hour cut to a length."""
    return small_scenario(1, **{"injects": [], "ends": {"after": ends}, **changes})


def amended(severity: int, **changes: object) -> Protocol:
    """The protocol with one of its tables changed; an obligation's fields by its id, or roles."""
    data = protocol().model_dump(mode="json", by_alias=True, exclude_none=True)
    table = next(one for one in data["tables"] if one["severity"] == severity)
    for name, value in changes.items():
        if name in ("roles", "obligations"):
            table[name] = value
            continue
        owed = next(one for one in table["obligations"] if one["id"] == name)
        for field in ("target", "deadline"):
            owed.pop(field, None)
    return Protocol.model_validate(data)


def so_far(log: Log, until: float) -> Log:
    """A log as it was when nothing more had happened by an instant, and a facilitator notes that."""
    events = [event for event in log.events if event.at <= until * SECOND]
    note = ev.DrillPaused(seq=len(events), at=int(until * SECOND), wall=log.plan.start, actor="fay")
    return Log(log.plan, [*events, note])


# -- due, and beyond the end -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "seconds", "left_out"),
    [
        ("first_external_message", 20 * 60, "publish"),
        ("commander_in_place", 10 * 60, "take_role"),
        ("team_alerted", 5 * 60, "alert"),
        # The alert was due after a minute, and answering it five after that, joining six.
        ("acknowledged", 6 * 60, "answer"),
        ("joined", 7 * 60, "join"),
    ],
)
def test_what_was_not_done_counts_if_its_deadline_lies_within_the_response(
    name: str, seconds: int, left_out: str
) -> None:
    """What was not done although its deadline lies beyond the scenario's end has no figure."""
    unanswered = ("acknowledge", "join", "take_role")
    dropped = {
        "join": ("join", "take_role"),
        "answer": unanswered,
        "alert": ("alert", "acknowledge", "join", "take_role"),
    }
    acts = but(*dropped.get(left_out, (left_out,)))
    inside, beyond = (scored(acts, within(f"{ends}s")) for ends in (seconds, seconds - 1))
    assert score(inside, name) == 0
    assert score(beyond, name) is None
    assert item(beyond, name).why == "its deadline is after the end of the response"


@pytest.mark.parametrize(("name", "seconds"), [("acknowledged", 360), ("joined", 420)])
def test_who_was_never_alerted_owes_it_from_when_the_alert_was_due(name: str, seconds: int) -> None:
    acts = but("alert", "acknowledge", "join", "take_role")
    inside, beyond = (score(scored(acts, within(f"{ends}s")), name) for ends in (seconds, seconds - 1))
    assert (inside, beyond) == (0, None)


@pytest.mark.parametrize("name", ["first_external_message", "commander_in_place", "acknowledged"])
def test_while_the_response_lasts_nothing_is_missed_before_its_deadline(name: str) -> None:
    """The alert went out at 25 s: that others answer it is due five minutes after that."""
    deadline = {"first_external_message": 1200, "commander_in_place": 600, "acknowledged": 325}[name]
    log = played(plan_of(within("60m"), "small"), but("publish", "take_role", "join", "acknowledge"), answers=False)
    assert score(graded(so_far(log, deadline - 0.001)), name) is None
    assert item(graded(so_far(log, deadline - 0.001)), name).why == "not due yet"
    assert score(graded(so_far(log, deadline)), name) == 0


def test_who_ends_a_drill_before_a_deadline_takes_it_away_and_at_the_deadline_does_not() -> None:
    """The first message to customers has twenty minutes."""
    for end, worth in ((1199.999, None), (1200, 0)):
        card = scored([*gathered(), at(end, do.EndDrill(who="fay"))])
        assert score(card, "first_external_message") == worth


def test_an_act_at_its_target_is_worth_everything_and_from_its_deadline_on_a_tenth() -> None:
    for seconds, worth in ((300, 100), (301, 99.8), (1199, 10.1), (1200, 10), (1300, 10)):
        card = scored([*gathered(), at(seconds, do.Publish(who="chloe", text="We know."))])
        assert score(card, "first_external_message") == pytest.approx(worth, abs=0.06)


def test_an_answer_that_has_no_time_can_come_until_the_response_ends() -> None:
    """A protocol may want the alert answered, and by no time: then nobody has missed it while the response lasts."""
    plan = plan_of(within("60m"), "small", by=amended(1, acknowledged=None))
    for acts in (but("acknowledge", "join", "take_role"), but("alert", "acknowledge", "join", "take_role")):
        log = played(plan, acts, answers=False)
        still = item(graded(so_far(log, 1800)), "acknowledged")
        assert (still.score, still.why) == (None, "not due yet")
        assert score(graded(log), "acknowledged") == 0


# -- role coverage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("taken", "open_for"), [(300, 0), (301, 1), (315, 15)])
def test_roles_are_owed_from_their_target_on(taken: float, open_for: float) -> None:
    """At severity 1 within 5 min: a role taken then has no gap; later, it was open for so long."""
    acts = [Timed(int(taken * SECOND) if kind_of(act) == "take_role" else when, act) for when, act in gathered()]
    card = scored(acts)
    held = card.roles["solutioneer"]
    assert (held.required_s, held.held_s) == (55 * 60, 55 * 60 - open_for)
    assert held.gaps == ([(300, taken)] if open_for else [])
    assert held.holders == 1
    assert card.role_coverage == pytest.approx(100 * (1 - open_for / 3300), abs=0.06)


def test_from_when_somebody_is_excused_less_is_expected() -> None:
    """Chloe holds no role and leaves in the middle: 4 of 6 with three people, then 4 of the 5 that two can reach."""
    roles = [("ana", "incident_commander"), ("ben", "solutioneer")]
    middle = (5 + 60) / 2 * 60
    card = scored([*gathered(roles), at(middle, do.Excuse(who="fay", member="chloe", reason="A call."))])
    assert card.role_coverage == pytest.approx(100 * (4 / 6 + 4 / 5) / 2, abs=0.06)
    assert card.reachable == pytest.approx(100 - 20 * (1 - (1 + 5 / 6) / 2), abs=0.06)


def test_one_person_in_two_roles_costs_only_while_another_could_have_taken_one() -> None:
    """Ana commands and speaks for everybody until half time; then Chloe takes over the word to customers."""
    roles = [("ana", "incident_commander"), ("ben", "solutioneer"), ("ana", "communications")]
    middle = (5 + 60) / 2 * 60
    card = scored(
        [
            *gathered(roles),
            at(middle, do.ReleaseRole(who="ana", role="communications")),
            at(middle, do.TakeRole(who="chloe", role="communications")),
        ]
    )
    assert card.role_coverage == pytest.approx(100 * (5 / 6 + 1) / 2, abs=0.06)
    assert item(card, "roles_covered").why == "one person in several roles for 27 min 30 s"
    assert card.roles["communications"].holders == 2


def test_a_role_taken_after_the_response_was_never_in_place() -> None:
    """No engine lets anybody; a log made otherwise may say so."""
    for taken, worth in ((100, 100), (101, 0)):
        log = by_hand(
            plan_of(within("60m"), "small"),
            (0, ev.IncidentReported, {"to": "ana", "via": "alert", "sender": "x", "text": "y"}),
            (100, ev.IncidentResolved, {"actor": "ana"}),
            (taken, ev.RoleTaken, {"actor": "ana", "role": "incident_commander"}),
            (3600, ev.PhaseBegan, {"phase": "papers"}),
        )
        assert score(graded(log), "commander_in_place") == worth


# -- who joined and said what ------------------------------------------------------------------------------------------


def stated(acts: Iterable[Timed], players: list[Player] | None = None) -> str:
    plan = plan_of(within("60m"), "small", players=players)
    return item(graded(played(plan, acts, answers=False)), "roles_stated").why


def test_a_role_stated_in_the_millisecond_of_joining_is_stated() -> None:
    acts = [Timed(45 * SECOND if kind_of(act) == "take_role" else when, act) for when, act in gathered()]
    assert stated(acts) == "3 of 3 who joined stated a role"


def test_who_joined_and_took_no_role_has_stated_none() -> None:
    assert stated(gathered([("ana", "incident_commander")])) == "1 of 3 who joined stated a role"


def test_who_found_no_role_free_that_they_may_hold_owes_none() -> None:
    """Chloe may only command, and somebody does already; while there is room for Ben, who may solve."""
    able = {"ana": None, "ben": ["solutioneer"], "chloe": ["incident_commander"]}
    players = [Player(id=name, roles=roles) for name, roles in able.items()]
    assert stated(gathered([("ana", "incident_commander")]), players) == "1 of 2 who joined stated a role"


# -- messages and the fix ----------------------------------------------------------------------------------------------

WAY = [at(100, do.StartAction(who="ben", action="look")), at(160, do.StartAction(who="ben", action="mend"))]


@pytest.mark.parametrize(("when", "named", "told"), [(279.999, 0, 0), (280, 100, 100)])
def test_a_last_word_is_believed_from_the_fix_on(when: float, named: float, told: float) -> None:
    """Fixed at 280 s, before customers are owed a word. Said before that, it names no next message."""
    card = scored([*gathered(), *WAY, at(when, do.Publish(who="chloe", text="It works again.", next_in=0))])
    assert score(card, "cadence_kept") == 100
    assert score(card, "next_named") == named
    assert score(card, "told_over") == told


def test_next_named_is_the_share_of_the_time_in_which_the_latest_message_had_named_it() -> None:
    """Named from 10 to 20 min, not from 20 to 40, named from 40 to the end at 60."""
    told = [(10, 5 * MINUTE), (20, None), (40, 30 * MINUTE)]
    acts = [at(60 * when, do.Publish(who="chloe", text=f"Word {when}.", next_in=next_in)) for when, next_in in told]
    card = scored([*gathered(), *acts])
    assert score(card, "next_named") == pytest.approx(100 * (10 + 20) / 50, abs=0.06)
    assert item(card, "next_named").why == "2 of 3 messages named the next"


# -- the way to the fix ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "worth"), [(160, 100), (159.999, 50)])
def test_a_risky_action_may_start_when_its_look_is_done(start: float, worth: float) -> None:
    acts = [at(100, do.StartAction(who="ben", action="look")), at(start, do.StartAction(who="chloe", action="mend"))]
    card = scored([*gathered(), *acts], people=True)
    assert score(card, "way_to_fix") == worth
    assert card.people is not None
    lost = {name: [line.item for line in own.lost if line.item == "way_to_fix"] for name, own in card.people.items()}
    assert lost == {"ana": [], "ben": [], "chloe": ["way_to_fix"] if worth < 100 else []}


# -- caps --------------------------------------------------------------------------------------------------------------


def test_only_a_severity_that_demands_as_much_is_as_good_as_the_gravest() -> None:
    """Declaring one that calls for everything calls for it all; fewer acts or fewer roles are less."""
    full = protocol().table(1)
    assert full is not None
    owed = [one.model_dump(mode="json", exclude_none=True) for one in full.obligations]
    cases: list[tuple[dict[str, object], bool]] = [
        ({}, True),
        ({"roles": full.roles}, True),
        ({"obligations": owed}, True),
        ({"roles": full.roles, "obligations": owed[1:]}, True),
        ({"roles": full.roles, "obligations": owed}, False),
    ]
    moderate = saying(gathered(), 2)
    for changes, capped in cases:
        plan = plan_of(within("60m"), "small", by=amended(2, **changes))
        found = caps(graded(played(plan, moderate, answers=False)))
        assert (("critical_never_declared", 59) in found) == capped, changes


def test_an_answer_in_the_millisecond_of_the_alert_is_one() -> None:
    """Ben acknowledges right after the alert, at the same drill time: somebody answered."""
    acts = but("acknowledge", "join", "take_role")
    assert ("nobody_acknowledged", 39) in caps(scored(acts))
    assert ("nobody_acknowledged", 39) not in caps(scored([*acts, at(25, do.Acknowledge(who="ben"))]))


# -- a false alarm and a small thing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("close", "worth"), [(100, 100), (99.999, 0)])
def test_a_false_alarm_is_closed_by_one_who_has_looked(close: float, worth: float) -> None:
    """The look that ends at 100 s shows that nothing is wrong; closing before it is a guess."""
    acts = [
        at(40, do.StartAction(who="ana", action="look")),
        at(close, do.CloseIncident(who="ana", reason="Nothing is broken.")),
    ]
    card = scored(acts, small_scenario(0, injects=[]))
    assert score(card, "closed") == worth


def test_where_there_is_nothing_to_look_at_a_false_alarm_may_be_closed_at_once() -> None:
    closed = [at(60, do.CloseIncident(who="ana", reason="A test that somebody forgot."))]
    assert score(scored(closed, small_scenario(0, injects=[], actions=[])), "closed") == 100


@pytest.mark.parametrize(("severity", "kind"), [(0, "a false alarm"), (3, "an incident of severity 3, Low")])
def test_what_all_hands_were_called_for_is_said(severity: int, kind: str) -> None:
    one = item(scored(gathered(), small_scenario(severity, injects=[])), "not_alerted")
    assert (one.score, one.why) == (0, f"all hands were called for {kind}")


SMALL_AND_HANDLED: list[Timed] = [
    at(20, do.DeclareSeverity(who="ana", severity=3)),
    at(60, do.FileBug(who="ana", text="It is slow.")),
    at(300, do.CloseIncident(who="ana", reason="It waits for the sprint.")),
]


@pytest.mark.parametrize("left_out", [None, "declare_severity", "bug"])
def test_what_was_left_small_and_then_grew_was_walked_away_from_unless_it_had_been_handled(
    left_out: str | None,
) -> None:
    """An incident of severity 3, closed after five minutes, becomes critical at forty, and nothing has been fixed.

    If it had been said to be a 3 and filed, all that was asked for by then was done; what grows is another incident.
    """
    growing = small_scenario([{"from": "0s", "is": 3}, {"from": "40m", "is": 1}], injects=[])
    card = scored([one for one in SMALL_AND_HANDLED if kind_of(one.act) != left_out], growing)
    assert card.severity == (3 if left_out is None else 1)
    assert (("impact_not_ended", 59) in caps(card)) == (left_out is not None)
    if left_out is None:
        steady = scored(SMALL_AND_HANDLED, small_scenario(3, injects=[]))
        assert card.score == steady.score
    fixed = scored([*gathered(), *WAY, at(300, do.Resolve(who="ana"))], growing)
    assert fixed.severity == 3
    assert caps(fixed) == []


@pytest.mark.parametrize("looked", [True, False])
def test_a_false_alarm_that_grew_after_it_was_rightly_closed_is_another_incident(looked: bool) -> None:
    growing = small_scenario([{"from": "0s", "is": 0}, {"from": "40m", "is": 1}], injects=[])
    look = [at(40, do.StartAction(who="ana", action="look"))] if looked else []
    card = scored([*look, at(300, do.CloseIncident(who="ana", reason="Nothing is broken."))], growing)
    assert card.severity == (0 if looked else 1)


def test_a_small_incident_that_is_filed_harmed_nothing_without_a_look() -> None:
    """The table asks for a bug report, not for a fix: who filed it need not look. Who did neither did nothing."""
    small = small_scenario(3, injects=[])
    assert score(scored(SMALL_AND_HANDLED, small), "no_harm") == 100
    assert score(scored([SMALL_AND_HANDLED[0], SMALL_AND_HANDLED[2]], small), "no_harm") == 0
    assert score(scored(SMALL_AND_HANDLED, small_scenario(2, injects=[])), "no_harm") == 0


# -- injects -----------------------------------------------------------------------------------------------------------


def asking(act: str, **changes: object) -> Scenario:
    """At 30 min somebody asks for an act within one minute, or four at most."""
    expects = {"act": act, "target": "1m", "deadline": "4m"}
    return small_scenario(1, injects=[{"id": "asks", "at": "30m", "text": "Well?", "expects": expects, **changes}])


@pytest.mark.parametrize(
    ("when", "worth"), [(599.999, 0), (600, 100), (1860, 100), (1861, 98.9), (2040, 10), (None, 0)]
)
def test_a_message_within_the_cadence_before_has_answered_who_asks(when: float | None, worth: float) -> None:
    """The inject comes at 1,800 s; the cadence is 1,200 s; after the deadline at 2,040 s a tenth is left."""
    told = [] if when is None else [at(when, do.Publish(who="chloe", text="We know."))]
    assert score(scored([*gathered(), *told], asking("publish")), "injects_answered") == pytest.approx(worth, abs=0.06)


@pytest.mark.parametrize(("ends", "worth"), [("2040s", 0), ("2039s", None)])
def test_an_inject_is_unanswered_only_if_its_time_was_up(ends: str, worth: float | None) -> None:
    scenario = asking("reply").model_dump(mode="json", by_alias=True, exclude_none=True)
    scenario["ends"] = {"after": ends}
    assert score(scored(gathered(), Scenario.model_validate(scenario)), "injects_answered") == worth


# -- ratings, conditions and evidence ----------------------------------------------------------------------------------


def rated(log: Log, at_least: float) -> str | None:
    ratings = [{"letter": "P", "at_least": at_least, "says": "good"}, {"letter": "U", "at_least": 0, "says": "poor"}]
    return graded(log, Rubric.model_validate({**rubric().model_dump(), "ratings": ratings})).rating


def test_a_rating_begins_at_its_figure() -> None:
    log = played(plan_of(within("60m"), "small"), gathered(), answers=False)
    card = graded(log)
    assert card.score is not None
    assert rated(log, card.score) == "P"
    assert rated(log, round(card.score + 0.1, 1)) == "U"


def test_a_component_of_half_a_point_counts_with_its_half() -> None:
    log = played(plan_of(within("60m"), "small"), but("take_role"), answers=False)
    weights = {"components": {"response_time": 0.5, "role_coverage": 99.5}}
    card = graded(log, Rubric.model_validate({**rubric().model_dump(), **weights}))
    assert card.role_coverage == 0
    assert card.uncapped == pytest.approx(0.005 * (card.response_time or 0), abs=0.06)
    assert (card.uncapped or 0) > 0


def test_pauses_and_skips_are_told_to_a_tenth_of_a_second() -> None:
    log = by_hand(
        plan_of(within("60m"), "small"),
        (0, ev.TimeSkipped, {"actor": "fay", "to": 12_340}),
        (13, ev.DrillPaused, {"actor": "fay"}),
        (13, ev.DrillResumed, {"actor": "fay", "paused_ms": 65_432}),
    )
    conditions = graded(log).conditions
    assert (conditions.skipped_s, conditions.paused_s, conditions.interventions) == (12.3, 65.4, 1)


def test_the_follow_up_rests_on_the_learning_and_the_first_action_that_counts() -> None:
    actions = [("", ""), ("ben", "2026-03-31"), ("ana", "2026-04-01")]
    acts = [
        at(400, do.Resolve(who="ana")),
        at(500, do.FilePostMortem(who="ana", learnings="We look first.")),
        *(
            at(510 + place, do.AddCorrectiveAction(who="ana", text=f"Watch it {place}.", owner=owner, due_on=due))
            for place, (owner, due) in enumerate(actions)
        ),
    ]
    log = played(plan_of(within("60m"), "small"), [*gathered(), *acts], answers=False)
    seqs = [one.seq for one in log.events if isinstance(one, ev.PostMortemFiled | ev.CorrectiveActionAdded)]
    one = item(graded(log), "follow_up")
    assert (one.score, one.evidence) == (100, [seqs[0], seqs[2]])
