"""The door: the leader of a drill sees who waits, people who are sent out are told, and links can be made again."""

import pytest
from playwright.sync_api import Locator, expect

from tests.drills.server import Place
from tests.e2e.prepared import PEOPLE, made
from tests.e2e.seats import Address, Seat, Seats


@pytest.fixture(scope="module")
def server(place: Place) -> Address:
    return Address(place.base, place.owner_link)


def heading(seat: Seat, name: str) -> Locator:
    return seat.page.get_by_role("heading", name=name, exact=True)


def knocks(seats: Seats, name: str, link: str) -> Seat:
    """Somebody who comes by the one link and says who they are."""
    seat = seats.at(name, link)
    seat.press(name)
    expect(seat.page.get_by_text("Waiting to be let in")).to_be_visible()
    return seat


def sent_out(leader: Seat, name: str) -> None:
    leader.press(f"Free the seat of {name}")
    leader.press("Free the seat", within=leader.page.get_by_role("dialog"))


def test_all_are_let_in_at_once_and_one_is_sent_out_and_comes_again(seats: Seats, place: Place) -> None:
    drill = place.make(place.owner(), scenario="no-photos", people=PEOPLE)
    owner = seats.named_owner()
    owner.page.goto(f"/d/{drill}")
    link = owner.page.get_by_role("textbox", name="The link").input_value()
    ben, chloe = (knocks(seats, name, link) for name in ("Ben Okafor", "Chloe Lindqvist"))
    owner.press("Let all in")
    for seat in (ben, chloe):
        expect(heading(seat, f"You are in, {seat.name}")).to_be_visible()
    sent_out(owner, "Chloe Lindqvist")
    expect(heading(chloe, "Who are you?")).to_be_visible()
    chloe.press("Chloe Lindqvist")
    expect(owner.button("Let in Chloe Lindqvist")).to_be_visible()
    sent_out(owner, "Chloe Lindqvist")
    expect(heading(chloe, "Who are you?")).to_be_visible()
    assert heading(ben, "You are in, Ben Okafor").is_visible(), "nobody else is sent out"

    owner.page.get_by_text("A link got out").click()
    owner.agree("Make new links")
    expect(owner.page.get_by_role("textbox", name="The link")).not_to_have_value(link)
    expect(ben.page.get_by_text("open the link that you were sent")).to_be_visible()
    again = seats.at("Ben Okafor", link)
    expect(again.page.get_by_text("this link does not work any more; ask for a new one")).to_be_visible()


def test_who_leads_and_plays_sees_who_waits_once_it_runs(seats: Seats, place: Place) -> None:
    client = place.owner()
    drill = place.make(client, scenario="no-photos", people=PEOPLE, play_too="1", me="Ana Ruiz")
    link = client.data(drill, "/lobby")["link"]
    client.start(drill)
    ana = seats.at("Ana", f"/d/{drill}", client)
    expect(ana.button("Acknowledge")).to_be_visible()
    dana = knocks(seats, "Dana Whitfield-Oyelaran", link)
    ana.press("Let Dana Whitfield-Oyelaran in")
    expect(heading(dana, "Nothing has reached you yet")).to_be_visible()
    expect(ana.button("Let Dana Whitfield-Oyelaran in")).to_have_count(0)
    assert not dana.page.locator("#calls").get_attribute("data-leads")


def test_somebody_is_sent_out_of_a_drill_that_runs(seats: Seats, place: Place) -> None:
    drill = made(place, place.owner())
    drill.owner.start(drill.id)
    owner = seats.at("Owner", drill.path, drill.owner)
    ben = seats.at("Ben", drill.path, drill.ben)
    expect(heading(ben, "Nothing has reached you yet")).to_be_visible()
    owner.press("Help Ben Okafor")
    dialog = owner.page.get_by_role("dialog", name="Ben Okafor")
    owner.press("Free their seat", within=dialog)
    owner.press("Free the seat", within=owner.page.get_by_role("dialog", name="Free the seat of Ben Okafor?"))
    expect(ben.page.get_by_text("open the link that you were sent")).to_be_visible()
