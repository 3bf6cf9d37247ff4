"""The calendar's page: what the owner and players see of schedules, and a file that breaks meanwhile."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path

import pytest

from drills.planning.calendar.draw import master_key
from drills.planning.calendar.sentences import moment
from drills.planning.calendar.workspace import all_slots, open_schedules
from drills.records import history
from scoring.scorecard import RULES
from tests.drills.command_line import call
from tests.drills.server import Browser, Place

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert call("init", ".").exit_code == 0
    coming = datetime.now(UTC).date() + timedelta(3)
    (tmp_path / "schedule.yaml").write_text(
        "schedule: ours\nteam: our-team\nhours: {day: 00:00-24:00}\n"
        f"holidays: [{coming + timedelta(7)}]\ndrills:\n"
        f"  - {{id: weekly, every: week, on: {DAYS[coming.weekday()]}, at: 14:00, scenario: login-outage}}\n"
        f"  - {{id: hidden, surprise: {{once_in: 2 weeks, from: {coming}}}}}\n"
    )
    return tmp_path


def shown(browser: Browser) -> str:
    page = browser.get("/calendar")
    assert page.status_code == 200
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.text.partition("<main")[2])).split())


def test_the_owner_sees_turns_reasons_windows_and_what_was_left_out(owner: Browser) -> None:
    said = shown(owner)
    assert "First responder Ana Ruiz" in said
    assert "What will be played login-outage. Plan it now" in said
    assert "A surprise." in said
    assert "Left out: a holiday: a day without drills." in said
    assert " at 14:00, UTC time; 1h; the incident login-outage." in said
    assert 'href="/new?scenario=login-outage"' in owner.get("/calendar").text
    assert 'href="/calendar"' in owner.get("/").text or "Start the first drill" in owner.get("/").text


def test_what_was_drawn_is_behind_a_click_of_the_owner_and_nowhere_else(place: Place, owner: Browser) -> None:
    today = datetime.now(UTC).date()
    key = master_key(place.server.store.secret)
    hidden = [
        one
        for one in all_slots(open_schedules(), today, today + timedelta(90), today, {}, key)
        if one.entry.id == "hidden"
    ]
    assert {one.starts_at is not None for one in hidden} == {True}
    page = owner.get("/calendar").text
    outside = re.sub("<details.*?</details>", "", page, flags=re.DOTALL)
    ana = place.player(owner, place.make(owner), "ana").get("/calendar").text
    for one in hidden:
        drawn = moment(one, one.starts_at)
        assert f"<p>{drawn}.</p>" in page
        assert drawn not in outside
        assert drawn not in ana
        assert str(one.starts_at) not in page
    positions = [outside.index(moment(one, None)) for one in hidden]
    assert positions == sorted(positions)


def test_players_see_when_and_nothing_of_what_or_who(place: Place, owner: Browser) -> None:
    ana = place.player(owner, place.make(owner), "ana")
    said = shown(ana)
    assert "Drills that come on time until" in said
    assert said.count("Our team · 1h · Etc/UTC") == 12
    hidden = ("login", "outage", "surprise", "Left out", "First responder", "Ruiz", "weekly", "/new")
    assert [word for word in hidden if word in ana.get("/calendar").text.partition("<main")[2]] == []
    assert place.browser().get("/calendar").status_code in (401, 303)


def test_a_file_that_breaks_changes_nothing_and_the_owner_is_told(place: Place, owner: Browser, here: Path) -> None:
    before = shown(owner)
    good = (here / "schedule.yaml").read_text()
    (here / "schedule.yaml").write_text(good.replace("our-team", "our-teem"))
    said = shown(owner)
    assert "A schedule cannot be used; what you see is as it was before" in said
    assert "schedule.yaml:2:7: there is no team 'our-teem' (did you mean our-team?)" in said
    assert said.partition("before")[2].partition("our-team?) ")[2] == before.partition("by itself yet. ")[2]
    assert "our-teem" not in shown(place.player(owner, place.make(owner), "ana"))
    (here / "schedule.yaml").write_text(good)
    assert shown(owner) == before


def test_who_is_away_since_the_page_was_made_leads_nothing(owner: Browser, here: Path) -> None:
    assert "First responder Ana Ruiz" in shown(owner)
    today = datetime.now(UTC).date()
    (here / "absences.yaml").write_text(f"absences: [{{who: ana, from: {today}, to: {today + timedelta(99)}}}]\n")
    said = shown(owner)
    assert "Ana Ruiz" not in said
    assert "ana (Etc/UTC): never available" in said


def test_without_a_schedule_the_owner_is_told_how_to_begin(place: Place, owner: Browser, here: Path) -> None:
    (here / "schedule.yaml").unlink()
    assert "drillroom new schedule our-drills" in shown(owner)
    assert shown(place.player(owner, place.make(owner), "ana")).endswith("Nothing is scheduled.")


def test_an_incident_that_was_played_here_is_not_chosen_again(place: Place, owner: Browser, here: Path) -> None:
    text = (here / "schedule.yaml").read_text()
    chosen = "scenario: {tags: [uploads], not_seen_for: 26 weeks}, if_none: skip"
    (here / "schedule.yaml").write_text(text.replace("scenario: login-outage", chosen))
    assert "What will be played no-photos: nobody there has seen it." in shown(owner)
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    owner.start(drill)
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander", "/resolve")
    owner.does(drill, "/end", "/end", "/follow-up-done")
    kept = partial(history.kept, rules=RULES)
    place.until(lambda: drill in [one.drill.drill for one in place.server.store.read(kept).result()])
    assert "Left out: no incident is left that was not seen." in shown(owner)
