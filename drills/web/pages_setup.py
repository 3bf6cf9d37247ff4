"""The pages around drills: home, the library, the form that makes a drill, and practice."""

import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from drills.live.rooms import Room
from drills.planning import catalogue
from drills.planning.materials import RANDOM
from drills.planning.setup import Person, Setup, SetupError, people_of
from drills.records.people import TeamListed, teams
from drills.records.store import StoreError
from drills.web import lists
from drills.web.context import Desk, desk, outside, session_of
from drills.web.forms import fields_of, form_of
from drills.web.rendering import render
from drills.web.sessions import COOKIE, EVERY_DRILL, Session
from drills.web.summaries import OpenAction, keep_retests, open_drills
from scenarios.generate import SEVERITIES
from scenarios.lookup import names
from scenarios.problem import closest
from scenarios.team import is_zone
from simulator.people import handles

__all__ = ["owner_of", "practice_room", "router", "setup_of"]

router = APIRouter(include_in_schema=False)
REHEARSAL_PACE = 10.0
_MOST_PAGES = 100_000
FEWEST = 4
"""How many simulated people rehearse if none are named."""


def _somebody(request: Request) -> Session:
    session = session_of(request)
    if not session.known:
        raise outside()
    return session


def owner_of(request: Request) -> Session:
    """The session of somebody who may make drills. Raises HTTPException."""
    session = _somebody(request)
    if not session.owner:
        raise HTTPException(403, "only people with the link that `drillroom serve` printed can start drills")
    return session


# -- home and library --------------------------------------------------------------------------------------------------


@router.get("/")
async def home(request: Request) -> Response:
    """Home: what is running, coming, finished, and left to do."""
    session, at = _somebody(request), desk(request)
    found: dict[str, Any] = await lists.home(at, session)
    return render(request, "home.html", "Home", owner=session.owner, practise_url="/practise", **found)


@router.get("/done")
async def done(request: Request) -> Response:
    """All closed drills, page by page, newest first."""
    session = _somebody(request)
    said = request.query_params.get("page", "1")
    page = int(said) if said.isascii() and said.isdigit() and 0 < int(said) < _MOST_PAGES else 1
    found = await lists.done(desk(request), session, page)
    return render(request, "done.html", "Finished drills", **found)


async def _library(request: Request, session: Session) -> tuple[lists.Played, set[str]]:
    at = desk(request)
    return await lists.played(at, session), lists.hidden(await open_drills(at, session))


@router.get("/library")
async def library(request: Request) -> Response:
    """All scenarios; spoilers for the owner alone, and not for what the owner is playing."""
    session = _somebody(request)
    played, hidden = await _library(request, session)
    found = await run_in_threadpool(lists.scenarios, played, spoilers=session.owner, but=hidden)
    broken = await run_in_threadpool(catalogue.problems) if session.owner else []
    return render(request, "library.html", "Library", scenarios=found, owner=session.owner, broken=broken)


@router.get("/library/{name}")
async def scenario(request: Request, name: str) -> Response:
    """One scenario."""
    session = _somebody(request)
    played, hidden = await _library(request, session)
    spoilers = session.owner and name not in hidden
    found = await run_in_threadpool(lists.scenario, name, played, spoilers=spoilers)
    if found is None:
        raise HTTPException(404, "there is no scenario by that name")
    return render(request, "scenario.html", found["title"], scenario=found, owner=session.owner)


# -- making a drill ----------------------------------------------------------------------------------------------------


@router.get("/new")
async def new(request: Request) -> Response:
    """The form that makes a drill."""
    session = owner_of(request)
    form = {"scenario": request.query_params.get("scenario", "")}
    team = await _team(desk(request), request.query_params.get("team", ""))
    if team is not None:
        lines = [f"{one.name}, {one.email}" if one.email else one.name for one in team.people]
        form |= {"people": "\n".join(lines), "team": team.id}
    return await _form(request, await lists.retestable(desk(request), session), form)


