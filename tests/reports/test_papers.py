import re
from hashlib import sha256
from urllib.parse import quote

import msgspec
import pytest

from reports.export import folder
from reports.format import escape
from reports.page import Page, papers_of
from reports.postmortem import PostMortem
from reports.render import html_of, post_mortem_markdown, situation_markdown
from reports.situation import SituationReport
from reports.story import Story
from scenarios.attachments import Attachment
from scenarios.inject import Inject
from scoring.result import Cap
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.log import DrillLog
from simulator.plan import PlanFile
from tests.reports import build

ACTS: list[dict[str, object]] = [
    {"at": "20s", "who": "ana", "say": "/sev 1"},
    {"at": "30s", "who": "ana", "say": "/alert 1 login"},
    {"at": "45s", "who": "ben", "say": "/ack"},
    {"at": "1m", "who": "ana", "say": "/join"},
    {"at": "1m5s", "who": "ben", "say": "/join"},
    {"at": "1m10s", "who": "ana", "say": "/role incident_commander"},
    {"at": "2m", "who": "ben", "say": "/do roll-back"},
    {"at": "12m", "who": "ana", "say": "/resolve rolled back"},
    {"at": "14m", "who": "ana", "say": "/sitrep solution=Rolled the release back. who=Everybody who signs in."},
]
FOLLOW_UP: list[dict[str, object]] = [
    {
        "at": "20h",
        "who": "ana",
        "do": "file_post_mortem",
        "summary": "We were lucky.",
        "went_well": "We called each other.",
        "went_badly": "Nobody wrote anything down.",
        "learnings": "Ask for the log early.\nThen ask again.",
    },
    {
        "at": "21h",
        "who": "ana",
        "do": "corrective_action",
        "text": "Alarm on memory",
        "owner": "ben",
        "due_on": "2026-04-01",
    },
]


def situation(log: DrillLog) -> SituationReport:
    return SituationReport.of(Story(log, build.names()))


def answers(log: DrillLog) -> dict[str, str]:
    return {answer.id: " ".join(answer.lines) for answer in situation(log).answers}


def post_mortem(log: DrillLog) -> PostMortem:
    return PostMortem.of(Story(log, build.names()), build.graded(log))


def test_the_eight_questions_are_answered_in_the_protocols_order_and_words() -> None:
    log = build.acted(ACTS)
    asked = [(answer.id, answer.asks) for answer in situation(log).answers]
    assert asked == [(question.id, question.asks) for question in log.plan.protocol.questions]
    assert len(asked) == 8


def test_times_of_day_are_the_teams_and_name_their_zone() -> None:
    """The drill starts at 19:00 UTC, which in March is 14:00 in Chicago."""
    told = answers(build.acted(ACTS))
    assert told["reported_at"] == "14:00:00 (CDT, America/Chicago)"
    assert told["closed_at"].startswith("14:12:00 (CDT, America/Chicago). Declared resolved by Ana Ruiz: rolled back")


def test_the_response_time_and_what_it_did_not_come_to() -> None:
    told = answers(build.acted(ACTS))["response_time"]
    assert told.startswith(
        "From the report: 30 s until the team was alerted; 45 s until the first member had acknowledged"
    )
    assert "1 min 10 s until somebody commanded" in told
    assert "It did not come to this" in answers(build.acted(ACTS[:2]))["response_time"]
    assert answers(build.acted([]))["response_time"] == "Nobody responded."


def test_the_response_time_says_what_was_skipped() -> None:
    """Times of day are as the clock on the wall showed them, so they lie closer together than drill time says."""
    facilitator = build.plan(profile=None).facilitators[0]
    told = answers(build.acted([*ACTS[:3], {"at": "5m", "who": facilitator, "do": "skip"}]))["response_time"]
    assert re.search(r"Drill time was moved ahead by [\dhmins ]+; times of day were not\.", told)
    assert "moved ahead" not in answers(build.acted(ACTS))["response_time"]


