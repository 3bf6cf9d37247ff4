"""A scenario in a company's own names: they take their places in all its texts, once, before a drill is planned."""

from collections.abc import Mapping
from typing import TypeVar

from scenarios.base import Model
from scenarios.names import Names
from scenarios.placeholders import fill
from scenarios.runbook import Runbook
from scenarios.scenario import Scenario
from scenarios.source import Plain

__all__ = ["linked", "renamed"]

M = TypeVar("M", bound=Model)


def renamed(scenario: Scenario, values: Mapping[str, str]) -> Scenario:
    """The scenario with a company's names in the places of `{company}`, `{service_login}` and the like."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    return Scenario.model_validate(_filled(data, values))


def linked(runbook: Runbook, names: Names) -> Runbook:
    """The runbook with links to the company's real pages, where the names tell them."""
    procedures = [
        procedure.model_copy(update={"link": names.runbooks.get(f"{runbook.runbook}/{procedure.id}", procedure.link)})
        for procedure in runbook.procedures
    ]
    return runbook.model_copy(update={"procedures": procedures})


def _filled(node: Plain, values: Mapping[str, str]) -> Plain:
    if isinstance(node, str):
        return fill(node, values)
    if isinstance(node, dict):
        return {key: _filled(inner, values) for key, inner in node.items()}
    if isinstance(node, list):
        return [_filled(inner, values) for inner in node]
    return node
