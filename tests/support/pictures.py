"""The README's pictures: pages of a real drill in a real browser, in light and dark, by `make docs`.

Four people play it through the API of a server that runs here; what they see is what Chromium shows.
"""

import io
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.drills.server import Place, serving
from tests.e2e.prepared import Drill, gathered

_THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_SIZE = ViewportSize(width=1280, height=800)
_SECOND, _MINUTE = 1_000, 60_000
_COLOURS = 128
"""Enough for pages that are all but flat, at a third of the bytes."""


def take(browser: Browser, out: Path) -> None:
    """Play the drill and write the pictures of it into a folder."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as place:
        drill = _up_to_the_cause(place)
        _shoot(browser, place, drill, out / "room")
        _to_the_score(place, drill)
        _shoot(browser, place, drill, out / "hot-wash")


def _up_to_the_cause(place: Place) -> Drill:
    drill = gathered(place, place.owner())
    _passes(place, drill, 20 * _SECOND)
    drill.dana.does(drill.id, "/ack", "/join")
    _passes(place, drill, 15 * _SECOND)
    drill.ana.does(drill.id, "/restate 1 repair requests", "/update We look at the release of this morning first")
    _passes(place, drill, 10 * _SECOND)
    drill.ben.does(drill.id, "/log Watching a customer try it", "/do watch a browser")
    _passes(place, drill, _MINUTE)
    text = (
        "Many of you cannot send us a repair request just now, since the photo is not taken. Please telephone us until "
        "it works again; we are looking for the reason."
    )
    drill.chloe.does(drill.id, f"/publish {text} next 15m")
    _passes(place, drill, 25 * _SECOND)
    drill.dana.does(drill.id, "/do read the settings of the storage")
    _passes(place, drill, 2 * _MINUTE)
    drill.ben.does(drill.id, "/log The browser refuses: the storage does not know the new address")
    _passes(place, drill, 20 * _SECOND)
    drill.ana.does(drill.id, "/update The cause is found; Ben changes what the storage accepts")
    _passes(place, drill, 10 * _SECOND)
    drill.dana.does(drill.id, "Who tells dispatch?")
    return drill


def _passes(place: Place, drill: Drill, milliseconds: int) -> None:
    """Let so much time pass, by the clock on the wall too."""
    clock = place.live(drill.id).clock
    before = clock.instant
    clock.instant = lambda: before() + timedelta(milliseconds=milliseconds)
    place.ahead(drill.id, milliseconds)


def _to_the_score(place: Place, drill: Drill) -> None:
    drill.ben.does(drill.id, "/do change what the storage accepts")
    _passes(place, drill, 2 * _MINUTE)
    drill.ben.does(drill.id, "/log Photos arrive; three requests tried")
    drill.chloe.does(drill.id, "/publish Photos arrive again. What you sent before, please send once more. next none")
    _passes(place, drill, _MINUTE)
    drill.ana.does(drill.id, "/resolve")
    drill.ana.does(drill.id, "/sitrep solution=The new address is on the list who=Tenants how=No photos", "/email")
    drill.ana.does(drill.id, "/attach")
    for number, client in enumerate((drill.ana, drill.ben, drill.chloe, drill.dana)):
        guess = {"surprise": "How soon customers called", "heard": 40_000 * number + 90_000, "command": 30_000}
        assert client.post(f"/api/drills/{drill.id}/wash", json=guess).status_code == 200
    for screen in ("reveal", "score"):
        assert drill.owner.post(f"/api/drills/{drill.id}/screen", json={"screen": screen}).status_code == 200


def _shoot(browser: Browser, place: Place, drill: Drill, out: Path) -> None:
    for theme in _THEMES:
        context = browser.new_context(viewport=_SIZE, color_scheme=theme, reduced_motion="reduce", locale="en-GB")
        context.add_cookies(
            [{"name": name, "value": value, "url": place.base} for name, value in drill.ana.cookies.items()]
        )
        page = context.new_page()
        page.goto(place.base + drill.path)
        page.wait_for_timeout(1500)  # the first events come by a stream, and the pictures are drawn when they are there
        picture = Image.open(io.BytesIO(page.screenshot()))
        picture.convert("RGB").quantize(_COLOURS).save(out.with_name(f"{out.name}-{theme}.png"), optimize=True)
        context.close()


if __name__ == "__main__":
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("the pictures need Chromium; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        take(browser, Path(sys.argv[1]))
        browser.close()
