"""Add an event, an act, a channel of injects, a page or a field, and these tests name every place still missing.

If there is nothing to say in a place, the lists here say so.
"""

import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

from fastapi.routing import APIRoute

from drills.cli import acts_page
from drills.guidance.visibility import AUDIENCE
from drills.web import (
    pages_actions,
    pages_author,
    pages_calendar,
    pages_drill,
    pages_library,
    pages_people,
    pages_programme,
    pages_record,
    pages_setup,
    pages_sheet,
    pages_team,
    pages_tokens,
)
from reports import event_sentences
from reports.charts import marks
from scenarios.base import Model
from scenarios.generate.write import written
from scenarios.lookup import names
from scenarios.scenario import Scenario, Via
from scenarios.schema import schema
from scenarios.sheets.roles import WAYS
from scenarios.source import parse as parse_yaml
from simulator import acts, kinds
from simulator.rules import RULES
from simulator.rules_staff import STAFF_RULES
from simulator.syntax import FORMS, parse
from tests.scenarios.shipped import incident

ROOT = Path(__file__).parents[1]
JS = ROOT / "drills" / "web" / "static" / "js"
EVENTS = {kind.__name__: kind for kind in kinds.EVENTS}
ACTS = {acts.kind_of(kind): kind for kind in acts.ACTS}

CHANGE_NOTHING_IN_THE_BROWSER = (
    *("DrillStarted", "MessagePosted", "EntryLogged", "UpdatePosted"),
    *("WorkaroundAnnounced", "BugFiled"),
)
NO_MARK = (
    *("DrillStarted", "IncidentReported", "ReportEscalated", "PhaseBegan", "DrillEnded", "FollowUpClosed"),
    *("RoleTaken", "RoleReleased", "HandoverOffered", "RoleHandedOver", "ActionStarted", "ActionFinished"),
    *("MessagePosted", "MessageDrafted", "SpokenReported", "QuestionAsked", "QuestionAnswered"),
    *("ImpactChanged", "StepDone", "StepFlagged", "TaskDone", "CorrectiveActionAdded"),
    *("InjectDelivered", "CustomerWrote", "InjectNotTaken", "InjectHeld", "FacilitatorTold", "DecisionMade"),
    "ExpectationJudged",
    *("DrillStopped", "DrillPaused", "DrillResumed", "TimeSkipped", "StoryJumped", "ToolChanged", "HintGiven"),
    *("MemberExcused", "ShiftBegan", "NoteTaken", "Rated"),
)
"""Roles and actions are bars in the charts, injects stand on top, and the rest is no act of the protocol."""
NEVER_TYPED = ["start_action"]
"""`/do` finds the action of what somebody types."""
NO_BUTTON = ["close_follow_up"]
"""It closes by itself; people who cannot wait type it."""
NOT_IN_THE_LIBRARY = [
    "Condition.published",
    "Condition.role_held",
    "Action.lasts",
    "Action.settles",
    "Action.takes_again",
    "Attachment.alt",
    "Inject.attach",
    "Inject.down",
    "Inject.skips",
    "Inject.up",
    "Like.call",
    "Like.drop",
    "Like.like",
    "Report.attach",
    "Scenario.down",
    "Scenario.protocol",
    "Signal.felt",
    "Signal.rises",
]
"""Tests of conditions, of translation and of small protocols have them."""


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def table(file: str, name: str) -> set[str]:
    """The keys of an object in a module of the browser."""
    _, _, rest = (JS / file).read_text(encoding="utf-8").partition(f"const {name} = {{\n")
    body, _, _ = rest.partition("\n};")
    return set(re.findall(r"^  (\w+)[:(,]", body, re.M))


def missing(what: Iterable[str], there: Iterable[str], where: str, but: Iterable[str] = ()) -> Iterator[str]:
    """What a place lacks; and what its list of exceptions names that is there, or is nowhere."""
    what, there, but = set(what), set(there), set(but)
    yield from (f"{name} is missing in {where}" for name in sorted(what - there - but))
    yield from (
        f"{name} is in {where}, and a list in {Path(__file__).name} says it is not" for name in sorted(but & there)
    )
    yield from (f"a list in {Path(__file__).name} names {name}, which no longer exists" for name in sorted(but - what))