async def _team(at: Desk, wanted: str) -> TeamListed | None:
    """The team of that id, if there is one."""
    return next((one for one in await at.rooms.store.read(teams) if one.id == wanted), None) if wanted else None


async def _form(
    request: Request, actions: list[OpenAction], form: dict[str, Any], errors: dict[str, str] | None = None
) -> Response:
    found = await run_in_threadpool(lists.scenarios, {}, spoilers=False)
    return render(
        request,
        "new.html",
        "A new drill",
        422 if errors else 200,
        form=form,
        errors=errors or {},
        scenarios=found,
        retests=lists.offered(actions),
        severities=lists.severities(),
        teams=await desk(request).rooms.store.read(teams),
    )


@router.post("/new")
async def make(request: Request) -> Response:
    """Make a drill from the form, and go to its lobby; a rehearsal begins at once."""
    session, at = owner_of(request), desk(request)
    fields = await fields_of(request)
    form = {name: values[-1] for name, values in fields.items()}
    actions = await lists.retestable(at, session)
    try:
        setup = setup_of(form)
        team = await _team(at, form.get("team", ""))
        if team is not None:
            setup = replace(setup, team=team.id, team_name=team.name)
        me = _me(setup, form)  # before it is made, so that errors in the form are reported first
        room = await at.rooms.make(setup)
        chosen = set(fields.get("retest", []))
        await keep_retests(
            at, room, [(one, form.get(f"measure-{one.key}", "")) for one in actions if one.key in chosen]
        )
        if me is not None:
            link, who = session.seats[EVERY_DRILL].link, room.setup.people[me].id
            cookie = request.cookies[COOKIE]
            await at.access.allow(cookie, room.id, link, "player", who, admitted=True, identified="list")
        if setup.kind == "rehearsal":
            await at.rooms.start(room)
    except SetupError as error:
        return await _form(request, actions, form | {"retest": fields.get("retest", [])}, error.errors)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return RedirectResponse(f"/d/{room.id}", 303)


def _me(setup: Setup, form: Mapping[str, str]) -> int | None:
    """The place in the list of the player that the owner is, if they play. Raises SetupError."""
    if not setup.play_too:
        return None
    said = " ".join(form.get("me", "").split())
    playing = [person for person in setup.people if not person.simulated]
    mine = next((place for place, one in enumerate(playing) if one.name.lower() == said.lower()), None)
    if mine is None:
        close = closest(said, [person.name for person in playing]) if said else None
        why = f"{said[:40]!r} is not in the list" if said else "say which of them you are"
        raise SetupError({"me": why + (f"; did you mean {close}?" if close else "")})
    return mine


def setup_of(form: Mapping[str, str]) -> Setup:
    """What a form asks for. Raises SetupError with what is wrong, field by field."""
    errors: dict[str, str] = {}
    rehearsal = form.get("kind") == "rehearsal"
    seed = _number(form, "seed", secrets.randbelow(2**31), 2**63 - 1, errors)
    simulated = _number(form, "simulated", 0, 40, errors)
    people: list[Person] = []
    try:
        people = _people(form.get("people", ""), simulated, rehearsal=rehearsal)
    except SetupError as error:
        errors |= error.errors
    scenario = form.get("scenario", "")
    if not scenario:
        errors["scenario"] = "choose a scenario, or a random one"
    elif scenario != RANDOM and scenario not in names("scenario"):
        errors["scenario"] = "there is no scenario by that name"
    first = " ".join(form.get("first_responder", "").split())
    known = {person.name.lower(): person.id for person in people}
    known |= handles({one.id: one.name for one in people})
    if first and people and first.lower() not in known:
        errors["first_responder"] = f"{first[:40]!r} is not one of the players"
    severity = form.get("severity", "")
    if severity and severity not in map(str, SEVERITIES):
        errors["severity"] = "that is not a severity"
    timezone = form.get("timezone", "").strip() or "UTC"
    if not is_zone(timezone):
        errors["timezone"] = f"there is no time zone {timezone[:40]!r}; write it like Europe/Berlin or UTC"
    if errors:
        raise SetupError(errors)
    return Setup(
        scenario=scenario,
        people=people,
        seed=seed,
        minutes=25 if form.get("minutes") == "25" else 60,
        severity=int(severity) if severity and scenario == RANDOM else None,
        first_responder=known.get(first.lower(), ""),
        mode="training" if form.get("mode") == "training" else "assessed",
        voice={"call": "call", "room": "room"}.get(form.get("voice", ""), "none"),  # type: ignore[arg-type]  # one of three
        play_too=bool(form.get("play_too")) and not rehearsal,
        kind="rehearsal" if rehearsal else "drill",
        pace=REHEARSAL_PACE if rehearsal else 1.0,
        timezone=timezone,
    )


