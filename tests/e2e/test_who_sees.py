"""Who sees what: how many customers wait, and what somebody practises."""

import re

import pytest
from playwright.sync_api import expect

from tests.drills.server import Place
from tests.e2e.prepared import Drill
from tests.e2e.seats import Address, Seats, entries


@pytest.fixture(scope="module")
def server(place: Place) -> Address:
    return Address(place.base, place.owner_link)


def test_how_many_wait_is_shown_to_those_who_lead_and_speak_alone(seats: Seats, place: Place, drill: Drill) -> None:
    """And no longer to the person who has handed the role on."""
    ana, ben, chloe = (
        seats.at(name, drill.path, client)
        for name, client in (("Ana", drill.ana), ("Ben", drill.ben), ("Chloe", drill.chloe))
    )
    for seat in (ana, chloe):
        expect(seat.page.locator("#status-waiting")).to_contain_text("customers waiting")
    expect(ben.page.locator("#status-waiting")).to_be_hidden()
    place.ahead(drill.id, 120_000)
    drill.chloe.does(drill.id, "/handover communications ben")
    ben.press("Accept", within=ben.page.locator("#calls"))
    expect(ben.page.locator("#status-waiting")).to_contain_text("customers waiting")
    expect(chloe.page.locator("#status-waiting")).to_be_hidden()
    ben.tab("Customers")
    line = ben.page.locator(".desk-course .graph-line")
    expect(line).to_have_attribute("points", re.compile(r"(\S+ ){7}"))  # of the minutes before, too


def test_practice_is_seen_by_nobody_else(seats: Seats, place: Place, drill: Drill) -> None:
    ana = seats.at("Ana", "/practise", drill.ana)
    ana.page.get_by_role("radio", name="Customers cannot report repairs").check()
    ana.page.get_by_role("radio", name="Communications").check()
    ana.press("Begin")
    coach = ana.page.locator("#coach")
    expect(coach).to_contain_text("/ack")
    ana.press("Acknowledge")
    expect(coach).to_contain_text("/sev")
    practice = ana.page.url.rpartition("/")[2]
    ana.say("/sev 1")
    ana.say("/alert 1 repair requests")
    place.ahead(practice, 120_000)
    expect(ana.page.locator("#people")).to_contain_text("(simulated)")
    expect(entries(ana.page, "came into #SitRep").filter(has_text="(simulated)").first).to_be_visible()

    for other in (drill.owner, drill.ben):
        assert other.get(f"/d/{practice}").status_code == 404
        assert other.get(f"/api/drills/{practice}").status_code == 404
        assert practice not in other.get("/").text
        assert practice not in other.get("/api/drills").text
    owner = seats.at("Owner", "/", drill.owner)
    expect(owner.page.get_by_role("heading", name="Running now")).to_be_visible()
    assert practice not in owner.page.content()
    ana.page.goto("/")
    assert practice in ana.page.content()
