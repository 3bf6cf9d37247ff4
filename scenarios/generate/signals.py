"""The signals of an incident: what shows the harm, what tells the cause, and what stays flat and rules it out."""

from typing import NamedTuple, Protocol

from scenarios.base import format_duration
from scenarios.generate import models
from scenarios.generate.company import SERVICES
from scenarios.generate.draft import Draft, Node
from scenarios.generate.draws import Dice

__all__ = ["Drawn", "Teller", "between", "drawn_gauges", "levels", "signals_of"]

_NEIGHBOURS = ("booking", "login", "checkout", "search", "web", "api", "mail", "storage", "queue", "billing")
_TICKETS = models.Gauge.model_validate(
    {
        "title": "Tickets in {team_support}",
        "unit": "per 5 min",
        "normal": [1, 3],
        "incident": [17, 29],
        "noise": "12%",
        "onset": "5m",
        "recovery": "8m",
        "starts": "1m",
    }
)


class Drawn(NamedTuple):
    """A signal whose levels are drawn."""

    gauge: models.Gauge
    normal: float
    incident: float
    varies: bool
    """Whether its level in the incident is the share of attempts that fail, which is drawn when the drill begins."""
    loud: float
    """The factor on its noise."""


def drawn_gauges(draft: Draft) -> dict[str, Drawn]:
    """The signals by name, the one that matters most first."""
    found = {name: _drawn(draft, name, gauge) for name, gauge in draft.manner.signals.items()}
    told = list(draft.fault.signals.items())
    if draft.difficulty == "hard":
        told = draft.dice.shuffled("told", told)[:1]
    found.update({name: _drawn(draft, name, gauge) for name, gauge in told if name not in found})
    room = 6 - len(found)
    for name, gauge in _neighbours(draft, found)[: max(1, room - 1)]:
        found.setdefault(name, _drawn(draft, name, gauge))
    if draft.harm.customers is not None and len(found) < 6:
        found["tickets"] = _drawn(draft, "tickets", _TICKETS)
    return found


class Teller(Protocol):
    """Fills the slots of a text."""

    def say(self, text: str, key: str) -> str:
        """The text with its slots filled."""


def signals_of(teller: Teller, drawn: dict[str, Drawn]) -> dict[str, Node]:
    """The signals as the scenario's file has them."""
    found: dict[str, Node] = {}
    for name, one in drawn.items():
        gauge = one.gauge
        signal: dict[str, Node] = {"title": teller.say(gauge.title, f"signal {name}")}
        if gauge.unit:
            signal["unit"] = gauge.unit
        signal |= {"normal": _tidy(one.normal), "incident": "{error_rate}" if one.varies else _tidy(one.incident)}
        if gauge.noise:
            signal["noise"] = f"{max(1, round(gauge.noise * one.loud * 100))}%"
        for key, value in (("onset", gauge.onset), ("recovery", gauge.recovery), ("starts", gauge.starts)):
            if value:
                signal[key] = format_duration(value)
        found[name] = signal
    return found


def levels(dice: Dice, drawn: dict[str, Drawn], act: models.Act) -> dict[str, Node]:
    """Where an act that eases or worsens leaves each signal."""
    found: dict[str, Node] = {}
    for name, one in drawn.items():
        if name in act.signals:
            found[name] = act.signals[name]
            continue
        stray = 0.85 + 0.3 * dice.share(f"felt {act.id} {name}")
        level = one.normal + (one.incident - one.normal) * act.felt * stray
        if act.felt > 1 and abs(level - one.normal) < abs(one.incident - one.normal):
            level = one.incident
        level = min(level, 100.0) if one.gauge.unit == "%" else level
        found[name] = _tidy(max(0.0, level))
    return found


def _neighbours(draft: Draft, taken: dict[str, Drawn]) -> list[tuple[str, models.Gauge]]:
    """Figures of other services: of one that suffers with it, if any does, and of one that is well."""
    others = [name for name in draft.dice.shuffled("neighbours", _NEIGHBOURS) if name != draft.service]
    suffering = [name for name in others if draft.suffers(name)]
    well = [name for name in others if not draft.suffers(name)]
    found = []
    for name in [*suffering[:1], *well[:1]]:
        vital = SERVICES[name].vital
        if vital is not None and vital.name not in taken:
            touched = name in suffering
            gauge = models.Gauge.model_validate(
                {
                    "title": f"{vital.title}",
                    "unit": vital.unit,
                    "normal": vital.well,
                    "incident": vital.touched if touched else "same",
                    "noise": vital.noise,
                    **({"onset": "90s", "recovery": "2m"} if touched else {}),
                }
            )
            found.append((vital.name, gauge))
    return found


def _drawn(draft: Draft, name: str, gauge: models.Gauge) -> Drawn:
    normal = between(draft.dice, f"normal {name}", gauge.normal)
    varies, rest = gauge.incident == "rate", 1 - draft.rate / 100
    if gauge.incident == "rate":
        incident = float(draft.rate)
    elif gauge.incident == "rest":
        incident = normal * rest
    elif gauge.incident == "same":
        incident = normal
    else:
        incident = between(draft.dice, f"incident {name}", gauge.incident)
    loud = {"easy": 0.7, "medium": 1.0, "hard": 1.5}[draft.difficulty]
    return Drawn(gauge, normal, incident, varies, loud)


def between(dice: Dice, key: str, given: float | int | list[float | int]) -> float:
    """A level that is given, or drawn from its range."""
    if not isinstance(given, list):
        return float(given)
    low, high = given
    return low + dice.share(key) * (high - low)


def _tidy(level: float) -> float | int:
    """A level as people write it: 64 and not 63.87, but 0.4 and not 0."""
    if level >= 20 or float(level).is_integer():
        return round(level)
    return round(level, 1) if level >= 1 else round(level, 2)
