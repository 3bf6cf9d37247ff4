"""What lint says about a scenario that can be loaded but is not worth playing, and how to fix it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios.lint import lint
from scenarios.load import load_scenario

Changed = Callable[..., str]
Written = Callable[..., Path]


def warnings(path: Path) -> list[str]:
    found = lint(path)
    assert all(problem.severity == "warning" and problem.line for problem in found)
    return [f"{problem.message} ({problem.hint})" for problem in found]


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        (
            [("    clue: true\n", "")],
            "no clue leads to 'roll-back': no action is a `clue` (mark the looks that show the cause with `clue: true`,"
            " and name in the fix's `needs` those that must come first)",
        ),
        (
            [('    needs: ["read-login-logs"]\n', "")],
            "'roll-back' needs no clue, so guessing it costs nothing (name in `needs` the looks that must "
            "come first; for a roll-back, to read what the release changed is enough)",
        ),
        (
            [('needs: ["read-login-logs"]', "needs: [check-database]")],
            "nothing that 'roll-back' needs is a clue (name in `needs` the looks that must come first; for a "
            "roll-back, to read what the release changed is enough)",
        ),
        (
            [("    takes: 2m\n", "    takes: 5s\n")],
            "the clue 'read-login-logs' is free: it takes 5s (looking costs somebody's time; give it half a minute at"
            " least)",
        ),
        (
            [
                (
                    "NoMethodError in SessionsController since {release}",
                    "There is a NoMethodError in SessionsController since {release} and nobody in the team knows why",
                ),
                (
                    "A quiet {weekday} afternoon.",
                    "There is a NoMethodError in SessionsController since {release} and nobody in the team knows why.",
                ),
            ],
            "the clue 'read-login-logs' is free: the opening already says 'there is a nomethoderror in"
            " sessionscontroller since {relea…' (leave it out of `brief` or `report`)",
        ),
        (
            [("A quiet {weekday} afternoon.", "On {weekday} somebody said, roll back to the previous release.")],
            "this gives the answer away: 'Roll back to the previous release' (say what is seen, and not what is behind"
            " it)",
        ),
        (
            [("A quiet {weekday} afternoon.", "They say the session serializer changed its format {weekday}.")],
            None,
        ),
        (
            [
                ("severity: 1", "severity: 3"),
                ("signals:\n", "customers: {affected: 10, every: 60s, cannot: sign in, again: signing in}\nsignals:\n"),
            ],
            "customers wait and write, and at severity 3 nobody is called (raise the severity, or leave `customers`"
            " out)",
        ),
        (
            [("severity: 1", "severity: 2")],
            "the protocol asks to use the workaround, and the scenario has none (write `workaround`: how operations"
            " can go on meanwhile)",
        ),
    ],
)
def test_a_warning_names_what_is_weak_and_the_way_to_mend_it(
    changed: Changed, written: Written, pairs: list[tuple[str, str]], says: str | None
) -> None:
    found = warnings(written(changed(*pairs)))
    assert found == ([] if says is None else [says])


def test_warnings_keep_no_scenario_from_being_used(changed: Changed, written: Written) -> None:
    assert load_scenario(written(changed(("    clue: true\n", "")))).scenario == "login-outage"


def test_people_who_turn_up_in_two_scenarios_are_named(changed: Changed, written: Written) -> None:
    one = changed(("from: Head of Operations", "from: Ines Brandt"))
    other = changed(
        ("scenario: login-outage", "scenario: other"), ("from: Head of Operations", "from: Ines Brandt, at home")
    )
    folder = written(one, "a/one.yaml").parent
    written(other, "a/two.yaml")
    [found] = lint(folder)
    assert str(found).endswith(
        "two.yaml:54:11: warning: Ines Brandt is somebody in login-outage already (choose another name, or let one be"
        " drawn: `vary: {who: {fake: name}}`)"
    )


def test_titles_and_drawn_names_are_nobody_in_particular(changed: Changed, written: Written) -> None:
    one = changed()
    folder = written(one, "b/one.yaml").parent
    written(one.replace("scenario: login-outage", "scenario: other"), "b/two.yaml")
    assert lint(folder) == []
