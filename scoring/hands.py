"""Who could have done something when, in a drill as it was: for acts that would have been worth something."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scoring.obligations import Drill
from scoring.role_holders import may_hold
from simulator import events as ev
from simulator.changes import Change, insert, move
from simulator.events import Event

__all__ = ["SECOND", "Hand", "Hands"]

SECOND = 1_000


class Hand(NamedTuple):
    """Somebody who could do something."""

    at: int
    """When, in milliseconds of drill time: as wanted, or as soon after it as they could."""
    who: str
    before: tuple[Change, ...] = ()
    """What they would have to do first."""


class Hands:
    """The members of a drill and from when on each could act. Times are whole seconds of drill time in milliseconds."""

    def __init__(self, drill: Drill, events: Sequence[Event]) -> None:
        self.drill = drill
        self.events = events
        """What the drill's facts were read from."""
        self.facts = drill.facts
        self.commander = drill.facts.protocol.commander
        self.over = drill.facts.response_end
        """When the response was over; what belongs to it has to come before."""
        self._knows: dict[str, int] = {}
        for member, at in self._told():
            self._knows[member] = min(at, self._knows.get(member, at))

    def _told(self) -> Iterator[tuple[str, int]]:
        """Who heard of it when. Who let the report pass on to somebody who alerted was not there before they acted."""
        facts = self.facts
        reports: list[ev.IncidentReported | ev.ReportEscalated] = [
            *facts.all(ev.IncidentReported),
            *facts.all(ev.ReportEscalated),
        ]
        for place, report in enumerate(reports):
            passed_on = facts.alert is not None and any(later.to != report.to for later in reports[place + 1 :])
            yield report.to, max(report.when, self._came_round(report.to)) if passed_on else report.when
        for alert in facts.all(ev.TeamAlerted):
            yield from ((member, alert.when) for member in alert.recipients)
        if facts.alert is not None:
            yield from ((member, max(began.when, facts.alert.when)) for member, began in facts.began.items())
        yield from ((member, event.when) for member, event in facts.joined.items())

    def _came_round(self, member: str) -> int:
        """When somebody first did anything, or the end if never."""
        return min((event.when for event in self.events if event.actor == member), default=self.over)

    def ready(self, member: str, *, in_channel: bool = True) -> int | None:
        """From when on somebody could act, in the channel or at all; None if never. Somebody excused could not."""
        joined = self.facts.joined.get(member)
        at = (joined.when if joined is not None else None) if in_channel else self._knows.get(member)
        out = self.facts.excused.get(member)
        return None if at is None or (out is not None and out <= at + SECOND) else up(at) + SECOND

    def there(self, at: int, *, in_channel: bool = True) -> list[str]:
        """Who could act at a time: whoever then commanded first, then in the team's order."""
        led = self.holders(self.commander, at)
        members = [player.id for player in self.facts.plan.players]
        able = [m for m in members if (ready := self.ready(m, in_channel=in_channel)) is not None and ready <= at]
        out = self.facts.excused
        return sorted((m for m in able if out.get(m, at + 1) > at), key=lambda member: member not in led)

    def holders(self, role: str | None, at: int) -> list[str]:
        """Who held a role."""
        return [] if role is None else self.drill.roles.holders(role, at)

    def somebody(
        self, at: int, role: str | None = None, *, in_channel: bool = True, able: Sequence[str] | None = None
    ) -> Hand:
        """Who could do something at a time or soonest after it: the holder of a role, or else whoever is there.

        `able` are those who may do it, if not everybody may.
        """
        there = [m for m in self.there(at, in_channel=in_channel) if able is None or m in able]
        held = [member for member in self.holders(role, at) if member in there]
        if held or there:
            return Hand(at, (held or there)[0])
        return self._first(at, in_channel=in_channel, able=able)

    def _first(self, at: int, *, in_channel: bool, able: Sequence[str] | None) -> Hand:
        """If nobody is there in time: whoever heard of it first, who has to come into the channel for it."""
        out = self.facts.excused
        heard = [member for member, since in self._knows.items() if out.get(member, since + 1) > since]
        heard = [member for member in heard if able is None or member in able] or heard
        first = min(heard, key=self._knows.__getitem__, default=self.facts.plan.first_responder)
        could = max(at, up(self._knows.get(first, self.facts.report)) + 2 * SECOND)
        if not in_channel:
            return Hand(could, first)
        return Hand(could, first, tuple(self.coming(first, could - SECOND)))

    def coming(self, member: str, at: int) -> list[Change]:
        """What brings a member into the channel by a time."""
        joined = self.facts.joined.get(member)
        if joined is None:
            return [insert(at, member, "/join")]
        return [move(joined.seq, at)] if joined.when > at else []

    def could(self, member: str | None, at: int, *, in_channel: bool = True) -> bool:
        """Whether somebody could act at a time."""
        ready = self.ready(member or "", in_channel=in_channel)
        return ready is not None and ready <= at

    def able(self, role: str) -> list[str]:
        """Who may take a role and was there; who prefers it first."""
        facts = self.facts
        here = [one for one in facts.plan.players if facts.on_duty_from(one.id) is not None]
        players = [one for one in here if may_hold(one, role) and one.id not in facts.excused]
        return [player.id for player in sorted(players, key=lambda player: player.prefers != role)]

    def sooner(self, event: Event, at: int, line: str, *, in_channel: bool = True) -> list[Change]:
        """An act that came too late, at the time when it was due: by the same person, or by somebody who was there."""
        if self.could(event.actor, at, in_channel=in_channel):
            return [move(event.seq, at)]
        hand = self.somebody(at, in_channel=in_channel)
        if hand.at >= event.when:
            return []
        return [*hand.before, insert(hand.at, hand.who, line)]

    def leader(self, at: int) -> Hand:
        """Who commanded at a time; if nobody did, whoever took the role next takes it for it, or else somebody there.

        It is theirs, so that nobody else's acts as commander fall away.
        """
        led = [member for member in self.holders(self.commander, at) if self.could(member, at, in_channel=False)]
        if led:
            return Hand(at, led[0])
        taken = next(
            (one for one in self.facts.during(ev.RoleTaken) if one.role == self.commander and one.when > at), None
        )
        ready = None if taken is None or taken.actor is None else self.ready(taken.actor)
        if taken is not None and taken.actor is not None and ready is not None:
            since = min(max(at - SECOND, ready), taken.when)
            return Hand(max(at, since + SECOND), taken.actor, () if since == taken.when else (move(taken.seq, since),))
        hand = self.somebody(at, able=self.able(self.commander))
        role = insert(max(hand.at - SECOND, 0), hand.who, f"/role {self.commander}")
        return hand._replace(before=(*(change._replace(at=change.at - SECOND) for change in hand.before), role))

    def works(self, tool: str, at: int) -> bool:
        """Whether a tool could be used at a time."""
        changes = [one for one in self.facts.all(ev.ToolChanged) if one.tool == tool and one.when <= at]
        return not changes or changes[-1].works

    def added(self, at: int, line: str, role: str | None = None, *, in_channel: bool = True) -> list[Change]:
        """An act that nobody did."""
        hand = self.somebody(at, role, in_channel=in_channel)
        return [*hand.before, insert(hand.at, hand.who, line)]


def up(at: int) -> int:
    """The next whole second."""
    return -(-at // SECOND) * SECOND


def down(at: float) -> int:
    """The last whole second."""
    return int(at) // SECOND * SECOND


def every(since: int, until: int, step: int) -> Iterable[int]:
    """Times from one on, a step apart, before another."""
    return range(up(since), until, max(SECOND, down(step)))
