"""Who held which role when, and how well the required roles were covered at each instant."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from scoring.facts import Facts
from simulator import events as ev
from simulator.events import Event
from simulator.plan import Player

__all__ = ["Coverage", "Roles", "Stretch", "Tenure", "distinct_holders", "joined", "may_hold", "shares_over"]


class Tenure(NamedTuple):
    """One member's time in one role, in milliseconds of drill time."""

    member: str
    since: int
    until: int | None
    """None while they still hold it."""
    seq: int
    """The event that began it."""

    def at(self, instant: int) -> bool:
        """Whether it includes an instant; its first one does count, its last does not."""
        return self.since <= instant and (self.until is None or instant < self.until)


class Coverage(NamedTuple):
    """How well roles were covered over a stretch of time."""

    reached: float
    """0 to 1: share of what the team's size allowed."""
    allowed: float
    """0 to 1: what the team's size allowed, of every role held by a different person."""
    gaps: dict[str, list[tuple[int, int]]]
    """For each role, the stretches in which nobody held it."""
    doubled: int
    """Milliseconds in which one person held several roles although another could have taken one."""
    required: dict[str, int]
    """For how many milliseconds each role had to be held."""


Stretch = tuple[list[str], int, int]
"""Roles, and from when to when they had to be held."""


def joined(parts: Sequence[Coverage]) -> Coverage:
    """The coverage of several stretches that follow each other as one, each by its length."""
    lengths = [max(part.required.values()) for part in parts]
    weights = lengths if any(lengths) else None  # if nobody could hold a role at any time, all are 0
    gaps: dict[str, list[tuple[int, int]]] = {}
    required: dict[str, int] = {}
    for part in parts:
        for role, length in part.required.items():
            required[role] = required.get(role, 0) + length
            for start, stop in part.gaps[role]:
                _extend(gaps.setdefault(role, []), start, stop)
            gaps.setdefault(role, [])
    return Coverage(
        reached=fmean([part.reached for part in parts], weights),
        allowed=fmean([part.allowed for part in parts], weights),
        gaps=gaps,
        doubled=sum(part.doubled for part in parts),
        required=required,
    )


