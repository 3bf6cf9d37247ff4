"""Injects for several, notes for the facilitator, decisions, and people outside the team."""

import pytest

from simulator import events as ev
from simulator.engine import NOBODY_ANSWERS
from simulator.plan import Profile
from tests.simulator.build import MINUTE, SECOND, Table, library_plan, played, small_plan
from tests.simulator.test_rules import fields

DECISION = {
    "decision": "Does it go out?",
    "options": [
        {"id": "stop-it", "label": "Stop it", "says": "Stopped."},
        {"id": "let-it-go", "label": "Let it go", "effect": "worsens"},
    ],
    "target": "1m",
    "deadline": "4m",
}
CHOICE = {"id": "choice", "at": "2m", "to": "incident_commander", "text": "Stop it?", "expects": DECISION}
FLOOD = {"id": "flood", "after": "let-it-go", "delay": "30s", "text": "They all come."}
OUTSIDE = [
    {"id": "counsel", "name": "Legal counsel", "says": ["Keep it all.", "Pay it back."], "takes": "30s"},
    {"id": "press", "name": "The press"},
]
NOTE = {"id": "note", "at": "2m", "to": "facilitator", "from": "Exercise set-up", "text": "Do not tell."}


def test_an_inject_for_several_roles_reaches_each_of_them_once_and_all_may_answer() -> None:
    both = {"id": "both", "at": "2m", "to": ["communications", "solutioneer"], "text": "Well?"}
    table = Table(small_plan(injects=[both])).gathered()
    table.until(2 * MINUTE)
    [event] = table.of(ev.InjectDelivered)
    assert (event.to, event.also, event.recipients) == ("communications", ("solutioneer",), ("chloe", "ben"))
    assert [table.says(who, "/reply 1 Yes.").actor for who in ("ben", "chloe")] == ["ben", "chloe"]
    assert table.refusal("ana", "/reply 1 Yes.") == "no message 1 has reached you"


def test_a_member_who_holds_both_roles_is_reached_once() -> None:
    both = {"id": "both", "at": "2m", "to": ["communications", "solutioneer"], "text": "Well?"}
    table = Table(small_plan(members=("ana", "ben"), injects=[both])).gathered()
    table.says("ben", "/role communications")
    table.until(2 * MINUTE)
    assert table.of(ev.InjectDelivered)[0].recipients == ("ben",)


def test_a_note_for_the_facilitator_is_no_message_and_others_come_after_it() -> None:
    after = {"id": "later", "after": "note", "delay": "1m", "text": "Hello?"}
    table = Table(small_plan(injects=[NOTE, after])).gathered()
    table.until(3 * MINUTE)
    [note], [later] = table.of(ev.FacilitatorTold), table.of(ev.InjectDelivered)
    assert (note.inject, note.sender, note.text, note.at) == ("note", "Exercise set-up", "Do not tell.", 2 * MINUTE)
    assert (later.at, later.number) == (3 * MINUTE, 1), "it takes no number, so that nobody misses one"


@pytest.mark.parametrize("facilitators", [(), ("fay",)])
def test_a_decision_is_made_once_by_one_of_those_who_were_asked(facilitators: tuple[str, ...]) -> None:
    table = Table(small_plan(facilitators=facilitators, injects=[CHOICE, FLOOD])).gathered()
    assert table.refusal("ana", "/choose stop-it") == "nobody has asked you to decide anything"
    table.until(2 * MINUTE)
    assert table.refusal("ben", "/choose stop-it") == "nobody has asked you to decide anything"
    assert table.refusal("ana", "/choose stop") == "there is no option 'stop' for you; did you mean 'Stop it'?"
    unknown = "there is no option '3' for you; you can choose 1 (Stop it), 2 (Let it go)"
    assert table.refusal("ana", "/choose 3") == unknown
    made = table.says("ana", "/choose let-it-go")
    assert (type(made), table.state.impact) == (ev.DecisionMade, "worse")
    assert table.of(ev.ImpactChanged)[-1].cause == "let-it-go"
    assert table.refusal("ana", "/choose stop-it") == "that is decided already: Let it go"
    table.until(2 * MINUTE + 30 * SECOND)
    assert table.of(ev.InjectDelivered)[-1].inject == "flood"


@pytest.mark.parametrize("said", ["let-it-go", "Let it go", "LET IT GO.", "2", "#2"])
def test_an_option_is_chosen_by_its_label_its_number_or_its_id(said: str) -> None:
    table = Table(small_plan(injects=[CHOICE])).gathered()
    table.until(2 * MINUTE)
    assert fields(table.says("ana", f"/choose {said}"), "option", "number") == ("let-it-go", 1)