def _people(text: str, simulated: int, *, rehearsal: bool) -> list[Person]:
    """The players; in a rehearsal all of them are simulated. Raises SetupError."""
    if not rehearsal:
        return people_of(text, simulated)
    named = people_of(text, simulated) if text.strip() or simulated else []
    if len(named) < FEWEST:
        named = people_of(text, FEWEST - len(named) + simulated)
    # How simulated people act is drawn from their ids: with the same seed a rehearsal goes the same way again.
    return [Person(f"s-{place}", one.name, simulated=True) for place, one in enumerate(named, 1)]


def _number(form: Mapping[str, str], field: str, otherwise: int, most: int, errors: dict[str, str]) -> int:
    said = form.get(field, "").strip()
    if not said:
        return otherwise
    if not (said.isascii() and said.isdigit()) or len(said) > 19 or int(said) > most:
        errors[field] = f"{said[:20]!r} is not a whole number from 0 to {most:,}"
        return otherwise
    return int(said)


# -- practice ----------------------------------------------------------------------------------------------------------


@router.get("/practise")
async def practise(request: Request) -> Response:
    """A short scenario, simulated teammates, a coach; kept out of everybody's history."""
    _somebody(request)
    found = await run_in_threadpool(lists.scenarios, {}, spoilers=False)
    short = [one for one in found if one["short"]]
    return render(request, "practise.html", "Practise", scenarios=short, roles=lists.roles())


@router.post("/practise")
async def start_practice(request: Request) -> Response:
    """Begin to practise."""
    _somebody(request)
    form = await form_of(request)
    room = await practice_room(request, request.cookies[COOKIE], form.get("scenario", ""), form)
    return RedirectResponse(f"/d/{room.id}", 303)


async def practice_room(request: Request, cookie: str, scenario_name: str, asked: Mapping[str, str]) -> Room:
    """A drill for one person, begun at once; `asked` may name a `role` and a `timezone`."""
    at, role, timezone = desk(request), asked.get("role", ""), asked.get("timezone", "")
    _check_practice(at, scenario_name, role)
    setup = Setup(
        scenario=scenario_name,
        people=[Person("you", "You"), *people_of("", 5)],
        seed=secrets.randbelow(2**31),
        mode="training",
        kind="practice",
        role=role,
        timezone=timezone if is_zone(timezone) else "UTC",
    )
    try:
        room = await at.rooms.make(setup)
        await at.access.allow(cookie, room.id, "practice", "player", "you", admitted=True)
        await at.rooms.start(room)
    except SetupError:  # what is wrong in a file may be what the incident is about
        raise HTTPException(409, "it cannot be played while one of its files has errors; choose another") from None
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return room


def _check_practice(at: Desk, scenario_name: str, role: str) -> None:
    if scenario_name not in (RANDOM, *names("scenario"), *at.offered):
        raise HTTPException(404, "there is no scenario by that name")
    known = [one["id"] for one in lists.roles(scenario_name)]
    if role and role not in known:
        raise HTTPException(409, f"there is no role by that name; it is one of {', '.join(known)}")
