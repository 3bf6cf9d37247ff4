"""What the guide for authors states, lint checks; and a scenario that cannot be read is still looked at as a whole."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scenarios.generate import random_text
from scenarios.lint import lint
from scenarios.load import MODELS, load_scenario
from scenarios.template import new_file, new_scenario, new_workspace
from tests.scenarios.shipped import LIBRARY
from tests.support.extent import sampled

Changed = Callable[..., str]
Written = Callable[..., Path]

ROOT = Path(__file__).parents[2]
STOP = "  - {id: stop-it, label: Stop it, takes: 1m, effect: fixes, needs: [read-search-logs]}\n"
WORSE = "  - {id: smash, label: Smash it, takes: 1m, effect: worsens}\n"


def said(path: Path) -> list[str]:
    return [f"{problem.message} ({problem.hint})" for problem in lint(path)]


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([("deadline: 10m}", "deadline: 50m}")],
         "'first-customer' comes at 3m and its deadline is 53m, after the end of the response (`ends` says 45m; bring "
         "it forward, or shorten the deadline)"),
        ([("to: communications\n    via: email", "to: solutioneer\n    via: email")],
         "`publish` is asked of solutioneer, and messages to customers are for communications (write `to: "
         "communications`, or expect `reply`)"),
        ([("at: 3m\n    to: communications\n    via: email",
           "when: {all: [{resolved: true}, {role_held: communications}]}\n    papers: true\n    to: communications"),
          ("{act: publish,", "{act: hand_over,")],
         "'first-customer' comes while papers are written, and roles are handed over only before (expect `reply`, or "
         "what is `judged`; or let it come earlier, without `papers`)"),
        ([("also: [queries, locks]", "also: [Search  LOGS]")],
         "'Search  LOGS' is what 'read-search-logs' is called too, so nobody can tell which is meant (use other words "
         "for one of them)"),
        ([("title: Customers cannot search the shop", "title: The index was switched off by a change")],
         "the title gives the cause away: the solution has the words index, switched (name the harm, as those see it "
         "who report it)"),
        ([("injects:\n", WORSE + "injects:\n")],
         "'smash' makes it worse, and nobody notices (add an inject `after: smash`, or `signals` that it moves)"),
        ([("\ntopic: search   ", "\ntopic: search    # MISSING: ")],
         "this is still to be written: # what it is about in a word or two, as an alert would say it (write it, and "
         "take the word MISSING out)"),
        ([("[c-1041, c-1057]", "[1.10, 2.25]")],
         '1.10 is a number, and texts show it as 1.1 (put it in quotes: "1.10")'),
        ([("    herring: true\n", "    herring: true\n    clue: true\n")],
         "'check-database' is a clue and a false trail at once (a `clue` leads to the cause, a `herring` leads "
         "nowhere; keep one)"),
        ([("    effect: fixes\n", "    effect: fixes\n    together: [stop-it]\n"),
          ("injects:\n", STOP + "injects:\n")],
         "'roll-back' goes together with 'stop-it', and 'stop-it' does not say so (add `together: [roll-back]` to "
         "'stop-it')"),
        ([("  from: Monitoring\n", "  from: Monitoring\n  takes_out: Asleep.\n")],
         "the first responder is out, and the protocol's targets leave no time for that (write `targets` for what "
         "comes first, such as severity_declared)"),
    ],
)  # fmt: skip
def test_a_rule_of_the_guide_is_a_warning(written: Written, pairs: list[tuple[str, str]], says: str) -> None:
    text = new_scenario("drill")
    for old, new in pairs:
        text = edited(text, old, new)
    path = written(text)
    assert says in said(path)
    assert load_scenario(path).scenario == "drill", "a warning keeps nothing from being played"


def edited(text: str, old: str, new: str) -> str:
    """The text with the last piece of it replaced: the template's comments name most of them first."""
    before, found, after = text.rpartition(old)
    assert found, old
    return before + new + after


def test_harm_to_customers_is_in_the_shape_of_a_scenario_and_not_in_its_words(
    changed: Changed, written: Written
) -> None:
    """Passengers of a ferry are customers; a scenario in which nobody outside is heard has none, whatever it says."""
    ferry = changed(("Every customer who tries to sign in", "Alle Fahrgäste der Fähre"))
    assert said(written(ferry, "ferry.yaml")) == []
    text = re.sub(r"^customers:.*\n", "", new_scenario("inside"), flags=re.M)
    inside = re.sub(r"to: communications\b", "to: everyone", text).replace("act: publish", "act: update")
    assert said(written(inside, "inside.yaml")) == [
        "at severity 1 customers are told what is wrong, and nobody outside is heard here (add `customers`, or an "
        "inject `via: customer` or with `expects: {act: publish, …}`; or lower the severity)"
    ]


