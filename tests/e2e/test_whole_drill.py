"""A team goes through a whole drill with the pages alone, from the owner's link to the downloaded folder."""

import json
import re
import subprocess
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Locator, expect

from simulator import events as ev
from simulator.log import DrillLog
from simulator.texts import read_texts
from tests.e2e.answer_key import keys_in, known_to, leaks, secrets
from tests.e2e.seats import ENVIRONMENT, PROGRAM, Seat, Seats

ANA, BEN, CHLOE = "Ana Ruiz", "Ben Okafor", "Chloe Lindqvist"
FIRST_WORD = (
    "Many of you cannot send us a repair request just now, since the photo is not taken. Please telephone us until it "
    "works again; we are looking for the reason."
)
LAST_WORD = (
    "Your repair requests and their photos arrive again. What you sent before has not reached us: please send it once "
    "more."
)


WHAT_WE_LEARNT = "Send a photo through a browser once a minute, as a check"


class Shown(NamedTuple):
    """What the score screen showed."""

    score: int
    parts: dict[str, int | None]


def test_a_team_plays_a_severity_1_from_the_one_link_to_the_score(seats: Seats, tmp_path: Path) -> None:
    owner, ana, ben, chloe = _come_in(seats)
    _warm_up(chloe)
    _start(owner, [ana, ben, chloe])
    _gather(ana, ben, chloe)
    _hand_over(chloe, ben)
    _hand_over(ben, chloe)
    _hear_aloud(ana, ben)
    _tell_customers(owner, ana, chloe)
    _look_and_mend(owner, ana, ben)
    _answer(ana, ben, chloe)
    _resolve(owner, ana, chloe)
    _write_the_papers(ana)
    _guess(ana, ben, chloe)
    revealed = time.time()
    _reveal(owner, [ana, ben, chloe])
    _agree_what_changes(ana, ben)
    before = time.time()
    shown = _see_the_score(owner, [ana, ben, chloe])
    folder = _download(owner, tmp_path)
    _read_report(chloe)
    _close(owner, ben)

    log = DrillLog.read((folder / "log.jsonl").read_bytes(), read_texts((folder / "texts.json").read_bytes()))
    scored = _score(folder / "log.jsonl")
    assert scored == json.loads((folder / "scorecard.json").read_bytes())
    assert shown.score == pytest.approx(scored["score"], abs=0.5)
    assert scored["score"] >= 80
    assert list(shown.parts.values()) == [
        None if part["score"] is None else pytest.approx(part["score"], abs=0.5)
        for part in scored["components"].values()
    ]
    _customers_answered_within_a_minute(log)
    _was_told(owner, log, revealed, before)
    ids = {name: who for who, name in json.loads((folder / "people.json").read_bytes())["names"].items()}
    for seat, name in ((ana, ANA), (ben, BEN), (chloe, CHLOE)):
        _knew_nothing_too_soon(seat, ids[name], log, revealed, before)
    for seat in (owner, ana, ben, chloe):
        assert not seat.wrong, (seat.name, seat.wrong)


def _come_in(seats: Seats) -> tuple[Seat, Seat, Seat, Seat]:
    owner = seats.owner()
    owner.page.get_by_role("link", name="Start the first drill").click()
    owner.page.get_by_label("Which incident?").select_option("no-photos")
    owner.page.get_by_label("Who plays?").fill("\n".join([ANA, f"{BEN}, ben@example.com", CHLOE]))
    expect(owner.page.get_by_text("3 people")).to_be_visible()
    owner.page.get_by_text("More", exact=True).click()
    owner.page.get_by_label("Seed").fill("7")
    owner.press("Open the room")
    owner.page.get_by_label("Your name").fill("Olga Sørensen")
    owner.press("Continue")
    expect(owner.page.get_by_role("heading", name="The room is open")).to_be_visible()
    link = owner.page.get_by_role("textbox", name="The link").input_value()
    expect(owner.page.get_by_role("img", name="QR code of the link")).to_be_visible()
    players: list[Seat] = []
    for name in (ANA, BEN, CHLOE):
        seat = seats.at(name, link, reduced_motion="no-preference" if name == ANA else "reduce")
        seat.context.grant_permissions(["clipboard-read", "clipboard-write"])
        seat.press(name, exact=False)
        expect(seat.page.get_by_text("Waiting to be let in")).to_be_visible()
        players.append(seat)
    for seat in players:
        owner.press(f"Let in {seat.name}")
    for seat in players:
        expect(seat.page.get_by_role("heading", name=f"You are in, {seat.name}")).to_be_visible()
    expect(owner.page.get_by_text("3 of 3")).to_be_visible()
    ana, ben, chloe = players
    return owner, ana, ben, chloe


