import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from scoring.scorecard import RULES, grade, to_json
from simulator.events import DraftApproved, Event, MessagePublished
from simulator.log import DrillLog, replay, verify
from simulator.texts import read_texts, texts_json
from tests.golden import GOLDEN, planned, worth
from tests.support import play

HERE = Path(__file__).parent
FORMAT_1 = sorted(path.stem for path in (HERE / "format-1").glob("*.jsonl"))


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_drill_is_played_again_to_the_byte(name: str) -> None:
    """The engine, the players, the draws, the salts and the log's form are as they were when the log was kept."""
    log = play(planned(name))
    assert log.data == (HERE / f"{name}.jsonl").read_bytes()
    assert texts_json(log.texts) == (HERE / f"{name}.texts.json").read_bytes()


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_log_scores_what_it_scored(name: str) -> None:
    """A log that was kept is read and scored from its own bytes, with the texts beside it and without."""
    data, texts = (HERE / f"{name}.jsonl").read_bytes(), read_texts((HERE / f"{name}.texts.json").read_bytes())
    card = (HERE / f"{name}.json").read_bytes()
    assert verify(data, texts=texts).right
    assert to_json(grade(DrillLog.read(data, texts), people=True)) == card
    assert to_json(grade(DrillLog.read(data), people=True)) == card


@pytest.mark.parametrize("name", FORMAT_1)
def test_a_log_of_format_1_scores_what_it_scored(name: str) -> None:
    """Version 0.1.0 wrote their bytes. They are graded by the rules of today, which the scorecard names, and under the
    rubric and the protocol that they carry.
    """
    data = (HERE / f"format-1/{name}.jsonl").read_bytes()
    log, card = DrillLog.read(data), (HERE / f"format-1/{name}.json").read_bytes()
    assert verify(data, log.head).right
    assert (log.data, log.texts, log.erased, log.plan.kind) == (data, (), 0, "unknown")
    assert to_json(grade(log, people=True)) == card
    assert (json.loads(card)["rules"], json.loads(card)["rubric"]) == (RULES, log.plan.rubric.digest)
    written_anew = DrillLog.reproducible(log.plan, log.events)
    assert written_anew.data != data
    assert replace(grade(DrillLog.read(written_anew.data), people=True), log="") == replace(
        grade(log, people=True), log=""
    )


def test_a_plan_of_version_0_1_0_is_played_as_it_was_then() -> None:
    """Its draws were by the seed alone, so a drill that a server began then goes on as it would have."""
    for name in GOLDEN:
        old = DrillLog.read((HERE / f"format-1/{name}.jsonl").read_bytes())
        then = {"versions": old.plan.versions, "protocol": old.plan.protocol}
        new = play(planned(name).model_copy(update=then))
        # The scenarios and what simulated players write were worded again since.
        assert list(map(unworded, old.events)) == list(map(unworded, new.events))


def unworded(event: Event) -> Event:
    words = ("text", "shows", "solution", "who_impacted", "how_impacted", "learnings")
    return replace(event, **{name: "" for name in words if hasattr(event, name)})


def test_what_was_approved_in_format_1_is_published_as_it_was() -> None:
    """The approved drafts after each approval and each message, as version 0.1.0 had them when the drill was played."""
    log = DrillLog.read((HERE / "format-1/login-approval.jsonl").read_bytes())
    found = [
        (event.seq, state.approved.copy(), getattr(event, "agreed", None))
        for event, state in replay(log)
        if isinstance(event, DraftApproved | MessagePublished)
    ]
    assert found == [
        (19, [1], None),
        (20, [1, 2], None),
        (21, [2], True),
        (25, [2], True),
        (29, [], True),
        (33, [], False),
        (36, [2], None),
        (41, [2], False),
        (43, [2, 3], None),
        (50, [3, 2], None),
        (54, [3], True),
        (60, [3], False),
    ]
    told = [event for event in log.events if isinstance(event, MessagePublished)]
    assert [event.draft for event in told] == [1, None, 2, 3, None, 2, None]
    assert [event.says_over for event in told] == [False, False, False, True, True, False, False]
    assert [event.terse for event in told] == [False, False, False, True, False, False, True]


def test_no_score_changes_unless_the_version_of_the_rules_is_raised() -> None:
    """Else databases, which keep results by that version, show what a log was worth before."""
    now, noted = worth.found(), worth.kept()
    assert not worth.changed(noted, now, RULES), worth.RAISE_RULES
    assert noted == {"rules": RULES, "worth": now}, "run `python -m tests.golden`, which notes what the logs are worth"


def test_what_a_log_is_worth_may_change_with_the_rules_and_a_new_log_may_come() -> None:
    noted = {"rules": 1, "worth": {"log-1": "a", "log-2": "b"}}
    assert worth.changed(noted, {"log-1": "a", "log-2": "c"}, 1)
    assert not worth.changed(noted, {"log-1": "a", "log-2": "c"}, 2)
    assert not worth.changed(noted, {"log-1": "a", "log-3": "c"}, 1)


def test_making_the_golden_logs_anew_does_not_cover_up_a_score_that_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = worth.kept()
    log = next(iter(noted["worth"]))
    file = tmp_path / "worth.json"
    file.write_text(json.dumps({"rules": RULES, "worth": noted["worth"] | {log: "something else"}}), encoding="utf-8")
    monkeypatch.setattr(worth, "FILE", file)
    before = file.read_bytes()
    with pytest.raises(SystemExit, match="Raise RULES in scoring"):
        worth.note()
    assert file.read_bytes() == before
    monkeypatch.setattr(worth, "RULES", RULES + 1)
    worth.note()
    assert json.loads(file.read_bytes()) == noted | {"rules": RULES + 1}