def test_who_played_which_role_from_when_to_when() -> None:
    told = answers(build.acted(ACTS))["people"]
    assert "Ana Ruiz: first responder and Incident Commander from 14:01:10 to 14:12:00" in told
    assert "Ben Okafor: took part without a role" in told
    assert "No act in the log: Chloe Lindqvist" in told


def test_what_people_left_out_is_said_plainly() -> None:
    told = {answer.id: answer for answer in situation(build.acted(ACTS)).answers}
    assert told["solution"].lines == ("Rolled the release back.",)
    assert told["who_impacted"].lines == ("Everybody who signs in.",)
    assert (told["how_impacted"].lines, told["how_impacted"].missing) == (("The team left this out.",), True)
    assert "The team filed no situation report" in answers(build.acted(ACTS[:-1]))["solution"]


def test_a_drill_in_which_nobody_did_anything_still_has_its_papers() -> None:
    log = build.acted([])
    assert answers(log)["closed_at"] == "It was never declared resolved or closed."
    for markdown in map(str, (situation_markdown(situation(log)), post_mortem_markdown(post_mortem(log)))):
        assert "**This is a drill.**" in markdown


def test_the_situation_report_prints_the_hash_that_the_log_ends_in() -> None:
    log = build.acted(ACTS)
    assert f"`{log.head}`" in situation_markdown(situation(log))


def test_names_that_nobody_knows_are_ids() -> None:
    told = SituationReport.of(Story(build.acted(ACTS), {}))
    assert "ana: first responder" in " ".join(line for answer in told.answers for line in answer.lines)


@pytest.mark.parametrize("profile", ["good", "poor"])
def test_the_post_mortem_speaks_of_roles_and_names_nobody(profile: str) -> None:
    log = build.played(profile="good" if profile == "good" else "poor")
    paper = post_mortem(log)
    written = post_mortem_markdown(paper).partition("## Corrective actions")[0]
    assert not [name for name in build.names().values() if name in written]
    assert paper.went_badly
    first_owner, _ = paper.went_badly[0]
    assert first_owner == Story(log, {}).owner(build.graded(log).ledger[0].owner)


def test_the_post_mortem_has_the_protocols_parts_in_order() -> None:
    log = build.acted(ACTS)
    parts = re.findall(r"^## (.+)$", post_mortem_markdown(post_mortem(log)), re.MULTILINE)
    assert parts == log.plan.protocol.post_mortem


def test_what_the_team_must_fill_in_is_left_open_until_it_does() -> None:
    before = post_mortem_markdown(post_mortem(build.acted(ACTS)))
    assert "To be filled in by the team" in before
    assert "Owner: ______. Due: ______" in before
    after = post_mortem_markdown(post_mortem(build.acted([*ACTS, *FOLLOW_UP])))
    assert "Ask for the log early.\\\nThen ask again." in after
    assert "- Alarm on memory (owner: Ben Okafor; due: 2026-04-01)" in after
    for text in ("We were lucky.", "We called each other.", "Nobody wrote anything down."):
        assert text in after
    assert "To be filled in" not in after
    assert "______" not in after


def test_hostile_text_in_papers_becomes_text_in_html() -> None:
    log = build.hostile(build.played(profile="good"))
    story = Story(log, build.hostile_names(log))
    report, paper = papers_of(story, build.graded(log))
    for markdown in (situation_markdown(report), post_mortem_markdown(paper)):
        html = html_of(markdown)
        assert set(re.findall(r"<([a-z0-9]+)", html)) <= {
            "h3",
            "h4",
            "p",
            "ul",
            "li",
            "strong",
            "em",
            "hr",
            "code",
            "br",
        }
        assert not re.search(r"<[a-z0-9]+ ", html)  # no tag has an attribute
        assert "\u202e" not in markdown
        assert "\x1b" not in markdown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html_of(situation_markdown(report))


def test_markdown_of_papers_nests_below_the_pages_headings() -> None:
    assert html_of("# One\n\n## Two") == "<h3>One</h3>\n<h4>Two</h4>\n"


def test_raw_html_links_and_pictures_never_come_through() -> None:
    """Even if something slipped through the escaping, the reader of Markdown and the cleaner would stop it."""
    html = html_of("<script>x</script> [a](javascript:x) ![b](http://x/y.png) <http://x> `code` **bold**")
    assert not re.search(r"<(script|a|img)\b", html)
    assert "<code>code</code> <strong>bold</strong>" in html


