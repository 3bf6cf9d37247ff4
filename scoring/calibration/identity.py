"""To what a calibration belongs: a hash of all that players and score read of a scenario, and of nothing else.

Words are left out, whether there are any is not: nobody's score depends on what a text says. Ids stay in, because every
draw is keyed by them. What is not set is left out, so that a new key that nobody uses changes nothing.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any, get_args

import msgspec
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from scenarios.base import harmless
from scoring.calibration import VERSION
from scoring.calibration.counts import PROFILES, SIZES
from scoring.scorecard import RULES
from simulator.plan import DRAWN, DrillPlan
from simulator.players.profiles import FIGURES, LATENCIES, ON_CALL

__all__ = ["UNREAD", "identity", "read_of"]

UNREAD: Mapping[str, frozenset[str]] = {
    "Scenario": frozenset({"tags", "teaches", "length", "difficulty", "suits", "source", "begins", "guide"}),
    "Report": frozenset({"attach"}),
    "Action": frozenset({"also", "attach"}),
    "Inject": frozenset({"objective", "attach"}),
    "Signal": frozenset({"title", "unit"}),
    "Outsider": frozenset({"knows"}),
    "Protocol": frozenset({"process", "papers", "post_mortem", "reads"}),
    "Severity": frozenset({"name", "means", "response", "examples", "demands"}),
    "Role": frozenset({"responsible_for"}),
    "Obligation": frozenset({"because"}),
    "Procedure": frozenset({"link"}),
    "Step": frozenset({"expect", "otherwise", "link"}),
    "Rubric": frozenset({"version", "ratings"}),
}
"""What neither players nor score read, beside words: what helps people to choose, to lead and to understand."""
_NAMES = {("Action", "runbook")}
"""Lines that are names."""


def identity(plan: DrillPlan) -> str:
    """The hash of what a calibration of the plan's scenario depends on. Who plays and which seed do not matter."""
    parts = {
        "version": VERSION,
        "rules": RULES,
        "drawn": DRAWN,
        "profiles": [list(PROFILES), list(SIZES), [[one.name, *one.values] for one in FIGURES], LATENCIES, ON_CALL],
        "scenario": read_of(plan.scenario),
        "protocol": read_of(plan.protocol),
        "runbooks": {one.runbook: read_of(one) for one in plan.runbooks},
        "rubric": read_of(plan.rubric),
    }
    return sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()


def read_of(model: BaseModel) -> dict[str, Any]:
    """What players and score read of something authored, as plain data."""
    found: dict[str, Any] = {}
    for name, field, words in _fields(type(model)):
        value = getattr(model, name)
        if value is not None and not _is_default(field, value):
            found[name] = _plain(value, words=words)
    return found


@cache
def _fields(kind: type[BaseModel]) -> list[tuple[str, FieldInfo, bool]]:
    """The fields that are read, each with whether it holds words."""
    unread = UNREAD.get(kind.__name__, frozenset())
    return [
        (name, field, (kind.__name__, name) not in _NAMES and _are_words(field))
        for name, field in kind.model_fields.items()
        if name not in unread
    ]


def _is_default(field: FieldInfo, value: object) -> bool:
    return not field.is_required() and bool(field.get_default(call_default_factory=False) == value)


def _plain(value: object, *, words: bool) -> Any:  # noqa: ANN401 - plain data of any shape
    if isinstance(value, BaseModel):
        return read_of(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one, words=words) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, words=words) for one in value]
    return True if words and isinstance(value, str) else value


def _are_words(field: FieldInfo) -> bool:
    """Whether a field holds texts that people read. What may be a number too is none."""
    kinds = list(_inside(field.annotation))
    if any(kind in (int, float) for kind in kinds):
        return False
    return any(_is_harmless(one) for one in (*field.metadata, *kinds))


def _inside(annotation: object) -> Any:  # noqa: ANN401 - an annotation and its metadata, whatever they are
    yield annotation
    for one in get_args(annotation):
        yield from _inside(one)


def _is_harmless(one: object) -> bool:
    return isinstance(one, AfterValidator) and one.func is harmless
