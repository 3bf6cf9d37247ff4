"""A small protocol: only what it changes in another one.

It names the other with `like`, calls some roles and severities by other names (`call`), leaves some things out
(`drop`), and states anything else as in a whole protocol. A mapping changes the keys that it names. In a list whose
items have an id, a level or a severity, an item changes the one that has the same, or is added. Anything else takes
the place of what was there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scenarios.problem import LoadError, Problem, nearest
from scenarios.protocol import Like, Protocol
from scenarios.source import Path, Plain, Source

__all__ = ["Nowhere", "Written", "written_out"]

_KEYS = {"roles": "id", "questions": "id", "obligations": "id", "severities": "level", "tables": "severity"}
"""By what the items of these lists are told apart."""
_OWN = ("protocol", *Like.model_fields)


@dataclass(frozen=True)
class Written(Source):
    """A small protocol written out. What it says itself is at its place in the file; the rest is where `like` is."""

    origin: Source | None = field(default=None, repr=False)
    places: Mapping[Path, Path] = field(default_factory=dict, repr=False)
    """For what it says itself: where that stands in its file."""
    top: Path = ()
    """Where the small protocol stands in its file."""

    def _own(self, path: Path) -> Path:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (*self.top, "like"))

    def has(self, path: Path) -> bool:
        """Whether the small protocol says this itself."""
        return path in self.places

    def value_at(self, path: Path) -> tuple[int, int]:
        """Where the value starts, or what made it so."""
        assert self.origin is not None  # noqa: S101 - each is made with one
        return self.origin.value_at(self._own(path))

    def key_at(self, path: Path) -> tuple[int, int]:
        """Where the value's key starts, or what made it so."""
        assert self.origin is not None  # noqa: S101 - each is made with one
        return self.origin.key_at(self._own(path))


@dataclass(frozen=True)
class Nowhere(Source):
    """The file of something whose places are not known any more: it was checked when it was read."""

    def value_at(self, path: Path) -> tuple[int, int]:  # noqa: ARG002 - a source's signature
        """The whole file is meant."""
        return 0, 0

    def key_at(self, path: Path) -> tuple[int, int]:  # noqa: ARG002 - a source's signature
        """The whole file is meant."""
        return 0, 0


def written_out(own: Mapping[str, Plain], name: str, base: Mapping[str, Plain], origin: Source, top: Path) -> Written:
    """A small protocol as a whole one, called `name` unless it says otherwise.

    `own` stands at `top` in its file, and `base` is the whole protocol that it is like. Raises LoadError with what is
    wrong in `call`, `drop` and the keys; the rest is for the model to say.
    """
    problems = list(_wrong(own, base, origin, top))
    if problems:
        raise LoadError(problems)
    made = _without(dict(base), _words(own.get("drop")))
    made |= {"protocol": name, "title": f"{base['title']}, changed", "reads": _reads(base, made)}
    _call(made, own.get("call"))
    places: dict[Path, Path] = {}
    says = {key: value for key, value in own.items() if key not in Like.model_fields}
    whole = _over(made, says, (), top, places)
    assert isinstance(whole, dict)  # noqa: S101 - both are
    return Written(origin.file, origin.text, whole, [], origin.path, origin=origin, places=places, top=top)


def _words(node: Plain) -> list[str]:
    return [str(word) for word in node] if isinstance(node, list) else [] if node is None else [str(node)]


def _items(whole: Mapping[str, Plain], key: str) -> list[dict[str, Plain]]:
    found = whole.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _known(base: Mapping[str, Plain]) -> tuple[list[str], list[str], list[str]]:
    """The roles, severities and obligations of a protocol, as words."""
    roles = [str(role.get("id")) for role in _items(base, "roles")]
    levels = [str(one.get("level")) for one in _items(base, "severities")]
    owed = [str(one.get("id")) for table in _items(base, "tables") for one in _items(table, "obligations")]
    return roles, levels, list(dict.fromkeys(owed))


def _wrong(own: Mapping[str, Plain], base: Mapping[str, Plain], origin: Source, top: Path) -> Iterator[Problem]:
    roles, levels, owed = _known(base)
    keys = [*_OWN, *(name for name in Protocol.model_fields if name != "protocol")]
    for key in own:
        if key not in keys:
            hint = nearest(key, keys) or f"known: {', '.join(keys)}"
            yield Problem(origin.file, *origin.key_at((*top, key)), f"unknown key `{key}`", hint)
    called, dropped = own.get("call"), own.get("drop")
    gone = set(_words(dropped))
    for word in called if isinstance(called, dict) else ():
        if word not in {*roles, *levels} - gone:
            message = f"{own['like']!r} has no role or severity {word!r} to call by another name"
            hint = "it is dropped as well" if word in gone else nearest(word, [*roles, *levels])
            yield Problem(origin.file, *origin.key_at((*top, "call", word)), message, hint)
    for place, word in enumerate(_words(dropped)):
        if word not in (*roles, *levels, *owed):
            message = f"{own['like']!r} has no role, severity or obligation {word!r} to drop"
            path = (*top, "drop", place) if isinstance(dropped, list) else (*top, "drop")
            yield Problem(origin.file, *origin.value_at(path), message, nearest(word, [*roles, *levels, *owed]))


