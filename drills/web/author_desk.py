"""Authors' pages: made again when a file of the workspace is saved, with what a headless play found."""

import asyncio
from hashlib import sha256
from statistics import median
from typing import Any, NamedTuple

from drills.live.headless_player import HeadlessPlayer, Play
from drills.planning import catalogue
from drills.planning.author_view import Draft, draft, marked
from drills.planning.calibration.kept import known_for, library_mean
from drills.planning.headless_play import Findings, ProfileResult
from drills.planning.playability import warnings_in
from drills.planning.shelf import Snapshot
from drills.web.plan_picture import picture
from reports.calibration import in_short, told
from reports.format import spell
from scenarios.scenario import Scenario
from scoring.calibration.findings import findings as findings_of

__all__ = ["AuthorDesk", "AuthorPage"]

LOOK_EVERY = 0.02
"""Seconds between two looks at the files while somebody has an author's page open."""
LONGEST = 20.0
"""Seconds after which a browser that waits for news is told that there are none."""
_RARELY = 0.25
"""An inject that reaches fewer teams is named."""


class AuthorPage(NamedTuple):
    """What an author's page shows."""

    seen: str
    """Changes whenever anything else does."""
    data: dict[str, Any]


class AuthorDesk:
    """Knows each scenario whose author looks at it, and plays it headless."""

    def __init__(self) -> None:
        self.player = HeadlessPlayer(self._played)
        self._drafts: dict[str, tuple[Snapshot, Draft]] = {}
        """What was read last of each scenario, and how its files were then."""
        self._good: dict[str, dict[str, Any]] = {}
        """The picture of each scenario when it last could be played."""
        self._reading = asyncio.Lock()
        self._turns = 0
        """How often a play has begun or ended."""
        self._ending = False

    async def page(self, name: str) -> AuthorPage | None:
        """The page of a scenario as its files are now; None if there is none of that name."""
        found = await self._draft(name)
        return None if found is None else await asyncio.to_thread(self._made, found)

    async def news(self, name: str, seen: str) -> AuthorPage | None:
        """The page as soon as it is another than the one that was `seen`, or after a while; None if it is gone."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST
        while True:
            turns, found = self._turns, await self.page(name)
            if found is None or found.seen != seen or self._ending or loop.time() >= until:
                return found
            known = self._drafts[name][0]
            while loop.time() < until and not await self._changed(turns, known):
                await asyncio.sleep(LOOK_EVERY)

    async def _changed(self, turns: int, known: Snapshot) -> bool:
        """Whether a play has come further or a file was saved; or whether it is time to go."""
        return self._ending or turns != self._turns or await asyncio.to_thread(catalogue.look) is not known

    def end(self) -> None:
        """Send home who waits for news, and play nothing more."""
        self._ending = True
        self.player.close()

    async def _draft(self, name: str) -> Draft | None:
        async with self._reading:  # two who look at one scenario read it once
            return await asyncio.to_thread(self._read, name)

    def _read(self, name: str) -> Draft | None:
        """The scenario as its files are now; in a thread."""
        files = catalogue.look()
        kept = self._drafts.get(name)
        if kept is not None and kept[0] is files:
            return kept[1]
        found = draft(name)
        if found is None:
            self._drafts.pop(name, None)
        else:
            self._drafts[name] = (files, found)
            if found.plan is not None:
                self._good[name] = picture(found.plan.scenario, found.plan.protocol)
        return found

    def _played(self) -> None:
        """Note, in a thread of the player, that a play has begun or ended."""
        self._turns += 1

    def _made(self, found: Draft) -> AuthorPage:
        problems, play, results = list(found.problems), None, None
        if found.plan is not None:
            play = self.player.ask(found.name, found.plan)
        if play is not None and play.findings is not None and found.plan is not None and found.source is not None:
            problems += warnings_in(found.source, play.findings.seen)
            results = _results(play.findings, found.plan.scenario)
        data = {
            "scenario": found.name,
            "file": found.file,
            "own": found.own,
            "title": found.plan.scenario.title if found.plan is not None else found.name,
            "problems": marked(problems, found.source),
            "errors": sum(problem.severity == "error" for problem in problems),
            "plan": self._good.get(found.name),
            "stale": found.plan is None,
            "play": _state(play),
            "results": results,
            "calibration": _calibration(found),
        }
        return AuthorPage(sha256(repr(data).encode()).hexdigest()[:16], data)


def _state(play: Play | None) -> dict[str, Any]:
    """How far a play has come."""
    if play is None:
        return {"state": "broken", "says": ""}
    if play.failed:
        return {"state": "failed", "says": play.failed}
    if play.findings is not None:
        return {"state": "over", "says": ""}
    return {"state": "running" if play.begun else "waiting", "says": ""}


def _calibration(found: Draft) -> dict[str, Any] | None:
    """What is kept of a calibration of the scenario; None if there is none, or while it cannot be played."""
    if found.plan is None:
        return None
    path = found.source.path if found.own and found.source is not None else None
    known = known_for(found.name, found.plan, path)
    if known is None:
        return None
    findings = findings_of(known.calibration.counts, found.plan.scenario)
    return {
        "drills": f"{known.calibration.drills:,}",
        "fits": known.fits,
        "says": in_short(findings, library_mean()),
        "facts": told(findings, found.plan.protocol),
    }


def _results(found: Findings, scenario: Scenario) -> dict[str, Any]:
    """What was found, as the page says it."""
    shares = [(inject.id, found.met.get(inject.id, 0.0)) for inject in scenario.injects]
    unseen = set(found.seen.unseen)
    return {
        "drills": found.seen.drills,
        "profiles": [_row(one, found.seen.won[one.profile], found.seen.drills, scenario) for one in found.profiles],
        "never": [name for name, _ in shares if name in unseen],
        "everybody": [name for name, share in shares if share == 1],
        "rarely": [
            {"id": name, "share": f"{share:.0%}" if share else "only those who try everything"}
            for name, share in shares
            if share < _RARELY and name not in unseen
        ],
    }


def _row(one: ProfileResult, won: int, drills: int, scenario: Scenario) -> dict[str, Any]:
    fixed = ""
    if one.fixed_s and scenario.cures:
        fixed = f"after {_spelt(median(one.fixed_s))}, at best {_spelt(one.fixed_s[0])}"
    return {
        "profile": one.profile,
        "score": f"{median(one.scores):.0f}" if one.scores else "none",
        "span": f"{one.scores[0]:.0f} to {one.scores[-1]:.0f}" if one.scores else "",
        "won": won,
        "drills": drills,
        "fixed": fixed,
        "losses": [
            {"title": loss.title, "points": f"{loss.points:g}", "drills": loss.drills, "all": loss.drills == drills}
            for loss in one.losses
        ],
    }


def _spelt(seconds: float) -> str:
    return spell(round(seconds) * 1000)