@pytest.mark.parametrize(
    ("signal", "says"),
    [
        ("normal: 4, incident: 4, noise: 5%",
         "customers are said to feel 'waiting', which the impact never moves (give it another level for `incident`)"),
        ("normal: 4, incident: 9, falls: [{after: 5m, is: 6}]", "customers feel 'waiting', and it never comes back to "
         "4: it stays at 6 (let it come back to `normal`, or take `felt` out; what is gone for good is `lost` in "
         "`impact`)"),
        ("normal: 4, incident: 9, recovery: 50m", "customers feel 'waiting', and it takes 50m to come back (the "
         "response ends at 45m: shorten it, or let `ends` come later)"),
        ("normal: 4, incident: 9, falls: [{after: 2m, is: 8}, {after: 5m, is: 4}]", ""),
        ("normal: 4, incident: 4, rises: [{after: 2m, is: 8}], recovery: 2m", ""),
    ],
)  # fmt: skip
def test_what_customers_feel_is_moved_and_comes_back(written: Written, signal: str, says: str) -> None:
    text = edited(new_scenario("drill"), "\nsignals:\n", f"\nsignals:\n  waiting: {{{signal}, felt: true}}\n")
    assert said(written(text)) == ([says] if says else [])


def test_a_fix_does_not_leave_what_customers_feel_where_it_was(written: Written) -> None:
    text = edited(
        new_scenario("drill"), "\nsignals:\n", "\nsignals:\n  waiting: {normal: 4, incident: 9, felt: true}\n"
    )
    text = edited(text, "    effect: fixes\n", "    effect: fixes\n    signals: {waiting: 7}\n")
    [found] = said(written(text))
    assert found.startswith("customers feel 'waiting', and it never comes back to 4: it stays at 7")


@pytest.mark.parametrize("chance", ["0.8", "80%"])
def test_a_chance_may_be_written_as_a_percentage(written: Written, chance: str) -> None:
    text = edited(new_scenario("drill"), "chance: 80%", f"chance: {chance}")
    assert [one.chance for one in load_scenario(written(text)).injects if one.chance < 1] == [0.8]


@pytest.mark.parametrize(
    ("chance", "says"),
    [("0", "`chance` must be more than 0, not 0"), ("120%", "`chance` must be at most 100%, not '120%'"),
     ("often", "`chance` cannot be 'often' (a percentage is written like 8%)")],
)  # fmt: skip
def test_a_chance_that_is_none(written: Written, chance: str, says: str) -> None:
    [found] = said(written(edited(new_scenario("drill"), "chance: 80%", f"chance: {chance}")))
    assert found.startswith(says)


def test_a_comma_that_ends_a_text_in_braces_is_named_with_the_way_out(written: Written) -> None:
    text = edited(
        new_scenario("drill"), "injects:\n", "injects:\n  - {id: x, at: 2m, text: We call, and the supplier waits}\n"
    )
    assert said(written(text)) == [
        "a comma ends a text in { }: what follows, `and the supplier waits`, is read as a key (put the whole text "
        "before it in quotes)"
    ]


@pytest.mark.parametrize(
    ("protocol", "meant"),
    [
        ("officeluv", "incident_commander"),
        ("{like: officeluv, call: {incident_commander: Boss}}", "incident_commander"),
        ("ours", "incident-commander"),
        ("{like: ours, drop: [scribe]}", "incident-commander"),
    ],
)
def test_a_role_as_people_read_it_is_taken_for_its_id(written: Written, protocol: str, meant: str) -> None:
    ours = new_file("protocol", "ours").replace("incident_commander", "incident-commander")
    written(ours, "protocols/ours.yaml")
    written("", "drillroom.toml")
    text = edited(new_scenario("drill"), "    to: incident_commander\n", "    to: Incident Commander\n")
    told = said(written(text.replace("title:", f"protocol: {protocol}\ntitle:", 1), "scenarios/drill.yaml"))
    assert (
        f"'Incident Commander' is not an id (expected lower-case words joined by - or _; did you mean {meant}?)" in told
    )


def test_a_team_is_told_the_roles_of_the_protocols_around_it(written: Written) -> None:
    written("", "drillroom.toml")
    written("protocol: ours\nroles:\n  - {id: duty-lead, title: Duty lead}\n", "protocols/ours.yaml")
    team = written("team: t\ntitle: T\nmembers: [{id: ana, name: Ana, prefers: Duty Lead}]\n", "teams/t.yaml")
    assert "did you mean duty-lead?" in said(team)[0]


