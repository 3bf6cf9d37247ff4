"""A drill played again as it was is the same drill; with a change, only what follows from the change differs."""

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.script import Script
from scoring.scorecard import grade
from simulator import events as ev
from simulator.changes import Change, ChangeError, changed, drop, insert, move, read_change, spelled, typed
from simulator.events import Event
from simulator.kinds import EVENTS
from simulator.log import DrillLog
from simulator.plan import Profile
from simulator.reenactment import MADE_BY, Played, course_of, reenact
from simulator.texts import read_texts
from tests.scenarios.shipped import names
from tests.scoring.messy import messy_drills
from tests.simulator.build import MINUTE, SECOND, small_plan
from tests.support import library_plan, play
from tests.support.extent import examples, sampled

GOLDEN = Path(__file__).parents[1] / "golden"
BY_ITSELF = {
    *("DrillStarted", "IncidentReported", "ReportEscalated", "ActionFinished", "ImpactChanged", "CustomerWrote"),
    *("StoryJumped", "ToolChanged", "InjectNotTaken", "ShiftBegan"),
}


def again(log: DrillLog, *changes: Change) -> Played:
    course, since = changed(course_of(log.events), changes)
    return reenact(log.plan, log.events, course, since or 0)


def test_every_event_comes_from_an_act_or_by_itself() -> None:
    assert {kind.__name__ for kind in MADE_BY} | BY_ITSELF == {kind.__name__ for kind in EVENTS}
    assert not {kind.__name__ for kind in MADE_BY} & BY_ITSELF


