"""What only playing shows: branches nobody reaches, roles that wait, scenarios that cannot be won or lost."""

from simulator.plan import DrillPlan
from simulator.playtest import Playtest, Quiet, playtest
from tests.simulator.build import MINUTE, library_plan, small_scenario


def seen_in(**changes: object) -> Playtest:
    plan = library_plan("login-outage").model_copy(update={"scenario": small_scenario(**changes)})
    return playtest(DrillPlan.model_validate(plan.model_dump(mode="json", by_alias=True, exclude_none=True)), range(4))


def test_a_scenario_of_the_library_has_nothing_that_is_never_seen_and_nobody_who_waits() -> None:
    seen = playtest(library_plan("login-outage"))
    assert (seen.unseen, seen.quiet, seen.ends_by_itself) == ((), (), False)
    assert seen.won["expert"] > seen.won["absent"] == 0


def test_an_inject_whose_condition_never_holds_is_never_seen() -> None:
    seen = seen_in(
        injects=[
            {"id": "seen", "at": "2m", "text": "x"},
            {"id": "branch", "after": "smash", "unless": {"action_done": "mend"}, "text": "x"},
            {"id": "leaderless", "when": {"role_open": "incident_commander", "for": "9m"}, "text": "x"},
            {"id": "never", "when": {"severity_declared": 9}, "text": "x"},
            {"id": "contradiction", "after": "mend", "unless": {"action_done": "mend"}, "text": "x"},
        ]
    )
    assert seen.unseen == ("never", "contradiction")


def test_the_first_long_wait_of_each_role_is_told() -> None:
    injects = [
        {"id": f"{role}-{minute}", "at": f"{minute}m", "to": role, "text": "x"}
        for role, minutes in {"communications": range(4, 30, 4), "solutioneer": (4, 8, 20, 24, 28)}.items()
        for minute in minutes
    ]
    assert seen_in(injects=injects).quiet == (
        Quiet("incident_commander", 0, 30 * MINUTE),
        Quiet("solutioneer", 8 * MINUTE, 20 * MINUTE),
    )


def test_customers_who_write_are_something_to_do() -> None:
    customers = {"affected": 500, "every": "30s", "cannot": "sign in", "again": "signing in"}
    assert "communications" not in {gap.role for gap in seen_in(customers=customers).quiet}


def test_what_cannot_be_won_and_what_cannot_be_lost_shows() -> None:
    needs_itself = [{"id": "mend", "label": "Mend", "takes": "20m", "needs": ["look"], "effect": "fixes"},
                    {"id": "look", "label": "Look", "takes": "20m", "clue": True, "shows": "x"}]  # fmt: skip
    assert seen_in(actions=needs_itself).won["expert"] == 0
    assert seen_in().won["expert"] > 0


def test_teams_that_try_everything_choose_every_option_ask_every_outsider_and_declare_every_severity() -> None:
    choice = {"decision": "Go on?", "target": "1m", "deadline": "3m"}
    first = [{"id": "stop", "label": "No"}, {"id": "go-on", "label": "Yes", "effect": "worsens"}]
    then = [{"id": f"way-{n}", "label": f"Way {n}", "effect": "worsens"} for n in range(6)]
    seen = seen_in(
        outsiders=[{"id": "counsel", "name": "Counsel", "says": ["Wait."]}],
        injects=[
            {"id": "asked", "at": "2m", "text": "x", "expects": {**choice, "options": first}},
            {"id": "went-on", "after": "go-on", "text": "x", "expects": {**choice, "options": then}},
            *({"id": f"after-{n}", "after": f"way-{n}", "text": "x"} for n in range(6)),
            {"id": "stopped", "when": {"chosen": "stop"}, "text": "x"},
            {"id": "called", "when": {"contacted": "counsel"}, "unless": {"published": 9}, "text": "x"},
            {"id": "false-alarm", "when": {"severity_declared": 0}, "text": "x"},
            {"id": "talkative", "when": {"published": 12}, "text": "x"},
            {"id": "deafening", "when": {"published": 40}, "text": "x"},
            {"id": "never", "when": {"all": [{"chosen": "stop"}, {"chosen": "go-on"}]}, "text": "x"},
        ],
    )  # fmt: skip
    assert seen.unseen == ("deafening", "never")
