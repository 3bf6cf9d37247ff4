"""The types that the browser's JavaScript is checked against are those of what the server sends."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from drills.guidance.visibility import Frames
from drills.web.openapi_answers import Static
from tests.drills.server import Browser, Place
from tests.support.meddling import meddled_plan, play_meddled
from tests.support.typescript import declarations, event_schemas

FILE = Path(__file__).parents[3] / "drills" / "web" / "server.d.ts"


def test_the_types_are_made_of_the_models_as_they_are() -> None:
    assert FILE.read_text(encoding="utf-8") == declarations(), "make docs"


@pytest.mark.parametrize("seed", range(0, 20, 5))
def test_every_frame_is_as_its_type_says(seed: int) -> None:
    plan = meddled_plan(seed)
    making, schemas = Frames(plan), event_schemas()
    checks = {name: Draft202012Validator(schema | {"$defs": schemas}) for name, schema in schemas.items()}

    def check(event: Any, _: object) -> None:  # noqa: ANN401 - any event
        frame = making.frame(event)
        for body in (frame.public, frame.full):
            checks[type(event).__name__].validate(msgspec.json.decode(body))

    play_meddled(plan, seed, check)


def test_the_static_data_of_a_page_is_as_its_type_says(place: Place, owner: Browser) -> None:
    """Nothing more and nothing less, for facilitators and for players."""
    drill = place.make(owner)
    owner.start(drill)
    for who in (owner, place.player(owner, drill, "ana")):
        found = who.data(drill, "")["static"]
        TypeAdapter(Static).validate_python(found)
        assert found.keys() == Static.model_fields.keys()