def test_a_wrong_severity_declared_soon_is_nothing_that_went_well() -> None:
    soon = {"at": "10s", "who": "ana", "do": "declare_severity"}
    right, wrong = (post_mortem(build.acted([{**soon, "severity": level}])) for level in (1, 3))
    assert any(line.startswith("Severity declared") for line in right.went_well)
    assert not any(line.startswith("Severity declared") for line in wrong.went_well)


def test_a_step_that_was_found_wrong_becomes_a_corrective_action() -> None:
    flag: dict[str, object] = {
        "at": "22h",
        "who": "ana",
        "say": "/wrong deployment/roll-back 2 there is no lock any more",
    }
    texts = [action.text for action in post_mortem(build.acted([*ACTS, flag])).corrections]
    assert "Fix step 2 of deployment/roll-back: there is no lock any more" in texts


def test_papers_name_the_files_that_came_and_link_to_those_beside_them() -> None:
    plan = build.plan(profile=None)
    data = {"files/screen (1)_*.log": b"x", "files/gone.log": b"y"}
    files = [
        PlanFile(file=file, name=file[6:], type="text/plain", size=1, sha256=sha256(content).hexdigest())
        for file, content in data.items()
    ]
    report = plan.scenario.report.model_copy(update={"attach": [Attachment(file="files/screen (1)_*.log")]})
    inject = Inject.model_validate({"id": "look", "at": "90s", "text": "Look.", "attach": list(data)})
    scenario = plan.scenario.model_copy(update={"report": report, "injects": [inject]})
    plan = plan.model_copy(update={"scenario": scenario, "files": files})
    driver = Driver.start(plan, [], VirtualClock(plan.start))
    driver.run()
    log = DrillLog.reproducible(plan, driver.events)
    screen, gone = files[0].beside, files[1].beside
    link = f"[{escape(files[0].name)}]({quote(screen)})"
    papers = situation_markdown(situation(log), {screen}), post_mortem_markdown(post_mortem(log), {screen})
    assert f"- With {link}\n" in papers[0]
    (told,) = (line for line in papers[1].splitlines() if "Look" in line)
    assert told.endswith(f" With {link}, {escape(files[1].name)}.")
    assert "%20" in link, "a space would end the address"
    assert gone not in papers[1], "there is nothing to link to"
    assert "[screen" not in html_of(post_mortem_markdown(post_mortem(log))), "the report shows the files themselves"
    assert "screen (1)_*.log" in html_of(post_mortem_markdown(post_mortem(log)))


def test_only_the_limit_that_holds_the_score_down_is_said_to() -> None:
    log = build.acted(ACTS)
    card = build.graded(log)
    mild, grave = Cap(id="mild", at_most=79.0, why="it was mild"), Cap(id="grave", at_most=39.0, why="it was grave")
    for score, uncapped, said in ((57.0, 57.0, set()), (39.0, 57.0, {"grave"}), (39.0, 90.0, {"grave"})):
        capped = msgspec.structs.replace(card, score=score, uncapped=uncapped, caps=[mild, grave])
        told = PostMortem.of(Story(log, build.names()), capped).summary
        assert {name for name in ("mild", "grave") if f"it was {name}" in told} == said
        notes = " ".join(Page(Story(log, build.names()), capped, [], ("", "")).notes)
        assert {name for name in ("mild", "grave") if f"it was {name}" in notes} == said


def test_a_drill_that_was_cut_short_is_not_said_to_have_lost_nothing() -> None:
    log = build.acted([*ACTS[:2], {"at": "70s", "who": "boss", "say": "/end"}])
    card = build.graded(log)
    assert card.cut_short is not None
    made = folder(log, card, build.names())
    for name in ("post-mortem.md", "report.html"):
        text = made[name].decode()
        assert card.verdict in text.lower()
        for false in ("No points were lost", "Nothing was lost", "<small> of 100", "Everything was done by its target"):
            assert false not in text