def _warm_up(seat: Seat) -> None:
    """Four moves on a toy incident; nothing of it reaches the server."""
    asked: list[str] = []
    seat.page.on("request", lambda request: asked.append(request.url))
    seat.press("Warm up")
    seat.press("Acknowledge")
    seat.press("Communications")
    seat.page.get_by_label("Your message").fill("/log pulled the plug")
    seat.press("Post")
    seat.page.get_by_label("What they should know").fill("Coffee is tea at the moment.")
    seat.page.get_by_label("Next word").select_option("in 20 minutes")
    seat.press("Publish")
    expect(seat.page.get_by_text("We will drink tea until")).to_be_visible()
    assert not [url for url in asked if "/api/" in url and not url.endswith("/lobby")]


def _start(owner: Seat, players: list[Seat]) -> None:
    owner.press("Start the drill")
    expect(owner.page.get_by_role("heading", name="Needs you now")).to_be_visible()
    for seat in players:
        expect(seat.page.locator("#clock")).to_be_visible()


def _gather(ana: Seat, ben: Seat, chloe: Seat) -> None:
    """The report, the alert, the channel, the roles: by buttons, by forms, and by what one types."""
    for seat in (ben, chloe):
        expect(seat.page.get_by_role("heading", name="Nothing has reached you yet")).to_be_visible()
    ana.reads("Nobody can report a repair any more.", within="#calls")
    ana.press("Acknowledge")
    ana.press("Declare")
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Severity 1").check()
    ana.press("Declare", within=dialog)
    expect(ana.page.locator("#status-severity")).to_have_text("Severity 1, Critical")
    ana.press("Alert the team")
    expect(dialog.get_by_label("Severity")).to_have_value("1")
    dialog.get_by_label("Topic").fill("repair requests")
    ana.press("Alert everybody", within=dialog)
    expect(dialog).to_have_count(0)

    ben.reads("Severity 1, Critical: repair requests", within="#calls")
    ben.press("Acknowledge")
    ben.press("Come into #SitRep")
    chloe.reads(f"{ANA} alerts the team", within="#calls")
    chloe.say("/ack")
    _complete(chloe, "/jo", "/join ")
    ana.press("Come into #SitRep")
    expect(ana.page.locator("#people").get_by_text("3 of 3 in #SitRep")).to_be_visible()
    ana.press("Restate")
    ana.press("Restate", within=dialog)
    for seat, role in ((ana, "Incident Commander"), (ben, "Solutioneer"), (chloe, "Communications")):
        seat.press(f"Take {role}")
        expect(seat.button(f"Release {role}")).to_be_visible()
    for seat in (ana, ben, chloe):
        expect(seat.page.locator("#status-command")).to_contain_text(re.compile(rf"{ANA}\s*commands"))
    ana.say("Three of us are here; Ben looks, Chloe tells customers", "Log entry")
    chloe.reads("Three of us are here; Ben looks, Chloe tells customers")


def _complete(seat: Seat, begun: str, whole: str) -> None:
    """Type the beginning of an act, take what is offered, and send it."""
    line = seat.page.get_by_role("combobox", name="Write to the channel")
    line.press_sequentially(begun)
    expect(seat.page.get_by_role("option", name=whole.strip())).to_be_visible()
    line.press("Tab")
    expect(line).to_have_value(whole)
    line.press("Enter")
    expect(line).to_have_value("")


def _hand_over(giver: Seat, taker: Seat) -> None:
    """A role goes from one to the other when it is accepted."""
    giver.press("Hand over Communications")
    dialog = giver.page.get_by_role("dialog")
    to = dialog.get_by_label("To", exact=True)
    to.select_option(to.locator("option").filter(has_text=taker.name).get_attribute("value"))
    giver.press("Offer it", within=dialog)
    taker.press("Accept", within=taker.page.locator("#calls"))
    expect(taker.button("Release Communications")).to_be_visible()
    expect(giver.button("Release Communications")).to_have_count(0)


def _hear_aloud(listener: Seat, speaker: Seat) -> None:
    """What was said aloud counts when the speaker agrees."""
    listener.say("/heard ben /log I have changed nothing yet")
    speaker.press("Yes, I said that")
    listener.reads("I have changed nothing yet", within="#log [data-kind=EntryLogged]")


