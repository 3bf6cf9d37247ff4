"""People's own words: which action of the scenario they mean, and when we ask rather than guess."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.problem import closest
from scenarios.scenario import Action
from simulator.matching import which_action
from tests.scenarios.shipped import incident
from tests.simulator.build import LIBRARY
from tests.support.extent import examples

SAID = {
    "login-outage": {
        "roll back": "roll-back",
        "let's roll back the release": "roll-back",
        "revert the last release": "roll-back",
        "heroku rollback": "roll-back",
        "check redis": "check-session-store",
        "look at the session store": "check-session-store",
        "is the database slow?": "check-database",
        "restart the dynos": "restart-dynos",
        "please turn it off and on again": "restart-dynos",
        "flush redis": "clear-sessions",
        "what changed in the last release": "read-release",
        "how many customers are affected": "count-customers",
        "check the ssl certificate": "check-certificates",
        "is it a ddos": "check-traffic",
        "is okta up": "check-single-sign-on",
    },
    "checkout-outage": {
        "place a test order": "try-a-purchase",
        "is paylane down?": "check-provider-status",
        "read the webhook log": "read-callback-log",
        "diff the config vars": "compare-configuration",
        "set the webhook secret": "set-webhook-secret",
        "turn off the signature check": "skip-verification",
        "replay the webhooks": "resend-messages",
        "charge the orders again": "retry-payments",
    },
    "billing-outage": {
        "look at sidekiq": "look-at-queue",
        "check the worker logs": "read-worker-log",
        "was the run started twice": "check-double-start",
        "read the migrations of the last release": "read-migrations",
        "fix the index": "mend-index",
        "delete the duplicate invoices": "delete-duplicates",
        "bounce the workers": "restart-workers",
        "describe the invoices table": "inspect-table",
    },
    "shift-planning-down": {
        "is humanity down?": "check-status-page",
        "check the api token": "check-token",
        "ask hr who left": "ask-people-team",
        "ping the router": "check-network",
        "make a new token": "new-token",
        "resync the kiosks": "full-resync",
        "phone the vendor support": "call-humanity",
        "when does payroll need the hours": "check-payroll",
    },
}
PAIRS = [(name, words, action) for name, pairs in SAID.items() for words, action in pairs.items()]


def found(name: str, words: str) -> str | None:
    action = which_action(words, incident(name).actions)
    return None if action is None else action.id


@pytest.mark.parametrize(("name", "words", "action"), PAIRS)
def test_what_people_say_finds_the_action(name: str, words: str, action: str) -> None:
    assert found(name, words) == action


@pytest.mark.parametrize("name", LIBRARY)
def test_ids_labels_and_the_authors_other_words_find_their_own_action(name: str) -> None:
    for action in incident(name).actions:
        assert found(name, action.id) == action.id
        assert found(name, action.label.upper()) == action.id
        for words in action.also:
            assert found(name, words) in (action.id, None), words


@pytest.mark.parametrize(
    "words",
    ["", "?!", "please do it now", "what is the weather like", "make it work", "call my mother", "x" * 5000, "😀"],
)
@pytest.mark.parametrize("name", LIBRARY)
def test_what_means_no_action_finds_none(name: str, words: str) -> None:
    assert found(name, words) is None


@pytest.mark.parametrize(
    "words", ["don't roll back", "do not roll back yet", "never flush redis", "we mustn't roll back"]
)
def test_what_one_must_not_do_is_not_done(words: str) -> None:
    assert found("login-outage", words) is None


def actions(*labels: str) -> list[Action]:
    return [Action(id=f"a{place}", label=label, takes="1m") for place, label in enumerate(labels)]  # type: ignore[arg-type]  # pydantic reads the duration


def test_what_could_be_two_actions_is_neither() -> None:
    both = actions("Restart the web servers", "Restart the mail servers")
    assert which_action("restart the servers", both) is None
    assert which_action("restart the mail servers", both) == both[1]


def test_the_order_of_the_actions_does_not_matter() -> None:
    for name in LIBRARY:
        listed = incident(name).actions
        for words in SAID[name]:
            assert which_action(words, listed) == which_action(words, listed[::-1])


@settings(max_examples=examples(60), deadline=None)
@given(st.text())
def test_any_words_find_an_action_or_none(words: str) -> None:
    known = incident("login-outage").actions
    assert which_action(words, known) in [None, *known]


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("solutionear", "solutioneer"),
        ("comunications", "communications"),
        ("Incident Comander", "incident_commander"),
        ("ben", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_a_misspelt_name_is_found_if_it_is_like_one(name: str, close: str | None) -> None:
    assert closest(name, ["incident_commander", "solutioneer", "communications"]) == close
