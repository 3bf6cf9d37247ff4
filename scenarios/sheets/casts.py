"""The protocol that a sheet is written for, and what its roles may be called there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scenarios.inject import FACILITATOR, GROUPS
from scenarios.load import load_protocol
from scenarios.lookup import own_files
from scenarios.problem import LoadError
from scenarios.protocol import Protocol
from scenarios.sheets.roles import ROLES, THEMSELVES, parts_of, plain

__all__ = ["STANDARD", "RoleNames", "role_names"]

STANDARD = "officeluv"
"""The protocol of a scenario that names none; it has the roles that are known by many names."""


@dataclass(frozen=True)
class RoleNames:
    """A protocol's roles, and by which words they are known."""

    protocol: str = STANDARD
    """The protocol, as a scenario names it."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Roles by their titles and ids, in plain words."""
    stand_ins: Mapping[str, str] = field(default_factory=lambda: THEMSELVES)
    """What is meant by each role of the standard protocol, and by each group."""

    @property
    def known(self) -> list[str]:
        """Whom an inject can go to under this protocol."""
        return list(dict.fromkeys([*self.titles.values(), *self.stand_ins.values()]))


def role_names(wanted: str | None, cells: Iterable[str]) -> RoleNames:
    """The roles of the protocol `wanted`; without one, of whichever of ours the recipients in `cells` belong to.

    That is the workspace's protocol whose titles and ids are found most often; if none is, the standard one. Raises
    LoadError if the protocol that is wanted cannot be loaded.
    """
    if wanted is not None:
        return _of(load_protocol(wanted), wanted)
    said = [plain(part) for cell in cells for part in (cell, *parts_of(cell))]
    best, most = RoleNames(), 0
    for name in own_files("protocol"):
        try:
            found = _of(load_protocol(name), name)
        except LoadError:
            continue  # lint says what is wrong with it
        count = sum(words in found.titles and words not in ROLES for words in said)
        if count > most:
            best, most = found, count
    return best


def _of(protocol: Protocol, name: str) -> RoleNames:
    roles = {role.id for role in protocol.roles}
    titles = {plain(words): role.id for role in protocol.roles for words in (role.title, role.id)}
    chief = {
        "incident_commander": protocol.commander,
        "solutioneer": protocol.solver,
        "communications": protocol.spokesperson,
    }
    same = {role: role for role in ROLES if role in (*roles, *GROUPS, FACILITATOR)}
    return RoleNames(name, titles, {**{role: own for role, own in chief.items() if own is not None}, **same})