def test_every_event_has_its_places() -> None:
    special = set(re.findall(r"ev\.(\w+)\(\)", inspect.getsource(event_sentences._special)))
    said = {kind.__name__ for kind in event_sentences._SAYS} | special
    found = [
        *missing(EVENTS, table("fold.js", "FOLDS"), "FOLDS of fold.js", CHANGE_NOTHING_IN_THE_BROWSER),
        *missing(table("fold.js", "FOLDS"), EVENTS, "simulator/events.py"),
        *missing(EVENTS, table("entries.js", "WORDS"), "WORDS of entries.js"),
        *missing(table("entries.js", "WORDS"), EVENTS, "simulator/events.py"),
        *missing(EVENTS, (kind.__name__ for kind in AUDIENCE), "AUDIENCE of drills/guidance/visibility.py"),
        *missing(EVENTS, said, "reports/event_sentences.py"),
        *missing(EVENTS, (kind.__name__ for kind in marks._KIND), "_KIND of reports/charts/marks.py", NO_MARK),
        *missing(
            EVENTS,
            re.findall(r"^\| `(\w+)`", read("docs", "reference", "acts-and-events.md"), re.M),
            "docs (make docs)",
        ),
        *(f"{name} has no docstring" for name, kind in EVENTS.items() if not kind.__doc__),
    ]
    assert not found, "\n".join(found)


def test_every_act_has_its_places() -> None:
    typed = {acts.kind_of(type(parse(form.form, "ana"))) for form in FORMS}
    scripts = "".join(file.read_text("utf-8") for file in JS.glob("*.js"))
    buttons = {name for made in re.findall(r"\bdo: ([^,}]+)", scripts) for name in re.findall(r'"(\w+)"', made)}
    composer = re.findall(r'\{ value: "(\w+)", text:', (JS / "composer.js").read_text("utf-8"))
    ruled = {acts.kind_of(kind) for kind in (*RULES, *STAFF_RULES)}
    found = [
        *missing(ACTS, ruled, "simulator/rules.py, or simulator/rules_staff.py"),
        *missing(ACTS, typed, "FORMS of simulator/syntax.py", NEVER_TYPED),
        *missing(ACTS, buttons.union(composer), "the browser's buttons and forms", NO_BUTTON),
        *missing(
            ACTS,
            re.findall(r"^\| `([a-z_]+)`", read("docs", "reference", "acts-and-events.md"), re.M),
            "docs (make docs)",
        ),
        *(f"{name} has no docstring" for name, kind in ACTS.items() if not kind.__doc__),
    ]
    assert not found, "\n".join(found)


def test_the_document_of_acts_and_events_is_made_of_them() -> None:
    assert read("docs", "reference", "acts-and-events.md") == acts_page.page(), "make docs"


def test_every_way_of_an_inject_has_its_places() -> None:
    ways = get_args(Via)
    labels = re.search(r"export const VIAS = \{(.*)\}", (JS / "inbox.js").read_text("utf-8"))
    icons = re.findall(r'id="([a-z_-]+)"', read("drills", "web", "static", "icons.svg"))
    console = re.search(r"for via in \[(.*?)\]", read("drills", "web", "templates", "console.html"))
    guide = re.search(r"# (alert, .*)$", read("docs", "how-to", "writing-scenarios.md"), re.M)
    assert console is not None
    assert guide is not None
    assert labels is not None
    found = [
        *missing(ways, re.findall(r"(\w+):", labels[1]), "VIAS of inbox.js"),
        *missing(ways, icons, "static/icons.svg"),
        *missing(ways, re.findall(r"\w+", console[1]), "the form for an inject in templates/console.html"),
        *missing(ways, WAYS, "WAYS of scenarios/sheets/roles.py"),
        *missing(ways, re.findall(r"\w+", guide[1]), "docs/how-to/writing-scenarios.md, beside `via`"),
    ]
    assert not found, "\n".join(found)


