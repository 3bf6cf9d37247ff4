"""The API's own description, and a machine that tries whatever the description allows, and what it does not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from drills.web.api_actions import router as actions_router
from drills.web.api_drill import router as api_router
from drills.web.api_evidence import router as evidence_router
from drills.web.api_history import router as history_router
from drills.web.api_hotwash import router as talk_router
from drills.web.api_people import router as people_router
from drills.web.api_results import router as results_router
from drills.web.api_server import router as server_router
from drills.web.api_setup import router as setup_router
from drills.web.api_tokens import router as tokens_router
from drills.web.middleware import Limits
from drills.web.sessions import COOKIE
from tests.drills.command_line import ROOT
from tests.drills.server import Browser, Place, serving
from tests.support.extent import FULL, sampled
from tests.support.http_page import http_page

EXAMPLES = 15 if FULL else 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
STREAM = "/api/drills/{drill}/stream"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("openapi")) as found:
        # A machine asks faster than anybody may: what is limited is tested elsewhere.
        for limits in (found.server.changes, found.server.desk.guesses):
            limits.__dict__.update(Limits(1e9, 1e9).__dict__)
        yield found


@pytest.fixture(scope="module")
def owner(place: Place) -> Browser:
    return place.owner()


@pytest.fixture(scope="module")
def description(owner: Browser) -> dict[str, Any]:
    found: dict[str, Any] = owner.get("/api/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def api(place: Place) -> BaseSchema:
    """Everything but the stream, which does not end by itself."""
    return schemathesis.openapi.from_url(f"{place.base}/api/openapi.json").exclude(path=STREAM)


ROUTERS = (
    actions_router,
    api_router,
    evidence_router,
    history_router,
    talk_router,
    people_router,
    results_router,
    server_router,
    setup_router,
    tokens_router,
)
ROUTES = sorted(
    (route.path, method)  # type: ignore[attr-defined]
    for router in ROUTERS
    for route in router.routes
    for method in route.methods  # type: ignore[attr-defined]
)


def tried(
    operation: APIOperation[Any, Any, Any, Any],
    examples: int,
    attempt: Callable[[Case[Any]], None],
    mode: GenerationMode,
) -> None:
    """Try whatever the description allows of a route, or, the other way, what it does not."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=examples)
    def trying(case: Case[Any]) -> None:
        attempt(case)

    trying()


@pytest.fixture(scope="module")
def drills(place: Place, owner: Browser) -> dict[str, str]:
    """A drill in each of the states that answer differently, by what it is."""
    made = {name: place.make(owner) for name in ("waiting", "running", "talking")}
    owner.start(made["running"])
    owner.start(made["talking"])
    ana = place.player(owner, made["talking"], "ana")
    ana.does(made["talking"], "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander")
    owner.does(made["talking"], "/end", "/end")
    return made


@pytest.fixture(scope="module")
def cookies(place: Place, owner: Browser, drills: dict[str, str]) -> dict[str, str]:
    """Who asks: the owner, and a player who is in all of them."""
    ana = place.player(owner, drills["waiting"], "ana")
    for name in ("running", "talking"):
        links = {one["member"]: one["link"] for one in owner.data(drills[name], "/lobby")["personal"]}
        assert ana.get(place.here(links["ana"])).status_code == 303
    return {"owner": owner.cookie, "player": ana.cookie}


@pytest.mark.parametrize(("path", "method"), [*sampled(ROUTES, 2), ("/health", "GET")])
def test_whatever_is_sent_is_answered_as_described(
    api: BaseSchema, cookies: dict[str, str], path: str, method: str
) -> None:
    def attempt(case: Case[Any]) -> None:
        answer = case.call(cookies={COOKIE: cookies["owner"]}, headers={"X-Drillroom": "1"})
        case.validate_response(answer, checks=CHECKS)

    tried(api[path][method], EXAMPLES, attempt, GenerationMode.POSITIVE)


@pytest.mark.parametrize(("path", "method"), sampled([one for one in ROUTES if "{drill}" in one[0]], 3))
def test_whatever_is_not_as_described_is_refused(
    api: BaseSchema, cookies: dict[str, str], path: str, method: str
) -> None:
    def attempt(case: Case[Any]) -> None:
        answer = case.call(cookies={COOKIE: cookies["owner"]}, headers={"X-Drillroom": "1"})
        case.validate_response(answer, checks=CHECKS)
        assert answer.status_code >= 400

    tried(api[path][method], EXAMPLES, attempt, GenerationMode.NEGATIVE)


@pytest.mark.parametrize(
    ("path", "method"), sampled([one for one in ROUTES if not one[0].endswith(("drills", "/revoke", "/start"))], 3)
)
def test_and_so_in_every_state_of_a_drill(
    api: BaseSchema, cookies: dict[str, str], drills: dict[str, str], path: str, method: str
) -> None:
    def attempt(case: Case[Any]) -> None:
        for drill in drills.values():
            for cookie in cookies.values():
                if "{drill}" in path:
                    case.path_parameters = {**(case.path_parameters or {}), "drill": drill}
                answer = case.call(cookies={COOKIE: cookie}, headers={"X-Drillroom": "1"})
                case.validate_response(answer, checks=CHECKS)

    tried(api[path][method], EXAMPLES // 2, attempt, GenerationMode.POSITIVE)


def test_every_route_is_described(description: dict[str, Any]) -> None:
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            where = f"{method} {path}"
            assert route["summary"], where
            assert route["description"].endswith("."), where
            assert route["tags"], where
            answers = route["responses"]
            assert "200" in answers, where
            for code, answer in answers.items():
                assert answer["description"], (where, code)
                (content,) = answer["content"].values()
                assert content["schema"] not in ({}, True), (where, code)
            if path.startswith("/api/drills"):
                assert "401" in answers, where
            if method == "post":
                assert {"403", "413", "415", "422", "429", "503"} <= set(answers), where
    assert "HTTPValidationError" not in description["components"]["schemas"], "what is misread is told as all else is"


def test_acts_are_refused_in_their_own_way(description: dict[str, Any]) -> None:
    answers = description["paths"]["/api/drills/{drill}/acts"]["post"]["responses"]
    assert answers["409"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Refusal"}
    assert description["components"]["schemas"]["Refusal"]["required"] == ["refused"]
    assert answers["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Acted"}


def test_every_page_that_is_no_page_is_in_it(place: Place, description: dict[str, Any]) -> None:
    """Nothing under /api is left out; and of the pages nothing is in it."""
    routes = {route.path for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    assert set(description["paths"]) == {*routes, STREAM, "/health"}
    assert description["paths"][STREAM]["get"]["responses"]["200"]["content"].keys() == {"text/event-stream"}
    assert place.browser().get("/api/openapi.json").status_code == 200
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert place.browser().get(path).status_code == 404, "their scripts would come from elsewhere"


def test_the_reference_of_the_api_is_current(description: dict[str, Any]) -> None:
    """Make it again with `make docs`."""
    assert (ROOT / "docs" / "reference" / "http.md").read_text(encoding="utf-8") == http_page(description)