def test_what_cannot_be_read_hides_nothing_that_is_wrong_elsewhere(written: Written) -> None:
    text = new_scenario("drill")
    for old, new in (
        ("    takes: 4m\n", "    takes: 4\n"),
        ("    effect: worsens\n", "    effect: worse\n"),
        ("    at: 4m\n    to: incident_commander\n", "    at: 4\n    to: incident_comander\n"),
        ("after: show-categories", "after: show-categorys"),
        ("needs: [compare-configuration]", "needs: [compare-config]"),
        ("    at: 10m\n", "    at: 3h\n"),
        ("Roll change {change} back.", "Roll change {chnge} back."),
        ("ends: {after: 45m}", "ends: {after: 45m, paper: 1m}"),
    ):
        text = edited(text, old, new)
    assert [one.split(" (")[0] for one in said(written(text))] == [
        "there is no action 'compare-config'",
        "`takes` cannot be 4",
        "`effect` cannot be 'worse'",
        "`at` cannot be 4",
        "there is no role or group 'incident_comander'",
        "there is no action, inject or option 'show-categorys'",
        "there is no variable 'chnge' to fill {chnge}",
        "unknown key `paper`",
    ]


def test_half_a_file_is_told_what_it_lacks_and_nothing_that_follows_from_that(written: Written) -> None:
    found = said(written("scenario: drill\ninjects:\n  - {at: 1m}\nactions: [x]\n"))
    assert [one.split(" (")[0] for one in found] == [
        *(
            f"`{key}` is missing"
            for key in ("title", "severity", "topic", "brief", "report", "impact", "solution", "ends")
        ),
        *("`id` is missing", "`text` is missing", "item 1 of `actions` should be keys and values, not 'x'"),
    ]


FILES = sorted(LIBRARY.rglob("*.yaml"))
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_other_programs_read_our_yaml_too() -> None:
    """PyYAML's own parser is stricter than the one in C; editors and other languages go by the standard as it does."""
    texts = {str(file): file.read_text(encoding="utf-8") for file in FILES}
    texts |= {
        f"a new {kind}": new_file(kind, "ours") for kind in MODELS if kind not in ("script", "absences", "actions")
    }
    texts |= {name: text for name, text in new_workspace().items() if name.endswith(".yaml")}
    texts |= {f"random {seed}": random_text(seed) for seed in range(4)}
    for document in DOCUMENTS:
        found = re.findall(r"^```yaml\n(.*?)^```$", document.read_text(encoding="utf-8"), re.M | re.S)
        texts |= {f"{document}, {text.splitlines()[0]}": text for text in found}
    assert len(texts) > len(FILES) + 10
    for name in sampled(list(texts), 5):
        assert yaml.safe_load(texts[name]), name


NAMES = """\
names: ours
services: {login: sign-in, logn: sign-in, vault: safe}
teams: {suport: Helpdesk}
dashboards: {eror: {title: Errors}}
runbooks: {deployment/rol-back: "https://example.com/back", deployment/deploy: "https://example.com/go"}
"""


def test_a_name_that_no_text_uses_is_a_warning_that_says_which_is_near(written: Written) -> None:
    written("scenario: x\ntitle: The {service_vault} is shut\n", "scenarios/x.yaml")
    assert said(written(NAMES, "names.yaml")) == [
        "no scenario names the service 'logn': no text has {service_logn} (did you mean login?)",
        "no scenario names the team 'suport': no text has {team_suport} (did you mean support?)",
        "no scenario names the dashboard 'eror': no text has {dashboard_eror} (did you mean errors?)",
        "there is no procedure 'deployment/rol-back' (did you mean deployment/roll-back?)",
    ]
    assert said(LIBRARY / "names" / "officeluv.yaml") == []


LEVEL = """severities:
  - {level: 4, name: Low, means: Little., response: Tomorrow, examples: [A typo], demands: [A ticket]}
"""


def test_a_severity_of_a_protocol_without_a_table_is_a_warning(written: Written) -> None:
    without = re.sub(
        r"(?ms)^  - severity: 2 *(#.*?)?\n.*?(?=^  - severity: 3)", "", new_file("protocol", "whole"), count=1
    )
    without = without[: without.index("\nreads:")] + "\n"
    says = (
        "nothing says what is owed for severity 2, so no scenario can have it (add a table `severity: 2` to `tables`, "
        "which has 0, 1, 3)"
    )
    assert said(written(without, "whole.yaml")) == [says]
    assert [problem.line for problem in lint(written(f"like: officeluv\n{LEVEL}", "small.yaml"))] == [3]


def test_a_severity_of_a_scenario_without_a_table_is_an_error(written: Written) -> None:
    text = edited(new_scenario("drill"), "severity: 1", "severity: 4")
    assert "the protocol 'officeluv' does not say what is owed for severity 4 (it has tables for 0, 1, 2, 3)" in said(
        written(text)
    )
