"""The basis of the tests in a browser: a server as a process of its own, and people at browsers."""

import os
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, Response, expect

from drills.web.sessions import COOKIE
from tests.drills.forked import PROGRAM, ROOT, Forked
from tests.drills.server import Browser as Client
from tests.e2e.line import Line
from tests.support.extent import FULL

__all__ = ["ENVIRONMENT", "PROGRAM", "ROOT", "Address", "Seat", "Seats", "Serving", "entries"]

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
PATIENCE = 20_000
"""Milliseconds that something may take to be seen on a machine that is busy."""
_READY = 30.0
"""Seconds that a server may take to say its link."""


class Address(NamedTuple):
    """Where a server is, and the owner's link."""

    base: str
    link: str


class Serving:
    """`drillroom serve` as a process of its own, as its owner sees it."""

    def __init__(self, database: Path, port: int = 0) -> None:
        self.database = database
        self._errors = _log_beside(database).open("ab")
        self._process: subprocess.Popen[str] = Forked(
            ["serve", "--port", str(port), "--database", str(database)],
            cwd=database.parent,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self.link = self._said()
        """The owner's link."""
        self.base = self.link.partition("/join/")[0]
        self.port = int(self.base.rpartition(":")[2])

    def _said(self) -> str:
        assert self._process.stdout is not None
        late = threading.Timer(_READY, self._process.kill)
        late.start()
        try:
            for line in self._process.stdout:
                if "/join/" in line:
                    return line.strip()
        finally:
            late.cancel()
        self.kill()
        raise AssertionError(f"the server did not start:\n{self.log}")

    @property
    def log(self) -> str:
        """What all servers on this database have written on standard error."""
        return _log_beside(self.database).read_text(encoding="utf-8")

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._process.kill()
        self._end()

    def stop(self) -> None:
        """Ask it to end, as its owner would."""
        self._process.send_signal(signal.SIGTERM)
        self._end()

    def _end(self) -> None:
        try:
            self._process.wait(20)
        finally:
            self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._errors.close()


def _log_beside(database: Path) -> Path:
    return database.with_suffix(".log")


class Seat:
    """Somebody at a browser: a page, what it says on its console, and all that the browser receives."""

    def __init__(self, name: str, base: str, context: BrowserContext, line: Line) -> None:
        self.name = name
        self.base = base
        self.context = context
        self.line = line
        self.wrong: list[str] = []
        """Errors on the console, and answers that no page should get."""
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))
        context.on("response", self._on_response)
        self.page: Page = context.new_page()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status} of {response.url}")

    # -- who sits there ------------------------------------------------------------------------------------------------

    def comes_in(self, client: Client) -> None:
        """From now on it is who has come in with another client."""
        self.wrong.clear()
        if client.cookie:
            self.context.add_cookies([{"name": COOKIE, "value": client.cookie, "url": self.base}])

    def goes(self) -> None:
        """Nothing is left of who sat here, as in a browser that is new."""
        self.page.goto("about:blank")
        self.context.clear_cookies()
        session = self.context.new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", {"origin": self.base, "storageTypes": "all"})
        session.detach()
        self.wrong.clear()

    # -- what people do ------------------------------------------------------------------------------------------------

    def button(self, name: str, *, within: Locator | None = None, exact: bool = True) -> Locator:
        """A button by what it says."""
        return (within or self.page).get_by_role("button", name=name, exact=exact)

    def press(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Press a button."""
        self.button(name, within=within, exact=exact).click()

    def agree(self, name: str) -> None:
        """Press a button, and again the one of that name in the dialog that asks."""
        self.press(name)
        self.press(name, within=self.page.get_by_role("dialog"))

    def tab(self, name: str) -> Locator:
        """Open one of the room's tabs; its panel."""
        tab = self.page.get_by_role("tab", name=name)
        tab.click()
        return self.page.locator(f"#{tab.get_attribute('aria-controls')}")

    def say(self, text: str, kind: str = "Message") -> None:
        """Write a line to the channel."""
        if kind != "Message":
            self.page.get_by_label("Write as").select_option(kind)
        line = self.page.get_by_role("combobox", name="Write to the channel")
        line.fill(text)
        line.press("Enter")
        expect(line).to_have_value("")

    def reads(self, text: str, *, within: str = "#log") -> Locator:
        """Wait until something stands on the page."""
        found = self.page.locator(within).get_by_text(text)
        expect(found.first).to_be_visible()
        return found


class Seats:
    """A browser, a server's address, and those who have sat down."""

    def __init__(self, browser: Browser, base: str, link: str) -> None:
        self.browser = browser
        self.base = base
        self.link = link
        """The owner's link."""
        self.taken: list[Seat] = []

    def take(self, name: str, client: Client | None = None, **how: Any) -> Seat:  # noqa: ANN401 - a context's options
        """Somebody who sits down at a browser of their own; where `client` has come in already, as the same.

        Every day nothing moves for them unless a test asks for it: what pulses is drawn sixty times a second.
        """
        how.setdefault("reduced_motion", "no-preference" if FULL else "reduce")
        line = Line(int(self.base.rpartition(":")[2]))
        context = self.browser.new_context(base_url=self.base, proxy={"server": line.address}, **how)
        context.set_default_timeout(PATIENCE)
        seat = Seat(name, self.base, context, line)
        if client is not None:
            seat.comes_in(client)
        self.taken.append(seat)
        return seat

    def at(self, name: str, path: str, client: Client | None = None, **how: Any) -> Seat:  # noqa: ANN401
        """As `take`, at a page."""
        seat = self.take(name, client, **how)
        seat.page.goto(path)
        return seat

    def owner(self, **how: Any) -> Seat:  # noqa: ANN401 - a context's options
        """The owner, with the link that the server printed."""
        return self.at("The owner", self.link, **how)

    def named_owner(self) -> Seat:
        """The owner, who has said who they are."""
        seat = self.owner()
        seat.page.goto("/me")
        seat.page.get_by_label("Your name").fill("Olga Sørensen")
        seat.press("Continue")
        expect(seat.page).to_have_url(f"{self.base}/")
        return seat

    def picture(self, folder: Path) -> None:
        """Take a picture of what everybody sees."""
        for seat in self.taken:
            for number, page in enumerate(seat.context.pages):
                file = folder / f"{seat.name} {number}.png"
                with suppress(Error):
                    page.screenshot(path=file)
                    print(f"{file}: {page.url}", *seat.wrong, sep="\n  ")  # noqa: T201 - for the one who fixes it

    def leave(self) -> None:
        """All go home."""
        for seat in self.taken:
            seat.context.close()
            seat.line.close()
        self.taken.clear()


def entries(page: Page, text: str) -> Locator:
    """The entries of the log that say something."""
    return page.locator("#log > li").filter(has_text=text)