def _tell_customers(owner: Seat, ana: Seat, chloe: Seat) -> None:
    """A draft, what the desk advises, the commander's agreement, and what customers answer."""
    panel = chloe.tab("Customers")
    wrote = _customers(chloe)
    _skip_until(owner, wrote)
    text = panel.get_by_label("What they will read")
    text.fill("We look into it in #SitRep.")
    expect(panel.get_by_text("is a name that only we use")).to_be_visible()
    text.fill(FIRST_WORD)
    panel.get_by_label("The next message comes").select_option("in 20 minutes")
    expect(panel.get_by_text("is a name that only we use")).to_have_count(0)
    expect(panel.locator(".status-page")).to_contain_text(FIRST_WORD)
    chloe.press("Send for approval", within=panel)
    ana.reads(FIRST_WORD, within="#calls")
    ana.press("Approve", within=ana.page.locator("#calls"))
    chloe.press("Publish, as approved", within=panel)
    expect(panel.locator(".page-entry:not(.is-draft)")).to_contain_text(FIRST_WORD)
    expect(panel.get_by_text("Next message promised for")).to_be_visible()
    for seat in (ana, chloe):
        expect(seat.page.locator("#status-waiting")).to_contain_text("customers waiting")
    chloe.press("Copy the last message", within=panel)
    assert chloe.page.evaluate("navigator.clipboard.readText()") == f"DRILL: {FIRST_WORD}"
    _skip_until(owner, wrote.nth(wrote.count()))


def _customers(seat: Seat) -> Locator:
    """What customers have written, at the Communications desk."""
    return seat.page.locator("#panel-customers .mail").filter(has=seat.page.locator("use[href$='#customer']"))


def _skip_until(owner: Seat, seen: Locator) -> None:
    """Let the facilitator skip ahead until something is seen."""
    skipped = owner.page.locator("#log [data-kind=TimeSkipped]")
    for _ in range(40):
        if seen.first.is_visible():
            return
        count = skipped.count()
        owner.press("Skip ahead")
        sure = owner.button("Skip ahead", within=owner.page.get_by_role("dialog"))
        expect(sure.or_(skipped.nth(count))).to_be_visible()
        if sure.is_visible():
            sure.click()
        expect(skipped).to_have_count(count + 1)
        with suppress(AssertionError):
            expect(seen.first).to_be_visible(timeout=500)
    raise AssertionError("it did not come")


def _look_and_mend(owner: Seat, ana: Seat, ben: Seat) -> None:
    """Looks in somebody's own words, a task for somebody, a question to the facilitator, and the cure."""
    work = ben.tab("Work")
    work.get_by_label("Do", exact=True).fill("watch a customer try it, with the browser console open")
    ben.press("Do it", within=work)
    expect(work.get_by_text("You are at it:")).to_be_visible()
    ana.press("Delegate")
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_label("Who?").select_option(label=f"{BEN}, Solutioneer")
    dialog.get_by_label("What should they do?").fill("Find out whom the storage lets in")
    ana.press("Ask them", within=dialog)
    ben.reads("Find out whom the storage lets in", within="#panel-work")
    work.get_by_label("Ask", exact=True).fill("does anybody hear the ocean?")
    ben.press("Ask", within=work)
    question = owner.page.locator("#needs li").filter(has_text="does anybody hear the ocean?")
    owner.press("Normal", within=question)
    ben.reads("That looks normal.", within="#panel-work")
    _skip_until(owner, work.get_by_text("has been blocked by CORS"))

    work.get_by_label("Do", exact=True).fill("read the settings of the file storage")
    work.get_by_label("Do", exact=True).press("Enter")
    _skip_until(owner, work.get_by_text("AllowedOrigins"))
    ben.press("Done: Find out whom the storage lets in", within=work)
    ben.say("/log The storage refuses the new address; we add it to its list")
    ana.reads("The storage refuses the new address; we add it to its list")

    owner.page.get_by_label("A note").fill("They read before they changed anything")
    owner.press("Note")
    owner.press(f"Help {BEN}")
    dialog = owner.page.get_by_role("dialog")
    dialog.get_by_label("A hint, for nobody else").fill("You are near")
    owner.press("Send the hint", within=dialog)
    ben.reads("You are near", within="#calls")
    ben.press("Got it")

    ben.say("allow the new origin in what the file storage accepts", "Do")
    ana.reads("began: Change what the")
    books = ben.tab("Runbooks")
    books.locator("summary").first.click()
    books.get_by_role("checkbox").first.check()
    ana.reads("did step 1 of")
    _skip_until(owner, owner.page.locator("#impact").get_by_text("Ended"))


