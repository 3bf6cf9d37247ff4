r"""A real server for tests: in a thread, on a free port, with a temporary database; and browsers that come in by links.

with serving(tmp_path) as place:
    owner = place.owner()
    drill = place.make(owner, scenario="login-outage", people="Ana\nBen")
    ana = place.player(owner, drill, "ana")
    owner.start(drill)
    ana.say(drill, "/ack")
"""

import asyncio
import contextlib
import html
import io
import json
import re
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from drills.live.drill import LiveDrill
from drills.live.rooms import Room
from drills.records.database import url_of
from drills.records.server_address import glance
from drills.records.store import Store
from drills.settings import Settings
from drills.web.process import serve
from drills.web.server import Server
from drills.web.sessions import COOKIE
from tests.support.databases import database_at
from tests.support.known_people import know

__all__ = ["Browser", "Place", "block", "known_people", "serving"]

Answer = TypeVar("Answer")
_WAIT = 20.0


class Browser(httpx.Client):
    """A browser: it keeps its cookie, and says that it is one of our pages."""

    def __init__(self, base: str) -> None:
        super().__init__(
            base_url=base,
            headers={"X-Drillroom": "1"},
            timeout=_WAIT,
            follow_redirects=False,
            verify=False,
        )
        self._acts = 0

    @property
    def cookie(self) -> str:
        """The value of its cookie, if it has one."""
        return self.cookies.get(COOKIE) or ""

    def open(self, link: str) -> httpx.Response:
        """Open a link as somebody would who clicks on it: every redirect is followed."""
        return self.get(link, follow_redirects=True)

    def act(self, drill: str, act: dict[str, Any], act_id: str | None = None) -> httpx.Response:
        """Act."""
        self._acts += 1
        body = {"id": act_id or f"{id(self)}-{self._acts}", "act": act}
        return self.post(f"/api/drills/{drill}/acts", json=body)

    def say(self, drill: str, text: str, act_id: str | None = None) -> httpx.Response:
        """Type something."""
        self._acts += 1
        body = {"id": act_id or f"{id(self)}-{self._acts}", "say": text}
        return self.post(f"/api/drills/{drill}/acts", json=body)

    def does(self, drill: str, *said: str) -> None:
        """Type several things, all of which must be taken."""
        for text in said:
            answer = self.say(drill, text)
            assert answer.status_code == 200, (text, answer.status_code, answer.text)

    def start(self, drill: str) -> None:
        """Begin a drill."""
        answer = self.post(f"/api/drills/{drill}/start")
        assert answer.status_code == 200, answer.text

    def data(self, drill: str, path: str = "") -> Any:  # noqa: ANN401 - JSON
        """What the API says of a drill."""
        answer = self.get(f"/api/drills/{drill}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass
class Place:
    """A server that runs, and what tests need of it."""

    server: Server
    base: str
    """Where it can be reached, whatever its public address."""
    owner_link: str
    log: io.StringIO
    """What it has logged."""
    loop: asyncio.AbstractEventLoop
    browsers: list[Browser] = field(default_factory=list)

    def browser(self) -> Browser:
        """A browser that has no cookie yet."""
        made = Browser(self.base)
        self.browsers.append(made)
        return made

    def here(self, link: str) -> str:
        """A link as it can be opened from here: without the public address in front."""
        parts = urlsplit(link)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def owner(self) -> Browser:
        """A browser of somebody who runs drills."""
        made = self.browser()
        assert made.get(self.here(self.owner_link)).status_code == 303
        assert made.post("/me/name", data={"name": "Olga Sørensen"}).status_code == 303
        return made

    def make(self, owner: Browser, **form: str) -> str:
        """Make a drill; its id."""
        asked = {"scenario": "no-photos", "people": "Ana Ruiz\nBen Okafor\nChloe", "seed": "7"} | form
        answer = owner.post("/new", data=asked)
        assert answer.status_code == 303, _errors(answer.text)
        return answer.headers["location"].removeprefix("/d/")

    def player(self, owner: Browser, drill: str, member: str) -> Browser:
        """A browser that came in by a member's personal link."""
        links = {one["member"]: one["link"] for one in owner.data(drill, "/lobby")["personal"]}
        return self.entered(links[member])

    def watcher(self, owner: Browser, drill: str, role: str) -> Browser:
        """A browser that came in by the link for observers, evaluators or facilitators, and said who it is."""
        made = self.entered(owner.data(drill, "/lobby")[f"{role}_link"])
        assert made.post(f"/d/{drill}/name", data={"name": f"Wim {role.capitalize()}"}).status_code == 303
        return made

    def entered(self, link: str) -> Browser:
        """A browser that came in by a link."""
        made = self.browser()
        answer = made.get(self.here(link))
        assert answer.status_code == 303, answer.text
        return made

    # -- inside --------------------------------------------------------------------------------------------------------

    def run(self, doing: "Coroutine[Any, Any, Answer]") -> Answer:
        """Run something in the server's own loop."""
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(_WAIT)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that the server does by itself."""
        for _ in range(500):
            if holds():
                return
            self.run(asyncio.sleep(0.02))
        raise TimeoutError("it never came to hold")

    def room(self, drill: str) -> Room:
        """A drill's room."""
        return self.server.rooms[drill]

    def live(self, drill: str) -> LiveDrill:
        """A drill that has begun."""
        found = self.room(drill).live
        assert isinstance(found, LiveDrill)
        return found

    def ahead(self, drill: str, milliseconds: int) -> None:
        """Let drill time be so much later, as if it had passed."""

        async def move() -> None:
            live = self.live(drill)
            live.clock.set(live.at + milliseconds)
            live.look()
            for _ in range(500):
                await asyncio.sleep(0.01)
                due = live._driver.next_due()
                if due is None or due > live.clock.now:
                    return
            raise TimeoutError("what is due does not happen")

        self.run(move())

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it has logged, line by line. A line is written when its answer is on its way."""
        self.run(asyncio.sleep(0.05))
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@contextlib.contextmanager
def serving(folder: Path, *, offered: frozenset[str] = frozenset(), **settings: Any) -> Iterator[Place]:  # noqa: ANN401
    """A server on a database in a folder, on a free port."""
    database = database_at(folder / "drills.sqlite")
    if "database" not in settings and glance(url_of(database)) is None:
        known_people(database)
    wanted = Settings(**{"database": database, "host": "127.0.0.1", "port": 0, **settings})
    log = io.StringIO()
    begun: Future[Place] = Future()

    def ready(server: Server, link: str) -> None:
        base = f"http://127.0.0.1:{server.settings.port}"
        begun.set_result(Place(server, base, link, log, asyncio.get_running_loop()))

    def work() -> None:
        try:
            serve(wanted, ready, log=log, offered=offered)
        except BaseException as error:
            if begun.done():
                raise
            begun.set_exception(error)

    thread = threading.Thread(target=work, name="drillroom-server", daemon=True)
    thread.start()
    place = begun.result(_WAIT)
    try:
        yield place
    finally:
        for browser in place.browsers:
            browser.close()
        place.server.stop()
        thread.join(_WAIT)
        assert not thread.is_alive()


KNOWN = {
    "ana": ("Ana Ruiz", "Ana"),
    "ben": ("Ben Okafor", "Ben"),
    "chloe": ("Chloe", "Chloe Lindqvist"),
    "dana": ("Dana Whitfield-Oyelaran",),
}
"""People who are known in a test's database before it begins, by ids that can be read."""


def known_people(database: str) -> None:
    """Make the rows of those who play in tests, so that a test can name them."""
    store = Store(database)
    know(store, KNOWN).result(_WAIT)
    store.close()


def block(page: str, name: str) -> Any:  # noqa: ANN401 - JSON
    """The data block of a page, as a browser reads it."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found is not None, page[:500]
    return json.loads(found[1])


def _errors(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'class="error"[^>]*>(.*?)<', page)]
