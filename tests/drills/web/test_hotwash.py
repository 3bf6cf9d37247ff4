"""The talk shows to everybody what messages asked to discuss, and lets staff judge what no log can show."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.template import new_workspace
from simulator import events as ev
from tests.drills.server import Browser, Place, serving

ASKED = "Who may stop a campaign?"
JUDGED = "Names who decides"
NOT_COME = "What if nobody is there?"
INJECTS = f"""
injects:
  - id: mail
    at: 1m
    to: first_responder
    from: Marketing
    text: Does it go out?
    expects: [{{judged: {JUDGED}}}, {{question: "{ASKED}"}}]
  - {{id: late, at: 19m, to: everyone, text: Too late., expects: {{question: "{NOT_COME}"}}}}
"""


@pytest.fixture
def place(here: Path) -> Iterator[Place]:
    for name, text in new_workspace().items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    story = here / "scenarios" / "first-drill.yaml"
    story.write_text(story.read_text().replace("\ninjects:\n", INJECTS, 1))
    with serving(here) as made:
        yield made


def show(owner: Browser, drill: str, screen: str) -> None:
    assert owner.post(f"/api/drills/{drill}/screen", json={"screen": screen}).status_code == 200


def test_questions_come_again_for_all_and_what_is_judged_can_be_judged_until_the_close(place: Place) -> None:
    owner = place.owner()
    drill = place.make(owner, scenario="first-drill")
    owner.start(drill)
    ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
    judge, watcher = (place.watcher(owner, drill, seat) for seat in ("evaluator", "observer"))
    place.ahead(drill, 120_000)
    owner.does(drill, "/end", "/end")
    everybody = (owner, judge, watcher, ana, ben)
    assert [one.data(drill, "/wash")["asked"] for one in everybody] == [[]] * 5, "not while people remember"
    show(owner, drill, "reveal")
    (number,) = [event.number for event in place.live(drill).events if isinstance(event, ev.InjectDelivered)]
    for one in everybody:
        assert one.data(drill, "/wash")["asked"] == [{"number": number, "sender": "Marketing", "text": ASKED}]
        text = one.get(f"/d/{drill}").text
        assert (ASKED in text, NOT_COME in text) == (True, one in (owner, judge))
        assert ('id="judging"' in text) == (JUDGED in text) == (one in (owner, judge))
    assert judge.act(drill, {"do": "judge", "number": number, "mark": "partly", "expected": 1}).status_code == 200
    assert owner.act(drill, {"do": "judge", "number": number, "mark": "done", "expected": 1}).status_code == 200
    for one in (ana, watcher):
        assert one.act(drill, {"do": "judge", "number": number, "mark": "not", "expected": 1}).status_code in (403, 409)
    owner.does(drill, "/end", "/follow-up-done")
    late = owner.act(drill, {"do": "judge", "number": number, "mark": "not", "expected": 1})
    assert late.status_code == 409, "the page offers nothing that is refused"