class Roles:
    """The tenures of a drill."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.players = {player.id: player for player in facts.plan.players}
        self.tenures: dict[str, list[Tenure]] = defaultdict(list)
        self.watch: list[Tenure] = []
        """Who had the report: the last of those still in whom it had reached."""
        self.over: dict[str, tuple[list[Stretch], Coverage | None]] = {}
        """For each obligation that was asked about: the roles owed from when to when, and how they were covered."""
        self._known: dict[tuple[tuple[str, ...], int, int], Coverage] = {}
        self._bests: dict[tuple[tuple[str, ...], frozenset[str]], int] = {}
        self._read()
        self._pass_on()

    def _read(self) -> None:
        kinds: tuple[type[Event], ...] = (ev.RoleTaken, ev.RoleReleased, ev.RoleHandedOver, ev.MemberExcused)
        changes = [event for kind in kinds for event in self._facts.all(kind)]
        changes.sort(key=lambda event: (event.when, event.seq))
        for event in changes:
            if isinstance(event, ev.RoleTaken):
                self._open(event.role, event.actor, event)
            elif isinstance(event, ev.RoleReleased):
                self._close(event.role, event.actor, event.when)
            elif isinstance(event, ev.RoleHandedOver):
                self._close(event.role, event.giver, event.when)
                self._open(event.role, event.actor, event)
            elif isinstance(event, ev.MemberExcused):
                for role in self.tenures:
                    self._close(role, event.member, event.when)

    def _pass_on(self) -> None:
        told: list[str] = []
        out: set[str] = set()
        kinds: tuple[type[Event], ...] = (ev.IncidentReported, ev.ReportEscalated, ev.MemberExcused)
        for event in sorted(
            (one for kind in kinds for one in self._facts.all(kind)), key=lambda one: (one.when, one.seq)
        ):
            if isinstance(event, ev.MemberExcused):
                out.add(event.member)
            elif isinstance(event, ev.IncidentReported | ev.ReportEscalated):
                told.append(event.to)
            has = next((member for member in reversed(told) if member not in out), None)
            if self.watch and self.watch[-1].until is None and self.watch[-1].member != has:
                self.watch[-1] = self.watch[-1]._replace(until=event.when)
            if has is not None and (not self.watch or self.watch[-1].until is not None):
                self.watch.append(Tenure(has, event.when, None, event.seq))

    def _open(self, role: str, member: str | None, event: Event) -> None:
        player = self.players.get(member or "")
        open_already = any(one.member == member and one.until is None for one in self.tenures[role])
        if player is not None and may_hold(player, role) and not open_already:
            self.tenures[role].append(Tenure(player.id, event.when, None, event.seq))

    def _close(self, role: str, member: str | None, at: int) -> None:
        held = self.tenures[role]
        for place, one in enumerate(held):
            if one.member == member and one.until is None:
                held[place] = one._replace(until=at)

    def first(self, role: str) -> Tenure | None:
        """The first time that somebody who may hold the role held it."""
        return next(iter(self.tenures.get(role, ())), None)

    def holders(self, role: str, at: int) -> list[str]:
        """Who held the role at an instant."""
        held = self.tenures.get(role, ())
        return [one.member for one in held if one.since <= at and (one.until is None or at < one.until)]

    def holds(self, member: str | None, role: str, at: int) -> bool:
        """Whether a member held the role at an instant."""
        return member is not None and member in self.holders(role, at)

    def stated(self, member: str, since: int) -> Tenure | None:
        """The first role that a member took at or after an instant."""
        first: Tenure | None = None
        for held in self.tenures.values():
            for one in held:
                if one.member == member and one.since >= since and (first is None or one.since < first.since):
                    first = one
        return first

    def coverage(self, roles: Sequence[str], since: int, until: int) -> Coverage:
        """The coverage of the demanded roles over a stretch, computed once."""
        key = (tuple(roles), since, until)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._coverage(roles, since, until)
        return found

    def _coverage(self, roles: Sequence[str], since: int, until: int) -> Coverage:
        """At the last instant if the stretch is empty.

        At each instant it is (roles held + the most of them that distinct people hold) / 2, divided by the most that
        the people who could be expected to act could have reached; over time it is the exact mean, without the time in
        which nobody could. A role is held no longer than the response lasted.
        """
        over = self._facts.response_end
        if since >= until:
            since, until = max(until - 1, 0), max(until, 1)
        edges = {since, until}
        for role in roles:
            for one in self.tenures.get(role, ()):
                edges.update((one.since, min(over, until if one.until is None else one.until)))
        edges.update(self._facts.left.values())
        edges.update(event.when for event in self._facts.began.values())
        times = sorted(edge for edge in edges if since <= edge <= until)
        reached, allowed, doubled, length = 0.0, 0.0, 0, until - since
        gaps: dict[str, list[tuple[int, int]]] = {role: [] for role in roles}
        for start, stop in pairwise(times):
            held = {role: self.holders(role, start) if start < over else [] for role in roles}
            best = self._best(roles, start)
            if not best:
                length -= stop - start
                continue
            got = _held(held) + distinct_holders(held)
            reached += got / best * (stop - start)
            allowed += best / (2 * len(roles)) * (stop - start)
            doubled += stop - start if got < best and _held(held) == len(roles) else 0
            for role in roles:
                if not held[role]:
                    _extend(gaps[role], start, stop)
        whole = length or 1  # then nothing was reached or allowed
        return Coverage(reached / whole, allowed / whole, gaps, doubled, dict.fromkeys(roles, length))

    def _away(self, at: int) -> Iterator[str]:
        """Who was excused at an instant, or not on duty yet."""
        yield from (member for member, since in self._facts.left.items() if since <= at)
        for player in self._facts.plan.players:
            began = self._facts.on_duty_from(player.id)
            if began is None or began > at:
                yield player.id

    def _best(self, roles: Sequence[str], at: int) -> int:
        """The most that the members who are on duty could reach, computed once for the same members."""
        gone = frozenset(self._away(at))
        key = (tuple(roles), gone)
        found = self._bests.get(key)
        if found is None:
            there = [player for player in self._facts.plan.players if player.id not in gone]
            could = {role: [player.id for player in there if may_hold(player, role)] for role in roles}
            found = self._bests[key] = _held(could) + distinct_holders(could)
        return found


def shares_over(tenures: Sequence[Tenure], stretches: Sequence[tuple[int, int]]) -> dict[str, float]:
    """What part of some stretches of time each member held something; those who held it at once share that time.

    The shares add up to less than 1 if nobody held it for a while.
    """
    shares: dict[str, float] = {}
    whole = sum(stop - start for start, stop in stretches)
    for start, stop in stretches if whole > 0 else ():
        changes = (at for one in tenures for at in (one.since, one.until) if at is not None and start < at < stop)
        for since, until in pairwise(sorted({start, stop, *changes})):
            holders = {one.member for one in tenures if one.at(since)}
            for member in holders:
                shares[member] = shares.get(member, 0.0) + (until - since) / whole / len(holders)
    return shares


def may_hold(player: Player, role: str) -> bool:
    """Whether a member may take a role."""
    return player.roles is None or role in player.roles


def _held(holders: Mapping[str, Collection[str]]) -> int:
    return sum(1 for members in holders.values() if members)


def _extend(gaps: list[tuple[int, int]], start: int, stop: int) -> None:
    if gaps and gaps[-1][1] == start:
        gaps[-1] = (gaps[-1][0], stop)
    else:
        gaps.append((start, stop))


def distinct_holders(holders: Mapping[str, Collection[str]]) -> int:
    """The most roles that can be given to different people among their holders: a maximum bipartite matching.

    Each role looks for a holder of its own; one that is taken is freed if its role finds another (an augmenting path).
    """
    given: dict[str, str] = {}

    def place(role: str, tried: set[str]) -> bool:
        for member in holders[role]:
            if member not in tried:
                tried.add(member)
                if member not in given or place(given[member], tried):
                    given[member] = role
                    return True
        return False

    return sum(place(role, set()) for role in holders)