# -- leaving out and renaming ------------------------------------------------------------------------------------------


def _without(base: dict[str, Plain], drop: list[str]) -> dict[str, Plain]:
    """A protocol without some roles, severities and obligations, and without what hangs on them."""
    gone = set(drop)

    def owed(one: dict[str, Plain]) -> bool:
        return not gone & {str(one.get(key)) for key in ("id", "owner", "role")}

    tables: list[Plain] = [
        {
            **table,
            "roles": [role for role in _words(table.get("roles")) if role not in gone],
            "obligations": [one for one in _items(table, "obligations") if owed(one)],
        }
        for table in _items(base, "tables")
        if str(table.get("severity")) not in gone
    ]
    left: dict[str, Plain] = {
        "roles": [role for role in _items(base, "roles") if str(role.get("id")) not in gone],
        "severities": [one for one in _items(base, "severities") if str(one.get("level")) not in gone],
        "tables": tables,
    }
    return {key: value for key, value in (base | left).items() if str(value) not in gone or key not in _SPEAKERS}


_SPEAKERS = ("spokesperson", "solver")


def _reads(base: Mapping[str, Plain], made: Mapping[str, Plain]) -> dict[str, Plain]:
    """How it reads what was written for the other protocol, and for those that the other one reads.

    Nobody does the work of a role that was dropped.
    """
    roles, levels, _ = _known(made)
    before, _, _ = _known(base)
    same: dict[str, Plain] = {
        "severities": {level: int(level) for level in levels if level.isdigit()},
        "roles": {role: [role] if role in roles else [] for role in before},
    }
    found: dict[str, Plain] = {}
    reads = base.get("reads")
    for other, reading in reads.items() if isinstance(reads, dict) else ():
        if not isinstance(reading, dict):
            continue
        means, does = reading.get("severities"), reading.get("roles")
        found[other] = {
            "severities": {one: to for one, to in means.items() if str(to) in {*levels, "0"}}
            if isinstance(means, dict)
            else means,
            "roles": {one: [role for role in _words(to) if role in roles] for one, to in does.items()}
            if isinstance(does, dict)
            else does,
        }
    return {**found, str(base["protocol"]): same}


def _call(made: dict[str, Plain], called: Plain) -> None:
    """Give roles other titles, and severities other names."""
    names = called if isinstance(called, dict) else {}
    for key, ident, what in (("roles", "id", "title"), ("severities", "level", "name")):
        made[key] = [
            {**one, what: names[word]} if (word := str(one.get(ident))) in names else one for one in _items(made, key)
        ]


# -- changing and adding -----------------------------------------------------------------------------------------------


def _over(base: Plain, own: Plain, at: Path, mine: Path, places: dict[Path, Path]) -> Plain:
    """What was there with what the small protocol says in its place; `places` learns where it says so."""
    places[at] = mine
    if isinstance(own, dict):
        made = dict(base) if isinstance(base, dict) else {}
        for key, value in own.items():
            made[key] = _over(made.get(key), value, (*at, key), (*mine, key), places)
        return made
    if not isinstance(own, list):
        return own
    named = isinstance(base, list) and all(isinstance(item, dict) for item in base)
    ident = _KEYS.get(str(at[-1])) if at and named else None
    old = list(base) if ident is not None and isinstance(base, list) else []
    numbers = _numbers(old, own, ident)
    whole: list[Plain] = [None] * (max([len(old) - 1, *numbers[0], *numbers[1]], default=-1) + 1)
    for place, item in zip(numbers[0], old, strict=True):
        whole[place] = item
    for number, (place, item) in enumerate(zip(numbers[1], own, strict=True)):
        whole[place] = _over(whole[place], item, (*at, place), (*mine, number), places)
    return whole


def _numbers(old: list[Plain], own: list[Plain], ident: str | None) -> tuple[list[int], list[int]]:
    """The places of old and of own items in the list that they make together; severities go by their level."""
    named = [_name(item, ident) for item in old]
    order = [*named, *dict.fromkeys(name for item in own if (name := _name(item, ident)) and name not in named)]
    if ident == "level":
        order.sort(key=str)
    behind = iter(range(len(order), len(order) + len(own)))  # what has no name, which the model will complain about
    mine = [order.index(name) if (name := _name(item, ident)) else next(behind) for item in own]
    return [order.index(name) for name in named], mine


def _name(item: Plain, ident: str | None) -> str:
    return str(item.get(ident, "")) if ident is not None and isinstance(item, dict) else ""