def test_every_page_has_its_places() -> None:
    parts = (
        *(pages_actions, pages_author, pages_drill, pages_library, pages_people),
        *(pages_calendar, pages_programme, pages_record, pages_setup, pages_sheet, pages_team, pages_tokens),
    )
    every = [route for part in parts for route in part.router.routes]
    routes = [route for route in every if isinstance(route, APIRoute)]
    sources = "".join(inspect.getsource(part) for part in parts)
    axe = read("tests", "e2e", "test_pages_axe.py")
    looked = "".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    rendered = set(re.findall(r'"(\w+\.html)"', sources + read("drills", "web", "server.py"))) - {"report.html"}
    files = {file.name for file in (ROOT / "drills" / "web" / "templates").glob("*.html")}
    found = [
        *missing(files - {"base.html"}, rendered, "what routes render"),
        *missing(rendered, files, "templates/"),
    ]
    for route in routes:
        words = re.compile("[\"']" + re.sub(r"\{\w+\}", r"[^\"'/ ]+", route.path) + r"[\"'?]")
        page = "GET" in (route.methods or ()) and "render(" in inspect.getsource(route.endpoint)
        if page and not words.search(axe) and not (route.path == "/d/{drill}" and "/d/{" in axe):
            found.append(f"{route.path} is missing in CASES of tests/e2e/test_pages_axe.py")
        if not words.search(looked):
            found.append(f"no test asks who may see {route.path}")
    assert not found, "\n".join(found)


def test_every_field_of_a_scenario_has_its_places() -> None:
    guide = read("docs", "how-to", "writing-scenarios.md")
    fields = {
        f"{model.__name__}.{field.alias or name}"
        for model in models(Scenario)
        for name, field in model.model_fields.items()
    }
    keys = {one: re.escape(one.partition(".")[2]) for one in fields}
    explained = [one for one, key in keys.items() if re.search(rf"[`{{ ]{key}(:|`)|^{key}:", guide, re.M)]
    described = [
        f"{name}.{key}"
        for name, properties in shapes().items()
        for key, field in properties.items()
        if "description" in field or "$ref" in field
    ]
    used: set[str] = set()
    for name in names("scenario"):
        scenario = incident(name)
        again = Scenario.model_validate(parse_yaml(written(scenario).encode(), name).data)
        assert again == scenario, f"what scenarios/generate/write.py writes of {name} reads back as another"
        used |= given(again)
    found = [
        *missing(fields, explained, "docs/how-to/writing-scenarios.md"),
        *missing(fields, described, "the JSON Schema: a docstring below the field"),
        *missing(fields, used, "any incident of the library, so that no round trip tests it", NOT_IN_THE_LIBRARY),
    ]
    assert not found, "\n".join(found)


def models(model: type[Model], known: set[type[Model]] | None = None) -> set[type[Model]]:
    """A model and those inside it."""
    known = set() if known is None else known
    if model not in known:
        known.add(model)
        for field in model.model_fields.values():
            for inner in inside(field.annotation):
                models(inner, known)
    return known


def inside(kind: Any) -> Iterator[type[Model]]:  # noqa: ANN401 - an annotation
    if isinstance(kind, type) and issubclass(kind, Model):
        yield kind
    for part in get_args(kind):
        yield from inside(part)


def given(node: object) -> set[str]:
    """The fields that a scenario sets somewhere."""
    if isinstance(node, Model):
        own = {f"{type(node).__name__}.{type(node).model_fields[name].alias or name}" for name in node.model_fields_set}
        return own.union(*(given(getattr(node, name)) for name in node.model_fields_set))
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return set().union(*(given(one) for one in inner))


def shapes() -> dict[str, dict[str, Any]]:
    """The keys of each object in a scenario's JSON Schema."""
    whole: Any = schema("scenario")
    parts = {"Scenario": whole, **whole["$defs"]}
    return {name: part["properties"] for name, part in parts.items() if "properties" in part}
