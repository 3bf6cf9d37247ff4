"""Papers of drills that go over midnight, over days and over a change of the clocks."""

import csv
import io
from datetime import UTC, datetime

from reports.export import events_csv
from reports.page import Page
from reports.postmortem import PostMortem
from reports.situation import SituationReport
from reports.story import Story
from tests.reports import build

CLOCKS_GO_BACK = datetime(2026, 10, 31, 19, 51, tzinfo=UTC)
"""In Chicago they do on the first of November, at two in the night."""


def test_times_of_day_after_the_first_day_have_a_date_and_where_clocks_change_what_they_show() -> None:
    log = build.long_drill(CLOCKS_GO_BACK)
    story = Story(log, build.names())
    answers = {answer.id: answer.lines for answer in SituationReport.of(story).answers}
    assert answers["reported_at"] == ("14:51:00 CDT (America/Chicago)",)
    assert answers["closed_at"][0].startswith("2026-11-01 15:51:00 CST (America/Chicago). Declared resolved")
    ana, ben = answers["people"][:2]
    assert ana == (
        "Ana Ruiz: first responder; Incident Commander from 14:53:00 CDT to 20:57:00 CDT, from 2026-11-01 01:57:00 CST "
        "to 2026-11-01 07:57:00 CST and from 2026-11-01 13:57:00 CST to 2026-11-01 15:51:00 CST"
    )
    assert "from 20:57:00 CDT to 2026-11-01 01:57:00 CST" in ben
    timeline = PostMortem.of(story, build.graded(log)).timeline
    assert [one.clock for one in timeline if "01:51" in one.clock] == ["01:51:00 CDT", "01:51:00 CST"]
    assert [(one.day, one.clock) for one in timeline if one.day] == [
        ("2026-10-31", "14:51:00 CDT"),
        ("2026-11-01", "00:51:00 CDT"),
    ]


def test_a_long_drill_without_a_change_of_the_clocks_has_dates_and_no_zone_after_each_time() -> None:
    story = Story(build.long_drill(datetime(2026, 6, 1, 23, 0, tzinfo=UTC), 3, "UTC"), build.names())
    answers = {answer.id: answer.lines for answer in SituationReport.of(story).answers}
    assert answers["reported_at"] == ("23:00:00 (UTC)",)
    assert answers["closed_at"][0].startswith("2026-06-02 02:00:00 (UTC). ")


def test_one_instant_is_printed_alike_in_every_paper_and_in_the_table() -> None:
    """Rounded to the nearest second, as spans are, so that report, alert and the time between them agree."""
    log = build.acted([{"at": "20s", "who": "ana", "say": "/alert 1 login"}])
    start = log.plan.start.replace(microsecond=600_000)
    late = log.plan.model_copy(update={"start": start})
    events = [build.later(event, 600) for event in log.events]
    story = Story(type(log).reproducible(late, events), build.names())
    alert = next(
        row
        for row in csv.DictReader(io.StringIO(events_csv(story).decode("utf-8-sig")))
        if row["kind"] == "TeamAlerted"
    )
    card = build.graded(log)
    timeline = {entry.says: entry.clock for entry in PostMortem.of(story, card).timeline}
    page = {row.says: row.clock for row in Page(story, card, [], ("", "")).events}
    assert alert["utc"] == "2026-03-12T19:00:20.600Z"
    assert alert["local"][11:19] == "14:00:21"
    assert timeline["First responder: alerted the team: severity 1, Critical; topic login"] == "14:00:21"
    assert page["alerted the team: severity 1, Critical; topic login"] == "14:00:21"


def test_what_the_staff_did_is_said_to_be_theirs() -> None:
    story = Story(build.long_drill(CLOCKS_GO_BACK, 2), build.names())
    lines = [entry.says for entry in PostMortem.of(story, build.graded(build.long_drill(CLOCKS_GO_BACK, 2))).timeline]
    assert "Facilitator: the drill was paused: a fire alarm" in lines
    assert not any(line.startswith("A member: the drill") for line in lines)


def test_who_takes_a_role_had_another_part_until_then() -> None:
    log = build.long_drill(CLOCKS_GO_BACK, 8)
    lines = [entry.says for entry in PostMortem.of(Story(log, build.names()), build.graded(log)).timeline]
    assert "First responder: took the role Incident Commander" in lines
    assert "A member: took over as Incident Commander" in lines
