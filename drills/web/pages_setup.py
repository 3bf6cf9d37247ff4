"""The pages around drills: home, the form that makes a drill, and practice."""

import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse

from drills.live.rooms import Room
from drills.planning.materials import RANDOM
from drills.planning.setup import Person, Setup, SetupError, check_fit, people_of
from drills.records.people import teams
from drills.records.store import StoreError
from drills.web import lists
from drills.web.actions_data import Listed, keep_retests
from drills.web.context import Desk, desk, somebody
from drills.web.forms import fields_of, form_of
from drills.web.rendering import render
from drills.web.sessions import COOKIE, EVERY_DRILL, Session
from drills.web.setup_form import STARTER, TeamChoice, on_call_of, setup_of, team_choices, things_to_choose
from scenarios.lookup import names
from scenarios.problem import closest
from scenarios.team import is_zone

__all__ = ["owner_of", "practice_room", "router", "setup_of"]

router = APIRouter(include_in_schema=False)
_MOST_PAGES = 100_000


def owner_of(request: Request) -> Session:
    """The session of somebody who may make drills. Raises HTTPException."""
    session = somebody(request)
    if not session.owner:
        raise HTTPException(403, "only people with the link that `drillroom serve` printed can start drills")
    return session


# -- home --------------------------------------------------------------------------------------------------------------


@router.get("/")
async def home(request: Request) -> Response:
    """Home: what is running, coming, finished, and left to do."""
    session, at = somebody(request), desk(request)
    found: dict[str, Any] = await lists.home(at, session)
    return render(request, "home.html", "Home", owner=session.owner, practise_url="/practise", **found)


@router.get("/done")
async def done(request: Request) -> Response:
    """All closed drills, page by page, newest first."""
    session = somebody(request)
    said = request.query_params.get("page", "1")
    page = int(said) if said.isascii() and said.isdigit() and 0 < int(said) < _MOST_PAGES else 1
    found = await lists.done(desk(request), session, page)
    return render(request, "done.html", "Finished drills", **found)


# -- making a drill ----------------------------------------------------------------------------------------------------


@router.get("/new")
async def new(request: Request) -> Response:
    """The form that makes a drill."""
    session, at = owner_of(request), desk(request)
    asked, choices = request.query_params, await _teams(at)
    form = {"scenario": asked.get("scenario", "") or await _first_choice(at)}
    team = _chosen(choices, asked.get("team", ""))
    if team is not None:
        form |= {"people": team.lines, "team": team.id, "timezone": team.timezone}
    return await _form(request, await lists.retestable(at, session), choices, form)


async def _first_choice(at: Desk) -> str:
    """The scenario that is chosen before anybody chooses: a starter until a drill has been played here."""
    rows = await at.rooms.store.listed(None, lists.PAGE) or []
    return RANDOM if any(row.state != "lobby" for row in rows) else STARTER


async def _teams(at: Desk) -> list[TeamChoice]:
    known = await at.rooms.store.read(teams)
    return await run_in_threadpool(team_choices, known)


def _chosen(choices: list[TeamChoice], wanted: str) -> TeamChoice | None:
    return next((one for one in choices if one.id == wanted), None) if wanted else None


async def _form(
    request: Request,
    actions: list[Listed],
    choices: list[TeamChoice],
    form: dict[str, Any],
    errors: dict[str, str] | None = None,
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
        teams=choices,
        team_data=[one.says() for one in choices],
        protocols=await run_in_threadpool(things_to_choose, "protocol"),
        rubrics=await run_in_threadpool(things_to_choose, "rubric"),
        first=form.get("scenario") == STARTER and await _first_choice(desk(request)) == STARTER,
    )


@router.get("/new/fit")
async def fit(request: Request) -> Response:
    """Whether what is chosen in the form fits together: what is wrong, by field."""
    owner_of(request)
    asked = dict(request.query_params)
    team = _chosen(await _teams(desk(request)), asked.get("team", ""))
    choices = {name: asked.get(name, "") for name in ("scenario", "protocol", "rubric", "team")}
    try:
        people, simulated = asked.get("people", ""), asked.get("simulated", "")
        nobody = team is None and not people.strip()  # whoever comes then may take any role
        form = choices | {"people": people, "simulated": "1" if nobody else simulated}
        await run_in_threadpool(check_fit, setup_of(form, team))
    except SetupError as error:
        return JSONResponse({"errors": {name: why for name, why in error.errors.items() if name in choices}})
    return JSONResponse({"errors": {}})


@router.post("/new")
async def make(request: Request) -> Response:
    """Make a drill from the form, and go to its lobby; a rehearsal begins at once."""
    session, at = owner_of(request), desk(request)
    fields = await fields_of(request)
    form = {name: values[-1] for name, values in fields.items()}
    actions, choices = await lists.retestable(at, session), await _teams(at)
    try:
        setup = setup_of(form, _chosen(choices, form.get("team", "")))
        me = _me(setup, form)  # before it is made, so that errors in the form are reported first
        await run_in_threadpool(check_fit, setup)  # likewise: nobody is kept of a drill that cannot be made
        room = await at.rooms.make(setup)
        chosen = set(fields.get("retest", []))
        again = [one for one in actions if one.action.key in chosen]
        shown = [form.get(f"shows-{one.action.key}", lists.suggested(one)) for one in again]
        await keep_retests(at, room, zip(again, shown, strict=True))
        if me is not None:
            link, who = session.seats[EVERY_DRILL].link, room.setup.people[me].id
            cookie = request.cookies[COOKIE]
            await at.access.allow(cookie, room.id, link, "player", who, admitted=True, identified="list")
        if setup.kind == "rehearsal":
            await at.rooms.start(room)
    except SetupError as error:
        return await _form(request, actions, choices, form | {"retest": fields.get("retest", [])}, error.errors)
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


# -- practice ----------------------------------------------------------------------------------------------------------


@router.get("/practise")
async def practise(request: Request) -> Response:
    """A short scenario, simulated teammates, a coach; kept out of everybody's history."""
    somebody(request)
    found = await run_in_threadpool(lists.scenarios, {}, spoilers=False)
    short = [one for one in found if one["short"]]
    return render(request, "practise.html", "Practise", scenarios=short, roles=lists.roles())


@router.post("/practise")
async def start_practice(request: Request) -> Response:
    """Begin to practise."""
    somebody(request)
    form = await form_of(request)
    room = await practice_room(request, request.cookies[COOKIE], form.get("scenario", ""), form)
    return RedirectResponse(f"/d/{room.id}", 303)


async def practice_room(request: Request, cookie: str, scenario_name: str, asked: Mapping[str, str]) -> Room:
    """A drill for one person, begun at once; `asked` may name a `role`, a `timezone` and `on_call`."""
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
        on_call=on_call_of(asked),
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