def _answer(ana: Seat, ben: Seat, chloe: Seat) -> None:
    """Who has a message answers it, each in their own inbox."""
    for seat, text in (
        (ana, "We know the cause, and are fixing it now. Let the vans wait ten minutes."),
        (ben, "It is not your release; thank you for offering."),
        (chloe, "Nothing has arrived. Ask them to telephone; we say so on the status page too."),
    ):
        inbox = seat.tab("Inbox")
        inbox.get_by_text("To answer").click()
        inbox.get_by_role("button", name="Reply to").first.click()
        inbox.get_by_role("textbox", name="Reply to").fill(text)
        seat.press("Send the reply", within=inbox)
        expect(inbox.get_by_role("textbox", name="Reply to")).to_have_count(0)
        inbox.get_by_text("All", exact=True).click()
        expect(inbox.get_by_text(text)).to_be_visible()
    ana.say("The storage takes photos again; customers are told next", "Internal update")


def _resolve(owner: Seat, ana: Seat, chloe: Seat) -> None:
    panel = chloe.tab("Customers")
    panel.get_by_label("What they will read").fill(LAST_WORD)
    panel.get_by_label("The next message comes").select_option("this is the last one")
    chloe.press("Send for approval", within=panel)
    ana.reads(LAST_WORD, within="#calls")
    ana.press("Approve", within=ana.page.locator("#calls"))
    chloe.press("Publish, as approved", within=panel)
    expect(panel.locator(".status-page-state")).to_have_text("Resolved")
    wrote = _customers(chloe)
    _skip_until(owner, wrote.nth(wrote.count()))
    ana.press("Resolve")
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_label("What fixed it?").fill("The new address stands in the list of the storage")
    ana.press("Declare it resolved", within=dialog)
    for seat in (ana, chloe):
        expect(seat.page.get_by_text("The incident is resolved.")).to_be_visible()


def _write_the_papers(ana: Seat) -> None:
    """What the log knows stands there; the rest is written, sent and attached. With the last of it the papers end."""
    panel = ana.page.locator("#panel-papers")
    expect(panel.get_by_text(f"Incident Commander: {ANA}")).to_be_visible()
    panel.get_by_label("What was the solution?").fill(
        "The site's new address was added to those that the storage accepts."
    )
    panel.get_by_label("Who was impacted?").fill("Those who reported a repair in a browser.")
    panel.get_by_label("How were they impacted?").fill("No photo went up, so that no request was sent.")
    ana.press("File the situation report")
    ana.press("Send it to the stakeholders")
    ana.press("Attach it in #SitRep")


def _guess(ana: Seat, ben: Seat, chloe: Seat) -> None:
    for seat, keys in ((ana, ["ArrowLeft"]), (ben, ["Home"]), (chloe, ["End", "PageDown"])):
        expect(seat.page.get_by_role("heading", name="Before anybody says a number")).to_be_visible()
        seat.page.get_by_label("What surprised you?").fill(f"{seat.name} was surprised")
        for asks in ("When did customers first hear from you?", "When was somebody in command?"):
            slider = seat.page.get_by_role("slider", name=asks)
            for key in keys:
                slider.press(key)
        seat.press("Keep my guess")
        expect(seat.page.get_by_text("Kept. You can still change it")).to_be_visible()


def _reveal(owner: Seat, players: list[Seat]) -> None:
    """The truth comes to every browser at once; then the log can be walked."""
    expect(owner.page.get_by_text("3 have written theirs.")).to_be_visible()
    owner.agree("Show what happened")
    for seat in players:
        expect(seat.page.locator("#verdicts .verdict-time")).to_have_count(2)
        expect(seat.page.locator("#moments button")).to_have_count(3)
        expect(seat.page.locator(".guess-dot")).to_have_count(6)
        expect(seat.page.locator(".guess-dot.mine")).to_have_count(2)
    walked = players[1].page
    slider = walked.get_by_role("slider", name="The moment of the drill")
    slider.press("Home")
    expect(walked.locator("#moment")).to_contain_text("Nobody")
    slider.press("End")
    expect(walked.locator("#moment")).to_contain_text(ANA)
    walked.locator("#moments button").first.click()
    expect(walked.locator("#moments button").first).to_have_attribute("aria-pressed", "true")


def _agree_what_changes(ana: Seat, ben: Seat) -> None:
    ana.page.get_by_label("A corrective action").fill(WHAT_WE_LEARNT)
    ana.page.get_by_label("Owner").select_option(BEN)
    ana.page.get_by_label("Due").fill("2030-01-31")
    ana.press("Enter it")
    ben.reads(WHAT_WE_LEARNT, within="#actions")
    ben.page.get_by_text("The post-mortem", exact=True).click()
    ben.page.get_by_label("What we learned").fill("An address stands in more lists than one thinks.")
    ben.press("File the post-mortem")
    expect(ben.page.get_by_text("Filed and attached.")).to_be_visible()