def test_a_number_counts_in_the_one_message_that_waits_for_a_decision() -> None:
    options = [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}]
    other = {**CHOICE, "id": "other", "at": "3m", "expects": {**DECISION, "options": options}}
    table = Table(small_plan(injects=[CHOICE, other])).gathered()
    table.until(3 * MINUTE)
    why = "several messages ask you to decide; say which is meant: 'No' or 'Let it go'"
    assert table.refusal("ana", "/choose 2") == why
    assert fields(table.says("ana", "/choose let it go"), "number") == (1,)
    assert fields(table.says("ana", "/choose 2"), "number", "option") == (2, "no")
    assert table.refusal("ana", "/choose 1") == "that is decided already: No"


def test_an_inject_can_wait_for_what_was_chosen() -> None:
    calm = {"id": "calm", "when": {"chosen": "stop-it", "for": "1m"}, "text": "Thank you."}
    table = Table(small_plan(injects=[CHOICE, calm])).gathered()
    table.until(2 * MINUTE)
    table.says("ana", "/choose stop-it")
    assert table.of(ev.DecisionMade)[0].says == "Stopped."
    table.until(10 * MINUTE)
    assert [(one.inject, one.at) for one in table.of(ev.InjectDelivered)][1:] == [("calm", 3 * MINUTE)]


def test_somebody_outside_answers_what_the_scenario_has_and_then_the_facilitator_does() -> None:
    table = Table(small_plan(outsiders=OUTSIDE)).gathered()
    for _ in range(3):
        table.says("ana", "/contact counsel What now?")
        table.until(table.at + 40 * SECOND)
    answers = table.of(ev.QuestionAnswered)
    assert [(one.question, one.text) for one in answers] == [(1, "Keep it all."), (2, "Pay it back.")]
    assert answers[0].at == table.of(ev.QuestionAsked)[0].at + 30 * SECOND
    assert list(table.state.questions) == [3]
    table.says("fay", "/answer 3 I call you back.")
    assert not table.state.questions


def test_without_a_facilitator_somebody_without_an_answer_does_not_answer() -> None:
    table = Table(small_plan(facilitators=(), outsiders=OUTSIDE)).gathered()
    table.says("ana", "/contact press No comment.")
    assert [one.text for one in table.of(ev.QuestionAnswered)] == [NOBODY_ANSWERS]


def test_who_was_contacted_calls_again_by_name() -> None:
    again = {"id": "again", "when": {"contacted": "counsel", "for": "5m"}, "from": "counsel", "text": "Page four!"}
    table = Table(small_plan(outsiders=OUTSIDE, injects=[again])).gathered()
    table.says("ben", "/contact counsel Well?")
    table.until(table.at + 5 * MINUTE)
    assert table.of(ev.InjectDelivered)[0].sender == "Legal counsel"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/contact council Well?", "there is nobody called 'council' outside the team; did you mean counsel?"),
        ("/contact xyz Well?", "there is nobody called 'xyz' outside the team; you can contact counsel, press"),
    ],
)
def test_refusals(line: str, why: str) -> None:
    assert Table(small_plan(outsiders=OUTSIDE)).gathered().refusal("ana", line) == why


def test_without_anybody_outside_there_is_nobody_to_contact() -> None:
    why = "there is nobody outside the team to contact in this drill; ask the facilitator (/ask …)"
    assert Table(small_plan()).gathered().refusal("ana", "/contact counsel Well?") == why


def test_what_an_inject_expects_is_judged_by_its_place_and_the_last_word_counts() -> None:
    asks = {"id": "asks", "at": "0s", "text": "Well?", "expects": [DECISION, {"judged": "Calm"}, {"judged": "Kind"}]}
    table = Table(small_plan(injects=[asks, {"id": "no", "at": "0s", "text": "Hm."}])).gathered()
    table.says("eve", "/judge 1 partly they shouted")
    table.says("fay", "/judge 1 3 done")
    assert [(one.expected, one.mark) for one in table.of(ev.ExpectationJudged)] == [(2, "partly"), (3, "done")]
    assert table.refusal("eve", "/judge 1 1 done") == "what is judged of message 1 is number 2, 3"
    assert table.refusal("eve", "/judge 2 done") == "message 2 expects nothing that somebody judges"
    assert table.refusal("eve", "/judge 9 done") == "message 9 expects nothing that somebody judges"


@pytest.mark.parametrize("profile", ["expert", "good", "average", "poor", "absent"])
def test_simulated_teams_decide_and_contact_people_outside(profile: Profile) -> None:
    seen: set[str] = set()
    for seed in range(4):
        driver = played(library_plan("seen-by-others", seed=seed, profiles=(profile,)))
        state = driver.engine.state
        if state.chosen:
            seen.add("decided")
        if state.contacted:
            seen.add("contacted")
    assert seen == ({"decided", "contacted"} if profile != "absent" else set())
