"""A script's acts are read before the drill, and meaningless ones are reported with their place."""

import pytest

from scenarios.script import Script
from simulator import acts as do
from simulator.players.scripted_team import ACT_KINDS, ScriptedTeam, ScriptError, read_act
from tests.simulator.build import small_plan


def script(*acts: dict[str, object]) -> Script:
    return Script.model_validate({"acts": list(acts)})


def read(**fields: object) -> object:
    return read_act(script({"at": "20s", "who": "ana", **fields}).acts[0], 4)


def test_do_with_its_fields_and_say_mean_the_same() -> None:
    assert read(do="declare_severity", severity=1) == read(say="/sev 1")
    assert read(do="publish", text="We know", next="20m") == read(say="/publish We know next 20m")
    assert read(do="acknowledge") == do.Acknowledge(who="ana", id="script-5")


def test_every_kind_of_act_can_stand_in_a_script() -> None:
    assert sorted(map(do.kind_of, do.ACTS)) == ACT_KINDS


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "an act has either `do` or `say`"),
        ({"do": "join", "say": "/join"}, "an act has either `do` or `say`"),
        ({"say": "/join", "severity": 1}, "`say` stands alone; 'severity' belongs to `do`"),
        ({"say": "/jion"}, "there is no /jion; did you mean /join?"),
        ({"say": "/sev one"}, "write it like /sev 1"),
        ({"do": "acknowlege"}, "there is no act 'acknowlege'; did you mean 'acknowledge'?"),
        ({"do": "xyzzy"}, "there is no act 'xyzzy'"),
        ({"do": "publish", "text": "x", "next": "soon"}, "a duration is written like 90s, 5m or 1h30m"),
        ({"do": "publish", "text": "x", "next": 20}, "a duration is written like 90s, 5m or 1h30m"),
    ],
)
def test_what_means_nothing(fields: dict[str, object], why: str) -> None:
    with pytest.raises(ScriptError) as error:
        read(**fields)
    assert (error.value.place, str(error.value)) == (4, why)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"do": "declare_severity"}, ("declare_severity", "severity")),
        ({"do": "declare_severity", "severity": "one"}, ("declare_severity", "severity")),
        ({"do": "join", "loudly": True}, ("join", "loudly")),
        ({"do": "attach", "paper": "napkin"}, ("attach", "napkin")),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, object], words: tuple[str, ...]) -> None:
    with pytest.raises(ScriptError) as error:
        read(**fields)
    assert all(word in str(error.value) for word in words)
    assert "Object" not in str(error.value)
    assert "$" not in str(error.value)


def test_who_is_not_in_the_team_is_named_with_the_place() -> None:
    acts = script({"at": "1s", "who": "ana", "do": "join"}, {"at": "2s", "who": "bem", "do": "join"})
    with pytest.raises(ScriptError) as error:
        ScriptedTeam(small_plan(), acts)
    assert (error.value.place, str(error.value)) == (1, "'bem' is not in the team; did you mean 'ben'?")


def test_acts_stand_in_the_order_of_time() -> None:
    acts = script({"at": "2s", "who": "ana", "do": "join"}, {"at": "1s", "who": "fay", "do": "pause"})
    with pytest.raises(ScriptError) as error:
        ScriptedTeam(small_plan(), acts)
    assert error.value.place == 1
    assert str(error.value) == "this act is earlier than the one before it; write them in order of time"
