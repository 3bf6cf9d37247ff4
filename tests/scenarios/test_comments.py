"""An unquoted ` #` begins a comment: what an author meant as text is not lost in silence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios.lint import lint
from scenarios.template import new_scenario
from tests.scenarios.test_guide_rules import edited, said

Written = Callable[..., Path]

SUITS = "suits: A team that has not drilled before."
TEXT = '  text: "Search: {error_rate}% of requests fail"'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("topic: search   ", "topic: Ticket #12 is open",
         "of this text only 'Ticket' is kept: '#12 is open' is read as a comment"),
        (SUITS, "suits: All who post in #incident",
         "of this text only 'All who post in' is kept: '#incident' is read as a comment"),
        (SUITS, "suits: All who\n  post in #Störung today",
         "of this text only 'All who post in' is kept: '#Störung today' is read as a comment"),
        (TEXT, "  text: #incident is full", "nothing of this text is kept: '#incident is full' is read as a comment"),
        ("queries, locks]", "queries #1\n      , locks]",
         "of this text only 'queries' is kept: '#1' is read as a comment"),
    ],
)  # fmt: skip
def test_a_text_that_loses_its_end(written: Written, old: str, new: str, says: str) -> None:
    path = written(edited(new_scenario("drill"), old, new))
    [found] = [problem for problem in lint(path) if "comment" in problem.message]
    assert (found.message, found.severity) == (says, "warning")
    assert found.hint == "put the whole text in quotes; a comment has a space after its #"
    line = path.read_text("utf-8").splitlines()[found.line - 1]
    assert line[found.column - 1 :].startswith("#"), "its place is that of the #"


def test_what_is_plainly_a_comment(written: Written) -> None:
    text = new_scenario("drill")
    text = edited(text, "\nseverity: 1 ", "\nseverity: 1 #high\n# ")
    text = edited(text, "\ntopic: search   ", "\ntopic: search # Ticket #12\n#")
    text = edited(text, "\nlength: 60m ", "\nlength: 60m #short\n# ")
    text = edited(text, f"\n{SUITS}", '\nsuits: "Ticket #12: a team" #todo')
    text = edited(text, "  A {weekday} morning.", "  Ticket #12. A {weekday} morning.")
    text = edited(text, "\nreport:\n", "\nreport: #first\n")
    assert said(written(text)) == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("team", "team: x\ntitle: The team of #payments\nmembers: []\n", "of this text only 'The team of' is kept"),
        ("acts", "acts:\n  - {at: 1m, who: ana, do: log, text: Ticket is #12\n    }\n", "only 'Ticket is' is kept"),
        ("small", "like: officeluv\nprotocol: small\ntitle: Ours, as of #12\n", "only 'Ours, as of' is kept"),
        ("broken", "scenario: x\nbrief: See #12\n  and more\n", "in line 2 a # begins a comment"),
        ("braces", "scenario: x\nreport: {via: chat, text: See #12}\nbrief: x\n", "in line 2 a # begins a comment"),
    ],
)  # fmt: skip
def test_it_is_seen_in_any_file_also_where_it_breaks_the_file(
    written: Written, name: str, text: str, says: str
) -> None:
    assert says in "\n".join(said(written(text, f"{name}.yaml")))