@pytest.mark.parametrize("name", sampled(names("incidents"), 5))
@pytest.mark.parametrize("profile", ["good", "poor"])
def test_a_drill_played_again_is_the_same_from_wherever(name: str, profile: Profile) -> None:
    log = play(library_plan(name, 3, profile))
    course = course_of(log.events)
    for since in (0, log.events[len(log.events) // 2].at, log.events[-1].at):
        assert reenact(log.plan, log.events, course, since) == (tuple(log.events), ())


@given(messy_drills())
@settings(max_examples=examples(15))
def test_so_is_a_messy_one(log: DrillLog) -> None:
    assert reenact(log.plan, log.events, course_of(log.events)) == (tuple(log.events), ())


EVERYTHING = """
20s ana /ack
40s ana /sev 1
50s ana /alert 1 login
1m ben /join
1m ana /join
65s ben /role incident commander
70s ana /heard ben /log we look at it
75s ben /confirm
80s fay /inject chloe Hello?
90s chloe /reply 1 Hello.
95s fay /pause a call
2m fay /resume
2m10s fay /hint ana Look at the log
2m20s ben /delegate ana look at the log
2m30s ana /done
2m40s ana /ask is it the cache?
2m50s fay /answer No.
3m ana /do look
4m10s fay /skip
4m20s ana /draft We know of it and we look into it.
4m30s ben /approve 1
4m40s ana /publish We know of it and we look into it. next 10m
5m ana /do mend
5m10s eve /note they were calm
5m20s eve /rate calm 80
6m chloe /stop
6m30s fay /resume
8m ben /resolve
8m10s ana /sitrep solution=Rolled back
8m20s fay /excuse chloe called away
8m30s ana /email
9m fay /end
9m10s ana /action owner=ben due=2026-04-01 what=Watch it
10m fay /end
"""


def scripted(text: str) -> DrillLog:
    acts = [dict(zip(("at", "who", "say"), line.split(None, 2), strict=True)) for line in text.strip().splitlines()]
    return play(small_plan(), Script.model_validate({"acts": acts}))


def test_so_is_one_that_staff_paused_skipped_and_ended() -> None:
    log = scripted(EVERYTHING)
    course = course_of(log.events)
    assert len(course) >= 30
    assert reenact(log.plan, log.events, course) == (tuple(log.events), ())


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.jsonl")), ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("beside", [True, False], ids=["texts", "no-texts"])
def test_a_log_scores_the_same_when_it_is_played_again_with_its_texts_and_without(path: Path, beside: bool) -> None:
    file = path.with_suffix(".texts.json")
    log = DrillLog.read(path.read_bytes(), read_texts(file.read_bytes()) if beside and file.is_file() else None)
    played = again(log)
    assert [type(event) for event in played.events] == [type(event) for event in log.events]
    assert grade(replace(log, events=played.events)) == grade(log)
    assert not played.gone


Happening = TypeVar("Happening", bound=Event)


def first(played: Played, kind: type[Happening]) -> Happening:
    return next(event for event in played.events if isinstance(event, kind))


def test_acts_that_name_a_later_entry_name_the_same_one_when_numbers_shift() -> None:
    log = scripted(EVERYTHING)
    more = insert(3 * MINUTE, "ben", "/draft Another message to customers, which nobody uses.")
    question = insert(2 * MINUTE, "ben", "/ask and the disk?")
    played = again(log, more, question)
    approved, published = first(played, ev.DraftApproved), first(played, ev.MessagePublished)
    assert (approved.draft, published.draft, published.agreed) == (2, 2, True)
    assert first(played, ev.QuestionAnswered).question == 2
    assert not played.gone


def test_what_no_longer_applies_is_left_out_with_the_reason() -> None:
    log = scripted(EVERYTHING)
    alert = next(event for event in log.events if isinstance(event, ev.TeamAlerted))
    played = again(log, drop(alert.seq))
    assert [(gone.done.act.who, gone.why) for gone in played.gone if gone.done.act is not None][:1] == [
        ("ben", "the incident has not reached you yet")
    ]
    draft = next(event for event in log.events if isinstance(event, ev.MessageDrafted))
    (first, *_) = again(log, drop(draft.seq)).gone
    assert first.why == "what it names, draft 1, has not come by then"


def test_an_end_that_would_end_something_else_no_longer_applies() -> None:
    log = scripted("20s ana /ack\n10m fay /end\n12m fay /end")
    played = again(log, insert(MINUTE, "ana", "/resolve"), insert(65 * SECOND, "ana", "/sitrep solution=Nothing"))
    assert [gone.why for gone in played.gone] == ["it would become something else"]


# -- changes -----------------------------------------------------------------------------------------------------------

LOG = scripted(EVERYTHING)
COURSE = course_of(LOG.events)
READ = {
    ("move", "alert to 1m"): move(4, MINUTE),
    ("move", "#4 to 1:05"): move(4, 65 * SECOND),
    ("move", "ana /alert 10s sooner"): move(4, 40 * SECOND),
    ("move", "alert 1m later"): move(4, 110 * SECOND),
    ("move", "alert to 30.5s and all after it"): move(4, 30_500, rest=True),
    ("drop", "ben /join"): drop(5),
    ("drop", "role incident_commander"): drop(7),
    ("add", "2m @ana /sev 2"): insert(2 * MINUTE, "ana", "/sev 2"),
}


@pytest.mark.parametrize(("asked", "meant"), READ.items(), ids=[text for _, text in READ])
def test_a_change_is_read_as_it_is_meant(asked: tuple[str, str], meant: Change) -> None:
    assert read_change(asked[0], asked[1], LOG.plan, COURSE) == meant  # type: ignore[arg-type]


WRONG = {
    ("move", "alert"): "'alert' is no move; write a move like 'alert to 1m', '41 30s sooner' or "
    "'alert to 1m and all after it'",
    ("move", "alert to noon"): "'noon' is no drill time; write 90s, 1m30s or 1:30",
    ("move", "join to 1m"): "'join' could be any of 2; name one by its number: 5 (1:00 ben /join); 6 (1:00 ana /join)",
    ("drop", "5000"): "number 5000 is nothing that somebody did; near it there are ",
    ("drop", "workaround"): "nobody did 'workaround' in this drill; what was done: /ack, /sev, /alert, /join, /role, ",
    ("add", "2m ana"): "'2m ana' is no act to add; write an act to add like '3m ana /sev 1': when, who, and what "
    "they would type",
    ("add", "2m bob /ack"): "'bob' is nobody in this drill; there are ana, ben, chloe, fay, eve",
    ("add", "2m ana /sve 1"): "'/sve 1': there is no /sve; did you mean /sev?",
}


@pytest.mark.parametrize(("asked", "why"), WRONG.items(), ids=[text for _, text in WRONG])
def test_a_change_that_means_nothing_is_refused_with_the_way_out(asked: tuple[str, str], why: str) -> None:
    with pytest.raises(ChangeError) as refusal:
        read_change(asked[0], asked[1], LOG.plan, COURSE)  # type: ignore[arg-type]
    assert str(refusal.value).startswith(why)


def test_an_act_is_changed_once() -> None:
    with pytest.raises(ChangeError, match="number 4 is changed twice; change an act once"):
        changed(COURSE, [drop(4), move(4, 0)])


@given(
    st.one_of(
        st.builds(move, st.sampled_from([done.event.seq for done in COURSE if done.event]), st.integers(0, 10**8)),
        st.builds(insert, st.integers(0, 10**8), st.just("ana"), st.sampled_from(["/ack", "/sev 1", "Hello there"])),
    )
)
@settings(max_examples=examples(30))
def test_a_change_reads_back_as_it_is_written(change: Change) -> None:
    assert read_change(change.how, str(change), LOG.plan, COURSE) == change


def test_all_after_it_moves_along_but_for_staff_and_answers_to_what_comes_by_itself() -> None:
    moved, since = changed(COURSE, [move(4, 30 * SECOND, rest=True)])
    assert since == 30 * SECOND
    by = {done.event.seq: done.at - done.event.at for done in moved if done.event is not None}
    was = {done.event.seq: done for done in COURSE if done.event is not None}
    shifts = {(typed(was[seq].act).split()[0], shift) for seq, shift in by.items() if was[seq].act is not None}  # type: ignore[arg-type]
    assert {("/alert", -20 * SECOND), ("/join", -20 * SECOND), ("/reply", 0), ("/pause", 0), ("/sev", 0)} <= shifts


def test_times_are_spelled_so_that_they_read_back() -> None:
    assert [spelled(at) for at in (0, 90_000, 3_725_000, 1_234)] == ["0:00", "1:30", "1:02:05", "1.234s"]
