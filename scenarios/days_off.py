"""Public holidays, by country and region, and how far into the future they are known."""

import re
import warnings
from collections.abc import Iterable
from datetime import date
from functools import cache

from scenarios.civil import day
from scenarios.problem import nearest

__all__ = ["check_place", "days_off", "known_until"]

_PLACE = re.compile(r"([A-Z]{2,3})(?:-([A-Za-z0-9-]{1,10}))?", re.ASCII)
_LAST = 2199


def check_place(name: str) -> None:
    """Whether something is a day, or a place whose holidays are known, such as DE or US-IL. Raises ValueError."""
    if name[:1].isdigit():
        day(name)
        return
    found = _PLACE.fullmatch(name)
    places = _places()
    if found is None or found[1] not in places:
        close = nearest(name.upper(), sorted(places)) if found is None else ""
        raise ValueError(
            f"{name!r} is no country whose holidays are known; write its two letters, such as DE"
            + (f" ({close})" if close else "")
        )
    if found[2] is not None and found[2] not in places[found[1]]:
        known = ", ".join(places[found[1]][:8])
        raise ValueError(f"{found[1]} has no region {found[2]!r}" + (f"; there are {known}, …" if known else ""))


@cache
def _places() -> dict[str, list[str]]:
    import holidays  # slow to import, and most schedules name none

    return {name: [str(one) for one in parts] for name, parts in holidays.list_supported_countries().items()}


def known_until(name: str) -> int:
    """The last year for which a place's holidays are known."""
    if name[:1].isdigit():
        return _LAST
    import holidays

    country, _, region = name.partition("-")
    return min(_LAST, int(holidays.country_holidays(country, subdiv=region or None).end_year))


def days_off(names: Iterable[str], year: int) -> dict[date, str]:
    """The holidays of a year with their names; one that has to be observed first says that it is estimated."""
    found: dict[date, str] = {}
    for name in names:
        for at, said in _of(name, year).items():
            found.setdefault(at, said)
    return found


@cache
def _of(name: str, year: int) -> dict[date, str]:
    if name[:1].isdigit():
        at = day(name)
        return {at: "a day without drills"} if at.year == year else {}
    import holidays

    country, _, region = name.partition("-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a year lies beyond what is known is said by `known_until`
        made = holidays.country_holidays(country, subdiv=region or None, years=year)
        return {at: str(said) for at, said in made.items()}