def _see_the_score(owner: Seat, players: list[Seat]) -> Shown:
    """Everybody sees the same, and everybody their own ledger."""
    owner.press("Show what it was worth")
    shown = [_shown_to(seat) for seat in (owner, *players)]
    assert all(one == shown[0] for one in shown)
    for seat in players:
        own = seat.page.locator("details.own")
        own.locator("summary").click()
        expect(own.locator("ul, summary + p")).to_be_visible()
    expect(owner.page.locator("details.own")).to_have_count(0)
    return shown[0]


def _shown_to(seat: Seat) -> Shown:
    number = seat.page.locator(".hero-number")
    expect(number).to_be_visible()
    titles = seat.page.locator(".part .part-title").all_inner_texts()
    scores = seat.page.locator(".part .part-score").all_inner_texts()
    parts = {title: int(said) if said.isdigit() else None for title, said in zip(titles, scores, strict=True)}
    return Shown(int(number.inner_text()), parts)


def _download(seat: Seat, tmp_path: Path) -> Path:
    """The folder, as a file whose name says that it is a drill's. Only the owner may have it."""
    with seat.page.expect_download() as downloading:
        seat.page.get_by_role("link", name="Download the folder").click()
    assert downloading.value.suggested_filename.startswith("DRILL-")
    archive = tmp_path / "folder.zip"
    downloading.value.save_as(archive)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path)
    (log,) = tmp_path.rglob("log.jsonl")
    return log.parent


def _read_report(seat: Seat) -> None:
    expect(seat.page.get_by_role("link", name="Download the folder")).to_have_count(0)
    seat.page.get_by_role("link", name="Read the report").click()
    expect(seat.page.get_by_text(WHAT_WE_LEARNT).first).to_be_visible()
    expect(seat.page.get_by_text(re.compile("drill", re.IGNORECASE)).first).to_be_visible()


def _close(owner: Seat, ben: Seat) -> None:
    """The exercise ends, the follow-up is closed, and home says what is left to do."""
    if owner.button("Close the exercise").is_visible():  # it may have come to its end meanwhile
        owner.agree("Close the exercise")
    owner.agree("Close the follow-up")
    for seat in (owner, ben):
        expect(seat.page.locator(".hero-score")).not_to_contain_text("until the follow-up is closed")
    owner.page.goto("/")
    expect(owner.page.get_by_role("region", name="Done").get_by_role("link")).to_have_count(1)
    expect(owner.page.get_by_role("region", name="Open follow-ups")).to_contain_text(WHAT_WE_LEARNT)


def _score(log: Path) -> dict[str, Any]:
    """What `drillroom score` makes of a log."""
    found = subprocess.run([*PROGRAM, "score", str(log), "--json"], env=ENVIRONMENT, capture_output=True, check=True)
    scored: dict[str, Any] = json.loads(found.stdout)
    return scored


def _customers_answered_within_a_minute(log: DrillLog) -> None:
    told = [event for event in log.events if isinstance(event, ev.MessagePublished)]
    wrote = [event for event in log.events if isinstance(event, ev.CustomerWrote)]
    assert [event.text for event in told] == [FIRST_WORD, LAST_WORD]
    for message, mood in zip(told, ("reassured", "mended"), strict=True):
        assert any(message.at < event.at <= message.at + 60_000 and event.mood == mood for event in wrote)


def _was_told(owner: Seat, log: DrillLog, revealed: float, before: float) -> None:
    """The facilitator has received the answer key: the search does find what is there."""
    received = owner.line.before(before).decode("utf-8", "replace")
    assert len(keys_in(received)) > 5
    for secret in secrets(log, "nobody", revealed):
        if secret.text and not secret.what.startswith("the label"):
            assert leaks(received, secret, ""), secret


def _knew_nothing_too_soon(seat: Seat, member: str, log: DrillLog, revealed: float, before: float) -> None:
    """Every byte that a player's browser received before the score is searched for the answer key."""
    received = seat.line.before(before).decode("utf-8", "replace")
    assert FIRST_WORD in received
    assert not keys_in(received)
    assert f'"{log.plan.scenario.scenario}"' not in received
    for secret in secrets(log, member, revealed):
        until = before if secret.until is None else min(secret.until, before)
        had = seat.line.before(until).decode("utf-8", "replace")
        assert not leaks(had, secret, known_to(log, member, until, revealed)), (seat.name, secret)
